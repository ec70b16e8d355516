"""Readers of delimited text to compare: each makes integer codes and distinct values of all columns, as a pool needs.

    python readers.py LIBRARY POOL

prints how many columns and distinct values there are. This is a script that imports nothing of the project, so
that a whole process costs what its library costs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

#: For each column the codes of its rows, in whatever array the library has, and what they stand for.
Columns = Sequence[tuple[Any, Sequence[str]]]

_ROWS = 10_000


def with_csv(pool: Path) -> Columns:
    """With the csv module, and a dictionary for each column."""
    import csv  # each process needs one library only
    from array import array

    with pool.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream, delimiter="|")
        header = next(reader)
        codes = [array("i") for _ in header]
        index: list[dict[str, int]] = [{} for _ in header]
        while rows := list(islice(reader, _ROWS)):
            for cells, known, column in zip(zip(*rows, strict=True), index, codes, strict=True):
                column.extend([known.setdefault(cell, len(known)) for cell in cells])
    return [(column, list(known)) for column, known in zip(codes, index, strict=True)]


def with_polars(pool: Path) -> Columns:
    """With polars: its csv reader, and an enumeration for each column."""
    import polars as pl  # each process needs one library only

    table = pl.read_csv(pool, separator="|", infer_schema=False, quote_char=None)
    columns = []
    for column in table.fill_null("").iter_columns():
        values = column.unique()
        columns.append((column.cast(pl.Enum(values)).to_physical().to_numpy(), values.to_list()))
    return columns


def with_pyarrow(pool: Path) -> Columns:
    """With pyarrow: its csv reader, which makes dictionaries while it reads."""
    import numpy as np  # each process needs one library only
    import pyarrow as pa
    from pyarrow import csv

    with pool.open(encoding="utf-8") as stream:
        names = stream.readline().rstrip("\n").split("|")
    words = pa.dictionary(pa.int32(), pa.string())
    table = csv.read_csv(
        pool,
        read_options=csv.ReadOptions(block_size=8 << 20),
        parse_options=csv.ParseOptions(delimiter="|", quote_char=False),
        convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, words), strings_can_be_null=False),
    )
    return [
        (np.concatenate([chunk.indices.to_numpy() for chunk in column.chunks]), column.chunk(0).dictionary.to_pylist())
        for column in table.unify_dictionaries().columns
    ]


READERS: Mapping[str, Callable[[Path], Columns]] = {"csv": with_csv, "polars": with_polars, "pyarrow": with_pyarrow}


def main(library: str, pool: str) -> None:
    """Read a pool."""
    columns = READERS[library](Path(pool))
    sys.stdout.write(f"{len(columns)} columns, {sum(len(values) for _, values in columns)} values\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
