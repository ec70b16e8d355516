"""Runs commands as the program does, in this process, and keeps everything that can be seen of it."""

from __future__ import annotations

import argparse
import faulthandler
import io
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from types import FrameType
from unittest import mock

from solver.app import cli

#: Seconds that a command may take on a small input: most take a fiftieth of one, and some on a very busy machine.
BOUND = 30.0

#: A terminal that knows no colours, so that every control character that arrives at it comes from data.
ENVIRONMENT = {"TERM": "dumb", "COLUMNS": "100", "PYTHONWARNINGS": ""}

#: Where folders of cases are made: in memory, where a system has that.
_MEMORY = Path("/dev/shm")  # noqa: S108 (each case has a folder of its own)

#: What a command never does, as the interpreter reports it, and what changes files: which argument is the path.
_FORBIDDEN = frozenset({
    "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "pickle.find_class", "pty.spawn",
    "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "urllib.Request",
})  # fmt: skip
_CHANGING = {
    "os.chmod": (0,), "os.chown": (0,), "os.link": (1,), "os.mkdir": (0,), "os.remove": (0,), "os.rename": (0, 1),
    "os.rmdir": (0,), "os.symlink": (1,), "os.truncate": (0,), "os.utime": (0,), "shutil.rmtree": (0,),
}  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class TooLongError(BaseException):
    """The command did not end within its bound. No handler of the program catches it."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What can be seen of a command that has ended.

    Attributes:
        arguments: the command line.
        code: the exit code; None if it did not end by itself.
        out: what it printed on standard output.
        err: what it printed on standard error.
        crash: the traceback, if it ended with one.
        events: what it did that no command may do, or outside its folder.
        before: the files before it, by path from the folder that holds everything.
        after: the same after it.
        seconds: how long it took.
    """

    arguments: tuple[str, ...]
    code: int | None
    out: str
    err: str
    crash: str
    events: tuple[str, ...]
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    seconds: float


class _Stream(io.TextIOWrapper):
    """A stream as Python opens it: one that cannot take every text, and that may be a terminal."""

    def __init__(self, *, errors: str, terminal: bool) -> None:
        self.memory = io.BytesIO()
        self._terminal = terminal
        super().__init__(self.memory, encoding="utf-8", errors=errors, write_through=True)

    def isatty(self) -> bool:
        return self._terminal

    def close(self) -> None:
        """Keep what was printed."""

    def text(self) -> str:
        return self.memory.getvalue().decode("utf-8", "backslashreplace")


@dataclass(slots=True)
class _Watch:
    """What the interpreter reports while a command runs."""

    root: str = ""
    events: list[str] = field(default_factory=list)

    def hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.root:
            return
        if event in _FORBIDDEN:
            self.events.append(f"{event} {arguments!r:.200}")
        elif event in _CHANGING:
            self._check(event, *(arguments[place] for place in _CHANGING[event]))
        elif event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
            self._check("open", arguments[0])

    def _check(self, event: str, *paths: object) -> None:
        for path in paths:
            if isinstance(path, (str, bytes, os.PathLike)):
                place = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 (resolve would report events, too)
                if not place.startswith(self.root) and place != os.devnull:
                    self.events.append(f"{event} {place!r:.200}")


#: A process of the program makes its parser once; here it serves all commands, which saves most of a refusal's time.
_whole = cache(cli.parser)


