"""Explanations are true: what they say is asked of the solver. Each docstring states its invariant in one sentence."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any, cast

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from rules import MISSION, Rule
from rules.optical_paths import FIXED_SLIT
from rules.vocabulary import Column, Constraint, Many, without
from solver import Association, Pool, explain, explain_association, explain_orphans, explain_pair, generate
from solver.checking.expressions import choose
from solver.explanation.explained import MOST
from solver.explanation.facts import Need, Reason, Refusal
from solver.explanation.solved import KIND
from tests.properties import definition
from tests.properties.strategies import Row, pools

#: Kinds of constraints that a rule can be without.
STATED = {"condition", "agreement", "nearness", "validity"}
NUMBERS = st.integers(0, 99)

#: Explanations solve many variants of a pool, so a quick run has fewer of them.
FEWER = settings(max_examples=settings.default.max_examples // 2) if settings.default else settings()


def case(name: str) -> list[Row]:
    """A pool that failed once."""
    with (Path(__file__).parent / "cases" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{column.lower(): value for column, value in row.items()} for row in csv.DictReader(file, delimiter="|")]


CONFIRMATION = case("confirmation_of_another_visit")
ACQUISITIONS = case("acquisitions_in_two_programs")
CANDIDATE_OF_TWO_TYPES = case("candidate_of_two_types")
IMAGE_WITHOUT_TARGET = case("image_without_target")
LONE_IMPRINTS = case("lone_imprints")
PRISM = case("prism_with_a_filter")
PSF_IN_A_SLIT = case("psf_in_another_slit")


def relaxed(rule: type[Rule], constraints: Sequence[Constraint]) -> type[Rule]:
    """The rule without some of its constraints."""
    if not constraints:
        return rule
    return cast("type[Rule]", type("Asn_Relaxed", (rule,), {"constraints": (without(*constraints),)}))


def constraints_of(rule: type[Rule], named: Iterable[Reason]) -> list[Constraint]:
    """The constraints of a rule that are named."""
    names = {(each.constraint, each.by) for each in named}
    found = [each.constraint for each in rule.spec.stated if (str(each.constraint), each.by) in names]
    assert len(found) == len(names)
    return found


def files(association: Association, pool: Pool) -> set[str]:
    """File names of the exposures of an association."""
    return {pool.file_names[row] for row in association.rows}


def made(pool: Pool, rule: type[Rule], *, finalize: bool = True) -> list[Association]:
    """What a rule makes by itself, with what is not kept."""
    result = generate(pool, [rule], finalize=finalize)
    return [*result.associations, *(each.association for each in result.dropped)]


def takes(pool: Pool, rule: type[Rule], file: str) -> bool:
    """Whether a rule makes an association with an exposure."""
    return any(file in files(association, pool) for association in made(pool, rule))


def changed(rows: Sequence[Row], file: str, change: dict[str, str]) -> list[Row]:
    """The rows, with other values for one exposure."""
    return [row | (change if row["filename"] == file else {}) for row in rows]


def refusals(rows: Sequence[Row], number: int) -> Iterator[tuple[Pool, str, Refusal]]:
    """Why rules did not take one of the exposures."""
    pool = Pool.from_rows(rows)
    file = pool.file_names[number % len(pool)]
    yield from ((pool, file, refusal) for refusal in explain(pool, file).refusals)


# --- What an explanation is about ---------------------------------------------------------------


@FEWER
@given(pools(), NUMBERS)
def test_memberships_are_those_of_the_whole_run(rows: list[Row], number: int) -> None:
    """An exposure is in the associations, in the roles and with the files that the whole run gives."""
    pool = Pool.from_rows(rows)
    file = pool.file_names[number % len(pool)]
    explanation = {
        (each.association, each.product, each.rule, each.role, each.file) for each in explain(pool, file).memberships
    }
    assert explanation == {
        (association.file_name, each.name, association.asn_rule, member.exptype, member.expname)
        for association in generate(pool).associations
        for each in association.products
        for member in each.members
        if member.row is not None and pool.file_names[member.row] == file
    }


@FEWER
@given(pools(), NUMBERS)
@example(CONFIRMATION, 1)
def test_every_rule_is_explained_once_at_most(rows: list[Row], number: int) -> None:
    """A rule has taken the exposure, or explains why not once, or is for other exposure types."""
    pool = Pool.from_rows(rows)
    explanation = explain(pool, pool.file_names[number % len(pool)])
    took = {each.rule for each in explanation.memberships}
    explained = [*took, *(each.rule for each in explanation.refusals)]
    assert len(explained) == len({*explained})
    assert all(str(each) and (each.reasons or each.superseded) for each in explanation.refusals)


@FEWER
@given(pools(), NUMBERS)
@example(ACQUISITIONS, 0)
@example(ACQUISITIONS, 4)  # a rule takes acquisitions in the other program, but here there is nothing to join
def test_rules_for_other_types_cannot_take_it(rows: list[Row], number: int) -> None:
    """A rule that explains nothing takes no exposure of this kind in the program."""
    everything = Pool.from_rows(rows)
    program = everything["program"][number % len(everything)]
    pool = everything.select([row for row in range(len(everything)) if everything["program"][row] == program])
    row = pool.file_names.index(everything.file_names[number % len(everything)])
    explanation = explain(pool, pool.file_names[row])
    explained = {each.rule for each in explanation.memberships} | {each.rule for each in explanation.refusals}
    for rule in (each for each in MISSION if each.spec.name not in explained):
        taken = {other for association in made(pool, rule) for other in association.rows}
        assert all([pool[c][other] for c in KIND] != [pool[c][row] for c in KIND] for other in taken)


# --- Obstacles ----------------------------------------------------------------------------------


@FEWER
@given(pools(), NUMBERS)
@example(CANDIDATE_OF_TWO_TYPES, 0)
def test_without_the_named_constraints_the_rule_takes_it(rows: list[Row], number: int) -> None:
    """A rule takes an exposure if it is without exactly the constraints named, and not if without only some of them,
    where it would have to be in a group of others that come in only by that."""
    for pool, file, refusal in refusals(rows, number):
        if refusal.superseded is None and {each.kind for each in refusal.reasons} <= STATED:
            rule = MISSION.find(refusal.rule)
            named = constraints_of(rule, refusal.reasons)
            assert takes(pool, relaxed(rule, named), file)
            for some in (list(some) for count in range(len(named)) for some in combinations(named, count)):
                with_less = relaxed(rule, some)
                others = {each for each in pool.file_names if each != file and not takes(pool, rule, each)}
                came = {each for each in others if takes(pool, with_less, each)}
                rest = pool.select([row for row, each in enumerate(pool.file_names) if each not in came])
                assert not takes(rest, with_less, file)


@FEWER
@given(pools(), NUMBERS)
@example(PSF_IN_A_SLIT, 0)
def test_what_an_exposure_has_is_what_the_pool_says(rows: list[Row], number: int) -> None:
    """The value that a reason says a column has is the pool's, and it is none of those that would do."""
    for pool, file, refusal in refusals(rows, number):
        row = pool.file_names.index(file)
        for need in (need for reason in refusal.reasons for need in reason.needs):
            assert_true(pool, row, need)


