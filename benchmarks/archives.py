"""What it costs to write associations, by serialiser, codec and level: `python -m benchmarks.archives`.

The associations are those of a simulated pool. Libraries that asnsolve does not use are measured if they are there.
"""

from __future__ import annotations

import importlib
import io
import json
import sys
import time
import zlib
from collections.abc import Callable
from functools import partial
from types import ModuleType

import msgspec
import pyarrow.parquet as pq

from benchmarks.simulator import COLUMNS, simulate
from solver import Association, Pool, generate
from solver.archives.lines import line
from solver.archives.tables import Tables
from solver.profile import Profile

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: Exposures of the simulated pool, and runs of which the fastest counts.
EXPOSURES = 10_000
RUNS = 9


def installed(name: str) -> ModuleType | None:
    """A library, if it is there."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def seconds(work: Callable[[], object]) -> float:
    """Processor time of the fastest run, which a busy machine disturbs least."""
    times = []
    for _ in range(RUNS):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


class Report:
    """A table with microseconds for each association."""

    def __init__(self, associations: int) -> None:
        """Start with its heading."""
        self._associations = associations
        print(f"{'':<44} {'µs':>7} {'bytes':>7}   for each association")

    def add(self, what: str, work: Callable[[], object], size: int | None = None) -> None:
        """Measure and print a line."""
        spent = seconds(work) / self._associations * 1e6
        print(f"{what:<44} {spent:>7.2f} {'' if size is None else f'{size / self._associations:.1f}':>7}", flush=True)


def serialisers(associations: tuple[Association, ...], report: Report) -> bytes:
    """Measure what makes JSON; the lines of an archive."""
    data = [association.to_dict() for association in associations]
    encode = msgspec.json.Encoder().encode
    lines = b"".join(map(line, associations))
    report.add("Association.to_dict", lambda: [each.to_dict() for each in associations])
    report.add("json, compact", lambda: [json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in data])
    orjson = installed("orjson")
    if orjson is not None:
        report.add("orjson", lambda: [orjson.dumps(each) for each in data])
    report.add("msgspec", lambda: [encode(each) for each in data])
    report.add("archive: line()", lambda: b"".join(map(line, associations)), len(lines))
    report.add("json, indented by 4 (a file's text)", lambda: [json.dumps(each, indent=4) for each in data])
    report.add("msgspec, indented by 4", lambda: [msgspec.json.format(encode(each), indent=4) for each in data])
    return lines


def codecs(lines: bytes, report: Report) -> None:
    """Measure what packs the lines."""
    for level in (1, 3, 6, 9):
        pack = partial(zlib.compress, lines, level, wbits=31)
        report.add(f"gzip {level}", pack, len(pack()))
    for level in (1, 3, 5, 9):
        pack = partial(zstd.compress, lines, level)
        report.add(f"Zstandard {level} (standard library)", pack, len(pack()))
    other = installed("zstandard")
    if other is not None:
        packer = other.ZstdCompressor(level=3)
        report.add("Zstandard 3 (zstandard)", lambda: packer.compress(lines), len(packer.compress(lines)))


def tables(associations: tuple[Association, ...], report: Report) -> None:
    """Measure what makes Parquet tables."""
    kind = Tables()
    report.add("rows as Arrow streams", lambda: kind.piece(associations, Profile()))
    members, rows = kind.arrow(associations)
    for codec, level in (("snappy", None), ("zstd", 1), ("zstd", 3), ("zstd", 6)):

        def written(codec: str = codec, level: int | None = level) -> int:
            size = 0
            for table in (members, rows):
                stream = io.BytesIO()
                pq.write_table(table, stream, compression=codec, compression_level=level)
                size += stream.tell()
            return size

        report.add(f"Parquet, {codec} {level or ''}", written, written())


def main() -> None:
    """Print the table."""
    rows = simulate(1, programs=EXPOSURES // 500, exposures=EXPOSURES)
    associations = generate(Pool.from_rows(dict(zip(COLUMNS, row, strict=True)) for row in rows)).associations
    report = Report(len(associations))
    codecs(serialisers(associations, report), report)
    tables(associations, report)


if __name__ == "__main__":
    main()
