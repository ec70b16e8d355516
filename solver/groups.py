"""Groups: the maximal sets of agreeing exposures, read off the signatures.

Two signatures agree where for every agreement their values are equal or one of them is `ANY`. Pairwise
agreement is joint agreement, since per agreement at most one value other than `ANY` can occur. So
exposures collapse to distinct signatures: without `ANY` each signature is one group; with it, the groups
are the maximal cliques of the *signature graph*, which has a node for each distinct signature.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from rules.vocabulary import OneSeed
from solver.candidates import SubPools
from solver.cliques import maximal_cliques
from solver.columns import Mask, matching, number_rows
from solver.compile import ANY, Compiled, Key, Pairs, Solution, Solutions, seeds_and_fitting
from solver.errors import TooManyGroupsError
from solver.nearness import near

#: More groups than this in one sub-pool, made possible by missing values, are taken for a pool gone wrong.
LIMIT = 100_000

#: More exposures than this are not compared two by two.
EXPOSURES = 2_000


def solve(compiled: Compiled, sub_pools: SubPools) -> Solutions:
    """All groups, in order of candidate and of their first exposures.

    Raises:
        TooManyGroupsError: more than `LIMIT` groups in one sub-pool.

    Cost: a sort of the entries; cliques only among signatures that differ in nothing but given and
    missing values.
    """
    if isinstance(compiled.spec.cardinality, OneSeed):
        return seeds_and_fitting(compiled, compiled.spec.cardinality, partial(_fitting, compiled))
    if compiled.spec.nearness:
        return Solutions.of(compiled, near_groups(compiled, sub_pools))
    return _maximal(compiled, sub_pools)


def _maximal(compiled: Compiled, sub_pools: SubPools) -> Solutions:
    if len(compiled) == 0:
        return Solutions.of(compiled, [])
    number, _ = number_rows([compiled.candidate, *(compiled.signatures.T - ANY)], len(compiled))
    _, first = np.unique(number, return_index=True)
    buckets = Buckets.of(compiled, first)
    decided = np.flatnonzero(~buckets.contested[buckets.bucket[number]])
    label = np.where(buckets.united[buckets.bucket], -1 - buckets.bucket, np.arange(len(first)))
    _, start, group = np.unique(label[number[decided]], return_index=True, return_inverse=True)
    rank = np.empty(len(start), dtype=np.int64)
    rank[np.argsort(start)] = np.arange(len(start))
    owner = rank[group]
    order = np.argsort(owner, kind="stable")
    lead = decided[np.sort(start)]
    keys = buckets.keys[number[lead]]
    found = Solutions(compiled.candidate[lead], keys, None, owner[order], decided[order])
    if not buckets.contested.any():
        return found
    return Solutions.of(compiled, [*found, *_cliques_in(compiled, sub_pools, number, first, buckets)])


@dataclass(frozen=True, eq=False)
class Buckets:
    """The distinct signatures, divided so that only those of one bucket can agree.

    A bucket is a candidate and the values of the agreements that every entry has.

    Attributes:
        bucket: for each signature the index of its bucket.
        united: for each bucket whether all its signatures agree, so that they are one group.
        contested: for each bucket whether its groups have to be searched: some agree, but not all.
        keys: for each signature its values or, in a united bucket, what all agree on.
    """

    bucket: NDArray[np.int64]
    united: Mask
    contested: Mask
    keys: NDArray[np.int32]

    @classmethod
    def of(cls, compiled: Compiled, first: NDArray[np.int64]) -> Buckets:
        """Divide the distinct signatures, of which there is at least one; `first` has an entry of each."""
        signatures = compiled.signatures[first]
        free = signatures == ANY
        always = ~free.any(axis=0)
        bucket, count = number_rows([compiled.candidate[first], *signatures[:, always].T], len(first))
        order = np.argsort(bucket, kind="stable")
        starts = np.searchsorted(bucket[order], np.arange(count))
        highest = np.maximum.reduceat(signatures[order], starts)
        lowest = np.minimum.reduceat(np.where(free, np.iinfo(np.int32).max, signatures)[order], starts)
        united = np.asarray(np.all(lowest >= highest, axis=1))
        contested = np.logical_or.reduceat(free.any(axis=1)[order], starts) & ~united
        return cls(bucket, united, contested, np.where(united[bucket][:, None], highest[bucket], signatures))


def _cliques_in(
    compiled: Compiled, sub_pools: SubPools, number: NDArray[np.int64], first: NDArray[np.int64], buckets: Buckets
) -> Iterator[Solution]:
    """The groups in contested buckets, which may overlap: the maximal cliques of their signature graphs."""
    entries = np.argsort(number, kind="stable")
    support = np.split(entries, np.searchsorted(number[entries], np.arange(1, len(first))))
    many: Counter[int] = Counter()
    for bucket in np.flatnonzero(buckets.contested).tolist():
        members = np.flatnonzero(buckets.bucket == bucket)
        candidate = int(compiled.candidate[first[members[0]]])
        keys = [tuple(key) for key in compiled.signatures[first[members]].tolist()]
        for clique in _cliques(keys):
            key = tuple(max(values) for values in zip(*(keys[i] for i in clique), strict=True))
            yield Solution(candidate, key, np.sort(np.concatenate([support[members[i]] for i in clique])))
            many[candidate] += 1
            if many[candidate] > LIMIT:
                raise TooManyGroupsError(
                    compiled.spec.name,
                    str(sub_pools.candidates[candidate]),
                    LIMIT,
                    "groups, because exposures without a value agree with any",
                    "give the missing values in the pool, or leave the rule out",
                )


def near_groups(compiled: Compiled, sub_pools: SubPools) -> Iterator[Solution]:
    """The maximal sets of exposures that agree and are near each other: cliques of the compatibility graph.

    Raises:
        TooManyGroupsError: more than `EXPOSURES` exposures could be in one group, or there are more than
            `LIMIT` groups.
    """
    remedy = "narrow the rule: a smaller limit, or more that has to be the same"
    always = ~(compiled.signatures == ANY).any(axis=0)
    bucket, count = number_rows([compiled.candidate, *compiled.signatures[:, always].T], len(compiled))
    for which in range(count):
        entries = np.flatnonzero(bucket == which)
        candidate = int(compiled.candidate[entries[0]])
        place = (compiled.spec.name, str(sub_pools.candidates[candidate]))
        if len(entries) > EXPOSURES:
            raise TooManyGroupsError(*place, EXPOSURES, "exposures to compare with each other", remedy)
        pairs = compatible(compiled, entries)
        np.fill_diagonal(pairs, val=False)
        neighbours = [
            int.from_bytes(bits.tobytes(), "little") for bits in np.packbits(pairs, axis=1, bitorder="little")
        ]
        for number, clique in enumerate(maximal_cliques(neighbours)):
            if number == LIMIT:
                raise TooManyGroupsError(*place, LIMIT, "groups of exposures near each other", remedy)
            members = np.sort(entries[clique])
            yield Solution(candidate, tuple(compiled.signatures[members].max(axis=0).tolist()), members)


def compatible(compiled: Compiled, entries: NDArray[np.int64]) -> Mask:
    """Which of these entries agree with, and are near, which."""
    pairs = near(compiled.spec.nearness, compiled.numbers, entries[:, None], entries[None, :])
    for values in compiled.signatures[entries].T:
        pairs &= (values[:, None] == values[None, :]) | (values[:, None] == ANY) | (values[None, :] == ANY)
    return pairs


def _fitting(compiled: Compiled, seeds: NDArray[np.int64], fitting: NDArray[np.int64]) -> Pairs:
    """All pairs of a seed and a fitting entry whose signatures agree.

    Seeds and fitting entries are divided by which of their values are `ANY`; what is left are natural joins.
    """
    nothing = np.zeros(0, dtype=np.int64)
    found = [(nothing, nothing)]
    for mine, given in _by_given(compiled, seeds):
        for theirs, also_given in _by_given(compiled, fitting):
            both = given & also_given
            left, right = (
                [compiled.candidate[entries], *compiled.signatures[entries][:, both].T] for entries in (mine, theirs)
            )
            pairs = matching(left, right)
            found.append((mine[pairs[0]], theirs[pairs[1]]))
    seed, entry = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return seed, entry


def _by_given(compiled: Compiled, entries: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], Mask]]:
    """The entries, divided by which values of their signatures are given."""
    given = compiled.signatures[entries] != ANY
    number, count = number_rows(list(given.T.astype(np.int64)), len(entries))
    for which in range(count):
        mine = np.flatnonzero(number == which)
        yield entries[mine], given[mine[0]]


def agree(one: Key, other: Key) -> bool:
    """Whether two signatures agree."""
    return all(a == b or ANY in (a, b) for a, b in zip(one, other, strict=True))


def _cliques(signatures: list[Key]) -> Iterator[list[int]]:
    """The maximal sets of signatures that agree, as indices."""
    neighbours = [0] * len(signatures)
    for (i, one), (j, other) in combinations(enumerate(signatures), 2):
        if agree(one, other):
            neighbours[i] |= 1 << j
            neighbours[j] |= 1 << i
    yield from maximal_cliques(neighbours)
