"""The status of results: whether they are complete, and whether pool, rules and software are still the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from solver.brief import Brief
from solver.errors import AsnsolveError, UsageError
from solver.headers import ingest
from solver.pools import Pool, Statements
from solver.storage import Record, Run, digest, digest_of, refuse_damaged, runs_in


@dataclass(frozen=True, slots=True, repr=False)
class Status(Brief):
    """The status of the results of a run.

    Attributes:
        run: the run, with its record.
        altered: its files that are missing or were changed.
        stale: what has changed since the run: pool or exposures, rules, software.
    """

    run: Run
    altered: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether the run ended, and all its files are there as it wrote them."""
        return self.run.complete and not self.altered


def status_of(place: str | Path) -> tuple[Status, ...]:
    """The status of the results in a folder or archive, for each run that wrote there.

    Raises:
        FileNotFoundError: it does not exist.
        UsageError: no run is recorded there.
        OutputError: the manifest is not valid.
        ArchiveError: the archive is damaged.

    Cost: reads all files of the folder, or the archive, and the headers of the exposures that a pool was made from.
    """
    path = Path(place)
    path.stat()
    refuse_damaged(path)
    if not (runs := runs_in(path)):
        raise UsageError(f"{path}: no run is recorded here; name a folder or an archive that generate wrote")
    folder = path if path.is_dir() else path.parent
    return tuple(Status(run, tuple(altered(folder, run)), tuple(_stale(folder, run))) for run in runs)


def altered(folder: Path, run: Run) -> Iterator[str]:
    """The files of a run in a folder that are missing or were changed."""
    return (name for name, contents in run.files.items() if digest_of(folder / name) not in contents)


def _stale(folder: Path, run: Run) -> Iterator[str]:
    if (record := run.record) is None:
        yield "unknown (extracted from an archive)" if run.asked.startswith("extract") else "unknown (nothing recorded)"
        return
    yield from (*record.changed(folder), *record.outdated())
    if run.pool != record.pool and record.digest not in _pools_of(Path(run.pool), folder / record.pool, record):
        yield run.pool


def _pools_of(exposures: Path, pool: Path, record: Record) -> Iterator[str]:
    """The digests of the pools that exposures make now: as it is, and with keywords that rules of one's own read."""
    with suppress(AsnsolveError):
        stated, suffixes = Statements.of(record.statements), record.options.get("suffix", ())
        made = ingest([exposures], stated, suffixes=suffixes)
        yield digest(made.text.encode())
        own = [name for name in Pool.read(pool).columns if name not in made.pool.columns]
        yield digest(ingest([exposures], stated, suffixes=suffixes, keywords=own).text.encode())
