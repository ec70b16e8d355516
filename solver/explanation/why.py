"""Why an exposure is in an association: as what, and by which constraints."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rules.rule import Rule
from rules.vocabulary import Join, OneSeed, Predicate
from solver.associations import Association, Member
from solver.explanation.facts import Ground, Membership
from solver.explanation.needs import decisive
from solver.explanation.places import Agrees, Condition, IsNear, Qualifies, View, kind_of, met, said
from solver.explanation.placing import anchors, conditions, declared_by
from solver.explanation.scene import Scene


def memberships(scene: Scene, association: Association, row: int | None = None) -> Iterator[Membership]:
    """The members of an association, or those that are files of one exposure, and why they are in."""
    rule = scene.rule(association.asn_rule)
    (product,) = association.products
    grounds = _Grounds(scene, rule, association)
    for member in product.members:
        if row is None or row == member.row:
            yield Membership(
                association=association.file_name,
                product=product.name,
                rule=association.asn_rule,
                candidate=association.asn_id,
                file=member.expname,
                role=member.exptype,
                others=len(product.members) - 1,
                grounds=tuple(grounds.of(member)),
            )


class _Grounds:
    """The constraints by which members are in an association."""

    def __init__(self, scene: Scene, rule: type[Rule], association: Association) -> None:
        """Find out who agrees with those that the association is about."""
        self._rule = rule
        self._view = scene.view(rule)
        self._about = anchors(scene, rule, association)
        self._asked = conditions(rule, scene.candidate_of(association, rule).type, self._view, self._about)
        self._agrees = np.all([met(condition, self._view) for condition in self._asked], axis=0)

    def of(self, member: Member) -> Iterator[Ground]:
        """The constraints by which a member is in."""
        rule, view, row = self._rule, self._view, member.row
        if row is None:
            yield Ground("expansion", str(rule.spec.expansion), declared_by(rule, "expansion"), {})
            return
        if self._agrees[row]:
            yield from (_ground(condition, view, row) for condition in self._asked)
        else:
            yield from _joined(rule, view, row, self._about)
        yield from _roles(rule, view, row, member.exptype)


def _ground(condition: Condition, view: View, row: int) -> Ground:
    """A condition that an exposure meets."""
    values: dict[str, str | None] = {}
    match condition:
        case Qualifies(predicate):
            values = _decisive(view, predicate, row)
        case Agrees(same, kind):
            values = {same.label: None if view.exempt(same)[row] else view.values(same, kind)[row]}
        case IsNear(asked):
            values = {column.label: view.plain.values(column)[row] for column in asked.columns}
        case _:
            pass
    return Ground(kind_of(condition), said(condition), condition.by, values)


def _decisive(view: View, predicate: Predicate, row: int) -> dict[str, str | None]:
    """What an exposure has for the attributes by which a predicate holds."""
    attributes = decisive(predicate, lambda part: bool(view.plain.holds(part)[row]))
    return {each.label: view.plain.values(each)[row] for each in attributes}


def _joined(rule: type[Rule], view: View, row: int, about: list[int]) -> Iterator[Ground]:
    """The relation by which an exposure has joined."""
    for stated in rule.spec.stated:
        if isinstance(stated.constraint, Join) and view.roles[row] == stated.constraint.role:
            for sharing in filter(None, (stated.constraint.sharing, stated.constraint.else_sharing)):
                columns = [view.plain.values(column) for column in sharing]
                mine = [column[row] for column in columns]
                if any(mine == [column[other] for column in columns] for other in about):
                    values = dict(zip((column.label for column in sharing), mine, strict=True))
                    yield Ground("join", str(stated.constraint), stated.by, values)
                    break


def _roles(rule: type[Rule], view: View, row: int, role: str) -> Iterator[Ground]:
    """What makes the exposure what it is: a line of the rule's table of roles, or what the rule makes of it."""
    spec = rule.spec
    for case in spec.roles.cases:
        if view.plain.holds(case.when)[row]:
            said = f"{view.roles[row]} if {case.when}"
            yield Ground("role", said, declared_by(rule, "roles"), _decisive(view, case.when, row))
            break
    if role != view.roles[row]:
        if isinstance(spec.cardinality, OneSeed):
            yield Ground("role", str(spec.cardinality), declared_by(rule, "cardinality"), {})
        else:
            yield Ground("expansion", str(spec.expansion), declared_by(rule, "expansion"), {})
