"""`from-list`, `edit` and `gather` against `asn_from_list`, `asn_edit` and `asn_gather`.

Where the two differ on purpose, the test says what the reference does, what is done here, and why.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rules import MISSION
from rules.level2_base import DMSLevel2bBase
from solver import from_list
from solver.app.cli import main
from tests.conformance.canonical import Entry, differences
from tests.conformance.interpreter import Reference

pytestmark = pytest.mark.reference

STEM = "jw01234001001_02101_0000"
#: An association file that is there already.
BEFORE = '{"products": []}'
FILES = [f"{STEM}1_mirimage_rate.fits", f"{STEM}2_mirimage_rateints.fits", f"{STEM}3_nrcb5_uncal.fits", "other.fits"]


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A folder for the reference and one for us, which is the current one."""
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    theirs.mkdir()
    ours.mkdir()
    monkeypatch.chdir(ours)
    return theirs, ours


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def products(content: dict[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (product["name"], [(member["expname"], member["exptype"]) for member in product["members"]])
        for product in content["products"]
    ]


# --- asn_from_list ------------------------------------------------------------------------------

#: Exit code of `from-list` here, since the files are not there; the reference does not look.
NOT_THERE = 1

#: Arguments that both take.
LISTS = {
    "level 3": ["--product-name", "deep", *FILES],
    "level 3, by short names": ["-r", "DMS_Level3_Base", "-f", "json", "--product-name", "deep", "a", "b", "c"],
    "level 2": ["-r", "DMSLevel2bBase", *FILES],
    "a level 3 rule": ["--rule", "Asn_Lv3Image", "--format", "json", "--product-name", "deep", *FILES],
    "a level 2 rule": ["--rule", "Asn_Lv2Image", *FILES],
}


@pytest.mark.parametrize("arguments", LISTS.values(), ids=LISTS)
def test_lists_give_the_same_products(reference: Reference, both: tuple[Path, Path], arguments: list[str]) -> None:
    """But for what no pipeline depends on: the type is the rule's, not the text `None`, and names tell the program."""
    theirs, ours = both
    reference.tool(theirs, "asn_from_list", "-o", "x_asn.json", *arguments)
    assert main(["from-list", "-o", "x_asn.json", *arguments]) == NOT_THERE
    its, mine = read(theirs / "x_asn.json"), read(ours / "x_asn.json")
    assert products(its) == products(mine)
    assert its["asn_type"] == "None"
    kept = ("asn_rule", "version_id", "degraded_status", "constraints", "asn_id", "target", "asn_pool")
    assert [its.get(key) for key in kept] == [mine.get(key) for key in kept]


def test_the_id_that_is_asked_for_is_written(reference: Reference, both: tuple[Path, Path]) -> None:
    """The reference writes a3001 whatever is asked for; here it is what was asked for, and a3001 by default."""
    theirs, ours = both
    arguments = ["-o", "x_asn.json", "--product-name", "deep", "-i", "c1001", "a.fits"]
    reference.tool(theirs, "asn_from_list", *arguments)
    assert main(["from-list", *arguments]) == NOT_THERE
    assert (read(theirs / "x_asn.json")["asn_id"], read(ours / "x_asn.json")["asn_id"]) == ("a3001", "c1001")


def test_what_fails_leaves_no_file(reference: Reference, both: tuple[Path, Path]) -> None:
    """The reference empties the file before it sees that it cannot make the association; here the file stays."""
    theirs, ours = both
    arguments = ["-o", "x_asn.json", "-r", "DMSLevel2bBase", "-i", "c1001"]
    for folder in both:
        (folder / "x_asn.json").write_text(BEFORE)
    with pytest.raises(RuntimeError, match="is not valid"):
        reference.tool(theirs, "asn_from_list", *arguments, "a_rate.fits")
    assert (theirs / "x_asn.json").read_text() == ""
    assert main(["from-list", *arguments, "a_rate.fits", "a_rate.fits"]) == 2
    assert (ours / "x_asn.json").read_text() == BEFORE
    # a background candidate without background is no reason to refuse what the user asks for by name
    assert main(["from-list", *arguments, "a_rate.fits"]) == NOT_THERE
    assert read(ours / "x_asn.json")["asn_id"] == "c1001"


def test_types_of_files_from_python(reference: Reference) -> None:
    """At Level 3 both give the same. At Level 2 the reference makes a product of the background, for which the
    pipeline fails; here it is a member of each science exposure's product.
    """
    files = {"a_rate.fits": "science", "b_rate.fits": "", "s_rate.fits": "background"}
    level3 = {"products": reference.from_list("DMS_Level3_Base", {**files, "b_rate.fits": "science"})}
    assert products(from_list(files.items(), product_name="p").to_dict()) == products(level3)
    level2 = {"products": reference.from_list("DMSLevel2bBase", files)}
    a, b, s = ("a_rate.fits", "science"), ("b_rate.fits", "science"), ("s_rate.fits", "background")
    assert products(level2) == [("a", [a]), ("b", [b]), ("undefined", [s])]
    assert products(from_list(files.items(), DMSLevel2bBase).to_dict()) == [("a", [a, s]), ("b", [b, s])]


def test_products_of_level_2_have_no_folder(reference: Reference, both: tuple[Path, Path]) -> None:
    """The reference puts the folder of a member into the product's name, where its pipelines ignore it."""
    theirs, ours = both
    arguments = ["-o", "x_asn.json", "-r", "DMSLevel2bBase", "sub/a_rate.fits"]
    reference.tool(theirs, "asn_from_list", *arguments)
    assert main(["from-list", *arguments]) == NOT_THERE
    member = ("sub/a_rate.fits", "science")
    assert products(read(theirs / "x_asn.json")) == [("sub/a", [member])]
    assert products(read(ours / "x_asn.json")) == [("a", [member])]


def test_its_loaders_read_what_is_listed(reference: Reference, tmp_path: Path) -> None:
    """Associations of lists, with and without a type, are valid by its schemas and read by its pipelines' loaders."""
    files: list[str | tuple[str, str]] = [
        *FILES,
        ("sky_cal.fits", "background"),
        ("star_cal.fits", "psf"),
        ("tacq_cal.fits", "target_acquisition"),
    ]
    level2 = [pair for pair in files if pair[-1] != "psf"]
    made = [
        from_list(files, product_name="one"),
        from_list(files, MISSION.find("Asn_Image"), product_name="two", asn_id="o001"),
        from_list(level2, DMSLevel2bBase),
        from_list(level2, MISSION.find("Asn_Lv2Image"), asn_id="c1001"),
    ]
    for number, association in enumerate(made):
        (tmp_path / f"{number}_asn.json").write_text(association.to_json(), encoding="utf-8")
    expected = [
        Entry(
            each.asn_rule,
            each.asn_type,
            each.asn_id,
            each.program,
            each.target or None,  # type: ignore[arg-type]  # files of Level 2 have no target then
            product.name,
            tuple(sorted((member.expname, member.exptype) for member in product.members)),
        )
        for each in made
        for product in each.products
    ]
    found = reference.read(tmp_path)
    assert {*found} == {"load_asn", "ModelContainer", "ModelLibrary", "Pipeline"}
    for reader, entries in found.items():
        report = differences(entries, expected)
        assert not report, f"{reader}:\n{report}"


def test_its_pipelines_find_the_files(reference: Reference, both: tuple[Path, Path]) -> None:
    """Members beside the association and in other folders are opened at both levels.

    Level 2 looks for a name with a folder from where it runs, and Level 3 from the association. So members of other
    folders have their whole path, unless the association is made where it runs.
    """
    fits = pytest.importorskip("astropy.io.fits")
    _, ours = both
    names = ["here_rate.fits", "data/there_rate.fits", "out/beside_rate.fits"]
    for name in names:
        (ours / name).parent.mkdir(exist_ok=True)
        fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(name="SCI")]).writeto(ours / name)
    pair = ["--background", *names[1:]]
    assert main(["from-list", "-r", "Asn_Lv2Image", "-o", "out/x_asn.json", names[0], *pair]) == 0
    assert main(["from-list", "-r", "Asn_Lv2Image", "-o", "x_asn.json", names[0], *pair]) == 0
    for folder, association in ((ours, "out/x_asn.json"), (ours, "x_asn.json"), (ours / "data", "../out/x_asn.json")):
        opened = reference.opened(folder, association)
        assert [(folder / name).resolve() for name in opened["level 2"]] == [ours / name for name in names]
        assert opened["level 3"] == [Path(name).name for name in names]


