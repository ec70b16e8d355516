"""Groups: the maximal sets of agreeing exposures, read off the signatures.

Two signatures agree where for every agreement their values are equal or one of them is `ANY`. Pairwise
agreement is joint agreement, since per agreement at most one value other than `ANY` can occur. So
exposures collapse to distinct signatures: without `ANY` each signature is one group; with it, the groups
are the maximal cliques of the *signature graph*, which has a node for each distinct signature.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from rules.vocabulary import OneSeed
from solver.candidates import SubPools
from solver.columns import Mask, number_rows
from solver.compile import ANY, Compiled, Fits, Key, Solution, in_order, seeds_and_fitting
from solver.errors import TooManyGroupsError
from solver.nearness import near

#: More groups than this in one sub-pool, made possible by missing values, are taken for a pool gone wrong.
LIMIT = 100_000

#: More exposures than this are not compared two by two.
EXPOSURES = 2_000


def solve(compiled: Compiled, sub_pools: SubPools) -> list[Solution]:
    """All groups, in order of candidate and of their first exposures.

    Raises:
        TooManyGroupsError: more than `LIMIT` groups in one sub-pool.

    Cost: a sort of the entries; cliques only among signatures that differ in nothing but given and
    missing values.
    """
    if len(compiled) == 0:
        return []
    if isinstance(compiled.spec.cardinality, OneSeed):
        return seeds_and_fitting(compiled, compiled.spec.cardinality, partial(_fitting, compiled))
    if compiled.spec.nearness:
        return in_order(near_groups(compiled, sub_pools))
    return _maximal(compiled, sub_pools)


def _maximal(compiled: Compiled, sub_pools: SubPools) -> list[Solution]:
    number, count = _number_signatures(compiled, np.arange(len(compiled)))
    entries = np.argsort(number, kind="stable")
    bounds = np.searchsorted(number[entries], np.arange(count + 1))
    support = [entries[bounds[i] : bounds[i + 1]] for i in range(count)]
    first = entries[bounds[:-1]]
    keys = [tuple(key) for key in compiled.signatures[first].tolist()]
    buckets, loose = _buckets(compiled, first)
    found = [
        Solution(int(compiled.candidate[first[i]]), keys[i], support[i]) for i in range(count) if not loose[buckets[i]]
    ]
    many: Counter[int] = Counter()
    for bucket in np.flatnonzero(loose).tolist():
        members = np.flatnonzero(buckets == bucket).tolist()
        candidate = int(compiled.candidate[first[members[0]]])
        for clique in _cliques([keys[i] for i in members]):
            together = [members[i] for i in clique]
            key = tuple(max(values) for values in zip(*(keys[i] for i in together), strict=True))
            found.append(Solution(candidate, key, np.sort(np.concatenate([support[i] for i in together]))))
            many[candidate] += 1
            if many[candidate] > LIMIT:
                raise TooManyGroupsError(
                    compiled.spec.name,
                    str(sub_pools.candidates[candidate]),
                    LIMIT,
                    "groups, because exposures without a value agree with any",
                    "give the missing values in the pool, or leave the rule out",
                )
    return in_order(found)


def _buckets(compiled: Compiled, first: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Number the distinct signatures so that only those of one bucket can agree.

    A bucket is a candidate and the values of the agreements that every entry has. Returns also which
    buckets hold a signature with `ANY`.
    """
    signatures = compiled.signatures[first]
    always = ~(signatures == ANY).any(axis=0)
    bucket, count = number_rows([compiled.candidate[first], *signatures[:, always].T], len(first))
    loose = np.zeros(count, dtype=np.bool_)
    loose[bucket[(signatures == ANY).any(axis=1)]] = True
    return bucket, loose


