"""Workers on other machines: a cluster of dask.distributed solves the parts."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from solver.batch.batch import Task
from solver.batch.job import Job, Outcome, do
from solver.batch.workers import AHEAD
from solver.errors import UsageError, WorkerError

if TYPE_CHECKING:
    from distributed import Future

#: How long a scheduler may take to answer, and to have a worker, in seconds.
_PATIENCE = 10
_PATIENCE_FOR_WORKERS = 30

_ADDRESS = re.compile(r"([a-z+]+://)?[^/]+:\d+/?")


class Cluster:
    """The workers of a dask scheduler.

    A part travels with its task, so that a task whose worker dies is done again by another: nothing is kept on
    workers but what they are working on. A part that ends several workers is given up.
    """

    def __init__(self, job: Job, address: str) -> None:
        """Connect to the scheduler.

        Args:
            job: what is done with each part.
            address: where the scheduler listens, such as `tcp://10.0.0.1:8786`.

        Raises:
            UsageError: dask.distributed is not installed, or the address is none.
            WorkerError: no scheduler answers, or it has no workers.
        """
        try:
            import dask
            from distributed import Client  # an extra, and takes long to import
        except ImportError as error:
            raise UsageError("--dask needs dask.distributed; install it with: pip install 'asnsolve[dask]'") from error
        if not _ADDRESS.fullmatch(address):
            raise UsageError(
                f"--dask {address!r} is no address of a scheduler; it should look like tcp://10.0.0.1:8786"
            )
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})  # parts are large for tasks
        self._job = job
        self._address = address
        client = None
        try:
            client = Client(address, timeout=_PATIENCE, set_as_default=False)
            client.wait_for_workers(1, timeout=_PATIENCE_FOR_WORKERS)
        except (OSError, ValueError) as error:
            if client is not None:
                client.close()
            raise WorkerError(f"--dask {address}: no scheduler with workers answers there: {error}") from error
        self._client = client
        self._ahead = AHEAD * max(1, sum(client.nthreads().values()))

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the cluster; what was not finished is cancelled with its last reference."""
        self._client.close()

    def solve(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Outcome]]:
        """The tasks with their outcomes."""
        waiting: deque[tuple[Task, Future]] = deque()
        for task in tasks:
            # never pure: equal parts of two pools are two tasks
            waiting.append((task, self._client.submit(do, self._job, task.pool, pure=False)))
            if len(waiting) >= self._ahead:
                yield self._first(waiting)
        while waiting:
            yield self._first(waiting)

    def _first(self, waiting: deque[tuple[Task, Future]]) -> tuple[Task, Outcome]:
        task, future = waiting.popleft()
        try:
            outcome: Any = future.result()
        except Exception as error:  # whatever a worker raises is raised here, of any class
            raise WorkerError(f"--dask {self._address}: a worker failed: {type(error).__name__}: {error}") from error
        return task, outcome
