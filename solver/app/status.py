"""Show whether results are complete and up to date.

Show whether results are complete, what they were made from, and whether that has changed since: the
pool, the rules, the software. Exit code 0 if they are complete and up to date, 1 if not.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator

from solver import batch, pools, storage
from solver.app import console
from solver.app.options import ATTENTION, flag, path_to
from solver.words import few

OPTIONS = (path_to("results OUT", "the folder or the archive that generate wrote"), flag("--json", "print all as JSON"))

#: Maximum number of files shown.
_SHOWN = 10


def run(options: Namespace) -> int:
    """Show the status of each run's results; 1 if any is incomplete or not up to date."""
    from dataclasses import asdict

    found = batch.status_of(options.results)
    data = [{"complete": each.complete, "fresh": not each.stale, **asdict(each)} for each in found]
    console.show_either(data, (line for each in found for line in _lines(each)), json=options.json)
    return 0 if all(each["complete"] and each["fresh"] for each in data) else ATTENTION


def _lines(status: batch.Status) -> Iterator[str]:
    run, record = status.run, status.run.record or storage.Record(started="")
    ended = "complete" if status.complete else "incomplete" if run.complete else "interrupted, or still going on"
    yield f"{run}: {ended}; {'not up to date' if status.stale else 'up to date'}"
    facts: dict[str, Iterable[object]] = {
        "missing or changed": status.altered,
        "changed since": status.stale,
        "pool": [record.pool],
        "statements": pools.Statements.of(record.statements),
        "options": [f"{name} {value}" for name, value in record.options.items()],
        "software": [f"{name} {version}" for name, version in record.versions.items()],
        "started": [record.started],
        "ended": [record.ended],
    }
    yield from (f"  {what}: {few(known, _SHOWN)}" for what, known in facts.items() if any(known))
