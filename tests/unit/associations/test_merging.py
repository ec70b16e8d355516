"""Merging of Level 2 associations."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from rules import MISSION
from solver import generate
from solver.associations.association import Association, Member, Product
from solver.associations.association_table import Associations
from solver.associations.merging import merge
from tests.unit.small import Watched, cases, exposures, numbered, pool_of


def made(text: str) -> Association:
    """An association with products as in `"o001: p(a b:psf), q(c) target=2"`."""
    asn_id, _, given_text = text.partition(": ")
    given = {"program": "00001", "rule": "Asn_Two", "kind": "image2", "target": "1"}
    given |= dict(re.findall(r" (\w+)=(\w+)", given_text))
    products = tuple(
        Product(
            name, tuple(Member(file, role or "science") for file, _, role in (each.partition(":") for each in inside))
        )
        for name, inside in ((name, members.split()) for name, members in re.findall(r"(\w+)\((.*?)\)", given_text))
    )
    return Association(
        given["kind"], given["rule"], None, "", "", given["program"], "", asn_id, given["target"], "", products
    )


CASES = cases(__file__)["cases"]


@pytest.mark.parametrize("case", CASES)
def test_what_is_merged(case: str) -> None:
    given, expected = (list(map(made, each)) for each in CASES[case])
    merged = merge(numbered(given), {"Asn_Two"})
    assert [each.to_dict() for each in merged] == [each.to_dict() for each in numbered(expected)]
    assert len({each.name for each in merged}) == len(merged)


def test_what_else_a_file_had_is_kept() -> None:
    assert merge([replace(made("o001: p(a)"), extra={"mine": 1})], {"Asn_Two"})[0].extra == {"mine": 1}


def test_those_after_merged_ones_count_on_and_former_ones_keep_their_numbers() -> None:
    given = numbered([made(each) for each in ("o001: p(a)", "o001: q(b)", "o001: r(c) rule=Asn_One")])
    assert [each.sequence for each in merge(given, {"Asn_Two"})] == [1, 2]
    former = [replace(made("o001: r(c)"), sequence=7)]
    assert [each.sequence for each in merge(given, {"Asn_Two"}, Associations.of(former))] == [8, 7]


def test_products_of_one_name_are_united_in_one_pass() -> None:
    size, few = 100, 20
    files = [Watched(f"e{number}") for number in range(size)]
    one = made("o001: p(e)")
    each = [replace(one, products=(Product("p", (Member(file, "science"),)),)) for file in files]
    Watched.looked_up = 0
    (merged,) = merge([replace(association, sequence=number) for number, association in enumerate(each)], {"Asn_Two"})
    assert [member.expname for member in merged.members] == files
    assert Watched.looked_up < few * size


def test_merged_associations_are_numbered_anew_and_level_3_is_left_alone() -> None:
    rows = exposures(
        "a; b; c exp_type=MIR_TACQ acquisition; d obs_num=2 in=o002.observation", detector="MIRIMAGE"
    )  # fmt: skip
    associations = generate(pool_of(*rows), MISSION, discover=False).associations
    merged = merge(associations, [rule.spec.name for rule in MISSION.of_level(2)])
    assert [(each.file_name, [product.name for product in each.products]) for each in merged] == [
        ("jw00001-o001_image2_00001_asn.json", ["a", "b", "c"]),
        ("jw00001-o001_image3_00001_asn.json", ["jw00001-o001_t001_miri_f770w"]),
        ("jw00001-o002_image2_00001_asn.json", ["d"]),
        ("jw00001-o002_image3_00001_asn.json", ["jw00001-o002_t001_miri_f770w"]),
    ]
    assert merge(associations, ()) == associations
