"""The command `asnsolve check`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from solver.app.cli import main


@pytest.fixture
def results(folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["generate", "pool.csv", "-p", "out"]) == 0
    capsys.readouterr()
    return folder / "out"


WRONG = """\
error unreadable (1): the file is no association
  out/bad_asn.json: it is no JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)

error disagreement (1): a member does not agree with the others
  out/jw00001-c1000_image3_00001_asn.json: Asn_Lv3Image asks for same filter, if it is given \
(AsnMixin_OpticalPath); the others have f770w and it has f560w: b2_cal.fits

error left-out (1): an exposure, or a file made from some, belongs in the association and is not there
  out/jw00001-c1000_image3_00001_asn.json: it qualifies for Asn_Lv3Image and agrees with the others, \
as science: a1_cal.fits

error missing (1): an association that the rules ask for is not there
  a1 of Asn_Lv2Image in observation candidate o001 of program 1 is not among the results: a1_rate.fits

error not-calibrated (1): no Level 2 product provides a member of Level 3
  out/jw00001-o001_image3_00001_asn.json: no Level 2 association among the results provides it: a1_cal.fits

8 associations with 14 members checked: 5 errors; 1 of 6 exposures in none
"""


def edit(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")


def test_right_results(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = list(results.glob("*_asn.json"))
    assert main(["check", "pool.csv", "out"]) == 0
    assert capsys.readouterr() == (
        f"{len(files)} associations with 15 members checked: no errors; 1 of 6 exposures in none\n",
        "",
    )


def test_wrong_results_are_told_whole(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def exchange(data: dict[str, Any]) -> None:
        data["products"][0]["members"][0]["expname"] = "b2_cal.fits"

    edit(results / "jw00001-c1000_image3_00001_asn.json", exchange)
    (results / "jw00001-o001_image2_00001_asn.json").unlink()
    (results / "bad_asn.json").write_text("{", encoding="utf-8")
    assert main(["check", "pool.csv", "out"]) == 1
    assert capsys.readouterr().out == WRONG


def test_json_lists_everything(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = min(results.glob("*image3*_asn.json"))
    edit(path, lambda data: data.update(asn_rule="Asn_Mine"))
    assert main(["check", "--json", "pool.csv", str(results)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "findings": [
            {
                "code": "unknown-rule",
                "severity": "note",
                "association": str(path),
                "exposures": [],
                "message": "there is no rule 'Asn_Mine'; only what needs no rule is checked",
            }
        ],
        "associations": len(list(results.glob("*_asn.json"))),
        "members": 15,
        "exposures": 6,
        "in_none": ["x_uncal.fits"],
    }


def test_many_findings_are_cut(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = min(results.glob("*image2*_asn.json"))
    for number in range(30, 60):
        (results / f"jw00001-o001_image2_{number:05d}_asn.json").write_text(one.read_text(), encoding="utf-8")
    assert main(["check", "pool.csv", "out"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "error same-members (30): two associations have the same members in the same roles"
    assert lines[21] == "  … 10 more; --json lists all"
    assert lines[-1].endswith("checked: 30 errors; 1 of 6 exposures in none")


RULE = """
from rules.vocabulary import one_of, same
from rules.level3_base import DMS_Level3_Base

class Asn_Mine(DMS_Level3_Base):
    "Images of one filter."
    asn_type = "image3"
    constraints = (one_of("exp_type", "mir_image"), same("filter"), same("targetid"))
"""


def test_rules_of_ones_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mine.py").write_text(RULE, encoding="utf-8")
    assert main(["generate", "pool.csv", "-p", "own", "-r", "mine.py", "--ignore-default"]) == 0
    capsys.readouterr()
    assert main(["check", "pool.csv", "own", "-r", "mine.py"]) == 0
    out = capsys.readouterr().out
    assert "checked: no errors, 1 note; 1 of 6 exposures in none" in out
    assert out.startswith("note no-level-2 (1): ")


def test_control_characters_are_made_visible(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(min(results.glob("*image3*_asn.json")), lambda data: data.update(target="\x1b[31m"))
    assert main(["check", "pool.csv", "out"]) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "not \\x1b[31m" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.csv", "out"], "none.csv: cannot be read: No such file or directory"),
        (["pool.csv", "nowhere"], "nowhere: there is no such file or folder"),
        (["pool.csv", "."], ".: there are no association files (*_asn.json) in this folder"),
        (["pool.csv", "out", "-r", "none.py"], "none.py: cannot be read: No such file or directory"),
    ],
)
def test_bad_input(arguments: list[str], message: str, results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del results
    assert main(["check", *arguments]) == 2
    assert capsys.readouterr() == ("", f"asnsolve check: error: {message}\n")
