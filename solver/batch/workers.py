"""Who solves the parts: this process, or several. Outcomes come in the order of the tasks, whoever is ready first."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Protocol, Self

from solver.app.console import Progress
from solver.batch.batch import Task
from solver.batch.job import Job, Outcome, do

#: Outcomes that may wait for an earlier one, for each worker: so many are in memory at most.
AHEAD = 8


class Workers(Protocol):
    """Those who solve parts."""

    def solve(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Outcome]]:
        """The tasks with their outcomes, in order.

        Raises:
            WorkerError: a worker came to an end that it should not.
        """
        ...

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all of them."""
        ...


class Alone:
    """This process solves one part after the other."""

    def __init__(self, job: Job, progress: Progress) -> None:
        """Prepare for a job; `progress` is told of every rule."""
        self._job = job
        self._progress = progress

    def solve(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Outcome]]:
        """The tasks with their outcomes."""
        rules = len(self._job.rules)
        for task in tasks:
            steps = self._progress.steps(task.share, rules)
            yield task, do(self._job, task.pool, steps)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """There is nobody to end."""
