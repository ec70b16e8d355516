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
        lost = _lost(dropped, marked(rows, len(self.pool)))
        solved = marked(self.sub_pools.exposure, len(self.pool))
        noted = {**self._invalid, **unasked, **lost}
        unsolved = "in no candidate that was asked for"
        return [noted.get(row) or (self._of_rules(row) if solved[row] else unsolved) for row in rows]

    def _of_rules(self, row: int) -> str:
        for spec, inside in self._rules:
            if inside[row]:
                left = f"not needed for any {spec.anchor} exposure" if spec.anchor else "left out of its group"
                return f"{spec.name}: {left}"
        for spec, _ in self._rules:
            if self.pool.holds(considered(spec))[row]:
                which = "" if spec.candidates is None else f" of this run whose {spec.candidates}"
                return f"{spec.name}: in no candidate{which.replace('candidate type', 'type')}"
        return "no rule fits"


def _lost(dropped: DroppedAssociations, wanted: Mask) -> dict[int, str]:
    """The reason for each of these exposures that was in an association which another one replaces."""
    found = dropped.found
    owner, membership = ranges(found.memberships[dropped.gone], np.diff(found.memberships)[dropped.gone])
    rows = found.rows[found.member[membership]]
    lost = (rows >= 0) & wanted[rows]
    rules, names = list(found.words["asn_rule"].at(dropped.gone)), list(found.names.at(dropped.instead))
    places = zip(rows[lost].tolist(), owner[lost].tolist(), strict=True)
    return {row: f"{rules[each]}: left out, {dropped.whys[each]} as {names[each]}" for row, each in places}
