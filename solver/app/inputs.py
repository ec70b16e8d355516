"""What shared options mean: the pools, exposures and rules that a command line names."""

from __future__ import annotations

import glob
import os
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from solver import batch, headers, pools, solving, storage, whole_files
from solver.app import console
from solver.app.options import RECORDED
from solver.errors import UsageError
from solver.guards import real
from solver.words import few, plural

if TYPE_CHECKING:
    from rules.rule_set import RuleSet

T = TypeVar("T")

#: Options that select candidates; only one may be given.
_CHOSEN = ("ids", "discover", "all_candidates")

#: Maximum number of unusable files that are named, and of hints.
_NAMED, _HINTS = 20, 10


def given(options: Namespace, *names: str) -> dict[str, Any]:
    """The options of these names that are given, as keyword arguments."""
    return {name: value for name in names if (value := getattr(options, name, None)) not in (None, False, [])}


def refuse_to_lose(options: Namespace, **marks: bytes) -> None:
    """Refuse to replace a file of another kind, before any work is done; `marks` identify files of options."""
    for name, path in given(options, *marks).items():
        whole_files.refuse_to_lose(path, marks[name], overwrite=options.overwrite)


def reading(options: Namespace, read: Callable[..., T]) -> Callable[[Path], T]:
    """A function that reads a pool file, with the options of `READING`."""
    if options.suffix:
        headers.read_suffixes(options.suffix)  # a pool has no use for them, but they may be wrong
    delimiter = "\t" if options.delimiter == "\\t" else options.delimiter
    duplicates = "first" if options.keep_first else "error"
    return partial(read, delimiter=delimiter, table_format=options.pool_format, duplicates=duplicates)


def stated(options: Namespace) -> pools.Statements:
    """What the options of `STATEMENTS` state."""
    given = pools.Statements.of({kind: getattr(options, kind, ()) for kind in pools.KINDS})
    return sum(map(pools.Statements.read, options.statements), given)


def reading_stated(options: Namespace) -> Callable[[Path], pools.Pool]:
    """A function that reads a pool file, and applies what is stated of its exposures."""
    read, statements = reading(options, pools.Pool.read), stated(options)
    return (lambda path: read(path).with_statements(statements)) if statements else read


def recall(options: Namespace) -> storage.Run | None:
    """If `POOL` is the results of a run, take its pool instead, and what was stated and asked.

    Statements and rule files that are given count in addition; of any other option the given value counts.

    Returns:
        the run, if there is one.
    """
    place = options.pool
    run = storage.record_of(place, options.of_run)
    if run is None or run.record is None:
        storage.refuse_damaged(place)
        return None
    record, given, folder = run.record, vars(options), place if place.is_dir() else place.parent
    options.pool = folder / record.pool
    recorded = record.options.get("rules", ()) if "rules" in given else ()
    options.rules = [str(real(path)) for path in given.get("rules", ())]
    rules = [Path(each) for each in recorded if each not in options.rules]
    owners = {path.stat().st_uid for path in (storage.manifest_of(place), *rules)}
    if rules and (owners != {getattr(os, "geteuid", int)()} or run.folder != str(folder.resolve())):
        why = "a rule file is code, and this one or the record is another user's, or was copied here"
        raise UsageError(f"{place}: the run on {run} used the rules of {few(rules)}; {why}; name it with -r")
    names = {*pools.KINDS, *RECORDED} - ({*_CHOSEN} if any(map(given.get, _CHOSEN)) else set())
    made = run.pool != record.pool  # of exposures: what was stated is in it
    for name, value in {**record.options, **record.statements}.items():
        if isinstance(value, list) and name in names:
            new = [each for each in given.get(name) or () if each not in value]
            given[name] = new if made and name in pools.KINDS else [*value, *new]
        elif name in names:
            given[name] = given.get(name) or value
    if given.get("keep_numbers"):
        options.former = storage.load_runs(place, [run.key])
    here = f"asnsolve {options.command}: {place}"
    if place.is_dir() and batch.has_exposures(place):
        console.warn(f"{here} has exposures, too; the run on {run} is used")
    if changed := few(each for each in record.changed(folder) if each != record.pool or options.pool.exists()):
        console.warn(f"{here}: {changed} changed after the associations were made, so what follows may not match them")
    if options.command in ("explain", "report"):
        _warn_of_files(here, folder, run)
    return run


