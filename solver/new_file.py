"""Files that take their place whole, or never."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import IO


class NewFile:
    """A file in the making: it has a temporary name beside its place until it is put there.

    Attributes:
        path: its place.
        stream: what to write to, in bytes.
    """

    def __init__(self, path: Path) -> None:
        """Begin a file; an `OSError` tells if the folder cannot be written to, or the path can only be a folder's."""
        if not path.name:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        self.path = path
        self._temporary = path.with_name(f".asnsolve-{secrets.token_hex(8)}.tmp")
        self.stream: IO[bytes] = self._temporary.open("x+b")
        self._waiting = True

    def put(self, *, durably: bool = False) -> None:
        """Close the file and put it in its place, instead of what is there.

        Args:
            durably: wait until the disk has it, so that a power failure leaves the old or the new file, too.
        """
        self.stream.flush()
        if durably:
            os.fsync(self.stream.fileno())
        self.stream.close()
        self._temporary.replace(self.path)
        self._waiting = False
        if durably and hasattr(os, "O_DIRECTORY"):
            folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def drop(self) -> None:
        """Leave no trace of a file that was not put in its place."""
        with suppress(OSError):  # a full disk cannot take what is left, which nobody wants
            self.stream.close()
        if self._waiting:
            self._temporary.unlink(missing_ok=True)
            self._waiting = False
