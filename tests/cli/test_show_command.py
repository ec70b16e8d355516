"""The command `asnsolve show`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rules import MISSION
from solver import from_list
from solver.app.cli import main


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with an association of each level, and one member of them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a_cal.fits").touch()
    three = from_list(
        ["a_cal.fits", "b_cal.fits", ("t.fits", "target_acquisition")],
        MISSION.find("Asn_Lv3Image"),
        product_name="deep",
    )
    two = from_list(["a_rate.fits", "b_rate.fits", ("s_rate.fits", "background")], MISSION.find("Asn_Lv2Image"))
    (tmp_path / "l3_asn.json").write_text(three.to_json())
    (tmp_path / "l2_asn.json").write_text(two.to_json())
    return tmp_path


TABLE = """\
Association  Rule          Type    Product  Members
l2_asn.json  Asn_Lv2Image  image2  a        1 science, 1 background
l2_asn.json  Asn_Lv2Image  image2  b        1 science, 1 background
l3_asn.json  Asn_Lv3Image  image3  deep     2 science, 1 target_acquisition

2 associations with 3 products and 7 members
"""

MISSING = """\
Association  Rule          Type    Product  Members                          Missing
l2_asn.json  Asn_Lv2Image  image2  a        1 science, 1 background                2
l2_asn.json  Asn_Lv2Image  image2  b        1 science, 1 background                2
l3_asn.json  Asn_Lv3Image  image3  deep     2 science, 1 target_acquisition        2

2 associations with 3 products and 7 members; 5 files missing
"""

L3 = """\
l3_asn.json
  type image3, rule Asn_Lv3Image, program noprogram, candidate a3001, target none, pool none
  product deep
    science             a_cal.fits
    science             b_cal.fits
    target_acquisition  t.fits

1 association with 1 product and 3 members
"""

L3_MISSING = """\
l3_asn.json
  type image3, rule Asn_Lv3Image, program noprogram, candidate a3001, target none, pool none
  product deep
    science             a_cal.fits
    science             b_cal.fits  (missing)
    target_acquisition  t.fits  (missing)

1 association with 1 product and 3 members; 2 files missing
"""

BOTH = """\
l3_asn.json
  type image3, rule Asn_Lv3Image, program noprogram, candidate a3001, target none, pool none
  product deep
    science             a_cal.fits
    science             b_cal.fits
    target_acquisition  t.fits

l2_asn.json
  type image2, rule Asn_Lv2Image, program noprogram, candidate a3001, pool none
  product a
    science     a_rate.fits
    background  s_rate.fits
  product b
    science     b_rate.fits
    background  s_rate.fits

2 associations with 3 products and 7 members
"""

#: Arguments, the exit code, and what is printed.
SHOWN = {
    "one": (["l3_asn.json"], 0, L3),
    "one, with what is missing": (["l3_asn.json", "--exists"], 1, L3_MISSING),
    "two": (["l2_asn.json", "l3_asn.json"], 0, TABLE),
    "two, with what is missing": (["--exists", "l2_asn.json", "l3_asn.json"], 1, MISSING),
    "a folder": (["."], 0, TABLE),
    "a pattern": (["l*_asn.json"], 0, TABLE),
    "a pattern that is one file": (["*3_*.json"], 0, L3),
    "two, with their members, in the order given": (["l3_asn.json", "-v", "l2_asn.json"], 0, BOTH),
}


@pytest.mark.parametrize(("arguments", "code", "expected"), SHOWN.values(), ids=SHOWN)
@pytest.mark.usefixtures("data")
def test_what_is_shown(capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, expected: str) -> None:
    assert main(["show", *arguments]) == code
    lines = capsys.readouterr().out.splitlines()
    assert "\n".join(line.rstrip() for line in lines) + "\n" == expected


def test_nothing_is_missing_where_all_is_there(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("b_cal.fits", "t.fits"):
        (data / name).touch()
    assert main(["show", "l3_asn.json", "--exists"]) == 0
    out = capsys.readouterr().out
    assert "(missing)" not in out
    assert out.endswith("1 association with 1 product and 3 members; 0 files missing\n")


def test_json(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del data
    assert main(["show", "l3_asn.json", "--json"]) == 0
    expected: dict[str, Any] = {
        "file": "l3_asn.json",
        "rule": "Asn_Lv3Image",
        "type": "image3",
        "program": "noprogram",
        "id": "a3001",
        "target": "none",
        "products": [
            {"name": "deep", "members": {"science": ["a_cal.fits", "b_cal.fits"], "target_acquisition": ["t.fits"]}}
        ],
    }
    assert json.loads(capsys.readouterr().out) == [expected]
    assert main(["show", "l3_asn.json", "--json", "--exists"]) == 1
    assert json.loads(capsys.readouterr().out) == [expected | {"missing": ["b_cal.fits", "t.fits"]}]


def test_an_archive_is_shown_as_the_folder_of_its_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "pool.csv", "--archive", "all.jsonl"]) == 0
    assert main(["generate", "pool.csv", "-p", "files"]) == 0
    capsys.readouterr()
    assert main(["show", "all.jsonl"]) == 0
    archived = capsys.readouterr().out
    assert main(["show", "files"]) == 0
    assert capsys.readouterr().out == archived
    assert main(["show", "all.jsonl", "--exists"]) == 1
    before = capsys.readouterr().out
    (folder / "a1_rate.fits").touch()
    assert main(["show", "all.jsonl", "--exists"]) == 1
    assert capsys.readouterr().out != before


def test_an_exposure_error_is_told(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = json.loads((data / "l3_asn.json").read_text())
    for member, error in zip(content["products"][0]["members"], ("lost lock", "null", None), strict=True):
        member["exposerr"] = error
    (data / "l3_asn.json").write_text(json.dumps(content))
    assert main(["show", "l3_asn.json", "--exists"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[3:6] == [
        "    science             a_cal.fits  (exposure error: lost lock)",
        "    science             b_cal.fits  (missing)",
        "    target_acquisition  t.fits  (missing)",
    ]


def test_data_cannot_steer_the_terminal(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = {"products": [{"name": "[red]p\x1b[2J", "members": [{"expname": "a\n\x07.fits", "exptype": "x\t"}]}]}
    (data / "x_asn.json").write_text(json.dumps(content))
    assert main(["show", "x_asn.json"]) == 0
    assert capsys.readouterr().out.splitlines()[2:4] == ["  product [red]p\\x1b[2J", "    x\\t  a\\n\\x07.fits"]
    assert main(["show", "."]) == 0
    assert "[red]p\\x1b[2J" in capsys.readouterr().out


#: Arguments, and the whole message.
WRONG = {
    "not there": (["x_asn.json"], "x_asn.json: there is no such file or folder"),
    "no such pattern": (["x*_asn.json"], "x*_asn.json: no file has a name like this"),
    "no association": (["a_cal.fits"], "a_cal.fits is no JSON: Expecting value: line 1 column 1 (char 0)"),
}


@pytest.mark.parametrize(("arguments", "message"), WRONG.values(), ids=WRONG)
@pytest.mark.usefixtures("data")
def test_what_is_wrong_is_told(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert main(["show", "l3_asn.json", *arguments]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", f"asnsolve show: error: {message}\n")


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "l3_asn.json").rename("[l]3_asn.json")
    assert main(["show", "[l]3_asn.json"]) == 0
    assert capsys.readouterr().out.startswith("[l]3_asn.json\n")
