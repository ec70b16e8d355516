"""Where the results of pools go: files in a folder, an archive, or nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from solver.batch.parts import Part
from solver.batch.summary import AssociationName
from solver.errors import OutputError, UsageError
from solver.progress import Reporter
from solver.storage import Archive, Piece, Results, Written


class Sink(AbstractContextManager["Sink"]):
    """Where results go. This one discards them, as a dry run needs.

    What is taken of a pool counts once the pool is complete; leaving before `finish` leaves nothing half done.
    """

    def take(self, part: Part) -> None:
        """Take the result of the next part of a pool."""

    def complete(self, pool: Path, further: Mapping[str, str]) -> Written | None:
        """Complete the pool after its last part; write further files with it, such as that of its orphans."""

    def forget(self) -> None:
        """Discard what was taken of the pool."""

    def finish(self) -> None:
        """Finish after the last pool."""

    def __exit__(self, *error: object) -> None:
        """Leave nothing half done."""


@dataclass(slots=True)
class FolderSink(Sink):
    """A file for each association in a folder. The files of a pool are written together.

    Attributes:
        results: the folder.
        reporter: counts the time of writing.
    """

    results: Results
    reporter: Reporter
    _files: dict[str, str] = field(default_factory=dict)

    def take(self, part: Part) -> None:
        """Keep the files of a part."""
        self._files |= part.files

    def complete(self, pool: Path, further: Mapping[str, str]) -> Written | None:
        """Write all files of a pool."""
        for name in further.keys() & self._files.keys():
            raise UsageError(f"--save-orphans {name} is the name of an association; choose another")
        with self.reporter.stage("write"):
            written = self.results.write({**self._files, **further}, pool=name_of(pool))
        self.forget()
        return written

    def forget(self) -> None:
        """Discard them."""
        self._files = {}

    def finish(self) -> None:
        """Complete the folder."""
        self.results.finish()

    def __exit__(self, *error: object) -> None:
        """Let other runs write to the folder."""
        self.results.__exit__(*error)


@dataclass(slots=True)
class ArchiveSink(Sink):
    """All associations in one archive, and further files, such as those of orphans, in a folder.

    Attributes:
        archive: the archive.
        results: where further files go.
        reporter: counts the time of writing.
        holding: whether to hold the results of a pool until it is complete, since a pool that fails is left out.
    """

    archive: Archive
    results: Results
    reporter: Reporter
    holding: bool
    _pieces: list[Piece] = field(default_factory=list)
    _names: set[AssociationName] = field(default_factory=set)
    _names_before: dict[AssociationName, Path] = field(default_factory=dict)
    _further: dict[Path, Mapping[str, str]] = field(default_factory=dict)

    def take(self, part: Part) -> None:
        """Append the associations of a part, or hold them.

        Raises:
            OutputError: another pool has associations of the same names.
        """
        twice = sorted(part.summary.names & self._names_before.keys())
        if twice:
            program, identifier, kind = twice[0]
            raise OutputError(
                f"{self._names_before[twice[0]]} makes {kind} associations of candidate {identifier} of "
                f"program {program}, too, so their names would be the same; give each pool an archive of its own"
            )
        self._names |= part.summary.names
        if part.piece is not None:
            self._pieces.append(part.piece)
        if not self.holding:
            self._append()

    def complete(self, pool: Path, further: Mapping[str, str]) -> Written | None:
        """Append what was held; further files are written with the archive."""
        self._append()
        self._names_before |= dict.fromkeys(self._names, pool)
        self._names = set()
        if further:
            self._further[pool] = further
        return None

    def forget(self) -> None:
        """Discard what is held."""
        self._pieces = []
        self._names = set()

    def finish(self) -> None:
        """Put the archive at its path, and write the further files, if nothing is in their way."""
        with self.reporter.stage("write"):
            for pool, files in self._further.items():
                self.results.admit(files, pool=name_of(pool))
            self.archive.put()
            for pool, files in self._further.items():
                self.results.write(files, pool=name_of(pool))
            self.results.finish()

    def _append(self) -> None:
        with self.reporter.stage("write"):
            for piece in self._pieces:
                self.archive.append(piece)
        self._pieces = []

    def __exit__(self, *error: object) -> None:
        """Leave the old archive or the new one."""
        self.archive.__exit__(*error)
        self.results.__exit__(*error)


def name_of(pool: Path) -> str:
    """The name of a pool in a manifest."""
    return str(pool.resolve())
