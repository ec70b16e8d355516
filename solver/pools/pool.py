"""Pools: the exposures to group, one row each, as dictionary-encoded columns.

A pool keeps its rows in *canonical order*, that of the observing hierarchy: program, observation,
visit, visit group, parallel sequence, activity, exposure, and last the file name. So nothing
computed from a pool can depend on the order in which its rows were given.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import chain
from operator import eq
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from rules.errors import most_similar
from rules.vocabulary import COLUMNS
from solver.errors import PoolError, UnknownColumnError, errors_as
from solver.memory import remembered
from solver.multimap import grouped
from solver.pools import candidates, delimited, hierarchy_graph, readers, tables
from solver.pools.cells import encode_cells, lost_value, normalise_values, numbers_of
from solver.pools.columns import (
    Cells,
    Codes,
    Columns,
    EncodedColumn,
    Mask,
    Row,
    constant_column,
    distinct,
    encode_by_code,
    first_rows,
    natural,
    number_rows,
)
from solver.pools.levels import HIERARCHY
from solver.pools.links import LINKED_ONLY, Link, link
from solver.pools.readers import Source
from solver.pools.statements import Statements, Texts
from solver.words import few, inert, nearest

if TYPE_CHECKING:
    import networkx as nx
    from astropy.table import Table

#: Columns without which exposures cannot be grouped at all. Any other may be missing and is "not given".
REQUIRED = ("filename", "program", "instrume", "exp_type", "asn_candidate")

Duplicates = Literal["error", "first"]

#: Columns that a notebook shows first, if they have values; its maximum numbers of columns, and of rows at each end.
_SHOWN_FIRST = ("exp_type", "filter", "pupil", "grating", "band", "targetid", "asn_candidate")
_COLUMNS_SHOWN, _ROWS_SHOWN = 8, 5

#: Targets closer than this, in degrees, count as one place; that is roughly a camera's field of view.
_FIELD = 0.05


class Pool:
    """A table of exposures in canonical order: a sized iterable of rows, with columns by name.

    Make one with `Pool.read`, `Pool.from_table` or `Pool.from_rows`.

    Attributes:
        name: the file name, which associations mention as their pool.
        columns: the columns of the pool, by lower-case name.
        file_names: the FILENAME of each row as it was given; the column has it in lower case.
        links: what statements linked; see `with_statements`.

    >>> pool = Pool.from_rows([{"FILENAME": "a_uncal.fits", "PROGRAM": "1", "INSTRUME": "MIRI",
    ...                         "EXP_TYPE": "MIR_IMAGE", "ASN_CANDIDATE": "[('o001', 'OBSERVATION')]"}])
    >>> len(pool), pool["instrume"][0], "filter" in pool
    (1, 'miri', False)
    >>> [row["exp_type"] for row in pool]
    ['mir_image']
    """

    def __init__(
        self, name: str, columns: Mapping[str, EncodedColumn], file_names: Sequence[str], links: Iterable[Link] = ()
    ) -> None:
        """Keep columns that are already in canonical order; use the class methods instead."""
        self.name = name.encode("utf-8", "replace").decode()  # file systems allow names that no text can hold
        self.columns = dict(columns)
        self.file_names = tuple(file_names)
        self.links = tuple(links)

    def __len__(self) -> int:
        """Number of exposures."""
        return len(self.file_names)

    def __iter__(self) -> Iterator[Row]:
        """The rows, as `row` gives them."""
        columns = [self.file_names if name == "filename" else column for name, column in self.columns.items()]
        return (dict(zip(self.columns, values, strict=True)) for values in zip(*columns, strict=True))

    def __contains__(self, name: object) -> bool:
        """Whether the pool has a column of this name, in any case."""
        return isinstance(name, str) and name.lower() in self.columns

    def __getitem__(self, name: str) -> EncodedColumn:
        """A column, by its name in any case; one that rules know and the pool lacks has no values.

        Raises:
            UnknownColumnError: neither the pool nor the rules know this name. It is a `KeyError`.
        """
        if not isinstance(name, str):
            raise UnknownColumnError(name, "exposures are found by pool.row(number)")
        if name in self:
            return self.columns[name.lower()]
        if name.lower() not in COLUMNS:
            hint = nearest(name.lower(), {**self.columns, **COLUMNS}, "pool.columns has them all")
            raise UnknownColumnError(name, hint)
        return constant_column("", len(self))

    def __repr__(self) -> str:
        """Name and size."""
        return inert(f"<Pool {self.name}: {len(self)} exposures, {len(self.columns)} columns>")

    def _repr_html_(self) -> str:
        """HTML for notebooks."""
        from solver.markup import notebook  # only notebooks need it

        first = [name for name in _SHOWN_FIRST if self[name].given().any()]
        rest = [name for name in self.columns if name not in _SHOWN_FIRST]
        varying = [name for name in rest if 1 < len(distinct(self[name].codes)) < len(self)]
        shown = [*first, *varying][: _COLUMNS_SHOWN - 1]
        left_out = range(_ROWS_SHOWN, len(self) - _ROWS_SHOWN)
        rows = [row for row in range(len(self)) if row not in left_out or len(left_out) == 1]
        ids = self["asn_candidate"].recode(lambda cell: ", ".join(dict(candidates.parse_cell(cell))))
        columns = [ids if name == "asn_candidate" else self[name] for name in shown]
        cells = [[self.file_names[row], *(column[row] for column in columns)] for row in rows]
        return notebook("pool", self.name, len(self), ["filename", *shown], cells, left_out)

    @cached_property
    def target_names(self) -> Mapping[str, str]:
        """The proposer's names of the targets, by number; a name of two targets, or one of two names, names none."""
        pairs = {pair for pair in zip(self["targetid"], self["targprop"], strict=True) if all(pair)}
        count = Counter(chain.from_iterable(enumerate(pair) for pair in pairs))
        return {number: name for number, name in pairs if count[0, number] == count[1, name] == 1}

    @classmethod
    def read(
        cls,
        source: Source,
        *,
        delimiter: str | None = None,
        table_format: str | None = None,
        duplicates: Duplicates = "error",
    ) -> Pool:
        """Read a pool file.

        Args:
            source: path or open file; gzip is recognised.
            delimiter: the character between the cells of a text pool; by default `|`, comma, tab or semicolon,
                recognised by the header.
            table_format: "parquet", or a format of `astropy.table`, such as "ascii.ecsv" or "fits"; by default
                recognised by the beginning or the name of the file, or else delimited text.
            duplicates: "error" refuses repeated FILENAMEs, "first" keeps the first row of each.

        Raises:
            PoolError: the file cannot be read as a pool; the message gives the place and the reason.

        Cost: text or Parquet of 100,000 exposures takes half a second; tables that astropy reads take several times
        as long.
        """
        name = str(source) if isinstance(source, (str, Path)) else str(getattr(source, "name", "none"))
        return cls._build(name, readers.read_columns(source, name, delimiter, table_format), duplicates)

    @classmethod
    def from_table(cls, table: Any, *, name: str = "in-memory", duplicates: Duplicates = "error") -> Pool:
        """A pool from a table of another library.

        Args:
            table: whatever has `__arrow_c_stream__` (of pyarrow, polars, DuckDB, pandas), a dataframe, or an astropy
                table. Missing and masked values, None, NaN and NaT are "not given"; whole numbers are the same
                whatever their type, and True is "t".
            name: the pool's name in associations and messages.
            duplicates: as in `read`.

        Raises:
            PoolError: as in `read`; and if numbers have lost digits since their column became floating-point.

        >>> import pyarrow
        >>> table = pyarrow.table({"FILENAME": ["a_uncal.fits"], "PROGRAM": [1.0], "OBS_NUM": [2], "INSTRUME": ["MIRI"],
        ...                        "EXP_TYPE": ["MIR_IMAGE"], "ASN_CANDIDATE": [None]})
        >>> next(iter(Pool.from_table(table)))["program"]
        '1'
        """
        return cls._build(name, tables.columns_of_table(table, name), duplicates)

    @classmethod
    def from_rows(
        cls, rows: Iterable[Mapping[str, object]], *, name: str = "in-memory", duplicates: Duplicates = "error"
    ) -> Pool:
        """A pool from dictionaries, one per exposure; keys in any case, values as in `from_table`. Errors as there."""
        folded = cache(lambda key: str(key).strip().lower())  # every row has the same
        problem = "rows must be dictionaries by column name; for tables there is Pool.from_table"
        with errors_as(lambda _: PoolError(problem, source=name), AttributeError, TypeError):
            given = [{folded(key): row[key] for key in row.keys()} for row in rows]  # noqa: SIM118 (rows of astropy iterate over values)
        header = list(dict.fromkeys(key for row in given for key in row))
        with errors_as(lambda why: PoolError(why, source=name), ValueError):
            cells = [encode_cells(row.get(key) for row in given) for key in header]
        return cls._build(name, Columns(header, cells, range(1, len(given) + 1)), duplicates)

    @classmethod
    def _build(cls, name: str, table: Columns, duplicates: Duplicates) -> Pool:
        _check_header(table.header, name)
        if not table.lines:
            raise PoolError("there are no exposures in it", source=name)
        given = {column: each for column, each in zip(table.header, table.cells, strict=True) if column}
        columns = {key: encode_by_code(codes, normalise_values(key, values)) for key, (codes, values) in given.items()}
        for column, at, problem in _problems(given, columns):
            raise PoolError(problem, source=name, line=table.lines[int(np.argmax(at))], column=column)
        keep = _unique(columns["filename"], table.lines, name, duplicates)
        keys = [columns[column].codes[keep] for column in (*HIERARCHY.values(), "filename") if column in columns]
        order = keep[np.lexsort(keys[::-1])]
        if not np.array_equal(order, np.arange(len(table.lines))):
            columns = {key: column.take(order) for key, column in columns.items()}
        files = list(map(str.strip, given["filename"].values))
        return cls(Path(name).name, columns, [files[code] for code in given["filename"].codes[order].tolist()])

    def select(self, rows: Iterable[int]) -> Pool:
        """The pool of these rows."""
        kept = distinct(np.fromiter(rows, dtype=np.int64))
        columns = {key: column.take(kept).compact() for key, column in self.columns.items()}
        return Pool(self.name, columns, [self.file_names[row] for row in kept.tolist()], self.links)

    def with_statements(self, statements: Statements | Mapping[str, Texts]) -> Pool:
        """The pool with what a person states of its exposures.

        Args:
            statements: the statements, such as `{"background": "o004:o003", "exclude": ["o007"]}`; see
                `solver.pools.statements`.

        Raises:
            UsageError: a statement does not have its form, matches no exposure, or is ambiguous.

        Cost: as `from_rows`.
        """
        stated = Statements.of(statements)
        rows = stated.values(self)
        links = link(stated, rows)  # which changes the rows
        made = Pool.from_rows(rows, name=self.name)
        made.links = links
        return made

    def listed(self, row: int) -> str:
        """The candidates of one exposure in words, such as `c1000 (background), o001 (observation), as stated`."""
        linked = {file for each in self.links if each.statement.kind != "set" for file in (*each.which, *each.served)}
        cell = candidates.cell_in_words(self["asn_candidate"][row]) or "no candidate"
        return f"{cell}, as stated" if self.file_names[row] in linked else cell

    def row(self, row: int) -> dict[str, str]:
        """All values of one exposure, by column; values not given are empty."""
        return {key: column[row] for key, column in self.columns.items()} | {"filename": self.file_names[row]}

    def usual(self, name: str, row: int) -> str:
        """The most common value of a column among exposures similar to the one in a row; empty if there is none.

        They have the same type and, as far as some of these have a value, the same program, detector and observation.
        """
        return self._usual(name)[row]

    @remembered
    def _usual(self, name: str) -> EncodedColumn:
        """What `usual` gives for each row."""
        column, alike = self[name], list[Codes]()
        given, usual = np.flatnonzero(column.given()), np.zeros(len(self), dtype=np.int32)
        for each in ("exp_type", "program", "detector", "obs_num"):
            alike.append(self[each].codes)
            group, count = number_rows(alike, len(self))
            pair, pairs = number_rows([group[given], column.codes[given]], len(given))
            # the most common value of a group last, of equally common ones the first
            rows = given[first_rows(pair, pairs)][np.argsort(-np.bincount(pair), kind="stable")[::-1]]
            most = np.zeros(count, dtype=np.int32)
            most[group[rows]] = column.codes[rows]
            usual = np.where(most[group], most[group], usual)
        return EncodedColumn(usual, column.values)

    def of_one_place(self, row: int) -> frozenset[int]:
        """The exposures of other targets at the position of an exposure's, or whose name begins as its does."""
        target, name, words = self["targetid"], self["targprop"], re.compile(r"\w+").findall
        east, north = (numbers_of(self[each]) for each in ("targ_ra", "targ_dec"))
        along = ((east - east[row] + 180) % 360 - 180) * np.cos(np.radians(north[row]))  # the shorter way around
        close = np.hypot(along, north - north[row]) < _FIELD
        mine = words(name[row])
        alike = name.where(lambda other: bool(mine and words(other)) and all(map(eq, mine, words(other))))
        another = target.given() & (target.codes != target.codes[row])
        return frozenset(np.flatnonzero(another & (close | alike)).tolist())

    def sub_pools(self, *, discover: bool = True) -> candidates.SubPools:
        """The sub-pools of all candidates; if `discover`, each program counts as a candidate, too."""
        apart = self.columns.get(LINKED_ONLY, constant_column("", len(self))).given()
        every = candidates.sub_pools(self["program"], self["asn_candidate"], apart)
        return every if discover else every.take(~every.discovered)

    def hierarchy(self) -> nx.DiGraph[Any]:
        """The observing hierarchy as a networkx graph, a tree for each program, with edges from a node to its parts.

        Every node has `level` (program, observation, …, exposure), `value` (its number there) and `exposures` (how many
        it contains), and is followed by its parts. Levels for which the pool has no column are skipped.
        """
        return hierarchy_graph.hierarchy(self, self.name)

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
        return delimited.delimited_text(cells, list(zip(*cells.values(), strict=True)))

    def _texts(self, absent: str) -> dict[str, Sequence[str]]:
        """The cells of every column, with `absent` for values that are not given."""
        texts = {key: [value or absent for value in column] for key, column in self.columns.items()}
        return {**texts, "filename": list(self.file_names)}


