"""Why a rule did not take an exposure.

A *minimal correction set* keeps it out: without these constraints the rule would take it, without only some of them
it would not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rules.rule import declared
from rules.vocabulary import AtLeast, Constraint, Has, Spans
from solver.associations import Association
from solver.explanation.facts import Need, Reason, Reasons, Refusal
from solver.explanation.fixes import Rows, first_fix
from solver.explanation.places import Place, agreeing, anchors, places_in
from solver.explanation.reasons import reasons
from solver.explanation.solved import KIND, SolvedProgram
from solver.explanation.untaken import Untaken, Waived, superseded
from solver.multimap import grouped
from solver.pools import Candidate
from solver.words import plural


def refusal(case: Untaken) -> Refusal | None:
    """Why the rule did not take the exposure; None if it is for other kinds of exposures.

    The exposure could begin a group or be in a product of the rule; if it made none, in a group that lacks a role.
    """
    lost, guest = superseded(case, [case.row]), case.may_join or case.role in case.rule.spec.fitting
    made = case.solved.result.select(rule=case.rule.spec.name, candidate=case.only) if case.own or case.may_join else ()
    near = case.solved.nearest(made, case.row) if made else case.groups_without((), ()) if guest else ()
    there = (place for each in near for place in places_in(case.solved, each) if case.own or place.is_joined)
    places = [*case.own, *(each for each in there if each.is_open(case.fixed) and not case.distance(each)[0])]
    if lost is not None or not places:
        return lost
    # the rule would take it by itself but for its role
    considered = case.qualifies or (True, 1) in map(case.distance, case.own)
    if (case.may_join or considered) and (lacking := _in_groups(case, (), [case.row])):
        return _refused(case, None, lacking)
    if case.role in case.rule.spec.fitting and case.role != case.rule.spec.anchor and not near and case.only is None:
        need = Need("role", (), case.role, "needing", (case.rule.spec.anchor,))
        return _refused(case, None, (Reason("role", *declared(case.rule, "cardinality"), (need,)),))
    place = min(places, key=lambda each: (guest and not each.association, case.distance(each)[1]))
    return _refused(case, place.association if made else None, _kept_from(case, place, [case.row]))


def kept_from(case: Untaken, associations: Sequence[Association], other: int | None = None) -> Refusal:
    """Why the exposure is in none of these associations of the rule, or not together with another exposure.

    Args:
        case: the exposure under the rule.
        associations: the associations; the least demanding is explained.
        other: an exposure that is in all of them.
    """
    every = ((made, place) for made in associations for place in places_in(case.solved, made))
    made, place = min(every, key=lambda each: case.distance(each[1]))
    about = next(iter(anchors(case.solved, made)), min(made.rows)) if other is None else other
    partners = made.rows if other is None else frozenset({other})
    return _refused(case, made, _kept_from(case, place, [case.row, about]), partners)


def _refused(case: Untaken, made: Association | None, why: Reasons, partners: Rows = frozenset()) -> Refusal:
    """The reasons that keep the exposure from an association or a group of its own, with what helps."""
    spec, product = case.rule.spec, made.products[0].name if made else ""
    fix = first_fix(case, why, made.rows if made else frozenset(), partners)
    return Refusal(case.file, spec.name, spec.summary, product, why or (left_out(case, made),), fix)


def _kept_from(case: Untaken, place: Place, rows: Sequence[int]) -> Reasons:
    """What keeps the exposure from a place: requirements, then what a group with these exposures would lack."""
    missing = place.missing(case.exposure)
    # nothing else matters to an exposure in a role that never joins
    missing = [each for each in missing if each.kind == "role" and place.association] or missing
    # of what keeps it out of a group that is there, some can stay; each is tried
    for each in list(missing) if place.association and len(missing) > 1 else ():
        rest = [other for other in missing if other is not each]
        if case.groups_without([other.constraint for other in rest], rows, finalize=True):
            missing = rest
    unmet = reasons(case.solved, place, case.row, missing)
    return (*unmet, *_in_groups(case, [each.constraint for each in missing], rows))


def _in_groups(case: Untaken, waived: Waived, rows: Sequence[int]) -> Reasons:
    """What the groups that have some exposures lack, and what leaves the exposure out of products; nothing if none has.

    Args:
        case: the exposure under the rule.
        waived: constraints that the rule is solved without, as in `Untaken.groups_without`.
        rows: the exposures.
    """
    groups = case.groups_without(waived, rows)
    if not groups or (waived and case.groups_without(waived, rows, finalize=True)):
        return ()
    found = ((group, candidate) for group in groups for candidate in case.solved.candidates_of(group))
    every = ((group, dict(_lacks(case.solved, group, candidate))) for group, candidate in found)
    group, lacking = min(every, key=lambda each: len(each[1]))
    taken = case.groups_without([*waived, *lacking], rows, finalize=True)
    return (*lacking.values(), *(() if taken else (left_out(case, group),)))


def _lacks(solved: SolvedProgram, group: Association, candidate: Candidate) -> Iterator[tuple[Constraint, Reason]]:
    """The constraints on groups that a group of a candidate does not fulfil."""
    spec, kind, members = solved.rule(group.asn_rule).spec, candidate.type, agreeing(solved, group)
    roles = sorted({member.exptype for member in group.members})
    present = " and ".join(", ".join(roles).rsplit(", ", 1))
    for stated in spec.stated:
        needs = list[Need]()
        match stated.constraint:
            case Has(role, types) if role not in roles and (not types or kind in types):
                only = f"; this rule uses only {kind} candidates" * (getattr(spec.candidates, "values", ()) == (kind,))
                lacking = Need("role", (), present, "including", (role,), f"{candidate.id} ({kind}){only}")
                needs = [lacking, *_elsewhere(solved, group, candidate, role)]
            case AtLeast(number) if len(group.members) < number:
                needs = [Need("exposures", (), plural(len(group.members), "exposure"), "at least", (str(number),))]
            case Spans(column, number, types) if kind in types:
                spanned = sorted({solved.pool[column.name][row] for row in members} - {""})
                has, wanted = f"{column.label} {' and '.join(spanned)}", (plural(number, column.label),)
                needs += [Need(column.label, (column.name,), has, "at least", wanted)] if len(spanned) < number else []
        if needs:
            yield stated.constraint, Reason("validity", str(stated.constraint), stated.by, tuple(needs))


def _elsewhere(solved: SolvedProgram, group: Association, candidate: Candidate, role: str) -> Iterator[Need]:
    """How the exposures of its candidate that have a role differ from a group that lacks them, in the fewest values."""
    roles = solved.table.choose(solved.rule(group.asn_rule).spec.roles)
    rows = [row for row in sorted(solved.candidates[candidate]) if roles[row] == role]
    place = next(places_in(solved, group))
    every = {row: place.missing(solved.exposure(row)) for row in rows}
    least = min(every.values(), key=len, default=[])
    found = (each for row, missing in every.items() if missing == least for each in reasons(solved, place, row))
    needs = [need for each in found for need in each.needs if need.relation == "equal"]
    if any({*KIND}.intersection(need.columns) for need in needs):
        return  # they are of another kind
    for same in grouped((need.attribute, need) for need in needs).values():
        yield replace(same[0], has=", ".join(dict.fromkeys(each.has for each in same)), relation="theirs", where=role)


def left_out(case: Untaken, group: Association | None = None) -> Reason:
    """What leaves the exposure out of the products of a group that has it, or that it would be in."""
    selection, members = case.rule.spec.selection, group.members if group else ()
    role = next((member.exptype for member in members if member.row == case.row), case.role)
    at = case.solved.request.background_at
    if role == "background" and at not in ("both", str(case.rule.spec.level)):
        return Reason("request", f"it is background, which the run leaves out here (--background-at {at})", "")
    if selection is None or role != selection.role:
        made = tuple(each.expname for each in members if each.row is None and each.exptype == case.role)
        place = [Need("role", (), case.role, "in its place", made[:1])] if made else []
        return Reason("expansion", *declared(case.rule, "expansion"), tuple(place))
    about = [each.row for each in members if each.exptype == selection.about and each.row is not None]
    needs = list[Need]()
    for column in (selection.target, selection.index):
        values = case.solved.pool[column.name]
        has, wanted = values[case.row], tuple(dict.fromkeys(values[row] for row in about if values[row]))
        needs += [Need(column.label, (column.name,), has, "equal", wanted)] if wanted and has not in wanted else []
    return Reason("selection", *declared(case.rule, "selection"), tuple(needs))
