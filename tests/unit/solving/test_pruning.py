"""Pruning: each sentence of its description."""

from __future__ import annotations

from itertools import permutations

import pytest

from solver import generate
from solver.associations.association import Association, Member, Product
from solver.associations.association_table import Associations
from solver.solving.pruning import prune
from tests.unit.small import agreeing, cases, pool_of, row


def made(text: str) -> Association:
    """An association such as `"o001: a b:psf name=p rule=Asn_A"`; without a name its product has one of its own."""
    asn_id, _, content = text.partition(": ")
    parts = [each.partition("=") for each in content.split()]
    options = {key: value for key, equals, value in parts if equals}
    pairs = [each.partition(":") for each, equals, _ in parts if not equals]
    return Association(
        "test3", options.get("rule", "Asn_Test"), None, "", "", "00001", "", asn_id, "", "",
        (Product(options.get("name", text), tuple(Member(file, role or "science") for file, _, role in pairs)),),
    )  # fmt: skip


CASES = cases(__file__)["cases"]


@pytest.mark.parametrize("case", CASES)
def test_of_associations_that_would_make_the_same_product_one_stays(case: str) -> None:
    stay = [made(each) for each in CASES[case][0]]
    drop = [(made(each), made(instead), why) for each, instead, why in CASES[case][1]]
    for given in permutations([*stay, *(each for each, _, _ in drop)]):
        kept, dropped = prune(Associations.of(given))
        assert sorted(kept, key=repr) == sorted(stay, key=repr)
        found = [(each.association, each.kept, each.why) for each in dropped]
        assert sorted(found, key=repr) == sorted(drop, key=repr)


def test_nothing_to_prune() -> None:
    kept, dropped = prune(Associations.of([]))
    assert (len(kept), len(dropped)) == (0, 0)


def test_no_program_loses_a_product_to_another() -> None:
    pool = pool_of(row("a"), row("b", program="00001"), row("c", program="00001"))
    assert len(generate(pool, [agreeing()]).orphans) == 0
