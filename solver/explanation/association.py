"""Why an association is as it is: its members and why, near misses, and the associations that it replaces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np

from rules.rule import Rule
from rules.vocabulary.algebra import columns_of
from solver.associations import Association
from solver.explanation.explained import AssociationExplanation
from solver.explanation.facts import NearMiss
from solver.explanation.grounds import memberships
from solver.explanation.obstacles import obstacles
from solver.explanation.places import Place, places_in
from solver.explanation.refusals import left_out
from solver.explanation.solved import KIND, SolvedProgram
from solver.explanation.untaken import Untaken, standing_in

#: Exposures are near an association if at most this many constraints keep them out.
_CLOSE = 2


def association_explanation(solved: SolvedProgram, association: Association) -> AssociationExplanation:
    """Why an association is as it is."""
    rule = solved.rule(association.asn_rule)
    (product,) = association.products
    members = list(memberships(solved, association))
    agreeing = [each for each in members if any(ground.kind == "agreement" for ground in each.grounds)]
    shared = [ground for ground in agreeing[0].grounds if all(ground in each.grounds for each in agreeing)]
    stands_for = [
        each for each in solved.result.dropped if replace(each.kept, sequence=association.sequence) == association
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
        near=tuple(_near(solved, rule, association)),
        stands_for=tuple(standing_in(solved, each) for each in stands_for),
    )


def _near(solved: SolvedProgram, rule: type[Rule], association: Association) -> Iterator[NearMiss]:
    """The exposures not in it that the fewest constraints keep out."""
    nearest: dict[int, tuple[int, Place]] = {}
    for place in places_in(solved, rule, association):
        unmet = place.unmet(solved.table)
        kinds = [each.kind == "role" or columns_of(each.predicate) <= {*KIND} for each in place.requirements]
        counts = np.where(unmet[:, kinds].any(axis=1), _CLOSE + 1, unmet.sum(axis=1))
        for row in np.flatnonzero(counts <= _CLOSE).tolist():
            if row not in association.rows and (row not in nearest or counts[row] < nearest[row][0]):
                nearest[row] = int(counts[row]), place
    least = min((count for count, _ in nearest.values()), default=0)
    for row, (count, place) in sorted(nearest.items()):
        case = Untaken(solved, rule, row, place.candidate)
        told = obstacles(solved.pool, place, row, place.missing(case.exposure), case.fixed)
        if not told:  # it is in the group, but in no product of it
            groups = (each for each in case.groups_without(()) if association.rows <= each.rows)
            told = tuple(left_out(case, group) for group in islice(groups, 1))
        if told and count <= max(least, 1):
            yield NearMiss(solved.pool.file_names[row], told)
