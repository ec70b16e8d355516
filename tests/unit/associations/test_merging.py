"""Merging of Level 2 associations."""

from __future__ import annotations

import pytest

from rules import MISSION
from solver import generate
from solver.associations.association import Association, Member, Product, numbered
from solver.associations.merging import merge
from tests.unit.small import candidates, pool_of, row


def made(asn_id: str, *products: str, **more: str) -> Association:
    """An association with products as in `"name: a b:psf"`."""
    given = {"program": "00001", "rule": "Asn_Two", "kind": "image2", "target": "1"} | more
    every = []
    for product in products:
        name, members = product.split(": ")
        pairs = [[*each.split(":"), "science"][:2] for each in members.split()]
        every.append(Product(name, tuple(Member(file, role) for file, role in pairs)))
    return Association(
        given["kind"], given["rule"], None, "", "", given["program"], "", asn_id, given["target"], "", tuple(every)
    )


#: associations, and what they become when those of Asn_Two are merged
CASES: dict[str, tuple[list[Association], list[Association]]] = {
    "nothing": ([], []),
    "one": ([made("o001", "p: a")], [made("o001", "p: a")]),
    "two of one candidate and type": (
        [made("o001", "p: a"), made("o001", "q: b")], [made("o001", "p: a", "q: b")],
    ),
    "products are in order of their names": (
        [made("o001", "q: b"), made("o001", "p: a"), made("o001", "r: c")], [made("o001", "p: a", "q: b", "r: c")],
    ),
    "two types": (
        [made("o001", "p: a"), made("o001", "p: a", kind="spec2")],
        [made("o001", "p: a"), made("o001", "p: a", kind="spec2")],
    ),
    "two candidates": (
        [made("o001", "p: a"), made("o002", "p: a")], [made("o001", "p: a"), made("o002", "p: a")],
    ),
    "two programs": (
        [made("o001", "p: a"), made("o001", "p: a", program="00002")],
        [made("o001", "p: a"), made("o001", "p: a", program="00002")],
    ),
    "other rules stay as they are": (
        [made("o001", "p: a", rule="Asn_Three"), made("o001", "q: b", rule="Asn_Three")],
        [made("o001", "p: a", rule="Asn_Three"), made("o001", "q: b", rule="Asn_Three")],
    ),
    "other rules stay apart from merged ones": (
        [made("o001", "p: a"), made("o001", "q: b", rule="Asn_Three"), made("o001", "r: c")],
        [made("o001", "p: a", "r: c"), made("o001", "q: b", rule="Asn_Three")],
    ),
    "products of one name have all their members, each once": (
        [made("o001", "p: a b:psf"), made("o001", "p: a c:psf b:psf")], [made("o001", "p: a b:psf c:psf")],
    ),
    "what else there is about it is the first's": (
        [made("o001", "p: a", target="1"), made("o001", "q: b", target="2")], [made("o001", "p: a", "q: b")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_merged(case: str) -> None:
    given, expected = CASES[case]
    merged = merge(numbered(given), {"Asn_Two"})
    assert [each.to_dict() for each in merged] == [each.to_dict() for each in numbered(expected)]
    assert len({each.name for each in merged}) == len(merged)


def test_merged_associations_are_numbered_anew_and_level_3_is_left_alone() -> None:
    rows = [
        row("a", detector="MIRIMAGE"), row("b", detector="MIRIMAGE"),
        row("c", detector="MIRIMAGE", exp_type="MIR_TACQ", pntgtype="TARGET_ACQUISITION"),
        row("d", detector="MIRIMAGE", obs_num="2", asn_candidate=candidates("o002 observation")),
    ]  # fmt: skip
    associations = generate(pool_of(*rows), MISSION, discover=False).associations
    merged = merge(associations, [rule.spec.name for rule in MISSION.of_level(2)])
    assert [(each.file_name, [product.name for product in each.products]) for each in merged] == [
        ("jw00001-o001_image2_00001_asn.json", ["a", "b", "c"]),
        ("jw00001-o001_image3_00001_asn.json", ["jw00001-o001_t001_miri_f770w"]),
        ("jw00001-o002_image2_00001_asn.json", ["d"]),
        ("jw00001-o002_image3_00001_asn.json", ["jw00001-o002_t001_miri_f770w"]),
    ]
    assert merge(associations, ()) == associations