def near_groups(compiled: Compiled, sub_pools: SubPools) -> Iterator[Solution]:
    """The maximal sets of exposures that agree and are near each other: cliques of the compatibility graph.

    Raises:
        TooManyGroupsError: more than `EXPOSURES` exposures could be in one group, or there are more than
            `LIMIT` groups.
    """
    import networkx as nx  # takes long to import, and few rules need it

    remedy = "narrow the rule: a smaller limit, or more that has to be the same"
    always = ~(compiled.signatures == ANY).any(axis=0)
    bucket, count = number_rows([compiled.candidate, *compiled.signatures[:, always].T], len(compiled))
    for which in range(count):
        entries = np.flatnonzero(bucket == which)
        candidate = int(compiled.candidate[entries[0]])
        place = (compiled.spec.name, str(sub_pools.candidates[candidate]))
        if len(entries) > EXPOSURES:
            raise TooManyGroupsError(*place, EXPOSURES, "exposures to compare with each other", remedy)
        graph = nx.from_numpy_array(np.triu(compatible(compiled, entries), 1))
        for number, clique in enumerate(nx.find_cliques(graph)):
            if number == LIMIT:
                raise TooManyGroupsError(*place, LIMIT, "groups of exposures near each other", remedy)
            members = np.sort(entries[clique])
            yield Solution(candidate, tuple(compiled.signatures[members].max(axis=0).tolist()), members)


def compatible(compiled: Compiled, entries: Fits) -> Mask:
    """Which of these entries agree with, and are near, which."""
    pairs = near(compiled.spec.nearness, compiled.numbers, entries[:, None], entries[None, :])
    for values in compiled.signatures[entries].T:
        pairs &= (values[:, None] == values[None, :]) | (values[:, None] == ANY) | (values[None, :] == ANY)
    return pairs


def _fitting(compiled: Compiled, seeds: Fits, fitting: Fits) -> list[Fits]:
    """For each seed the fitting entries whose signature agrees with its own.

    Signatures are compared once per distinct pair within a bucket, so the work is that of the groups.
    """
    nothing = np.zeros(0, dtype=np.int64)
    if len(fitting) == 0:
        return [nothing] * len(seeds)
    both = np.concatenate([seeds, fitting])
    number, count = _number_signatures(compiled, both)
    first = np.full(count, -1, dtype=np.int64)
    first[number[::-1]] = both[::-1]
    buckets, _ = _buckets(compiled, first)
    keys = [tuple(key) for key in compiled.signatures[first].tolist()]
    of_seed, of_fitting = number[: len(seeds)], number[len(seeds) :]
    in_bucket: dict[int, list[int]] = {}
    for each in np.unique(of_fitting).tolist():
        in_bucket.setdefault(int(buckets[each]), []).append(each)
    entries = fitting[np.argsort(of_fitting, kind="stable")]
    bounds = np.searchsorted(np.sort(of_fitting), np.arange(count + 1))
    found: dict[int, Fits] = {}
    for each in np.unique(of_seed).tolist():
        agreeing = [other for other in in_bucket.get(int(buckets[each]), ()) if agree(keys[each], keys[other])]
        parts = [entries[bounds[other] : bounds[other + 1]] for other in agreeing]
        found[each] = np.sort(np.concatenate(parts)) if parts else nothing
    return [found[each] for each in of_seed.tolist()]


def _number_signatures(compiled: Compiled, entries: Fits) -> tuple[Fits, int]:
    codes = [compiled.candidate[entries], *(column[entries] - ANY for column in compiled.signatures.T)]
    return number_rows(codes, len(entries))


def agree(one: Key, other: Key) -> bool:
    """Whether two signatures agree."""
    return all(a == b or ANY in (a, b) for a, b in zip(one, other, strict=True))


def _cliques(signatures: list[Key]) -> Iterator[list[int]]:
    """The maximal sets of signatures that agree, as indices."""
    import networkx as nx  # takes long to import, and few pools need it

    graph = nx.Graph()
    graph.add_nodes_from(range(len(signatures)))
    graph.add_edges_from(
        (i, j) for i, j in combinations(range(len(signatures)), 2) if agree(signatures[i], signatures[j])
    )
    yield from nx.find_cliques(graph)
