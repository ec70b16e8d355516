"""The constraint engine: a rule over a candidate's sub-pool as a python-constraint `Problem`.

Variables are the rule's agreements. The domain of each is the values that the sub-pool's entries have
for it, and *none* where an entry agrees with any. One constraint holds over all of them: the assignment
is supported, which means that there are entries that agree with it, and that every value but none is held
by one of those. The groups are the supports of the solutions, as far as they are maximal.

It shares the compilation with the default engine and nothing else, and finds the same groups by search.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import constraint
import numpy as np
from numpy.typing import NDArray

from solver.errors import TooManyGroupsError
from solver.pools import SubPools
from solver.solving.compilation import ANY, Compiled, Key, Pairs, Solution, Solutions, solutions
from solver.solving.distances import near

#: Entries of a sub-pool as the bits of an integer.
Bits = int

#: Of so many entries of a rule with pairwise conditions, this engine tries every set.
SUBSETS = 14


@dataclass(frozen=True, slots=True)
class SupportTables:
    """Which signatures hold, and which agree with, each value of each variable.

    Attributes:
        holding: for each variable, value to the signatures that have it.
        open: for each variable the signatures that agree with any value.
        every: all signatures.
    """

    holding: tuple[Mapping[int, Bits], ...]
    open: tuple[Bits, ...]
    every: Bits

    @classmethod
    def of(cls, signatures: Sequence[Key]) -> SupportTables:
        """The tables of distinct signatures, of which there is at least one."""
        holding: list[dict[int, Bits]] = []
        for values in zip(*signatures, strict=True):
            table: dict[int, Bits] = {}
            for bit, value in enumerate(values):
                table[value] = table.get(value, 0) | (1 << bit)
            holding.append(table)
        return cls(tuple(holding), tuple(table.get(ANY, 0) for table in holding), (1 << len(signatures)) - 1)

    def domain(self, variable: int) -> list[int]:
        """The values that a variable may have; `ANY` stands for none."""
        return sorted(self.holding[variable])

    def support(self, assigned: Mapping[int, int]) -> Bits:
        """The signatures that agree with an assignment of some variables; 0 where it is not supported."""
        agreeing = self.every
        for variable, value in assigned.items():
            agreeing &= self.open[variable] | (self.holding[variable].get(value, 0) if value != ANY else 0)
        held = all(
            agreeing & self.holding[variable].get(value, 0) for variable, value in assigned.items() if value != ANY
        )
        return agreeing if held else 0


class Supported(constraint.Constraint):  # type: ignore[misc] # the library ships no types
    """The assignment, as far as it goes, is supported: a branch without support is not searched."""

    def __init__(self, tables: SupportTables) -> None:
        """Check against these tables."""
        self._tables = tables

    def __call__(
        self,
        variables: Sequence[int],
        domains: Mapping[int, Sequence[int]],
        assignments: Mapping[int, int],
        forwardcheck: bool = False,  # noqa: FBT001, FBT002 (the library's signature)
    ) -> bool:
        """Whether the assigned variables have support."""
        del variables, domains, forwardcheck
        return self._tables.support(assignments) != 0


def state(tables: SupportTables) -> constraint.Problem:
    """The constraint problem of one sub-pool."""
    problem = constraint.Problem(constraint.BacktrackingSolver(forwardcheck=False))
    variables = range(len(tables.holding))
    for variable in variables:
        problem.addVariable(variable, tables.domain(variable))
    problem.addConstraint(Supported(tables), list(variables))
    return problem


def solve(compiled: Compiled, sub_pools: SubPools) -> Solutions:
    """All maximal groups, in order of candidate and of their first exposures.

    Cost: a search in each sub-pool; exponential in the number of agreements with missing values.
    """
    return solutions(compiled, sub_pools, maximal=_maximal, near=_near, fitting=_fitting)


def _maximal(compiled: Compiled, sub_pools: SubPools) -> Solutions:
    del sub_pools
    candidates = np.unique(compiled.candidate).tolist()
    return Solutions.of(compiled, (each for candidate in candidates for each in _solve(compiled, candidate)))


def _near(compiled: Compiled, sub_pools: SubPools) -> Iterator[Solution]:
    """The maximal sets of entries near each other: a problem with a variable for each entry, in the set or not."""
    for candidate in np.unique(compiled.candidate).tolist():
        entries = np.flatnonzero(compiled.candidate == candidate)
        if len(entries) > SUBSETS:
            place = (compiled.spec.name, str(sub_pools.candidates[candidate]))
            remedy = "this engine tries every set of them; use the default engine"
            raise TooManyGroupsError(*place, SUBSETS, "exposures to compare with each other", remedy)
        together = near(compiled.spec.nearness, compiled.numbers, entries[:, None], entries[None, :])
        signatures = compiled.signatures[entries].tolist()
        problem = constraint.Problem(constraint.BacktrackingSolver(forwardcheck=False))
        problem.addVariables(list(range(len(entries))), [True, False])
        for one in range(len(entries)):
            for other in range(one):
                agrees = all(_agree([a, b], 0, 1) for a, b in zip(signatures[one], signatures[other], strict=True))
                if not (agrees and together[one, other]):
                    problem.addConstraint(_not_both, [one, other])
        sets = {sum(1 << bit for bit, inside in found.items() if inside): None for found in problem.getSolutions()}
        for bits in maximal({each: None for each in sets if each}):
            members = entries[[bit for bit in range(len(entries)) if bits >> bit & 1]]
            yield Solution(candidate, tuple(compiled.signatures[members].max(axis=0).tolist()), members)


def _not_both(one: bool, other: bool) -> bool:  # noqa: FBT001 (the library hands values over by position)
    return not (one and other)


def _solve(compiled: Compiled, candidate: int) -> Iterator[Solution]:
    entries = np.flatnonzero(compiled.candidate == candidate)
    support: dict[Key, list[int]] = {}
    for entry, key in zip(entries.tolist(), map(tuple, compiled.signatures[entries].tolist()), strict=True):
        support.setdefault(key, []).append(entry)
    signatures = list(support)
    tables = SupportTables.of(signatures)
    keys: dict[Bits, Key] = {}
    for found in state(tables).getSolutions():
        key = tuple(found[variable] for variable in range(len(tables.holding)))
        bits = tables.support(found)
        keys[bits] = key  # the key follows from the support
    for bits in maximal(keys):
        members = [entry for bit, key in enumerate(signatures) if bits >> bit & 1 for entry in support[key]]
        yield Solution(candidate, keys[bits], np.array(sorted(members), dtype=np.int64))


def _fitting(compiled: Compiled, sub_pools: SubPools, seeds: NDArray[np.int64], fitting: NDArray[np.int64]) -> Pairs:
    """All pairs of a seed and an entry that fits it: the solutions of a problem of two variables, seed and fitting."""
    del sub_pools
    found: list[tuple[int, int]] = []
    for candidate in np.unique(compiled.candidate[seeds]).tolist():
        domains = [entries[compiled.candidate[entries] == candidate].tolist() for entries in (seeds, fitting)]
        if all(domains):
            solutions = pair_problem(compiled.signatures, *domains).getSolutions()
            found += [(pair["seed"], pair["fitting"]) for pair in solutions]
    seed, entry = np.array(sorted(found), dtype=np.int64).reshape(-1, 2).T
    return seed, entry


def pair_problem(signatures: NDArray[np.int32], seeds: list[int], fitting: list[int]) -> constraint.Problem:
    """The problem of a seed and an entry that agrees with it, one constraint for each agreement."""
    problem = constraint.Problem(constraint.BacktrackingSolver(forwardcheck=False))
    problem.addVariable("seed", seeds)
    problem.addVariable("fitting", fitting)
    for values in signatures.T.tolist():
        problem.addConstraint(partial(_agree, values), ["seed", "fitting"])
    return problem


def _agree(values: list[int], seed: int, fitting: int) -> bool:
    return values[seed] == values[fitting] or ANY in (values[seed], values[fitting])


def maximal(supports: Mapping[Bits, object]) -> list[Bits]:
    """The supports that are no part of another."""
    largest: list[Bits] = []
    for bits in sorted(supports, key=lambda each: (-each.bit_count(), each)):
        if not any(bits & other == bits for other in largest):
            largest.append(bits)
    return largest
