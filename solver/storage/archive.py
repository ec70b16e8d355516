"""Writing an archive: the old one stays until the new one is whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from solver.associations import Association
from solver.errors import ArchiveError, BusyError
from solver.progress import Reporter
from solver.storage.archive_formats import kind_of
from solver.storage.archive_kind import Piece
from solver.storage.locks import open_locked
from solver.storage.new_file import NewFile, sweep, temporary_name

#: Seconds to wait while another run puts its archive in its place.
_PATIENCE = 60.0


class Archive:
    """A new archive. It takes its place when it is put there; what comes before leaves no trace.

    >>> import tempfile
    >>> from solver import load
    >>> path = Path(tempfile.mkdtemp()) / "empty.jsonl.gz"
    >>> with Archive(path) as archive:
    ...     archive.add([])
    ...     archive.put()
    >>> load(path)
    ()
    """

    def __init__(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Begin an archive.

        Args:
            path: its file; the ending says what it is (see `solver.storage.archive_formats`).
            overwrite: also replace a file that is no archive.

        Raises:
            ArchiveError: the ending is none of an archive, a file that is no archive is in the way, or the folder
                cannot be written to.
        """
        self.path = Path(path)
        self.kind = kind_of(self.path)
        self._overwrite = overwrite
        self._refuse_to_lose()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            sweep(self.path.parent)
            self._files = _new_files(self.kind.files(self.path))
        except OSError as error:
            raise self._cannot(error) from error
        self._sink = self.kind.sink([file.stream for file in self._files])

    def add(self, associations: Iterable[Association]) -> None:
        """Add associations, as a piece of their own."""
        self.append(self.kind.piece(associations, Reporter()))

    def append(self, piece: Piece) -> None:
        """Add a piece that this kind of archive made, maybe in another process.

        Raises:
            ArchiveError: the disk cannot take it.
        """
        try:
            self._sink.append(piece)
        except OSError as error:
            raise self._cannot(error) from error

    def put(self) -> None:
        """Finish the archive and put it in its place.

        Raises:
            BusyError: another run is putting its archive there.
            ArchiveError: the disk cannot take it, or a file that is no archive came in the way since the beginning.
        """
        try:
            self._sink.finish()
            self._refuse_to_lose()
            with _alone(self.path):
                for file in self._files:
                    file.put(durably=True)
        except BusyError:
            raise
        except OSError as error:
            raise self._cannot(error) from error

    def _cannot(self, error: OSError) -> ArchiveError:
        return ArchiveError(str(self.path), f"cannot be written: {error.strerror or error}")

    def _refuse_to_lose(self) -> None:
        """Refuse to replace what is no archive: it would be lost."""
        for place in self.kind.files(self.path):
            if place.is_dir() or (place.exists() and not place.is_file()):
                raise ArchiveError(str(place), "is in the way, and is no file; choose another name")
            known = not place.is_symlink() and (not place.exists() or self.kind.is_one(place))
            if not known and not self._overwrite:
                problem = "is in the way, and is no archive; choose another name, or replace it with --overwrite"
                raise ArchiveError(str(place), problem)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *error: object) -> None:
        """Drop what was not put in its place."""
        self._sink.close()
        for file in self._files:
            file.drop()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let nobody else put an archive there: its files belong together."""
    name = path.with_name(temporary_name(of=path.name))
    with open_locked(name, patience=_PATIENCE):
        try:
            yield
        finally:
            name.unlink()


def _new_files(places: Iterable[Path]) -> list[NewFile]:
    """A new file for each place, or none at all."""
    made: list[NewFile] = []
    try:
        made.extend(map(NewFile, places))
    except OSError:
        for file in made:
            file.drop()
        raise
    return made