def _check_header(header: Sequence[str], name: str) -> None:
    if missing := [column.upper() for column in REQUIRED if column not in header]:
        problem = f"required {'columns are' if missing[1:] else 'column is'} missing: {', '.join(missing)}"
        near = most_similar(missing[0].lower(), [column for column in header if column not in COLUMNS])
        problem += f"; if column {near[0].upper()} is the {missing[0]}, rename it to {missing[0]}" if near else ""
        remedy = " (to group by discovery only, add the column with NULL in every row)"
        raise PoolError(problem + remedy * (missing == ["ASN_CANDIDATE"]), source=name)
    if repeated := [column.upper() for column, count in Counter(header).items() if column and count > 1]:
        raise PoolError(f"repeated columns: {', '.join(repeated)}; keep one of each", source=name)


def _problems(cells: Mapping[str, Cells], columns: Mapping[str, EncodedColumn]) -> Iterator[tuple[str, Mask, str]]:
    """Invalid values: the column, the rows with the value, and what is wrong with it."""
    for column, (codes, values) in cells.items():
        if (lost := lost_value(column, values)) is not None:
            why = f"{lost} was read as a floating-point number, and is not what it was; read the column as text"
            yield column, codes == list(values).index(lost), why
    for column in ("filename", "program", "asn_candidate"):
        for code, value in enumerate(columns[column].values):
            if column == "filename" and code and value[0] != "#":
                continue  # most values by far, and any name will do
            if (problem := _problem_with(column, value)) and (at := columns[column].codes == code).any():
                yield column, at, problem


def _problem_with(column: str, value: str) -> str | None:
    if column == "asn_candidate":
        try:
            candidates.parse_cell(value)
        except ValueError as error:
            return str(error)
    elif not value:
        return "no value; every exposure needs one"
    elif column == "filename" and value.startswith("#"):
        return f"{value!r} would be read as a comment; give the file another name"
    elif column == "program" and not re.fullmatch(r"[a-z0-9]{1,16}", value):  # it becomes part of file names
        return f"{value!r} is not a program number"
    return None


def _unique(files: EncodedColumn, lines: Sequence[int], name: str, duplicates: Duplicates) -> NDArray[np.integer]:
    """The rows to keep: all, or the first of each file name."""
    if len(files.values) - 1 == len(files):  # no value is without a row
        return np.arange(len(files))
    rows = grouped((file, row) for row, file in enumerate(files))
    if duplicates == "error" and (repeated := sorted((file for file in rows if len(rows[file]) > 1), key=natural)):
        listed = few((f"{file} (lines {few((lines[row] for row in rows[file]), 10)})" for file in repeated), 10)
        problem = f"repeated file names: {listed}; make them unique, or use --keep-first"
        raise PoolError(problem, source=name, column="filename")
    return np.array([first for first, *_ in rows.values()])