def _warn_of_files(here: str, folder: Path, run: storage.Run) -> None:
    """Warn where the files of a run are not what it finds again."""
    if run.record is not None and "existing" in run.record.options:
        console.warn(f"{here}: made with --existing; what follows is as if all files of the pool existed")
    if edited := few(batch.altered(folder, run)):
        console.warn(f"{here}: edited or deleted after the run: {edited}; what follows is about the run, not the files")


def read_once(options: Namespace) -> Callable[[pools.Statements], pools.Pool]:
    """Reads what `POOL` names, a pool or exposures of which one is made, and gives it with any statements."""
    found = batch.find_inputs([options.pool])
    if found.exposures:
        exposures = exposures_in(found.exposures, options)
        return lambda statements: exposures.ingested(statements).pool
    if len(found.pools) > 1:
        listed = few(each.name for each in found.pools)
        raise UsageError(f"{options.pool} has {len(found.pools):,} pools; name one of them: {listed}")
    pool = reading(options, pools.Pool.read)(*found.pools)
    return lambda statements: pool.with_statements(statements) if statements else pool


def rules_of(options: Namespace) -> RuleSet:
    """The mission's rules, and the user's own that `RULES` names; only those that `CHOICE` selects."""
    from solver.default import chosen_rules

    alone, level, version = (getattr(options, name, None) for name in ("ignore_default", "level", "rules_version"))
    if alone and not options.rules:
        raise UsageError("--ignore-default leaves no rules; name a file with rules of your own with -r")
    how = given(options, "without", "split_by")
    every = chosen_rules(options.rules, mission=not alone, version=version or "mission", **how)
    return every if level in (None, "both") else every.of_level(int(level))


def request_of(options: Namespace) -> solving.Request:
    """What the options ask of a pool; a command that has not all of them may have them from a run."""
    asked = given(options, *RECORDED)
    return solving.Request(
        candidates=batch.ids_of(() if "discover" in asked else asked.get("ids")),
        discover=asked.keys().isdisjoint({"ids", "all_candidates"}),
        finalize="no_finalize" not in asked,
        backgrounds="dms" in asked,
        **given(options, "version_id", "engine", "selfcal", "background_at", "former"),
    )


def exposures_in(paths: Sequence[Path], options: Namespace, workers: int = 8) -> headers.Exposures:
    """What files say of exposures; names the files that could not be used."""
    keywords = ",".join(getattr(options, "keyword", ())).replace(",", " ").split()
    if getattr(options, "rules", ()):
        keywords += (column.name for rule in rules_of(options) for column in rule.spec.own_columns)
    with console.Progress() as bar:
        made = headers.read_exposures(paths, suffixes=options.suffix, keywords=keywords, workers=workers, reporter=bar)
    skipped, more = made.gathered.skipped, len(made.gathered.skipped) - _NAMED
    options.incomplete = bool(skipped)
    for each in (*skipped[:_NAMED], *([f"{more:,} more; --json lists all"] if more > 0 else [])):
        console.warn(f"asnsolve {options.command}: skipped: {each}")
    return made


def expanded(names: Iterable[str]) -> Iterator[str]:
    """The names of files, with patterns expanded, since some shells leave that to the program."""
    for name in names:
        plain = os.path.lexists(name) or not glob.has_magic(name)
        found = [name] if plain else sorted(glob.glob(name, recursive=True))  # noqa: PTH207 (it may begin at the root)
        if not found:
            raise UsageError(f"{name}: no file has a name like this")
        yield from found


def show_hints(hints: Mapping[Path, Sequence[batch.Hint]], options: Namespace, *, every: bool = True) -> None:
    """Print the hints at each pool, with the option or the command that helps."""
    shown, statements = [(path, hint) for path, some in hints.items() for hint in some], stated(options)
    for path, hint in shown if every else shown[:_HINTS]:
        about = f"{path.name}: {hint.what}" if len(hints) > 1 else hint.what
        action = hint.action(path, statements, vars(options))
        wrong = any(hint.what.startswith(f"{each.value.upper()} is not ") for each in statements.kind("set"))
        verb = ("use " if wrong else "add ") if action.startswith("-") else "see " if action else ""
        verb = f"if {hint.provided}, {verb}" if hint.provided else verb
        action += " instead" if wrong else ""
        count = plural(len(hint.exposures), "exposure")
        files = "" if not hint.exposures or hint.what.startswith(count) else f" ({count})"
        console.show_advice(f"{about}{files}{';' if action else ''}", verb + action)
    if not every and len(shown) > _HINTS:
        console.show(f"{plural(len(shown) - _HINTS, 'further hint')}; -v lists all")
