"""The command `asnsolve from-list`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from solver.app.cli import main
from tests.cli.scenes import MINE

FILES = ("jw01234001001_02101_00001_mirimage_rate.fits", "jw01234001001_02101_00002_mirimage_rate.fits", "sky.fits")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with files in it."""
    for name in (*FILES, *(f"{letter}{end}.fits" for letter in "abcpst" for end in ("", "_cal")), "first.fits"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def products(file: str) -> dict[str, list[tuple[str, str]]]:
    return {
        product["name"]: [(member["exptype"], member["expname"]) for member in product["members"]]
        for product in json.loads(Path(file).read_text())["products"]
    }


@pytest.mark.usefixtures("data")
def test_level_3(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["a_cal.fits", "b_cal.fits", "--background", "s_cal.fits", "t_cal.fits", "--psf", "p_cal.fits"]
    assert main(["from-list", "-o", "x_asn.json", "--product-name", "deep", "-i", "o007", *arguments]) == 0
    assert capsys.readouterr().out == "written to x_asn.json: 1 product with 5 members\n"
    assert products("x_asn.json") == {
        "deep": [
            ("science", "a_cal.fits"),
            ("science", "b_cal.fits"),
            ("background", "s_cal.fits"),
            ("background", "t_cal.fits"),
            ("psf", "p_cal.fits"),
        ]
    }
    written = json.loads(Path("x_asn.json").read_text())
    assert (written["asn_rule"], written["asn_id"]) == ("DMS_Level3_Base", "o007")


@pytest.mark.usefixtures("data")
def test_level_2(capsys: pytest.CaptureFixture[str]) -> None:
    rate = list(FILES[:2])
    options = ["--rule", "dmslevel2bbase", "-t", "image2", "--background", "sky.fits"]
    assert main(["from-list", "--output-file", "x_asn.json", *options, "--science", *rate]) == 0
    assert capsys.readouterr().out == "written to x_asn.json: 2 products with 4 members\n"
    assert products("x_asn.json") == {
        name.removesuffix("_rate.fits"): [("science", name), ("background", "sky.fits")] for name in rate
    }
    written = json.loads(Path("x_asn.json").read_text())
    known = (written["asn_rule"], written["asn_type"], written["asn_id"], written["program"])
    assert known == ("DMSLevel2bBase", "image2", "a3001", "01234")


def test_files_of_another_folder_are_found_from_there(data: Path) -> None:
    (data / "out").mkdir()
    (data / "out" / "beside.fits").touch()
    files = ["sky.fits", "out/beside.fits", "later.fits"]
    assert main(["from-list", "-o", "out/x_asn.json", "--product-name", "p", *files]) == 1  # one file is not there
    assert products("out/x_asn.json") == {
        "p": [("science", f"{data}/sky.fits"), ("science", "beside.fits"), ("science", "later.fits")]
    }


def test_a_list_in_a_file(data: Path) -> None:
    (data / "list.txt").write_text("# what I have\na.fits\n\nb.fits  background  # sky\nc.fits\tPSF\n")
    assert main(["from-list", "first.fits", "--list", "list.txt", "-o", "x_asn.json", "--product-name", "p"]) == 0
    assert products("x_asn.json") == {
        "p": [("science", "first.fits"), ("science", "a.fits"), ("background", "b.fits"), ("psf", "c.fits")]
    }


def test_a_rule_of_your_own(data: Path) -> None:
    (data / "mine.py").write_text(MINE)
    options = ["--ruledefs", "mine.py", "-r", "asn_mine", "--product-name", "p"]
    assert main(["from-list", "a.fits", "-o", "x_asn.json", *options]) == 0
    written = json.loads(Path("x_asn.json").read_text())
    assert (written["asn_rule"], written["asn_type"]) == ("Asn_Mine", "mine3")


def test_names_stand_before_and_after_options(data: Path) -> None:
    del data
    assert main(["from-list", "a.fits", "-o", "x_asn.json", "b.fits", "--product-name", "p", "c.fits"]) == 0
    assert products("x_asn.json") == {"p": [("science", f"{letter}.fits") for letter in "abc"]}
