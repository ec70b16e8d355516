"""`asnsolve explain`: what is asked, in which forms, and why a run came to nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from solver.app.cli import main

POOLS = Path(__file__).parents[1] / "unit" / "explanation" / "pools"
WAVEFRONT, NO_BAND = str(POOLS / "wavefront_group.csv"), str(POOLS / "no_band.csv")

NOTHING = (
    "c1000 (group): no association is made from its 32 exposures, which are in associations of o001, o002; "
    "their rules (Asn_Lv2WFSC, Asn_Lv3WFSCMB) are not for group candidates"
)
OBSERVATION = (
    "o001 (observation): 24 associations: Asn_Lv2WFSC "
    "(jw04321001001_02101_00001_nrca1, jw04321001001_02101_00001_nrca2, … 14 more), "
    "Asn_Lv3WFSCMB (jw04321-o001_t001_nircam_clear-f480m-nrcalong_{suffix}-01, "
    "jw04321-o001_t001_nircam_clear-f480m-nrcalong_{suffix}-02, … 6 more)"
)
EXPOSURE = "jw04321001001_02101_00002_mirifushort"


def test_a_run_for_candidates_that_is_empty_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", WAVEFRONT, "-i", "c1000", "-p", str(tmp_path)]) == 0
    assert NOTHING in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    "given", [["-i", "c1000", "o001"], ["--ids", "c1000", "-i", "o001"], ["--id", "c1000", "o001"]]
)
def test_candidates_alone(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", WAVEFRONT, *given]) == 0
    assert [line[4:] for line in capsys.readouterr().out.splitlines()[1:]] == [
        NOTHING, OBSERVATION,
    ]  # fmt: skip


def test_in_short_and_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    outputs = {}
    for option in ("--json", "-v", "--all", "--keep-first"):  # the last has no effect here
        assert main(["explain", NO_BAND, EXPOSURE, option]) == 0
        outputs[option] = capsys.readouterr().out
    assert len(outputs["--keep-first"].splitlines()) <= 8
    assert outputs["-v"] == outputs["--all"]
    refusals = json.loads(outputs["--json"])["refusals"]
    assert f"{len(refusals)} rules came close" in outputs["-v"]
    assert refusals[0]["fix"]["statements"] == [f"--set band=short:{EXPOSURE}"]


@pytest.mark.parametrize(("level", "found"), [("2", "in no association"), ("3", "in 2 associations"), ("both", "in 2")])
def test_the_rules_of_one_level(level: str, found: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", NO_BAND, EXPOSURE, "--level", level, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["inside"].startswith(found)


def test_an_option_that_is_proposed_can_be_added(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", NO_BAND, EXPOSURE, "--set", f"band=short:{EXPOSURE}", "--rule", "Asn_Lv2Spec"]) == 0
    assert "in 1 association of Asn_Lv2Spec" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ("a --orphans", "--orphans cannot be combined with exposures, --association or -i"),
        ("-i o001 jw00001001001", "-i takes every word after it, so put it last"),
        ("a b c", "3 exposures are named; name one or two, or one with --association"),
        ("a b --association x", "2 exposures are named; name one or two, or one with --association"),
    ],
)
def test_what_is_wrong_is_said(asked: str, problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", NO_BAND, *asked.split()]) == 2
    assert capsys.readouterr().err == f"asnsolve explain: error: {problem}\n"


@pytest.mark.parametrize(
    "asked",
    [
        "", "a b --association x", "--orphans -i o001", "a --orphans", "a b -i o001", "a -i o001 -i c1000", "--rule R",
        "--association x -i o001", "a --association x --rule R",
    ],
)  # fmt: skip
def test_what_does_not_go_together(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", NO_BAND, *asked.split()]) == 2
    assert "asnsolve explain: error: " in capsys.readouterr().err


def test_exposures_that_are_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An exposure that a statement leaves out is in the pool, also if only the record of a run has the statement."""
    (tmp_path / "pool.csv").write_bytes(Path(NO_BAND).read_bytes())
    pool, other = str(tmp_path / "pool.csv"), "jw04321001001_02101_00001_mirifushort"
    assert main(["generate", pool, "-p", str(tmp_path / "made"), "--exclude", EXPOSURE]) == 0
    for asked in ([pool, EXPOSURE, "--exclude", EXPOSURE], [str(tmp_path / "made"), EXPOSURE, other]):
        capsys.readouterr()
        assert main(["explain", *asked]) == 0
        heading, answer = capsys.readouterr().out.splitlines()
        assert (heading, answer[4:]) == (f"{EXPOSURE}_uncal.fits", f"left out by --exclude {EXPOSURE}")
