"""Pools: the exposures to group, one row each, as dictionary-encoded columns.

A pool keeps its rows in *canonical order*, that of the observing hierarchy: program, observation,
visit, visit group, parallel sequence, activity, exposure, and last the file name. So nothing
computed from a pool can depend on the order in which its rows were given.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, cast

import numpy as np

from solver.errors import PoolError
from solver.pools import candidates, delimited, hierarchy_graph, readers
from solver.pools.columns import (
    Cells,
    EncodedColumn,
    constant_column,
    distinct,
    encode_by_code,
    normalise,
    number_texts,
)
from solver.pools.levels import HIERARCHY

if TYPE_CHECKING:
    import networkx as nx
    from astropy.table import Table

#: Columns without which exposures cannot be grouped at all. Any other may be missing and is "not given".
REQUIRED = ("filename", "program", "instrume", "exp_type", "asn_candidate")

Duplicates = Literal["error", "first"]

#: Maximum numbers of columns, and of rows at each end, that a notebook shows.
_COLUMNS_SHOWN, _ROWS_SHOWN = 8, 5

#: Programs become part of file names.
_PROGRAM = re.compile(r"[a-z0-9]{1,16}")


def _normalise_program(text: str) -> str:
    """Program 1 and program 00001 are the same."""
    value = normalise(text)
    return value.lstrip("0") or value[:1]


_NORMAL = {"program": _normalise_program}


class Pool:
    """A table of exposures in canonical order.

    Make one with `Pool.read`, `Pool.from_table` or `Pool.from_rows`.

    Attributes:
        name: the file name, which associations mention as their pool.
        columns: the columns of the pool, by lower-case name.
        file_names: the FILENAME of each row as it was given; the column has it in lower case.

    >>> pool = Pool.from_rows([{"FILENAME": "a_uncal.fits", "PROGRAM": "1", "INSTRUME": "MIRI",
    ...                         "EXP_TYPE": "MIR_IMAGE", "ASN_CANDIDATE": "[('o001', 'OBSERVATION')]"}])
    >>> len(pool), pool["instrume"][0]
    (1, 'miri')
    """

    def __init__(self, name: str, columns: Mapping[str, EncodedColumn], file_names: Sequence[str]) -> None:
        """Keep columns that are already in canonical order; use the class methods instead."""
        self.name = name.encode("utf-8", "replace").decode()  # file systems allow names that no text can hold
        self.columns = dict(columns)
        self.file_names = tuple(file_names)

    def __len__(self) -> int:
        """Number of exposures."""
        return len(self.file_names)

    def __getitem__(self, name: str) -> EncodedColumn:
        """A column; one that the pool lacks has no values."""
        found = self.columns.get(name)
        return constant_column("", len(self)) if found is None else found

    def __repr__(self) -> str:
        """Name and size."""
        return f"<Pool {self.name}: {len(self)} exposures, {len(self.columns)} columns>"

    def _repr_html_(self) -> str:
        """As a notebook shows it."""
        from solver.markup import notebook  # only notebooks need it

        differing = {name for name, each in self.columns.items() if 1 < len(distinct(each.codes)) < len(self)}
        telling = [name for name in self.columns if name in differing - {"filename"}][: _COLUMNS_SHOWN - 1]
        rows = list(range(len(self)))
        more = len(rows) - 2 * _ROWS_SHOWN
        if more > 1:
            rows = rows[:_ROWS_SHOWN] + rows[-_ROWS_SHOWN:]
        cells = [[self.file_names[row], *(self[name][row] for name in telling)] for row in rows]
        left_out = {"before": _ROWS_SHOWN if more > 1 else None, "number": more}
        return notebook("pool", self.name, len(self), ["filename", *telling], cells, left_out)

    @classmethod
    def read(
        cls,
        source: str | Path | IO[str] | IO[bytes],
        *,
        delimiter: str = "|",
        table_format: str | None = None,
        duplicates: Duplicates = "error",
    ) -> Pool:
        """Read a pool file.

        Args:
            source: path or open file; gzip is recognised.
            delimiter: the character between the cells of a text pool.
            table_format: a format of `astropy.table`, such as "ascii.ecsv" or "fits"; by default
                delimited text, and what `astropy.table` recognises by the file's beginning or ending.
            duplicates: "error" refuses repeated FILENAMEs, "first" keeps the first row of each.

        Raises:
            PoolError: the file cannot be read as a pool; the message says where and why.
        """
        name = str(source) if isinstance(source, (str, Path)) else str(getattr(source, "name", "none"))
        content = readers.read_bytes(source, name)
        if table_format is None:
            table_format = readers.recognise(content, name)
        if table_format is not None:
            more = {"delimiter": delimiter} if table_format == "ascii" else {}
            table = readers.read_astropy_table(content, table_format, name, **more)
            return cls.from_table(table, name=name, duplicates=duplicates)
        text = delimited.parse(content, delimiter, name)
        return cls._build(name, text.header, text.columns, text.lines, duplicates)

    @classmethod
    def from_table(cls, table: Table, *, name: str = "in-memory", duplicates: Duplicates = "error") -> Pool:
        """A pool from an astropy table; masked values count as not given. Errors as in `read`."""
        header = [str(column).strip().lower() for column in table.colnames]
        wide = [str(column) for column in table.colnames if len(table[column].shape) != 1]
        if wide:
            raise PoolError(f"columns with more than one value in a cell: {', '.join(wide)}", source=name)
        columns = [number_texts(readers.texts_of(table[column])) for column in table.colnames]
        return cls._build(name, header, columns, range(1, len(table) + 1), duplicates)

    @classmethod
    def from_rows(
        cls, rows: Iterable[Mapping[str, object]], *, name: str = "in-memory", duplicates: Duplicates = "error"
    ) -> Pool:
        """A pool from dictionaries, one per exposure; keys in any case. Errors as in `read`."""
        given = [{str(key).strip().lower(): value for key, value in row.items()} for row in rows]
        header = list(dict.fromkeys(key for row in given for key in row))
        columns = [number_texts("" if row.get(key) is None else str(row[key]) for row in given) for key in header]
        return cls._build(name, header, columns, range(1, len(given) + 1), duplicates)

    @classmethod
    def _build(
        cls, name: str, header: Sequence[str], cells: Sequence[Cells], lines: Sequence[int], duplicates: Duplicates
    ) -> Pool:
        _check_header(header, name)
        if not lines:
            raise PoolError("there are no exposures in it", source=name)
        columns = {
            column: encode_by_code(codes, [_NORMAL.get(column, normalise)(each) for each in values])
            for column, (codes, values) in zip(header, cells, strict=True)
        }
        _check_values(columns, lines, name)
        keep = _unique(columns["filename"], lines, name, duplicates)
        keys = [columns[column].codes[keep] for column in (*HIERARCHY.values(), "filename") if column in columns]
        order = keep[np.lexsort(keys[::-1])]
        in_order = np.array_equal(order, np.arange(len(lines)))
        given = cells[header.index("filename")]
        files = [value.strip() for value in given.values]
        return cls(
            Path(name).name,
            columns if in_order else {key: column.take(order) for key, column in columns.items()},
            [files[code] for code in given.codes[order].tolist()],
        )

    def select(self, rows: Iterable[int]) -> Pool:
        """The pool of these rows."""
        kept = distinct(np.fromiter(rows, dtype=np.int64))
        columns = {key: column.take(kept).compact() for key, column in self.columns.items()}
        return Pool(self.name, columns, [self.file_names[row] for row in kept.tolist()])

    def row(self, row: int) -> dict[str, str]:
        """All values of one exposure, by column; values not given are empty."""
        return {key: column[row] for key, column in self.columns.items()} | {"filename": self.file_names[row]}

    def sub_pools(self, ids: Collection[str] | None = None, *, discover: bool = True) -> candidates.SubPools:
        """The sub-pools of the candidates; see `solver.pools.candidates.sub_pools`."""
        return candidates.sub_pools(self["program"], self["asn_candidate"], ids, discover=discover)

    def hierarchy(self) -> nx.DiGraph[Any]:
        """The exposures as a graph; see `solver.pools.hierarchy_graph.hierarchy`."""
        return hierarchy_graph.hierarchy(self)

    def to_table(self) -> Table:
        """The pool as an astropy table of strings, in canonical order; values not given are "null"."""
        from astropy.table import Table  # astropy takes long to import, and most runs do not need it

        return Table(self._texts("null"), meta={"pool_file": self.name})

    def to_text(self, more: Mapping[str, Sequence[str]] | None = None) -> str:
        """The pool as `|`-delimited text, in canonical order, FILENAME first; values not given are NULL.

        Args:
            more: further columns to write, by name, with a cell for each exposure.
        """
        # the file name comes first, since it never looks like a comment
        cells = {"filename": self.file_names, **self._texts("NULL"), **(more or {})}
        stream = io.StringIO()
        returns = any("\r" in value for column in self.columns.values() for value in column.values)
        # the writer does not take a carriage return for the end of a line, as readers do
        writer = csv.writer(
            stream, delimiter="|", lineterminator="\n", quoting=csv.QUOTE_ALL if returns else csv.QUOTE_MINIMAL
        )
        writer.writerow([key.upper() for key in cells])
        writer.writerows(zip(*cells.values(), strict=True))
        return stream.getvalue()

    def _texts(self, absent: str) -> dict[str, Sequence[str]]:
        """The cells of every column, with `absent` for values that are not given."""
        columns = self.columns.items()
        texts = {key: [column.values[code] or absent for code in column.codes.tolist()] for key, column in columns}
        return {**texts, "filename": list(self.file_names)}


def _check_header(header: Sequence[str], name: str) -> None:
    missing = [column.upper() for column in REQUIRED if column not in header]
    if missing:
        problem = f"required columns are missing: {', '.join(missing)}"
        if missing == ["ASN_CANDIDATE"]:
            problem += " (to group by discovery only, add the column with NULL in every row)"
        raise PoolError(problem, source=name)
    repeated = [column.upper() for column, count in Counter(header).items() if count > 1]
    if repeated:
        raise PoolError(f"columns are there more than once: {', '.join(repeated)}", source=name)


def _check_values(columns: Mapping[str, EncodedColumn], lines: Sequence[int], name: str) -> None:
    """Refuse values that no exposure may have."""
    for column in ("filename", "program", "asn_candidate"):
        codes, values = columns[column].codes, columns[column].values
        for code, value in enumerate(values):
            problem = _problem_with(column, value)
            if problem is not None and len(rows := np.flatnonzero(codes == code)):
                raise PoolError(problem, source=name, line=lines[int(rows[0])], column=column)


def _problem_with(column: str, value: str) -> str | None:
    if column == "asn_candidate":
        try:
            candidates.parse_cell(value or "[]")
        except ValueError as error:
            return str(error)
    elif not value:
        return "no value; every exposure needs one"
    elif column == "filename" and value.startswith("#"):
        return f"{value!r} would be read as a comment; give the file another name"
    elif column == "program" and not _PROGRAM.fullmatch(value):
        return f"{value!r} is no program number"
    return None


def _unique(files: EncodedColumn, lines: Sequence[int], name: str, duplicates: Duplicates) -> Any:
    """The rows to keep: all, or the first of each file name."""
    _, first, counts = np.unique(files.codes, return_index=True, return_counts=True)
    if duplicates == "error" and counts.max() > 1:
        repeated = []
        for code in files.codes[first[counts > 1]][:10].tolist():
            at = [str(lines[row]) for row in np.flatnonzero(files.codes == code)[:10].tolist()]
            repeated.append(f"{files.values[code]} (lines {', '.join(at)})")
        more = int((counts > 1).sum()) - len(repeated)
        listed = "; ".join(repeated) + (f"; and {more} more" if more else "")
        problem = (
            f"file names are there more than once: {listed}. Give every exposure its own, "
            "or keep the first row of each (--keep-first)"
        )
        raise PoolError(problem, source=name, column="filename")
    return cast("Any", np.sort(first))