def _parser(asked: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of all commands, whatever is asked for."""
    del asked
    return _whole()


_watch = _Watch()
_hooked: list[bool] = []


def _stop(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise TooLongError


@contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    """Stop what takes longer; what cannot be stopped, since it never returns to Python, ends the process."""
    previous = signal.signal(signal.SIGALRM, _stop)
    _watch_dog.start(6 * seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        _watch_dog.end()
        signal.signal(signal.SIGALRM, previous)


class WatchDog:
    """Ends the process when a command never returns to Python.

    Making a thread for each command takes as long as a refusal, and longer on a busy machine. In a long run, one
    serves for the commands of some seconds, each of which may so take those less.
    """

    #: Seconds for which a thread serves in a long run.
    PERIOD = 5.0

    def __init__(self) -> None:
        self._until = 0.0
        self._long = False

    def start(self, seconds: float) -> None:
        """Watch a command from now on."""
        now = time.monotonic()
        if not self._long or now > self._until:
            faulthandler.dump_traceback_later(seconds, exit=True, file=2)
            self._until = now + self.PERIOD

    def end(self) -> None:
        """The command has ended."""
        if not self._long:
            faulthandler.cancel_dump_traceback_later()

    @contextmanager
    def long_run(self) -> Iterator[None]:
        """A run of one command after another."""
        self._long = True
        try:
            yield
        finally:
            self._long = False
            self._until = 0.0
            faulthandler.cancel_dump_traceback_later()


_watch_dog = WatchDog()
long_run = _watch_dog.long_run


def files_in(folder: Path) -> dict[str, bytes]:
    """The files in a folder and below it, and the links and empty folders, by path from the folder."""
    found: dict[str, bytes] = {}
    waiting, start = [os.fspath(folder)], len(os.fspath(folder)) + 1
    while waiting:  # without Path, which takes most of the time of a case
        place = waiting.pop()
        with os.scandir(place) as entries:
            listed = list(entries)
        for entry in listed:
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            elif entry.is_symlink():
                found[entry.path[start:]] = b"-> " + os.fsencode(os.readlink(entry.path))  # noqa: PTH115
            else:
                with open(entry.path, "rb") as file:  # noqa: PTH123
                    found[entry.path[start:]] = file.read()
        if not listed:
            found[f"{place[start:]}/"] = b""
    return found


def ran(arguments: Sequence[str], root: Path, *, terminal: bool = False, bound: float = BOUND) -> Ran:
    """Run a command in the current folder.

    Args:
        arguments: the command line, without the name of the program.
        root: the folder in and below which the command may write.
        terminal: whether its output is a terminal.
        bound: seconds that it may take.
    """
    if not _hooked:
        with suppress(ImportError):
            import_module("matplotlib.font_manager")  # it makes folders for itself, where a process first needs it
        sys.addaudithook(_watch.hook)
        _hooked.append(True)
    before = files_in(root)
    out, err = _Stream(errors="strict", terminal=terminal), _Stream(errors="backslashreplace", terminal=terminal)
    code: int | None = None
    crash = ""
    _watch.events = []
    started = time.perf_counter()
    with (
        mock.patch.multiple(sys, stdout=out, stderr=err, dont_write_bytecode=True),
        mock.patch.object(cli, "parser", _parser),
        mock.patch.dict(os.environ, ENVIRONMENT),
        warnings.catch_warnings(),
        suppress(TooLongError),
    ):
        warnings.simplefilter("default")  # a warning is printed, and so is seen
        warnings.simplefilter("ignore", SyntaxWarning)  # of rule files: they are Python, and warn their authors
        warnings.filterwarnings("ignore", "invalid ", DeprecationWarning)  # the same before Python 3.12
        _watch.root = os.fspath(root)
        try:
            with _bounded(bound):
                try:
                    code = cli.main(arguments)
                except SystemExit as end:  # as the parser of the command line ends
                    code = end.code if isinstance(end.code, int) else 1
                except Exception:  # noqa: BLE001 (that none gets here is what is tested)
                    crash = traceback.format_exc()
        finally:
            _watch.root = ""
    seconds = time.perf_counter() - started
    events = tuple(_watch.events)
    return Ran(tuple(arguments), code, out.text(), err.text(), crash, events, before, files_in(root), seconds)


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder for a command, the current one, deep enough for `../..` to lead to another that is watched, too."""
    root = Path(tempfile.mkdtemp(prefix="asnsolve-fuzz-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None))
    before = Path.cwd()
    (root / "above").mkdir()
    (root / "above" / "work").mkdir()
    (root / "precious.txt").write_bytes(b"nobody's business\n")
    os.chdir(root / "above" / "work")
    try:
        yield root
    finally:
        os.chdir(before)
        shutil.rmtree(root, ignore_errors=True)
