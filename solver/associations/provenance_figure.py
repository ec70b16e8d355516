"""The provenance of products as a figure: exposures at the left, what is made of them to the right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from solver.associations.association import Association
from solver.associations.provenance import product_graph
from solver.drawing import add_key, bare, role_colour, sheet
from solver.errors import UsageError
from solver.multimap import grouped

if TYPE_CHECKING:
    import networkx as nx
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Sizes in inches: of a row, of a character, between two columns, and of what is above and below the rows.
_ROW, _CHARACTER, _GAP, _AROUND = 0.19, 0.064, 1.3, 0.8

#: Size of texts in points.
_TEXT = 7.0

#: Maximum number of rows; a taller figure is too large for most viewers.
_MOST = 1_000

#: The colours of texts that say less, and of the boxes of nodes and their edges.
_GREY = "#777777"
_BOXES = {"exposure": ("#f1f2f4", "none"), "product": ("#e6ebf3", "none"), "missing": ("#ffffff", _GREY)}

#: Where nodes are drawn: the left end in inches, and the row.
_Places = Mapping[str, tuple[float, float]]


def product_figure(associations: Iterable[Association]) -> Figure:
    """How products come from exposures: the graph of `product_graph`, drawn from left to right.

    A line leads from each exposure or product to every product that takes it, in the colour of its role there. A
    white box is a product that none of the associations makes.

    Raises:
        UsageError: matplotlib is not installed, there are no associations, more exposures than a figure can show, or
            associations take each other's products.

    Cost: one line for each member, and one text for each exposure and product.
    """
    graph = product_graph(associations)
    if not graph:
        raise UsageError("there are no associations to draw")
    wide = max(len(node) + len(kind) + 2 for node, kind in graph.nodes(data="type", default="")) * _CHARACTER
    places = _places(graph, wide + _GAP)
    width, rows = map(max, zip(*((left + wide, row + 1) for left, row in places.values()), strict=True))
    if rows > _MOST:
        raise UsageError(f"a figure shows up to {_MOST:,} exposures, and these are more; select some associations")
    made = sheet(width, rows * _ROW + _AROUND)
    axes = made.subplots()
    bare(axes)
    axes.set(xlim=(0, width), ylim=(rows, -1.2))
    _draw_lines(axes, graph, places, wide)
    _draw_nodes(axes, graph, places, wide)
    return made


def _places(graph: nx.DiGraph[str], step: float) -> _Places:
    """Every node right of all that it comes from, and below each other in the order of these."""
    import networkx as nx

    if not nx.is_directed_acyclic_graph(graph):
        files = ", ".join(sorted({graph.nodes[node]["association"] for node, _ in nx.find_cycle(graph)}))
        raise UsageError(f"{files}: associations that take each other's products cannot be drawn")
    depths: dict[str, int] = {}
    for node in nx.topological_sort(graph):
        depths[node] = max([graph.nodes[node].get("level", 1) - 1, *(depths[each] + 1 for each in graph.pred[node])])
    places: dict[str, tuple[float, float]] = {}
    columns = grouped((depth, node) for node, depth in depths.items())
    for column, (_, nodes) in enumerate(sorted(columns.items())):
        row = -1.0
        for middle, node in sorted((_middle(graph, node, places), node) for node in nodes):
            row = max(row + 1, middle)
            places[node] = column * step, row
    return places


def _middle(graph: nx.DiGraph[str], node: str, places: _Places) -> float:
    """The mean row of the science that a node is made from, or else of all its sources; 0 for an exposure."""
    sources = {source: edge["roles"] for source, edge in graph.pred[node].items()}
    about = [source for source, roles in sources.items() if "science" in roles] or list(sources)
    return sum(places[source][1] for source in about) / len(about) if about else 0.0


def _draw_nodes(axes: Axes, graph: nx.DiGraph[str], places: _Places, wide: float) -> None:
    from matplotlib.patches import Rectangle

    titles: defaultdict[float, set[str]] = defaultdict(set)
    style: dict[str, Any] = {"fontsize": _TEXT, "va": "center", "parse_math": False}
    for node, (left, row) in places.items():
        about = graph.nodes[node]
        face, edge = _BOXES[about["kind"]]
        axes.add_patch(Rectangle((left, row + 0.06), wide, 0.88, facecolor=face, edgecolor=edge, zorder=2))
        axes.text(left + _CHARACTER / 2, row + 0.5, node, **style)
        axes.text(left + wide - _CHARACTER / 2, row + 0.5, about.get("type", ""), ha="right", color=_GREY, **style)
        titles[left].add(f"Level {about['level']}" if about["kind"] == "product" else "exposures")
    for left, words in titles.items():
        axes.text(left, -0.3, " and ".join(sorted(words)), fontsize=_TEXT + 1, color=_GREY)


def _draw_lines(axes: Axes, graph: nx.DiGraph[str], places: _Places, wide: float) -> None:
    """The lines of each role as one thing; where a product takes a source in several roles, they run side by side."""
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    lines: defaultdict[str, list[Path]] = defaultdict(list)
    for source, product, roles in graph.edges(data="roles"):
        (left, above), (end, below) = places[source], places[product]
        start = left + wide
        for beside, role in enumerate(roles):
            one, other = above + 0.5 + 0.2 * beside, below + 0.5 + 0.2 * beside
            points = [(start, one), ((start + end) / 2, one), ((start + end) / 2, other), (end, other)]
            lines[role].append(Path(points, [Path.MOVETO, *[Path.CURVE4] * 3]))
    for role, paths in sorted(lines.items(), key=lambda each: -len(each[1])):
        colour = role_colour(role)
        axes.add_collection(PathCollection(paths, facecolor="none", edgecolor=colour, linewidth=0.8))
        axes.plot([], [], color=colour, label=role.replace("_", " "))  # for the key
    add_key(axes)
