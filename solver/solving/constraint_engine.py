"""The constraint engine: a rule over a candidate's sub-pool as a python-constraint `Problem`.

The variables are the rule's agreements. The domain of each is its values in the sub-pool's entries, and *none* if an
entry agrees with any value. One constraint covers all variables: the assignment is supported, that is, some entries
agree with it, and each of its values other than *none* occurs in one of them. The groups are the maximal supports of
the solutions.

The engine shares only the compilation with the default engine; it finds the same groups by search.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import constraint
import numpy as np

from solver.multimap import grouped
from solver.pools import Numbers
from solver.solving.cliques import Bits, nodes
from solver.solving.compilation import ANY, Compiled, Solutions, anchored, compatible
from solver.solving.limits import too_many

#: This engine tries every set of entries under pairwise conditions, for at most this many entries.
SUBSETS = 14


class SupportTables(constraint.Constraint):  # type: ignore[misc] # the library ships no types
    """The constraint that an assignment, so far, is supported: a branch without support is not searched.

    Attributes:
        holding: for each variable, value to the signatures that have it; `ANY` to those that agree with any.
        every: all signatures.
    """

    def __init__(self, signatures: Sequence[Sequence[int]]) -> None:
        """The tables of one or more distinct signatures."""
        columns = zip(*signatures, strict=True)
        alike = (grouped((value, 1 << bit) for bit, value in enumerate(values)) for values in columns)
        self.holding = [{value: sum(bits) for value, bits in each.items()} for each in alike]
        self.every: Bits = (1 << len(signatures)) - 1

    def support(self, assigned: Mapping[int, int]) -> Bits:
        """The signatures that agree with an assignment of some variables; 0 where it is not supported."""
        agreeing, needed = self.every, []
        for variable, value in assigned.items():
            held = self.holding[variable].get(value, 0)
            agreeing &= held | self.holding[variable].get(ANY, 0)
            if value != ANY:
                needed.append(held)
        return agreeing if all(agreeing & held for held in needed) else 0

    def __call__(self, _variables: object, _domains: object, assignments: Mapping[int, int], *_: object) -> bool:
        """Whether the assigned variables have support."""
        return self.support(assignments) != 0


def state(tables: SupportTables) -> constraint.Problem:
    """The constraint problem of one sub-pool; the value `ANY` of a variable stands for none."""
    problem = _problem(dict(enumerate(map(sorted, tables.holding))))
    problem.addConstraint(tables)
    return problem


def _problem(domains: Mapping[Any, Sequence[object]]) -> constraint.Problem:
    """A problem with these variables, and no constraint yet."""
    problem = constraint.Problem(constraint.BacktrackingSolver(forwardcheck=False))
    for variable, domain in domains.items():
        problem.addVariable(variable, domain)
    return problem


def solve(compiled: Compiled) -> Solutions:
    """All maximal groups, in order of candidate and of their first exposures.

    Cost: a search in each sub-pool; exponential in the number of agreements with missing values.
    """
    if compiled.spec.anchor:
        return anchored(compiled, _fitting)
    groups = _near if compiled.spec.nearness else _agreeing
    return Solutions.of(compiled, (each for entries in _by_candidate(compiled) for each in groups(compiled, entries)))


def _agreeing(compiled: Compiled, entries: Numbers) -> Iterator[Numbers]:
    """The maximal supports of the solutions of a sub-pool's problem."""
    signatures = map(tuple, compiled.signatures[entries].tolist())
    alike = grouped(zip(signatures, entries, strict=True))
    tables, having = SupportTables(list(alike)), list(alike.values())
    for bits in maximal(map(tables.support, state(tables).getSolutions())):
        yield np.sort(np.concatenate([having[number] for number in nodes(bits)]))


def _by_candidate(compiled: Compiled) -> Iterable[Numbers]:
    """The entries of each candidate, which are beside each other."""
    return filter(len, np.split(np.arange(len(compiled)), np.flatnonzero(np.diff(compiled.candidate)) + 1))


def _near(compiled: Compiled, entries: Numbers) -> Iterator[Numbers]:
    """The sets of entries near each other: a problem with a variable for each entry, in the set or not."""
    if len(entries) > SUBSETS:
        remedy = "this engine tries every set of them; use the default engine"
        what = "exposures to compare with each other"
        raise too_many(SUBSETS, compiled, compiled.candidate[entries[0]], what, remedy)
    problem = _problem({each: [True, False] for each in range(len(entries))})
    for one, other in np.argwhere(np.triu(~compatible(compiled, entries))).tolist():
        problem.addConstraint(constraint.MaxSumConstraint(1), [one, other])
    found = (sum(1 << bit for bit, inside in each.items() if inside) for each in problem.getSolutions())
    return (entries[list(nodes(bits))] for bits in maximal(found))


def _fitting(compiled: Compiled, seeds: Numbers, fitting: Numbers) -> Numbers:
    """All pairs of a seed and an entry that fits it: the solutions of a problem of two variables, seed and fitting."""
    found: list[tuple[int, int]] = []
    having = [grouped(zip(compiled.candidate[some].tolist(), some.tolist(), strict=True)) for some in (seeds, fitting)]
    columns = compiled.signatures.T.tolist()
    for candidate in having[0].keys() & having[1].keys():
        problem = _problem({name: each[candidate] for name, each in zip(("seed", "fitting"), having, strict=True)})
        for values in columns:
            problem.addConstraint(partial(_agree, values), ["seed", "fitting"])
        found += [(pair["seed"], pair["fitting"]) for pair in problem.getSolutions()]
    return np.array(sorted(found), dtype=np.int64).reshape(-1, 2).T


def _agree(values: list[int], seed: int, fitting: int) -> bool:
    return values[seed] == values[fitting] or ANY in (values[seed], values[fitting])


def maximal(supports: Iterable[Bits]) -> list[Bits]:
    """The supports that no other support contains."""
    largest: list[Bits] = []
    for bits in sorted(set(supports), key=lambda each: (-each.bit_count(), each)):
        if not any(bits & other == bits for other in largest):
            largest.append(bits)
    return largest
