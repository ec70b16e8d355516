"""`make bench-choices`: the libraries that could read pools, write JSON and compress it, beside each other.

benchmarks/README.md shows what came out. Of a library that is not installed the tables say so.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.measuring import how_often, today
from benchmarks.processes import run, watched
from benchmarks.report import aligned, figure, indented, with_block
from benchmarks.results import FOLDER, Machine, save, this_machine
from benchmarks.simulator import write_pool
from benchmarks.workloads import many_programs
from solver import Association, Associations, Pool, generate

PAGE = Path(__file__).with_name("README.md")

#: Exposures of the pools that are read, and of the one whose associations are written.
_READ = (100_000, 1_000_000)
_WRITTEN = 20_000

_ROUNDS = 5
_READERS = Path(__file__).with_name("readers.py")
_MIB = 2**20
ZSTD = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"

#: Packages that may be missing; all else comes with Python.
_PACKAGES = ("pyarrow", "polars", "msgspec", "orjson", "backports.zstd")

#: An association as it is written.
_Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to do something.

    Attributes:
        library: what does it.
        how: a size, a layout or a level.
        seconds: of each run; none, if the library is not installed.
        peak: bytes of memory of a whole process, where that is measured.
        size: bytes that it makes, if it makes any.
    """

    library: str
    how: str
    seconds: tuple[float, ...] = ()
    peak: int | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """All choices, measured in one go.

    Attributes:
        date: when.
        machine: where.
        versions: of the libraries that do not come with Python.
        load: average number of running processes in the minute before the start.
        associations: how many were written.
        readers: ways to read a pool; `how` is the number of exposures.
        serialisers: ways to write associations; `how` is the layout.
        compressors: ways to compress what is written compactly, and to write tables; `how` is the level.
    """

    date: str
    machine: Machine
    versions: Mapping[str, str]
    load: float
    associations: int
    readers: tuple[Choice, ...]
    serialisers: tuple[Choice, ...]
    compressors: tuple[Choice, ...]


def measure() -> Choices:
    """Measure all choices; what takes longest are the readers."""
    load = round(os.getloadavg()[0], 1)
    found = tuple(readers())
    made = associations()
    data = [association.to_dict() for association in made]
    compact = _encode(msgspec.json.encode, data)
    return Choices(
        today(),
        this_machine(),
        dict(_versions()),
        load,
        len(made),
        found,
        tuple(serialisers(data)),
        (*compressors(compact), *parquet(made)),
    )


def readers(sizes: Sequence[int] = _READ) -> Iterator[Choice]:
    """Time whole processes that read simulated pools; see `benchmarks/readers.py`."""
    for exposures in sizes:
        with tempfile.TemporaryDirectory() as folder:
            pool = Path(folder, "pool.csv")
            write_pool(many_programs(exposures), pool)
            for library in ("csv", "polars", "pyarrow"):
                if _library(library) is None:
                    yield Choice(library, f"{exposures:,}")
                    continue
                command = [sys.executable, str(_READERS), library, str(pool)]
                first = watched(command)
                seconds = tuple(run(command).seconds for _ in range(how_often(first.seconds)))
                yield Choice(library, f"{exposures:,}", seconds, peak=first.peak)


