"""Pools made of exposures, for all commands."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from os.path import commonpath
from pathlib import Path

from solver.app import console
from solver.errors import UsageError
from solver.headers import READERS, Additions, Ingested, ingest
from solver.pools import MARKS, ByHand, candidate_from, parse_cell, read_statements, united_statements

#: Options of `asn_make_pool` that give a column its value for all exposures.
_EVERYWHERE = ("dms_note", "is_imprt", "pntgtype")

#: What FITS calls a keyword, in any case.
_KEYWORD = re.compile(r"[A-Za-z0-9_-]{1,8}")

#: Most files that could not be used that are named.
_NAMED = 20


def of_exposures(paths: Sequence[Path], options: argparse.Namespace, workers: int = READERS) -> Ingested:
    """The pool of exposures, with what the command line adds; files that could not be used are named."""
    additions = _additions(options)
    with console.Progress() as progress:
        ingested = ingest(paths, additions, workers=workers, reporter=progress)
    for line in _named(ingested):
        sys.stderr.write(f"asnsolve {options.command}: skipped: {console.inert(line)}\n")
    return ingested


def place_of(paths: Sequence[Path]) -> Path:
    """The one path that stands for several: the folder that all of them are in."""
    return paths[0] if len(paths) == 1 else Path(commonpath([path.resolve().parent for path in paths]))


def _additions(options: argparse.Namespace) -> Additions:
    """What the command line adds to the headers."""
    marks = {mark: tuple(_listed(getattr(options, mark, None))) for mark in MARKS}
    own = tuple(candidate_from(text) for text in getattr(options, "candidate", None) or ())
    parts = [ByHand(own, marks, _of_all(getattr(options, "asn_candidate", None)))]
    parts += [read_statements(path) for path in getattr(options, "candidate_file", None) or ()]
    values = {column: getattr(options, column, None) for column in _EVERYWHERE}
    return Additions(
        by_hand=united_statements(parts),
        everywhere={column: value for column, value in values.items() if value is not None},
        keywords=tuple(map(_keyword, _listed(getattr(options, "keyword", None)))),
    )


def _keyword(text: str) -> str:
    """A keyword, as FITS has them."""
    if not _KEYWORD.fullmatch(text):
        raise UsageError(f"--keyword {text}: a keyword has up to eight letters, digits, hyphens and underscores")
    return text


def _listed(texts: Iterable[str] | None) -> Iterator[str]:
    for text in texts or ():
        yield from (part.strip() for part in text.split(",") if part.strip())


def _of_all(cell: str | None) -> tuple[tuple[str, str], ...]:
    """Candidates of all exposures, in the form of a pool's cell."""
    try:
        return () if cell is None else tuple((each, kind.upper()) for each, kind in parse_cell(cell))
    except ValueError as error:
        raise UsageError(f"--asn-candidate: {error}") from error


def _named(ingested: Ingested) -> Iterator[str]:
    yield from map(str, ingested.skipped[:_NAMED])
    if len(ingested.skipped) > _NAMED:
        yield f"{len(ingested.skipped) - _NAMED:,} more; --json lists all"
