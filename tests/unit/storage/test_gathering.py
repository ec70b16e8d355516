"""Associations and their members brought together in one folder."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import pytest

from benchmarks.simulated_files import rows_of
from benchmarks.simulated_files import write as write_exposures
from solver import errors, from_list, gather
from solver.default import default_base
from solver.errors import AssociationError, MissingMembersError, OutputError
from solver.storage.gathering import Gathered
from solver.storage.json_files import read_content
from solver.storage.manifest import JOURNAL, MANIFEST
from solver.whole_files.writing import temporary_name
from tests.unit.small import cases

FILES = {"a.fits": "A", "sub/b.fits": "B", "s.fits": "S"}
MEMBERS: list[str | tuple[str, str]] = ["a.fits", "sub/b.fits", ("s.fits", "background")]


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the association `x_asn.json` and its members, one of them in a folder of its own."""
    folder = tmp_path / "source"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    write(folder / "x_asn.json", from_list(MEMBERS, product_name="x").to_dict())
    monkeypatch.chdir(tmp_path)
    return folder


def write(path: Path, content: Mapping[str, Any]) -> Path:
    path.write_text(json.dumps(content))
    return path


def there(folder: Path) -> dict[str, str]:
    """What is in a folder, hidden files and folders too: the text of a file, and of an association its members."""
    return {
        path.name: ", ".join(each["expname"] for each in members(path)) if path.suffix == ".json" else path.read_text()
        for path in sorted(folder.iterdir())
    }


def state(folder: Path) -> dict[Path, tuple[int, int]]:
    """What changes when files of a folder are written; nothing, if there is no such folder."""
    return {path: (os.lstat(path).st_ino, os.lstat(path).st_mtime_ns) for path in folder.glob("*")}


def members(path: Path) -> list[dict[str, str]]:
    return [member for product in read_content(path)["products"] for member in product["members"]]


ALL = {"a.fits": "A", "b.fits": "B", "s.fits": "S", "x_asn.json": "a.fits, b.fits, s.fits"}


