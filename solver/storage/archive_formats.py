"""The interface that every kind of archive implements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Protocol

from solver.associations import Association
from solver.errors import ArchiveError, errors_as
from solver.progress import Reporter

#: Associations as an archive has them, ready to be appended: bytes for each of its files.
Piece = tuple[bytes, ...]


def read_errors(path: Path, *kinds: type[Exception]) -> AbstractContextManager[None]:
    """Raise errors of these kinds as an `ArchiveError`: the archive cannot be read."""
    return errors_as(lambda why: ArchiveError(str(path), f"cannot be read: {why}"), *kinds)


class Sink(Protocol):
    """Where pieces go."""

    def append(self, piece: Piece) -> None:
        """Add associations."""

    def finish(self) -> None:
        """Write what an archive ends with."""

    def close(self) -> None:
        """Release the files, finished or not; they stay open."""


class Kind(Protocol):
    """A kind of archive. It can be sent to other processes."""

    def files(self, path: Path) -> tuple[Path, ...]:
        """The files of an archive, in the order in which they are put in place."""

    def piece(self, associations: Iterable[Association], reporter: Reporter) -> Piece:
        """Associations, ready to be appended."""

    def sink(self, streams: Sequence[IO[bytes]]) -> Sink:
        """Begin an archive in empty files."""

    def read(self, path: Path) -> Iterator[tuple[str, Association]]:
        """The associations of an archive, each with the name of its file.

        Raises:
            ArchiveError: it is not an archive, or is cut off.
        """

    def is_one(self, path: Path) -> bool:
        """Whether a file is empty or begins as an archive, so that nothing else would be lost."""
