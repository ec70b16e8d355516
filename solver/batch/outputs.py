"""Where the results of pools go: files in a folder, an archive, or nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from solver.batch.job import Part
from solver.batch.summary import AssociationName
from solver.errors import OutputError, UsageError
from solver.progress import Profile
from solver.storage import Archive, Piece, Results, Written


class Output(Protocol):
    """Where results go. What is taken of a pool counts when the pool is complete; leaving early leaves no part."""

    def take(self, part: Part) -> None:
        """Take what was made of the next part of a pool."""
        ...

    def complete(self, pool: Path, further: Mapping[str, str]) -> Written | None:
        """The pool has no more parts; these files are to be written besides, such as that of its orphans."""
        ...

    def forget(self) -> None:
        """Forget what was taken of the pool."""
        ...

    def finish(self) -> None:
        """There are no more pools."""
        ...

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing incomplete."""
        ...


class Nowhere:
    """A dry run."""

    def take(self, part: Part) -> None:
        """Nothing is kept."""

    def complete(self, pool: Path, further: Mapping[str, str]) -> Written | None:
        """Nothing is written."""
        del pool, further
        return None

    def forget(self) -> None:
        """Nothing was kept."""

    def finish(self) -> None:
        """Nothing is written."""

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """There is nothing to leave."""


@dataclass(slots=True)
class Folder(Nowhere):
    """A file for each association. The files of a pool are written together."""

    results: Results
    profile: Profile
    _files: dict[str, str] = field(default_factory=dict)

    def take(self, part: Part) -> None:
        """Keep the files of a part."""
        self._files |= part.files

    def complete(self, pool: Path, further: Mapping[str, str]) -> Written | None:
        """Write all files of a pool."""
        for name in further.keys() & self._files.keys():
            raise UsageError(f"--save-orphans {name} is the name of an association; choose another")
        with self.profile.stage("write"):
            written = self.results.write({**self._files, **further}, pool=name_of(pool))
        self.forget()
        return written

    def forget(self) -> None:
        """Keep none of them."""
        self._files = {}

    def finish(self) -> None:
        """The folder is complete."""
        self.results.finish()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let others write to the folder."""
        self.results.__exit__(kind, error, trace)


class IntoArchive(Nowhere):
    """All associations in one archive, and other files, such as those of orphans, in a folder.

    Args:
        archive: the archive.
        results: where other files go.
        profile: is told how long writing takes.
        holding: whether to keep what was made of a pool until the pool is complete, since others go on without it.
    """

    def __init__(self, archive: Archive, results: Results, profile: Profile, *, holding: bool) -> None:
        """Begin."""
        self._archive = archive
        self._results = results
        self._profile = profile
        self._holding = holding
        self._pieces: list[Piece] = []
        self._names: set[AssociationName] = set()
        self._names_before: dict[AssociationName, Path] = {}
        self._further: list[tuple[Path, Mapping[str, str]]] = []

    def take(self, part: Part) -> None:
        """Append the associations of a part.

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
        """Append what was held."""
        self._append()
        self._names_before |= dict.fromkeys(self._names, pool)
        self._names = set()
        if further:
            self._further.append((pool, further))
        return None

    def forget(self) -> None:
        """Hold nothing."""
        self._pieces = []
        self._names = set()

    def finish(self) -> None:
        """Put the archive in its place, and write the other files."""
        with self._profile.stage("write"):
            for pool, files in self._further:
                self._results.admit(files, pool=name_of(pool))
            self._archive.put()
            for pool, files in self._further:
                self._results.write(files, pool=name_of(pool))
            self._results.finish()

    def _append(self) -> None:
        with self._profile.stage("write"):
            for piece in self._pieces:
                self._archive.append(piece)
        self._pieces = []

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the old archive, or the new one."""
        self._archive.__exit__(kind, error, trace)
        self._results.__exit__(kind, error, trace)


def name_of(pool: Path) -> str:
    """How a manifest calls a pool."""
    return str(pool.resolve())
