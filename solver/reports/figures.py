"""The hierarchy and the matrix as a static figure, for a paper or a notebook.

Both stand side by side over the same rows: left the icicle from program to exposure, right what each exposure is in
each association.
"""

from __future__ import annotations

import io
import warnings
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, Literal

from solver.drawing import COLOURS, NEUTRAL, TEXT, add_key, bare, role_colour, sheet, shortened, type_hue
from solver.reports.contents import NO_ROW, Contents
from solver.version import CODE_VERSION
from solver.words import plural

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Sizes in inches: of a row, of the smallest and the largest figure, and of what is above and below the rows.
_ROW, _LEAST, _MOST, _AROUND = 0.15, 1.6, 8.0, 1.9
_WIDTH = 12.0

#: Sizes in points: of the smallest mark, and the least height of a block with a text or an edge.
_MARK, _READABLE, _EDGED = 1.5, 8.0, 3.0

#: How much wider than the other levels the exposures are drawn.
_LEAF = 3.2

#: The fewest columns that the matrix has room for, and the most columns with titles.
_COLUMNS, _TITLED = 24, 50

#: How opaque the colour of a block is. And the colour of blocks and places that have none,
#: and of blocks in which all exposures are in no association.
_TINT, _EMPTY, _LOST = 0.45, "#f1f2f4", "#ffffff"

_Rectangle = tuple[float, float, float, float]


def figure(contents: Contents, *, level: int | None = None) -> Figure:
    """The hierarchy and the matrix side by side.

    Args:
        contents: what is shown.
        level: the level of the associations that are shown; by default the highest.

    Cost: one rectangle for each node and member.
    """
    level = max((each["level"] for each in contents["associations"]), default=0) if level is None else level
    shown = [(number, each) for number, each in enumerate(contents["associations"]) if each["level"] == level]
    shown.sort(key=lambda pair: min((row for row in pair[1]["rows"] if row != NO_ROW), default=0))
    rows = len(contents["levels"][-1]["labels"])
    height = min(max(rows * _ROW, _LEAST), _MOST)
    points = height * 72 / rows  # of a row
    made = sheet(_WIDTH, height + _AROUND)
    left, right = made.subplots(1, 2, sharey=True, width_ratios=(1.15, 1))
    left.set_ylim(rows, 0)
    _draw_hierarchy(left, contents, shown, points)
    _draw_matrix(right, contents, shown, points)
    for axes in (left, right):
        bare(axes)
    title = f"{contents['pool']}: {plural(rows, 'exposure')}"
    left.set_title(title, fontsize=TEXT + 2, loc="left", pad=16, parse_math=False)
    return made


