"""The reference as a program to measure: `asn_generate` of the jwst package, and what it took before."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.results import Machine, Record, ReferenceTimes, read, save
from tests.conformance import interpreter, packaged

VERSION = interpreter.VERSION

#: Where the recorded times are kept.
RECORD = Path(__file__).parent / "reference_times.json"

_GENERATE = "import sys; from jwst.associations.main import Main; Main.cli(sys.argv[1:])"


@dataclass(frozen=True, slots=True)
class Program:
    """The reference, in the Python that has it.

    Attributes:
        python: that Python.
        pools: the pools that are packaged with it, by file name, as text.
    """

    python: str
    pools: Mapping[str, str]

    def command(self, pool: Path, folder: Path, options: Sequence[str]) -> list[str]:
        """The command that writes the associations of a pool, of both levels, into a folder that is there."""
        return [self.python, "-P", "-s", "-c", _GENERATE, str(pool), "-p", str(folder), *options]

    @property
    def environment(self) -> dict[str, str]:
        """An environment in which this project is not visible."""
        return {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}


def installed(cache: Path) -> Program | None:
    """The reference, if there is a Python that has it: the one that the conformance tests use, too.

    Args:
        cache: a folder for its pools. The pool that repeats file names has others, as in those tests.

    Raises:
        RuntimeError: a Python was named that does not have it.
    """
    try:
        python = interpreter.find()
    except interpreter.NoReferenceError:
        return None
    pools = interpreter.Reference(python, cache).packaged()
    repeated = packaged.WITH_DUPLICATES
    return Program(python, {**pools, repeated: packaged.renamed(pools[repeated])})


def recorded() -> Record | None:
    """What the reference took before, if that was recorded."""
    return read(RECORD, Record) if RECORD.exists() else None


def record(machine: Machine, times: Mapping[str, ReferenceTimes]) -> None:
    """Record what the reference took on a machine; what other machines took is forgotten.

    Args:
        machine: where it ran.
        times: workload to what it took; other workloads' times on the same machine stay.
    """
    old = recorded()
    same = old.times if old is not None and (old.machine, old.version) == (machine, VERSION) else {}
    save(Record(machine, VERSION, {**same, **times}), RECORD)
