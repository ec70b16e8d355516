"""The limit: a process that parses a pool and serialises its associations, with nothing between.

    python limit.py READER POOL RESULT OUTPUT

It reads POOL to columns of strings with the library that asnsolve uses for it (READER is csv or pyarrow), and
writes the associations of RESULT, which asnsolve made of that pool, to OUTPUT as asnsolve writes them: a file for
each, or an archive of JSON lines. They have to get into memory first. How long that takes is printed, so that it
can be taken off the time of the process: {"associations": how many, "loading": seconds}.

This is a script that imports nothing of the project, so that its start costs what its libraries cost.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    import pyarrow as pa

#: An association: the name of its file, and what is in it.
Named = tuple[str, Mapping[str, Any]]

#: Associations that are in memory at a time.
_PIECE = 4096
_ZSTD_LEVEL = 3

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


def read_with_csv(pool: Path) -> Sequence[Sequence[str]]:
    """The columns of a pool, by the csv module."""
    import csv  # each run needs one reader only

    with pool.open(encoding="utf-8", newline="") as stream:
        return list(zip(*csv.reader(stream, delimiter="|"), strict=True))


def read_with_pyarrow(pool: Path) -> pa.Table:
    """The columns of a pool, by pyarrow."""
    import pyarrow as pa  # each run needs one reader only
    from pyarrow import csv

    with pool.open(encoding="utf-8") as stream:
        names = stream.readline().rstrip("\n").split("|")
    return csv.read_csv(
        pool,
        parse_options=csv.ParseOptions(delimiter="|", quote_char=False),
        convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )


def from_folder(result: Path) -> Iterator[Named]:
    """The associations in the files of a folder."""
    for file in sorted(result.glob("*_asn.json")):
        yield file.name, _decode(file.read_bytes())


def from_archive(result: Path) -> Iterator[Named]:
    """The associations in an archive of JSON lines."""
    with zstd().open(result, "rb") as stream:
        for line in stream:
            yield "", _decode(line)


def into_folder(output: Path, associations: Sequence[Named]) -> None:
    """Write a file for each association."""
    output.mkdir(exist_ok=True)
    for name, association in associations:
        (output / name).write_bytes(msgspec.json.format(_encode(association), indent=4) + b"\n")


def into_archive(output: Path, associations: Sequence[Named]) -> None:
    """Add associations to an archive of JSON lines."""
    library = zstd()
    lines = b"".join([_encode(association) + b"\n" for _, association in associations])
    options = {
        library.CompressionParameter.compression_level: _ZSTD_LEVEL,
        library.CompressionParameter.checksum_flag: 1,
    }
    with output.open("ab") as stream:
        stream.write(library.compress(lines, options=options))


READERS: Mapping[str, Callable[[Path], object]] = {"csv": read_with_csv, "pyarrow": read_with_pyarrow}


def zstd() -> Any:
    """The standard library's Zstandard, or its backport."""
    if sys.version_info >= (3, 14):
        from compression import zstd as library  # only archives need it
    else:
        from backports import zstd as library  # only archives need it
    return library


def main(reader: str, pool: str, result: str, output: str) -> None:
    """Read the pool, write the associations, and print how many there are and how long they took to load."""
    gc.disable()  # as asnsolve does
    columns = READERS[reader](Path(pool))
    source, write = (from_folder, into_folder) if Path(result).is_dir() else (from_archive, into_archive)
    count, loading = 0, 0.0
    associations = source(Path(result))
    while True:
        started = time.perf_counter()
        piece = list(islice(associations, _PIECE))
        loading += time.perf_counter() - started
        if not piece:
            break
        write(Path(output), piece)
        count += len(piece)
    del columns  # until here they take room, as they do in asnsolve
    sys.stdout.buffer.write(_encode({"associations": count, "loading": loading}))


if __name__ == "__main__":
    main(*sys.argv[1:])
