"""Why two exposures are together, or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from rules.rule import Rule
from rules.vocabulary import Attribute, Column, Join
from rules.vocabulary.algebra import attributes_of, columns_in_order, leaves
from solver.associations import Association
from solver.explanation.explained import PairExplanation
from solver.explanation.facts import Alone, Apart, Kind, Obstacle, Separation, Together
from solver.explanation.obstacles import obstacles
from solver.explanation.places import admission, declared_by, joins_of, listed, places_of_its_own
from solver.explanation.refusals import lacks
from solver.explanation.solved import IDENTITY, SolvedProgram
from solver.explanation.untaken import superseded
from solver.pools import Pool
from solver.solving import requirements_of

Pair = tuple[int, int]


def pair_explanation(solved: SolvedProgram, pair: Pair) -> PairExplanation:
    """Why two exposures of a program are together, or not."""
    together: list[Together] = []
    apart: list[Apart] = []
    only: tuple[list[Alone], list[Alone]] = ([], [])
    for rule in solved.rules:
        shared = [each for each in solved.kept(rule) if each.rows.issuperset(pair)]
        qualify = [_qualifies(solved, rule, row) for row in pair]
        takes = [mine or _join(solved, rule, row) is not None for mine, row in zip(qualify, pair, strict=True)]
        if shared:
            together += (_together(each, pair) for each in shared)
        elif any(qualify) and all(takes):
            apart.append(_apart(solved, rule, pair))
        elif any(qualify):
            which = qualify.index(True)
            only[which].append(Alone(rule.spec.name, _unqualified(solved, rule, pair[1 - which])))
    one, other = (solved.pool.file_names[row] for row in pair)
    return PairExplanation((one, other), tuple(together), tuple(apart), tuple(only[0]), tuple(only[1]))


def strangers(pool: Pool, pair: Pair) -> PairExplanation:
    """Why two exposures of different programs are never together."""
    (one, other), (first, second) = ([column[row] for row in pair] for column in (pool.file_names, pool["program"]))
    never = Separation("agreement", "same program", "", {"program": (first, second)})
    return PairExplanation((one, other), (), (Apart("", (never,), None),), (), ())


def _together(association: Association, pair: Pair) -> Together:
    (product,) = association.products
    one, other = (next(each.exptype for each in product.members if each.row == row) for row in pair)
    return Together(association.file_name, product.name, association.asn_rule, association.asn_id, (one, other))


def _qualifies(solved: SolvedProgram, rule: type[Rule], row: int) -> bool:
    """Whether an exposure qualifies in one of its candidates."""
    types = {each.type for each in solved.admits[rule] if row in solved.candidates[each]}
    asked = (requirements_of(rule.spec, each, solved.table) for each in types)
    return any(all(solved.table.holds(each.predicate)[row] for each in every) for every in asked)


def _unqualified(solved: SolvedProgram, rule: type[Rule], row: int) -> tuple[Obstacle, ...]:
    """What a rule requires of each exposure by itself and this one does not fulfil."""
    place = places_of_its_own(solved, rule, row)[0]
    missing = [each for each in place.missing(solved.exposure(row)) if each.kind != "role"]
    return obstacles(solved.pool, place, row, missing, IDENTITY)


def _join(solved: SolvedProgram, rule: type[Rule], row: int) -> Join | None:
    """The relation by which an exposure may join groups."""
    return next((join for join, exposures in joins_of(rule.spec, solved.table) if exposures[row]), None)


def _apart(solved: SolvedProgram, rule: type[Rule], pair: Pair) -> Apart:
    """What keeps apart two exposures that a rule takes."""
    lost = superseded(solved, rule, pair)
    if lost is not None:
        return Apart(rule.spec.name, (), lost)
    # what has to agree may depend on the type of the candidate: the type with the fewest separations counts
    kinds = dict.fromkeys(each.type for each in solved.admits[rule] if solved.candidates[each].issuperset(pair))
    found = min((list(_between(solved, rule, pair, each)) for each in kinds or [None]), key=len)
    return Apart(rule.spec.name, tuple(found or _in_group(solved, rule, pair)), None)


def _between(solved: SolvedProgram, rule: type[Rule], pair: Pair, kind: str | None) -> Iterator[Separation]:
    """The constraints between the two themselves, in a candidate of a type; None if none has both."""
    if kind is None:
        one, other = (listed(solved.pool["asn_candidate"][row]) for row in pair)
        yield Separation("candidate", *admission(rule), {"candidates": (one, other)})
    joins = dict.fromkeys(join for row in pair if (join := _join(solved, rule, row)))
    for each in rule.spec.stated:
        if isinstance(each.constraint, Join) and each.constraint in joins:
            shared = _values(solved, each.constraint.sharing, pair)
            differing = {label: (one, other) for label, (one, other) in shared.items() if one != other or not one}
            if differing:
                yield Separation("join", str(each.constraint), each.by, differing)
    if joins:
        return
    for asked in requirements_of(rule.spec, kind or "", solved.table, pair[:1]):
        if not solved.table.holds(asked.predicate)[pair[1]]:
            compared = chain.from_iterable(map(attributes_of, leaves(asked.shown)))
            yield Separation(asked.kind, str(asked.stated), asked.by, _values(solved, compared, pair))
    if rule.spec.anchor:
        yield from _cardinality(solved, rule, pair)


def _cardinality(solved: SolvedProgram, rule: type[Rule], pair: Pair) -> Iterator[Separation]:
    """Whether one of them may be the exposure that a group is about, and the other fit it."""
    spec, by = rule.spec, declared_by(rule, "cardinality")
    one, other = (solved.table.choose(spec.roles)[row] for row in pair)
    if not any(seed == spec.anchor and fitting in spec.fitting for seed, fitting in ((one, other), (other, one))):
        yield Separation("role", str(spec.cardinality), by, {"role": (one, other)})
    for label, (mine, theirs) in _values(solved, spec.differing, pair).items():
        if mine == theirs or not (mine and theirs):
            yield Separation("difference", f"another {label}", by, {label: (mine, theirs)})


def _in_group(solved: SolvedProgram, rule: type[Rule], pair: Pair) -> Iterator[Separation]:
    """What becomes of a group that has both: it lacks something, or each of its products has only one of them."""
    groups = [each for each in solved.without(rule, (), finalize=False) if each.rows.issuperset(pair)]
    lacking = min((list(lacks(solved, rule, group)) for group in groups), key=len, default=[])
    for stated, _ in lacking:
        yield Separation("validity", str(stated.constraint), stated.by, {})
    if groups and not lacking:
        selection, expansion = rule.spec.selection, rule.spec.expansion
        roles = {each.exptype for each in groups[0].products[0].members if each.row in pair}
        selected = selection is not None and selection.role in roles
        kind: Kind = "selection" if selected else "expansion"
        declaration = selection if selected else expansion
        values = _values(solved, map(Column, columns_in_order(declaration)), pair)
        given = {label: each for label, each in values.items() if any(each)}
        yield Separation(kind, str(declaration), declared_by(rule, kind), given)


def _values(solved: SolvedProgram, attributes: Iterable[Attribute], pair: Pair) -> dict[str, tuple[str, str]]:
    """The values of the two for some attributes, by their words."""
    columns = {each.label: solved.table.values(each) for each in attributes}
    return {label: (column[pair[0]], column[pair[1]]) for label, column in columns.items()}
