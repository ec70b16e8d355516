"""The terminal."""

from __future__ import annotations

import io
import sys

import pytest

from solver.app import console


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("süd 東", "süd 東"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\x07\x9b\u202e", "\\x07\\x9b\\u202e"),
        ("[bold]no markup[/bold]", "[bold]no markup[/bold]"),
        (":smile:", ":smile:"),
    ],
)
def test_text_from_data_cannot_steer_the_terminal(text: str, shown: str) -> None:
    assert console.inert(text).plain == shown


def test_data_in_tables_is_inert_too(capsys: pytest.CaptureFixture[str]) -> None:
    made = console.table("A", "B", numbers=("B",))
    console.add(made, "\x1b[31m[bold]x", 12)
    console.output().print(made)
    assert capsys.readouterr().out.split() == ["A", "B", "\\x1b[31m[bold]x", "12"]


def test_lines_are_as_long_as_they_are_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    console.output().print(console.inert("word " * 100))
    assert len(capsys.readouterr().out.splitlines()) == 1


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_only_on_a_terminal_and_only_if_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(stream: io.StringIO) -> str:
        monkeypatch.setattr(sys, "stderr", stream)
        with console.Steps(2) as steps:
            steps("Asn_First")
            steps("Asn_Second")
        return stream.getvalue()

    assert shown(Terminal()) == ""
    monkeypatch.setattr(console, "_PATIENCE", -1.0)
    assert shown(io.StringIO()) == ""
    monkeypatch.setenv("TERM", "xterm")
    assert "Asn_Second" in shown(Terminal())
