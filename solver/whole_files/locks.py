"""Locks on files, released when the process that holds them ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from io import FileIO
from pathlib import Path

from solver.errors import BusyError

#: Seconds between two attempts to lock a file.
_PAUSE = 0.02

#: Opens the path itself, never the target of a link.
_OWN = getattr(os, "O_NOFOLLOW", 0)


def lock(file: int) -> bool | None:
    """Lock an open file until it is closed.

    Returns:
        True if it is locked now, False if another process has locked it, None if its file system has no locks.
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


def open_locked(path: Path, *, patience: float) -> FileIO:
    """Open a file to append to, and lock it; create it if need be. The holder of the lock may remove the file.

    Args:
        path: the file.
        patience: how many seconds to wait for another process to release it.

    Raises:
        BusyError: another process still holds it.
        OSError: it cannot be opened.
    """
    end = time.monotonic() + patience
    while True:
        stream = FileIO(path, "a+", opener=lambda name, flags: os.open(name, flags | _OWN, 0o666))
        if lock(stream.fileno()) is not False:
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(stream.fileno()), path.lstat()):
                    return stream
        stream.close()  # or its last holder removed the file
        if time.monotonic() > end:
            problem = f"{path.parent}: another run is writing there"
            raise BusyError(f"{problem}; wait until it ends, or choose another folder")
        time.sleep(_PAUSE)
