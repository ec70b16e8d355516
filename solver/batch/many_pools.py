"""Many pools in one run: each is read, cut into parts, solved, and handed to a sink."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from solver.associations import Associations
from solver.batch.doubts import refusal
from solver.batch.parts import Job, Outcome, solve_part
from solver.batch.runs import PoolRun, Task
from solver.batch.sinks import Sink
from solver.errors import AsnsolveError, OutputError, PoolError, SolvingError, UsageError
from solver.pools import EncodedColumn, Pool, PoolText, TextPart
from solver.progress import Reporter
from solver.solving import check_request, cut_into_shards


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Pools to solve in one run; `run` does it.

    Attributes:
        runs: the state of each pool.
        job: what is done with each part.
        sink: where results go.
        read: reads a pool file: `Pool.read`, maybe with options.
        divide: the text of a pool file, to be read in parts by workers: `PoolText.open` with the same options; it gives
            None for a pool that is to be read as a whole. Without it, all are read as a whole.
        former: by program without zeros, the associations of earlier runs whose numbers are kept.
        orphans_file: name of the file for the exposures in no association, if requested.
        failed: called with the reason when a pool fails, and the rest go on; without it, the first pool that
            fails ends the run.
        reporter: follows the run.
    """

    runs: Sequence[PoolRun]
    job: Job
    sink: Sink
    read: Callable[[Path], Pool] = Pool.read
    divide: Callable[[Path], PoolText | None] | None = None
    former: Mapping[str, Associations] = field(default_factory=dict)
    orphans_file: str | None = None
    failed: Callable[[str], None] | None = None
    reporter: Reporter = field(default_factory=Reporter)

    def run(self, *, workers: int = 1, cluster: str | None = None) -> None:
        """Solve all pools.

        Args:
            workers: number of processes that solve parts; one is this process.
            cluster: address of a dask scheduler whose workers solve the parts instead.

        Raises:
            ArchiveError: the archive cannot be written, which ends the run for all pools.
            WorkerError: a worker died, or gave no sign of life.
            CancelledError: the reporter cancelled the run.
            AsnsolveError: a pool has no results, and `failed` is not given.

        Cost: memory for the results of the parts that workers have done ahead, and, for a folder or several pools,
        for the results of one pool.
        """
        with self.sink:
            if workers > 1 or cluster is not None:
                from solver.batch.executors import Cluster, Processes, solve  # slow to import

                own = any(rule.__module__ == "__main__" for rule in self.job.rules)
                with Processes(workers, run_main=own) if cluster is None else Cluster(cluster) as executor:
                    for task, outcome in solve(self._tasks(divided=True), self.job, executor, self.reporter):
                        self.take(task, outcome)
            else:
                for task in self._tasks():
                    with self.reporter.part(task.share, len(task.pool)):
                        outcome = solve_part(self.job, task.pool, self.reporter, task.former)
                    self.take(task, outcome)
            if not all(run.error for run in self.runs):
                with self.reporter.stage("write"):
                    self.sink.finish()

    def _tasks(self, *, divided: bool = False) -> Iterator[Task]:
        """All parts of all pools. A pool is read when its turn comes; if wanted, its text is divided and not read."""
        for run in self.runs:
            with self._failing(run, AsnsolveError):
                pool = self._read(run, divided=divided)
                run.name, run.exposures = pool.name, len(pool)
                parts = cut_into_shards(pool)
                programs = pool.program if isinstance(pool, PoolText) else pool["program"]
                for rows in parts:
                    if run.error:
                        break
                    with self.reporter.stage("cut"):
                        mine = pool if isinstance(pool, Pool) and len(parts) == 1 else pool.select(rows)
                    share, last = run.share * len(mine) / len(pool), rows is parts[-1]
                    yield Task(run, pool, mine, share, last, self._former(programs.take(slice(rows.start, rows.stop))))

    def _former(self, programs: EncodedColumn) -> Associations | None:
        """The former associations of the programs of a part."""
        numbers = dict.fromkeys(each.lstrip("0") for each in programs.compact().values) if self.former else ()
        found = [self.former[each] for each in numbers if each in self.former]
        return Associations.joined(found) if found else None

    def _read(self, run: PoolRun, *, divided: bool) -> Pool | PoolText:
        """A pool; or its text, which workers read in parts, unless something needs the pool as a whole."""
        near = any(rule.spec.nearness or rule.spec.own_columns for rule in self.job.rules)
        whole = run.made is not None or self.job.request.candidates or near or self.orphans_file is not None
        with self.reporter.stage("read"):
            if divided and self.divide is not None and not whole and (text := self.divide(run.path)):
                return text
            pool = self.read(run.path) if run.made is None else run.made.pool
        check_request(pool, self.job.rules, self.job.request)
        return pool

    def take(self, task: Task, outcome: Outcome) -> None:
        """Take the outcome of the next part; parts come in the order of the tasks."""
        run = task.run
        if run.error:
            return
        with self._failing(run, SolvingError, OutputError, PoolError, UsageError):
            if isinstance(outcome, SolvingError):
                if isinstance(task.pool, TextPart):
                    self.read(run.path)  # if the part could not be read, this says which line of the whole is wrong
                raise outcome
            run.summary.add(outcome.summary)
            run.parts.append(outcome)
            if task.last and (why := refusal(run.summary.collisions, self.job.rules.own)):
                raise OutputError(f"{run.path}: {why}")
            if task.last or self.sink.streaming:
                with self.reporter.stage("write"):
                    self.sink.write(run, self._further(task) if task.last else {})
                run.parts.clear()
            if task.last and not self.job.details:
                run.summary.reasons = {}  # of many pools, only the number is needed

    def _further(self, task: Task) -> dict[str, str]:
        """The pool that was made from exposures, and the exposures in no association, by name, if requested."""
        made, name = task.run.made, self.orphans_file
        further = {} if made is None else {task.run.name: made.text}
        if name is None or isinstance(task.whole, PoolText):  # a pool is read as a whole if its orphans are requested
            return further
        name = f"{task.run.path.name.split('.')[0]}_{name}" if len(self.runs) > 1 else name
        reasons = task.run.summary.reasons
        rows = [row for row, file in enumerate(task.whole.file_names) if file in reasons]
        return further | {name: task.whole.select(rows).to_text({"orphan_because": list(reasons.values())})}

    @contextmanager
    def _failing(self, run: PoolRun, *kinds: type[AsnsolveError]) -> Iterator[None]:
        """Errors of these kinds leave a pool without results, and the rest go on."""
        try:
            yield
        except kinds as error:
            if self.failed is None:
                raise
            message = str(error)
            run.error = message if message.startswith(str(run.path)) else f"{run.path}: {message}"
            run.parts.clear()
            self.failed(run.error)
