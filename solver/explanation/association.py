"""Why an association is what it is: who is in and why, who nearly is, and what it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from rules.rule import Rule
from solver.associations import Association
from solver.explanation.cases import Case, case_of
from solver.explanation.facts import AssociationExplanation, NearMiss, Obstacle
from solver.explanation.places import Condition, InRole, Place, deciding
from solver.explanation.placing import obstacles, places_in
from solver.explanation.scene import KIND, Scene
from solver.explanation.superseded import standing_in
from solver.explanation.why import memberships
from solver.explanation.why_not import left_out

#: Exposures are near an association where no more constraints than this keep them out.
_CLOSE = 2


def association_explanation(scene: Scene, association: Association) -> AssociationExplanation:
    """Why an association is what it is."""
    rule = scene.rule(association.asn_rule)
    (product,) = association.products
    members = list(memberships(scene, association))
    agreeing = [each for each in members if any(ground.kind == "agreement" for ground in each.grounds)]
    shared = [ground for ground in agreeing[0].grounds if all(ground in each.grounds for each in agreeing)]
    stands_for = [
        each for each in scene.result.dropped if replace(each.kept, sequence=association.sequence) == association
    ]
    return AssociationExplanation(
        association=association.file_name,
        product=product.name,
        rule=association.asn_rule,
        summary=rule.spec.summary,
        candidate=association.asn_id,
        shared=tuple(shared),
        members=tuple(
            replace(each, grounds=tuple(ground for ground in each.grounds if ground not in shared)) for each in members
        ),
        near=tuple(_near(scene, rule, association)),
        stands_for=tuple(standing_in(scene, each) for each in stands_for),
    )


def _near(scene: Scene, rule: type[Rule], association: Association) -> Iterator[NearMiss]:
    """The exposures that are not in it, and that the fewest constraints keep out."""
    view = scene.view(rule)
    nearest: dict[int, tuple[int, Place]] = {}
    for place in places_in(scene, rule, association):
        unmet = place.unmet(view)
        kinds = [i for i, each in enumerate(place.conditions) if isinstance(each, InRole) or _of_kind(each, rule)]
        counts = np.where(unmet[:, kinds].any(axis=1), _CLOSE + 1, unmet.sum(axis=1))
        for row in np.flatnonzero(counts <= _CLOSE).tolist():
            if row not in association.rows and (row not in nearest or counts[row] < nearest[row][0]):
                nearest[row] = int(counts[row]), place
    least = min((count for count, _ in nearest.values()), default=0)
    for row, (count, place) in sorted(nearest.items()):
        missing = place.missing(view, row)
        case = case_of(scene, rule, row, place.candidate)
        told = obstacles(scene.pool, place, row, missing, case.fixed) or _left_out(case, association)
        if told and count <= max(least, 1):
            yield NearMiss(scene.pool.file_names[row], told)


def _left_out(case: Case, association: Association) -> tuple[Obstacle, ...]:
    """What leaves an exposure out that is in the group of the association."""
    groups = [each for each in case.groups_without(()) if association.rows <= each.rows]
    return tuple(left_out(case, group) for group in groups[:1])


def _of_kind(condition: Condition, rule: type[Rule]) -> bool:
    """Whether a condition is about the kind of an exposure alone."""
    return set(deciding(condition, rule.spec)) <= set(KIND)