def assert_true(pool: Pool, row: int, need: Need) -> None:
    """A need says what the exposure has, and that this will not do."""
    labels = [Column(name).label for name in need.columns]
    if (labels == [need.attribute] and need.relation != "at least") or need.columns == ("targprop",):
        value = pool[need.columns[0]][row]
        mine = {value, FIXED_SLIT.translated(value)} if need.attribute == FIXED_SLIT.label else {value}
        # of a group the exposure has what the others have, or nothing
        assert not mine.isdisjoint({*need.values, ""} if need.relation == "theirs" else {need.has})
    match need.relation:
        case "one of" | "equal" | "shared" | "role":
            assert need.has not in need.values
        case "none of":
            assert need.has in {*need.values, ""} if need.values else need.has != ""
        case "given":
            assert need.has == ""


@FEWER
@given(pools(), NUMBERS)
def test_an_association_that_was_left_out_is_replaced_by_another(rows: list[Row], number: int) -> None:
    """Of an association that was not kept, the exposures are in the one named, or its product has that name."""
    for pool, file, refusal in refusals(rows, number):
        lost = refusal.superseded
        while lost is not None and lost.again is not None:
            lost = lost.again
        if lost is not None:
            kept = [
                each
                for each in generate(pool).associations
                if _key(each) == (lost.kept, lost.kept_rule, lost.kept_candidate)
            ]
            assert kept
            assert lost.kept == lost.product or any(file in files(each, pool) for each in kept)


def _key(association: Association) -> tuple[str, str, str]:
    return association.products[0].name, association.asn_rule, association.asn_id


# --- Fixes --------------------------------------------------------------------------------------


@FEWER
@given(pools(), NUMBERS)
def test_a_fix_lets_the_exposure_in(rows: list[Row], number: int) -> None:
    """With exactly the statements of a fix, the whole run has the exposure with the rule and in the role named."""
    for pool, file, refusal in refusals(rows, number):
        if refusal.fix is not None:
            stated = with_options(pool, refusal.fix.statements)
            row = stated.file_names.index(file)
            assert (refusal.fix.rule, refusal.fix.role, refusal.fix.beside) in roles_of(stated, row)


