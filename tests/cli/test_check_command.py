"""`check` on the results of runs that were asked for a part of a pool, and on files that are cut off."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest

from solver.app.cli import main
from solver.pools import Statements

HINTS = Path(__file__).parent / "hints"

#: The options of a run, and what `check` of its results says: the codes of its findings, and its last line.
ASKED = {
    "-i c1000": (["no-level-2"], "5 exposures in no Level 2 association, 1 in no Level 3 association"),
    "-i o001": ([], "every exposure is in an association"),
    "-i o002": ([], "every exposure is in an association"),
    "-i o002 --level 2": ([], "every exposure is in an association"),
    "--level 3": (["no-level-2"], "1 exposure in no Level 3 association"),
    "--discover": (["no-level-2"], "6 exposures in no Level 2 association, 1 in no Level 3 association"),
    "--all-candidates": ([], "1 exposure in no association"),
}


@pytest.mark.parametrize("options", ASKED)
def test_what_was_not_asked_for_is_not_expected(options: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    assert main(["generate", "pool.csv", "-p", "out", *options.split()]) == 0
    generated = capsys.readouterr().out.splitlines()
    assert main(["check", "out"]) == 0
    shown = capsys.readouterr().out.splitlines()
    codes = [line.split()[1] for line in shown if line.startswith(("error ", "warning ", "note "))]
    assert (codes, shown[-1]) == ASKED[options]
    assert shown[-1] in generated


def test_a_candidate_that_was_asked_for_is_expected(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "pool.csv", "-p", "out", "-i", "o001", "o002"]) == 0
    for path in (folder / "out").glob("*-o001_*_asn.json"):
        path.unlink()
    capsys.readouterr()
    assert main(["check", "out"]) == 0
    shown = capsys.readouterr().out
    assert "observation candidate o001 of program 1 has no associations here" in shown
    assert "c1000" not in shown


def test_level_2_of_other_candidates_is_not_expected(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    demo = Path(__file__).parents[2] / "benchmarks" / "demo_pool.csv"
    assert main(["generate", str(demo), "-p", "out", "-i", "o001", "c1001"]) == 0
    capsys.readouterr()
    assert main(["check", "out"]) == 0
    assert "note not-calibrated (1)" in (shown := capsys.readouterr().out)
    assert "warning" not in shown


def test_where_nothing_is_made_nothing_is_said_to_be_complete(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "waves.csv").write_text((HINTS / "wavefront_group.csv").read_text(encoding="utf-8"), encoding="utf-8")
    assert main(["generate", "waves.csv", "-p", "out", "-i", "c1000"]) == 0
    for words in (["out"], ["waves.csv", "out"]):
        capsys.readouterr()
        assert main(["check", *words]) == 0
        last = capsys.readouterr().out.splitlines()[-1]
        assert last.endswith(" exposures in no association"), words


def test_a_file_that_is_cut_off_is_one_finding(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "pool.csv", "-p", "out"]) == 0
    cut = folder / "out" / "jw00001-o001_image3_00001_asn.json"
    cut.write_text(cut.read_text(encoding="utf-8")[:300], encoding="utf-8")
    for words in (["out"], ["pool.csv", "out"]):
        capsys.readouterr()
        assert main(["check", *words]) == 1
        shown = capsys.readouterr().out
        assert "error unreadable (1)" in shown
        assert f"out/{cut.name}: it is not valid JSON" in shown
        assert "missing" not in shown
    (folder / "out" / "jw00001-o001_image2_00001_asn.json").unlink()
    assert main(["check", "out"]) == 1
    assert "error missing (1)" in capsys.readouterr().out


@pytest.mark.parametrize("recorded", [True, False])
def test_an_archive_that_is_cut_off_is_refused(
    *, recorded: bool, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["generate", "pool.csv", "--archive", "all.jsonl"]) == 0
    cut = folder / "all.jsonl"
    cut.write_text(cut.read_text(encoding="utf-8")[:2_000], encoding="utf-8")
    if not recorded:
        (folder / "all.jsonl.manifest.json").unlink()
    for words in (["status", "all.jsonl"], ["check", "all.jsonl"], ["check", "pool.csv", "all.jsonl"]):
        capsys.readouterr()
        assert main(words) == 2
        assert capsys.readouterr().err.startswith(f"asnsolve {words[0]}: error: all.jsonl, line 3, is not an assoc")


def test_generate_counts_in_the_candidates_that_were_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del folder
    assert main(["generate", "pool.csv", "--dry-run", "-i", "c1000"]) == 0
    shown = capsys.readouterr().out
    assert "\n1 association from the 5 exposures of c1000 in " in shown
    assert "\n5 exposures in no Level 2 association, 1 in no Level 3 association\n" in shown


def test_what_is_stated_is_read_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "stated.toml").write_text('set = ["targname=m31:o001"]\n', encoding="utf-8")
    stated = ["--statements", "stated.toml"]
    assert main(["generate", "pool.csv", "-p", "out", *stated, "--set", "targname=m33:o002"]) == 0
    next((folder / "out").glob("*_asn.json")).unlink()
    with patch.object(Statements, "read", side_effect=Statements.read) as read:
        assert main(["check", "pool.csv", "out", *stated]) == 1
    assert read.call_count == 1
    assert capsys.readouterr().out.endswith(
        "out was made with --set targname=m33:o002; add that, or run asnsolve check out\n"
    )
