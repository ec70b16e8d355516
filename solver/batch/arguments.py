"""Arguments of `generate`: a pool or its file, one candidate or several."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from solver.pools import Pool


def pool_of(given: object) -> Pool:
    """The pool, read from its file if need be.

    Raises:
        TypeError: it is neither a pool nor a path.
        PoolError: the file cannot be read as a pool.
    """
    if isinstance(given, Pool):
        return given
    if isinstance(given, str | Path):
        return Pool.read(given)
    remedy = "Pool.from_rows(…) of dictionaries, Pool.from_table(…) of a table, or ingest(…) of FITS files"
    raise TypeError(f"a pool is a Pool or the path of its file, not {type(given).__name__}; make one with {remedy}")


def ids_of(candidates: str | Collection[str] | None) -> tuple[str, ...] | None:
    """The ids of candidates, sorted and in lower case; None for all."""
    several = [candidates] if isinstance(candidates, str) else candidates
    return None if several is None else tuple(sorted({str(each).strip().lower() for each in several}))
