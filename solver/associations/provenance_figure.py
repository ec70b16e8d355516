"""The provenance of products as a figure: exposures at the left, what is made of them to the right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from solver.associations.association import Association
from solver.associations.provenance import product_graph
from solver.drawing import add_key, bare, role_colour, sheet
from solver.errors import UsageError

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

#: The colours of texts that say less, and of the boxes of nodes.
_GREY = "#777777"
_BOXES = {"exposure": "#f1f2f4", "product": "#e6ebf3", "missing": "#ffffff"}


@dataclass(frozen=True, slots=True)
class _Column:
    """Nodes below each other, with the row of each; from left to right in inches."""

    nodes: Mapping[str, float]
    left: float
    right: float


def product_figure(associations: Iterable[Association]) -> Figure:
    """How products come from exposures: the graph of `product_graph`, drawn from left to right.

    A line leads from each exposure or product to every product that takes it, in the colour of its role there. A
    white box is a product that none of the associations makes.

    Raises:
        UsageError: matplotlib is not installed, there are no associations, or more exposures than a figure can show.

    Cost: one line for each member, and one text for each exposure and product.
    """
    graph = product_graph(associations)
    columns = _columns(graph)
    rows = 1 + max((row for column in columns for row in column.nodes.values()), default=_MOST)
    if rows > _MOST:
        problem = f"a figure shows up to {_MOST:,} exposures, and these associations have more; select some of them"
        raise UsageError(problem if columns else "there are no associations to draw")
    width = columns[-1].right
    made = sheet(width, rows * _ROW + _AROUND)
    axes = made.subplots()
    bare(axes)
    axes.set(xlim=(0, width), ylim=(rows, -1.2))
    _draw_lines(axes, graph, columns)
    _draw_nodes(axes, graph, columns)
    return made


def _columns(graph: nx.DiGraph[str]) -> list[_Column]:
    """Every node right of those that it comes from, and below each other in the order of these."""
    import networkx as nx

    depths: dict[str, int] = {}
    rows: dict[str, float] = {}
    by_depth: defaultdict[int, list[str]] = defaultdict(list)
    for node in nx.topological_sort(graph):
        depths[node] = max([graph.nodes[node].get("level", 1) - 1, *(depths[each] + 1 for each in graph.pred[node])])
        by_depth[depths[node]].append(node)
    columns: list[_Column] = []
    for _, nodes in sorted(by_depth.items()):
        wanted = {node: _middle(graph, node, rows) for node in nodes}
        here: dict[str, float] = {}
        row = -1.0
        for node in sorted(nodes, key=lambda each: (wanted[each], each)):
            row = here[node] = max(row + 1, wanted[node])
        rows |= here
        left = columns[-1].right + _GAP if columns else 0.0
        longest = max(len(node) + len(_type(graph, node)) for node in nodes)
        columns.append(_Column(here, left, left + (longest + 2) * _CHARACTER))
    return columns


def _middle(graph: nx.DiGraph[str], node: str, rows: Mapping[str, float]) -> float:
    """The middle of the nodes that this one is about, or else comes from; 0 for an exposure."""
    sources = {source: edge["roles"] for source, edge in graph.pred[node].items()}
    about = [source for source, roles in sources.items() if "science" in roles] or list(sources)
    return sum(rows[source] for source in about) / len(about) if about else 0.0


def _type(graph: nx.DiGraph[str], node: str) -> str:
    return str(graph.nodes[node].get("type", ""))


def _draw_nodes(axes: Axes, graph: nx.DiGraph[str], columns: Iterable[_Column]) -> None:
    from matplotlib.patches import Rectangle

    for column in columns:
        width = column.right - column.left
        levels = sorted({graph.nodes[node].get("level", 1) for node in column.nodes})
        title = " and ".join(f"Level {level}" if level > 1 else "exposures" for level in levels)
        axes.text(column.left, -0.3, title, fontsize=_TEXT + 1, color=_GREY)
        for node, row in column.nodes.items():
            kind = graph.nodes[node]["kind"]
            edge = _GREY if kind == "missing" else "none"
            box = Rectangle((column.left, row + 0.06), width, 0.88, facecolor=_BOXES[kind], edgecolor=edge, zorder=2)
            axes.add_patch(box)
            style: dict[str, Any] = {"fontsize": _TEXT, "va": "center", "parse_math": False}
            axes.text(column.left + _CHARACTER / 2, row + 0.5, node, **style)
            axes.text(column.right - _CHARACTER / 2, row + 0.5, _type(graph, node), ha="right", color=_GREY, **style)


def _draw_lines(axes: Axes, graph: nx.DiGraph[str], columns: Iterable[_Column]) -> None:
    """The lines of each role as one thing; where a product takes a source in several roles, they run side by side."""
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    ends = {node: (column, row + 0.5) for column in columns for node, row in column.nodes.items()}
    lines: defaultdict[str, list[Path]] = defaultdict(list)
    for source, product, roles in graph.edges(data="roles"):
        (start, above), (end, below) = ends[source], ends[product]
        middle = (start.right + end.left) / 2
        for beside, role in enumerate(roles):
            one, other = above + 0.2 * beside, below + 0.2 * beside
            points = [(start.right, one), (middle, one), (middle, other), (end.left, other)]
            lines[role].append(Path(points, [Path.MOVETO, *[Path.CURVE4] * 3]))
    for role, paths in sorted(lines.items(), key=lambda each: -len(each[1])):
        colour = role_colour(role)
        axes.add_collection(PathCollection(paths, facecolor="none", edgecolor=colour, linewidth=0.8))
        axes.plot([], [], color=colour, label=role.replace("_", " "))  # for the key
    add_key(axes)
