"""Why a rule did not take an exposure.

A *minimal correction set* keeps it out: without these constraints the rule would take it, without only some of them
it would not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from rules.rule import Rule
from rules.vocabulary import AtLeast, Column, Constraint, Has, Spans
from solver.associations import Association
from solver.explanation.facts import Need, Obstacle, Refusal
from solver.explanation.fixes import nearest_fix
from solver.explanation.obstacles import obstacles
from solver.explanation.places import Place, agreeing, declared, places_in
from solver.explanation.smallest_change import MOST
from solver.explanation.solved import SolvedProgram
from solver.explanation.untaken import Untaken, superseded


def refusal(case: Untaken) -> Refusal | None:
    """Why the rule did not take the exposure; None if it is for other kinds of exposures."""
    solved, rule, spec = case.solved, case.rule, case.rule.spec
    lost = superseded(solved, rule, [case.row], case.only)
    if lost is not None:
        return Refusal(spec.name, spec.summary, (), "", None, lost)
    kept = _places(case, solved.kept(rule, case.only))
    dropped = _places(case, [each.association for each in solved.dropped(rule, case.only)])
    if not (case.own or kept or dropped):
        return None
    told, product = _kept_out(case, [*kept, *dropped])
    # of equal fixes, first those by which it agrees with what is there, last those by which it only joins
    ranked = sorted([*kept, *case.own], key=lambda place: (place.is_joined, place.association is None))
    fix = None if case.any_kind else nearest_fix(case, ranked)
    return Refusal(spec.name, spec.summary, told or (left_out(case),), product, fix, None)


def nearness(found: Refusal) -> tuple[object, ...]:
    """Sort key of refusals: by the columns to change, the constraints in the way, the rule."""
    changes = 0 if found.superseded else len(found.fix.changes) if found.fix else MOST + 1
    return changes, len(found.obstacles), found.rule


def _places(case: Untaken, associations: Sequence[Association]) -> list[Place]:
    """The places that associations have for an exposure of this kind; to join only, where it has none of its own."""
    if not case.own and not case.may_join:
        return []
    ordered = sorted(associations, key=lambda each: each.asn_id[:1], reverse=True)  # as in `places_of_its_own`
    there = (place for each in ordered for place in places_in(case.solved, case.rule, each))
    return [place for place in there if place.is_open(case.fixed) and (case.own or place.is_joined)]


def _kept_out(case: Untaken, there: Sequence[Place]) -> tuple[tuple[Obstacle, ...], str]:
    """What keeps the exposure out of the least demanding place, its own or one of these, and the product there."""
    within = kept_in_its_groups(case, ()) if case.may_join or case.is_considered else ()
    if within:
        return within, ""
    anchor, fits = case.rule.spec.anchor, case.role in case.rule.spec.fitting
    fit = (place for place in there if (case.may_join if place.is_joined else fits or not anchor))
    nearest = min(fit, key=case.distance, default=None)
    if nearest is None or not (fits or case.may_join):
        told = _kept_from(case, min(case.own, key=case.distance))
        if nearest is None or len(told) <= case.distance(nearest):
            return told, ""
    return _kept_from(case, nearest), nearest.product


def _kept_from(case: Untaken, place: Place) -> tuple[Obstacle, ...]:
    """What keeps the exposure from a place: requirements, then what its group would lack without these."""
    missing = place.missing(case.exposure)
    # of what keeps it out of a group that is there, some can stay; each is tried
    for each in list(missing) if place.association and len(missing) > 1 else ():
        rest = [other for other in missing if other is not each]
        if case.taken_without([other.constraint for other in rest]):
            missing = rest
    told = obstacles(case.solved.pool, place, case.row, missing, case.fixed)
    waived = [each.constraint for each in missing if each.constraint is not None]
    return told if len(waived) < len(missing) else (*told, *kept_in_its_groups(case, waived))


def kept_in_its_groups(case: Untaken, waived: Sequence[Constraint]) -> tuple[Obstacle, ...]:
    """What the groups that have the exposure lack, and what leaves it out of their products; nothing if none has it.

    Args:
        case: the exposure under the rule.
        waived: constraints that the rule is solved without.
    """
    groups = case.groups_without(waived)
    if not groups or (waived and case.taken_without(waived)):
        return ()
    group, lacking = least_lacking(case.solved, case.rule, groups, waived)
    told = tuple(lacking.values())
    return told if case.taken_without([*waived, *lacking]) else (*told, left_out(case, group))


def least_lacking(
    solved: SolvedProgram, rule: type[Rule], groups: Iterable[Association], waived: Collection[Constraint] = ()
) -> tuple[Association, dict[Constraint, Obstacle]]:
    """Of groups of a rule, solved without the waived constraints, one that must show the least that it does not."""
    every = ((group, dict(_lacks(solved, rule, group, waived))) for group in groups)
    return min(every, key=lambda each: len(each[1]))


def _lacks(
    solved: SolvedProgram, rule: type[Rule], group: Association, waived: Collection[Constraint]
) -> Iterator[tuple[Constraint, Obstacle]]:
    kind = solved.candidate_of(group, rule).type
    roles = sorted({member.exptype for member in group.members})
    rows = agreeing(solved, rule, kind, group.rows, waived=waived)
    for stated in rule.spec.stated:
        match stated.constraint:
            case Has(role, types) if role not in roles and (not types or kind in types):
                need = Need("role", (), ", ".join(roles), "including", (role,))
            case AtLeast(number) if len(group.members) < number:
                need = Need("exposures", (), str(len(group.members)), "at least", (str(number),))
            case Spans(column, number, types) if kind in types:
                values = sorted({solved.pool[column.name][row] for row in rows} - {""})
                if len(values) >= number:
                    continue
                need = Need(column.label, (column.name,), ", ".join(values), "at least", (str(number),))
            case _:
                continue
        yield stated.constraint, Obstacle("validity", str(stated.constraint), stated.by, (need,))


def left_out(case: Untaken, group: Association | None = None) -> Obstacle:
    """What leaves the exposure out of the products of a group that has it, or that it would be in."""
    selection, members = case.rule.spec.selection, group.members if group else ()
    role = next((member.exptype for member in members if member.row == case.row), case.role)
    at = case.solved.request.background_at
    if role == "background" and at not in ("both", str(case.rule.spec.level)):
        return Obstacle("role", f"it is background, which the run leaves out here (--background-at {at})", "", ())
    if selection is None or role != selection.role:
        return Obstacle("expansion", *declared(case.rule, "expansion"), ())
    about = [each.row for each in members if each.exptype == selection.about and each.row is not None]
    needs = (_unlike(case, column, about) for column in (selection.target, selection.index))
    return Obstacle("selection", *declared(case.rule, "selection"), tuple(filter(None, needs)))


def _unlike(case: Untaken, column: Column, about: Sequence[int]) -> Need | None:
    """How an exposure that was not selected differs from those that the selection is for; None if it does not."""
    values = case.solved.pool[column.name]
    has, wanted = values[case.row], tuple(dict.fromkeys(values[row] for row in about if values[row]))
    return Need(column.label, (column.name,), has, "one of", wanted) if wanted and has not in wanted else None