def with_options(pool: Pool, options: Iterable[str]) -> Pool:
    """A pool with what options state."""
    texts: dict[str, list[str]] = {}
    for option in options:
        kind, _, text = option.removeprefix("--").partition(" ")
        texts.setdefault(kind, []).append(text)
    return pool.with_statements(texts)


def roles_of(pool: Pool, row: int) -> set[tuple[str, str, int]]:
    """The rules of the associations that have an exposure, its role in each, and the number of other members."""
    return {
        (each.asn_rule, member.exptype, len(each.members) - 1)
        for each in generate(pool).associations
        for member in each.members
        if member.row == row
    }


@FEWER
@given(pools(), NUMBERS, NUMBERS)
def test_why_an_exposure_is_not_in_an_association(rows: list[Row], number: int, which: int) -> None:
    """An exposure is in the association asked for, or there is a reason; a fix combines it with one of its members."""
    pool = Pool.from_rows(rows)
    made = generate(pool).associations
    assume(made)
    association = made[which % len(made)]
    program = pool["program"][min(association.rows)]
    inside = [row for row, other in enumerate(pool["program"]) if other == program]
    row = inside[number % len(inside)]
    explanation = explain(pool, pool.file_names[row], association=association.file_name)
    assert bool(explanation.memberships) == (row in association.rows)
    if not explanation.memberships:
        (refusal,) = explanation.refusals
        assert str(refusal)
        assert refusal.product == association.products[0].name
        for need in (need for reason in refusal.reasons for need in reason.needs):
            assert_true(pool, row, need)
        if refusal.fix is not None:
            stated = with_options(pool, refusal.fix.statements)
            file, others = pool.file_names[row], files(association, pool) - {pool.file_names[row]}
            with_it = [files(each, stated) for each in generate(stated).associations]
            assert any(file in each and others & each for each in with_it)


# --- Two exposures, an association, orphans -----------------------------------------------------


@FEWER
@given(pools(), NUMBERS, NUMBERS)
def test_the_explanation_of_a_pair_agrees_with_the_run(rows: list[Row], one: int, other: int) -> None:
    """Two exposures are together in the associations with both, and apart under rules without such ones."""
    pool = Pool.from_rows(rows)
    pair = pool.file_names[one % len(pool)], pool.file_names[other % len(pool)]
    assume(pair[0] != pair[1])
    explanation = explain_pair(pool, *pair)
    shared = [each for each in generate(pool).associations if set(pair) <= files(each, pool)]
    assert {each.association for each in explanation.memberships} == {each.file_name for each in shared}
    assert {each.asn_rule for each in shared}.isdisjoint(each.rule for each in explanation.refusals)
    assert all(str(each) and (each.reasons or each.superseded) for each in explanation.refusals)
    for refusal in explanation.refusals:
        for need in (need for reason in refusal.reasons for need in reason.needs):
            assert_true(pool, pool.file_names.index(refusal.exposure), need)


@FEWER
@given(pools(), NUMBERS, NUMBERS)
@example(LONE_IMPRINTS, 0, 2)
def test_without_what_separates_them_two_exposures_come_together(rows: list[Row], one: int, other: int) -> None:
    """Two exposures that only constraints keep apart are in one association of a rule without exactly these."""
    pool = Pool.from_rows(rows)
    pair = pool.file_names[one % len(pool)], pool.file_names[other % len(pool)]
    assume(pair[0] != pair[1])
    for apart in explain_pair(pool, *pair).refusals:
        if (
            apart.exposure == pair[1]
            and apart.reasons
            and apart.product
            and {each.kind for each in apart.reasons} <= STATED
        ):
            rule = MISSION.find(apart.rule)
            named = constraints_of(rule, apart.reasons)
            assert any(set(pair) <= files(each, pool) for each in made(pool, relaxed(rule, named)))


@FEWER
@given(pools(), NUMBERS)
def test_the_explanation_of_an_association_agrees_with_the_run(rows: list[Row], number: int) -> None:
    """An association is found by its names, and explained with its members and with what was not kept for it."""
    pool = Pool.from_rows(rows)
    result = generate(pool)
    assume(result.associations)
    association = result.associations[number % len(result.associations)]
    explanation = explain_association(pool, association.file_name)
    assert explanation == explain_association(pool, association.name.upper())
    assert [(each.file, each.role) for each in explanation.memberships] == [
        (each.expname, each.exptype) for each in association.products[0].members
    ]
    assert all(each.grounds for each in explanation.memberships)
    direct = [each for each in result.dropped if replace(each.kept, sequence=association.sequence) == association]
    assert len(explanation.stands_for) == len(direct)


