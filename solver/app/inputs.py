"""What shared options mean: the pools, exposures and rules that a command line names."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from solver import batch, headers, pools
from solver.app import console
from solver.errors import UsageError

if TYPE_CHECKING:
    from rules.rule_set import RuleSet

T = TypeVar("T")

#: Options that give a column its value for all exposures.
_EVERYWHERE = ("dms_note", "is_imprt", "pntgtype")

#: The form of a FITS keyword, in any case.
_KEYWORD = re.compile(r"[A-Za-z0-9_-]{1,8}")

#: Maximum number of unusable files that are named.
_NAMED = 20


def reading(options: Namespace, read: Callable[..., T]) -> Callable[[Path], T]:
    """A function that reads a pool file, with the options of `READING`."""
    return partial(
        read,
        delimiter="\t" if options.delimiter == "\\t" else options.delimiter,
        table_format=options.pool_format,
        duplicates="first" if options.keep_first else "error",
    )


def read_pool(options: Namespace) -> pools.Pool:
    """The pool that `POOL` names, or one made from the exposures there."""
    if batch.has_exposures(options.pool):
        return ingested([options.pool], options).pool
    return reading(options, pools.Pool.read)(options.pool)


def rules_of(options: Namespace) -> RuleSet:
    """The mission's rules, and the user's own that `RULES` names."""
    from solver.default import chosen_rules as union

    return union(options.rules)


def chosen_rules(options: Namespace) -> RuleSet:
    """The rules that `CHOICE` selects."""
    from solver.default import chosen_rules as union

    if options.ignore_default and not options.rules:
        raise UsageError("--ignore-default leaves no rules; name a file with rules of your own with -r")
    every = union(options.rules, mission=not options.ignore_default)
    return every if options.level == "both" else every.of_level(int(options.level))


def chosen_candidates(options: Namespace) -> tuple[tuple[str, ...] | None, bool]:
    """The candidates that `CHOICE` selects, None for all that are listed; and whether to solve across candidates."""
    ids = () if options.discover else options.ids
    return batch.ids_of(ids), options.discover or (options.ids is None and not options.all_candidates)


def ingested(paths: Sequence[Path], options: Namespace, workers: int | None = None) -> headers.Ingested:
    """The pool of exposures, with what `STATEMENTS` adds; names the files that could not be used."""
    additions = _additions(options)
    with console.Progress() as progress:
        made = headers.ingest(paths, additions, workers=workers or headers.READERS, reporter=progress)
    skipped = [*map(str, made.skipped[:_NAMED])]
    if len(made.skipped) > _NAMED:
        skipped.append(f"{len(made.skipped) - _NAMED:,} more; --json lists all")
    for line in skipped:
        console.warn(f"asnsolve {options.command}: skipped: {line}")
    return made


def _additions(options: Namespace) -> headers.Additions:
    """What the command line adds to the headers."""
    marks = {mark: tuple(_parts(getattr(options, mark, ()))) for mark in pools.MARKS}
    own = tuple(map(pools.candidate_from, getattr(options, "candidate", ())))
    statements = [pools.ByHand(own, marks, _of_all(getattr(options, "asn_candidate", None)))]
    statements += [pools.read_statements(path) for path in getattr(options, "candidate_file", ())]
    return headers.Additions(
        by_hand=pools.united_statements(statements),
        everywhere={each: value for each in _EVERYWHERE if (value := getattr(options, each, None)) is not None},
        keywords=tuple(map(_keyword, _parts(getattr(options, "keyword", ())))),
    )


def _keyword(text: str) -> str:
    if not _KEYWORD.fullmatch(text):
        raise UsageError(f"--keyword {text}: a keyword has up to eight letters, digits, hyphens and underscores")
    return text


def _parts(texts: Iterable[str]) -> Iterator[str]:
    """The comma-separated parts of texts."""
    for text in texts:
        yield from (part.strip() for part in text.split(",") if part.strip())


def _of_all(cell: str | None) -> tuple[tuple[str, str], ...]:
    """Candidates of every exposure, parsed from the form of a pool's cell."""
    try:
        return () if cell is None else tuple((each, kind.upper()) for each, kind in pools.parse_cell(cell))
    except ValueError as error:
        raise UsageError(f"--asn-candidate: {error}") from error
