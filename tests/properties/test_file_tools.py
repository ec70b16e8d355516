"""What holds for every list of files and every association file: an invariant in a sentence, in each docstring."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rules import MISSION
from rules.level2_base import DMSLevel2bBase
from solver import Association, edit, from_list, gather, load
from solver.app.cli import main
from solver.associations.member_types import MEMBER_TYPES
from solver.associations.names import exposure_name
from solver.errors import AssociationError
from solver.storage.editing import problems
from solver.storage.json_files import content_text

Content = dict[str, Any]

TYPES = st.sampled_from(sorted(MEMBER_TYPES))
NAMES = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "sub/", "../up/"]),
    st.text("abcü[ \x1b", min_size=1, max_size=3).map(str.strip).filter(bool),
    st.sampled_from(["_rate.fits", "_rateints.fits", "_cal.fits", ".fits"]),
)
#: What may stand in keys that are nobody's business.
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
EXTRA = st.dictionaries(st.sampled_from(["telescope", "note", "tweakreg_catalog", "group_id"]), VALUES, max_size=3)


@st.composite
def contents(draw: st.DrawFn) -> Content:
    """The content of a valid association file, with keys of its own and all keys in any order."""
    level = draw(st.sampled_from([2, 3]))
    products = []
    for name in draw(st.lists(st.text("pqr", min_size=1, max_size=3), min_size=1, max_size=3, unique=True)):
        files = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
        kinds = draw(st.lists(TYPES.filter("science".__ne__), min_size=len(files), max_size=len(files)))
        members = [
            _shuffled(draw, {"expname": file, "exptype": kind, **draw(EXTRA)})
            for file, kind in zip(files, ["science", *kinds[1:]], strict=True)
        ]
        products.append(_shuffled(draw, {"name": name, "members": draw(st.permutations(members)), **draw(EXTRA)}))
    known = {"asn_type": f"image{level}", "asn_id": "o001", "products": products}
    return _shuffled(draw, {**known, **draw(EXTRA)})


def _shuffled(draw: st.DrawFn, content: Content) -> Content:
    return {key: content[key] for key in draw(st.permutations(sorted(content)))}


def members(content: Content) -> list[dict[str, Any]]:
    return [member for product in content["products"] for member in product["members"]]


# --- edit ---------------------------------------------------------------------------------------


@given(contents(), NAMES, TYPES)
def test_what_was_added_and_is_removed_leaves_the_same_file(before: Content, file: str, kind: str) -> None:
    """Adding a file and removing it again gives the same text, whatever else stands in the file."""
    assume(kind != "science")
    base = Path(file).name
    assume(not any(Path(member["expname"]).name == base for member in members(before)))
    added = edit(before, add={file: kind})
    assert Counter(member["expname"] for member in members(added))[file] == len(before["products"])
    assert content_text(edit(added, remove=[file])) == content_text(before)


@given(contents(), TYPES, st.data())
def test_a_type_that_is_changed_and_changed_back_leaves_the_same_file(
    before: Content, kind: str, data: st.DataObject
) -> None:
    """Giving a member another type and then its own again gives the same text."""
    member = data.draw(st.sampled_from(members(before)))
    alike = [each for each in members(before) if Path(each["expname"]).name == Path(member["expname"]).name]
    assume({each["exptype"] for each in alike} == {member["exptype"]})
    changed = edit(before, retype={member["expname"]: kind}, force=True)
    back = edit(changed, retype={member["expname"]: member["exptype"]}, force=True)
    assert content_text(back) == content_text(before)


@given(contents(), st.text("pqrs", min_size=1), st.data())
def test_a_product_that_is_renamed_and_named_back_leaves_the_same_file(
    before: Content, name: str, data: st.DataObject
) -> None:
    """Renaming a product and naming it as before gives the same text."""
    old = data.draw(st.sampled_from(before["products"]))["name"]
    assume(name not in {product["name"] for product in before["products"]})
    renamed = edit(before, product_name=name, products=[old])
    assert name in {product["name"] for product in renamed["products"]}
    assert content_text(edit(renamed, product_name=old, products=[name])) == content_text(before)


@given(contents(), st.lists(NAMES, max_size=2), st.dictionaries(NAMES, TYPES, max_size=2))
def test_what_is_edited_without_force_stays_valid(before: Content, gone: list[str], new: dict[str, str]) -> None:
    """An edit that is not refused makes a valid association of a valid one, which the schema takes, too."""
    assert problems(before) == ()
    wanted = [*gone, members(before)[0]["expname"]]
    try:
        made = edit(before, add=new, remove=wanted, ignore_suffix=True)
    except AssociationError:
        return
    assert problems(made) == ()
    assert Association.from_json(content_text(made)).products


# --- from-list ----------------------------------------------------------------------------------


@given(st.dictionaries(NAMES, TYPES, min_size=1, max_size=6), st.sampled_from(MISSION.rules))
def test_what_is_listed_is_written_and_read_back(files: dict[str, str], rule: Any) -> None:
    """An association of a list has the files of the list, and is the same when it is written and loaded."""
    level2 = rule.spec.level == DMSLevel2bBase.level
    try:
        made = from_list(files.items(), rule, product_name=None if level2 else "p")
    except AssociationError:
        science = [file for file, kind in files.items() if kind == "science"]
        alike = len({exposure_name(file) for file in science}) < len(science)
        assert not science or (level2 and ("psf" in files.values() or alike))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x_asn.json"
        path.write_text(made.to_json(), encoding="utf-8")
        assert load(path) == (made,)
    listed = {(member.expname, member.exptype) for product in made.products for member in product.members}
    assert listed == set(files.items())
    assert problems(made.to_dict()) == () or level2


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["science", "background", "both", "imprint"])))
def test_level_2_products_are_about_one_science_exposure_each(files: dict[str, str]) -> None:
    """At Level 2 each science file has its product, with every other file once, and no file twice."""
    roles = {"both": ("science", "background")}
    pairs = [(f"{name}_rate.fits", kind) for name, given in files.items() for kind in roles.get(given, (given,))]
    science = [file for file, kind in pairs if kind == "science"]
    others = {(file, kind) for file, kind in pairs if kind != "science"}
    assume(science)
    made = from_list(pairs, DMSLevel2bBase, asn_type="image2")
    assert [product.name for product in made.products] == [file.removesuffix("_rate.fits") for file in science]
    for product, file in zip(made.products, science, strict=True):
        found = [(member.expname, member.exptype) for member in product.members]
        assert found[0] == (file, "science")
        assert set(found[1:]) == {each for each in others if each[0] != file}
        assert len(found) == len(set(found))
    assert problems(made.to_dict()) == ()


# --- gather and show ----------------------------------------------------------------------------


def in_files(folder: Path, before: Content) -> Path:
    """An association file with its members, two folders down, so that `..` stays inside."""
    home = folder / "one" / "two"
    home.mkdir(parents=True)
    for member in members(before):
        path = home / member["expname"]
        path.parent.mkdir(exist_ok=True)
        path.write_text(member["expname"], encoding="utf-8")
    path = home / "x_asn.json"
    path.write_text(content_text(before), encoding="utf-8")
    return path


@given(contents())
def test_gathered_files_are_the_ones_that_were_named(before: Content) -> None:
    """In the new folder each member's name, which has no folder, stands for a file as the old one did."""
    with tempfile.TemporaryDirectory() as folder:
        path = in_files(Path(folder), before)
        new = Path(folder) / "new"
        bases = {Path(member["expname"]).name for member in members(before)}
        if len(bases) < len({member["expname"] for member in members(before)}):
            with pytest.raises(AssociationError):
                gather(path, new)
            return
        gather(path, new)
        gathered = json.loads((new / "x_asn.json").read_text(encoding="utf-8"))
        for old, found in zip(members(before), members(gathered), strict=True):
            assert (new / found["expname"]).read_text(encoding="utf-8") == old["expname"]
            found["expname"] = old["expname"]
        assert content_text(gathered) == content_text(before)
        assert {each.name for each in new.iterdir()} == {*bases, "x_asn.json"}


@given(contents(), st.sets(st.sampled_from(["-v", "--json", "--exists"])))
def test_show_never_changes_anything_and_prints_nothing_but_text(before: Content, options: set[str]) -> None:
    """Showing an association leaves all files as they are and prints no control character but line ends."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as printed:
        path = in_files(Path(folder), before)
        files = {each: each.read_bytes() for each in Path(folder).rglob("*") if each.is_file()}
        assert main(["show", str(path), *sorted(options)]) == 0
        assert {each: each.read_bytes() for each in Path(folder).rglob("*") if each.is_file()} == files
    assert all(char.isprintable() or char == "\n" for char in printed.getvalue())
