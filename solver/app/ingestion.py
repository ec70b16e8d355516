"""The command `asnsolve pool`, and pools made of exposures for other commands."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from os.path import commonpath
from pathlib import Path

from solver.app import console
from solver.errors import UsageError
from solver.headers import READERS, Additions, Ingested, ingest, is_fits
from solver.pools import MARKS, ByHand, candidate_from, parse_cell, read_statements, united_statements
from solver.storage import refuse_to_lose, write_file

#: Exit code where files had to be skipped.
SKIPPED = 1

#: Options of `asn_make_pool` that give a column its value for all exposures.
_EVERYWHERE = ("dms_note", "is_imprt", "pntgtype")

#: What the first line of every pool has, in lower case.
_MARK = b"asn_candidate"

#: What FITS calls a keyword, in any case.
_KEYWORD = re.compile(r"[A-Za-z0-9_-]{1,8}")

#: Most files that could not be used that are named.
_NAMED = 20

#: More threads than this are a mistake in the command.
_MOST_READERS = 256


def run(options: argparse.Namespace) -> int:
    """Make a pool, write it, and tell; 1 if files had to be skipped."""
    if is_fits(options.output.name):
        raise UsageError(f"-o {options.output} is a name for an exposure; give the pool another, such as pool.csv")
    if not 1 <= options.workers <= _MOST_READERS:
        raise UsageError(f"--workers {options.workers}: give a number of threads from 1 to {_MOST_READERS}")
    refuse_to_lose(options.output, _MARK, overwrite=options.overwrite)
    ingested = of_exposures(options.files, options, options.workers)
    write_file(options.output, ingested.text)
    if options.json:
        data = {"pool": str(options.output), "exposures": len(ingested.pool), **as_data(ingested)}
        sys.stdout.write(json.dumps(data, indent=1) + "\n")
    else:
        tell(ingested, verbose=options.verbose > 0)
        console.output().print(console.inert(f"written to {options.output.resolve()}"))
    return SKIPPED if ingested.skipped else 0


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


def tell(ingested: Ingested, *, verbose: bool = False) -> None:
    """Print what was found and what was assumed."""
    out = console.output()
    if verbose:
        _tell_exposures(ingested)
    kinds = ", ".join(f"{count:,} {product}" for product, count in ingested.products.items())
    files = console.plural(sum(ingested.products.values()), "file")
    line = f"{console.plural(len(ingested.pool), 'exposure')} from {files} ({kinds})"
    if ingested.passed:
        line += "; passed over: " + ", ".join(console.plural(count, what) for what, count in ingested.passed.items())
    if ingested.skipped:
        line += f"; skipped: {console.plural(len(ingested.skipped), 'file')}"
    out.print(line)
    out.print()
    made = console.table("No keyword tells", "Exposures", "Assumed", "What it decides", numbers=("Exposures",))
    for note in ingested.notes:
        columns = ", ".join(column.upper() for column in note.columns)
        console.add(made, columns, f"{note.exposures:,}", note.assumed, note.effect)
    out.print(made)
    out.print()


def _tell_exposures(ingested: Ingested) -> None:
    made = console.table("Exposure", "Type", "Candidates")
    pool = ingested.pool
    for row, name in enumerate(pool.file_names):
        ids = ", ".join(identifier for identifier, _ in parse_cell(pool["asn_candidate"][row]))
        console.add(made, name.removesuffix("_uncal.fits"), pool["exp_type"][row], ids)
    console.output().print(made)
    console.output().print()


def as_data(ingested: Ingested) -> dict[str, object]:
    """What was found and what was assumed, for machines."""
    return {
        "products": dict(ingested.products),
        "passed_over": dict(ingested.passed),
        "skipped": [{"file": each.source, "because": each.reason} for each in ingested.skipped],
        "assumed": [
            {
                "columns": list(note.columns),
                "exposures": note.exposures,
                "assumed": note.assumed,
                "decides": note.effect,
            }
            for note in ingested.notes
        ],
    }
