"""Locks on files, released when the process that holds them ends, however it ends."""

from __future__ import annotations


def lock(file: int) -> bool | None:
    """Lock an open file until it is closed.

    Returns:
        True if it is locked now, False if another process has locked it, None if its file system has no locks.
    """
    import fcntl  # Windows has none

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None  # some network file systems have none
    return True
