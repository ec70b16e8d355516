"""What members are called, and where their files are."""

from __future__ import annotations

from pathlib import Path

import pytest

from solver import from_list, missing_members
from solver.storage.member_files import find_member, member_name


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with `a.fits`, and `b.fits` in the folder `data`; there is an empty folder `out`."""
    (tmp_path / "data").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "a.fits").touch()
    (tmp_path / "data" / "b.fits").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


#: The file as it is given, the association's folder, and the member's name; HERE is the current folder.
NAMES = {
    "beside the association": ("a.fits", "", "a.fits"),
    "beside the association, by its whole path": ("HERE/a.fits", "", "a.fits"),
    "beside the association, by its folder": ("data/b.fits", "data", "b.fits"),
    "below the association in this folder": ("data/b.fits", "", "data/b.fits"),
    "elsewhere, by its name": ("a.fits", "out", "HERE/a.fits"),
    "elsewhere, by its folder": ("data/b.fits", "out", "HERE/data/b.fits"),
    "elsewhere, by its whole path": ("HERE/data/b.fits", "", "HERE/data/b.fits"),
    "not there": ("x/c.fits", "out", "x/c.fits"),
    "no possible file": ("c" * 300 + ".fits", "out", "c" * 300 + ".fits"),
}


@pytest.mark.parametrize(("file", "folder", "expected"), NAMES.values(), ids=NAMES)
def test_a_member_is_named_so_that_the_pipelines_find_it(here: Path, file: str, folder: str, expected: str) -> None:
    found = member_name(file.replace("HERE", str(here)), Path(folder))
    assert found == expected.replace("HERE", str(here))


#: The member's name, the association's folder, the source folder, and the file.
PLACES: dict[str, tuple[str, str, str | None, str | None]] = {
    "beside the association": ("b.fits", "data", None, "data/b.fits"),
    "from the association's folder, as level 3 reads it": ("../a.fits", "data", None, "data/../a.fits"),
    "from the current folder, as level 2 reads it": ("data/b.fits", "out", None, "data/b.fits"),
    "a name without a folder is beside the association only": ("a.fits", "out", None, None),
    "not there": ("c.fits", ".", None, None),
    "a folder is not a file": ("data", ".", None, None),
    "in the source folder": ("b.fits", "out", "data", "data/b.fits"),
    "in the source folder, without its own": ("x/b.fits", "out", "data", "data/b.fits"),
    "below the source folder": ("data/b.fits", "out", ".", "data/b.fits"),
    "not in the source folder": ("a.fits", ".", "data", None),
    "no possible file": ("c" * 300, ".", None, None),
}


@pytest.mark.parametrize(("expname", "folder", "source", "expected"), PLACES.values(), ids=PLACES)
@pytest.mark.usefixtures("here")
def test_members_are_looked_for_where_the_pipelines_do(
    expname: str, folder: str, source: str | None, expected: str | None
) -> None:
    found = find_member(expname, Path(folder), None if source is None else Path(source))
    assert found == (None if expected is None else Path(expected))


@pytest.mark.usefixtures("here")
def test_missing_members_are_listed_once() -> None:
    association = from_list(["a.fits", "c.fits", ("d.fits", "background")], product_name="p")
    assert missing_members(association, "") == ("c.fits", "d.fits")
    assert missing_members(association, "out") == ("a.fits", "c.fits", "d.fits")
