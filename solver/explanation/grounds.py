"""Why an exposure is in an association: in which role, and by which constraints."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rules.rule import Rule, declared
from rules.vocabulary import TRUE, Same
from rules.vocabulary.algebra import Whole, chosen, truth
from solver.associations import Association, Member
from solver.explanation.facts import Membership, Reason
from solver.explanation.places import anchors, places_in
from solver.explanation.reasons import decisive, met
from solver.explanation.solved import SolvedProgram
from solver.solving import Requirement, compared, requirements_of


def memberships(solved: SolvedProgram, association: Association, row: int | None = None) -> Iterator[Membership]:
    """The members of an association, or those that are files of one exposure, and why they are in."""
    rule = solved.rule(association.asn_rule)
    kind, about = solved.candidates_of(association)[0].type, anchors(solved, association)
    asked = list(requirements_of(rule.spec, kind, solved.table, about))
    agrees = np.all([solved.table.holds(each.predicate) for each in asked], axis=0)
    joined = [place for place in places_in(solved, association) if place.is_joined]

    def why(member: Member) -> Iterator[Reason]:
        if member.row is None:
            yield Reason("expansion", *declared(rule, "expansion"))
            return
        exposure = solved.exposure(member.row)
        ways = (place.requirements[-1] for place in joined if not place.missing(exposure))
        yield from (_ground(each, rule, exposure) for each in (asked if agrees[member.row] else ways))
        yield from _roles(rule, exposure, member.exptype)

    named = association.file_name, association.products[0].name, association.asn_rule, association.asn_id
    for member in (each for each in association.members if row in {None, each.row}):
        yield Membership(*named, member.expname, member.exptype, len(association.members) - 1, tuple(why(member)))


def _ground(requirement: Requirement, rule: type[Rule], exposure: Whole) -> Reason:
    """A requirement that an exposure meets."""
    needs = decisive(requirement.predicate, exposure)
    if isinstance(requirement.stated, Same):  # whether or not it is compared
        attribute, exempt = compared(requirement.stated, rule.spec.roles)
        needs = (met(attribute, exposure, "free" if requirement.shown == TRUE or truth(exempt, exposure) else "met"),)
    return Reason(requirement.kind, str(requirement.stated), requirement.by, needs)


def _roles(rule: type[Rule], exposure: Whole, role: str) -> Iterator[Reason]:
    """What gives the exposure its role: a line of the rule's table of roles, or what the rule makes of it."""
    own = chosen(rule.spec.roles, exposure)
    when = next((case.when for case in rule.spec.roles.cases if truth(case.when, exposure)), None)
    if when is not None:
        yield Reason("role", f"{own} if {when}", declared(rule, "roles")[1], decisive(when, exposure))
    if role != own:
        made_by = ("role", "cardinality") if rule.spec.anchor else ("expansion", "expansion")
        yield Reason(made_by[0], *declared(rule, made_by[1]))
