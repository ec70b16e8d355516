"""Cases: an exposure under a rule that did not take it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from rules.rule import Rule
from rules.vocabulary import Constraint
from solver.associations import Association
from solver.explanation.places import Place, View, can_meet
from solver.explanation.scene import IDENTITY, Scene, fixed_columns
from solver.pools import Candidate


@dataclass(frozen=True, eq=False)
class Case:
    """An exposure under a rule that did not take it.

    Attributes:
        scene: the exposures around it.
        rule: the rule.
        row: the exposure.
        only: the candidate in question; None for all.
        fixed: the columns in which it could not be another.
        is_of_kind: whether the columns that make its kind are among those.
    """

    scene: Scene
    rule: type[Rule]
    row: int
    only: Candidate | None
    fixed: frozenset[str]
    is_of_kind: bool

    @cached_property
    def view(self) -> View:
        """The exposure by itself, in row 0: conditions on one exposure are soon found out."""
        return View(self.rule.spec, self.scene.alone(self.row))

    @cached_property
    def role(self) -> str:
        """What the exposure is under the rule."""
        return self.view.roles[0]

    @cached_property
    def may_join(self) -> bool:
        """Whether exposures in its role join groups."""
        return self.role in {join.role for join in self.rule.spec.joins}

    def is_open(self, place: Place) -> bool:
        """Whether a place is for exposures of this kind, whatever else they have."""
        return all(can_meet(condition, self.view, 0, self.fixed) for condition in place.conditions)

    def distance(self, place: Place) -> int:
        """How many conditions of a place the exposure does not meet."""
        return len(place.missing(self.view, 0))

    def among(self, associations: Sequence[Association]) -> list[Association]:
        """Those of the associations that have the exposure, in the candidate in question."""
        ids = {self.only.id} if self.only else {each.asn_id for each in associations}
        return [each for each in associations if each.asn_id in ids and self.row in each.rows]

    def taken_without(self, constraints: Collection[Constraint]) -> bool:
        """Whether the rule would take the exposure if it did not state these constraints."""
        return bool(self.among(self.scene.without(self.rule, constraints, finalize=True)))

    def groups_without(self, constraints: Collection[Constraint]) -> list[Association]:
        """The groups that would have the exposure then, valid or not."""
        return self.among(self.scene.without(self.rule, constraints, finalize=False))


def case_of(scene: Scene, rule: type[Rule], row: int, only: Candidate | None = None, *, any_kind: bool = False) -> Case:
    """An exposure under a rule; with `any_kind` as if it might be of another kind, too."""
    fixed = IDENTITY if any_kind else fixed_columns(scene.pool, row)
    return Case(scene, rule, row, only, fixed, is_of_kind=not any_kind)
