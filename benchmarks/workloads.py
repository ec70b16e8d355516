"""What is measured: pools of many sizes and makes, and how they are solved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.large_programs import PARALLEL_CANDIDATES, one_program, prime_with_parallel
from benchmarks.reference import Program
from benchmarks.rows import Row
from benchmarks.simulator import simulate, write_pool

#: Numbers of worker processes with which bulk workloads write one archive; None writes a file for each association.
BULK: tuple[int | None, ...] = (1, 2)

#: Series of workloads that differ in size alone.
PACKAGED, SIMULATED, ONE_PROGRAM, PARALLEL = "packaged", "simulated", "one program", "parallel"

_EXPOSURES_PER_PROGRAM = 500

#: Pools that are packaged with the reference, and whether it finishes them soon.
_PACKAGED = {
    "jw87800_20180412T163456_pool.csv": "jw87800",
    "pool_013_coron_nircam.csv": "pool_013",
    "mega_pool.csv": "mega_pool",
}
_SIMULATED = (20, 64, 250, 1_000, 10_000, 100_000, 1_000_000)
_ONE_PROGRAM = (10_000, 50_000)

#: From here on a workload is a bulk one.
_BULK_SIZE = 10_000

#: The largest workloads of the quick set, and the largest ones that the reference is asked for.
_QUICK_SIZE = 100_000
_REFERENCE_SIZE = 250


@dataclass(frozen=True, slots=True)
class Workload:
    """A pool, and how it is solved.

    Attributes:
        name: its name in tables.
        series: workloads of a series differ in size alone.
        write: writes the pool into a file.
        options: options that asnsolve and the reference share.
        workers: the numbers of workers to measure, as in `BULK`.
        reference: whether the reference is asked, too.
        quick: whether it belongs to the quick set.
    """

    name: str
    series: str
    write: Callable[[Path], None]
    options: tuple[str, ...] = ()
    workers: tuple[int | None, ...] = (None,)
    reference: bool = True
    quick: bool = True


def workloads(reference: Program | None) -> Iterator[Workload]:
    """All workloads, small ones first within a series; those of packaged pools only where the reference is."""
    if reference is not None:
        for file, name in _PACKAGED.items():
            yield Workload(name, PACKAGED, partial(_write_text, reference.pools[file]))
    yield Workload(
        "MIRI with NIRCam", PARALLEL, partial(_write_rows, prime_with_parallel), options=("-i", *PARALLEL_CANDIDATES)
    )
    for exposures in _SIMULATED:
        yield _sized(SIMULATED, exposures, many_programs)
    for exposures in _ONE_PROGRAM:
        yield _sized(ONE_PROGRAM, exposures, _as_one_program)


def _sized(series: str, exposures: int, rows: Callable[[int], Iterable[Row]]) -> Workload:
    return Workload(
        f"{series} {exposures:,}",
        series,
        partial(_write_rows, partial(rows, exposures)),
        workers=(None,) if exposures < _BULK_SIZE else BULK if exposures <= _QUICK_SIZE else BULK[-1:],
        reference=exposures <= _REFERENCE_SIZE,
        quick=exposures <= _QUICK_SIZE,
    )


def many_programs(exposures: int) -> Iterator[Row]:
    """A simulated pool of programs with about 500 exposures each."""
    return simulate(1, programs=max(1, exposures // _EXPOSURES_PER_PROGRAM), exposures=exposures)


def _as_one_program(exposures: int) -> Iterator[Row]:
    return one_program(many_programs(exposures))


def _write_rows(rows: Callable[[], Iterable[Row]], path: Path) -> None:
    write_pool(rows(), path)


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")
