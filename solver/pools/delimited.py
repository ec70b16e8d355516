"""Delimited text as columns: one reader is fast on large files, the other handles every case.

Both give the same result. The fast one takes only text in which every line break ends a row and every delimiter
a cell; the other takes everything else, and reports errors.
"""

from __future__ import annotations

import csv
import importlib.util
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Literal

from rules.vocabulary import COLUMNS
from solver.errors import PoolError
from solver.guards import has_room_for_arrow
from solver.pools.columns import Columns, number_texts
from solver.pools.tables import cells_of_arrow

#: From this many bytes on, the fast reader is worth loading.
LARGE = 2_000_000


#: The delimiters that are recognised; the first is the mission's.
DELIMITERS = "|,\t;"

#: A table with more columns is not a pool: the mission's have about a hundred, and each costs an array.
MOST_COLUMNS = 5_000

#: A longer text is not a cell: a quote or a line end is missing, or the file is malicious.
LONGEST_CELL = 131_072


def parse(content: bytes, delimiter: str | None, name: str) -> Columns:
    """The columns of a text. Empty lines and `#` comments are passed over.

    Args:
        content: the text in UTF-8.
        delimiter: the character between cells; None for the one of `DELIMITERS` that separates most known column names.
        name: the file's name in messages.

    Raises:
        PoolError: it is not a table; the message names `name`, the line and the remedy.
    """
    delimiter = recognised_delimiter(content) if delimiter is None else delimiter
    if len(delimiter) != 1 or delimiter in '\r\n" \0':
        problem = f"the delimiter must be one character, and no space, quote or line end, not {delimiter!r}"
        raise PoolError(problem, source=name)
    quick = parse_plain(content, delimiter) if len(content) >= LARGE else None
    return quick or _parse_any(_decode(content, name), delimiter, name)


def recognised_delimiter(content: bytes) -> str:
    """The delimiter that separates most column names known to rules; the mission's if there are none."""
    lines = (line.strip() for line in io.BytesIO(content))
    header = next((line for line in lines if line and not line.startswith(b"#")), b"").decode(errors="replace").lower()
    return max(DELIMITERS, key=lambda each: sum(cell.strip(' "\ufeff') in COLUMNS for cell in header.split(each)))


def parse_plain(content: bytes, delimiter: str, *wanted: str) -> Columns | None:
    """The columns of a text without comments, empty lines, and quotes inside cells; None for any other text.

    Args:
        content: the text in UTF-8.
        delimiter: the character between cells.
        wanted: the columns to read; by default all.
    """
    odd = b"\r" in content or b"\0" in content
    odd = odd or (b'"' in content and not _quotes_whole_cells(content, delimiter.encode()))
    if odd or importlib.util.find_spec("pyarrow") is None or not has_room_for_arrow():
        return None
    import pyarrow as pa  # takes long to import, and only large pools need it
    from pyarrow import csv as arrow

    try:
        end = content.index(b"\n")
        first = content[:end].decode("utf-8-sig")
        header = [cell.strip().lower() for cell in next(csv.reader([first], delimiter=delimiter, strict=True))]
        if not 1 < len(header) <= MOST_COLUMNS or header[0].startswith("#"):
            return None
        names = [str(number) for number in range(len(header))]
        types = dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string()))
        included = [names[header.index(name)] for name in wanted]
        table = arrow.read_csv(
            pa.BufferReader(pa.py_buffer(content).slice(end + 1)),
            read_options=arrow.ReadOptions(column_names=names, block_size=4 << 20),
            parse_options=arrow.ParseOptions(delimiter=delimiter),
            convert_options=arrow.ConvertOptions(column_types=types, include_columns=included),
        )
    except (pa.ArrowException, csv.Error, ValueError):
        return None
    columns = [cells_of_arrow(column) for column in table.columns]
    has_comments = b"#" in content and any(each.lstrip().startswith("#") for each in columns[0].values)
    has_empty_lines = table.num_rows != content.count(b"\n") - content.endswith(b"\n")
    longest = max(map(len, chain(*(column.values for column in columns))))
    if has_comments or has_empty_lines or longest > LONGEST_CELL:
        return None
    return Columns(wanted or header, columns, range(2, table.num_rows + 2))


def _quotes_whole_cells(content: bytes, delimiter: bytes) -> bool:
    """Whether all quotes are around cells."""
    begins = content.count(delimiter + b'"') + content.count(b'\n"') + content.startswith(b'"')
    ends = content.count(b'"' + delimiter) + content.count(b'"\n') + content.endswith(b'"')
    return begins == ends and begins + ends == content.count(b'"') and b'""' not in content


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        bad = content[error.start : error.start + 1]
        raise PoolError(f"byte {bad!r} is not UTF-8 text; save the pool as UTF-8", source=name, line=line) from error


def _parse_any(text: str, delimiter: str, name: str) -> Columns:
    records = _records(text, delimiter, name)
    line, names = next(records, (1, []))
    if not names:
        raise PoolError("is empty; the first line must name the columns", source=name)
    header = [cell.strip().lower() for cell in names]
    if len(header) == 1:
        if (first := names[0].strip()).startswith("{"):
            raise PoolError("is JSON, not a table of exposures; asnsolve show opens an association", source=name)
        only = f"has only one column with the delimiter {delimiter!r}: {first[:60]!r}"
        raise PoolError(f"{only}; if it is a pool, give its delimiter with -d", source=name, line=line)
    if len(header) > MOST_COLUMNS:
        problem = f"the header has {len(header):,} columns, and a pool has no more than {MOST_COLUMNS:,}"
        raise PoolError(f"{problem}; is a line end missing?", source=name, line=line)
    rows: dict[int, list[str]] = {}
    for line, cells in records:
        if len(cells) != len(header):
            cause = "is the line cut off?" if len(cells) < len(header) else "is there a delimiter inside a cell?"
            raise PoolError(f"{len(cells)} cells, but the header has {len(header)}; {cause}", source=name, line=line)
        rows[line] = cells
    return Columns(header, [number_texts(cells) for cells in zip(*rows.values(), strict=True)], list(rows))


def _records(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are neither empty nor comments, each with the number of its first line."""
    before = csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    start = 1
    try:
        for cells in reader:
            if (len(cells) > 1 or "".join(cells).strip()) and not cells[0].lstrip().startswith("#"):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:  # nothing else is an error for this reader
        problem = f"a cell has more than {LONGEST_CELL:,} characters; is a quote or a line end missing?"
        raise PoolError(problem, source=name, line=reader.line_num) from error
    finally:
        csv.field_size_limit(before)  # the limit is that of the whole process


def delimited_text(header: Iterable[str], rows: Sequence[Iterable[str]]) -> str:
    """The text of a table, delimited as the mission's pools are; the names of its columns in capitals."""
    stream = io.StringIO()
    returns = any("\r" in cell for row in rows for cell in row)  # a line end for readers, but not for the writer
    quoting: Literal[0, 1] = csv.QUOTE_ALL if returns else csv.QUOTE_MINIMAL
    writer = csv.writer(stream, delimiter=DELIMITERS[0], lineterminator="\n", quoting=quoting)
    writer.writerow(map(str.upper, header))
    writer.writerows(rows)
    return stream.getvalue()
