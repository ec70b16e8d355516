"""Files that appear at their path whole, or not at all."""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from filecmp import cmp
from hashlib import sha256
from pathlib import Path

from solver.errors import AsnsolveError, BusyError, OutputError, reason
from solver.whole_files.locks import lock

#: Number of bytes at the beginning of a file that are searched for the mark of its kind.
_BEGINNING = 65_536

#: Names of temporary files and folders.
_TEMPORARY = re.compile(r"\.asnsolve-[0-9a-f]{16}\.tmp")

#: Names of manifests and journals, and hidden names such as those of temporary files.
_RESERVED = re.compile(r"(?is)\..*|asnsolve-(manifest\.json|unfinished\.jsonl)|.*\.manifest\.json")

#: Seconds between two attempts to lock a file.
_PAUSE = 0.02


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that its name never shows a part of it; raises `OSError` if it cannot be written."""
    with ExitStack() as undo:
        temporary(path.parent, undo, lambda file: file.write_bytes(content)).replace(path)


def put(files: Mapping[Path, Path]) -> None:
    """Move files to their places in a folder; one with the same bytes stays.

    It waits until the disk has them, so that even a power failure leaves each place with its old file or the new one.
    """
    for file, place in files.items():
        with file.open("r+b") as stream:
            os.fsync(stream.fileno())
        if not is_same(file, place):
            file.replace(place)
    for folder in {place.parent for place in files.values() if hasattr(os, "O_DIRECTORY")}:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def is_same(file: Path, place: Path) -> bool:
    """Whether a file with the same bytes is in a place."""
    return place.is_file() and cmp(place, file, shallow=False)


def temporary(parent: Path, undo: ExitStack, make: Callable[[Path], object] = Path.mkdir) -> Path:
    """A new locked folder with a temporary name, or the file that `make` makes; `undo` removes what is still there.

    It is locked until then, which distinguishes it from what killed processes left behind.
    """
    while True:
        path = parent / temporary_name()
        undo.callback(_remove, path)
        make(path)
        with suppress(FileNotFoundError):  # a sweep of the parent was quicker than the lock
            if undo.enter_context(_locked(path)) is not False:
                return path


def sweep(folder: Path) -> None:
    """Remove the temporary files of processes that were killed.

    Those that cannot be locked are left alone: another process holds them, or the file system has no locks.
    """
    with suppress(OSError):  # files that cannot be removed do no harm
        for path in (each for each in folder.iterdir() if _TEMPORARY.fullmatch(each.name)):
            with suppress(OSError), _locked(path) as mine:
                if mine:
                    _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        import shutil  # it imports all compression modules, and most runs remove no folder

        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _locked(path: Path, flags: int = 0) -> Iterator[bool | None]:
    """Lock a file or folder, never the target of a link; yields the result of `lock`, False if it is gone."""
    if not hasattr(os, "O_DIRECTORY"):
        yield None
        return
    file = os.open(path, flags | os.O_NOFOLLOW | (os.O_DIRECTORY if path.is_dir() else os.O_RDWR))
    try:
        held = lock(file)
        yield held if _is_at(path, file) else False
    finally:
        os.close(file)


def _is_at(path: Path, file: int) -> bool:
    """Whether an open file is at a path; the process that held its lock before may have removed it."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file), path.lstat())
    return False


def temporary_name(*, of: str | None = None) -> str:
    """A temporary name: a random one, or always the same one for a file."""
    word = os.urandom(8).hex() if of is None else sha256(os.fsencode(of)).hexdigest()[:16]
    return f".asnsolve-{word}.tmp"


@contextmanager
def locked(folder: Path, what: str, *, patience: float = 60.0) -> Iterator[None]:
    """Keep other processes from writing the same in a folder until this one has read, changed and written it.

    Args:
        folder: the folder.
        what: a name for what is written; processes that write something else do not wait.
        patience: how many seconds to wait for another process.

    Raises:
        BusyError: another process is still writing.
        OSError: the folder cannot be written to.
    """
    path, end = folder / temporary_name(of=what), time.monotonic() + patience
    while True:
        with _locked(path, os.O_CREAT) as mine, ExitStack() as undo:
            if mine is not False:
                undo.callback(path.unlink, missing_ok=True)
                yield
                return
        if time.monotonic() > end:
            raise BusyError(f"{folder}: another run is writing there; wait until it ends, or choose another folder")
        time.sleep(_PAUSE)


