"""Pruning: each sentence of its description."""

from __future__ import annotations

from itertools import permutations

import pytest

from solver import generate
from solver.associations.association import Association, Member, Product
from solver.solving.pruning import prune
from tests.unit.small import agreeing, pool_of, row


def made(asn_id: str, members: str, *, name: str = "", rule: str = "Asn_Test", asn_type: str = "test3") -> Association:
    """An association; members as in `"a b:psf"`; without a name its product has one of its own."""
    pairs = [[*each.split(":"), "science"][:2] for each in members.split()]
    product = Product(name or f"{asn_id} {members} {rule}", tuple(Member(file, role) for file, role in pairs))
    return Association(
        asn_type, rule, None, "", "", "00001", "", asn_id, "", "", (product,)
    )  # fmt: skip


SAME, NAME = "same members", "same product name"

#: associations: those that stay, and those that are dropped, with the one that is kept instead and why
CASES: dict[str, tuple[list[Association], list[tuple[Association, Association, str]]]] = {
    "nothing in common": ([made("o001", "a"), made("o001", "b")], []),
    "an observation's before a higher candidate's": (
        [made("o001", "a b")], [(made("c1000", "a b"), made("o001", "a b"), SAME)],
    ),
    "a higher candidate's before a discovered one": (
        [made("c1000", "a b")], [(made("a3001", "a b"), made("c1000", "a b"), SAME)],
    ),
    "an observation's before a discovered one": (
        [made("o001", "a")], [(made("a3001", "a"), made("o001", "a"), SAME)],
    ),
    "within a kind the greater id": (
        [made("c1001", "a")], [(made("c1000", "a"), made("c1001", "a"), SAME)],
    ),
    "within a kind the greater number": (
        [made("c1000", "a")], [(made("c999", "a"), made("c1000", "a"), SAME)],
    ),
    "within a candidate the rule that sorts last": (
        [made("o001", "a", rule="Asn_Z")],
        [(made("o001", "a", rule="Asn_A"), made("o001", "a", rule="Asn_Z"), SAME)],
    ),
    "the candidate decides before the rule": (
        [made("o001", "a", rule="Asn_A")],
        [(made("c1000", "a", rule="Asn_Z"), made("o001", "a", rule="Asn_A"), SAME)],
    ),
    "the order of members is no difference": (
        [made("o001", "b a")], [(made("c1000", "a b"), made("o001", "b a"), SAME)],
    ),
    "other roles are other members": ([made("o001", "a b:psf"), made("c1000", "a b")], []),
    "a part is not the same": ([made("o001", "a"), made("c1000", "a b")], []),
    "two pairs": (
        [made("o001", "a"), made("o002", "b")],
        [(made("c1000", "a"), made("o001", "a"), SAME), (made("c1000", "b"), made("o002", "b"), SAME)],
    ),
    "one name: the larger": (
        [made("o001", "a b", name="p")], [(made("o001", "a", name="p"), made("o001", "a b", name="p"), NAME)],
    ),
    "one name: the larger, though it has no member of the smaller": (
        [made("o001", "a b", name="p")], [(made("o001", "c", name="p"), made("o001", "a b", name="p"), NAME)],
    ),
    "one name: the larger of a candidate that comes later": (
        [made("a3001", "a b", name="p")], [(made("o001", "a", name="p"), made("a3001", "a b", name="p"), NAME)],
    ),
    "one name: equal numbers of members": ([made("o001", "a", name="p"), made("o001", "b", name="p")], []),
    "one name: a shared member in another role": (
        [made("o001", "a b", name="p"), made("o001", "a:psf", name="p")], [],
    ),
    "one name that the pipeline completes": (
        [made("o001", "a b", name="p_{slit_name}"), made("o001", "a", name="p_{slit_name}")], [],
    ),
    "one name that the pipeline completes, the same members": (
        [made("o001", "a", name="p_{x}")], [(made("c1000", "a", name="p_{x}"), made("o001", "a", name="p_{x}"), SAME)],
    ),
    "one name: three sizes": (
        [made("o001", "a b c", name="p")],
        [
            (made("o001", "a", name="p"), made("o001", "a b c", name="p"), NAME),
            (made("o001", "a b", name="p"), made("o001", "a b c", name="p"), NAME),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_of_associations_that_would_make_the_same_product_one_stays(case: str) -> None:
    stay, drop = CASES[case]
    for given in permutations([*stay, *(each for each, _, _ in drop)]):
        kept, dropped = prune(given)
        assert sorted(kept, key=repr) == sorted(stay, key=repr)
        found = [(each.association, each.kept, each.why) for each in dropped]
        assert sorted(found, key=repr) == sorted(drop, key=repr)


def test_nothing_to_prune() -> None:
    assert prune([]) == ([], [])


def test_no_program_loses_a_product_to_another() -> None:
    pool = pool_of(row("a"), row("b", program="00001"), row("c", program="00001"))
    assert len(generate(pool, [agreeing()]).orphans) == 0
