"""Associations as columns: the same as the associations themselves."""

from __future__ import annotations

import copy
import json
import pickle
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from solver import AsnsolveError, Associations, Pool, generate, load
from solver.associations import merge
from solver.associations.association import Association, Member, Product
from solver.associations.json_text import json_files, json_lines
from solver.solving.result import Result

DEMO = Path(__file__).parents[3] / "benchmarks" / "demo_pool.csv"


@pytest.fixture(scope="module")
def demo() -> Result:
    return generate(Pool.read(DEMO))


def association(**changes: Any) -> Association:
    members = (Member("é_cal.fits", "science", None, "[('o001', 'observation')]", 3), Member("b.fits", "psf", "Lost"))
    words = ("image3", "Asn_A", None, "code", "good\n", "00001", 'filter = "f1"', "o001", "t001", "pool.csv")
    return replace(Association(*words, (Product("jw00001-o001", members),)), **changes)


ODD = [
    association(),
    association(version_id="v1", constraints="", sequence=12),
    association(version_id="", target="", products=(Product("p", ()), Product("q", (Member("x", "", "", ""),)))),
    association(products=()),
]


@pytest.mark.parametrize("made", [[], ODD, ODD[::-1]], ids=["none", "odd", "reversed"])
def test_columns_give_back_what_they_were_made_of(made: list[Association]) -> None:
    table = Associations.of(made)
    assert list(table) == made
    assert table == made
    assert [each.row for association in table for each in association.members] == [
        each.row for association in made for each in association.members
    ]
    assert Associations.joined([table, table]) == [*made, *made]
    assert Associations.joined([]) == []
    assert table.file_names == [each.file_name for each in made]


@pytest.mark.parametrize("made", [[], ODD], ids=["none", "odd"])
def test_the_json_is_that_of_each_association(made: list[Association]) -> None:
    table = Associations.of(made)
    assert json_lines(table) == json_lines(made)
    assert list(json_files(table).items()) == list(json_files(made).items())


def test_the_json_of_a_run_is_that_of_each_association(demo: Result) -> None:
    merged = merge(demo, {each.asn_rule for each in demo})
    for table in (demo.associations, Associations.of(merged)):
        assert json_lines(table) == json_lines(tuple(table))
        assert json_files(table) == json_files(tuple(table))


def test_any_part_in_any_order() -> None:
    table = Associations.of(ODD)
    for order in permutations(range(len(ODD)), 3):
        assert Associations.joined([table[each : each + 1] for each in order]) == [ODD[each] for each in order]
    assert table[::-2] == ODD[::-2]
    assert (table[-1], table[0]) == (ODD[-1], ODD[0])
    with pytest.raises(IndexError):
        table[len(ODD)]


@pytest.mark.parametrize(
    "name", ["jw01001-o009_t007_miri_p750l", "jw01001-c1001_coron3_00001_asn", "JW01001-C1001_CORON3_00001_ASN.json"]
)
def test_an_association_is_found_by_its_product_or_file(demo: Result, name: str) -> None:
    found = demo[name]
    assert name.lower() in {found.name, found.file_name, *(each.name for each in found.products)}


def test_what_took_the_place_of_a_product_that_was_left_out(demo: Result) -> None:
    gone = demo.dropped[0]
    lost, kept = gone.association.products[0].name, gone.kept.products[0].name
    with pytest.raises(AsnsolveError, match=f"^{lost} was left out for {kept}: same members; "):
        demo[lost]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("jw01001-c1001_coron3_0001_asn", "no product and no file is named '.*'; did you mean jw01001-c1001_coron3_"),
        ("same", r"'same' is a product of 2 associations; take one of jw00001-o001_image3_00001_asn.json, "),
    ],
)
def test_a_name_that_means_none_or_several_is_refused(demo: Result, name: str, message: str) -> None:
    twins = [replace(each, products=(Product("same", ()),)) for each in ODD[:2]]
    table = Associations.joined([demo.associations, Associations.of(twins)])
    with pytest.raises(AsnsolveError, match=message):
        table[name]


