"""The largest sets of exposures that agree, and rules of one's own."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import pytest

from rules.vocabulary import case, choose, has, join, nod_pairs, one_of, one_seed, present, same, within
from solver import Pool, generate
from solver.checking import Report, check
from solver.checking.exposures import Exposures
from solver.checking.groups import Reading
from solver.pools import Candidate
from tests.unit.small import agreeing, candidates, pool_of, row

SIGNATURES = list(product(("", "a", "b"), ("", "a", "b")))
OF_O001 = {"asn_candidate": "[('o001', 'observation')]"}
ANY_OF_TWO = agreeing(same("filter", optional=True), same("pupil", optional=True)).spec


def agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return all(a == b or "" in (a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("count", range(4))
def test_the_largest_agreeing_sets_are_those_found_by_trying_all(count: int) -> None:
    for signatures in combinations(SIGNATURES, count):
        numbered = range(len(signatures))
        every = [
            some
            for size in range(1, count + 1)
            for some in combinations(numbered, size)
            if all(agree(signatures[one], signatures[other]) for one, other in combinations(some, 2))
        ]
        largest = [some for some in every if not any(set(some) < set(other) for other in every)]
        rows = [{"filename": "x", "program": "1", "filter": one, "pupil": other} for one, other in signatures]
        reading = Reading(ANY_OF_TWO, Candidate("1", "o001", "observation"), Exposures(OF_O001 | row for row in rows))
        assert sorted(group.agreeing for group in reading.groups()) == sorted(largest)


ROLES = choose(
    case("target_acquisition", one_of("exp_type", "mir_tacq")),
    case("background", present("bkgdtarg")),
    otherwise="science",
)
BOTH = candidates("o001 observation", "c1000 group")
POOL = pool_of(
    row("a", filter="", patt_num="1", visit="1", asn_candidate=BOTH, expstart="1.0"),
    row("b", filter="F1", patt_num="2", visit="1", asn_candidate=BOTH, expstart="1.4"),
    row("c", filter="F2", patt_num="3", visit="2", asn_candidate=BOTH, expstart="1.8"),
    row("d", filter="F1", patt_num="", visit="2", bkgdtarg="T", expstart="1.2"),
    row("t", filter="F3", exp_type="MIR_TACQ", visit="1", expstart="1.1"),
)
JOIN = join("target_acquisition", sharing=("visit",), else_sharing=("obs_num",))

RULES: dict[str, Any] = {
    "optional": agreeing(same("filter", optional=True), roles=ROLES),
    "joined": agreeing(same("filter"), JOIN, has("science"), roles=ROLES),
    "near": agreeing(within("expstart", 0.45), roles=ROLES),
    "near the seed": agreeing(
        within("expstart", 0.45), roles=ROLES, cardinality=one_seed("science", fitting=("background",))
    ),
    "other positions": agreeing(
        same("filter", optional=True),
        roles=ROLES,
        cardinality=one_seed("science", fitting=("science",), fitting_as="background", differing=("patt_num",)),
    ),
    "lone": agreeing(
        same("filter"), roles=ROLES, cardinality=one_seed("science", fitting=("background",), lone=("background",))
    ),
    "nods": agreeing(same("filter", optional=True), roles=ROLES, expansion=nod_pairs("science")),
}


def codes(report: Report) -> list[tuple[str, str]]:
    """Code and severity of the findings, but for the note that there is no Level 2."""
    return [(each.code, each.severity) for each in report.findings if each.code != "no-level-2"]


@pytest.mark.parametrize("name", RULES)
def test_rules_of_ones_own(name: str) -> None:
    made = tuple(generate(POOL, [RULES[name]]))
    report = check(POOL, made, [RULES[name]])
    assert report.errors == ()
    assert len(made) > 0
    for gone in made:
        left = [each for each in made if each is not gone]
        if any(each.asn_id == gone.asn_id for each in left):
            assert [each.code for each in check(POOL, left, [RULES[name]]).errors] == ["missing"]


def test_a_missing_association_of_several_rules_is_reported_once() -> None:
    rule = agreeing(same("targetid"), discovered=True)
    pool = pool_of(*(row(each, asn_candidate=BOTH) for each in "ab"), row("x", targetid="2"))
    made = generate(pool, [rule]).associations
    assert [each.asn_id for each in made] == ["o001", "o001"]
    found = check(pool, [each for each in made if each.target == "t002"], [rule]).errors
    message = "jw00001-o001_t001__clear of Asn_Test in observation candidate o001 of program 1 is missing"
    assert [each.message for each in found] == [f"{message}; its members would be"]


def test_a_smaller_group_of_one_name_may_have_gone() -> None:
    rule = agreeing(same("filter"), same("detector"))
    pool = pool_of(*(row(each, detector="A") for each in "ab"), row("c", detector="B"))
    result = generate(pool, [rule])
    assert [each.why for each in result.dropped] == ["same product name"]
    report = check(pool, result.associations, [rule])
    assert codes(report) == []
    assert report.in_none == ("c_uncal.fits",)
    both = [*result.associations, result.dropped[0].association]
    assert codes(check(pool, both, [rule])) == [("same-name", "error")]


def test_names_that_stay_double_are_a_warning() -> None:
    rule = agreeing(same("filter"), same("detector"))
    pool = pool_of(row("a", detector="A"), row("c", detector="B"))
    report = check(pool, generate(pool, [rule]).associations, [rule])
    assert codes(report) == [("same-name", "warning")]


def test_a_candidate_that_was_not_run_is_a_warning() -> None:
    rule = agreeing(same("targetid"))
    pool = Pool.from_rows([row("a"), row("b", asn_candidate=candidates("o002 observation"))])
    report = check(pool, generate(pool, [rule], candidates=["o001"]).associations, [rule])
    assert codes(report) == [("unaccounted", "warning")]
    assert report.findings[0].message == (
        "observation candidate o002 of program 1 has no associations here, though Asn_Test would make some"
    )
    assert report.findings[0].exposures == ("b_uncal.fits",)


def test_an_association_that_another_replaces() -> None:
    rule = agreeing(same("targetid"))
    pool = pool_of(*(row(each, asn_candidate=BOTH) for each in "ab"), row("x", targetid="2"))
    result = generate(pool, [rule])
    wrong = [result.dropped[0].association, *(each for each in result.associations if each.target == "t002")]
    assert [each.code for each in check(pool, wrong, [rule]).errors] == ["outranked"]


def test_a_candidate_of_two_types_does_not_outrank_itself() -> None:
    rule = agreeing(same("targetid"))
    pool = pool_of(*(row(each, asn_candidate=candidates("c1000 group", "c1000 background")) for each in "ab"))
    made = generate(pool, [rule]).associations
    assert len(made) == 1
    assert check(pool, made, [rule]).errors == ()
