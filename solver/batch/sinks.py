"""Where the results of pools go: files in a folder, an archive, or nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from solver.batch.parts import Part
from solver.batch.summary import AssociationName
from solver.errors import OutputError, UsageError
from solver.progress import Reporter
from solver.storage import Archive, Piece, Results, Written


class Sink:
    """Where results go. This one leads nowhere, as a dry run needs it.

    What is taken of a pool counts when the pool is complete; leaving before `finish` leaves nothing half done.
    """

    def take(self, part: Part) -> None:
        """Take what was made of the next part of a pool."""

    def complete(self, pool: Path, further: Mapping[str, str]) -> Written | None:
        """The pool has no more parts; write further files with it, such as that of its orphans."""

    def forget(self) -> None:
        """Forget what was taken of the pool."""

    def finish(self) -> None:
        """There are no more pools."""

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *error: object) -> None:
        """Leave nothing half done."""


class FolderSink(Sink):
    """A file for each association in a folder. The files of a pool are written together."""

    def __init__(self, results: Results, reporter: Reporter) -> None:
        """Begin; the reporter counts the time of writing."""
        self._results = results
        self._reporter = reporter
        self._files: dict[str, str] = {}

    def take(self, part: Part) -> None:
        """Keep the files of a part."""
        self._files |= part.files

    def complete(self, pool: Path, further: Mapping[str, str]) -> Written | None:
        """Write all files of a pool."""
        for name in further.keys() & self._files.keys():
            raise UsageError(f"--save-orphans {name} is the name of an association; choose another")
        with self._reporter.stage("write"):
            written = self._results.write({**self._files, **further}, pool=name_of(pool))
        self.forget()
        return written

    def forget(self) -> None:
        """Keep none of them."""
        self._files = {}

    def finish(self) -> None:
        """The folder is complete."""
        self._results.finish()

    def __exit__(self, *error: object) -> None:
        """Let others write to the folder."""
        self._results.__exit__(*error)


class ArchiveSink(Sink):
    """All associations in one archive, and further files, such as those of orphans, in a folder.

    Args:
        archive: the archive.
        results: where further files go.
        reporter: counts the time of writing.
        holding: whether to keep what was made of a pool until the pool is complete, since others go on without it.
    """

    def __init__(self, archive: Archive, results: Results, reporter: Reporter, *, holding: bool) -> None:
        """Begin."""
        self._archive = archive
        self._results = results
        self._reporter = reporter
        self._holding = holding
        self._pieces: list[Piece] = []
        self._names: set[AssociationName] = set()
        self._names_before: dict[AssociationName, Path] = {}
        self._further: dict[Path, Mapping[str, str]] = {}

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
        if not self._holding:
            self._append()

    def complete(self, pool: Path, further: Mapping[str, str]) -> Written | None:
        """Append what was held; further files are written when the archive is."""
        self._append()
        self._names_before |= dict.fromkeys(self._names, pool)
        self._names = set()
        if further:
            self._further[pool] = further
        return None

    def forget(self) -> None:
        """Hold nothing."""
        self._pieces = []
        self._names = set()

    def finish(self) -> None:
        """Put the archive in its place, and write the further files, if nothing is in their way."""
        with self._reporter.stage("write"):
            for pool, files in self._further.items():
                self._results.admit(files, pool=name_of(pool))
            self._archive.put()
            for pool, files in self._further.items():
                self._results.write(files, pool=name_of(pool))
            self._results.finish()

    def _append(self) -> None:
        with self._reporter.stage("write"):
            for piece in self._pieces:
                self._archive.append(piece)
        self._pieces = []

    def __exit__(self, *error: object) -> None:
        """Leave the old archive, or the new one."""
        self._archive.__exit__(*error)
        self._results.__exit__(*error)


def name_of(pool: Path) -> str:
    """What a manifest calls a pool."""
    return str(pool.resolve())