@pytest.mark.parametrize(
    "having",
    [
        {"rule": "Asn_Lv3Image"},
        {"rule": ["Asn_Lv3Image", "asn_lv2image"], "candidate": "O001"},
        {"type": "coron3"},
        {"program": "1001"},
        {"program": ("01001", 1003), "type": "image3"},
        {"exposure": "jw01001001001_02101_00001_nrcalong_uncal.fits"},
        {"rule": "none"},
        {},
    ],
    ids=str,
)
def test_what_is_selected(demo: Result, having: dict[str, Any]) -> None:
    keys = {"rule": "asn_rule", "type": "asn_type", "candidate": "asn_id", "program": "program"}

    def fits(association: Association) -> bool:
        for key, wanted in having.items():
            asked = {str(each).lower().lstrip("0") for each in ([wanted] if isinstance(wanted, str) else wanted)}
            if key == "exposure":
                stem = str(wanted).removesuffix("_uncal.fits")
                if not any(each.expname.startswith(stem) for each in association.members):
                    return False
            elif getattr(association, keys[key]).lower().lstrip("0") not in asked:
                return False
        return True

    found = demo.select(**having)
    assert found == [each for each in demo if fits(each)]


def test_copies_are_equal(demo: Result) -> None:
    for made in (pickle.loads(pickle.dumps(demo)), copy.deepcopy(demo)):  # noqa: S301 (it was made here)
        assert made.associations == demo.associations
        assert made.tried == demo.tried
        assert list(made.dropped) == list(demo.dropped)
        assert made.reasons == demo.reasons
    assert hash(demo.associations) == hash(tuple(demo))


def test_tables_have_a_row_for_each_product_and_member(demo: Result) -> None:
    products, members = demo.to_table(), demo.members_table()
    assert products["product"].to_pylist() == [product.name for each in demo for product in each.products]
    assert products["asn_file"].to_pylist() == [each.file_name for each in demo]
    assert sum(products["members"].to_pylist()) == len(members)
    assert members.select(["asn_file", "expname", "exptype", "exposerr", "asn_candidate"]).to_pylist() == [
        {
            "asn_file": each.file_name, "expname": member.expname, "exptype": member.exptype,
            "exposerr": member.exposerr, "asn_candidate": member.asn_candidate,
        }
        for each in demo for member in each.members
    ]  # fmt: skip
    for arrow, astropy in ((products, demo.to_table("astropy")), (members, demo.members_table("astropy"))):
        assert astropy.colnames == arrow.column_names
        for name in arrow.column_names:
            assert astropy[name].tolist() == arrow[name].to_pylist()
    with pytest.raises(ValueError, match="unknown kind of table 'pandas'; take arrow or astropy"):
        demo.to_table("pandas")  # type: ignore[arg-type]


@pytest.mark.parametrize("place", ["made", "made.jsonl", "made.jsonl.zst", "made.parquet"])
def test_what_is_written_is_loaded(demo: Result, tmp_path: Path, place: str) -> None:
    written = demo.write(tmp_path / place)
    assert set(load(tmp_path / place)) == set(demo)
    assert demo.write(tmp_path / place).files == written.files
    for name in written.files:
        (written.folder / name).write_text("mine", encoding="utf-8")
    with pytest.raises(AsnsolveError, match="exist"):
        demo.write(tmp_path / place)
    assert (written.folder / written.files[0]).read_text(encoding="utf-8") == "mine"
    demo.write(tmp_path / place, overwrite=True)
    assert set(load(tmp_path / place)) == set(demo)


def test_representations_are_short(demo: Result) -> None:
    assert repr(demo) == "<Result: 77 associations, 11 exposures in no association>"
    assert repr(demo.associations) == f"<Associations: 77 associations with {len(demo.members_table())} members>"
    assert all(len(repr(each)) < 300 for each in (*demo, *demo.tried, *demo.dropped))
    assert json.loads(demo[0].to_json())["asn_rule"] == demo[0].asn_rule