@contextmanager
def sole_writer(folders: Iterable[Path], what: str) -> Iterator[None]:
    """Lock several folders; see `locked`.

    Raises:
        BusyError: another process is still writing.
        OutputError: a folder cannot be written to.
    """
    with ExitStack() as unlock:
        for folder in sorted(folders):  # all processes in one order, so that none waits for one that waits for it
            with output_errors(folder):
                unlock.enter_context(locked(folder, what))
        yield


def refuse_reserved(path: Path) -> None:
    """Refuse a name that is reserved for records of runs and temporary files.

    Raises:
        OutputError: it is such a name.
    """
    if _RESERVED.fullmatch(path.name):
        raise OutputError(f"{path}: asnsolve reserves this name for itself; use another name")


def refuse_to_lose(path: Path, mark: bytes, *, overwrite: bool) -> None:
    """Refuse to replace a file of another kind at a path that the user named, before any work is done.

    Args:
        path: the file to be written.
        mark: bytes near the beginning of every file of this kind, in lower case.
        overwrite: whether it may be replaced all the same.

    Raises:
        OutputError: such a file is in the way, the name is reserved, or the folder does not exist.
    """
    if not path.parent.is_dir():
        raise OutputError(f"cannot write {path}: {os.strerror(errno.ENOENT)}")
    if path.exists() and not path.is_file():
        raise OutputError(f"{path} exists and is not a file; choose another name")
    refuse_reserved(path)
    if overwrite or not path.exists():
        return
    with output_errors(path), path.open("rb") as stream:
        if (beginning := stream.read(_BEGINNING).lower()) and mark not in beginning:
            raise OutputError(f"{path} exists and was not made by asnsolve; choose another name, or use --overwrite")


def write_file(path: Path, content: str | bytes) -> None:
    """Write a single file that the user named, replacing what is there.

    Raises:
        OutputError: it cannot be written, or its name is reserved.
    """
    refuse_reserved(path)
    sweep(path.parent)
    with output_errors(path):
        write_whole(path, content.encode() if isinstance(content, str) else content)


def write_files(contents: Mapping[Path, str | Callable[[Path], object]], check: Callable[[], object] = tuple) -> None:
    """Write files in this order, replacing what is there: all of them, or none if one cannot be written.

    Args:
        contents: path to the file's text, or to a function that makes the file at a given path.
        check: called when all are made, before they are moved into place; no other process moves files meanwhile.

    Raises:
        BusyError: another process moves files there for too long.
        OutputError: one cannot be written, or its name is reserved.
    """
    stages: dict[Path, Path] = {}
    with ExitStack() as open_folders:
        for path, content in contents.items():
            refuse_reserved(path)
            with output_errors(path):
                if path.parent not in stages:
                    sweep(path.parent)
                    stages[path.parent] = temporary(path.parent, open_folders)
                place = stages[path.parent] / path.name
                _ = place.write_bytes(content.encode()) if isinstance(content, str) else content(place)
        with sole_writer(stages, "moved"):
            check()
            for path in contents:
                with output_errors(path):
                    (stages[path.parent] / path.name).replace(path)


def write_new(path: Path, content: bytes, *, overwrite: bool) -> None:
    """Write a single file that the user named, if nothing would be lost: a file with other content is not replaced.

    Raises:
        OutputError: another file is in the way, or it cannot be written.
    """
    with output_errors(path):
        if os.path.lexists(path) and not overwrite:
            if path.is_file() and path.read_bytes() == content:
                return
            raise OutputError(f"{path} exists with other content; choose another name, or overwrite it")
    write_file(path, content)


@contextmanager
def output_errors(path: Path, advice: Callable[[], str] = str) -> Iterator[None]:
    """Raise the system's errors as `OutputError`, which names the file there that the system names, or else the path.

    Args:
        path: the file or folder that is written.
        advice: makes the end of the message.
    """
    try:
        yield
    except AsnsolveError:
        raise
    except OSError as error:
        names = [Path(each) for each in (error.filename2, error.filename) if each and not _TEMPORARY.search(each)]
        place = next((each for each in names if each.is_relative_to(path) or path.is_relative_to(each)), path)
        raise OutputError(f"cannot write {place}: {reason(error)}{advice()}") from error
