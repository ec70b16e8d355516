"""Simulate association pools: realistic rows for any number of JWST exposures.

One simulator serves the demonstration, the tests and the benchmarks. From Python:

>>> from benchmarks.simulator import COLUMNS, simulate
>>> rows = list(simulate(1, modes=["image_dithers"]))
>>> all(len(row) == len(COLUMNS) for row in rows)
True

From a shell, where `--list` tells the modes:

    python -m benchmarks.simulator --seed 7 --programs 3 --exposures 1000 -o pool.csv
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, TextIO

from benchmarks import modes_imaging, modes_spectra
from benchmarks.positions import POSITION_COLUMNS, with_positions
from benchmarks.rows import COLUMNS, LAST_OBSERVATION, Program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

__all__ = ["COLUMNS", "MODES", "POSITION_COLUMNS", "simulate", "with_positions", "write_pool"]

MODES: Mapping[str, Callable[[Program], None]] = {
    mode.__name__: mode
    for mode in (
        modes_imaging.image_dithers,
        modes_imaging.image_mosaic,
        modes_imaging.image_background,
        modes_imaging.coron_nircam,
        modes_imaging.coron_miri,
        modes_imaging.ami,
        modes_imaging.wavefront_sensing,
        modes_imaging.parallel,
        modes_imaging.calibration,
        modes_spectra.mrs,
        modes_spectra.lrs_slit,
        modes_spectra.lrs_slitless,
        modes_spectra.fixed_slit,
        modes_spectra.ifu,
        modes_spectra.msa,
        modes_spectra.wfss_niriss,
        modes_spectra.wfss_nircam,
        modes_spectra.wfss_miri,
        modes_spectra.soss,
        modes_spectra.time_series,
        modes_spectra.moving_target,
    )
}
"""The observing modes; each adds one instance of itself to a program."""

FIRST_PROGRAM = 1001
_LAST_PROGRAM = 99999
_INSTANCE_OBSERVATIONS = 10
_NEARLY_DONE = 200
_LARGEST_SCALE = 3
_MODES_PER_PROGRAM = (3, 6)


def simulate(
    seed: int, *, programs: int = 1, exposures: int | None = None, modes: Iterable[str] | None = None
) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a simulated pool, texts in the order of `COLUMNS`.

    The same arguments give the same rows on every platform and with every version of Python.
    All file names are different.

    Args:
        seed: Any whole number; different seeds give different pools.
        programs: How many observing programs, at least 1. A program that runs out of observation
            numbers (999) is continued under a further program number.
        exposures: How many rows in all, at least 0. Observations are kept whole, so there may be
            up to 50 rows more, never fewer. None stands for one small instance of each mode
            drawn, typically 4 to 40 rows.
        modes: Names from `MODES` that every program uses; None lets each program draw a few.

    Yields:
        One row after the other. At no time more than one instance of one mode is in memory.

    Raises:
        ValueError: A mode is not known or a number is out of range.

    Cost: about 5 microseconds per row.

    """
    names = list(MODES) if modes is None else list(modes)
    unknown = [name for name in names if name not in MODES]
    if unknown or not names:
        message = f"unknown modes {unknown}, known are {list(MODES)}" if unknown else "no modes given"
        raise ValueError(message)
    if programs < 1 or (exposures is not None and exposures < 0):
        message = f"need at least 1 program and 0 exposures, not {programs} and {exposures}"
        raise ValueError(message)
    return _rows(Random(f"pool {seed}"), programs, exposures, names, draw=modes is None)


def _rows(
    dice: Random, programs: int, exposures: int | None, names: list[str], *, draw: bool
) -> Iterator[tuple[str, ...]]:
    done, number = 0, FIRST_PROGRAM
    for index in range(1, programs + 1):
        wanted = None if exposures is None else exposures * index // programs
        while wanted is None or done < wanted:
            program = _new_program(number, dice)
            number += 1
            drawn = program.some(names, program.between(*_MODES_PER_PROGRAM)) if draw else names
            for row in _program_rows(program, drawn, None if wanted is None else wanted - done):
                done += 1
                yield row
            if wanted is None:
                break


def _new_program(number: int, dice: Random) -> Program:
    if number > _LAST_PROGRAM:
        message = f"no program number left after {_LAST_PROGRAM}"
        raise ValueError(message)
    return Program(number, dice)


def _program_rows(program: Program, names: list[str], wanted: int | None) -> Iterator[tuple[str, ...]]:
    """Yield one instance of each mode, or instances until there are `wanted` rows or no numbers."""
    done = 0
    while True:
        for name in names:
            if program.observations > LAST_OBSERVATION - _INSTANCE_OBSERVATIONS:
                return
            if wanted is not None:
                # Small instances towards the end keep the number of rows near the one wanted.
                program.scale = _LARGEST_SCALE if wanted - done > _NEARLY_DONE else 1
            MODES[name](program)
            for row in program.rows():
                done += 1
                yield row
            if wanted is not None and done >= wanted:
                return
        if wanted is None:
            return


def write_pool(rows: Iterable[Sequence[str]], path: str | Path | TextIO, *, columns: Sequence[str] = COLUMNS) -> None:
    r"""Write a header line and the rows, with `|` between the values.

    Args:
        rows: Rows in the order of `columns`, such as `simulate` yields; taken one by one.
        path: The file to write (replaced if there is one), or an open text stream.
        columns: The names of the columns.

    Raises:
        OSError: The file cannot be written.

    >>> import io
    >>> stream = io.StringIO()
    >>> write_pool([["a"] * len(COLUMNS)], stream)
    >>> stream.getvalue().splitlines()[0][:23]
    'FILENAME|OBS_ID|PROGRAM'

    """
    if isinstance(path, (str, Path)):
        with Path(path).open("w", encoding="utf-8", newline="\n") as stream:
            write_pool(rows, stream, columns=columns)
        return
    path.write("|".join(columns).upper() + "\n")
    path.writelines("|".join(row) + "\n" for row in rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Args:
        arguments: What follows the program name; None takes it from the shell.

    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulator", description="Simulate a pool.")
    parser.add_argument("--seed", type=int, default=1, help="different seeds give different pools (default 1)")
    parser.add_argument("--programs", type=int, default=1, metavar="N", help="number of programs (default 1)")
    parser.add_argument("--exposures", type=int, metavar="N", help="number of rows (default: a small pool)")
    parser.add_argument("--mode", action="append", metavar="M", help="use this mode; may be given again")
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write (default: standard output)")
    parser.add_argument("--positions", action="store_true", help="also give positions and times (optional columns)")
    parser.add_argument("--list", action="store_true", help="list the modes and stop")
    options = parser.parse_args(arguments)
    if options.list:
        for name, mode in MODES.items():
            sys.stdout.write(f"{name:18} {(mode.__doc__ or '').splitlines()[0]}\n")
        return 0
    try:
        rows = simulate(options.seed, programs=options.programs, exposures=options.exposures, modes=options.mode)
        columns = COLUMNS
        if options.positions:
            rows, columns = with_positions(rows), (*COLUMNS, *POSITION_COLUMNS)
        write_pool(rows, options.output or sys.stdout, columns=columns)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
