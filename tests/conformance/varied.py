"""Simulated pools with some cells changed, so that every constraint decides about something.

Observing programs are tidy: exposures that differ in one thing differ in others, too. Here few things differ.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from random import Random
from typing import TypeVar

from benchmarks.simulator import COLUMNS, MODES, simulate

T = TypeVar("T")

_CHANGES = 3
_WHOLE = 0.4  # how often all cells with the same value change, not one
_CANDIDATES, _INSTRUMENT = COLUMNS.index("asn_candidate"), COLUMNS.index("instrume")
_TYPES = ("AMI", "BACKGROUND", "CORONAGRAPHY", "GROUP", "MOSAIC")

#: The columns that change; the rules look at them.
_VARIED = """
    exp_type instrume detector channel pntgtype obs_num visit obs_id act_id targetid visitype dithptin mostilno patttype
    filter pupil grating subarray fxd_slit band opmode lamp msametfl nints
    is_psf is_imprt bkgdtarg tsovisit dms_note exposerr asn_candidate
"""


def vary(seed: int, mode: str) -> list[list[str]]:
    """The rows of a simulated pool with a few changes; the same for the same seed and mode."""
    dice = Random(f"{mode} {seed}")
    rows = [list(row) for row in simulate(seed, modes=[mode])]
    for _ in range(_CHANGES):
        column = COLUMNS.index(_pick(_VARIED.split(), dice))
        chosen = _pick(rows, dice)
        whole = dice.random() < _WHOLE
        if column == _CANDIDATES and whole:
            _retype(rows, dice)
            continue
        old = chosen[column]
        among = [row[column] for row in rows] if column == _CANDIDATES else _values(column, chosen[_INSTRUMENT])
        new = _pick(among, dice)
        for row in rows if whole else [chosen]:
            if row[column] == old:
                row[column] = new
    return rows


def _retype(rows: Sequence[list[str]], dice: Random) -> None:
    """Give the candidates of several observations another type, all the same one."""
    new = _pick(_TYPES, dice)
    for row in rows:
        row[_CANDIDATES] = re.sub("|".join(_TYPES), new, row[_CANDIDATES])


@functools.cache
def _values(column: int, instrument: str) -> tuple[str, ...]:
    """The values of a column that the simulator knows for an instrument, and none."""
    rows = [row for mode in MODES for row in simulate(1, modes=[mode])]
    known = (row[column] for row in rows if column == _INSTRUMENT or row[_INSTRUMENT] == instrument)
    return tuple(dict.fromkeys(["NULL", *known]))


def _pick(options: Sequence[T], dice: Random) -> T:
    return options[int(dice.random() * len(options))]  # unlike `choice`, the same in every version of Python
