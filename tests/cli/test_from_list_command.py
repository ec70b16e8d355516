"""The command `asnsolve from-list`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from solver.app.cli import main

FILES = ("jw01234001001_02101_00001_mirimage_rate.fits", "jw01234001001_02101_00002_mirimage_rate.fits", "sky.fits")

#: A rule of a user, as `--ruledefs` takes it.
RULE = """\
from rules.level3_base import AsnMixin_Base, AsnMixin_Image, DMS_Level3_Base

class Asn_Mine(AsnMixin_Image, AsnMixin_Base, DMS_Level3_Base):
    \"\"\"Images of mine.\"\"\"
"""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with three files in it."""
    for name in FILES:
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
    assert main(["from-list", "-o", "out/x_asn.json", "--product-name", "p", *files]) == 0
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
    (data / "mine.py").write_text(RULE)
    options = ["--ruledefs", "mine.py", "-r", "asn_mine", "--product-name", "p"]
    assert main(["from-list", "a.fits", "-o", "x_asn.json", *options]) == 0
    written = json.loads(Path("x_asn.json").read_text())
    assert (written["asn_rule"], written["asn_type"]) == ("Asn_Mine", "image3")


#: Arguments, and the whole message.
WRONG = {
    "no product name": (["a.fits"], "a Level 3 association needs a product name; give one"),
    "no files": (["--product-name", "p"], "there is no science file, so there would be no product; name one"),
    "an unknown rule": (
        ["a.fits", "-r", "Asn_Lv3Imag"],
        "no rule is named 'Asn_Lv3Imag'; did you mean Asn_Lv3Image or Asn_Lv2Image?",
    ),
    "a file in two lists": (
        ["a.fits", "--psf", "a.fits", "--product-name", "p"],
        "a.fits: named more than once; a file is one member of a product",
    ),
    "no such list": (["--list", "none.txt"], "--list none.txt cannot be read: No such file or directory"),
    "a list with too much": (
        ["--list", "long.txt"],
        "--list long.txt, line 2: 'a.fits background sky' is more than a file name and its type",
    ),
    "a list with an unknown type": (
        ["--list", "odd.txt", "--product-name", "p"],
        (
            "--list odd.txt, line 2: no pipeline knows members of the type 'bkg'; choose one of science, background, "
            "psf, imprint, target_acquisition, direct_image, autoflat, autowave, dark, flat, engineering, sourcecat, "
            "segmap, selfcal"
        ),
    ),
    "a name that the pipelines do not take": (
        ["a.fits", "-o", "x.txt", "--product-name", "p"],
        "x.txt: the pipelines only read associations from files whose names end with .json",
    ),
    "no such folder": (
        ["a.fits", "-o", "no/x_asn.json", "--product-name", "p"],
        "cannot write no/x_asn.json: No such file or directory",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_and_nothing_written(
    data: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    (data / "long.txt").write_text("a.fits\na.fits background sky\n")
    (data / "odd.txt").write_text("a.fits\nb.fits bkg\n")
    before = sorted(data.iterdir())
    assert main(["from-list", "-o", "x_asn.json", *arguments]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", f"asnsolve from-list: error: {message}\n")
    assert sorted(data.iterdir()) == before


def test_names_stand_before_and_after_options(data: Path) -> None:
    del data
    assert main(["from-list", "a.fits", "-o", "x_asn.json", "b.fits", "--product-name", "p", "c.fits"]) == 0
    assert products("x_asn.json") == {"p": [("science", f"{letter}.fits") for letter in "abc"]}


@pytest.mark.parametrize("arguments", [["from-list", "a.fits"], ["from-list", "a.fits", "-o", "x.json", "--odd"]])
def test_wrong_options_end_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "asnsolve" in capsys.readouterr().err
