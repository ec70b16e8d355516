"""The analysis of rules is right: held against every exposure of a small domain, and against pools."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import MISSION
from rules.domains import DOMAIN
from rules.rule import RuleSpec, as_rule
from rules.vocabulary import (
    Predicate,
    Same,
    absent,
    all_of,
    any_of,
    combination,
    contains,
    first_given,
    mapped,
    not_,
    one_of,
    present,
    same,
)
from rules.vocabulary.algebra import negation, truth
from rules.vocabulary.domains import Table
from solver import Pool, compare, generate
from solver.checking.expressions import agree, choose, holds, shown
from solver.solving import compared
from solver.verification import problem
from solver.verification.difference_search import difference
from solver.verification.exposure_conditions import taken
from solver.verification.search import Space
from tests.unit.small import make_rule
from tests.unit.verification.mutations import mutants
from tests.unit.verification.toy import TOY, every

EXPOSURES = tuple(every())

#: Conditions that a predicate may be made of, on columns with tables; each holds for some exposures and not for others.
LEAVES = (
    one_of("exp_type", "mir_image", "nrc_tsimage"),
    one_of("filter", "f770w", "f200w", "f999w"),
    one_of(first_given("pupil", "filter"), "f162m", "f560w"),
    one_of(mapped("colour", "filter", {"f770w": "blue", "f560w": "blue"}, otherwise="red"), "blue"),
    contains("filter", "w2"),
    present("pupil"),
    present(first_given("pupil", "filter")),
    absent("is_psf"),
    one_of("bkgdtarg", "t"),
    combination("path", ("filter", "pupil"), [("f150w2", "f162m"), ("f200w", "f162m"), ("f770w", "")]),
)
PREDICATES: st.SearchStrategy[Predicate] = st.recursive(
    st.sampled_from(LEAVES),
    lambda parts: st.lists(parts, min_size=1, max_size=3).flatmap(
        lambda each: st.sampled_from([all_of(*each), any_of(*each), not_(each[0])])
    ),
    max_leaves=6,
)
VALUES = {name: tuple(dict.fromkeys(each[name] for each in EXPOSURES)) for name in EXPOSURES[0]}


def given_only(exposure: Mapping[str, str]) -> dict[str, str]:
    """What the exposure has."""
    return {name: value for name, value in exposure.items() if value}


@given(PREDICATES)
def test_an_exposure_is_found_if_and_only_if_there_is_one(predicate: Predicate) -> None:
    """The search finds an exposure if and only if one of the domain satisfies the predicate, and one that does."""
    satisfying = [each for each in EXPOSURES if holds(predicate, given_only(each))]
    found = Space(TOY).first(predicate)
    assert (found is not None) == bool(satisfying)
    assert found is None or {name: found[name] for name in EXPOSURES[0]} in satisfying


@given(PREDICATES)
def test_a_problem_that_is_too_large_is_split(predicate: Predicate) -> None:
    """With a low bound on combinations the search finds the same, or reports that it met the bound."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(problem, "_LARGEST", 8)
        try:
            found = Space(TOY).first(predicate)
        except problem.BoundError:
            return
    assert (found is None) == (Space(TOY).first(predicate) is None)
    assert found is None or holds(predicate, given_only({name: found[name] for name in EXPOSURES[0]}))


@given(PREDICATES)
def test_a_negated_predicate_is_the_opposite(predicate: Predicate) -> None:
    """A predicate or its negation holds for each exposure, and never both."""
    for exposure in map(given_only, EXPOSURES):
        assert holds(negation(predicate), exposure) is not holds(predicate, exposure)


@given(PREDICATES, st.sets(st.sampled_from(sorted(EXPOSURES[0]))), st.sampled_from(EXPOSURES))
def test_what_is_decided_by_some_values_holds_for_all_others(
    predicate: Predicate, names: set[str], exposure: Mapping[str, str]
) -> None:
    """What a predicate comes to by some of an exposure's values, it comes to for all exposures with these."""
    known = {name: exposure[name] for name in names}
    decided = truth(predicate, known)
    if decided is not None:
        for values in product(*(VALUES[name] for name in VALUES if name not in names)):
            other = known | dict(zip((name for name in VALUES if name not in names), values, strict=True))
            assert holds(predicate, given_only(other)) is decided


