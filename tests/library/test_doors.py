"""Doors and libraries: whoever reads or writes a pool, it has the same products.

A *door* is a way into a `Pool`; a library comes to it with the default arguments of its own readers and writers.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from solver import Pool, generate

DEMO = Path(__file__).parents[2] / "benchmarks" / "demo_pool.csv"

Table = Any
Reader = Callable[[], Table]
Writer = Callable[[Table, str], object]


def _pandas(**options: Any) -> Table:
    import pandas as pd

    return pd.read_csv(DEMO, sep="|", **options)


def _mixed() -> Table:
    """Pandas reads long files in parts, and a part without letters in a column has numbers there."""
    table = _pandas(dtype={"ACT_ID": str})
    table["ACT_ID"] = [cell if row % 2 else int(cell) for row, cell in enumerate(table["ACT_ID"])]
    return table


def _polars() -> Table:
    import polars as pl

    return pl.read_csv(DEMO, separator="|")


def _pyarrow() -> Table:
    from pyarrow import csv

    return csv.read_csv(DEMO, parse_options=csv.ParseOptions(delimiter="|"))


def _duckdb() -> Table:
    import duckdb

    return duckdb.read_csv(str(DEMO))


def _astropy() -> Table:
    from astropy.table import Table

    return Table.read(DEMO, format="ascii", delimiter="|")


def _by_astropy() -> Table:
    from astropy.table import Table

    return Table.from_pandas(_pandas())


def _masked() -> Table:
    """A table in which astropy knows what is missing, and makes numbers of the rest."""
    from astropy.table import Table

    return Table.read(DEMO, format="ascii", delimiter="|", fill_values=[("NULL", "0"), ("", "0")])


#: How a library reads the pool; the part before the dot is the library.
READERS: dict[str, Reader] = {
    "pandas": _pandas,
    "pandas.mixed": _mixed,
    "pandas.nullable": lambda: _pandas(dtype_backend="numpy_nullable"),
    "pandas.pyarrow": lambda: _pandas(dtype_backend="pyarrow"),
    "pandas.text": lambda: _pandas(dtype=str),
    "pandas.objects": lambda: _pandas().astype(object),
    "pandas.categories": lambda: _pandas().astype("category"),
    "polars": _polars,
    "pyarrow": _pyarrow,
    "pyarrow.reader": lambda: _pyarrow().to_reader(),
    "duckdb": _duckdb,
    "astropy": _astropy,
    "astropy.masked": _masked,
    "pandas.astropy": _by_astropy,
}


def _rows_of_duckdb() -> list[dict[str, object]]:
    relation = _duckdb()
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


#: How a library gives rows.
ROWS: dict[str, Reader] = {
    "pandas": lambda: _pandas().to_dict("records"),
    "pandas.nullable": lambda: _pandas(dtype_backend="numpy_nullable").to_dict("records"),
    "polars": lambda: _polars().iter_rows(named=True),
    "pyarrow": lambda: _pyarrow().to_pylist(),
    "duckdb": _rows_of_duckdb,
    "astropy": _astropy,
    "astropy.masked": _masked,
    "pandas.astropy": _by_astropy,
}


def _write_arrow_csv(table: Table, path: str) -> None:
    from pyarrow import csv

    csv.write_csv(table, path)


def _write_arrow_parquet(table: Table, path: str) -> None:
    from pyarrow import parquet

    parquet.write_table(table, path)


def _write_astropy(table: Table, path: str, *, table_format: str | None) -> None:
    table.write(path, format=table_format)


#: How a library reads the pool and writes it to a file: a reader, the name of the file, and a writer.
FILES: dict[str, tuple[Reader, str, Writer]] = {
    "pandas to CSV": (_pandas, "pool.csv", lambda table, path: table.to_csv(path)),
    "pandas to CSV without labels": (_pandas, "pool.csv", lambda table, path: table.to_csv(path, index=False)),
    "pandas to tabs": (_pandas, "pool.tsv", lambda table, path: table.to_csv(path, sep="\t")),
    "pandas to Parquet": (_pandas, "pool.parquet", lambda table, path: table.to_parquet(path)),
    "polars to CSV": (_polars, "pool.csv", lambda table, path: table.write_csv(path)),
    "polars to Parquet": (_polars, "pool.parquet", lambda table, path: table.write_parquet(path)),
    "pyarrow to CSV": (_pyarrow, "pool.csv", _write_arrow_csv),
    "pyarrow to Parquet": (_pyarrow, "pool.parquet", _write_arrow_parquet),
    "duckdb to CSV": (_duckdb, "pool.csv", lambda table, path: table.write_csv(path)),
    "duckdb to Parquet": (_duckdb, "pool.parquet", lambda table, path: table.write_parquet(path)),
    **{
        f"{library} to {name}": (reader, f"pool.{ending}", partial(_write_astropy, table_format=table_format))
        for library, reader in (("astropy", _astropy), ("astropy.masked", _masked), ("pandas.astropy", _by_astropy))
        for name, ending, table_format in (
            ("CSV", "csv", None),
            ("ECSV", "ecsv", None),
            ("FITS", "fits", None),
            ("VOTable", "vot", "votable"),
            ("Parquet", "parquet", None),
        )
    },
}


@pytest.fixture
def library(request: pytest.FixtureRequest) -> str:
    """A name, of which the library that it begins with is installed."""
    library = str(request.param)
    name = re.split("[ .]", library, maxsplit=1)[0]
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    return library


def products(pool: Pool) -> list[object]:
    """The products with their members, in order."""
    return [
        (each.asn_type, each.asn_id, product.name, [(member.expname, member.exptype) for member in product.members])
        for each in generate(pool).associations
        for product in each.products
    ]


@cache
def expected() -> list[object]:
    return products(Pool.read(DEMO))


@pytest.mark.parametrize("library", READERS, indirect=True)
def test_a_table_gives_the_same_products(library: str) -> None:
    assert len(expected()) == 77
    assert products(Pool.from_table(READERS[library]())) == expected()


@pytest.mark.parametrize("library", ROWS, indirect=True)
def test_rows_give_the_same_products(library: str) -> None:
    assert products(Pool.from_rows(ROWS[library]())) == expected()


@pytest.mark.filterwarnings("ignore::astropy.io.fits.verify.VerifyWarning", "ignore::astropy.io.votable.exceptions.W10")
@pytest.mark.parametrize("library", FILES, indirect=True)
def test_a_file_gives_the_same_products(library: str, tmp_path: Path) -> None:
    reader, name, write = FILES[library]
    write(reader(), str(tmp_path / name))
    assert products(Pool.read(tmp_path / name)) == expected()


_IMPORTS_NO_PANDAS = """
import sys
from pyarrow import parquet
from solver import Pool, generate
from solver.pools import delimited

delimited.LARGE = 0
pool = Pool.read(sys.argv[1])
table = parquet.ParquetFile(sys.argv[2]).read()
pools = Pool.from_table(table), Pool.from_rows(pool), Pool.read(sys.argv[2])
assert {len(generate(each).associations) for each in (pool, *pools)} == {len(generate(pool).associations)}
print("pandas" in sys.modules)
"""


@pytest.mark.parametrize("library", ["pandas"], indirect=True)
@pytest.mark.usefixtures("library")
def test_pandas_is_not_imported_where_it_is_installed(tmp_path: Path) -> None:
    """It would take longer than reading and solving most pools; objects of pyarrow like to import it."""
    table = _pyarrow()
    for unit in ("s", "ns"):
        for kind in (pa.timestamp(unit), pa.duration(unit)):
            table = table.append_column(str(kind), pa.array([1] * len(table), kind))
    _write_arrow_parquet(table, str(tmp_path / "pool.parquet"))
    command = [sys.executable, "-c", _IMPORTS_NO_PANDAS, str(DEMO), str(tmp_path / "pool.parquet")]
    environment = os.environ | {"PYTHONPATH": str(DEMO.parents[1])}
    made = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (made.stdout, made.stderr) == ("False\n", "")
