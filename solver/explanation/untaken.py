"""Rules that did not take an exposure, and their associations with it that were made and left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from rules.rule import Rule, as_rule, declared
from rules.vocabulary import Constraint
from rules.vocabulary.algebra import chosen
from solver.associations import Association
from solver.explanation.facts import Refusal
from solver.explanation.places import Place
from solver.explanation.solved import SolvedProgram, fixed_values
from solver.pools import Candidate
from solver.solving import Dropped, Superseded, having_role, requirements_of, solve_unchecked

#: Constraints that a rule would not state; None is for a requirement that no rule can be without.
Waived: TypeAlias = Sequence[Constraint | None]

#: A candidate that no exposure can list.
_NOWHERE = Candidate("", "", "")


class Untaken:
    """A rule that did not take an exposure.

    Attributes:
        solved: the exposures around it.
        rule: the rule.
        row: the exposure.
        file: its file.
        only: the id of the candidate in question; None for all.
        exposure: its values.
        fixed: the values without which it would be of another kind; none if any kind is in question.
        role: its role under the rule.
        may_join: whether exposures in its role join groups.
        own: the places where an exposure of this kind would begin a group.
        qualifies: whether the exposure could begin a group.
    """

    def __init__(
        self, solved: SolvedProgram, rule: type[Rule], row: int, only: str | None = None, *, asked: bool = False
    ) -> None:
        """Place the exposure with the kind that it has; with any if somebody `asked` for the rule."""
        self.solved, self.rule, self.row, self.only = solved, rule, row, only
        self.file = solved.pool.file_names[row]
        self.exposure, self.fixed = solved.exposure(row), {} if asked else fixed_values(solved.pool, row)
        self.role = chosen(rule.spec.roles, self.exposure)
        self.may_join = self.role in {join.role for join in rule.spec.joins}
        self.own = [each for each in self._own_places() if each.is_open(self.fixed)]
        self.qualifies = (False, 0) in map(self.distance, self.own)

    def _own_places(self) -> Iterator[Place]:
        """The places where the exposure would begin a group, in each candidate that lists it and that the rule is for.

        Observations come first, then other candidates, then discovery. If no candidate does, a place in one that could
        list it; if the program has none, one in `_NOWHERE`.
        """
        rule, spec, only = self.rule, self.rule.spec, self.only
        admitted = [each for each in self.solved.admits[rule] if only in {None, each.id}]
        inside = [each for each in admitted if self.row in self.solved.candidates[each]] or admitted[:1] or [_NOWHERE]
        about = [having_role(spec, spec.beginning, *declared(rule, "cardinality"))] if spec.anchor else []
        stated, by = declared(rule, "candidates") if only is None or inside == [_NOWHERE] else (f"in {only}", "")
        for each in sorted(inside, key=lambda each: each.id[:1], reverse=True):
            listing = self.solved.listing(each, stated=stated, by=by)
            yield Place(rule, None, (listing, *about, *requirements_of(spec, each.type, self.solved.table)))

    def distance(self, place: Place) -> tuple[bool, int]:
        """Whether a place is for other roles, and how many of its requirements the exposure does not meet."""
        missing = place.missing(self.exposure)
        return any(each.kind == "role" for each in missing), len(missing)

    def is_about(self, association: Association) -> bool:
        """Whether an association is one of the rule, and of the candidate in question."""
        return association.asn_rule == self.rule.spec.name and self.only in {None, association.asn_id}

    def took(self, row: int) -> list[Association]:
        """The associations in question that have an exposure."""
        return list(filter(self.is_about, self.solved.with_rows(row)))

    def companions(self) -> frozenset[int]:
        """The exposures that are in associations of the rule's level with it."""
        made = (each for each in self.solved.with_rows(self.row) if each.level == self.rule.spec.level)
        return frozenset(row for each in made for row in each.rows)

    def groups_without(self, waived: Waived, rows: Sequence[int], *, finalize: bool = False) -> list[Association]:
        """What the rule would make with some exposures, without some constraints, duplicates included.

        Args:
            waived: the constraints that it would not state.
            rows: the exposures.
            finalize: whether to make products of valid groups; else all groups are given as they are.
        """
        if None in waived:
            return []
        spec, solved = self.rule.spec, self.solved
        relaxed = as_rule(replace(spec, stated=tuple(each for each in spec.stated if each.constraint not in waived)))
        around = np.arange(len(solved.pool)) if spec.discovered else np.array(solved.beside([self.row]))
        request = replace(solved.request, finalize=finalize)
        found = solve_unchecked(solved.pool.select(around), [relaxed], request).dropped.found
        made = replace(found, rows=np.where(found.rows < 0, -1, around[found.rows]))
        return list(filter(self.is_about, made.take(made.with_rows(*rows))))


def superseded(case: Untaken, rows: Collection[int]) -> Refusal | None:
    """That the first association of the rule with all these exposures was made and left out, if one was."""
    gone, spec = case.solved.left_out_with(*rows), case.rule.spec
    lost = (standing_in(case.solved, each) for each in gone if case.is_about(each.association))
    return next((Refusal(case.file, spec.name, spec.summary, "", (), None, each) for each in lost), None)


def standing_in(solved: SolvedProgram, dropped: Dropped) -> Superseded:
    """An association that was left out, with the one that was preferred to it."""
    left_out = (each for each in solved.left_out_with(*dropped.kept.rows) if each.association == dropped.kept)
    return dropped.superseded(next((standing_in(solved, each) for each in left_out), None))
