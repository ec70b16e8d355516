"""Places: where an exposure could be under a rule, and what each place requires of it.

A *place* is a group of a rule in a candidate, or a group of its own that the exposure would begin. Each of its
requirements depends on the exposure alone, so a place can be tested with every exposure of a pool, and with every
variant of one exposure, at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rules.rule import Rule, declared
from rules.vocabulary import TRUE, Combination, Join
from rules.vocabulary.algebra import Known, truth
from solver.associations import Association
from solver.explanation.solved import SolvedProgram
from solver.pools import Evaluation
from solver.solving import Requirement, differing, having_role, requirements_of


@dataclass(frozen=True, eq=False)
class Place:
    """Where an exposure could be.

    Attributes:
        rule: the rule.
        association: the association there; None for a group that the exposure would begin.
        requirements: what the place requires of an exposure.
        is_joined: whether exposures get there by what they share with a member, whatever else they have.
    """

    rule: type[Rule]
    association: Association | None
    requirements: tuple[Requirement, ...]
    is_joined: bool = False

    def unmet(self, table: Evaluation) -> NDArray[np.bool_]:
        """For each exposure of a table and each requirement, whether it is not met."""
        return np.stack([~table.holds(each.predicate) for each in self.requirements], axis=1)

    def missing(self, exposure: Known) -> list[Requirement]:
        """The requirements that one exposure does not meet."""
        return [each for each in self.requirements if not truth(each.predicate, exposure)]

    def is_open(self, fixed: Known) -> bool:
        """Whether a place is for exposures with these values, whatever else they have, list or are."""
        others = (each for each in self.requirements if each.kind not in {"candidate", "role"})
        return all(truth(each.predicate, fixed) is not False for each in others)


# --- What there is --------------------------------------------------------------------------------


def agreeing(solved: SolvedProgram, association: Association) -> list[int]:
    """The members of a group that are in it because they agree, and did not join it."""
    spec, rows = solved.rule(association.asn_rule).spec, sorted(association.rows)
    roles, joining = solved.table.choose(spec.roles), {join.role for join in spec.joins}
    return [row for row in rows if roles[row] not in joining] or rows


def anchors(solved: SolvedProgram, association: Association) -> list[int]:
    """The seed of an association, or else all its exposures that agree."""
    if not (anchor := solved.rule(association.asn_rule).spec.anchor):
        return agreeing(solved, association)
    return [each.row for each in association.members if each.exptype == anchor and each.row is not None][:1]


def places_in(solved: SolvedProgram, association: Association) -> Iterator[Place]:
    """The places that an association has for further exposures: those that agree with it, and those that join it."""
    rule, table, candidate = solved.rule(association.asn_rule), solved.table, solved.candidates_of(association)[0]
    spec, about = rule.spec, anchors(solved, association)
    inside = solved.listing(candidate, stated=f"in {candidate.id}", by="")
    alike = (inside, *requirements_of(spec, candidate.type, table, about))
    if spec.anchor:
        stated, by = declared(rule, "cardinality")
        others = (differing(column, table.values(column)[row], by) for column in spec.differing for row in about)
        # a seed in another role than the anchor's stays alone, and no exposure has one of no roles
        takes = spec.fitting if all(table.choose(spec.roles)[row] == spec.anchor for row in about) else ()
        fitting = having_role(spec, takes, stated, by)
        alike = (fitting, *alike, *others) if takes else (fitting,)
    yield Place(rule, association, alike)
    there = Place(rule, association, (inside,), is_joined=True)
    for each in spec.stated:
        if isinstance(each.constraint, Join):
            yield from _joined(there, table, each.constraint, each.by, about)


def _joined(there: Place, table: Evaluation, join: Join, by: str, about: Sequence[int]) -> Iterator[Place]:
    """Where exposures join a group: by `sharing` or, where no exposure joins so, by `else_sharing`."""
    role, when = having_role(there.rule.spec, (join.role,), join, by), join.when or TRUE
    asked = *there.requirements, role, Requirement("join", when, join, by, when)
    for sharing in filter(None, (join.sharing, join.else_sharing)):
        rows = dict.fromkeys(tuple(table.values(each)[row] for each in sharing) for row in about)
        shared = Combination(str(join), sharing, tuple(each for each in rows if all(each)))
        if shared.rows:
            place = replace(there, requirements=(*asked, Requirement("join", shared, join, by, shared)))
            yield place
            if not place.unmet(table).any(axis=1).all():
                return
