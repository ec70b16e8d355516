"""What was measured, where and when: plain data, as JSON and back, and the figures that follow from it."""

from __future__ import annotations

import math
import os
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

#: Where the results of machines are kept.
FOLDER = Path(__file__).parent / "results"

_GIB = 2**30


@dataclass(frozen=True, slots=True)
class Machine:
    """Where something was measured.

    Attributes:
        processor: its model.
        cores: how many there are.
        memory: in GiB.
        system: the operating system.
        python: version of Python.
    """

    processor: str
    cores: int
    memory: float
    system: str
    python: str

    def __str__(self) -> str:
        """In words."""
        return f"{self.cores} cores of {self.processor}, {self.memory:.0f} GiB, {self.system}, Python {self.python}"

    @property
    def slug(self) -> str:
        """The machine as part of file names."""
        return re.sub(r"[^a-z0-9]+", "-", f"{self.processor} {self.cores} cores".lower()).strip("-")


def this_machine() -> Machine:
    """The machine that runs this, without anything that names it."""
    model = platform.processor() or platform.machine()
    processors = Path("/proc/cpuinfo")
    if processors.exists():
        named = re.search(r"^model name\s*:\s*(.+)$", processors.read_text(encoding="utf-8"), re.MULTILINE)
        model = named[1].strip() if named else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB
    system = f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}"
    return Machine(model, os.cpu_count() or 1, round(memory, 1), system, platform.python_version())


def versions(*packages: str) -> dict[str, str]:
    """Versions of packages that are installed."""
    return {package: version(package) for package in packages}


@dataclass(frozen=True, slots=True)
class ReferenceTimes:
    """How long the reference took for a workload.

    Attributes:
        seconds: wall time of each run.
        date: when it ran.
        stopped: whether it was stopped then, so that it takes longer than that.
        recorded: whether it ran earlier than what it is compared with.
    """

    seconds: tuple[float, ...]
    date: str
    stopped: bool = False
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of a workload. Runs of the same number ran one after the other.

    Attributes:
        workload: its name.
        series: workloads of a series differ in size alone.
        exposures: rows of its pool.
        associations: what is made of them.
        workers: processes that write one archive; None where each association is written to a file of its own.
        ours: seconds of each run of asnsolve.
        limit: seconds of each run of the limit.
        peak: bytes of memory of asnsolve, all its processes together; None if not known.
        reference: what the reference took, if anything is known.
    """

    workload: str
    series: str
    exposures: int
    associations: int
    workers: int | None
    ours: tuple[float, ...]
    limit: tuple[float, ...]
    peak: int | None = None
    reference: ReferenceTimes | None = None

    @property
    def seconds(self) -> float:
        """What asnsolve takes."""
        return median(self.ours)

    @property
    def per_exposure(self) -> float:
        """Microseconds for each exposure."""
        return self.seconds / self.exposures * 1e6

    @property
    def over_limit(self) -> float:
        """How many times as long as the limit asnsolve takes."""
        return ratio(self.ours, self.limit)

    @property
    def speedup(self) -> float | None:
        """How many times as long as asnsolve the reference takes; at least, if it was stopped."""
        return None if self.reference is None else ratio(self.reference.seconds, self.ours)


@dataclass(frozen=True, slots=True)
class Results:
    """All that was measured in one go.

    Attributes:
        date: when.
        machine: where.
        versions: of what.
        load: average number of running processes in the minute before the start.
        start: seconds of each run of an empty Python, and of one that imports `solver`.
        rows: the workloads.
    """

    date: str
    machine: Machine
    versions: Mapping[str, str]
    load: float
    start: Mapping[str, tuple[float, ...]]
    rows: tuple[Row, ...]

    @property
    def import_seconds(self) -> float:
        """What `import solver` adds to the start of Python."""
        empty, imports = (self.start[each] for each in ("python", "import solver"))
        return median(b - a for a, b in zip(empty, imports, strict=True))


@dataclass(frozen=True, slots=True)
class Record:
    """What the reference took before, for where it does not run.

    Attributes:
        machine: where.
        version: of the reference.
        times: workload to what it took.
    """

    machine: Machine
    version: str
    times: Mapping[str, ReferenceTimes]


def ratio(one: Sequence[float], other: Sequence[float]) -> float:
    """How many times as long one takes as the other: the median over pairs of runs.

    Where one has fewer runs than the other, the ratio of their medians.

    >>> ratio([2.0, 9.0, 2.2], [1.0, 3.0, 1.0])
    2.2
    >>> ratio([10.0], [1.0, 2.0, 3.0])
    5.0
    """
    if len(one) != len(other):
        return median(one) / median(other)
    return median(a / b for a, b in zip(one, other, strict=True))


def exponents(rows: Iterable[Row]) -> dict[tuple[str, int | None], float]:
    """The growth exponents of workloads, by name and workers, against the next smaller one of their series.

    Time grows as the number of exposures to this power: 1 is linear. A series' smallest workload has none.
    """
    found = {}
    before: dict[tuple[str, int | None], Row] = {}
    for row in sorted(rows, key=lambda each: each.exposures):
        smaller = before.get((row.series, row.workers))
        if smaller is not None:
            found[row.workload, row.workers] = growth(
                (smaller.exposures, smaller.seconds), (row.exposures, row.seconds)
            )
        before[row.series, row.workers] = row
    return found


def growth(smaller: tuple[float, float], larger: tuple[float, float]) -> float:
    """The slope between two points (size, time) in logarithms.

    >>> growth((10, 1.0), (1000, 10_000.0))
    2.0
    """
    return math.log(larger[1] / smaller[1]) / math.log(larger[0] / smaller[0])


def save(value: Any, path: Path) -> None:
    """Write dataclasses as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")


def read(path: Path, kind: type[T]) -> T:
    """The dataclass that a file holds."""
    return msgspec.json.decode(path.read_bytes(), type=kind)
