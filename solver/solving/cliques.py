"""Maximal cliques of small graphs, with nodes as the bits of integers.

`networkx.find_cliques` gives the same (a test compares them); importing networkx would take longer than
all the rest of a run on a pool of some hundred exposures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

#: A set of nodes: bit i stands for node i.
Bits = int


def maximal_cliques(neighbours: Sequence[Bits], among: Bits | None = None, besides: Bits = 0) -> Iterator[list[int]]:
    """The sets of nodes that are all neighbours of each other and part of no larger such set.

    Args:
        neighbours: for each node the others that it is joined to; never itself.
        among: the nodes that they may have; by default all.
        besides: other nodes that are in none, and that none can be enlarged by.

    Cost: in the worst case 3^(n/3), which is how many cliques there can be (Tomita, Tanaka and Takahashi 2006,
    Theoretical Computer Science 363, 28).

    >>> list(maximal_cliques([0b010, 0b101, 0b010]))
    [[0, 1], [1, 2]]
    """
    # what a clique holds, what may still be added to it, and what has been tried with it before
    every = (1 << len(neighbours)) - 1 if among is None else among
    waiting = [(0, every, besides)] if every else []
    while waiting:
        clique, open_, tried = waiting.pop()
        if not open_:
            if not tried:
                yield list(nodes(clique))
            continue
        pivot = max(nodes(open_ | tried), key=lambda node: (open_ & neighbours[node]).bit_count())
        if open_ & ~neighbours[pivot] == 1 << pivot:  # it is in every clique here, and so may be others: all at once
            for node in [each for each in nodes(open_) if open_ & ~neighbours[each] == 1 << each]:
                clique |= 1 << node
                open_ ^= 1 << node
                tried &= neighbours[node]
            waiting.append((clique, open_, tried))
            continue
        branches = []
        for node in nodes(open_ & ~neighbours[pivot]):
            branches.append((clique | 1 << node, open_ & neighbours[node], tried & neighbours[node]))
            open_ ^= 1 << node
            tried |= 1 << node
        waiting += reversed(branches)


def sparse_cliques(size: int, pairs: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """The same for a graph of many nodes and not so many pairs of neighbours.

    The node with the fewest neighbours is taken first, with those cliques that it is in, and then is left out: so
    the search is one among few nodes each time (Eppstein, Loeffler and Strash 2010, arXiv:1006.5440).

    Args:
        size: number of nodes.
        pairs: the nodes that are neighbours, each pair once.

    >>> [sorted(clique) for clique in sparse_cliques(4, [(0, 1), (1, 2)])]
    [[3], [0, 1], [1, 2]]
    """
    near: list[set[int]] = [set() for _ in range(size)]
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    left: list[set[int]] = [set(each) for each in near]
    for node in _fewest_first(left):
        if not near[node]:
            yield [node]
            continue
        open_ = list(left[node])
        tried = [each for each in near[node] - left[node] if not near[each].isdisjoint(left[node])]
        place = {each: number for number, each in enumerate((*open_, *tried))}
        inside = place.keys()
        neighbours = [sum(1 << place[each] for each in near[one] & inside) for one in open_]
        neighbours += [sum(1 << place[each] for each in near[one] & left[node]) for one in tried]
        among = (1 << len(open_)) - 1
        for clique in maximal_cliques(neighbours, among, ((1 << len(place)) - 1) ^ among):
            yield [node, *(open_[each] for each in clique)]


def _fewest_first(left: list[set[int]]) -> Iterator[int]:
    """Each node when it has the fewest neighbours that are left; then it is left no more."""
    by_number: dict[int, set[int]] = {}
    for node, others in enumerate(left):
        by_number.setdefault(len(others), set()).add(node)
    number = 0
    for _ in range(len(left)):
        while not by_number.get(number):
            number += 1
        node = by_number[number].pop()
        yield node
        for other in left[node]:
            many = len(left[other])
            by_number[many].discard(other)
            by_number.setdefault(many - 1, set()).add(other)
            left[other].discard(node)
        number = max(0, number - 1)


def nodes(bits: Bits) -> Iterator[int]:
    """The nodes of a set, in ascending order."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
