"""What figures and pages share: colours, what each stands for, and a sheet to draw on.

The colours are Paul Tol's "bright" scheme (https://sronpersonalpages.nl/~pault/) without its grey, which colour-blind
readers can distinguish, too.
"""

from __future__ import annotations

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

#: The hues of the types of associations, by a part of the type; the first that fits counts.
TYPE_HUES = {"tso": 3, "coron": 2, "ami": 5, "wfs": 4, "image": 0, "spec": 1}

#: Size of labels in points, and their maximum number of characters.
TEXT = 6.5
LONGEST = 48


def sheet(width: float, height: float) -> Figure:
    """An empty figure of a size in inches, without a window; raises `UsageError` where matplotlib is not installed."""
    require_library("matplotlib", "a figure", "'asnsolve[figures]'")
    from matplotlib.figure import Figure  # slow to import

    return Figure(figsize=(width, height), layout="constrained")


def bare(axes: Axes) -> None:
    """Remove the frame and the ticks."""
    axes.tick_params(left=False, labelleft=False, bottom=False, labelbottom=False, top=False)
    axes.spines[:].set_visible(False)


def role_colour(role: str) -> str:
    """The colour of a role."""
    return COLOURS[ROLE_HUES[role]] if role in ROLE_HUES else NEUTRAL


def type_hue(asn_type: str) -> int | None:
    """The hue of a type of association, the same at both levels; None for types that the mission does not have.

    >>> type_hue("tso-spec2"), type_hue("spec3"), type_hue("mosaic3")
    (3, 1, None)
    """
    return next((hue for part, hue in TYPE_HUES.items() if part in asn_type), None)


def add_key(axes: Axes) -> None:
    """Add a legend below the axes, on the right; its labels are not read as formulas."""
    place = (1, -0.005)
    key = axes.legend(loc="upper right", bbox_to_anchor=place, ncols=6, fontsize=TEXT, frameon=False, handlelength=1)
    for entry in key.get_texts():
        entry.set_parse_math(False)


def shortened(text: str) -> str:
    """The end of a long text; a short text as it is."""
    return text if len(text) <= LONGEST else f"…{text[1 - LONGEST :]}"
