"""The command `asnsolve edit`."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any
from unittest.mock import patch

import pytest

from solver.app.cli import main
from solver.storage.json_files import read_content


@pytest.fixture
def data(enter: Callable[[str], Path]) -> Path:
    """The current folder, with an association of each level and two files."""
    return enter("associations")


def members(file: str) -> dict[str, str]:
    return {
        product["name"]: " ".join(f"{member['exptype']}:{member['expname']}" for member in product["members"])
        for product in read_content(Path(file))["products"]
    }


def state(path: Path) -> tuple[int, int]:
    """What changes when a file is written."""
    return path.stat().st_ino, path.stat().st_mtime_ns


DEEP = "science:a_cal.fits science:b_cal.fits background:s_cal.fits"

#: Arguments, what is printed, and the products of the Level 3 association then.
EDITS: dict[str, tuple[list[str], str, dict[str, str]]] = {
    "add": (
        ["-a", "l3_asn.json", "c_cal.fits"],
        "l3_asn.json:\n  product deep\n    + science c_cal.fits\n",
        {"deep": f"{DEEP} science:c_cal.fits"},
    ),
    "add with a type, options between the names": (
        ["l3_asn.json", "--add", "-t", "psf", "p.fits", "--product", "deep", "far/d_cal.fits"],
        "l3_asn.json:\n  product deep\n    + psf far/d_cal.fits\n    + psf p.fits\n",
        {"deep": f"{DEEP} psf:p.fits psf:far/d_cal.fits"},
    ),
    "remove": (
        ["l3_asn.json", "s_cal.fits", "-r", "s_cal.fits"],
        "l3_asn.json:\n  product deep\n    - background s_cal.fits\n",
        {"deep": "science:a_cal.fits science:b_cal.fits"},
    ),
    "remove by another suffix": (
        ["l3_asn.json", "-r", "-i", "a_rate.fits"],
        "l3_asn.json:\n  product deep\n    - science a_cal.fits\n",
        {"deep": "science:b_cal.fits background:s_cal.fits"},
    ),
    "change a type": (
        ["-c", "-t", "background", "l3_asn.json", "b_cal.fits"],
        "l3_asn.json:\n  product deep\n    - science b_cal.fits\n    + background b_cal.fits\n",
        {"deep": "science:a_cal.fits background:b_cal.fits background:s_cal.fits"},
    ),
    "rename": (
        ["l3_asn.json", "--product-name", "deeper"],
        "l3_asn.json:\n  - product deep\n  + product deeper\n",
        {"deeper": DEEP},
    ),
    "nothing": (["l3_asn.json", "-c", "b_cal.fits", "-t", "science"], "l3_asn.json: nothing changes\n", {"deep": DEEP}),
    "forced": (
        ["l3_asn.json", "-r", "a_cal.fits", "b_cal.fits", "--force"],
        "l3_asn.json:\n  product deep\n    - science a_cal.fits\n    - science b_cal.fits\n",
        {"deep": "background:s_cal.fits"},
    ),
    "forced, until nothing is left": (["l3_asn.json", "-r", "*", "--force"], "l3_asn.json:\n  - product deep\n", {}),
    "forced, with a type of your own": (
        ["l3_asn.json", "-a", "x.fits", "--force", "-t", "Mine"],
        "l3_asn.json:\n  product deep\n    + Mine x.fits\n",
        {"deep": f"{DEEP} Mine:x.fits"},
    ),
}


@pytest.mark.parametrize(("arguments", "printed", "expected"), EDITS.values(), ids=EDITS)
def test_in_place(
    data: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], printed: str, expected: dict[str, str]
) -> None:
    before = sorted(data.iterdir())
    assert main(["edit", *arguments]) == 0
    assert capsys.readouterr().out == printed
    assert members("l3_asn.json") == expected
    assert sorted(data.iterdir()) == before


def test_several_associations_lose_the_files_that_they_have(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    untouched = state(data / "l1_asn.json")
    files = ["l1_asn.json", "l2_asn.json", "l3_asn.json"]
    assert main(["edit", *files, "-r", "-i", "a_rate.fits", "s.fits"]) == 0
    assert capsys.readouterr().out == (
        "l1_asn.json: nothing changes\n"
        "l2_asn.json:\n  - product a\n  product b\n    - background s_rate.fits\n"
        "l3_asn.json:\n  product deep\n    - science a_cal.fits\n    - background s_cal.fits\n"
    )
    assert members("l2_asn.json") == {"b": "science:b_rate.fits"}
    assert members("l3_asn.json") == {"deep": "science:b_cal.fits"}
    assert state(data / "l1_asn.json") == untouched


def test_another_file_is_written_on_request(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (data / "l3_asn.json").read_bytes()
    (data / "far" / "new_asn.json").write_text('{"products": []}')
    arguments = ["-o", "far/new_asn.json", "c_cal.fits", "far/d_cal.fits"]
    assert main(["edit", "l3_asn.json", "-a", *arguments]) == 0
    assert capsys.readouterr().out == (
        "l3_asn.json, written to far/new_asn.json:\n"
        f"  product deep\n    + science {data}/c_cal.fits\n    + science d_cal.fits\n"
    )
    assert members("far/new_asn.json") == {"deep": f"{DEEP} science:{data}/c_cal.fits science:d_cal.fits"}
    assert (data / "l3_asn.json").read_bytes() == before
    assert main(["edit", "l3_asn.json", "-c", "a_cal.fits", "-t", "science", "-o", "same_asn.json"]) == 0
    assert capsys.readouterr().out == "l3_asn.json, written to same_asn.json: nothing changes\n"
    assert read_content(Path("same_asn.json")) == json.loads(before)


def test_a_link_stays_a_link(data: Path) -> None:
    (data / "link.json").symlink_to("l3_asn.json")
    assert main(["edit", "link.json", "-r", "s_cal.fits"]) == 0
    assert (data / "link.json").is_symlink()
    assert members("l3_asn.json") == {"deep": "science:a_cal.fits science:b_cal.fits"}


def test_the_layout_is_that_of_the_pipeline_and_all_else_stays(data: Path) -> None:
    content: dict[str, Any] = {
        "products": [{"members": [{"exptype": "science", "expname": "a.fits"}], "x": {"y": [None, 1e-7]}}],
        "telescope": "jw\u00fcst",
    }
    (data / "x_asn.json").write_text(json.dumps(content))
    assert main(["edit", "x_asn.json", "-a", "b.fits", "-t", "psf"]) == 0
    content["products"][0]["members"].append({"expname": "b.fits", "exptype": "psf"})
    assert (data / "x_asn.json").read_text() == json.dumps(content, indent=4) + "\n"


def test_an_association_is_not_compared_with_every_deleted_one(data: Path) -> None:
    names = [f"{number}_asn.json" for number in range(50)]
    for name in names:
        shutil.copy(data / "l3_asn.json", name)
    with patch.object(PurePath, "__eq__", autospec=True, side_effect=PurePath.__eq__) as compared:
        assert main(["edit", "-r", "*", "--delete-empty", *names]) == 0
    assert compared.call_count < 20 * len(names)
    assert not any(map(os.path.exists, names))
