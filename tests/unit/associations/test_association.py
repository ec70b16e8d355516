"""Associations: their names and their JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from solver.associations.association import Association, Member, Product
from solver.errors import AssociationError
from tests.unit.small import numbered

MADE = Association(
    asn_type="image3",
    asn_rule="Asn_Test",
    version_id=None,
    code_version="asnsolve 0",
    degraded_status="fine",
    program="00001",
    constraints="program = 1",
    asn_id="o001",
    target="t001",
    asn_pool="pool.csv",
    products=(
        Product(
            "jw00001-o001_t001",
            (
                Member("a_cal.fits", "science", None, "[('o001', 'observation')]", 3),
                Member("b_cal.fits", "psf", "Lost"),
            ),
        ),
    ),
)


def other(**changes: str) -> Association:
    product = changes.pop("product", MADE.products[0].name)
    return replace(MADE, products=(replace(MADE.products[0], name=product),), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (MADE, "jw00001-o001_image3_00001_asn"),
        (replace(MADE, sequence=123456), "jw00001-o001_image3_123456_asn"),
        (replace(MADE, version_id="V1.2"), "jw00001-o001_v1.2_image3_00001_asn"),
        (replace(MADE, version_id=""), "jw00001-o001_image3_00001_asn"),
        (replace(MADE, asn_id="a3001", asn_type="wfs-image3"), "jw00001-a3001_wfs-image3_00001_asn"),
    ],
)
def test_the_name_of_an_association(made: Association, name: str) -> None:
    assert made.name == name
    assert made.file_name == f"{name}.json"


def test_the_json_has_the_keys_in_order_and_no_rows() -> None:
    assert MADE.to_json() == Path(__file__).with_name("association.json").read_text(encoding="utf-8")
    assert json.loads(MADE.to_json()) == MADE.to_dict()


def test_what_is_empty_is_not_written_and_is_read_as_empty() -> None:
    empty = replace(MADE, target="", constraints="")
    written = json.loads(empty.to_json())
    assert set(json.loads(MADE.to_json())) - set(written) == {"target", "constraints"}
    assert Association.from_json(empty.to_json()) == empty


def test_a_product_without_a_name_is_undefined() -> None:
    text = '{"products": [{"members": [{"expname": "a", "exptype": "science"}]}]}'
    assert Association.from_json(text).products[0].name == "undefined"


def test_what_is_no_association_is_told_by_the_name_of_its_source() -> None:
    with pytest.raises(AssociationError, match=r"^association\b"):
        Association.from_json("{}")
    with pytest.raises(AssociationError, match=r"^a_asn\.json\b"):
        Association.from_json("{}", source="a_asn.json")


def test_text_beyond_ascii_is_written_as_it_is() -> None:
    assert '"asn_pool": "süd.csv"' in replace(MADE, asn_pool="süd.csv").to_json()


def test_the_row_is_no_part_of_what_a_member_is() -> None:
    assert Member("a", "science", row=1) == Member("a", "science", row=2)
    assert "row" not in repr(Member("a", "science", row=1))
    assert MADE.products[0].has("psf")
    assert not MADE.products[0].has("background")


def test_associations_are_counted_per_program_id_and_type_in_canonical_order() -> None:
    expected = [
        (other(program="00002"), 1),
        (other(program="00010", asn_id="a3001"), 1),
        (other(program="00010", product="p1"), 1),
        (other(program="00010", product="p2"), 2),
        (other(program="00010", product="p2", asn_rule="Asn_Z"), 3),
        (other(program="00010", asn_type="spec3"), 1),
        (other(program="00010", asn_id="o002"), 1),
    ]
    for shuffled in (expected, expected[::-1], *list(permutations(expected))[::500]):
        made = numbered(each for each, _ in shuffled)
        assert list(made) == [replace(each, sequence=number) for each, number in expected]


def test_two_ways_of_writing_a_program_do_not_give_two_files_one_name() -> None:
    made = numbered([other(program="00001"), other(program="00001")])
    assert len({each.file_name for each in made}) == 2
