"""Whole processes: how long they take, and how much memory they and their children use."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

#: Seconds between two looks at the memory of a process.
_INTERVAL = 0.02
_KIB = 1024
_SHOWN = 1000


class FailedError(RuntimeError):
    """A process ended with an error; the message is the end of what it said."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that has come to its end.

    Attributes:
        seconds: wall time from start to end.
        output: what it wrote to its standard output.
        stopped: whether it was stopped before its end.
        peak: bytes of memory that it and its children had at most; None if they were not watched, or if the
            system does not tell.
    """

    seconds: float
    output: str
    stopped: bool = False
    peak: int | None = None


def run(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None, stop_after: float | None = None
) -> Finished:
    """Run a command to its end.

    Args:
        command: program and arguments.
        environment: its environment variables; by default those of this process.
        stop_after: seconds after which it is stopped, with its children.

    Raises:
        FailedError: it ended with an error.
    """

    def wait(process: subprocess.Popen[bytes]) -> None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(stop_after)

    return _run(command, environment, wait)


def watched(command: Sequence[str]) -> Finished:
    """Run a command to its end and watch its memory, which may slow it down a little.

    The peak is the largest sum, over the process and its children, of their proportional set sizes, in which
    memory that processes share counts once; for a process that is alone, its largest resident set, if that is more.
    It is sampled, so what more is taken for a hundredth of a second may be missed.

    Raises:
        FailedError: it ended with an error.
    """
    return _run(command, None, _peak)


def _run(
    command: Sequence[str], environment: Mapping[str, str] | None, wait: Callable[[subprocess.Popen[bytes]], int | None]
) -> Finished:
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors, env=environment, start_new_session=True)  # noqa: S603 (it runs the programs it compares)
        try:
            peak = wait(process)
            seconds = time.perf_counter() - started
        finally:
            stopped = process.poll() is None
            if stopped:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.returncode and not stopped:
            problem = _text(errors).strip()[-_SHOWN:]
            raise FailedError(f"{' '.join(command)} ended with {process.returncode}: {problem}")
        return Finished(seconds, _text(output), stopped, peak)


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode(errors="replace")


def _peak(process: subprocess.Popen[bytes]) -> int | None:
    """The peak memory of a process and its children until it ends."""
    peak = 0
    while True:
        together = sum(_size(each, "smaps_rollup", "Pss:") for each in _family(process.pid))
        peak = max(peak, together, _size(process.pid, "status", "VmHWM:"))
        try:
            process.wait(_INTERVAL)
        except subprocess.TimeoutExpired:
            continue
        return peak or None


def _family(pid: int) -> Iterator[int]:
    """A process and all its children, as far as they still run."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                yield from _family(int(child))


def _size(pid: int, file: str, name: str) -> int:
    """Bytes that the system tells of a process under this name; 0 if it tells nothing."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * _KIB
    return 0
