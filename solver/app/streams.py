"""The standard streams, and the signals that ask the program to end."""

from __future__ import annotations

import _thread
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

#: Signals that ask a process to end: from a batch system or `kill`, from a terminal that closes, and from its keyboard.
_REQUESTS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGINT") if hasattr(signal, name))

#: Seconds after which a request that was lost is made again.
_SOON = 0.01


class EndRequestedError(KeyboardInterrupt):
    """A signal other than that of the keyboard asked the process to end; the argument is its number.

    It has a type of its own because Python, run with -m, ends with the code of an interrupt from the keyboard if a
    `KeyboardInterrupt` as such ever left code that was compiled from text, as that of dataclasses is.
    """


@contextmanager
def orderly_end() -> Iterator[None]:
    """Handle a signal to end as an interrupt, so that nothing is left behind.

    Whatever ends the block after such a signal is due to it: locks, codecs and modules that are being imported turn an
    interrupt into other errors. Python drops one that is raised while it frees an object, so it is raised again.

    Raises:
        KeyboardInterrupt: the keyboard asked the process to end; `EndRequestedError`: another signal.
    """
    ours = _REQUESTS if threading.current_thread() is threading.main_thread() else ()
    # a signal that is ignored, as after nohup, stays ignored
    handled = [each for each in ours if signal.getsignal(each) in {signal.SIG_DFL, signal.default_int_handler}]
    came: list[KeyboardInterrupt] = []
    report = sys.unraisablehook

    def end(number: int, _frame: FrameType | None) -> None:
        came.append(KeyboardInterrupt() if number == signal.SIGINT else EndRequestedError(number))
        raise came[-1]

    def again(dropped: sys.UnraisableHookArgs) -> None:
        if came and issubclass(dropped.exc_type, KeyboardInterrupt):
            threading.Timer(_SOON, _thread.interrupt_main, came[-1].args).start()
        else:
            report(dropped)

    with ExitStack() as afterwards:
        for each in handled:
            afterwards.callback(signal.signal, each, signal.signal(each, end))
        afterwards.callback(came.clear)  # they refer to this frame, and what they hold open is closed with them
        afterwards.callback(setattr, sys, "unraisablehook", report)
        sys.unraisablehook = again
        try:
            yield
        except BaseException:
            if came:
                raise came[0] from None
            raise


def open_streams() -> None:
    """Make sure that the standard streams can be written to.

    A stream that the parent process closed is opened, and its output discarded; otherwise the next file to be opened
    would take its place. Characters that the terminal cannot display are escaped. Messages that cannot be written to
    standard error are lost.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            with suppress(OSError):
                os.fstat(number)
                continue
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, which is this one
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 (it stays open)
    if sys.stderr is sys.__stderr__ and isinstance(sys.stderr, io.TextIOWrapper):
        lossy = io.BufferedWriter(_Lossy(2, "w", closefd=False))
        sys.stderr = io.TextIOWrapper(lossy, sys.stderr.encoding, line_buffering=True)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


class _Lossy(io.FileIO):
    """A stream for messages that are dropped if they cannot be written."""

    def write(self, content: Any) -> int:
        """Write the content, or drop it."""
        with suppress(OSError):
            return super().write(content)
        return len(content)


def let_go_of_output() -> None:
    """Discard what could not be written to standard output, so that Python does not try again at exit."""
    with suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
