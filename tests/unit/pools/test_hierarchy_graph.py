"""The exposure graph."""

from __future__ import annotations

import networkx as nx
import pytest

from solver.pools.hierarchy_graph import hierarchy
from tests.unit.small import Row, pool_of, row

LEVELS = {"visit": "1", "visitgrp": "02", "seq_id": "1", "act_id": "01", "exposure": "1"}


def full(name: str, **values: str) -> Row:
    return row(name, **LEVELS | values)


def test_an_exposure_is_below_every_level_that_the_pool_has() -> None:
    graph = hierarchy(pool_of(full("a")))
    (leaf,) = [node for node, degree in graph.out_degree() if degree == 0]
    assert leaf == (
        "program 1", "observation 1", "visit 1", "group 2", "sequence 1", "activity 01", "a_uncal.fits",
    )  # fmt: skip
    assert [graph.nodes[leaf[:depth]]["level"] for depth in range(1, 8)] == [
        "program", "observation", "visit", "group", "sequence", "activity", "exposure",
    ]  # fmt: skip
    assert [graph.nodes[leaf][key] for key in ("row", "value", "exposures")] == [0, "a_uncal.fits", 1]
    assert graph.nodes[leaf]["exp_type"] == "mir_image"
    assert graph.nodes[leaf[:4]]["value"] == "2"


def test_levels_without_a_column_are_skipped() -> None:
    graph = hierarchy(pool_of(row("a", act_id="01")))
    assert list(graph) == [
        ("program 1",),
        ("program 1", "observation 1"),
        ("program 1", "observation 1", "activity 01"),
        ("program 1", "observation 1", "activity 01", "a_uncal.fits"),
    ]


def test_nodes_count_the_exposures_below_them() -> None:
    graph = pool_of(full("a"), full("b"), full("c", obs_num="2"), full("d", program="2")).hierarchy()
    counts = {node[-1]: graph.nodes[node]["exposures"] for node in graph if len(node) <= 2}
    assert counts == {"program 1": 3, "observation 1": 1, "observation 2": 1, "program 2": 1}
    assert graph.nodes["program 1", "observation 1"]["exposures"] == 2


def test_a_graph_of_rows_has_no_name() -> None:
    assert hierarchy([full("a")]).name == ""


def test_the_graph_is_a_tree_for_each_program() -> None:
    graph = pool_of(full("a"), full("b"), full("c", obs_num="2"), full("d", program="2")).hierarchy()
    assert nx.is_branching(graph)
    assert nx.number_weakly_connected_components(graph) == 2
    assert graph.name == "in-memory"


def test_walking_the_graph_is_the_canonical_order_of_the_pool() -> None:
    rows = [
        full("n1", program="10"), full("n2", program="9"), full("n3", obs_num="10"), full("n4", obs_num="9"),
        full("n5", act_id="0Z"), full("n6", act_id="10"), full("n7", exposure="10"), full("n8", exposure="9"),
        full("a10"), full("b9"), full("B", obs_num="NULL"), full("c", exposure="NULL"),
    ]  # fmt: skip
    pool = pool_of(*rows)
    graph = hierarchy(pool)
    leaves = [graph.nodes[node]["row"] for node in graph if graph.nodes[node]["level"] == "exposure"]
    assert leaves == list(range(len(rows)))


def test_a_level_without_a_value_is_a_node_of_its_own() -> None:
    graph = hierarchy(pool_of(full("a", obs_num="")))
    assert graph.nodes["program 1", "observation"]["value"] == ""


@pytest.mark.parametrize("column", ["LEVEL", "VALUE", "ROW", "EXPOSURES", "NODE_FOR_ADDING"])
def test_columns_of_any_name_do_no_harm(column: str) -> None:
    graph = hierarchy(pool_of(row("a", **{column: "x"})))
    leaf = ("program 1", "observation 1", "a_uncal.fits")
    values = {key: graph.nodes[leaf][key] for key in ("level", "value", "row", "exposures")}
    assert values == {"level": "exposure", "value": "a_uncal.fits", "row": 0, "exposures": 1}
