"""What every kind of archive can do."""

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
    """Errors of these kinds as an `ArchiveError`: the archive cannot be read."""
    return errors_as(lambda why: ArchiveError(str(path), f"cannot be read: {why}"), *kinds)


class Sink(Protocol):
    """Where pieces go."""

    def append(self, piece: Piece) -> None:
        """Add associations."""

    def finish(self) -> None:
        """Write what an archive ends with."""

    def close(self) -> None:
        """Let go of the files, whether finished or not; they are still open."""


class Kind(Protocol):
    """A kind of archive. It can be handed to other processes."""

    def files(self, path: Path) -> tuple[Path, ...]:
        """The files that an archive consists of, in the order in which they take their places."""

    def piece(self, associations: Iterable[Association], reporter: Reporter) -> Piece:
        """Associations, ready to be appended."""

    def sink(self, streams: Sequence[IO[bytes]]) -> Sink:
        """Begin an archive in empty files."""

    def read(self, path: Path) -> Iterator[tuple[str, Association]]:
        """The associations of an archive, each with the name of its file.

        Raises:
            ArchiveError: it is no archive, or not a whole one.
        """

    def is_one(self, path: Path) -> bool:
        """Whether a file is an archive by its beginning, or empty: nothing of anybody else's is in it."""