def test_members_come_along_and_lose_their_folders(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "place"
    found = gather(source / "x_asn.json", folder)
    assert there(folder) == ALL
    assert found == Gathered(
        (folder / "x_asn.json",),
        (folder / "a.fits", folder / "b.fits", folder / "s.fits"),
        frozenset(folder / name for name in ALL),
    )
    assert there(source / "sub") == {"b.fits": "B"}


CHOSEN, REFUSED = (cases(__file__)[name] for name in ("chosen", "refused"))


@pytest.mark.parametrize(("options", "expected"), CHOSEN.values(), ids=CHOSEN)
def test_types_can_be_chosen(source: Path, tmp_path: Path, options: dict[str, Any], expected: dict[str, str]) -> None:
    gather([source / "x_asn.json"], tmp_path / "new", **options)
    assert there(tmp_path / "new") == expected


def test_a_product_without_wanted_members_is_left_out_and_all_other_keys_stay(source: Path, tmp_path: Path) -> None:
    content = {
        "products": [
            {"name": "p", "members": [{"expname": "a.fits", "exptype": "science", "n": 1}], "note": "kept"},
            {"name": "q", "members": [{"expname": "s.fits", "exptype": "background"}]},
        ],
        "telescope": "jwst",
    }
    write(source / "y_asn.json", content)
    gather(source / "y_asn.json", tmp_path / "new", exclude_types=["background"])
    written = json.loads((tmp_path / "new" / "y_asn.json").read_text())
    assert json.dumps(written) == json.dumps({**content, "products": content["products"][:1]})


def test_a_folder_of_associations_shares_its_members(source: Path, tmp_path: Path) -> None:
    write(source / "y_asn.json", from_list(["a.fits"], product_name="y").to_dict())
    found = gather([source], tmp_path / "new")
    assert there(tmp_path / "new") == {**ALL, "y_asn.json": "a.fits"}
    assert len(found.members) == len(FILES)


def test_members_may_be_in_another_folder(source: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    (source / "x_asn.json").rename(alone / "x_asn.json")
    gather(alone / "x_asn.json", tmp_path / "new", source_folder=source)
    assert there(tmp_path / "new") == ALL


@pytest.mark.parametrize("link", [None, "hard", "symbolic"])
def test_a_second_time_there_is_nothing_to_do(
    source: Path, tmp_path: Path, link: Literal["hard", "symbolic"] | None
) -> None:
    folder = tmp_path / "new"
    first = gather(source / "x_asn.json", folder, link=link)
    before = state(folder)
    second = gather(source / "x_asn.json", folder, link=link)
    assert state(folder) == before
    assert (second.associations, second.members, second.new) == (first.associations, first.members, frozenset())


def test_what_changed_at_the_source_is_in_the_way(source: Path, tmp_path: Path) -> None:
    gather(source / "x_asn.json", tmp_path / "new")
    (source / "a.fits").write_text("a")
    with pytest.raises(OutputError):
        gather(source / "x_asn.json", tmp_path / "new")
    assert gather(source / "x_asn.json", tmp_path / "new", overwrite=True).new == {tmp_path / "new" / "a.fits"}
    assert there(tmp_path / "new") == {**ALL, "a.fits": "a"}


def test_links(source: Path, tmp_path: Path) -> None:
    gather(source / "x_asn.json", tmp_path / "hard", link="hard")
    gather("source/x_asn.json", tmp_path / "symbolic", link="symbolic")
    assert there(tmp_path / "hard") == there(tmp_path / "symbolic") == ALL
    assert (tmp_path / "hard" / "b.fits").samefile(source / "sub" / "b.fits")
    assert (tmp_path / "symbolic" / "b.fits").readlink() == source / "sub" / "b.fits"
    assert not (tmp_path / "symbolic" / "x_asn.json").is_symlink()


def test_a_hard_link_to_a_link_is_one_to_the_file(source: Path, tmp_path: Path) -> None:
    (source / "a.fits").rename(tmp_path / "real.fits")
    (source / "a.fits").symlink_to(tmp_path / "real.fits")
    gather(source / "x_asn.json", tmp_path / "new", link="hard")
    assert not (tmp_path / "new" / "a.fits").is_symlink()
    assert there(tmp_path / "new") == ALL


@pytest.mark.usefixtures("source")
def test_a_command_copies(tmp_path: Path) -> None:
    log = tmp_path / "log"
    script = tmp_path / "copy files"
    script.write_text(f'#!/bin/sh\necho "$1 $(basename "$3")" >> "{log}"; cp "$2" "$3"\n')
    script.chmod(0o755)
    gather("source/x_asn.json", tmp_path / "new", command=f"'{script}' -q")
    assert there(tmp_path / "new") == ALL
    assert log.read_text() == "-q a.fits\n-q b.fits\n-q s.fits\n"


def test_in_its_own_folder_an_association_only_loses_the_folders_of_members(source: Path) -> None:
    other = write(source / "y_asn.json", from_list(["a.fits"], product_name="y").to_dict())
    assert gather(other, source).new == frozenset()
    with pytest.raises(OutputError) as error:
        gather(source / "x_asn.json", source)
    assert str(error.value) == f"{source} has x_asn.json with other content; choose another folder, or use --overwrite"
    assert gather(source / "x_asn.json", source, overwrite=True).new == {source / "x_asn.json", source / "b.fits"}


def _missing(source: Path) -> None:
    (source / "a.fits").unlink()
    (source / "sub" / "b.fits").unlink()


def _in_the_way(source: Path) -> None:
    (source.parent / "new").mkdir()
    (source.parent / "new" / "s.fits").write_text("other")
    (source.parent / "new" / "a.fits").mkdir()
    (source.parent / "new" / "x_asn.json").symlink_to("nowhere")


def _one_name(source: Path) -> None:
    write(source / "x_asn.json", from_list(["b.fits", "sub/b.fits"], product_name="x").to_dict())
    (source / "b.fits").touch()


def _name_of_the_association(source: Path) -> None:
    (source / "sub" / "x_asn.json").touch()
    write(source / "x_asn.json", from_list(["sub/x_asn.json"], product_name="x").to_dict())


def _its_own_member(source: Path) -> None:
    write(source / "x_asn.json", from_list(["a.fits", "x_asn.json"], product_name="x").to_dict())


def _passwords(source: Path) -> None:
    (source.parent / "passwords").write_text("root")
    write(source / "x_asn.json", from_list([str(source.parent / "passwords")], product_name="x").to_dict())


def _passwords_above(source: Path) -> None:
    _passwords(source)
    write(source / "x_asn.json", from_list(["../passwords"], product_name="x").to_dict())


def _passwords_linked(source: Path) -> None:
    (source.parent / "passwords").write_text("root")
    (source / "a.fits").unlink()
    (source / "a.fits").symlink_to("../passwords")


#: What the cases call what is done to the folder.
DAMAGE: dict[str, Callable[[Path], None]] = {
    "nothing": lambda _: None,
    "missing": _missing,
    "in_the_way": _in_the_way,
    "one_name": _one_name,
    "name_of_the_association": _name_of_the_association,
    "its_own_member": _its_own_member,
    "passwords": _passwords,
    "passwords_above": _passwords_above,
    "passwords_linked": _passwords_linked,
}


@pytest.mark.parametrize("case", REFUSED)
def test_all_or_nothing(source: Path, tmp_path: Path, case: str) -> None:
    damage, options, kind, message = REFUSED[case]
    DAMAGE[damage](source)
    folder = tmp_path / "new"
    before = state(folder)
    with pytest.raises(getattr(errors, kind)) as error:
        gather(source / "x_asn.json", folder, **options)
    assert str(error.value) == message.replace("HERE", str(tmp_path))
    assert state(folder) == before


def test_missing_members_are_kept_apart(source: Path, tmp_path: Path) -> None:
    _missing(source)
    with pytest.raises(MissingMembersError) as error:
        gather(source / "x_asn.json", tmp_path / "new")
    assert error.value.members == ("a.fits", "sub/b.fits")
    assert not (tmp_path / "new").exists()


def test_associations_of_one_name_stay_apart(source: Path, tmp_path: Path) -> None:
    other = write(source / "sub" / "x_asn.json", from_list(["b.fits"], product_name="x").to_dict())
    with pytest.raises(AssociationError) as error:
        gather([source / "x_asn.json", other], tmp_path / "new")
    assert str(error.value) == f"{source}/x_asn.json and {other} have one name; gather them into different folders"


@pytest.mark.parametrize("name", [MANIFEST, JOURNAL, ".hidden.fits", temporary_name(of="a"), "all.jsonl.manifest.json"])
@pytest.mark.parametrize("key", ["expname", "tweakreg_catalog"])
def test_names_that_a_folder_of_results_reserves_are_refused(source: Path, name: str, key: str) -> None:
    (source / name).write_text('{"runs": []}')
    content = from_list(["a.fits"], product_name="y").to_dict()
    content["products"][0]["members"][0][key] = name
    with pytest.raises(OutputError) as error:
        gather(write(source / "y_asn.json", content), "new")
    assert str(error.value) == f"{source / name}: asnsolve reserves this name for itself; use another name"
    assert not Path("new").exists()


@pytest.mark.parametrize("name", ["b.fits", "B.FITS.GZ", "b.asdf", "b.ecsv", "link.fits"])
def test_data_comes_from_anywhere(source: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "far").mkdir()
    if name == "link.fits":
        (tmp_path / "far" / "key--1.fits").write_text("data")
        (tmp_path / "far" / name).symlink_to("key--1.fits")
    else:
        (tmp_path / "far" / name).write_text("data")
    content = from_list([str(tmp_path / "far" / name)], product_name="y").to_dict()
    gather(write(source / "y_asn.json", content), tmp_path / "new")
    assert there(tmp_path / "new") == {name: "data", "y_asn.json": name}


def test_a_text_that_happens_to_name_a_file_elsewhere_is_only_text(source: Path, tmp_path: Path) -> None:
    _passwords(source)
    content = from_list(["a.fits"], product_name="y").to_dict()
    content["products"][0]["members"][0]["note"] = "../passwords"
    gather(write(source / "y_asn.json", content), tmp_path / "new")
    assert there(tmp_path / "new") == {"a.fits": "A", "y_asn.json": "a.fits"}
    assert members(tmp_path / "new" / "y_asn.json")[0]["note"] == "../passwords"


@pytest.mark.usefixtures("source")
def test_files_that_appear_while_members_are_copied_are_not_lost(tmp_path: Path) -> None:
    script = tmp_path / "copy"
    script.write_text('#!/bin/sh\ncp "$1" "$2"; echo mine > new/s.fits\n')
    script.chmod(0o755)
    with pytest.raises(OutputError, match=r"^new has s\.fits with other content; choose another folder"):
        gather("source/x_asn.json", "new", command=str(script))
    assert there(tmp_path / "new") == {"s.fits": "mine\n"}
    assert gather("source/x_asn.json", "new", command=str(script), overwrite=True).new
    assert there(tmp_path / "new") == ALL


@pytest.mark.parametrize("options", [{}, {"source_folder": "source"}])
def test_files_that_a_member_names_come_along(source: Path, tmp_path: Path, options: dict[str, Any]) -> None:
    """Whatever the key; a value that is not a file, and a key with a meaning of its own, stay as they are."""
    (source / "cats").mkdir()
    for name in ("cats/a.ecsv", "science", "lost"):
        (source / name).write_text(name)
    more = {"tweakreg_catalog": "cats/a.ecsv", "exposerr": "lost", "group_id": "7", "other": 3, "mine": "s.fits"}
    content = {"products": [{"name": "p", "members": [{"expname": "a.fits", "exptype": "science", **more}]}]}
    write(source / "y_asn.json", content)
    found = gather(source / "y_asn.json", tmp_path / "new", **options)
    assert there(tmp_path / "new") == {"a.fits": "A", "a.ecsv": "cats/a.ecsv", "s.fits": "S", "y_asn.json": "a.fits"}
    assert members(tmp_path / "new" / "y_asn.json") == [
        {"expname": "a.fits", "exptype": "science", **more, "tweakreg_catalog": "a.ecsv"}
    ]
    assert [path.name for path in found.members] == ["a.fits", "a.ecsv", "s.fits"]


def test_the_file_of_the_shutters_comes_along(tmp_path: Path) -> None:
    """No multi-object spectrum can be calibrated without it; calibrated ones need it no more."""
    (row, *_) = [row for row in rows_of("msa") if row["msametfl"] != "NULL"]
    for level, product, rule in ((2, "rate", "DMSLevel2bBase"), (3, "cal", "DMS_Level3_Base")):
        folder = tmp_path / product
        (path,) = write_exposures(folder, [row], [product])
        made = from_list([path.name], default_base(level), product_name="x", asn_type=f"spec{level}")
        write(folder / "x_asn.json", made.to_dict())
        assert made.asn_rule == rule
        if level == 2:
            with pytest.raises(MissingMembersError, match=row["msametfl"]):
                gather(folder / "x_asn.json", tmp_path / "new")
        else:
            assert len(gather(folder / "x_asn.json", tmp_path / "without").members) == 1
        (folder / row["msametfl"]).write_text("shutters")
        found = gather(folder / "x_asn.json", tmp_path / f"new{level}")
        assert {each.name for each in found.members} == {path.name, row["msametfl"]}
