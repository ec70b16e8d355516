"""Rules that did not take an exposure, and their associations with it that were made and not kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from rules.rule import Rule
from rules.vocabulary.algebra import Whole, chosen
from solver.associations import Association
from solver.explanation.facts import Superseded
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

    def distance(self, place: Place) -> int:
        """How many requirements of a place the exposure does not meet."""
        return len(place.missing(self.exposure))

    @cached_property
    def is_considered(self) -> bool:
        """Whether the rule would take it by itself but for its role."""
        return any(all(each.kind == "role" for each in place.missing(self.exposure)) for place in self.own)

    @cached_property
    def own(self) -> list[Place]:
        """The places where an exposure of this kind would begin a group."""
        places = places_of_its_own(self.solved, self.rule, self.row, self.only)
        return [place for place in places if place.is_open(self.fixed)]

    def groups_without(self, waived: Waived, *, finalize: bool = False) -> list[Association]:
        """The groups, valid or not, that would have the exposure if the rule did not state these constraints."""
        made = self.solved.without(self.rule, waived, [self.row], finalize=finalize)
        return [each for each in made if self.only is None or each.asn_id == self.only.id]

    def taken_without(self, waived: Waived) -> bool:
        """Whether the rule would take the exposure without these constraints."""
        return None not in waived and bool(self.groups_without(waived, finalize=True))


def superseded(
    solved: SolvedProgram, rule: type[Rule], rows: Iterable[int], only: Candidate | None = None
) -> Superseded | None:
    """The first association of a rule with all these exposures that was made and not kept."""
    dropped = (each for each in solved.dropped(rule, only) if each.association.rows.issuperset(rows))
    return next((standing_in(solved, each) for each in dropped), None)


def standing_in(solved: SolvedProgram, dropped: Dropped) -> Superseded:
    """An association that was not kept, with the one that was preferred to it."""
    made, kept = dropped.association, dropped.kept
    again = next((standing_in(solved, each) for each in solved.replaced if each.association == kept), None)
    what = made.products[0].name, made.asn_rule, made.asn_id, len(made.members)
    instead = kept.products[0].name, kept.asn_rule, kept.asn_id
    return Superseded(*what, dropped.why, *instead, _because(dropped), again)


def _because(dropped: Dropped) -> str:
    """What decided between two associations; see `solver.solving.pruning`."""
    made, kept = dropped.association, dropped.kept
    if dropped.why != "same members":
        return f"one name is one file, and {len(kept.members)} members are more than {len(made.members)}"
    if made.asn_id[:1] != kept.asn_id[:1]:
        return "observations come before other candidates, and those before discovery"
    if made.asn_id != kept.asn_id:
        return "of candidates of one kind the greater number counts"
    return "of rules for one candidate the one that sorts last counts"
