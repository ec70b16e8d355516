"""Observations as a reader knows them: by number, mode, target and optics."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from solver.default import mode_name
from solver.pools import SCIENCE, Pool, observation_name
from solver.words import few, inert

_NONE = "not given"

_OPTICS = ("filter", "pupil", "grating", "fxd_slit", "band")

#: Maximum number of settings that an observation lists.
_LISTED = 6


def observations(pool: Pool) -> Iterator[dict[str, Any]]:
    """The observations of a pool, in order; of a parallel one all modes, and of acquisitions only these.

    Yields:
        the first row, as `start`; the `name` that statements use, such as o003; the `mode` with the instrument; the
        `target` by the proposer's name, else its standard name, else its number; and the `optics`, in words.
    """
    places = np.stack([pool[name].codes for name in ("program", "obs_num")])
    starts = np.flatnonzero(np.append(True, np.any(np.diff(places), axis=0))).tolist()
    several = len(set(pool["program"])) > 1
    science = pool["pntgtype"].where(lambda value: value in {"", SCIENCE.lower()})
    for first, end in pairwise([*starts, len(pool)]):
        rows = [row for row in range(first, end) if science[row]] or list(range(first, end))
        modes = (mode_name(pool["instrume"][row], pool["exp_type"][row]) for row in rows)
        program, number = pool["program"][first], pool["obs_num"][first]
        yield {
            "start": first,
            "name": inert(observation_name(program, number, several=several) if number else f"program {program}"),
            "mode": inert(", ".join(dict.fromkeys(mode or _NONE for mode in modes))),
            "target": inert(few(dict.fromkeys(_target(pool, row) for row in rows), _LISTED)),
            "optics": inert(few(dict.fromkeys(filter(None, (_setting(pool, row) for row in rows))), _LISTED)),
        }


def _target(pool: Pool, row: int) -> str:
    return next(filter(None, (pool[name][row] for name in ("targprop", "targname", "targetid"))), _NONE).upper()


def _setting(pool: Pool, row: int) -> str:
    return "/".join(pool[name][row].upper() for name in _OPTICS if pool[name][row] not in {"", "clear", "none"})
