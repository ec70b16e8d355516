"""Associations of files that are there."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest

from solver.associations.association import Association, Member, Product
from solver.associations.association_table import Associations
from solver.batch.available_files import AvailableFiles, Lacking


def association(*members: str, number: int = 1) -> Association:
    """An association of members such as `science a_cal.fits`."""
    made = [Member(name, role) for role, name in (member.split() for member in members)]
    words = ("image3", "Asn_Rule", None, "code", "good", "00001", "", "o001", "t001", "pool.csv")
    return Association(*words, (Product("name", tuple(made)),), number)


def table(*members: str) -> Associations:
    return Associations.of([association(*members)])


def names(one: Association) -> list[str]:
    return [member.expname for product in one.products for member in product.members]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with files: some in a folder within, one compressed."""
    for name in ("a_cal.fits", "in/b_cal.fits.gz", "in/p_cat.ecsv", "mine.fits", "out/o_cal.fits", "out/a_cal.fits"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    return tmp_path


def present(data: Path, *, only: bool) -> AvailableFiles:
    return AvailableFiles.among([data], {"m_rate.fits": data / "mine.fits"}, data / "out", only=only, relative=False)


def test_files_are_named_where_they_are(data: Path) -> None:
    asked = ["a_cal.fits", "b_cal.fits", "p_cat.ecsv", "m_rate.fits", "o_cal.fits", "z_cal.fits"]
    (made,), lacking = present(data, only=False).apply(table(*(f"science {name}" for name in asked)))
    assert names(made) == [
        "a_cal.fits", f"{data}/in/b_cal.fits.gz", f"{data}/in/p_cat.ecsv", f"{data}/mine.fits", "o_cal.fits",
        "z_cal.fits",
    ]  # fmt: skip
    assert lacking == ()


def test_a_file_counts_with_those_beside_it(data: Path) -> None:
    files = AvailableFiles.among([data / "mine.fits"], {}, data / "nowhere", only=True, relative=False).paths
    assert files == {"a_cal.fits": f"{data}/a_cal.fits", "mine.fits": f"{data}/mine.fits"}


def test_a_folder_is_listed_once_however_many_of_its_files_are_named(data: Path) -> None:
    named = [data / "a_cal.fits", data / "out" / "o_cal.fits", data / "mine.fits"]
    with patch.object(Path, "iterdir", autospec=True, side_effect=Path.iterdir) as listed:
        files = AvailableFiles.among(named, {}, data / "nowhere", only=True, relative=False).paths
    assert listed.call_count == len([data, data / "out"])
    assert files["a_cal.fits"] == f"{data}/a_cal.fits"  # the first of a name counts


#: members, those that are kept, and what is lacking
MEMBERS = [
    (["science a_cal.fits", "science z_cal.fits"], ["a_cal.fits"], ["z_cal.fits"]),
    (["science a_cal.fits", "psf o_cal.fits"], ["a_cal.fits", "o_cal.fits"], []),
    (["science a_cal.fits", "psf y_cal.fits"], None, ["y_cal.fits"]),
    (["science z_cal.fits", "science y_cal.fits"], None, ["z_cal.fits", "y_cal.fits"]),
    (
        ["science a_cal.fits", "background z_rate.fits", "background o_cal.fits"],
        ["a_cal.fits", "o_cal.fits"],
        ["z_rate.fits"],
    ),
]


@pytest.mark.parametrize(("members", "kept", "lacking"), MEMBERS)
def test_only_existing_files_are_kept_unless_a_role_would_be_missing(
    members: list[str], kept: list[str] | None, lacking: list[str], data: Path
) -> None:
    asked = association(*members, number=7)
    made, missing = present(data, only=True).apply(Associations.of([asked]))
    assert [names(each) for each in made] == ([] if kept is None else [kept])
    assert all(each.file_name == asked.file_name for each in made)
    assert missing == ((Lacking(asked.file_name, tuple(lacking), left_out=kept is None),) if lacking else ())


def test_paths_that_are_not_valid_text_are_not_written(tmp_path: Path) -> None:
    strange = tmp_path / "d\udcff"
    strange.mkdir()
    (strange / "a_cal.fits").touch()
    there = AvailableFiles.among([strange], {}, tmp_path, only=False, relative=False)
    (made,), _ = there.apply(table("science a_cal.fits"))
    assert names(made) == ["a_cal.fits"]
    assert AvailableFiles.among([strange], {}, strange, only=True, relative=False).paths == {"a_cal.fits": "a_cal.fits"}


def test_a_link_keeps_its_own_name(data: Path) -> None:
    (data / "l_cal.fits").symlink_to(data / "mine.fits")
    (made,), _ = present(data, only=True).apply(table("science l_cal.fits"))
    assert names(made) == [f"{data}/l_cal.fits"]


def test_without_associations_none_lacks_a_file(data: Path) -> None:
    assert present(data, only=True).apply(Associations.of([])) == (Associations.of([]), ())
