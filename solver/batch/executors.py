"""Executors, in the style of the standard library, that solve parts in other processes and on other machines."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import re
import signal
import sys
import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import lru_cache
from itertools import chain
from multiprocessing import connection
from multiprocessing.connection import Connection
from typing import Any

from solver.associations import Associations
from solver.batch.parts import Job, Outcome, solve_part
from solver.batch.runs import Task
from solver.errors import UsageError, WorkerError, errors_as, require_library
from solver.pools import Pool, TextPart
from solver.progress import Reporter

#: Parts per worker that may be under way at once, including finished ones that wait for an earlier one.
AHEAD = 8

#: Seconds between two signs of life of a worker, and seconds of silence after which it is given up.
_BEAT, _SILENCE = 5.0, 120.0

#: Seconds that the processes may take to end after one of them has died, and that leaving a scheduler may take.
_ENDING = 5.0

#: Seconds that a scheduler may take to answer, and to find a worker.
_PATIENCE, _PATIENCE_FOR_WORKERS = 10, 30

#: A part and its outcome.
Solved = tuple[Task, Outcome]

#: The outcome of a part, and the seconds that each stage took.
Timed = tuple[Outcome, Mapping[str, float]]


def solve(tasks: Iterable[Task], job: Job, executor: Processes | Cluster, reporter: Reporter) -> Iterator[Solved]:
    """The tasks with their outcomes, in order. The next tasks are prepared while the workers work.

    Raises:
        WorkerError: a worker failed.
    """
    packed = pickle.dumps(job)
    waiting: deque[tuple[Task, Future[Any]]] = deque()
    for task in chain(tasks, [None]):
        if task is not None:
            waiting.append((task, executor.submit(packed, task.pool, task.former)))
        while waiting and (task is None or len(waiting) >= executor.ahead or waiting[0][1].done()):
            done, future = waiting.popleft()
            with reporter.part(done.share, len(done.pool)):
                outcome, seconds = executor.result(future)
            reporter.add(seconds)
            yield done, outcome


def _timed(job: bytes, pool: Pool | TextPart, former: Associations | None) -> Timed:
    reporter = Reporter()
    return solve_part(_unpacked(job), pool, reporter, former), reporter.seconds


#: The unpacked job; a worker runs the user's rule files only once.
_unpacked = lru_cache(maxsize=1)(pickle.loads)


# --- Processes ----------------------------------------------------------------------------------


class Processes(AbstractContextManager["Processes"]):
    """Several processes on this machine, each of which solves one part at a time.

    They are spawned rather than forked, since libraries that read pools have threads. They ignore an interrupt from
    the keyboard, and none outlives this process. Each gives a sign of life every few seconds, even while a part takes
    long, which distinguishes one that works from one that is stopped or starved of memory.
    """

    def __init__(self, count: int, *, run_main: bool = False) -> None:
        """Prepare this many processes; they start with the first part.

        Args:
            count: how many.
            run_main: whether they also run the script of this process, because it defines rules.
        """
        self._run_main = run_main
        context = multiprocessing.get_context("spawn")
        self.ahead = AHEAD * count
        self._heard, self._beats = context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(count, context, _begin, (self._beats, _BEAT))

    def submit(self, job: bytes, pool: Pool | TextPart, former: Associations | None) -> Future[Timed]:
        """Let a process do a job on a part."""
        with errors_as(self._death, BrokenExecutor), _starting(run_main=self._run_main):
            return self._pool.submit(_attempt, job, pool, former)

    def result(self, future: Future[Timed]) -> Timed:
        """Wait for the result of a part."""
        silent: Counter[int] = Counter()  # how often each stayed silent while this process listened
        while not wait([future], timeout=_BEAT).done:
            heard = {self._heard.recv() for _ in iter(self._heard.poll, False)}
            silent = Counter({pid: silent[pid] + 1 for pid in self._processes.keys() - heard})
            if silent and max(silent.values()) * _BEAT >= _SILENCE:
                why = "it is stopped, or the machine has no memory left; try fewer --workers"
                raise WorkerError(f"a worker process gave no sign of life for {_SILENCE:.0f} s: {why}")
        with errors_as(self._death, BrokenExecutor):
            return future.result()

    @property
    def _processes(self) -> Mapping[int, multiprocessing.Process]:
        """The processes that have started, by id; the standard library has no public name for them yet."""
        return dict(self._pool._processes or {})  # noqa: SLF001 - no public name before Python 3.14

    def _death(self, _: str) -> WorkerError:
        """The error that a process died; the executor then sends SIGTERM to the rest."""
        processes, end = self._processes.values(), time.monotonic() + _ENDING
        # the executor waits for them as well, and only one of the two is given an exit code at once
        while any(each.exitcode is None for each in processes) and time.monotonic() < end:
            time.sleep(0.01)
        codes = [each.exitcode for each in processes if each.exitcode is not None]
        code = next((each for each in codes if each != -signal.SIGTERM), -signal.SIGTERM)
        how = f"by signal {-code}" if code < 0 else f"with code {code}"
        return WorkerError(f"a worker process ended {how}, perhaps for lack of memory; try fewer --workers")

    def __exit__(self, *error: object) -> None:
        """End the processes, whatever they are doing."""
        for process in self._processes.values():
            process.kill()  # a stopped process heeds nothing else
        self._pool.shutdown(cancel_futures=True)
        self._heard.close()
        self._beats.close()


@contextmanager
def _starting(*, run_main: bool) -> Iterator[None]:
    """Processes that start inside ignore an interrupt from the keyboard: the process that starts them ends them.

    A signal that arrives meanwhile is handled afterwards, so that no process is left half started. Without `run_main`
    the processes do not run the script of this process, which may start processes itself.
    """
    came: list[int] = []
    with ExitStack() as afterwards:
        if not run_main:
            main = vars(sys.modules["__main__"])
            kept: dict[str, Any] = {name: main.pop(name) for name in ("__file__", "__spec__") if name in main}
            afterwards.callback(main.update, kept)
            main["__spec__"] = None
        if sys.platform != "win32" and threading.current_thread() is threading.main_thread():
            for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                before = signal.signal(each, lambda number, _: came.append(number))
                afterwards.callback(signal.signal, each, before or signal.SIG_DFL)
            mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # processes inherit it
            afterwards.callback(signal.pthread_sigmask, signal.SIG_SETMASK, mask)
        yield
    for number in came:
        signal.raise_signal(number)


def _begin(beats: Connection, pause: float) -> None:
    """Begin a worker, which gives signs of life and ends at once if the process that started it ends."""
    parent = multiprocessing.parent_process()

    def beat() -> None:
        with suppress(OSError):
            while parent is not None and not connection.wait([parent.sentinel], pause):
                beats.send(os.getpid())
        os._exit(1)

    threading.Thread(target=beat, daemon=True).start()


def _attempt(job: bytes, pool: Pool | TextPart, former: Associations | None) -> Timed:
    """A part, solved; an unforeseen error is printed here, since not all errors can be pickled."""
    try:
        return _timed(job, pool, former)
    except Exception:  # noqa: BLE001 (whatever it is)
        traceback.print_exc()
        raise WorkerError("a worker process failed; its traceback is above. This is a bug in asnsolve") from None


# --- A cluster ----------------------------------------------------------------------------------


class Cluster(AbstractContextManager["Cluster"]):
    """The workers of a dask scheduler.

    A part travels with its task, so that another worker can repeat a task whose worker died: workers keep only what
    they are working on. A part that ends several workers is given up.
    """

    def __init__(self, address: str) -> None:
        """Connect to the scheduler.

        Args:
            address: where the scheduler listens, such as `tcp://10.0.0.1:8786`.

        Raises:
            UsageError: dask.distributed is not installed, or the address is malformed.
            WorkerError: no scheduler answers, or it has no workers.
        """
        require_library("distributed", "--dask", "'asnsolve[dask]'")
        import dask
        from distributed import Client  # an extra, and takes long to import

        if not re.fullmatch(r"([a-z+]+://)?[^/]+:\d+/?", address):
            raise UsageError(f"--dask {address!r} is not an address of a scheduler, such as tcp://10.0.0.1:8786")
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})  # parts are large for tasks
        self._address = address
        problem = f"--dask {address}: no scheduler with workers answers there"
        with ExitStack() as undo, errors_as(lambda why: WorkerError(f"{problem}: {why}"), OSError, ValueError):
            self._client = undo.enter_context(Client(address, timeout=_PATIENCE, set_as_default=False))
            self._client.wait_for_workers(1, timeout=_PATIENCE_FOR_WORKERS)
            undo.pop_all()
        self.ahead = AHEAD * max(1, sum(self._client.nthreads().values()))

    def submit(self, job: bytes, pool: Pool | TextPart, former: Associations | None) -> Any:
        """Let a worker do a job on a part. It is never pure: equal parts of two pools are two tasks."""
        return self._client.submit(_timed, job, pool, former, pure=False)

    def result(self, future: Future[Timed]) -> Timed:
        """Wait for the result of a part."""
        try:
            return future.result()
        except Exception as error:  # whatever a worker raises is raised here, of any class
            raise WorkerError(f"--dask {self._address}: a worker failed: {type(error).__name__}: {error}") from error

    def __exit__(self, *error: object) -> None:
        """Leave the cluster; unfinished work is cancelled with its last reference. It may fail after an interrupt."""
        with suppress(Exception):
            self._client.close(_ENDING)
