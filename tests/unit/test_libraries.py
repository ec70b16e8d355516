"""Without a library that not everything needs, the rest works, and what needs it says so."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from solver import Archive, Pool, UsageError, generate
from solver.pools import delimited

DEMO = Path(__file__).parents[2] / "benchmarks" / "demo_pool.csv"


@pytest.mark.parametrize(
    ("use", "what"),
    [
        (lambda place: Pool.read(place / "pool.parquet"), "Parquet"),
        (lambda _: Pool.from_table(pl.DataFrame({"filename": ["a"]})), "a table in Arrow's form"),
        (lambda _: generate(DEMO).to_table(), "an Arrow table"),
        (lambda _: generate(DEMO).members_table(), "an Arrow table"),
        (lambda place: Archive(place / "made.parquet"), "Parquet"),
        (lambda place: generate(DEMO).write(place / "made.parquet"), "Parquet"),
    ],
)
def test_what_needs_pyarrow_says_so(
    use: Callable[[Path], Any], what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pool.parquet").write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=f"^{what} needs pyarrow, which is not installed; run: pip install pyarrow$"):
        use(tmp_path)


def test_large_pools_are_read_without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = generate(DEMO)
    monkeypatch.setattr(delimited, "LARGE", 1)
    assert generate(DEMO).associations == expected.associations
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert generate(DEMO).associations == expected.associations
