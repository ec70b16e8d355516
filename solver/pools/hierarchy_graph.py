"""The exposure graph: program → observation → visit → group → sequence → activity → exposure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from solver.pools.columns import Row
from solver.pools.levels import HIERARCHY

if TYPE_CHECKING:
    import networkx as nx

#: A node is its path from the program down: the names of its levels, and for an exposure its file.
Node = tuple[str, ...]


def hierarchy(rows: Iterable[Row], name: str = "") -> nx.DiGraph[Node]:
    """The exposures of a pool, given as its rows, as a tree per program; `name` is the graph's.

    Every node carries `level` (a key of `HIERARCHY`), `value` (its number at that level) and `exposures`
    (how many pool rows are below it). A leaf is one row: it has the file name as value, its `row` in
    the pool and all of the row's columns. Levels for which the pool has no column are skipped. Edges lead
    from a node to its parts. Nodes are in canonical order if the rows are: each node is followed by its parts.

    Cost: one step per exposure and level.

    >>> from solver import Pool
    >>> pool = Pool.from_rows([{"filename": "a_uncal.fits", "program": "1", "obs_num": "2", "instrume": "miri",
    ...                         "exp_type": "mir_image", "asn_candidate": "[('o002', 'observation')]"}])
    >>> graph = hierarchy(pool)
    >>> [graph.nodes[node]["level"] for node in graph]
    ['program', 'observation', 'exposure']
    """
    import networkx as nx  # takes long to import, and most runs do not need it

    graph: nx.DiGraph[Node] = nx.DiGraph(name=name)
    for number, row in enumerate(rows):
        values = {level: row[column] for level, column in HIERARCHY.items() if level != "exposure" and column in row}
        names = [*(f"{level} {value}".strip() for level, value in values.items()), row["filename"]]
        path = [tuple(names[:depth]) for depth in range(1, len(names) + 1)]
        nx.add_path(graph, path)
        for node, (level, value) in zip(path, values.items(), strict=False):
            graph.nodes[node].update(level=level, value=value, exposures=graph.nodes[node].get("exposures", 0) + 1)
        graph.nodes[path[-1]].update(row, level="exposure", value=row["filename"], exposures=1, row=number)
    return graph
