"""Orphans: the reason why an exposure is in no association."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from rules.rule import RuleSpec
from rules.vocabulary import Validity
from solver.pools import Evaluation, Mask, SubPools, marked, ranges
from solver.solving.compilation import Compiled, Solutions
from solver.solving.pruning import DroppedAssociations
from solver.solving.requirements import considered
from solver.words import lack


class Reasons:
    """Notes, rule by rule, on exposures that may be left in no association. The first note on one counts."""

    def __init__(self, sub_pools: SubPools, pool: Evaluation) -> None:
        """Begin without notes."""
        self.sub_pools, self.pool = sub_pools, pool
        self._invalid: dict[int, str] = {}
        self._rules: list[tuple[RuleSpec, Mask]] = []

    def note(self, compiled: Compiled, solutions: Solutions, valid: Mask, lacking: Mapping[Validity, Mask]) -> None:
        """Note which exposures a rule considers, and those of its groups that are not valid.

        Args:
            compiled: the rule.
            solutions: its groups.
            valid: which of them are valid.
            lacking: the groups that fail each condition.
        """
        self._rules.append((compiled.spec, marked(compiled.exposure, len(self.pool))))
        failing = ~valid[solutions.owner]
        owners, rows = solutions.owner[failing], compiled.exposure[solutions.entry[failing]]
        words = [(lack(str(each)), mask) for each, mask in lacking.items()]
        for owner, row in zip(owners.tolist(), rows.tolist(), strict=True):
            if row not in self._invalid:
                candidate = self.sub_pools.candidates[solutions.candidate[owner]].id
                lacks = " and ".join(lack for lack, mask in words if mask[owner])
                self._invalid[row] = f"{compiled.spec.name} in candidate {candidate}: {lacks}"

    def of(self, rows: Sequence[int], dropped: DroppedAssociations, unasked: Mapping[int, str]) -> Sequence[str]:
        """The reason for each of these exposures.

        Args:
            rows: the orphans.
            dropped: the associations that others replace.
            unasked: exposures of associations in candidates that were solved but not asked for.
        """
        solved = marked(self.sub_pools.exposure, len(self.pool))
        noted = {**self._invalid, **unasked, **_lost(dropped, marked(rows, len(self.pool)))}
        others = [row for row in rows if solved[row] and row not in noted]
        noted |= zip(others, self._of_rules(others), strict=True)
        return [noted.get(row, "in no candidate that was asked for") for row in rows]

    def _of_rules(self, rows: list[int]) -> Sequence[str]:
        """What the first rule that has an exposure in a group, or else one that it is for, makes of it."""
        found = np.full(len(rows), "no rule fits", object)
        for spec, _ in reversed(self._rules if rows else ()):
            which = f" of this run whose {spec.candidates}".replace("candidate type", "type") if spec.candidates else ""
            found[self.pool.holds(considered(spec))[rows]] = f"{spec.name}: in no candidate{which}"
        for spec, inside in reversed(self._rules):
            left = f"not needed for any {spec.anchor} exposure" if spec.anchor else "left out of its group"
            found[inside[rows]] = f"{spec.name}: {left}"
        return found.tolist()


def _lost(dropped: DroppedAssociations, wanted: Mask) -> dict[int, str]:
    """The reason for each of these exposures that was in an association which another one replaces."""
    found = dropped.found
    owner, membership = ranges(found.memberships[dropped.gone], np.diff(found.memberships)[dropped.gone])
    rows = found.rows[found.member[membership]]
    lost = (rows >= 0) & wanted[rows]
    rules, names = list(found.words["asn_rule"].at(dropped.gone)), list(found.names.at(dropped.instead))
    places = zip(rows[lost].tolist(), owner[lost].tolist(), strict=True)
    return {row: f"{rules[each]}: left out, {dropped.whys[each]} as {names[each]}" for row, each in places}
