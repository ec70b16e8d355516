"""Maximal cliques of small graphs, with nodes as the bits of integers.

`networkx.find_cliques` gives the same (a test compares them); importing networkx would take longer
than the rest of a run on a pool of a few hundred exposures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

#: A set of nodes: bit i stands for node i.
Bits = int


def maximal_cliques(neighbours: Sequence[Bits]) -> Iterator[list[int]]:
    """The sets of nodes that all neighbour each other and belong to no larger such set.

    Args:
        neighbours: for each node the nodes joined to it, never itself.

    Cost: in the worst case 3^(n/3) steps, the largest number of maximal cliques of n nodes (Tomita, Tanaka and
    Takahashi 2006, Theoretical Computer Science 363, 28); n² bits of memory.

    >>> sorted(maximal_cliques([0b010, 0b101, 0b010]))
    [[0, 1], [1, 2]]
    """
    # the nodes of a clique, those that may still be added, and those that were tried with it before
    waiting = [(0, (1 << len(neighbours)) - 1, 0)] if neighbours else []
    while waiting:
        clique, open_, tried = waiting.pop()
        if not open_:
            if not tried:
                yield list(nodes(clique))
            continue
        pivot = max(nodes(open_ | tried), key=lambda node: (open_ & neighbours[node]).bit_count())
        if open_ & ~neighbours[pivot] == 1 << pivot:  # every clique here has it, and maybe others: add all at once
            for node in [each for each in nodes(open_) if open_ & ~neighbours[each] == 1 << each]:
                clique |= 1 << node
                open_ ^= 1 << node
                tried &= neighbours[node]
            waiting.append((clique, open_, tried))
            continue
        for node in nodes(open_ & ~neighbours[pivot]):
            waiting.append((clique | 1 << node, open_ & neighbours[node], tried & neighbours[node]))
            open_ ^= 1 << node
            tried |= 1 << node


def nodes(bits: Bits) -> Iterator[int]:
    """The nodes of a set, in ascending order."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
