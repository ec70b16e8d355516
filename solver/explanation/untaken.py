"""Rules that did not take an exposure, and their associations with it that were made and left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from rules.rule import Rule
from rules.vocabulary.algebra import Whole, chosen
from solver.associations import Association
from solver.explanation.facts import Superseded
from solver.explanation.grounds import made
from solver.explanation.places import Place, places_of_its_own
from solver.explanation.solved import SolvedProgram, Waived, fixed_values
from solver.pools import Candidate
from solver.solving import Dropped


@dataclass(frozen=True, eq=False)
class Untaken:
    """A rule that did not take an exposure.

    Attributes:
        solved: the exposures around it.
        rule: the rule.
        row: the exposure.
        only: the candidate in question; None for all.
        any_kind: whether to explain as if the exposure might be of another kind, too.
    """

    solved: SolvedProgram
    rule: type[Rule]
    row: int
    only: Candidate | None = None
    any_kind: bool = False

    @cached_property
    def fixed(self) -> dict[str, str]:
        """The values that cannot change."""
        return fixed_values(self.solved.pool, self.row, any_kind=self.any_kind)

    @cached_property
    def exposure(self) -> Whole:
        """The values of the exposure."""
        return self.solved.exposure(self.row)

    @cached_property
    def role(self) -> str:
        """The role of the exposure under the rule."""
        return chosen(self.rule.spec.roles, self.exposure)

    @cached_property
    def may_join(self) -> bool:
        """Whether exposures in its role join groups."""
        return self.role in {join.role for join in self.rule.spec.joins}

    @cached_property
    def is_considered(self) -> bool:
        """Whether the rule would take it by itself but for its role."""
        return any(all(each.kind == "role" for each in place.missing(self.exposure)) for place in self.own)

    @cached_property
    def own(self) -> list[Place]:
        """The places where an exposure of this kind would begin a group."""
        places = places_of_its_own(self.solved, self.rule, self.row, self.only)
        return [place for place in places if place.is_open(self.fixed)]

    def distance(self, place: Place) -> int:
        """How many requirements of a place the exposure does not meet."""
        return len(place.missing(self.exposure))

    def groups_without(self, waived: Waived, rows: Sequence[int] = (), *, finalize: bool = False) -> list[Association]:
        """The groups with the exposure, or these, if the rule did not state these constraints; only valid ones made."""
        found = self.solved.without(self.rule, waived, rows or [self.row], finalize=finalize)
        return [each for each in found if self.only is None or each.asn_id == self.only.id]


def superseded(
    solved: SolvedProgram, rule: type[Rule], rows: Collection[int], only: Candidate | None = None
) -> Superseded | None:
    """The first association of a rule with all these exposures that was made and left out."""
    dropped = solved.dropped(rule.spec.name, rows, only.id if only else None)
    return None if dropped is None else standing_in(solved, dropped)


def standing_in(solved: SolvedProgram, dropped: Dropped) -> Superseded:
    """An association that was left out, with the one that was preferred to it."""
    gone, kept = dropped.association, dropped.kept
    again = next((standing_in(solved, each) for each in solved.result.dropped if each.association == kept), None)
    return Superseded(*made(gone)[1:], *made(kept)[1:], _why(dropped), again)


def _why(dropped: Dropped) -> str:
    """What decided between two associations; see `solver.solving.pruning`."""
    gone, kept = dropped.association, dropped.kept
    if dropped.why != "same members":
        return f"{dropped.why}; {len(kept.members)} members are more than {len(gone.members)}"
    if gone.asn_id[:1] != kept.asn_id[:1]:
        preferred = "an observation is preferred to another candidate, and that to discovery"
    else:
        what = "rules for one candidate" if gone.asn_id == kept.asn_id else "candidates of one kind"
        preferred = f"of {what} the last is preferred"
    return f"{dropped.why}; {preferred}"
