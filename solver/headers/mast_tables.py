"""Tables of the archive (MAST) in place of files, if they have the columns that grouping needs.

Tables whose columns are header keywords have them: those of a keyword search, and of a mission search
(`MastMissions`) in which the right columns were selected. Tables of products or observations (`Observations`) lack the
exposure type. Column names may be in any case; a mission search puts the instrument's name in front of keywords that
only one instrument has.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from rules.files import open_file
from solver.errors import PoolError
from solver.headers.cards import Header
from solver.headers.files import is_fits, parts_of
from solver.headers.keywords import REQUIRED
from solver.pools import read_columns

#: Columns that name files, and columns that name data sets, which are exposures with all their detectors.
_FILES = ("filename", "productfilename", "datauri", "uri")
_DATA_SETS = ("filesetname", "dataset", "obs_id")

#: Columns of the archive's tables that pools do not have.
_ARCHIVE = frozenset({"archivefileid", "filesetname", "obs_collection", "observtn", "productfilename", "product_key"})


def is_archive_table(path: Path) -> bool:
    """Whether a file is, by its beginning, a table of the archive and not a pool."""
    text = ""
    with suppress(OSError, EOFError, zlib.error), open_file(path) as file:
        stream = gzip.GzipFile(fileobj=file) if path.suffix.lower() == ".gz" else file
        text = stream.read(65536).decode("utf-8", "replace").lower()
    if text.lstrip().startswith(("<?xml", "<votable")):
        return 'name="asn_candidate"' not in text and any(f'name="{column}"' in text for column in _ARCHIVE)
    lines = (line.strip() for line in text.splitlines() if not line.startswith("#"))
    columns = {cell.strip('"') for cell in re.split(r"[,|\s]+", next(filter(None, lines), ""))}
    return "asn_candidate" not in columns and not _ARCHIVE.isdisjoint(columns)


def read_table(path: Path) -> tuple[Sequence[str], Iterator[tuple[str, Header]]]:
    """Read a table: comma-separated text, ECSV or VOTable.

    Returns:
        the names of its columns, in lower case; and of each row the file name and the keywords. A row that names an
        exposure counts as its first product.

    Raises:
        PoolError: it cannot be read; or, when its rows are asked for, it lacks a column that grouping needs.
    """
    header, columns, _ = read_columns(path, path.name, ",")
    given = [["" if value in {"None", "nan"} else value for value in cells.values] for cells in columns]
    texts = (map(values.__getitem__, cells.codes.tolist()) for values, cells in zip(given, columns, strict=True))
    return header, _records(path.name, header, zip(*texts, strict=True))


def _records(source: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[tuple[str, Header]]:
    files = [column for column in _FILES if column in columns]
    sets = [column for column in _DATA_SETS if column in columns]
    # file names give these two as well
    missing = [key for key in REQUIRED if key.lower() not in columns and key not in ("PROGRAM", "OBSERVTN")]
    if missing or not files + sets:
        raise _insufficient(source, ", ".join(missing) or "FILENAME")
    for cells in rows:
        values = dict(zip(columns, cells, strict=True))
        name = next(filter(is_fits, (values[column].rpartition("/")[2] for column in files)), "")
        if not name and sets:
            exposure = values[sets[0]]
            if "DETECTOR" not in parts_of(exposure):
                if "detector" not in columns:
                    raise _insufficient(source, "DETECTOR")
                exposure = f"{exposure}_{values['detector'].lower()}"
            name = f"{exposure}_uncal.fits"
        yield name, _header(values)


def _insufficient(source: str, missing: str) -> PoolError:
    needed = f"{', '.join(['FILENAME', 'DETECTOR', *REQUIRED])} and those of the optics and the dithers"
    problem = f"has no column {missing}; give the files instead, or search with more columns: {needed}"
    return PoolError(problem, source=source)


def _header(values: Mapping[str, str]) -> Header:
    """A row by keyword, for columns that have a name; the instrument of the row may come before it."""
    own = values["instrume"].lower() + "_"
    prefixed = {column.removeprefix(own): value for column, value in values.items() if column.startswith(own)}
    return {column.upper(): value for column, value in (*prefixed.items(), *values.items()) if column and value}
