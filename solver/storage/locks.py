"""Locks on files, which end with the process that holds them, whatever ends it."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from io import FileIO
from pathlib import Path

from solver.errors import BusyError

#: Seconds between two tries to lock a file.
_PAUSE = 0.02

#: Opens what is there itself, and never what a link points to.
_OWN = getattr(os, "O_NOFOLLOW", 0)


def lock(file: int) -> bool | None:
    """Lock an open file until it is closed.

    Returns:
        True if it is locked now, False if somebody else has it locked, None if there are no locks where it is.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None  # some network file systems have none
    return True


def is_at(file: int, path: Path) -> bool:
    """Whether an open file is the one that is at a path now."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file), path.lstat())
    return False


def open_locked(path: Path, *, patience: float) -> FileIO:
    """Open a file to append to and lock it; it is made if need be. Who has it locked may remove it.

    Args:
        path: the file.
        patience: how many seconds to wait for another one to let go of it.

    Raises:
        BusyError: another one still has it.
        OSError: it cannot be opened.
    """
    end = time.monotonic() + patience
    while True:
        stream = FileIO(path, "a+", opener=lambda name, flags: os.open(name, flags | _OWN, 0o666))
        mine = lock(stream.fileno())
        if mine is not False and is_at(stream.fileno(), path):
            return stream
        stream.close()
        if time.monotonic() > end:
            raise BusyError(
                f"{path.parent}: another run is writing there; wait until it ends, or choose another folder"
            )
        time.sleep(_PAUSE)
