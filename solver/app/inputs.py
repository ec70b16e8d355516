"""What shared options mean: the pools, exposures and rules that a command line names."""

from __future__ import annotations

import glob
import os
import re
import shlex
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from solver import batch, headers, pools
from solver.app import console
from solver.errors import UsageError
from solver.words import plural

if TYPE_CHECKING:
    from rules.rule_set import RuleSet

T = TypeVar("T")

#: The form of a FITS keyword, in any case.
_KEYWORD = re.compile(r"[A-Za-z0-9_-]{1,8}")

#: Maximum number of unusable files that are named, and of hints.
_NAMED, _HINTS = 20, 10


def reading(options: Namespace, read: Callable[..., T]) -> Callable[[Path], T]:
    """A function that reads a pool file, with the options of `READING`."""
    return partial(
        read,
        delimiter="\t" if options.delimiter == "\\t" else options.delimiter,
        table_format=options.pool_format,
        duplicates="first" if options.keep_first else "error",
    )


def stated(options: Namespace) -> pools.Statements:
    """What the options of `STATEMENTS` state."""
    given = pools.Statements.of({kind: getattr(options, kind, ()) for kind in pools.KINDS})
    return sum(map(pools.Statements.read, options.statements), given)


def reading_stated(options: Namespace) -> Callable[[Path], pools.Pool]:
    """A function that reads a pool file, and applies what is stated of its exposures."""
    read, statements = reading(options, pools.Pool.read), stated(options)
    return (lambda path: read(path).with_statements(statements)) if statements else read


def read_pool(options: Namespace) -> pools.Pool:
    """The pool that `POOL` names, or one made from the exposures there; with what is stated of them."""
    if batch.has_exposures(options.pool):
        return ingested([options.pool], options).pool
    return reading_stated(options)(options.pool)


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


def ingested(paths: Sequence[Path], options: Namespace, workers: int = 8) -> headers.Ingested:
    """The pool of exposures, with what is stated of them; names the files that could not be used."""
    keywords = list(map(_keyword, _parts(getattr(options, "keyword", ()))))
    with console.Progress() as progress:
        made = headers.ingest(
            paths, stated(options), suffixes=options.suffix, keywords=keywords, workers=workers, reporter=progress
        )
    skipped = [*map(str, made.skipped[:_NAMED])]
    if len(made.skipped) > _NAMED:
        skipped.append(f"{len(made.skipped) - _NAMED:,} more; --json lists all")
    for line in skipped:
        console.warn(f"asnsolve {options.command}: skipped: {line}")
    return made


def expanded(names: Iterable[str]) -> Iterator[str]:
    """The names of files, with patterns expanded, since some shells leave that to the program."""
    for name in names:
        if os.path.lexists(name) or not glob.has_magic(name):
            yield name
            continue
        found = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 (the pattern may begin at the root)
        if not found:
            raise UsageError(f"{name}: no file has a name like this")
        yield from found


def show_hints(hints: Mapping[Path, Sequence[batch.Hint]], options: Namespace, *, every: bool = True) -> None:
    """Print the hints at each pool, with the option or the command that helps."""
    shown = [(path, hint) for path, some in hints.items() for hint in some]
    for path, hint in shown if every else shown[:_HINTS]:
        about = f"{path.name}: {hint.what}" if len(hints) > 1 else hint.what
        action = remedy(hint, path, options)
        verb = "add " if action.startswith("-") else "see " if action else ""
        files = f" ({plural(len(hint.exposures), 'exposure')})" if hint.exposures else ""
        console.show_advice(f"{about}{files}{';' if action else ''}", verb + action)
    if not every and len(shown) > _HINTS:
        console.show(f"{plural(len(shown) - _HINTS, 'further hint')}; -v lists all")


def remedy(hint: batch.Hint, pool: Path, options: Namespace) -> str:
    """The option of a hint as a shell takes it, or the command that explains it, with what is stated."""
    if hint.option.startswith("-") or not hint.option:
        return shlex.join(hint.option.split(" ", 1)) if hint.option else ""
    said = [word for each in stated(options) for word in str(each).split(" ", 1)]
    return shlex.join(["asnsolve", "explain", str(pool), *hint.option.split(" "), *said])


def _keyword(text: str) -> str:
    if not _KEYWORD.fullmatch(text):
        raise UsageError(f"--keyword {text}: a keyword has up to eight letters, digits, hyphens and underscores")
    return text


def _parts(texts: Iterable[str]) -> Iterator[str]:
    """The comma-separated parts of texts."""
    for text in texts:
        yield from (part.strip() for part in text.split(",") if part.strip())
