"""Measuring a workload: asnsolve, the limit and the reference in turn, whole processes, start-up included."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

import msgspec

from benchmarks.processes import Finished, run, watched
from benchmarks.reference import Program
from benchmarks.results import Record, ReferenceTimes, Row
from benchmarks.workloads import Workload
from solver.pools.delimited import LARGE

#: How often a workload is run, by the seconds that a run may take.
_RUNS = ((2.0, 7), (20.0, 5), (float("inf"), 3))

#: Seconds up to which a run of the reference is repeated, and how often it runs then.
_REPEATED = 20.0
_REPEATS = 3

#: The limit is a script, which imports nothing of the project.
_LIMIT = Path(__file__).with_name("limit.py")

_START = {"python": "pass", "import solver": "import solver"}


class _Loaded(msgspec.Struct):
    """What the limit tells of itself."""

    associations: int
    loading: float


@dataclass(frozen=True, slots=True)
class Incumbent:
    """The reference, as far as it is known.

    Attributes:
        program: how to run it; None where it is not installed.
        record: what it took before.
        seconds: how long it may run for a workload. Where it is known to take longer, it does not run.
    """

    program: Program | None
    record: Record | None
    seconds: float

    def earlier(self, workload: Workload) -> ReferenceTimes | None:
        """What it took for a workload before."""
        known = None if self.record is None else self.record.times.get(workload.name)
        return None if known is None else replace(known, recorded=True)

    def runs(self, workload: Workload) -> bool:
        """Whether it runs for a workload."""
        earlier = self.earlier(workload)
        soon = earlier is None or median(earlier.seconds) <= self.seconds
        return self.program is not None and workload.reference and soon


def start_times(runs: int = 9) -> dict[str, tuple[float, ...]]:
    """Seconds of an empty Python and of one that imports `solver`, in turn."""
    pairs = [[run([sys.executable, "-c", code]).seconds for code in _START.values()] for _ in range(runs)]
    return dict(zip(_START, zip(*pairs, strict=True), strict=True))


def measure(workload: Workload, workers: int | None, pool: Path, folder: Path, incumbent: Incumbent) -> Row:
    """Measure a workload.

    Args:
        workload: what to measure.
        workers: the number of workers that write one archive; None for a file for each association.
        pool: its pool.
        folder: where results may go for a while.
        incumbent: what is known of the reference.

    Raises:
        FailedError: one of the programs failed.
    """
    result, output = (_place(folder / name, workers) for name in ("result", "output"))
    first = watched(ours(pool, result, workload.options, workers))  # not timed: it warms up the disk's cache
    reader = "pyarrow" if pool.stat().st_size >= LARGE else "csv"
    bare = [sys.executable, str(_LIMIT), reader, str(pool), str(result), str(output)]
    mine: list[float] = []
    least: list[float] = []
    theirs: list[Finished] = []
    associations = 0
    for _ in range(how_often(first.seconds)):
        mine.append(run(ours(pool, output, workload.options, workers)).seconds)
        _remove(output)
        finished = run(bare)
        _remove(output)
        loaded = msgspec.json.decode(finished.output, type=_Loaded)
        associations = loaded.associations
        least.append(finished.seconds - loaded.loading)
        if incumbent.program and incumbent.runs(workload) and _again(theirs):
            theirs.append(_run_reference(incumbent.program, pool, output, workload, incumbent.seconds))
    _remove(result)
    return Row(
        workload.name,
        workload.series,
        _lines(pool) - 1,
        associations,
        workers,
        tuple(mine),
        tuple(least),
        first.peak,
        _times(theirs, incumbent.seconds) or incumbent.earlier(workload),
    )


def how_often(seconds: float) -> int:
    """How often a process that takes so many seconds is run."""
    return next(runs for longest, runs in _RUNS if seconds < longest)


def today() -> str:
    """The date."""
    return datetime.now(UTC).date().isoformat()


def ours(pool: Path, output: Path, options: Sequence[str], workers: int | None) -> list[str]:
    """The command that makes the associations of a pool, of both levels."""
    where = ["-p", str(output)] if workers is None else ["--archive", str(output), "--workers", str(workers)]
    return [sys.executable, "-m", "solver.app", "generate", str(pool), *options, *where]


def _lines(pool: Path) -> int:
    with pool.open("rb") as stream:
        return sum(block.count(b"\n") for block in iter(partial(stream.read, 1 << 20), b""))


def _place(path: Path, workers: int | None) -> Path:
    """Where results go: a folder, or an archive."""
    return path if workers is None else path.with_suffix(".jsonl.zst")


def _remove(output: Path) -> None:
    if output.is_dir():
        shutil.rmtree(output)
    else:
        for path in (output, output.with_name(f"{output.name}.manifest.json")):
            path.unlink(missing_ok=True)


def _run_reference(program: Program, pool: Path, output: Path, workload: Workload, seconds: float) -> Finished:
    output.mkdir()
    command = program.command(pool, output, workload.options)
    finished = run(command, environment=program.environment, stop_after=seconds)
    _remove(output)
    return finished


def _again(theirs: Sequence[Finished]) -> bool:
    """Whether the reference runs once more."""
    if not theirs:
        return True
    return len(theirs) < _REPEATS and not theirs[-1].stopped and theirs[-1].seconds <= _REPEATED


def _times(theirs: Sequence[Finished], longest: float) -> ReferenceTimes | None:
    """What the reference took; where it was stopped, as long as it was allowed to run."""
    if not theirs:
        return None
    taken = tuple(longest if each.stopped else each.seconds for each in theirs)
    return ReferenceTimes(taken, today(), any(each.stopped for each in theirs))
