"""Tables of other libraries as columns of codes: Arrow tables, dataframes and astropy tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.errors import PoolError, require_library
from solver.pools.cells import encode_cells, text_of
from solver.pools.columns import Cells, Columns

if TYPE_CHECKING:
    import pyarrow as pa

#: The column of a dataframe's row labels.
_LABELS = re.compile(r"__index_level_\d+__")

#: The ending of the columns in which astropy stores the masks of other columns in Parquet.
_MASK = ".mask"


def columns_of_table(table: Any, source: str) -> Columns:
    """The columns of a table of any library.

    Args:
        table: an astropy table, whatever has `__arrow_c_stream__`, or a dataframe.
        source: its name in messages.

    Raises:
        PoolError: it is no such table, or has cells with several values.
    """
    if hasattr(table, "colnames"):
        _refuse_wide([name for name in table.colnames if len(table[name].shape) != 1], source)
        return _named({name: encode_cells(_cells_of_astropy(table[name])) for name in table.colnames}.items())
    if hasattr(table, "__arrow_c_stream__"):
        require_library("pyarrow", "a table in Arrow's form")
        import pyarrow as pa  # takes long to import, and small text pools do not need it

        try:
            arrow = pa.RecordBatchReader.from_stream(table).read_all()
        except (pa.ArrowException, TypeError, ValueError):  # a dataframe may hold values of several types in a column
            if not hasattr(table, "items"):
                raise
        else:
            return columns_of_arrow(arrow, source)
    if hasattr(table, "items") and hasattr(table, "columns"):
        return _named([(name, encode_cells(column.tolist())) for name, column in table.items()])
    remedy = "give an Arrow table, a dataframe or an astropy table, or rows to from_rows"
    raise PoolError(f"{type(table).__name__} is not a table; {remedy}", source=source)


def columns_of_arrow(table: pa.Table, source: str) -> Columns:
    """The columns of an Arrow table; errors as in `columns_of_table`."""
    import pyarrow as pa

    given = list(zip(table.column_names, table.columns, strict=True))
    masks = {name: column for name, column in given if name.endswith(_MASK) and pa.types.is_boolean(column.type)}
    kept = [(name, column) for name, column in given if name not in masks and not _LABELS.fullmatch(name)]
    wide = [name for name, column in kept if pa.types.is_nested(column.type) and name.lower() != "asn_candidate"]
    _refuse_wide(wide, source)
    return _named((name, cells_of_arrow(_masked(column, masks.get(name + _MASK)))) for name, column in kept)


def _masked(column: pa.ChunkedArray, mask: pa.ChunkedArray | None) -> pa.ChunkedArray:
    import pyarrow as pa
    from pyarrow import compute

    return column if mask is None else compute.if_else(mask, pa.nulls(len(column), column.type), column)


def cells_of_arrow(column: pa.ChunkedArray) -> Cells:
    """The cells of an Arrow column. Cost: one step per distinct value, and a copy of the codes."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type) and column.null_count:
        column = column.cast(column.type.value_type)
    try:
        found = column.dictionary_encode(null_encoding="encode").combine_chunks()
    except pa.ArrowNotImplementedError:  # lists and other rare types
        return encode_cells(column.to_pylist())
    values = [value if type(value) is str else text_of(value) for value in _values_of(found.dictionary)]
    return Cells(np.from_dlpack(found.indices).astype(np.int32, copy=False), values)  # to_numpy() would import pandas


def _values_of(values: pa.Array) -> Sequence[object]:
    import pyarrow as pa

    if pa.types.is_timestamp(values.type):  # nanoseconds would become objects of pandas
        values = values.cast(pa.timestamp("us", values.type.tz), safe=False)
    elif pa.types.is_duration(values.type):
        values = values.cast(pa.duration("us"), safe=False)
    # as a Python number, a number of single precision would show digits that are not significant
    return list(map(np.float32, values.to_pylist())) if pa.types.is_float32(values.type) else values.to_pylist()


def _cells_of_astropy(column: Any) -> Sequence[object]:
    """The cells of a column of an astropy table; None where they are masked."""
    array = np.asarray(column)
    array = array.astype("M8[us]") if array.dtype.kind == "M" else array  # of nanoseconds, `tolist` makes numbers
    # `tolist` would turn numbers of single precision into Python's
    cells = list(array) if np.can_cast(array.dtype, np.float32) else array.tolist()
    mask = np.broadcast_to(getattr(column, "mask", False), len(cells))
    return [None if hidden else cell for cell, hidden in zip(cells, mask.tolist(), strict=True)]


def _named(columns: Iterable[tuple[object, Cells]]) -> Columns:
    """Names in lower case; a column without one is that of a dataframe's row labels."""
    named = [(name, cells) for each, cells in columns if (name := str(each).strip().lower())]
    rows = len(named[0][1].codes) if named else 0
    return Columns([name for name, _ in named], [cells for _, cells in named], range(1, rows + 1))


def _refuse_wide(names: Sequence[str], source: str) -> None:
    if names:
        raise PoolError(f"columns with more than one value in a cell: {', '.join(names)}", source=source)
