"""Why two exposures are together, or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from rules.rule import Rule
from rules.vocabulary import Attribute, Column, Join
from rules.vocabulary.algebra import attributes_of, columns_in_order, leaves
from solver.associations import Association
from solver.default import Rules
from solver.errors import UnknownNameError
from solver.explanation.explained import PairExplanation
from solver.explanation.facts import Alone, Apart, Kind, Separation, Together
from solver.explanation.grounds import made
from solver.explanation.names import find_exposure, program_of
from solver.explanation.obstacles import obstacles
from solver.explanation.places import Place, declared, joins_of, listed, places_of_its_own
from solver.explanation.refusals import least_lacking
from solver.explanation.solved import IDENTITY, Asked, SolvedProgram
from solver.explanation.untaken import superseded
from solver.pools import Pool
from solver.progress import Reporter
from solver.solving import Requirement, requirements_of

Pair = tuple[int, int]


def explain_pair(
    pool: Pool, first: str, second: str, *, rules: Rules = None, request: Asked = None, reporter: Reporter | None = None
) -> PairExplanation:
    """Why two exposures are together, or not.

    Args:
        pool: the exposures.
        first: one exposure, named as in `explain`.
        second: the other.
        rules: the rules that are solved; by default the mission's.
        request: what was asked of the pool, if it was not everything.
        reporter: follows the solving of the program; each rule is a step.

    Raises:
        UnknownNameError: no exposure has one of the names, or several have; or both are names of one exposure.
    """
    one, other = find_exposure(pool, first), find_exposure(pool, second)
    if one == other:
        raise UnknownNameError(f"{pool.name}: {first!r} and {second!r} are one exposure; name two")
    files, programs = ((column[one], column[other]) for column in (pool.file_names, pool["program"]))
    if len(set(programs)) > 1:
        never = Separation("agreement", "same program", "", {"program": programs})
        return PairExplanation(files, (), (Apart("", (never,), None),), (), ())
    solved, row = program_of(pool, one, rules, reporter, request)
    return _explained(solved, (row, row + other - one), files)


def _explained(solved: SolvedProgram, pair: Pair, files: tuple[str, str]) -> PairExplanation:
    together: list[Together] = []
    apart: list[Apart] = []
    only: tuple[list[Alone], list[Alone]] = ([], [])
    for rule in solved.rules:
        shared = [each for each in solved.kept(rule) if each.rows.issuperset(pair)]
        together += (_together(each, pair) for each in shared)
        alone = [_alone(solved, rule, row) for row in pair]
        qualify = [not missing for _, missing in alone]
        if shared or not any(qualify):
            continue
        if all(mine or _join(solved, rule, row) is not None for mine, row in zip(qualify, pair, strict=True)):
            apart.append(_apart(solved, rule, pair))
        else:
            which = qualify.index(True)
            place, missing = alone[1 - which]
            told = obstacles(solved.pool, place, pair[1 - which], missing, IDENTITY)
            only[which].append(Alone(rule.spec.name, told))
    return PairExplanation(files, tuple(together), tuple(apart), tuple(only[0]), tuple(only[1]))


def _together(association: Association, pair: Pair) -> Together:
    one, other = (next(each.exptype for each in association.members if each.row == row) for row in pair)
    return Together(*made(association), (one, other))


def _alone(solved: SolvedProgram, rule: type[Rule], row: int) -> tuple[Place, list[Requirement]]:
    """Where an exposure qualifies by itself in some role; else the first of its places, and what it misses there."""
    every = [(place, place.missing(solved.exposure(row))) for place in places_of_its_own(solved, rule, row)]
    found = [(place, [each for each in missing if each.kind != "role"]) for place, missing in every]
    return next((each for each in found if not each[1]), found[0])


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
        yield Separation("candidate", *declared(rule, "candidates"), {"candidates": (one, other)})
    joins = [_join(solved, rule, row) for row in pair]
    for each in rule.spec.stated:
        if isinstance(each.constraint, Join) and each.constraint in joins:
            shared = _values(solved, each.constraint.sharing, pair)
            differing = {label: (one, other) for label, (one, other) in shared.items() if one != other or not one}
            if differing:
                yield Separation("join", str(each.constraint), each.by, differing)
    if any(joins):
        return
    for asked in requirements_of(rule.spec, kind or "", solved.table, pair[:1]):
        if not solved.table.holds(asked.predicate)[pair[1]]:
            compared = chain.from_iterable(map(attributes_of, leaves(asked.shown)))
            yield Separation(asked.kind, str(asked.stated), asked.by, _values(solved, compared, pair))
    if rule.spec.anchor:
        yield from _cardinality(solved, rule, pair)


def _cardinality(solved: SolvedProgram, rule: type[Rule], pair: Pair) -> Iterator[Separation]:
    """Whether one of them may be the exposure that a group is about, and the other fit it."""
    spec, (words, by) = rule.spec, declared(rule, "cardinality")
    one, other = (solved.table.choose(spec.roles)[row] for row in pair)
    if not any(seed == spec.anchor and fitting in spec.fitting for seed, fitting in ((one, other), (other, one))):
        yield Separation("role", words, by, {"role": (one, other)})
    for label, (mine, theirs) in _values(solved, spec.differing, pair).items():
        if mine == theirs or not (mine and theirs):
            yield Separation("difference", f"another {label}", by, {label: (mine, theirs)})


def _in_group(solved: SolvedProgram, rule: type[Rule], pair: Pair) -> Iterator[Separation]:
    """What becomes of a group that has both: it lacks something, or each of its products has only one of them."""
    groups = solved.without(rule, (), pair)
    if not groups:
        return
    group, lacking = least_lacking(solved, rule, groups)
    yield from (Separation("validity", each.constraint, each.by, {}) for each in lacking.values())
    if not lacking:
        selection = rule.spec.selection
        roles = {each.exptype for each in group.members if each.row in pair}
        kind: Kind = "selection" if selection is not None and selection.role in roles else "expansion"
        values = _values(solved, map(Column, columns_in_order(getattr(rule.spec, kind))), pair)
        yield Separation(kind, *declared(rule, kind), {label: each for label, each in values.items() if any(each)})


def _values(solved: SolvedProgram, attributes: Iterable[Attribute], pair: Pair) -> dict[str, tuple[str, str]]:
    """The values of the two for some attributes, by their words."""
    columns = {each.label: solved.table.values(each) for each in attributes}
    return {label: (column[pair[0]], column[pair[1]]) for label, column in columns.items()}
