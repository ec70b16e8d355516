"""The command `asnsolve report`."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from rules import MISSION
from solver import Pool, generate
from solver.app.cli import main
from solver.reports import contents_of, page
from solver.reports.reasons import explained
from solver.words import plural


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def error(capsys: pytest.CaptureFixture[str]) -> str:
    """The message on standard error, which has to be one line, with nothing on standard output."""
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("asnsolve report: error: ")
    assert printed.err.count("\n") == 1
    return printed.err.removeprefix("asnsolve report: error: ").rstrip("\n")


def test_a_report(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "pool.csv"]) == 0
    made = "9 associations from 6 exposures\n1 exposure in no association\n"
    assert capsys.readouterr() == (f"{made}written to {folder / 'report.html'} (0.1 MB)\n", "")
    assert names(folder) == {"pool.csv", "report.html"}
    pool = Pool.read("pool.csv")
    result = generate(pool)
    contents = contents_of(pool, result, MISSION, why=explained(pool, result, MISSION))
    assert (folder / "report.html").read_text(encoding="utf-8") == page(contents)


def test_with_figures(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    assert main(["report", "pool.csv", "-o", "r.html", "--png", "r.png", "--svg", "r.svg"]) == 0
    written = re.findall(r"written to (.*) \(", capsys.readouterr().out)
    assert written == [str(folder / name) for name in ("r.html", "r.png", "r.svg")]
    assert (folder / "r.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (folder / "r.svg").read_text(encoding="utf-8")


#: options, and the associations that the report is about
CHOICES = {"--level 3": 4, "--level 2": 5, "-i c1000": 1, "--discover": 2, "--all-candidates": 9}


@pytest.mark.parametrize("options", CHOICES)
def test_what_is_solved_is_chosen_as_in_generate(
    options: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del folder
    assert main(["report", "pool.csv", *options.split()]) == 0
    assert capsys.readouterr().out.startswith(f"{plural(CHOICES[options], 'association')} from 6 exposures\n")
    assert main(["generate", "pool.csv", "--dry-run", *options.split()]) == 0
    those = {"-i c1000": "the 5 exposures of c1000"}.get(options, "6 exposures")
    assert f"{plural(CHOICES[options], 'association')} from {those} in " in capsys.readouterr().out


def test_without_matplotlib_a_figure_is_refused_before_any_work(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "matplotlib" else find(name))
    assert main(["report", "pool.csv", "--png", "r.png"]) == 2
    assert error(capsys) == "a figure needs matplotlib, which is not installed; run: pip install 'asnsolve[figures]'"
    assert main(["report", "pool.csv"]) == 0
    assert names(folder) == {"pool.csv", "report.html"}


def test_hints_are_about_what_was_asked_and_stated(folder: Path) -> None:
    """What a level lacks is no hint where some candidates are asked for, as in generate."""
    del folder
    text = Path("pool.csv").read_text(encoding="utf-8")
    Path("other.csv").write_text(text.replace("|1|M 31|", "||M 31|"), encoding="utf-8")
    assert main(["report", "other.csv", "--overwrite"]) == 0
    assert "--set targetid=" in Path("report.html").read_text(encoding="utf-8")
    assert main(["report", "other.csv", "-i", "c1000", "--overwrite"]) == 0
    assert "--set targetid=" not in Path("report.html").read_text(encoding="utf-8")
