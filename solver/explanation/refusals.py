"""Why a rule did not take an exposure.

A *minimal correction set* keeps it out: without these constraints the rule would take it, without only some of them
it would not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from rules.rule import Rule, Stated
from rules.vocabulary import AtLeast, Constraint, Has, Select, Spans
from solver.associations import Association, Member
from solver.explanation.facts import Need, Obstacle, Refusal
from solver.explanation.fixes import nearest_fix
from solver.explanation.obstacles import obstacles
from solver.explanation.places import Place, agreeing, declared_by, places_in, places_of_its_own, precedence
from solver.explanation.smallest_change import MOST
from solver.explanation.solved import SolvedProgram
from solver.explanation.untaken import Untaken, superseded
from solver.pools import Candidate
from solver.solving import Requirement


def refusal(case: Untaken) -> Refusal | None:
    """Why the rule did not take the exposure; None if it is for other kinds of exposures."""
    solved, rule, spec = case.solved, case.rule, case.rule.spec
    lost = superseded(solved, rule, [case.row], case.only)
    if lost is not None:
        return Refusal(spec.name, spec.summary, (), "", None, lost)
    own = [place for place in places_of_its_own(solved, rule, case.row, case.only) if place.is_open(case.fixed)]
    if not own and not case.may_join:
        return None
    kept = _places(case, own, solved.kept(rule, case.only))
    dropped = _places(case, own, [each.association for each in solved.dropped(rule, case.only)])
    if not (own or kept or dropped):
        return None
    told, product = _kept_out(case, own, [*kept, *dropped])
    # of equal fixes, first those by which it agrees with what is there, last those by which it only joins
    ranked = sorted([*kept, *own], key=lambda place: (place.is_joined, place.association is None))
    fix = None if case.any_kind else nearest_fix(case, ranked)
    return Refusal(spec.name, spec.summary, told or (left_out(case),), product, fix, None)


def nearness(found: Refusal) -> tuple[object, ...]:
    """Sort key of refusals: by the columns to change, the constraints in the way, the rule."""
    changes = 0 if found.superseded else len(found.fix.changes) if found.fix else MOST + 1
    return changes, len(found.obstacles), found.rule


def _places(case: Untaken, own: Sequence[Place], associations: Sequence[Association]) -> list[Place]:
    """The places that associations have for an exposure of this kind; to join only, where it has none of its own."""
    ordered = sorted(associations, key=lambda each: precedence(each.asn_id), reverse=True)
    there = [place for each in ordered for place in places_in(case.solved, case.rule, each)]
    return [place for place in there if place.is_open(case.fixed) and (own or place.is_joined)]


def _kept_out(case: Untaken, own: Sequence[Place], there: Sequence[Place]) -> tuple[tuple[Obstacle, ...], str]:
    """What keeps the exposure out of the least demanding place, and the product there.

    Args:
        case: the exposure under the rule.
        own: the places of its own.
        there: the places of associations.
    """
    # a rule considers an exposure that lacks only the right role
    alone = (all(each.kind == "role" for each in place.missing(case.exposure)) for place in own)
    if case.may_join or any(alone):
        within = kept_in_its_groups(case, ())
        if within:
            return within, ""
    spec = case.rule.spec
    begins_none = case.role in spec.fitting
    agrees = begins_none or not spec.anchor
    fit = (place for place in there if (case.may_join if place.is_joined else agrees))
    nearest = min(fit, key=case.distance, default=None)
    if nearest is None or not (begins_none or case.may_join):
        told = _kept_from(case, min(own, key=case.distance))
        if nearest is None or len(told) <= case.distance(nearest):
            return told, ""
    return _kept_from(case, nearest), nearest.association.products[0].name if nearest.association else ""


def _kept_from(case: Untaken, place: Place) -> tuple[Obstacle, ...]:
    """What keeps the exposure from a place: requirements, then what its group would lack without these."""
    missing = place.missing(case.exposure)
    if place.association is not None:
        missing = _minimal(case, missing)
    told = obstacles(case.solved.pool, place, case.row, missing, case.fixed)
    waived = _constraints(missing)
    return told if waived is None else (*told, *kept_in_its_groups(case, waived))


def kept_in_its_groups(case: Untaken, waived: Sequence[Constraint]) -> tuple[Obstacle, ...]:
    """What the groups that have the exposure lack, and what leaves it out of their products; nothing if none has it.

    Args:
        case: the exposure under the rule.
        waived: constraints that the rule is solved without.
    """
    if waived and case.taken_without(waived):
        return ()
    groups = case.groups_without(waived)
    if not groups:
        return ()
    every = [(group, list(lacks(case.solved, case.rule, group, waived))) for group in groups]
    group, lacking = min(every, key=lambda each: len(each[1]))
    told = tuple(obstacle for _, obstacle in lacking)
    if case.taken_without([*waived, *(stated.constraint for stated, _ in lacking)]):
        return told
    return (*told, left_out(case, group))


def _minimal(case: Untaken, missing: list[Requirement]) -> list[Requirement]:
    """The requirements without those that can stay; for each of them the rule is solved without the rest."""
    kept = list(missing)
    for each in missing if len(missing) > 1 else ():
        rest = [other for other in kept if other is not each]
        waived = _constraints(rest)
        if waived is not None and case.taken_without(waived):
            kept = rest
    return kept


def _constraints(missing: Sequence[Requirement]) -> list[Constraint] | None:
    """The constraints that requirements come from; None if a rule cannot do without one."""
    found = [each.constraint for each in missing if each.constraint is not None]
    return found if len(found) == len(missing) else None


def lacks(
    solved: SolvedProgram, rule: type[Rule], group: Association, waived: Collection[Constraint] = ()
) -> Iterator[tuple[Stated, Obstacle]]:
    """What a group of a rule, solved without the waived constraints, must show and does not."""
    candidate = solved.candidate_of(group, rule)
    rows = agreeing(solved, rule, candidate.type, group.rows, waived=waived)
    for stated in rule.spec.stated:
        need = _lack(solved, group, candidate, rows, stated.constraint)
        if need is not None:
            yield stated, Obstacle("validity", str(stated.constraint), stated.by, (need,))


def _lack(
    solved: SolvedProgram, group: Association, candidate: Candidate, rows: Sequence[int], asked: Constraint
) -> Need | None:
    members = group.products[0].members
    match asked:
        case Has(role, types) if not types or candidate.type in types:
            roles = sorted({member.exptype for member in members})
            return None if role in roles else Need("role", (), ", ".join(roles), "including", (role,))
        case AtLeast(number) if len(members) < number:
            return Need("exposures", (), str(len(members)), "at least", (str(number),))
        case Spans(column, number, types) if candidate.type in types:
            values = sorted({solved.pool[column.name][row] for row in rows} - {""})
            need = Need(column.label, (column.name,), ", ".join(values), "at least", (str(number),))
            return need if len(values) < number else None
        case _:
            return None


def left_out(case: Untaken, group: Association | None = None) -> Obstacle:
    """What leaves the exposure out of the products of a group that has it, or that it would be in."""
    spec = case.rule.spec
    members = group.products[0].members if group else ()
    role = next((member.exptype for member in members if member.row == case.row), case.role)
    if spec.selection is not None and role == spec.selection.role:
        needs = tuple(_unlike(case, spec.selection, members))
        return Obstacle("selection", str(spec.selection), declared_by(case.rule, "selection"), needs)
    return Obstacle("expansion", str(spec.expansion), declared_by(case.rule, "expansion"), ())


def _unlike(case: Untaken, selection: Select, members: Sequence[Member]) -> Iterator[Need]:
    """How an exposure that was not selected differs from those that the selection is for."""
    rows = [each.row for each in members if each.exptype == selection.about and each.row is not None]
    for column in (selection.target, selection.index):
        values = case.solved.pool[column.name]
        wanted = tuple(dict.fromkeys(values[row] for row in rows if values[row]))
        if wanted and values[case.row] not in wanted:
            yield Need(column.label, (column.name,), values[case.row], "one of", wanted)
