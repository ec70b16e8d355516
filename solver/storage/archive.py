"""Archives: all associations of a run in one file that other software can read, too.

The file's ending decides its format. `.jsonl` has one association per line, with the content of the association's own
file in compact form and the name of that file as `asn_file`; `.jsonl.gz` and `.jsonl.zst` are the same, compressed.
`.parquet` is a table with a row for each association, beside `.members.parquet` with a row for each member.

An archive is written piece by piece, a piece for each part of a pool, and any process can make a piece. The bytes of
an archive depend only on the pieces and their order. The old archive stays until the new one is whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager, ExitStack, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from solver.errors import ArchiveError, AsnsolveError
from solver.guards import require_parquet
from solver.progress import Reporter
from solver.storage.archive_formats import archive_errors
from solver.storage.manifest import Run, manifest_of, runs_at, runs_in, write_runs
from solver.whole_files import is_same, locked, put, refuse_reserved, sweep, temporary

if TYPE_CHECKING:
    from solver.associations import Association
    from solver.storage.archive_formats import Piece
    from solver.storage.archive_lines import Lines
    from solver.storage.archive_parquet import Tables

#: How archives are written and read. It can be sent to other processes.
Kind: TypeAlias = "Lines | Tables"

#: The associations that only one archive has, and those that only another has.
Differences: TypeAlias = "tuple[list[Association], list[Association]]"

#: Endings of archives.
ENDINGS = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".parquet")


def is_archive(path: Path) -> bool:
    """Whether a path names an archive, by its ending."""
    return path.name.lower().endswith(ENDINGS)


def kind_of(path: Path) -> Kind:
    """How an archive is written and read, by the ending of its name.

    Raises:
        ArchiveError: the ending is not that of an archive, or is that of the table of members.
    """
    name = path.name.lower()
    if not is_archive(path):
        raise ArchiveError(str(path), f"is not an archive; its name must end with {', '.join(ENDINGS)}")
    if not name.endswith(".parquet"):
        from solver.storage.archive_lines import Lines  # only archives need what it imports

        return Lines(name.rpartition(".jsonl")[2])
    require_parquet()
    from solver.storage.archive_parquet import MEMBERS, Tables  # pyarrow takes long to import

    if name.endswith(MEMBERS):
        raise ArchiveError(str(path), f"is the table of members; name the other file, without {MEMBERS[:8]!r}")
    return Tables()


class Archive(AbstractContextManager["Archive"]):
    """A new archive. It appears at its path when it is put there; until then it leaves no trace.

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
            path: its file; the ending decides the format.
            overwrite: also replace a file that is not an archive.

        Raises:
            ArchiveError: the ending is not that of an archive, a file that is not an archive is in the way, or the
                folder cannot be written to.
            OutputError: the name is reserved, or the manifest beside it is not valid.
        """
        self.path = Path(path)
        self.kind = kind_of(self.path)
        self._overwrite = overwrite
        with archive_errors(self.path, "written", OSError), ExitStack() as undo:
            self._refuse_to_lose()
            self.path.parent.mkdir(parents=True, exist_ok=True)
            sweep(self.path.parent)
            folder = temporary(self.path.parent, undo)
            self._new = {folder / place.name: place for place in self.kind.files(self.path)}
            streams = [undo.enter_context(file.open("x+b")) for file in self._new]
            writers = [undo.enter_context(closing(writer)) for writer in self.kind.writers(streams)]
            self._files = list(zip(streams, writers, strict=True))
            self._undo = undo.pop_all()

    def add(self, associations: Iterable[Association]) -> None:
        """Add associations, as a piece of their own."""
        self.append(self.kind.piece(associations, Reporter()))

    def append(self, piece: Piece) -> None:
        """Add a piece that this kind of archive made, maybe in another process.

        Raises:
            ArchiveError: the disk cannot take it.
        """
        with archive_errors(self.path, "written", OSError):
            for (_, writer), rows in zip(self._files, self.kind.rows(piece), strict=True):
                if rows:
                    writer.write(rows)

    def put(self, runs: Collection[Run] = ()) -> Differences | None:
        """Finish the archive and put it in its place, unless one with the same bytes is there.

        Args:
            runs: the runs that made it, which a manifest beside it lists.

        Returns:
            the associations that only the former archive has, and those that only this one has; None if the former one
            is of other runs, or cannot be read.

        Raises:
            BusyError: another run is putting its archive there.
            ArchiveError: the disk cannot take it, or a file that is not an archive has appeared there meanwhile.
        """
        with archive_errors(self.path, "written", OSError):
            self.kind.finish(self._files)
            for stream, _ in self._files:
                stream.close()  # some file systems report only now that the disk is full
            with locked(self.path.parent, self.path.name):  # its files belong together
                self._refuse_to_lose()
                differences = self._differences(runs)
                manifest_of(self.path).unlink(missing_ok=True)
                put(self._new)
                if runs:
                    write_runs(manifest_of(self.path), runs)
        return differences

    def _differences(self, runs: Collection[Run]) -> Differences | None:
        """See `put`. Each archive is read twice, to keep in memory only what differs."""
        with suppress(AsnsolveError):
            if {run.key for run in runs}.isdisjoint(run.key for run in runs_in(self.path)):
                return None
            if all(is_same(file, place) for file, place in self._new.items()):
                return [], []
            both = self.path, list(self._new)[-1]
            common = set[int].intersection(*({hash(made) for _, made in self.kind.read(each)} for each in both))
            old, new = ([made for _, made in self.kind.read(each) if hash(made) not in common] for each in both)
            return old, new
        return None

    def _refuse_to_lose(self) -> None:
        """Refuse to replace anything but an archive and its manifest: it would be lost."""
        if not self._overwrite:
            runs_at(manifest_of(self.path))
        for place in self.kind.files(self.path):
            refuse_reserved(place)
            if place.exists() and not place.is_file():
                raise ArchiveError(str(place), "exists and is not a file; choose another name")
            ours = not place.exists() or place.stat().st_size == 0 or self.kind.is_one(place)
            if (place.is_symlink() or not ours) and not self._overwrite:
                raise ArchiveError(str(place), "exists and is not an archive; choose another name, or use --overwrite")

    def __exit__(self, *error: object) -> None:
        """Drop what was not put in its place."""
        with suppress(OSError):  # a full disk cannot take the rest, which is not needed
            self._undo.close()
