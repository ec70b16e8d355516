"""Groups: the maximal sets of agreeing exposures, read off the signatures.

Two signatures agree where for every agreement their values are equal or one of them is `ANY`. Pairwise
agreement is joint agreement, since per agreement at most one value other than `ANY` can occur. So
exposures collapse to distinct signatures: without `ANY` each signature is one group; with it, the groups
are the maximal cliques of the *signature graph*, which has a node for each distinct signature.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from solver.errors import TooManyGroupsError
from solver.pools import Mask, SubPools, distinct, matching, number_rows
from solver.solving.cliques import maximal_cliques
from solver.solving.compilation import ANY, Compiled, Pairs, Solution, Solutions, solutions
from solver.solving.distances import near
from solver.solving.limits import MEMBERS, PAIRS, refuse_beyond

#: More groups than this in one sub-pool, made possible by missing values, are taken for a pool gone wrong.
LIMIT = 100_000

#: More distinct signatures than this, of which some agree and some do not, are not searched for groups.
SIGNATURES = 50_000

#: Why missing values make many groups, and what to do about it.
_MISSING = "because exposures without a value agree with any"
_GIVE = "give the missing values in the pool, or leave the rule out"

#: More exposures than this are not compared two by two.
EXPOSURES = 2_000


def solve(compiled: Compiled, sub_pools: SubPools) -> Solutions:
    """All groups, in order of candidate and of their first exposures.

    Raises:
        TooManyGroupsError: more than `LIMIT` groups in one sub-pool.

    Cost: a sort of the entries; cliques only among signatures that differ in nothing but given and
    missing values.
    """
    return solutions(compiled, sub_pools, maximal=_maximal, near=near_groups, fitting=_fitting)


def _maximal(compiled: Compiled, sub_pools: SubPools) -> Solutions:
    """The groups of a rule without pairwise conditions.

    A worked example, with `*` for `ANY`: entries with the signatures (1, 5), (1, 5), (2, *), (2, 7), (3, *), (3, 8)
    and (3, 9) have the distinct signatures 0 to 5 in three buckets, by their first value. In bucket 1 there is one
    signature; bucket 2 is united, (2, 7) being what all agree on; bucket 3 is contested, since (3, 8) and (3, 9)
    do not agree. The first two are groups as they are, by their labels: that of their signature, or -1 - bucket.
    The third is searched for cliques: (3, *) with (3, 8), and (3, *) with (3, 9).
    """
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
        # a bucket is united where no column has two values: with (2, *) and (2, 7) the highest values are (2, 7), as
        # ANY is the lowest number, and the lowest given ones are (2, 7), too; with (3, 8) and (3, 9) they differ
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
    searched = np.flatnonzero(buckets.contested[buckets.bucket])
    searched = searched[np.argsort(buckets.bucket[searched], kind="stable")]
    bucket = buckets.bucket[searched]
    start = np.searchsorted(bucket, bucket)  # for each signature where those of its bucket begin
    tally = _Tally(compiled, sub_pools, f", {_MISSING}", _GIVE)
    widest = int(np.argmax(np.bincount(bucket)))
    if np.count_nonzero(bucket == widest) > SIGNATURES:
        candidate = int(compiled.candidate[first[searched[bucket == widest][0]]])
        raise tally.too_many(candidate, SIGNATURES, "exposures that differ in what they agree on")
    neighbours = [0] * len(searched)
    for one, other in _agreeing(compiled, sub_pools, first[searched], bucket):
        neighbours[one] |= 1 << int(other - start[other])
        neighbours[other] |= 1 << int(one - start[one])
    for begin, end in pairwise([*distinct(start).tolist(), len(searched)]):
        alike = searched[begin:end]
        candidate = int(compiled.candidate[first[alike[0]]])
        for clique in maximal_cliques(neighbours[begin:end]):
            key = tuple(compiled.signatures[first[alike[clique]]].max(axis=0).tolist())
            members = np.sort(np.concatenate([support[each] for each in alike[clique].tolist()]))
            tally.count(candidate, len(members))
            yield Solution(candidate, key, members)


def _agreeing(
    compiled: Compiled, sub_pools: SubPools, first: NDArray[np.int64], bucket: NDArray[np.int64]
) -> Iterator[tuple[int, int]]:
    """All pairs of distinct signatures of one bucket that agree, as indices; `first` has an entry of each.

    Distinct ones with values for the same agreements never agree. Of all others, those that agree are natural joins.
    """
    what, found = f"pairs of exposures that agree, {_MISSING}", 0

    def check(candidate: NDArray[np.int32], counts: NDArray[np.int64]) -> None:
        refuse_beyond(PAIRS, compiled.spec, sub_pools, candidate, counts, what, _GIVE, before=found)

    index = np.zeros(len(compiled), dtype=np.int64)
    index[first] = np.arange(len(first))
    patterns = [(index[entries], given) for entries, given in _by_given(compiled, first)]
    for (mine, here), (theirs, there) in combinations(patterns, 2):
        left, right = (
            [bucket[which], *compiled.signatures[first[which]][:, here & there].T] for which in (mine, theirs)
        )
        one, other = matching(left, right, partial(check, compiled.candidate[first[mine]]))
        found += len(one)
        yield from zip(mine[one].tolist(), theirs[other].tolist(), strict=True)


@dataclass(slots=True)
class _Tally:
    """Counts groups and their members while they are found.

    Attributes:
        compiled: the rule.
        sub_pools: the candidates.
        why: why there are so many.
        remedy: what to do about it.
    """

    compiled: Compiled
    sub_pools: SubPools
    why: str
    remedy: str
    _groups: Counter[int] = field(default_factory=Counter)
    _members: int = 0

    def begin(self) -> None:
        """Count groups anew; their members go on being counted, since all are kept in memory."""
        self._groups.clear()

    def count(self, candidate: int, members: int) -> None:
        """Count a group of a candidate.

        Raises:
            TooManyGroupsError: it is one too many, or has too many members.
        """
        self._groups[candidate] += 1
        self._members += members
        if self._groups[candidate] > LIMIT:
            raise self.too_many(candidate, LIMIT, "groups")
        if self._members > MEMBERS:
            raise self.too_many(candidate, MEMBERS, "members of groups")

    def too_many(self, candidate: int, limit: int, what: str) -> TooManyGroupsError:
        """The error that says of which candidate there are more than `limit` of something."""
        place = self.compiled.spec.name, str(self.sub_pools.candidates[candidate])
        return TooManyGroupsError(*place, limit, what + self.why, self.remedy)


def near_groups(compiled: Compiled, sub_pools: SubPools) -> Iterator[Solution]:
    """The maximal sets of exposures that agree and are near each other: cliques of the compatibility graph.

    Raises:
        TooManyGroupsError: more than `EXPOSURES` exposures could be in one group, or there are more than
            `LIMIT` groups that may overlap, or too many members.
    """
    remedy = "narrow the rule: a smaller limit, or more that has to be the same"
    tally = _Tally(compiled, sub_pools, " of exposures near each other", remedy)
    always = ~(compiled.signatures == ANY).any(axis=0)
    bucket, count = number_rows([compiled.candidate, *compiled.signatures[:, always].T], len(compiled))
    order = np.argsort(bucket, kind="stable")
    for entries in np.split(order, np.searchsorted(bucket[order], np.arange(1, count))) if count else ():
        tally.begin()  # groups of several buckets never overlap
        candidate = int(compiled.candidate[entries[0]])
        place = (compiled.spec.name, str(sub_pools.candidates[candidate]))
        if len(entries) > EXPOSURES:
            raise TooManyGroupsError(*place, EXPOSURES, "exposures to compare with each other", remedy)
        pairs = compatible(compiled, entries)
        np.fill_diagonal(pairs, val=False)
        neighbours = [
            int.from_bytes(bits.tobytes(), "little") for bits in np.packbits(pairs, axis=1, bitorder="little")
        ]
        for clique in maximal_cliques(neighbours):
            tally.count(candidate, len(clique))
            members = np.sort(entries[clique])
            yield Solution(candidate, tuple(compiled.signatures[members].max(axis=0).tolist()), members)


def compatible(compiled: Compiled, entries: NDArray[np.int64]) -> Mask:
    """Which of these entries agree with, and are near, which."""
    pairs = near(compiled.spec.nearness, compiled.numbers, entries[:, None], entries[None, :])
    for values in compiled.signatures[entries].T:
        pairs &= (values[:, None] == values[None, :]) | (values[:, None] == ANY) | (values[None, :] == ANY)
    return pairs


def _fitting(compiled: Compiled, sub_pools: SubPools, seeds: NDArray[np.int64], fitting: NDArray[np.int64]) -> Pairs:
    """All pairs of a seed and a fitting entry whose signatures agree.

    Seeds and fitting entries are divided by which of their values are `ANY`; what is left are natural joins.
    """
    nothing = np.zeros(0, dtype=np.int64)
    found = [(nothing, nothing)]
    what = "members, because so many exposures fit so many others"
    check = partial(refuse_beyond, MEMBERS, compiled.spec, sub_pools, what=what)
    for mine, given in _by_given(compiled, seeds):
        for theirs, also_given in _by_given(compiled, fitting):
            both = given & also_given
            left, right = (
                [compiled.candidate[entries], *compiled.signatures[entries][:, both].T] for entries in (mine, theirs)
            )
            pairs = matching(left, right, partial(check, compiled.candidate[mine]))
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
