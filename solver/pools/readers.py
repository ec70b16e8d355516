"""The files of pools: delimited text, Parquet, and tables in the formats that astropy reads.

These tables may come from anywhere, so links inside them are never followed.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import stat
import warnings
import zlib
from pathlib import Path
from typing import IO, Any

from rules.files import open_file
from solver.errors import PoolError, errors_as
from solver.guards import require_parquet, unpacked
from solver.pools.columns import Columns
from solver.pools.delimited import parse
from solver.pools.tables import columns_of_table

#: What a table is read from: a path or an open file.
Source = str | Path | IO[str] | IO[bytes]
#: All up to the first card of a FITS header, in any form that astropy takes, that counts axes or columns beyond the 999
#: of the standard.
_ENDLESS = re.compile(rb"(?s)(?:.{80})*?(?:HIERARCH +)? *(NAXIS|TFIELDS) *= *\+? *0*[1-9]\d{3}", re.IGNORECASE)


def read_columns(source: Source, name: str, delimiter: str | None = None, table_format: str | None = None) -> Columns:
    """The columns of a file; arguments and errors are those of `Pool.read`, and `name` is the file's in messages."""
    content = read_bytes(source, name)
    if (known := table_format or recognise(content, name)) is None:
        return parse(content, delimiter, name)
    return columns_of_table(read_table(content, known, name, delimiter), name)


def read_bytes(source: Source, name: str) -> bytes:
    """The content of a file, decompressed."""
    kinds = (OSError, EOFError, UnicodeError, zlib.error)
    with errors_as(lambda why: PoolError(f"cannot be read: {why}", source=name), *kinds):
        raw = _read_unchanged(Path(source), name) if isinstance(source, (str, Path)) else source.read()
        content = raw.encode() if isinstance(raw, str) else raw
        if content[:2] != b"\x1f\x8b":
            return content
        return b"".join(unpacked(gzip.GzipFile(fileobj=io.BytesIO(content)).read, len(content), ".gz", at_once=1 << 20))


def _read_unchanged(path: Path, name: str) -> bytes:
    """The content of a file that does not change while it is read."""
    with open_file(path) as stream:
        before, content, after = os.fstat(stream.fileno()), stream.read(), os.fstat(stream.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) and stat.S_ISREG(after.st_mode):
        raise PoolError("it changed while it was read; wait until it is complete, and run again", source=name)
    return content


def recognise(content: bytes, name: str) -> str | None:
    """The astropy format of a file; None for plain delimited text."""
    if content.startswith((b"# %ECSV", b"#%ECSV")):
        return "ascii.ecsv"
    if content.startswith(b"SIMPLE  ="):
        return "fits"
    if content.lstrip().startswith((b"<?xml", b"<VOTABLE")) or name.lower().endswith((".vot", ".votable")):
        return "votable"
    return "parquet" if content.startswith(b"PAR1") else None


def read_table(content: bytes, table_format: str, source: str, delimiter: str | None = None) -> Any:
    """An Arrow table of Parquet, which leaves its types as they are; an astropy table of all else.

    Args:
        content: the bytes of the file.
        table_format: "parquet", or a format of `astropy.table`.
        source: the file's name in messages.
        delimiter: the character between the cells of the format "ascii"; by default `|`.

    Raises:
        PoolError: it cannot be read, is cut off, or keeps its data elsewhere.
    """
    # astropy's readers raise whatever their parsers raise
    with errors_as(lambda why: PoolError(f"cannot be read as {table_format}: {why}", source=source), Exception):
        if table_format != "parquet":
            return _read_astropy_table(content, table_format, source, delimiter)
        require_parquet()
        import pyarrow as pa  # takes long to import, and most runs do not need it
        from pyarrow import parquet

        return parquet.ParquetFile(pa.BufferReader(content)).read()


def _read_astropy_table(content: bytes, table_format: str, source: str, delimiter: str | None) -> Any:
    from astropy.table import Table  # astropy takes long to import, and most runs do not need it

    if table_format == "votable":
        _refuse_data_elsewhere(content, source)
    if table_format == "fits" and (found := _ENDLESS.match(content)):  # astropy would count them for hours
        raise PoolError(f"its {found[1].decode().upper()} is larger than 999, the maximum in FITS", source=source)
    options = {"delimiter": delimiter or "|"} if table_format == "ascii" else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # readers warn of what they tolerate
        warnings.filterwarnings("error", message=".*truncated")  # but a part must not pass for the whole
        return Table.read(io.BytesIO(content), format=table_format, **options)


def _refuse_data_elsewhere(content: bytes, source: str) -> None:
    """Refuse a VOTable that keeps its data elsewhere, on the network or in another file: astropy would fetch them.

    Raises:
        PoolError: its data are elsewhere.
    """
    from xml.parsers import expat  # only VOTables need it

    def begin(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "STREAM" and "href" in attributes:
            problem = f"its data are elsewhere, at {attributes['href']!r}; save the table with its data in it"
            raise PoolError(problem, source=source)

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.Parse(content, True)
