"""Pruning: each sentence of its description."""

from __future__ import annotations

from itertools import permutations

import numpy as np
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


def test_what_was_left_out_is_told_in_words() -> None:
    given = [made("o001: a name=p"), made("c1000: a name=q"), made("c1001: b c name=r"), made("c1002: b name=r")]
    _, dropped = prune(Associations.of(given))
    first, second = sorted(dropped, key=lambda each: each.association.asn_id)
    told = first.superseded()
    assert (told.product, told.rule, told.candidate) == ("q", "Asn_Test", "c1000")
    assert (told.kept, told.kept_rule, told.kept_candidate, told.again) == ("p", "Asn_Test", "o001", None)
    why = "same members; observations are preferred to other candidates, and candidates to discovery"
    assert str(told) == f"q in c1000 was left out for p (Asn_Test in o001): {why}"
    other = second.superseded(told)
    why = "same product name; the larger is preferred (2 members, not 1)"
    begin = "r in c1002 was left out for the same product by Asn_Test in c1001"
    assert (other.again, str(other)) == (told, f"{begin}: {why}; that was left out, too: {told}")


def test_some_of_those_left_out() -> None:
    given = [
        "o001: a name=p",
        "c1000: a name=q",
        "c1001: b c name=r",
        "c1002: b name=r",
        "o002: d name=s",
        "c1000: d name=t",
    ]
    _, dropped = prune(Associations.of(map(made, given)))
    assert len({each.why for each in dropped}) == 2
    first, second, third = dropped
    assert [*dropped.take(np.array([2, 0]))] == [third, first]
    assert [*dropped.take(np.array([1]))] == [second]


def test_nothing_to_prune() -> None:
    kept, dropped = prune(Associations.of([]))
    assert (len(kept), len(dropped)) == (0, 0)


def test_no_program_loses_a_product_to_another() -> None:
    pool = pool_of(row("a"), row("b", program="00001"), row("c", program="00001"))
    assert len(generate(pool, [agreeing()]).orphans) == 0
