"""Tables of other libraries: what becomes of their types, and what is refused."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from astropy import units
from astropy.table import MaskedColumn, QTable
from astropy.time import Time
from astropy.utils.masked import Masked

from solver import Pool, PoolError
from tests.unit.small import row

COLUMNS: dict[str, Any] = {name: [value, value] for name, value in row("a").items()} | {"filename": ["a", "b"]}
LISTS = [[["o001", "OBSERVATION"], ["c1000", "GROUP"]], None]
START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def kind_of(value: object) -> str:
    """What names a case: the kind of a column or table, since names of many lines cannot be selected everywhere."""
    return value if isinstance(value, str) else str(getattr(value, "type", type(value).__name__))


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        (pa.array(["A", None]), ["a", ""]),
        (pa.array(["A", None], pa.large_string()), ["a", ""]),
        (pa.array(["A", None], pa.string_view()), ["a", ""]),
        (pa.array([b"A", None]), ["a", ""]),
        (pa.array([None, None]), ["", ""]),
        (pa.array([True, False]), ["t", ""]),
        (pa.array([2, None], pa.uint8()), ["2", ""]),
        (pa.array([2.0, math.nan]), ["2", ""]),
        (pa.array([0.1, None], pa.float32()), ["0.1", ""]),
        (pa.array([0.5, None], pa.float16()), ["0.5", ""]),
        (pa.array([Decimal("1.00"), None], pa.decimal128(38, 2)), ["1", ""]),
        (pa.array(["A", None]).dictionary_encode(), ["a", ""]),
        (pa.array([2.0, None]).dictionary_encode(null_encoding="encode"), ["2", ""]),
        (pa.chunked_array([pa.array(["A"]).dictionary_encode(), pa.array(["B"]).dictionary_encode()]), ["a", "b"]),
        (pa.chunked_array([pa.array(["A"]), pa.array(["B"])]), ["a", "b"]),
        (pa.array([20455, None], pa.date32()), ["2026-01-02", ""]),
        (pa.array([START, None], pa.timestamp("ns", "UTC")), ["2026-01-02t03:04:05+00:00", ""]),
        (pa.array([1_767_323_045_000_000_001, None], pa.timestamp("ns")), ["2026-01-02t03:04:05", ""]),
        (pa.array([START, None], pa.timestamp("s")), ["2026-01-02t03:04:05", ""]),
        (pa.array([90, None], pa.duration("ns")), ["0:00:00", ""]),
    ],
    ids=kind_of,
)
def test_a_column_of_arrow_has_sensible_texts(cells: Any, texts: list[str]) -> None:
    table = pa.table(COLUMNS).append_column("mine", cells)
    assert list(Pool.from_table(table)["mine"]) == texts


def test_candidates_may_be_lists() -> None:
    pool = Pool.from_table(pa.table(COLUMNS | {"asn_candidate": pa.array(LISTS)}))
    assert [each.id for each in pool.sub_pools(discover=False).candidates] == ["c1000", "o001"]
    assert list(pool["asn_candidate"])[1] == ""


def test_what_astropy_masks_in_parquet_is_not_given() -> None:
    masks = {"FILTER.mask": [True, False]}
    assert list(Pool.from_table(pa.table(COLUMNS | masks))["filter"]) == ["f770w", "f770w"]
    upper = {name.upper(): cells for name, cells in COLUMNS.items()}
    pool = Pool.from_table(pa.table(upper | masks))
    assert list(pool["filter"]) == ["", "f770w"]
    assert len(pool.columns) == len(COLUMNS)


class Series(list[object]):
    """A column of a dataframe."""

    def tolist(self) -> list[object]:
        """As pandas has it."""
        return list(self)


class Frame:
    """A dataframe as old pandas has it, without `__arrow_c_stream__`."""

    def __init__(self, columns: dict[str, list[object]]) -> None:
        self.columns = columns

    def items(self) -> Iterator[tuple[str, Series]]:
        """The columns with their names."""
        return ((name, Series(cells)) for name, cells in self.columns.items())


class MixedFrame(Frame):
    """A dataframe with a column that Arrow cannot hold."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return pa.table({"a": pa.array([1, "b"])}).__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize("kind", [Frame, MixedFrame])
def test_a_dataframe_is_read_by_its_columns(kind: type[Frame]) -> None:
    pool = Pool.from_table(kind(COLUMNS | {"visit": [1, math.nan], "MINE": ["X", 2.0]}))
    assert (list(pool["visit"]), list(pool["mine"])) == (["", "1"], ["2", "x"])


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        (np.array([0.1, 2], dtype="<f4"), ["0.1", "2"]),
        (np.array([0.1, 2], dtype=">f4"), ["0.1", "2"]),
        (np.array([0.1, 2], dtype=">f8"), ["0.1", "2"]),
        (np.array([0.1, 2], dtype="f4") * units.deg, ["0.1", "2"]),
        (Masked(np.array([0.1, 2]) * units.deg, mask=[True, False]), ["", "2"]),
        (Time([60_000.5, 60_001.0], format="mjd"), ["60000.5", "60001"]),
        (Time(np.ma.array([60_000.5, 60_001.0], mask=[True, False]), format="mjd"), ["", "60001"]),
        (np.array(["2026-01-02T03:04:05", "NaT"], dtype="M8[ns]"), ["2026-01-02t03:04:05", ""]),
        (MaskedColumn([b"A", b"B"], mask=[False, True]), ["a", ""]),
        (MaskedColumn([True, False], mask=[False, True]), ["t", ""]),
    ],
    ids=kind_of,
)
def test_a_column_of_astropy_has_sensible_texts(cells: Any, texts: list[str]) -> None:
    assert list(Pool.from_table(QTable(COLUMNS | {"mine": cells}))["mine"]) == texts


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pa.table(COLUMNS | {"corners": [[1], [2]]}), "columns with more than one value in a cell: corners"),
        (pa.table({}), "required columns are missing: FILENAME, PROGRAM, INSTRUME, EXP_TYPE, ASN_CANDIDATE"),
        (pa.table(COLUMNS).slice(0, 0), "there are no exposures in it"),
        (pa.table([[1], [2]], names=["a", "A"]), "required columns are missing"),
        ([row("a")], "list is not a table; give an Arrow table, a dataframe or an astropy table, or rows to from_rows"),
        ("pool.csv", "str is not a table"),
        ({"filename": ["a"]}, "dict is not a table"),
    ],
    ids=kind_of,
)
def test_what_is_no_pool_is_refused(table: object, message: str) -> None:
    with pytest.raises(PoolError) as caught:
        Pool.from_table(table)
    assert str(caught.value).startswith(f"in-memory: {message}")


@pytest.mark.parametrize("rows", [["filename"], [("a", "b")], [1], pa.table(COLUMNS), 1])
def test_rows_that_are_no_dictionaries_are_refused(rows: Any) -> None:
    with pytest.raises(PoolError) as caught:
        Pool.from_rows(rows)
    assert str(caught.value) == (
        "in-memory: rows must be dictionaries by column name; for tables there is Pool.from_table"
    )