def rendered(contents: Contents, kind: Literal["png", "svg"], *, level: int | None = None) -> bytes:
    """The figure as a file's content, the same for the same contents. Arguments as for `figure`."""
    from matplotlib import rc_context

    stream = io.BytesIO()
    about = {"png": {"Software": CODE_VERSION}, "svg": {"Creator": CODE_VERSION, "Date": None}}[kind]
    # a fixed salt, since ids in the file are random otherwise; texts stay texts, to be searched and edited
    with rc_context({"svg.hashsalt": "asnsolve", "svg.fonttype": "none"}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        figure(contents, level=level).savefig(stream, format=kind, dpi=150, metadata=about)
    return stream.getvalue()


def _draw_hierarchy(axes: Axes, contents: Contents, shown: Sequence[tuple[int, Contents]], points: float) -> None:
    """A column for each level; a node has the colours of the types of associations that hold all of it."""
    levels, total = contents["levels"], len(contents["levels"][-1]["labels"])
    lost = set(chain(*contents["orphans"].values(), *contents["left_out"].values()))
    hues = {number: type_hue(each["type"]) for number, each in shown}
    blocks: dict[Any, list[_Rectangle]] = defaultdict(list)
    edges: list[_Rectangle] = []
    dividing = next((each for each in levels if len(each["starts"]) > 1), None)
    for column, level in enumerate(levels):
        wide = _LEAF if column == len(levels) - 1 else 1.0
        nodes = [*pairwise([*level["starts"], total])]
        for (first, end), held in zip(nodes, level["held"], strict=True):
            otherwise: Any = _LOST if lost.issuperset(range(first, end)) else _EMPTY
            found = dict.fromkeys(hues[number] for number in held if number in hues)
            colours = [(NEUTRAL if hue is None else COLOURS[hue], _TINT) for hue in found] or [otherwise]
            for place, colour in enumerate(colours):
                part = wide / len(colours)
                blocks[colour].append((column + place * part, first, part, end - first))
            if (end - first) * points >= _EDGED:
                edges.append((column, first, wide, end - first))
        corner = (column + 0.04, 0)
        axes.annotate(level["name"], corner, (0, 4), textcoords="offset points", fontsize=TEXT, color="#555")
        tall = [(label, (a + b) / 2, (b - a) * points) for label, (a, b) in zip(level["labels"], nodes, strict=True)]
        _label(axes, tall, column, points if level is dividing else 0)
    for shade, rectangles in blocks.items():
        hatch = "//////" if shade == _LOST else None
        _fill(axes, rectangles, shade, edgecolor="#999999" if hatch else "none", hatch=hatch, linewidth=0)
    _fill(axes, edges, "none", edgecolor="#ffffff", linewidth=0.8)
    axes.set_xlim(0, len(levels) - 1 + _LEAF)


def _label(axes: Axes, nodes: Iterable[tuple[str, float, float]], column: int, points: float) -> None:
    """Write on the nodes that are tall enough, or where a row has points, on as many as there is room for."""
    free = -_READABLE
    for label, middle, tall in nodes:
        if tall >= _READABLE or (middle - free) * points >= _READABLE:
            free = middle
            text = shortened(label)
            axes.text(column + 0.04, middle, text, fontsize=TEXT - 1, va="center", parse_math=False, clip_on=True)


def _draw_matrix(axes: Axes, contents: Contents, shown: Sequence[tuple[int, Contents]], points: float) -> None:
    """A column for each association, a mark for each member, coloured by role."""
    columns = max(1, len(shown))
    tall = max(1.0, _MARK / points)
    wide = max(1.0, columns * _MARK / (_WIDTH * 72 * 0.42))
    marks: dict[int, list[_Rectangle]] = defaultdict(list)
    for column, (_, each) in enumerate(shown):
        for row, role in zip(each["rows"], each["roles"], strict=True):
            if row != NO_ROW:
                marks[role].append((column, row, wide, tall))
        if columns <= _TITLED:
            text = f" {shortened(each['product'])}"
            axes.text(column + 0.5, 0, text, fontsize=TEXT - 1, rotation=90, ha="center", va="bottom", parse_math=False)
    _fill(axes, [(0, 0, columns, len(contents["levels"][-1]["labels"]))], _EMPTY, edgecolor="none")
    for role in sorted(marks):
        name = contents["roles"][role]
        edge = _EMPTY if points >= _READABLE else "none"
        _fill(axes, marks[role], role_colour(name), edgecolor=edge, linewidth=1, label=name.replace("_", " "))
    axes.set_xlim(0, max(columns, _COLUMNS))
    level = f" of level {shown[0][1]['level']}" if shown else ""
    axes.set_xlabel(f"{plural(len(shown), 'association')}{level}", fontsize=TEXT + 1, loc="left")
    if marks:
        add_key(axes)


def _fill(axes: Axes, rectangles: Iterable[_Rectangle], colour: str | tuple[str, float], **style: Any) -> None:
    """Draw rectangles, given as x, y, width, height, as one thing."""
    from matplotlib.collections import PolyCollection

    corners = [[(x, y), (x + w, y), (x + w, y + h), (x, y + h)] for x, y, w, h in rectangles]
    axes.add_collection(PolyCollection(corners, facecolor=colour, **style), autolim=False)