# --- asn_edit -----------------------------------------------------------------------------------

#: Arguments that both take; the associations are those of `associations`.
EDITS = {
    "add": ["-a", "l3_asn.json", "c_cal.fits", "d_cal.fits"],
    "add with a type": ["l3_asn.json", "--add", "--type", "background", "c_cal.fits"],
    "add to each product": ["l2_asn.json", "-a", "-t", "background", "c_rate.fits"],
    "remove": ["l3_asn.json", "b_cal.fits", "-r"],
    "remove several": ["--remove", "l3_asn.json", "b_cal.fits", "s_cal.fits"],
    "remove by another suffix": ["-r", "-i", "l3_asn.json", "b_rateints.fits"],
    "remove by another suffix, by long names": ["l3_asn.json", "--remove", "--ignore", "s_x1d.fits"],
    "remove by its path": ["l3_asn.json", "-r", "./b_cal.fits"],
    "remove from each product": ["-r", "l2_asn.json", "s_rate.fits"],
    "to another file": ["l3_asn.json", "-a", "-o", "new.json", "c_cal.fits"],
    "to another file, by the long name": ["l3_asn.json", "-a", "c_cal.fits", "--output", "new.json"],
}


def associations(*folders: Path) -> None:
    """The same associations in each folder, with keys of their own and in an order of their own."""
    content = from_list(["a_cal.fits", "b_cal.fits", ("s_cal.fits", "background")], product_name="deep").to_dict()
    content["products"][0]["members"][0] |= {"tweakreg_catalog": "\u00fc.ecsv", "exposerr": None}
    level3 = {"telescope": {"jwst": [1, None, 0.1]}, **content}
    level2 = from_list(["a_rate.fits", "b_rate.fits", ("s_rate.fits", "background")], DMSLevel2bBase).to_dict()
    for folder in folders:
        (folder / "l3_asn.json").write_text(json.dumps(level3))
        (folder / "l2_asn.json").write_text(json.dumps(level2))


