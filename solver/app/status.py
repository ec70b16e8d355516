"""Show whether results are complete and up to date.

Show whether results are complete, what they were made from, and whether pool,
rules or software have changed since. The exit code is 0 if they are complete
and up to date, else 1, and the command to regenerate them is shown.
"""

from __future__ import annotations

import shlex
from argparse import Namespace
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from solver import batch, pools, storage
from solver.app import console
from solver.app.options import ALIKE, ATTENTION, flag, path_to
from solver.words import few, option_words

OPTIONS = (path_to("results OUT", "the folder or the archive that generate wrote"), flag("--json", "print it as JSON"))

#: Maximum number of files shown.
_SHOWN = 10


def run(options: Namespace) -> int:
    """Show the status of each run's results; 1 if any is incomplete or not up to date."""
    from dataclasses import asdict

    found = batch.status_of(options.results)
    data = [{"complete": each.complete, "fresh": not each.stale, **asdict(each)} for each in found]
    console.show_either(data, (), json=options.json)
    for each in () if options.json else found:
        edited = {name for name in each.altered if (options.results / name).exists()}  # of an archive, none
        console.show(*_lines(each, edited))
        if not Path(each.run.pool).exists():
            console.show_advice(f"not found: {each.run.pool}; put it back, or make the results from its new place")
        elif each.stale or not each.complete:
            what = "to make them again, which discards the edits:" if edited else "next:"
            console.show_advice(what, _command(each, options.results, edited=bool(edited)))
    return 0 if all(each["complete"] and each["fresh"] for each in data) else ATTENTION


def _lines(status: batch.Status, edited: Collection[str]) -> Iterator[str]:
    run, record = status.run, status.run.record or storage.Record(started="")
    missing = [name for name in status.altered if name not in edited]
    ended = "incomplete" if missing else "edited" if edited else "complete"
    fresh = "up to date" if status.complete else "pool, rules and software unchanged"
    fresh = "not known whether up to date" if run.record is None else "not up to date" if status.stale else fresh
    yield f"results of {run}: {ended if run.complete else 'interrupted, or still going on'}; {fresh}"
    facts: dict[str, Iterable[object]] = {
        "missing": missing,
        "edited since": sorted(edited),
        "changed since": [each for each in status.stale if each != run.pool or Path(each).exists()],
        "pool": [record.pool],
        "statements": pools.Statements.of(record.statements),
        "options": [shlex.join(option_words(record.options))],
        "software": [f"{name} {version}" for name, version in record.versions.items()],
        "started": [record.started],
        "ended": [record.ended],
    }
    yield from (f"  {what}: {few(known, _SHOWN)}" for what, known in facts.items() if any(known))


def _command(status: batch.Status, place: Path, *, edited: bool) -> str:
    """The command that makes the results anew, with the names that the run was given: others would make it another."""
    run, record = status.run, status.run.record or storage.Record(started="")
    if run.asked.startswith("extract"):
        return shlex.join(["asnsolve", "status", run.pool])
    first = shlex.join(["asnsolve", "generate", run.pool, "-p" if place.is_dir() else "--archive", str(place)])
    alike = {name: value for name, value in record.options.items() if name in ALIKE}
    more = [*option_words(alike), *option_words(record.statements), *(["--overwrite"] if edited else [])]
    return " ".join(filter(None, (first, run.asked, shlex.join(more))))
