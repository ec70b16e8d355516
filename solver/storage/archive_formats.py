"""What the kinds of archives share."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from solver.errors import ArchiveError, errors_as

if TYPE_CHECKING:
    from solver.associations import Associations

#: The level of compression beyond which more time saves little room; see benchmarks/README.md.
LEVEL = 3

#: Associations, ready to be appended to an archive: packed lines, or the columns of tables.
Piece: TypeAlias = "bytes | Associations"

#: The files of an archive, each with what writes the parts of pieces to it.
Files = Sequence[tuple[IO[bytes], Any]]


def archive_errors(path: Path, done: str, *kinds: type[Exception]) -> AbstractContextManager[None]:
    """Raise errors of these kinds as an `ArchiveError`: the archive cannot be read, or cannot be written."""
    return errors_as(lambda why: ArchiveError(str(path), f"cannot be {done}: {why}"), *kinds)