@FEWER
@given(pools(), NUMBERS)
def test_without_what_keeps_it_out_a_near_exposure_is_in_the_group(rows: list[Row], number: int) -> None:
    """An exposure that is close to an association is in a group with its members without the constraints named."""
    pool = Pool.from_rows(rows)
    associations = generate(pool).associations
    assume(associations)
    association = associations[number % len(associations)]
    rule = MISSION.find(association.asn_rule)
    if not isinstance(rule.spec.cardinality, Many):
        return
    explanation = explain_association(pool, association.file_name)
    members = {member.row for member in association.products[0].members}
    agreeing = {
        pool.file_names[row]
        for row in members
        if row is not None and choose(rule.spec.roles, pool.row(row)) not in {join.role for join in rule.spec.joins}
    }
    for miss, file in ((each, file) for each in explanation.groups for file in each.exposures):
        assert file not in files(association, pool)
        if {each.kind for each in miss.reasons} <= {"condition", "agreement"}:
            groups = made(pool, relaxed(rule, constraints_of(rule, miss.reasons)), finalize=False)
            assert any({file, *agreeing} <= files(each, pool) for each in groups)


@FEWER
@given(pools())
def test_every_orphan_has_one_reason(rows: list[Row]) -> None:
    """Each orphan of a run is in one group, and so is what further is in no association of a level, at each."""
    pool = Pool.from_rows(rows)
    explanation, result = explain_orphans(pool), generate(pool)
    orphans = {*result.orphans.file_names}
    used = {2: set[int](), 3: set[int]()}
    for made in result:
        used[made.level] |= made.rows
    further = [file for each in used.values() for row, file in enumerate(pool.file_names) if row not in each]
    listed = [file for group in explanation.groups for file in group.exposures]
    assert sorted(listed) == sorted([*orphans, *(file for file in further if file not in orphans)])
    assert all(group.reason for group in explanation.groups)


@FEWER
@given(pools())
def test_orphans_name_the_rule_that_comes_first(rows: list[Row]) -> None:
    """The rule that comes closest to an orphan is the first of its explanation, at a level of that by its rules."""
    pool = Pool.from_rows(rows)
    for group in [each for each in explain_orphans(pool).groups if each.rule][:3]:
        at_level = re.match(r"at Level (\d)", group.reason)
        rules = MISSION.of_level(int(at_level[1])) if at_level else MISSION
        assert explain(pool, group.exposures[0], rules=rules).refusals[0].rule == group.rule


@FEWER
@given(pools())
def test_the_reason_of_orphans_that_qualify_for_nothing(rows: list[Row]) -> None:
    """No rule fits an orphan exactly if its reason says so, and the closest does without what that names."""
    pool, by_file = Pool.from_rows(rows), {each["filename"]: each for each in definition.read(rows).rows}
    for group in explain_orphans(pool).groups:
        level, reason = re.findall("^(?:at Level (.), )?(.*)", group.reason)[0]
        every = MISSION.of_level(int(level)) if level else MISSION
        for file in group.exposures:
            qualifies = any(_qualifies(rule, by_file[file]) for rule in every)
            none = ("no rule fits", "no rule takes", "no association is expected", "exposure type")
            assert qualifies != reason.startswith(none)
            if group.rule:
                rule = MISSION.find(group.rule)
                assert _qualifies(relaxed(rule, constraints_of(rule, group.reasons)), by_file[file])


def _qualifies(rule: type[Rule], exposure: Mapping[str, str], kinds: Sequence[str] = ("",)) -> bool:
    """Whether an exposure qualifies by itself, in a candidate of no type or of one of these."""
    return any(definition.qualifies(rule.spec, {**exposure, "candidate_type": kind}) for kind in kinds)


# --- Explanations as data -----------------------------------------------------------------------


@FEWER
@given(pools(), NUMBERS)
def test_facts_are_plain_data_and_have_a_sentence(rows: list[Row], number: int) -> None:
    """Explanations consist of facts, texts, numbers and tables of them, and become sentences."""
    pool = Pool.from_rows(rows)
    file = pool.file_names[number % len(pool)]
    explained: list[Any] = [explain(pool, file), explain_orphans(pool)]
    explained += [explain_pair(pool, file, other) for other in pool.file_names[:2] if other != file]
    explained += [explain_association(pool, each.file_name) for each in generate(pool).associations[:2]]
    for each in explained:
        assert all(isinstance(leaf, str | int | bool | None) for leaf in leaves(each))
        assert len(str(each).splitlines()) <= MOST


def leaves(fact: Any) -> Iterator[Any]:
    """What facts consist of in the end."""
    if is_dataclass(fact) or isinstance(fact, Struct):
        names: tuple[str, ...] = getattr(fact, "__match_args__", ())
        yield from leaves({name: getattr(fact, name) for name in names})
    elif isinstance(fact, dict):
        yield from (leaf for part in (*fact, *fact.values()) for leaf in leaves(part))
    elif isinstance(fact, tuple):
        yield from (leaf for part in fact for leaf in leaves(part))
    else:
        yield fact
