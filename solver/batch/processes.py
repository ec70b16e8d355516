"""Workers on this machine: several processes solve the parts."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self

from solver.batch.batch import Task
from solver.batch.job import Job, Outcome, do
from solver.batch.workers import AHEAD
from solver.errors import WorkerError

#: Seconds between two signs of life of a worker, and of silence after which it is given up.
_BEAT, _SILENCE = 5.0, 120.0

#: What a worker says besides outcomes: that it works, and that it failed.
_ALIVE, _FAILED = "alive", "failed"


class Processes:
    """Several processes, each of which solves a part at a time.

    They are started afresh rather than forked, since libraries that read pools have threads. A process ends when
    it cannot hear from this one any more, so none outlives it.
    """

    def __init__(self, job: Job, count: int) -> None:
        """Prepare for a job with so many processes."""
        self._job = job
        self._count = count
        self._processes: dict[Connection, BaseProcess] = {}

    def __enter__(self) -> Self:
        """Start the processes."""
        context = multiprocessing.get_context("spawn")
        with _deaf():
            for _ in range(self._count):
                here, there = context.Pipe()
                process = context.Process(target=_serve, args=(there, self._job), daemon=True)
                process.start()
                there.close()
                self._processes[here] = process
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes, whatever they are doing."""
        for connection, process in self._processes.items():
            connection.close()
            process.kill()  # one that is stopped would not hear of anything else
        for process in self._processes.values():
            process.join()

    def solve(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Outcome]]:
        """The tasks with their outcomes."""
        idle = deque(self._processes)
        busy: dict[Connection, int] = {}
        waiting: deque[Task] = deque()  # handed out and not yet given back, in order
        outcomes: dict[int, Outcome] = {}
        heard: dict[Connection, float] = {}
        looked = time.monotonic()
        number = 0  # of the first that is waiting
        following = next(tasks, None)
        while following is not None or waiting:
            while following is not None and idle and len(waiting) < AHEAD * self._count:
                connection = idle.popleft()
                self._send(connection, following)
                busy[connection] = number + len(waiting)
                heard[connection] = time.monotonic()
                waiting.append(following)
                following = next(tasks, None)  # is made ready while the processes work
            ready = set(wait(list(busy), timeout=_BEAT))
            now = time.monotonic()
            if now - looked > 2 * _BEAT:  # this process did something else, or was stopped itself
                heard = dict.fromkeys(busy, now)
            looked = now
            for connection in [each for each in busy if each in ready]:
                heard[connection] = now
                outcome = self._received(connection)
                if outcome is not None:
                    outcomes[busy.pop(connection)] = outcome
                    idle.append(connection)
            if any(now - heard[connection] > _SILENCE for connection in busy):
                raise WorkerError(
                    f"a worker process was not heard of for {_SILENCE:.0f} s: it is stopped, or the machine has no "
                    "memory left; try fewer --workers"
                )
            while number in outcomes:
                yield waiting.popleft(), outcomes.pop(number)
                number += 1

    def _send(self, connection: Connection, task: Task) -> None:
        try:
            connection.send(task.pool)
        except OSError as error:
            raise self._ended(connection) from error

    def _received(self, connection: Connection) -> Outcome | None:
        """What was made of a part; None for a sign of life."""
        try:
            message: Outcome | str = connection.recv()
        except (EOFError, OSError) as error:
            raise self._ended(connection) from error
        if not isinstance(message, str):
            return message
        if message == _FAILED:
            raise WorkerError("a worker process failed; what it said stands above. This is an error of the program")
        return None

    def _ended(self, connection: Connection) -> WorkerError:
        process = self._processes[connection]
        process.join(timeout=5)
        code = process.exitcode
        how = f"by signal {-code}" if code is not None and code < 0 else f"with code {code}"
        return WorkerError(f"a worker process ended {how}, maybe for want of memory; try fewer --workers")


@contextmanager
def _deaf() -> Iterator[None]:
    """Start processes that do not hear of an interrupt from the keyboard: the one that starts them ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # processes inherit it
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _serve(connection: Connection, job: Job) -> None:
    """Solve parts until there is nobody to send any."""
    sending = threading.Lock()
    while True:
        try:
            pool = connection.recv()
        except (EOFError, OSError):
            return
        outcome: Outcome | str
        with _beating(connection, sending):
            try:
                outcome = do(job, pool)
            except Exception:  # noqa: BLE001 (whatever it is, it is told here, and the other process has to know)
                traceback.print_exc(file=sys.stderr)
                outcome = _FAILED
        try:
            with sending:
                connection.send(outcome)
        except OSError:
            return


@contextmanager
def _beating(connection: Connection, sending: threading.Lock) -> Iterator[None]:
    """Give a sign of life now and then."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(_BEAT):
            with sending, suppress(OSError):  # that nobody listens is found out with the outcome
                connection.send(_ALIVE)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