def associations(exposures: int = _WRITTEN) -> Associations:
    """The associations of a simulated pool."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pool.csv")
        write_pool(many_programs(exposures), path)
        return generate(Pool.read(path)).associations


def serialisers(data: Sequence[_Data]) -> Iterator[Choice]:
    """Time what writes associations, within this process."""
    for name, layout, encoder in _SERIALISERS:
        library = _library(name)
        yield (
            Choice(name, layout) if library is None else timed(name, layout, partial(_encode, encoder(library), data))
        )


def compressors(text: bytes) -> Iterator[Choice]:
    """Time what compresses a text, within this process."""
    for name in ("gzip", ZSTD):
        library = _library(name)
        for level in _LEVELS:
            how = f"level {level}"
            yield Choice(name, how) if library is None else timed(name, how, partial(library.compress, text, level))


def parquet(made: Sequence[Association]) -> Iterator[Choice]:
    """Time what writes the tables of an archive, within this process."""
    columns = Associations.of(made)
    tables = columns.members_table(), columns.associations_table()
    for codec, level in (("snappy", None), *(("zstd", level) for level in _LEVELS)):
        how = codec if level is None else f"{codec}, level {level}"
        yield timed("pyarrow.parquet", how, partial(_written, tables, codec, level))


def _written(tables: Iterable[pa.Table], codec: str, level: int | None) -> bytes:
    stream = io.BytesIO()
    for table in tables:
        pq.write_table(table, stream, compression=codec, compression_level=level)
    return stream.getvalue()


_SERIALISERS: Sequence[tuple[str, str, Callable[[Any], Callable[[_Data], bytes]]]] = (
    ("json", "4 spaces", lambda json: lambda data: json.dumps(data, indent=4, ensure_ascii=False).encode()),
    ("orjson", "2 spaces", lambda orjson: partial(orjson.dumps, option=orjson.OPT_INDENT_2)),
    ("msgspec", "4 spaces", lambda msgspec: lambda data: msgspec.json.format(msgspec.json.encode(data), indent=4)),
    ("json", "compact", lambda json: lambda data: json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()),
    ("orjson", "compact", lambda orjson: partial(orjson.dumps)),
    ("msgspec", "compact", lambda msgspec: msgspec.json.Encoder().encode),
)
_LEVELS = (1, 3, 6, 9)


def _encode(encode: Callable[[_Data], bytes], data: Sequence[_Data]) -> bytes:
    return b"\n".join([encode(each) for each in data])


def timed(library: str, how: str, make: Callable[[], bytes]) -> Choice:
    """Processor time of some rounds, which a busy machine disturbs least."""
    seconds = []
    for _ in range(_ROUNDS):
        started = time.process_time()
        made = make()
        seconds.append(time.process_time() - started)
    return Choice(library, how, tuple(seconds), size=len(made))


def _library(name: str) -> Any:
    """A module; None if it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        return None


def _versions() -> Iterator[tuple[str, str]]:
    for package in _PACKAGES:
        with suppress(PackageNotFoundError):
            yield package, version(package)


def tables(choices: Choices) -> dict[str, str]:
    """The tables for a page, by what they compare."""
    each = choices.associations
    return {
        "readers": _table(
            ("library", "exposures", "seconds", "MiB"),
            choices.readers,
            lambda choice, seconds: (figure(seconds), figure((choice.peak or 0) / _MIB)),
        ),
        "serialisers": _table(
            ("library", "layout", "µs/association", "bytes/association"),
            choices.serialisers,
            lambda choice, seconds: (figure(seconds / each * 1e6), figure((choice.size or 0) / each)),
        ),
        "compressors": _table(
            ("library", "", "µs/association", "bytes/association"),
            choices.compressors,
            lambda choice, seconds: (figure(seconds / each * 1e6), figure((choice.size or 0) / each)),
        ),
    }


def _table(header: Sequence[str], choices: Sequence[Choice], cells: Callable[[Choice, float], Sequence[str]]) -> str:
    missing = ("not installed", *[""] * (len(header) - 3))
    rows = [
        (choice.library, choice.how, *(cells(choice, median(choice.seconds)) if choice.seconds else missing))
        for choice in choices
    ]
    return aligned([header, *rows])


def renew(choices: Choices) -> None:
    """Renew what is committed: the results of this machine, and the tables of the page."""
    file = FOLDER / f"choices-{choices.machine.slug}.json"
    save(choices, file)
    page = PAGE.read_text(encoding="utf-8")
    for name, block in blocks(choices, f"results/{file.name}").items():
        page = with_block(page, name, block)
    PAGE.write_text(page, encoding="utf-8")


def blocks(choices: Choices, file: str) -> dict[str, str]:
    """What the page shows, by name; `file` has all figures."""
    software = ", ".join(f"{package} {number}" for package, number in choices.versions.items())
    where = (
        f"Measured on {choices.date}, on {choices.machine}, with {software}; "
        f"{choices.load:.1f} other processes ran ([all runs]({file}))."
    )
    return {"choices": where, **{name: indented(table) for name, table in tables(choices).items()}}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the tables.

    Args:
        arguments: what follows the program's name; None takes it from the shell.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.choices", description=__doc__)
    parser.add_argument("--renew", action="store_true", help="also renew the committed results and their page")
    options = parser.parse_args(arguments)
    choices = measure()
    print("\n\n".join(tables(choices).values()))
    if options.renew:
        renew(choices)


if __name__ == "__main__":
    main()
