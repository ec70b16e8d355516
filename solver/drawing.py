"""What figures and pages share: colours, their assignment to associations, and empty figures.

The colours are Paul Tol's "bright" scheme (https://sronpersonalpages.nl/~pault/) without its grey, which colour-blind
readers can distinguish, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rules.vocabulary import ROLES
from solver.errors import require_library

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: The colours in hexadecimal. A hue is an index into them.
COLOURS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377")

#: The colour of anything without a hue.
NEUTRAL = "#888888"

#: The hues of roles, the same in every report; further roles are neutral.
ROLE_HUES = dict(zip(ROLES, (0, 3, 5, 1, 4, 2), strict=False))

#: Size of labels in points, and their maximum number of characters.
TEXT = 6.5
LONGEST = 48


def require_matplotlib() -> None:
    """Raise `UsageError` where matplotlib is not installed."""
    require_library("matplotlib", "a figure", "'asnsolve[figures]'")


def sheet(width: float, height: float) -> Figure:
    """An empty figure of a size in inches, without a window; raises `UsageError` where matplotlib is not installed."""
    require_matplotlib()
    from matplotlib.figure import Figure  # slow to import

    return Figure(figsize=(width, height), layout="constrained")


def bare(axes: Axes) -> None:
    """Remove the frame and the ticks."""
    axes.tick_params(left=False, labelleft=False, bottom=False, labelbottom=False, top=False)
    axes.spines[:].set_visible(False)


def role_colour(role: str) -> str:
    """The colour of a role."""
    return COLOURS[ROLE_HUES[role]] if role in ROLE_HUES else NEUTRAL


def add_key(axes: Axes) -> None:
    """Add a legend below the axes, on the right; its labels are not read as formulas."""
    legend = axes.legend(
        loc="upper right", bbox_to_anchor=(1, -0.005), ncols=6, fontsize=TEXT, frameon=False, handlelength=1
    )
    for entry in legend.get_texts():
        entry.set_parse_math(False)


def shortened(text: str, *, end: bool = False) -> str:
    """The beginning of a long text, or its end; a short text as it is."""
    if len(text) <= LONGEST:
        return text
    return f"…{text[1 - LONGEST :]}" if end else f"{text[: LONGEST - 1]}…"


def assigned(associations: Sequence[Sequence[int]], levels: Sequence[int]) -> list[int]:
    """Hues for associations, as on a map: neighbours of one level differ, as far as the hues suffice.

    Two associations are neighbours if they share an exposure or have exposures next to each other.

    Args:
        associations: the rows of each, ascending.
        levels: the level of each.

    Cost: one step for each member and hue.

    >>> assigned([[0, 1], [2, 3], [1, 2]], [3, 3, 3])
    [0, 2, 1]
    """
    hues = [0] * len(associations)
    on_row: dict[tuple[int, int], set[int]] = {}
    used: Counter[int] = Counter()
    for index in sorted(range(len(associations)), key=lambda i: tuple(associations[i][:1])):
        level = levels[index]
        places = {(level, near) for row in associations[index] for near in (row - 1, row, row + 1)}
        met = Counter(hue for place in places for hue in on_row.get(place, ()))
        hue = min(range(len(COLOURS)), key=lambda each: (met[each], used[each], each))
        hues[index] = hue
        used[hue] += 1
        for row in associations[index]:
            on_row.setdefault((level, row), set()).add(hue)
    return hues