#: A rule whose roles are asked for.
ROLES = make_rule(same("program")).spec
AGREEMENTS = (
    same("filter"),
    same("filter", optional=True),
    same("instrume"),
    same("is_psf", optional=True, unless="background"),
    same(first_given("pupil", "filter"), only="science"),
    same("exp_type"),
)


@given(
    PREDICATES, PREDICATES, st.lists(st.sampled_from(AGREEMENTS), max_size=3, unique=True), st.sampled_from(AGREEMENTS)
)
def test_two_exposures_are_found_if_and_only_if_there_are_some(
    one: Predicate, other: Predicate, agreeing: list[Same], apart: Same
) -> None:
    """Two exposures that agree on some things and not on another are found if and only if the domain has such two."""
    within = [compared(each, ROLES.roles) for each in agreeing]
    found = Space(TOY).pair(one, other, within, compared(apart, ROLES.roles))

    def fits(first: Mapping[str, str], second: Mapping[str, str]) -> bool:
        a, b = given_only(first), given_only(second)
        if not (holds(one, a) and holds(other, b)):
            return False
        return all(_agree(each, a, b) for each in agreeing) and not _agree(apart, a, b)

    assert (found is not None) == any(fits(a, b) for a, b in product(EXPOSURES, repeat=2))
    if found is not None:
        first, second = ({name: each[name] for name in EXPOSURES[0]} for each in found)
        assert fits(first, second)


def _agree(each: Same, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two exposures agree on one thing, by the letter of the rules."""
    return agree(*(shown(each, {**exposure, "role": choose(ROLES.roles, exposure)}) for exposure in (one, other)))


# --- The mission's rules ----------------------------------------------------------------------------

SPACE = Space(DOMAIN)


@st.composite
def exposures_of(draw: st.DrawFn, specs: tuple[RuleSpec, ...]) -> list[dict[str, str]]:
    """A pool of exposures such as rules take, some with other values."""
    scopes = [scope for spec in specs for scope in SPACE.where(taken(spec))]
    chosen = draw(st.lists(st.sampled_from(scopes), min_size=1, max_size=2))
    rows = []
    for number in range(draw(st.integers(1, 5))):
        scope = draw(st.sampled_from(chosen))
        mode = DOMAIN.mode_of(scope.exp_types[0])
        assert mode is not None
        values: dict[str, str] = {}
        for table in (Table(("exp_type",), tuple((kind,) for kind in scope.exp_types)), *mode.tables):
            values |= draw(st.sampled_from(possible(table, scope.condition)))
        for name in ("targetid", "obs_num", "visit", "act_id", "dithptin", "expspcin", "mostilno", "patt_num"):
            values[name] = draw(st.sampled_from(["1", "1", "2", "3"]))
        kinds = draw(st.sampled_from(["observation", "group", "background"]))
        name = "o001" if kinds == "observation" else "c1000"
        cell = f"[('{name}', '{kinds}')]"
        rows.append(values | {"filename": f"a{number}_uncal.fits", "program": "1", "asn_candidate": cell})
    return rows


@cache
def possible(table: Table, condition: Predicate) -> list[dict[str, str]]:
    """The rows of a table that do not rule a condition out."""
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return [row for row in rows if truth(condition, row) is not False]


@given(st.data())
def test_versions_that_are_proved_equal_make_the_same_of_any_pool(data: st.DataObject) -> None:
    """Two versions of a rule that are proved equal over the domain make the same of every pool of its exposures."""
    rule = data.draw(st.sampled_from(MISSION.rules))
    changed = data.draw(st.sampled_from([each.spec for each in mutants(rule.spec)]))
    verdict = difference(rule.spec, changed, SPACE)
    if verdict.pool is None and verdict.proved:
        for _ in range(5):
            pool = Pool.from_rows(data.draw(exposures_of((rule.spec, changed))))
            before, after = (generate(pool, [as_rule(spec)]).associations for spec in (rule.spec, changed))
            assert compare(before, after).equal
