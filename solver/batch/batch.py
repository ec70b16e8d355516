"""Many pools, part by part: what is to be done, and what has become of each pool."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from solver.app.console import Progress
from solver.associations import is_plain
from solver.batch import pool_files as pools
from solver.batch.existing import Lacking
from solver.batch.job import Job, Outcome, Part, made_of
from solver.batch.outputs import Output
from solver.batch.summary import Details, Summary
from solver.errors import AsnsolveError, OutputError, SolvingError, UsageError
from solver.pools import Pool
from solver.progress import Profile
from solver.solving import check_request, cut_into_shards, shard_of
from solver.storage import Written

if TYPE_CHECKING:
    from solver.headers import Ingested


@dataclass(slots=True, eq=False)
class PoolRun:
    """What has become of a pool so far.

    Attributes:
        path: its file.
        share: its part of all the work, as far as the size of the file tells.
        name: how associations call it.
        exposures: how many it has.
        summary: what was made.
        details: what was made, one by one, if asked for.
        orphans: the exposures in no association, with the reasons.
        written: what was written, once it is.
        error: why there are no results; empty if there are.
        made: the pool, where it was made of exposures.
        lacking: the associations that lack files, if only those that are there count.
    """

    path: Path
    share: float
    name: str = ""
    exposures: int = 0
    summary: Summary = field(default_factory=Summary)
    details: list[Details] = field(default_factory=list)
    orphans: dict[str, str] = field(default_factory=dict)
    written: Written | None = None
    error: str = ""
    made: Ingested | None = None
    lacking: list[Lacking] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A part of a pool that is to be solved.

    Attributes:
        run: the run of its pool.
        whole: the pool.
        first: row of the pool at which the part begins.
        pool: the exposures of the part.
        last: whether there are no more parts.
    """

    run: PoolRun
    whole: Pool
    first: int
    pool: Pool
    last: bool

    @property
    def share(self) -> float:
        """Its part of all the work."""
        return self.run.share * len(self.pool) / len(self.whole)


class Batch:
    """The pools of one call of the program.

    Attributes:
        runs: what has become of each.
    """

    def __init__(
        self,
        files: Sequence[Path],
        options: argparse.Namespace,
        job: Job,
        output: Output,
        *,
        profile: Profile,
        progress: Progress,
        failed: Callable[[str], None] | None = None,
        made: tuple[Path, Ingested] | None = None,
    ) -> None:
        """Prepare.

        Args:
            files: the pools.
            options: how they are read, and what becomes of orphans.
            job: what is done with each part.
            output: where results go.
            profile: is told where the time goes.
            progress: is told how far it is.
            failed: is told why a pool has no results, and the others go on; without it, that is the end.
            made: one more pool, which was made of exposures, and where those are.
        """
        sizes = [_size(path) for path in files]
        total = sum(sizes) or 1
        self.runs = [PoolRun(path, size / total) for path, size in zip(files, sizes, strict=True)]
        if made is not None:
            self.runs.append(PoolRun(made[0], 1.0, made=made[1]))
        self._options = options
        self._job = job
        self._output = output
        self._profile = profile
        self._progress = progress
        self._failed = failed
        self._orphan_rows: list[int] = []

    def tasks(self) -> Iterator[Task]:
        """All parts of all pools. A pool is read when its turn comes."""
        for run in self.runs:
            try:
                with self._profile.stage("read"):
                    pool = pools.read(run.path, self._options) if run.made is None else run.made.pool
                check_request(pool, self._job.rules, self._job.request)
            except AsnsolveError as error:
                self._fail(run, error)
                continue
            run.name, run.exposures = pool.name, len(pool)
            parts = cut_into_shards(pool)
            for rows in parts:
                if run.error:
                    break
                with self._profile.stage("cut"):
                    mine = shard_of(pool, rows) if len(parts) > 1 else pool
                yield Task(run, pool, rows.start, mine, last=rows is parts[-1])

    def take(self, task: Task, outcome: Outcome) -> None:
        """Take what was made of the next part; parts come in the order of the tasks.

        Raises:
            ArchiveError: the archive cannot be written, which is the end for all pools.
            AsnsolveError: there is no result for the pool, and none can do without.
        """
        if task.run.error:
            return
        self._progress.advance(task.share, len(task.pool))
        try:
            self._add(task, made_of(outcome))
        except (SolvingError, OutputError, UsageError) as error:
            self._orphan_rows = []
            self._output.forget()
            self._fail(task.run, error)

    def _add(self, task: Task, part: Part) -> None:
        run = task.run
        self._output.take(part)
        self._profile.add(part.seconds)
        run.summary.add(part.summary)
        run.lacking += part.lacking
        run.details += [] if part.details is None else [part.details]
        run.orphans |= {task.pool.file_names[row]: reason for row, reason in part.orphans.items()}
        self._orphan_rows += [task.first + row for row in part.orphans]
        if task.last:
            further = {} if run.made is None else {run.name: run.made.text}
            run.written = self._output.complete(run.path, further | self._orphans_file(task))
            self._orphan_rows = []
            run.orphans = run.orphans if self._job.details else {}  # of many pools, only the number is told

    def _orphans_file(self, task: Task) -> dict[str, str]:
        """The file of the exposures in no association, if it is asked for, under its name."""
        name = self._options.save_orphans
        if name is None:
            return {}
        if len(self.runs) > 1:
            name = f"{task.run.path.name.split('.')[0]}_{name}"
            if not is_plain(name):
                raise UsageError(f"{name!r} is no file name for its orphans; give the pool a plain name")
        reasons = {"orphan_because": list(task.run.orphans.values())}
        return {name: task.whole.select(self._orphan_rows).to_text(reasons)}

    def _fail(self, run: PoolRun, error: AsnsolveError) -> None:
        if self._failed is None:
            raise error
        message = str(error)
        run.error = message if message.startswith(str(run.path)) else f"{run.path}: {message}"
        self._failed(run.error)


def _size(path: Path) -> int:
    """The size of a file; that it cannot be read is told when its turn comes."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
