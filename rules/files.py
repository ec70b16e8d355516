"""Reading of files that users name: only regular ones, since a pipe or a device may block or never end."""

from __future__ import annotations

import errno
import os
import stat
from io import FileIO
from pathlib import Path


def open_file(path: str | Path) -> FileIO:
    """Open a regular file to read it, unbuffered.

    Raises:
        OSError: it cannot be opened, or is a pipe or a device.
    """
    at_once = getattr(os, "O_NONBLOCK", 0)  # opening a pipe would wait for someone to write to it
    stream = FileIO(path, opener=lambda name, flags: os.open(name, flags | at_once))
    if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        return stream
    stream.close()
    raise OSError(errno.EINVAL, "it is a pipe or a device; save its content in a file", str(path))


def read_file(path: str | Path) -> bytes:
    """The content of a regular file; see `open_file`."""
    with open_file(path) as stream:
        return stream.read()
