"""Groups: the maximal sets of agreeing exposures, read off the signatures.

Two signatures agree where for every agreement their values are equal or one of them is `ANY`. Pairwise
agreement is joint agreement, since per agreement at most one value other than `ANY` can occur. So
exposures collapse to distinct signatures: without `ANY` each signature is one group; with it, the groups
are the maximal cliques of the *signature graph*, which has a node for each distinct signature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, combinations, pairwise, product

import numpy as np

from solver.pools import Mask, Numbers, distinct, first_rows, matching, number_rows
from solver.solving.cliques import Bits, maximal_cliques
from solver.solving.compilation import ANY, Compiled, Solutions, anchored, compatible
from solver.solving.limits import MEMBERS, PAIRS, refuse_beyond, too_many

#: With more groups than this that may overlap because values are missing, the pool is taken to be faulty.
LIMIT = 100_000

#: More distinct signatures than this, of which some agree and some do not, are not searched for groups.
SIGNATURES = 50_000

#: Why missing values make many groups, and what to do about it.
_MISSING = "because exposures without a value agree with any"
_GIVE = "give the missing values in the pool, or leave the rule out"

#: More exposures than this are not compared two by two.
EXPOSURES = 2_000

#: What to do about too many exposures near each other.
_NARROW = "narrow the rule: a smaller limit, or more that has to be the same"

#: The neighbours of each node, and its entries.
Graph = tuple[Sequence[Bits], Sequence[Numbers]]

#: Entries, and which values of their signatures are given.
Part = tuple[Numbers, Mask]


def solve(compiled: Compiled) -> Solutions:
    """All groups, in order of candidate and of their first exposures.

    Raises:
        TooManyGroupsError: more than `LIMIT` groups that may overlap, or `MEMBERS` members of such; more than
            `EXPOSURES` exposures to compare with each other; or too many that fit, or that agree without a value.

    Cost: a sort of the entries; cliques only among signatures that differ in nothing but given and
    missing values.
    """
    if compiled.spec.anchor:
        return anchored(compiled, _fitting)
    if compiled.spec.nearness:
        graphs = _compatibility_graphs(compiled)
        return Solutions.of(compiled, _cliques(compiled, graphs, " of exposures near each other", _NARROW))
    return _maximal(compiled)


def _maximal(compiled: Compiled) -> Solutions:
    """The groups of a rule without pairwise conditions.

    A worked example, with `*` for `ANY`: entries with the signatures (1, 5), (1, 5), (2, *), (2, 7), (3, *), (3, 8)
    and (3, 9) have the distinct signatures 0 to 5 in three buckets, by their first value. In bucket 1 there is one
    signature; bucket 2 is united, (2, 7) being what all agree on; bucket 3 is contested, since (3, 8) and (3, 9)
    do not agree. The first two are groups as they are, by their labels: that of their signature, or -1 - bucket.
    The third is searched for cliques: (3, *) with (3, 8), and (3, *) with (3, 9).
    """
    number, count = number_rows([compiled.candidate, *(compiled.signatures.T - ANY)], len(compiled))
    first = first_rows(number, count)
    bucket, united, contested = _buckets(compiled, first)
    decided = np.flatnonzero(~contested[number])
    label = np.where(united, -1 - bucket, np.arange(len(first)))
    group, count = number_rows([label[number[decided]] + len(first)], len(decided))
    owner = np.argsort(np.argsort(first_rows(group, count)))[group]  # groups are in order of their first entries
    order = np.argsort(owner, kind="stable")
    found = Solutions.of_agreeing(compiled, owner[order], decided[order])
    if not contested.any():
        return found
    graphs = _signature_graphs(compiled, number, first, bucket, contested)
    return Solutions.of(compiled, [*found.supports, *_cliques(compiled, graphs, f", {_MISSING}", _GIVE)])


def _buckets(compiled: Compiled, first: Numbers) -> tuple[Numbers, Mask, Mask]:
    """Divide one or more distinct signatures so that only those of one bucket can agree; `first` has an entry of each.

    A bucket is a candidate and the values of the agreements that every entry has.

    Returns:
        for each signature the index of its bucket; whether all signatures of that agree, so that they are one group;
        and whether the groups of that have to be searched, since some agree, but not all.
    """
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
    return bucket, united[bucket], contested[bucket]


def _signature_graphs(
    compiled: Compiled, number: Numbers, first: Numbers, bucket: Numbers, contested: Mask
) -> Iterator[Graph]:
    """The graphs of the signatures in contested buckets, whose groups may overlap, one for each bucket."""
    entries = np.argsort(number, kind="stable")
    bounds = np.searchsorted(number[entries], np.arange(len(first) + 1)).tolist()
    searched = np.flatnonzero(contested)
    searched = searched[np.argsort(bucket[searched], kind="stable")]
    start = np.searchsorted(bucket[searched], bucket[searched])  # for each signature where those of its bucket begin
    widest = np.flatnonzero(start == np.argmax(np.bincount(start)))
    if len(widest) > SIGNATURES:
        candidate, what = compiled.candidate[first], f"exposures that differ in what they agree on, {_MISSING}"
        raise too_many(SIGNATURES, compiled, candidate[searched[widest[0]]], what, _GIVE)
    neighbours = [0] * len(searched)
    place = np.zeros(len(compiled), dtype=np.int64)
    place[first[searched]] = np.arange(len(searched))
    # distinct signatures with values for the same agreements never agree
    parts = combinations(_by_given(compiled, first[searched]), 2)
    what = f"pairs of exposures that agree, {_MISSING}"
    pairs = _agreeing(compiled, parts, partial(refuse_beyond, PAIRS, compiled, what=what, remedy=_GIVE))
    for one, other in chain.from_iterable(zip(*place[each].tolist(), strict=True) for each in pairs):
        neighbours[one] |= 1 << int(other - start[other])
        neighbours[other] |= 1 << int(one - start[one])
    for begin, end in pairwise([*distinct(start).tolist(), len(searched)]):
        support = [entries[bounds[each] : bounds[each + 1]] for each in searched[begin:end].tolist()]
        yield neighbours[begin:end], support


def _compatibility_graphs(compiled: Compiled) -> Iterator[Graph]:
    """The graphs of entries that agree and are near each other, one for each bucket."""
    always = ~(compiled.signatures == ANY).any(axis=0)
    bucket, count = number_rows([compiled.candidate, *compiled.signatures[:, always].T], len(compiled))
    order = np.argsort(bucket, kind="stable")
    for entries in np.split(order, np.searchsorted(bucket[order], np.arange(1, count))) if count else ():
        if len(entries) > EXPOSURES:
            what = "exposures to compare with each other"
            raise too_many(EXPOSURES, compiled, compiled.candidate[entries[0]], what, _NARROW)
        pairs = compatible(compiled, entries)
        np.fill_diagonal(pairs, val=False)
        bits = np.packbits(pairs, axis=1, bitorder="little")
        yield [int.from_bytes(row.tobytes(), "little") for row in bits], list(entries[:, None])


def _cliques(compiled: Compiled, graphs: Iterable[Graph], what: str, remedy: str) -> Iterator[Numbers]:
    """The entries of the maximal cliques of graphs.

    Raises:
        TooManyGroupsError: a graph has more than `LIMIT`, or all have more than `MEMBERS` members.
    """
    members = 0
    for neighbours, support in graphs:
        candidate = compiled.candidate[support[0][0]]
        for number, clique in enumerate(maximal_cliques(neighbours), 1):
            entries = np.sort(np.concatenate([support[node] for node in clique]))
            members += len(entries)
            if number > LIMIT:
                raise too_many(LIMIT, compiled, candidate, f"groups{what}", remedy)
            if members > MEMBERS:
                raise too_many(MEMBERS, compiled, candidate, f"members of groups{what}", remedy)
            yield entries


def _fitting(compiled: Compiled, seeds: Numbers, fitting: Numbers) -> Numbers:
    """All pairs of a seed and a fitting entry whose signatures agree.

    Seeds and fitting entries are divided by which of their values are `ANY`, then matched by natural joins.
    """
    parts = product(_by_given(compiled, seeds), _by_given(compiled, fitting))
    refuse = partial(refuse_beyond, MEMBERS, compiled, what="members, because so many exposures fit so many others")
    return np.concatenate([np.zeros((2, 0), dtype=np.int64), *_agreeing(compiled, parts, refuse)], axis=1)


def _agreeing(compiled: Compiled, parts: Iterable[tuple[Part, Part]], refuse: Callable[..., None]) -> Iterator[Numbers]:
    """All pairs of entries of two parts whose signatures agree: the natural join of each two parts, as two rows.

    `refuse` is called as `refuse_beyond` is, with the numbers of pairs before they are made.
    """
    found = 0
    for (mine, given), (theirs, known) in parts:
        both = given & known
        left, right = ([compiled.candidate[each], *compiled.signatures[each][:, both].T] for each in (mine, theirs))
        one, other = matching(left, right, partial(refuse, left[0], before=found))
        found += len(one)
        yield np.stack([mine[one], theirs[other]])


def _by_given(compiled: Compiled, entries: Numbers) -> Iterator[Part]:
    """The entries, divided by which values of their signatures are given."""
    given = compiled.signatures[entries] != ANY
    number, count = number_rows(list(given.T.astype(np.int64)), len(entries))
    for which in range(count):
        mine = np.flatnonzero(number == which)
        yield entries[mine], given[mine[0]]