@pytest.mark.parametrize("arguments", EDITS.values(), ids=EDITS)
def test_edits_give_the_same_files(reference: Reference, both: tuple[Path, Path], arguments: list[str]) -> None:
    """To the byte, but for the end of the last line."""
    theirs, ours = both
    associations(*both)
    unedited = (ours / "l3_asn.json").read_bytes() + (ours / "l2_asn.json").read_bytes()
    reference.tool(theirs, "asn_edit", *arguments)
    assert main(["edit", *arguments]) == 0
    names = sorted(path.name for path in theirs.iterdir())
    assert sorted(path.name for path in ours.iterdir()) == names
    for name in names:
        text, its = (ours / name).read_text(), (theirs / name).read_text()
        assert text.removesuffix("\n") == its
    assert b"".join((ours / name).read_bytes() for name in reversed(names)) != unedited


#: Arguments; the products that the reference makes; those that we make, or None where it is refused.
A, B, S, C = ("a_cal.fits", "science"), ("b_cal.fits", "science"), ("s_cal.fits", "background"), "c_cal.fits"
A2, B2, S2 = ("a_rate.fits", "science"), ("b_rate.fits", "science"), ("s_rate.fits", "background")
UNLIKE: dict[str, tuple[list[str], Any, Any]] = {
    "a file of another folder loses it there, and is not found then": (
        ["l3_asn.json", "-a", f"far/{C}"],
        [("deep", [A, B, S, (C, "science")])],
        [("deep", [A, B, S, (f"far/{C}", "science")])],
    ),
    "a member twice": (["l3_asn.json", "-a", "a_cal.fits"], [("deep", [A, B, S, A])], None),
    "an unknown type": (["l3_asn.json", "-a", C, "-t", "sky"], [("deep", [A, B, S, (C, "sky")])], None),
    "two science exposures of a level 2 product": (
        ["l2_asn.json", "-a", "c_rate.fits"],
        [("a", [A2, S2, ("c_rate.fits", "science")]), ("b", [B2, S2, ("c_rate.fits", "science")])],
        None,
    ),
    "no science left": (["l3_asn.json", "-r", "a_cal.fits", "b_cal.fits"], [("deep", [S])], None),
    "nothing left": (["l3_asn.json", "-r", "a_cal.fits", "b_cal.fits", "s_cal.fits"], [], None),
    "a level 2 product without its science exposure": (
        ["l2_asn.json", "-r", "a_rate.fits"],
        [("a", [S2]), ("b", [B2, S2])],
        [("b", [B2, S2])],
    ),
    "a file that is no member": (["l3_asn.json", "-r", "x.fits", "b_cal.fits"], [("deep", [A, S])], None),
    "nothing to do": (["l3_asn.json", "a_cal.fits"], [("deep", [A, B, S])], None),
}


