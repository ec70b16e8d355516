"""How rules inherit from base classes and mixins, as a figure: a graph for each level, and a matrix of instruments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import starmap
from statistics import fmean

import networkx as nx

from rules.rule import Rule
from solver.drawing import COLOURS
from solver.markup import environment
from solver.multimap import grouped
from solver.reports.rule_graph import declared, inheritance, lineage

_Owner = type[Rule]

#: How often the classes of all columns are put in the order of their neighbours, so that few lines cross.
_SWEEPS = 24


def svg(rules: Iterable[_Owner], link: Callable[[str], str] | None = None) -> str:
    """The classes that rules are made from, as a figure.

    Args:
        rules: the rules.
        link: makes a link from the name of a class; without it the figure has none.
    """
    panels = list(starmap(_panel, sorted(grouped((rule.spec.level, rule) for rule in rules).items())))
    return environment("solver.reports").get_template("rule_figure.svg").render(panels=panels, link=link)


def _panel(level: int, rules: Iterable[_Owner]) -> dict[str, object]:
    """The classes of a level: in `columns` from base classes to rules, with `lines`, each with its colour.

    Apart from these are those that only name `instruments`, and those of them that are `combined` of others.
    """
    graph = inheritance(rules)
    naming = [owner for owner in graph if len(lineage(owner)) == 1 and declared(owner) <= {"instruments"}]
    naming.sort(key=lambda owner: (len(nx.ancestors(graph, owner)), owner.__name__))
    combined = [owner for owner in naming if graph.pred[owner]]
    graph.remove_nodes_from(naming)
    columns = [list(each) for each in nx.topological_generations(graph.reverse())][::-1]
    _order(graph, columns)
    colours = {owner: COLOURS[i % len(COLOURS)] for column in columns for i, owner in enumerate(column)}
    edges = sorted(graph.edges, key=lambda edge: (edge[0].__name__, edge[1].__name__))
    lines = [(base, owner, colours[base]) for base, owner in edges]
    return {"level": level, "columns": columns, "lines": lines, "combined": combined, "instruments": naming}


def _order(graph: nx.DiGraph[_Owner], columns: list[list[_Owner]]) -> None:
    """Put each class near those that it inherits and those that inherit it."""
    place: dict[_Owner, float] = {}
    for sweep in range(_SWEEPS):
        for column in columns[:: 1 if sweep % 2 else -1]:
            near = {each: [place.get(other, 0.5) for other in nx.all_neighbors(graph, each)] for each in column}
            column.sort(key=lambda each: (fmean(near[each] or [0.5]), each.__name__))
            place |= {owner: (i + 0.5) / len(column) for i, owner in enumerate(column)}
