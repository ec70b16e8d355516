"""What the kinds of archives share."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from solver.errors import ArchiveError, errors_as

#: The level of compression beyond which more time saves little room; see benchmarks/README.md.
LEVEL = 3

#: Associations as an archive has them, ready to be appended: bytes for each of its files.
Piece = tuple[bytes, ...]


def read_errors(path: Path, *kinds: type[Exception]) -> AbstractContextManager[None]:
    """Raise errors of these kinds as an `ArchiveError`: the archive cannot be read."""
    return errors_as(lambda why: ArchiveError(str(path), f"cannot be read: {why}"), *kinds)
