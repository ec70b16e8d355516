"""Large single programs, which simulated pools of many programs do not have."""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter
from random import Random
from typing import TYPE_CHECKING

from benchmarks.modes_imaging import CAMERAS, Arm, take_images
from benchmarks.rows import COLUMNS, Plan, Program, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from benchmarks.rows import Observation

_PROGRAM, _OBSERVATION, _TARGET, _CANDIDATES = (
    COLUMNS.index(name) for name in ("program", "obs_num", "targetid", "asn_candidate")
)
_CANDIDATE = re.compile(r"'([oc])(\d+)'")

#: The candidates for which the program with a parallel is solved.
PARALLEL_CANDIDATES = ("o001", "c1000", "c1001")

#: All detectors of NIRCam.
_NIRCAM = (
    Arm(tuple(f"NRC{module}{number}" for module in "AB" for number in "1234"), (("F150W", "CLEAR"),)),
    Arm(("NRCALONG", "NRCBLONG"), (("F335M", "CLEAR"),)),
)


def one_program(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows of many programs as those of one, the first.

    Observations, targets and higher candidates are numbered on from program to program; ids of observations
    have at least four digits (o1234). What else names a program stays as it is, so file names stay unique.

    Args:
        rows: rows as `simulate` yields them, program by program.

    >>> from benchmarks.simulator import simulate
    >>> rows = list(one_program(simulate(1, programs=3)))
    >>> {row[_PROGRAM] for row in rows}, len({row[0] for row in rows}) == len(rows)
    ({'1001'}, True)
    """
    first = None
    observations = targets = candidates = 0
    for number, group in groupby(rows, key=itemgetter(_PROGRAM)):
        mine = list(group)
        first = first or number
        for row in mine:
            new = list(row)
            new[_PROGRAM] = first
            new[_OBSERVATION] = str(int(row[_OBSERVATION]) + observations)
            if row[_TARGET].isdecimal():
                new[_TARGET] = str(int(row[_TARGET]) + targets)
            new[_CANDIDATES] = _numbered_on(row[_CANDIDATES], observations, candidates)
            yield tuple(new)
        observations += max(int(row[_OBSERVATION]) for row in mine)
        targets += max((int(row[_TARGET]) for row in mine if row[_TARGET].isdecimal()), default=0)
        candidates += len({each for row in mine for each in _CANDIDATE.findall(row[_CANDIDATES]) if each[0] == "c"})


def _numbered_on(cell: str, observations: int, candidates: int) -> str:
    """A cell of candidates with numbers that are higher by so many."""

    def higher(match: re.Match[str]) -> str:
        kind, number = match[1], int(match[2])
        return f"'o{number + observations:04d}'" if kind == "o" else f"'c{number + candidates}'"

    return _CANDIDATE.sub(higher, cell)


def prime_with_parallel() -> Iterator[Row]:
    """A large mosaic with MIRI as prime and NIRCam in parallel: 1,248 rows, 1,200 of them in one observation.

    It has the size and the make of a flight program for which users of the reference reported a day. At each
    point MIRI takes two filters, and the ten detectors of NIRCam expose along with the second. The mosaic's
    last tile is an observation of its own, and so is a background.
    """
    program = Program(1001, Random("prime with parallel"))
    target = program.target()
    mosaic = program.observation("MIRI IMAGING", target)
    for tile in range(1, 26):
        mosaic.visit()
        _expose(mosaic, tile, points=4)
    last = program.observation("MIRI IMAGING", target)
    _expose(last, 26, points=2)
    background = program.observation("MIRI IMAGING", program.target(), bkgdtarg="T")
    _expose(background, 1, points=2)
    program.link("MOSAIC", mosaic, last)
    program.link("BACKGROUND", mosaic, background)
    yield from program.rows()


def _expose(observation: Observation, tile: int, points: int) -> None:
    columns = {"mostilno": str(tile)}
    for setting in (0, 1):
        take_images(observation, CAMERAS["MIRI"], setting, points, **columns)
    for arm in _NIRCAM:
        optical_filter, pupil = arm.optics[0]
        columns |= {"filter": optical_filter, "pupil": pupil, "seq_id": "2"}
        observation.expose("NRC_IMAGE", arm.detectors, Plan(points, "CYCLING", alongside=True), **columns)
