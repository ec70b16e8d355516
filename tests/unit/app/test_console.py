"""The terminal."""

from __future__ import annotations

import io
import re
import sys

import pytest

from solver.app import console
from solver.words import inert


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
    assert inert(text) == shown


def test_data_in_tables_is_inert_too(capsys: pytest.CaptureFixture[str]) -> None:
    console.show(console.Table("A", "B", rows=[("\x1b[31m[bold]x", 12)]))
    assert capsys.readouterr().out.split() == ["A", "B", "\\x1b[31m[bold]x", "12"]


def test_lines_are_as_long_as_they_are_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    console.show("word " * 100)
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_columns_count_in_a_pipe_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    console.show("word " * 20, console.Table("A", "B", rows=[("x " * 30, "y")]))
    console.show_advice("word " * 20)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 6
    assert max(map(len, lines)) <= 40


def test_no_name_is_broken_or_cut_however_narrow_the_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "jw01234001001_02101_00001_mirimage_cal.fits"
    monkeypatch.setenv("COLUMNS", "40")
    console.show(f"a line with {name}", console.Table("Name", "Text", "Count", rows=[(name, "x " * 9 + name, 12_345)]))
    console.show_advice(f"an advice about {name}")
    assert capsys.readouterr().out.split().count(name) == 4


def test_numbers_are_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    console.show(console.Table("A", "Count", rows=[("x", 1), ("long", 12_000)]))
    assert capsys.readouterr().out.splitlines() == ["A      Count  ", "x          1  ", "long  12,000  "]


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        ("80", ["a word to say; add --background o002"]),
        ("30", ["a word to say;", "    add --background o002"]),
        ("10", ["a word to", "say;", "    add --background o002"]),
    ],
)
def test_what_to_do_stays_on_one_line(
    columns: str, shown: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    console.show_advice("a word to say;", "add --background o002")
    assert capsys.readouterr().out.splitlines() == shown


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a run shows that is done with a part, and is at the second rule of two of another part."""
    monkeypatch.setattr(sys, "stderr", stream)
    with console.Progress() as progress:
        with progress.part(0.5, exposures=1_000):
            pass
        console.warn("a line \x1b[31m")
        progress.step("Asn_First", 0.2)
        progress.step("Asn_Second", 0.2)
    return stream.getvalue()


def test_progress_is_shown_only_on_a_terminal_and_only_if_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(Terminal(), monkeypatch) == "a line \\x1b[31m\n"
    monkeypatch.setattr(console, "_PATIENCE", -1.0)
    assert shown(io.StringIO(), monkeypatch) == "a line \\x1b[31m\n"


def test_progress_has_a_rate_and_the_time_left_and_lets_lines_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "_PATIENCE", -1.0)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    text = shown(Terminal(), monkeypatch)
    assert re.search(r" 70%.* [\d,]+ exposures/s .*-?:.*Asn_Second", text)
    assert "a line \\x1b[31m\n" in text


def test_a_long_message_keeps_its_beginning_and_its_end() -> None:
    assert console.message("a.csv: \x1b wrong") == "a.csv: \\x1b wrong"
    shown = console.message("a.csv: " + "x" * 100_000_000 + "; do this")
    assert len(shown) < 2000
    assert shown.startswith("a.csv: xxx")
    assert "… 99,998,516 characters …" in shown
    assert shown.endswith("xxx; do this")
