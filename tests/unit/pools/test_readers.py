"""Tables in other formats: nothing is fetched, truncated tables are refused, and warnings of readers are not shown."""

from __future__ import annotations

import io
import warnings
from unittest.mock import Mock

import pytest

from solver import Pool
from solver.errors import PoolError
from solver.pools.readers import read_table
from tests.unit.small import pool_of, row


def written(table_format: str) -> bytes:
    table = pool_of(row("a"), row("b")).to_table()
    table.meta.clear()  # FITS has no keyword for it
    stream = io.BytesIO()
    table.write(stream, format=table_format)
    return stream.getvalue()


def test_a_table_is_read() -> None:
    assert [str(each) for each in read_table(written("votable"), "votable", "x")["filename"]] == [
        "a_uncal.fits",
        "b_uncal.fits",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("stream", ["STREAM href", "v:STREAM encoding='base64' href"])
@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://example.org/x"])
def test_data_elsewhere_are_not_fetched(address: str, stream: str, encoding: str) -> None:
    """Whatever the encoding and the name space, a table that points elsewhere is refused before a reader sees it."""
    text = written("votable").decode().replace('encoding="utf-8"', f'encoding="{encoding}"')
    before, rest = text.split("<TABLEDATA>")
    after = rest.split("</TABLEDATA>")[1]
    tag = stream.partition(" ")[0]
    inside = f'<BINARY xmlns:v="x"><{stream}="{address}"></{tag}></BINARY>'
    with pytest.raises(PoolError) as error:
        read_table((before + inside + after).encode(encoding), "votable", "x.xml")
    assert str(error.value) == f"x.xml: its data are elsewhere, at {address!r}; save the table with its data in it"


def test_a_truncated_table_is_refused() -> None:
    whole = written("fits")
    for cut in range(len(whole) - 2880 + 1, len(whole), 700):
        with pytest.raises(PoolError, match="cannot be read as fits: File may have been truncated"):
            read_table(whole[:cut], "fits", "x.fits")


@pytest.mark.parametrize("count", ["1000", " 9" + 60 * "9", "+ 0012345"])
@pytest.mark.parametrize(
    ("keyword", "card"),
    [("NAXIS", "NAXIS   ="), ("NAXIS", "naxis="), ("TFIELDS", "TFIELDS ="), ("TFIELDS", "HIERARCH TFIELDS =")],
)
def test_more_axes_or_columns_than_fits_allows_are_refused_before_they_are_counted(
    keyword: str, card: str, count: str
) -> None:
    whole = written("fits")
    place = next(at for at in range(0, len(whole), 80) if whole[at : at + 9] == f"{keyword:8}=".encode())
    changed = whole[:place] + f"{card} {count}".ljust(80).encode() + whole[place + 80 :]
    with pytest.raises(PoolError) as error:
        read_table(changed, "fits", "x.fits")
    assert str(error.value) == f"x.fits: its {keyword} is larger than 999, the maximum in FITS"


def test_a_cell_that_looks_like_a_card_is_a_cell() -> None:
    table = pool_of(row("a", targprop="NAXIS   = 1000")).to_table()
    table.meta.clear()
    stream = io.BytesIO()
    table.write(stream, format="fits")
    assert Pool.read(io.BytesIO(stream.getvalue()))["targprop"][0] == "naxis   = 1000"


@pytest.mark.parametrize(
    ("table_format", "reader"), [("parquet", "pyarrow.parquet.ParquetFile"), ("votable", "astropy.table.Table.read")]
)
def test_lack_of_memory_is_no_fault_of_the_table(
    table_format: str, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = written("votable")
    monkeypatch.setattr(reader, Mock(side_effect=MemoryError))
    with pytest.raises(MemoryError):
        read_table(content, table_format, "x")


def test_warnings_of_readers_are_not_shown() -> None:
    content = written("fits").replace(b"TTYPE1", b"TTYPE\xe91", 1)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(PoolError):
            Pool.read(io.BytesIO(content))
    assert warned == []
