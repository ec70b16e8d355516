"""Colours that colour-blind people can distinguish, too, and which association gets which.

The colours are Paul Tol's "bright" scheme (https://sronpersonalpages.nl/~pault/), without its grey.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rules.vocabulary import ROLES

#: The colours, as the web writes them. A hue is a number in this list.
COLOURS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377")

#: The colour of what has no hue.
NEUTRAL = "#888888"

#: The hues of roles, the same in every report; further roles are neutral.
ROLE_HUES = dict(zip(ROLES, (0, 3, 5, 1, 4, 2), strict=False))


def assigned(associations: Sequence[Sequence[int]], levels: Sequence[int]) -> list[int]:
    """Hues for associations, as on a map: those of one level that meet have different ones, if there are enough.

    Two associations meet where they share an exposure, or have exposures next to each other.

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