@pytest.mark.parametrize(("arguments", "its", "mine"), UNLIKE.values(), ids=UNLIKE)
def test_where_edits_differ(
    reference: Reference, both: tuple[Path, Path], arguments: list[str], its: Any, mine: Any
) -> None:
    """The reference writes associations that no pipeline can run; here they are refused, or made right."""
    theirs, ours = both
    associations(*both)
    for folder in both:
        (folder / "far").mkdir()
        (folder / "far" / C).touch()
    name = next(each for each in arguments if each.endswith(".json"))
    before = read(ours / name)
    reference.tool(theirs, "asn_edit", *arguments)
    assert products(read(theirs / name)) == its
    try:
        code = main(["edit", *arguments])
    except SystemExit as left:
        code = int(str(left.code))
    assert code == (2 if mine is None else 0)
    assert products(read(ours / name)) == (products(before) if mine is None else mine)


def test_a_member_in_a_folder_can_be_removed(reference: Reference, both: tuple[Path, Path]) -> None:
    """The reference compares the name without its folder to the member with it, and so never finds one that has any."""
    theirs, ours = both
    text = from_list(["a.fits", "sub/b.fits"], product_name="p").to_json()
    for folder in both:
        (folder / "x_asn.json").write_text(text)
    arguments = ["x_asn.json", "-r", "sub/b.fits"]
    reference.tool(theirs, "asn_edit", *arguments)
    assert main(["edit", *arguments]) == 0
    assert products(read(theirs / "x_asn.json")) == [("p", [("a.fits", "science"), ("sub/b.fits", "science")])]
    assert products(read(ours / "x_asn.json")) == [("p", [("a.fits", "science")])]


# --- asn_gather ---------------------------------------------------------------------------------

#: Options that both take. Without `-c` the reference needs rsync.
GATHERED = {
    "all": ["-c", "cp"],
    "of a type": ["--cmd", "cp", "-t", "science", "--exp-types", "psf"],
    "without types": ["--cmd", "cp", "-x", "science", "--exclude-types", "psf"],
    "from a folder": ["-c", "cp", "--source", "far"],
    "from a folder, by the short name": ["-c", "cp", "-s", "far", "-v"],
}


def gatherable(*folders: Path, names: tuple[str, ...] = ("a.fits", "s.fits", "p.fits")) -> None:
    """An association in each folder with its members, and other ones of the same names in the folder `far`."""
    types = ("science", "background", "psf")
    association = from_list(zip(names, types, strict=False), product_name="p")
    for folder in folders:
        (folder / "new").mkdir()
        for name in names:
            for place in (folder, folder / "far"):
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                (place / name).write_text(f"{place.name} {name}".replace(folder.name, "here"))
        (folder / "x_asn.json").write_text(association.to_json())


@pytest.mark.parametrize("options", GATHERED.values(), ids=GATHERED)
def test_what_is_gathered_is_the_same(reference: Reference, both: tuple[Path, Path], options: list[str]) -> None:
    theirs, _ours = both
    gatherable(*both)
    reference.tool(theirs, "asn_gather", *options, "x_asn.json", "new")
    assert main(["gather", *options, "x_asn.json", "new"]) == 0
    there = [{path.name: path.read_text().rstrip("\n") for path in (folder / "new").iterdir()} for folder in both]
    assert there[0] == there[1]
    assert len(there[0]) > 1


def test_members_in_folders_are_found(reference: Reference, both: tuple[Path, Path]) -> None:
    """The reference looks for a member in a folder from the current folder, and so, from another one, does not find it
    beside its association, as Level 3 does.
    """
    theirs, ours = both
    gatherable(*both, names=("sub/a.fits",))
    for folder in both:
        (folder / "elsewhere").mkdir()
    with pytest.raises(RuntimeError, match="CalledProcessError"):
        reference.tool(theirs / "elsewhere", "asn_gather", "-c", "cp", "../x_asn.json", "../new")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ours / "elsewhere")
        assert main(["gather", "../x_asn.json", "../new"]) == 0
    assert sorted(path.name for path in (ours / "new").iterdir()) == ["a.fits", "x_asn.json"]


def test_all_or_nothing(reference: Reference, both: tuple[Path, Path]) -> None:
    """The reference copies until a member is missing, and replaces what is there; here neither happens."""
    theirs, ours = both
    gatherable(*both)
    for folder in both:
        (folder / "s.fits").unlink()
        (folder / "new" / "a.fits").write_text("mine")
    with pytest.raises(RuntimeError, match="CalledProcessError"):
        reference.tool(theirs, "asn_gather", "-c", "cp", "x_asn.json", "new")
    assert (theirs / "new" / "a.fits").read_text() == "here a.fits"
    assert main(["gather", "-c", "cp", "x_asn.json", "new"]) == 2
    assert main(["gather", "-c", "cp", "-x", "background", "x_asn.json", "new"]) == 2
    assert [path.name for path in (ours / "new").iterdir()] == ["a.fits"]
    assert (ours / "new" / "a.fits").read_text() == "mine"
