"""How rules inherit from base classes and mixins: as a graph, for graphviz, and as lines of descent."""

from __future__ import annotations

from collections.abc import Iterable

import networkx as nx

from rules.rule import Rule


def inheritance(rules: Iterable[type[Rule]]) -> nx.DiGraph[type[Rule]]:
    """The classes that rules are made from: an edge leads from a class to one that inherits it directly."""
    graph: nx.DiGraph[type[Rule]] = nx.DiGraph()
    for rule in rules:
        for owner in rule.__mro__:
            if issubclass(owner, Rule) and owner is not Rule:
                graph.add_node(owner)
                graph.add_edges_from((base, owner) for base in owner.__bases__ if base is not Rule)
    return graph


def dot(graph: nx.DiGraph[type[Rule]]) -> str:
    """The graph in graphviz' language; rules are boxes."""
    lines = ["digraph rules {", "    rankdir=LR;", "    node [shape=ellipse];"]
    lines += sorted(f'    "{owner.__name__}" [shape=box];' for owner in graph if hasattr(owner, "spec"))
    lines += sorted(f'    "{base.__name__}" -> "{owner.__name__}";' for base, owner in graph.edges)
    return "\n".join([*lines, "}", ""])


def declared(owner: type[Rule]) -> set[str]:
    """The names of what a class itself declares."""
    return {name for name in vars(owner) if not name.startswith("__")}


def lineage(rule: type[Rule]) -> tuple[str, ...]:
    """The classes of a rule from the base to itself, without those that only name instruments."""
    owners = [owner for owner in reversed(rule.__mro__) if issubclass(owner, Rule) and owner is not Rule]
    return tuple(owner.__name__ for owner in owners if owner is rule or declared(owner) - {"instruments"})
