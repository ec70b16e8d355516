"""The maximal cliques of a graph."""

from __future__ import annotations

import networkx as nx
from hypothesis import example, given
from hypothesis import strategies as st

from solver.solving.cliques import maximal_cliques


@st.composite
def graphs(draw: st.DrawFn) -> nx.Graph[int]:
    size = draw(st.integers(0, 9))
    pairs = [(one, other) for one in range(size) for other in range(one)]
    graph: nx.Graph[int] = nx.empty_graph(size)
    graph.add_edges_from(draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else [])
    return graph


#: In these all that is left goes with a node that was tried before; in the last one, not with the one tried last.
TRIED = (
    [(0, 2), (0, 3), (0, 5), (1, 2), (1, 3), (1, 4), (2, 4), (3, 4)],
    [(0, 1), (0, 2), (0, 4), (1, 3), (1, 5), (3, 5), (4, 5)],
    [(0, 3), (1, 2), (2, 4)],
)


@given(graphs())
@example(nx.from_edgelist(TRIED[0]))
@example(nx.from_edgelist(TRIED[1]))
@example(nx.from_edgelist(TRIED[2]))
def test_they_are_those_of_networkx_each_once(graph: nx.Graph[int]) -> None:
    neighbours = [sum(1 << other for other in graph[node]) for node in sorted(graph)]
    found = list(maximal_cliques(neighbours))
    assert sorted(found) == sorted(sorted(clique) for clique in nx.find_cliques(graph))


def test_a_clique_of_thousands_needs_no_recursion() -> None:
    everybody = (1 << 3_000) - 1
    assert list(maximal_cliques([everybody ^ 1 << node for node in range(3_000)])) == [list(range(3_000))]


def test_a_node_that_goes_with_ten_thousand_others_costs_no_search_among_them() -> None:
    size = 10_000
    others = (1 << size) - 2
    assert sum(1 for _ in maximal_cliques([others, *[1] * (size - 1)])) == size - 1


def test_as_many_as_there_can_be() -> None:
    neighbours = [0b111111111 ^ 0b111 << node // 3 * 3 for node in range(9)]
    assert len(list(maximal_cliques(neighbours))) == 3**3
