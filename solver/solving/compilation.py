"""Compilation: a rule over the sub-pools of all candidates, as a constraint satisfaction problem.

The *variables* are the rule's agreements. *Node consistency*, the constraints on one exposure alone,
leaves the *entries*: eligible exposures, each with the candidate it is considered in. An entry's
*signature* is the tuple of its values for the agreements, with `ANY` where it agrees with any value.
The values in a candidate's signatures are the *domains*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce

import numpy as np
from numpy.typing import NDArray

from rules.rule import RuleSpec
from rules.vocabulary import FALSE, AllOf, InCandidate, Same
from solver.pools import (
    Codes,
    EncodedColumn,
    Evaluation,
    Mask,
    Numbers,
    SubPools,
    constant_column,
    distinct,
    merge_columns,
)
from solver.solving.pairwise import near, needed_numbers
from solver.solving.requirements import admits

#: The code in a signature that agrees with any value.
ANY = -1


@dataclass(frozen=True, eq=False)
class Compiled:
    """A rule over sub-pools: what the engines solve.

    Attributes:
        spec: the rule.
        pool: the evaluation of expressions over the pool.
        sub_pools: the candidates with their exposures.
        exposure: for each entry the row of its exposure.
        candidate: for each entry the index of its candidate; ascending.
        signatures: for each entry and agreement the code of its value, or `ANY`.
        values: for each agreement the values that its codes stand for.
        numbers: for each column of a pairwise condition the numbers of the entries.
    """

    spec: RuleSpec
    pool: Evaluation
    sub_pools: SubPools
    exposure: NDArray[np.int32]
    candidate: NDArray[np.int32]
    signatures: NDArray[np.int32]
    values: tuple[tuple[str, ...], ...]
    numbers: Mapping[str, NDArray[np.float64]]

    def __len__(self) -> int:
        """Number of entries."""
        return len(self.exposure)

    @property
    def roles(self) -> EncodedColumn:
        """The role of every exposure of the pool under this rule."""
        return self.pool.choose(self.spec.roles)


@dataclass(frozen=True, eq=False)
class Solutions:
    """All maximal groups of a rule, in order of candidate and of the exposures that they are about.

    Attributes:
        candidate: for each solution the index of its candidate.
        keys: for each solution and agreement the code of its value, `ANY` where no member has one.
        seeds: for each solution the entry that it is about; None where it is about all that agree.
        owner: for each support the index of its solution; ascending.
        entry: for each support the entry; ascending within a solution.
    """

    candidate: NDArray[np.int32]
    keys: NDArray[np.int32]
    seeds: Numbers | None
    owner: Numbers
    entry: Numbers

    def __len__(self) -> int:
        """Number of solutions."""
        return len(self.candidate)

    @property
    def supports(self) -> Sequence[Numbers]:
        """For each solution the entries that support it."""
        return np.split(self.entry, np.searchsorted(self.owner, np.arange(1, len(self))))[: len(self)]

    @property
    def anchors(self) -> tuple[Numbers, Numbers]:
        """The entries that the solutions are about: for each the index of its solution, and the entry."""
        return (self.owner, self.entry) if self.seeds is None else (np.arange(len(self)), self.seeds)

    @classmethod
    def of(cls, compiled: Compiled, found: Iterable[Numbers]) -> Solutions:
        """The solutions without seeds, from the entries of each (ascending), in any order."""
        supports = sorted(found, key=np.ndarray.tolist)  # this sorts by candidate, too, since entries ascend with it
        owner = np.repeat(np.arange(len(supports)), [len(entries) for entries in supports])
        return cls.of_agreeing(compiled, owner, np.concatenate([np.zeros(0, dtype=np.int64), *supports]))

    @classmethod
    def of_agreeing(cls, compiled: Compiled, owner: Numbers, entry: Numbers) -> Solutions:
        """The solutions about all entries that agree, from their supports in order."""
        starts = np.flatnonzero(np.diff(owner, prepend=-1))
        # the shared value is the highest code, since ANY is the lowest: signatures (2, *) and (2, 7) share (2, 7)
        keys = np.maximum.reduceat(compiled.signatures[entry], starts)
        return cls(compiled.candidate[entry[starts]], keys, None, owner, entry)


def anchored(compiled: Compiled, fitting: Callable[[Compiled, Numbers, Numbers], Numbers]) -> Solutions:
    """The groups about one exposure each, the seed, with the entries that fit it.

    Args:
        compiled: the rule over sub-pools.
        fitting: given seeds and entries that may fit, finds all pairs that agree, as two rows.
    """
    spec = compiled.spec
    roles = compiled.roles.take(compiled.exposure)
    seeds = np.flatnonzero(roles.where(spec.anchor.__eq__))
    seed, entry = fitting(compiled, seeds, np.flatnonzero(roles.where(set(spec.fitting).__contains__)))
    different = differs(compiled, seed, entry)
    seed, entry = seed[different], entry[different]
    if len(spec.beginning) > 1:  # also exposures in these roles that fit no anchor
        lone = roles.where(set(spec.beginning[1:]).__contains__)
        lone[entry] = False
        seeds = distinct(np.append(seeds, np.flatnonzero(lone)))
    entry = np.concatenate([seeds, entry])
    owner = np.searchsorted(seeds, np.concatenate([seeds, seed]))
    order = np.lexsort((entry, owner))
    return Solutions(compiled.candidate[seeds], compiled.signatures[seeds], seeds, owner[order], entry[order])


def differs(compiled: Compiled, seed: Numbers, entry: Numbers) -> Mask:
    """Which entries are near their seeds and differ from them where they must; never the seed itself."""
    different: Mask = np.not_equal(entry, seed)
    for column in compiled.spec.differing:
        codes = compiled.pool.values(column).codes[compiled.exposure]
        different &= (codes[entry] != 0) & (codes[entry] != codes[seed])
    return different & near(compiled.spec.nearness, compiled.numbers, seed, entry)


def compatible(compiled: Compiled, entries: Numbers) -> Mask:
    """For each two of these entries, whether they agree and are near each other."""
    pairs = near(compiled.spec.nearness, compiled.numbers, entries[:, None], entries[None, :])
    for values in compiled.signatures[entries].T:
        pairs &= (values[:, None] == values[None, :]) | (values[:, None] == ANY) | (values[None, :] == ANY)
    return pairs


def compile_rule(spec: RuleSpec, pool: Evaluation, sub_pools: SubPools) -> Compiled:
    """State a rule over sub-pools.

    Args:
        spec: the rule.
        pool: the evaluation of expressions over the pool.
        sub_pools: the candidates with their exposures.

    Cost: a few array operations over the pool's rows and the sub-pools' entries.
    """
    entries = sub_pools.entries(eligible_exposures(spec, pool), admitted(spec, sub_pools))
    with_roles = pool.over({"role": pool.choose(spec.roles)})
    exposure, candidate = sub_pools.exposure[entries], sub_pools.candidate[entries]
    types = sub_pools.types.take(candidate)
    numbers = {name: values[exposure] for name, values in needed_numbers(spec, pool).items()}
    given = (~np.isnan(values) for values in numbers.values())
    consistent = reduce(np.logical_and, given, np.ones(len(entries), dtype=np.bool_))
    columns = [_values(same, pool, exposure, types) for same in spec.agreements]
    codes: list[Codes] = []
    for same, column in zip(spec.agreements, columns, strict=True):
        free = with_roles.holds(same.unless or FALSE)[exposure]
        consistent &= column.given() | free | same.optional
        codes.append(np.where(free | ~column.given(), np.int32(ANY), column.codes))
    kept = np.flatnonzero(consistent)
    signatures, words = np.stack(codes, axis=1)[kept], tuple(column.values for column in columns)
    numbers = {name: values[kept] for name, values in numbers.items()}
    return Compiled(spec, pool, sub_pools, exposure[kept], candidate[kept], signatures, words, numbers)


def eligible_exposures(spec: RuleSpec, pool: Evaluation) -> Mask:
    """The exposures that satisfy each of the rule's predicates."""
    return pool.holds(AllOf(spec.eligibility))


def admitted(spec: RuleSpec, sub_pools: SubPools) -> Mask:
    """The candidates that the rule is for."""
    return sub_pools.types.where(partial(admits, spec))


def _values(same: Same, pool: Evaluation, exposure: Codes, types: EncodedColumn) -> EncodedColumn:
    match same.attribute:
        case InCandidate(candidate_type, value, otherwise):
            usual = pool.values(otherwise).take(exposure).compact()  # the values that are left have to be sorted
            return merge_columns(constant_column(value, len(exposure)), usual, types.where(candidate_type.__eq__))
    return pool.values(same.attribute).take(exposure)
