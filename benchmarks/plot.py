"""The plot for the page on speed: time against exposures, of asnsolve, of the reference and of the limit.

python -m benchmarks.plot [RESULTS.json PICTURE]
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.results import FOLDER, Results, read, this_machine
from benchmarks.workloads import SIMULATED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: The picture that the page shows.
FILE = Path(__file__).parent / "time_against_exposures.svg"

#: Colours of Okabe and Ito, which people with any colour vision tell apart; the lines differ in their marks, too.
_BLUE, _VERMILION, _GREY, _PALE = "#0072B2", "#D55E00", "#666666", "#DDDDDD"


class Point(NamedTuple):
    """A workload in the plot.

    Attributes:
        exposures: its size.
        seconds: what it took.
        stopped: whether it was stopped then, so that the point belongs higher up.
    """

    exposures: int
    seconds: float
    stopped: bool = False


class Line(NamedTuple):
    """A line of the plot: what is written at its end, its colour, the shape of its points, and these."""

    label: str
    colour: str
    mark: str
    points: Sequence[Point]


def lines(results: Results) -> list[Line]:
    """What is drawn of results: the simulated workloads, each with the most workers that it was run with."""
    rows = sorted((row for row in results.rows if row.series == SIMULATED), key=lambda row: row.workers or 0)
    largest = {row.exposures: row for row in rows}  # of rows of one size the last
    rows = [largest[exposures] for exposures in sorted(largest)]
    asked = [(row.exposures, row.reference) for row in rows if row.reference is not None]
    theirs = [Point(exposures, median(each.seconds), each.stopped) for exposures, each in asked]
    unfinished = "\nstopped, unfinished" if theirs and theirs[-1].stopped else ""
    return [
        Line(f"jwst{unfinished}", _VERMILION, "^", theirs),
        Line("asnsolve", _BLUE, "o", [Point(row.exposures, row.seconds) for row in rows]),
        Line("the limit:\nread and write", _GREY, "s", [Point(row.exposures, median(row.limit)) for row in rows]),
    ]


def draw(results: Results, path: Path) -> None:
    """Draw results; the ending of the path says how (svg, png, …). The same results give the same file."""
    import matplotlib as mpl  # takes long to import, and only the plot needs it
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    with mpl.rc_context({"font.size": 11, "axes.edgecolor": _GREY, "svg.hashsalt": "asnsolve"}):
        figure = Figure(figsize=(8, 4.6), facecolor="white", layout="constrained")
        axes = figure.subplots()
        axes.set_xscale("log")
        axes.set_yscale("log")
        for line in lines(results):
            if line.points:
                _draw_line(axes, line)
        axes.set_xlabel("exposures in the pool")
        axes.set_title("Time to make all associations of a pool, whole process", loc="left", fontsize=12, pad=10)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g} s"))
        axes.yaxis.set_major_locator(LogLocator(numticks=12))
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.tick_params(which="both", color=_GREY)
        axes.grid(visible=True, color=_PALE, linewidth=0.8)
        axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None, dpi=110)


def _draw_line(axes: Axes, line: Line) -> None:
    """A line with its points, hollow where a run was stopped, and its label at the end."""
    x, y, _ = zip(*line.points, strict=True)
    axes.plot(x, y, line.mark, linestyle="-", linewidth=1.8, markersize=6, color=line.colour)
    for point in line.points:
        if point.stopped:
            axes.plot(point.exposures, point.seconds, line.mark, color=line.colour, markersize=8, mfc="white")
    axes.annotate(
        line.label,
        (x[-1], y[-1]),
        xytext=(9, -2),
        textcoords="offset points",
        va="center",
        color=line.colour,
        fontweight="bold",
        annotation_clip=False,
    )


def main(arguments: Sequence[str]) -> int:
    """Draw the results in a file; without arguments those that are committed for this machine, for the page."""
    if len(arguments) not in {0, 2}:
        print(__doc__, file=sys.stderr)
        return 2
    results, picture = map(Path, arguments or (FOLDER / f"{this_machine().slug}.json", FILE))
    draw(read(results, Results), picture)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
