"""What the kinds of archives share."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any

from solver.errors import ArchiveError, errors_as

#: The level of compression beyond which more time saves little room; see benchmarks/README.md.
LEVEL = 3

#: Associations as an archive has them, ready to be appended: bytes for each of its files.
Piece = tuple[bytes, ...]

#: The files of an archive, each with what writes the parts of pieces to it.
Files = Sequence[tuple[IO[bytes], Any]]


def archive_errors(path: Path, done: str, *kinds: type[Exception]) -> AbstractContextManager[None]:
    """Raise errors of these kinds as an `ArchiveError`: the archive cannot be read, or cannot be written."""
    return errors_as(lambda why: ArchiveError(str(path), f"cannot be {done}: {why}"), *kinds)
