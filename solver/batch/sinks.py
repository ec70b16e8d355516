"""Where the results of pools go: files in a folder, an archive, or nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from solver.associations import Associations, compare
from solver.batch.runs import PoolRun
from solver.errors import OutputError, UsageError
from solver.guards import real
from solver.multimap import grouped
from solver.storage import Archive, Results, Run, load_runs, manifest_of


class Sink(ExitStack):
    """Where results go. This one discards them, as a dry run needs. Leaving before `finish` leaves nothing half done.

    Attributes:
        streaming: whether it takes each part of a pool as soon as it is solved; else all parts together at the end.
    """

    streaming = True

    def write(self, run: PoolRun, further: Mapping[str, str]) -> None:
        """Write the next parts of a pool, and with the last one further files, such as that of its orphans."""

    def finish(self) -> None:
        """Finish after the last pool."""


class FolderSink(Sink):
    """A file for each association in a folder. The files of a pool are written together."""

    streaming = False

    def __init__(self, results: Results) -> None:
        """Begin to write to a folder."""
        super().__init__()
        self.results = self.enter_context(results)

    def write(self, run: PoolRun, further: Mapping[str, str]) -> None:
        """Write all files of a pool."""
        files = {name: text for part in run.parts for name, text in part.files.items()}
        for name in further.keys() & files.keys():
            raise UsageError(f"--save-orphans {name} is the name of an association; choose another")
        run.written = self.results.write({**files, **further}, pool=name_of(run.path), record=run.completed())
        run.changes = run.written.changes


class ArchiveSink(Sink):
    """All associations in one archive, and further files, such as those of orphans, in a folder."""

    def __init__(self, archive: Archive, results: Results, *, streaming: bool) -> None:
        """Begin to write to an archive.

        Args:
            archive: the archive.
            results: where further files go.
            streaming: False for several pools, since a pool that fails is left out.
        """
        super().__init__()
        self.results, self.archive = self.enter_context(results), self.enter_context(archive)
        self.streaming = streaming
        self._makers: dict[tuple[str, str, str], Path] = {}
        self._further: dict[PoolRun, Mapping[str, str]] = {}

    def write(self, run: PoolRun, further: Mapping[str, str]) -> None:
        """Append the associations; further files are written with the archive.

        Raises:
            OutputError: another pool has associations of the same names.
            UsageError: a further file would replace the archive.
        """
        own = {real(file) for file in (*self.archive.kind.files(self.archive.path), manifest_of(self.archive.path))}
        for name in further:
            if real(self.results.folder / name) in own:
                raise UsageError(f"--save-orphans {name} is a file of the archive; choose another name")
        names = {each[:3] for part in run.parts for each in part.summary.made}
        for program, identifier, kind in sorted(names & self._makers.keys()):
            maker = self._makers[program, identifier, kind]
            raise OutputError(f"{maker} makes {kind} associations of jw{program}-{identifier}, too; use two archives")
        self._makers |= dict.fromkeys(names, run.path)
        self._further[run] = further
        run.archive = self.archive.path
        for piece in (part.piece for part in run.parts if part.piece):
            self.archive.append(piece)

    def finish(self) -> None:
        """Put the archive at its path and write the further files, unless a file is in the way."""
        further = {run: files for run, files in self._further.items() if files}
        asked, folder = self.results.asked, real(self.results.folder)
        place = str(real(self.archive.path.parent))
        runs = [Run(name_of(run.path), asked, True, {}, run.completed(folder), place) for run in self._further]
        for run, files in further.items():
            self.results.admit(files, pool=name_of(run.path))
        differences = self.archive.put(runs)
        of_pool = [grouped((made.asn_pool, made) for made in some) for some in differences or ()]
        for run in self._further if differences else ():
            run.changes = compare(*(each.get(run.name, ()) for each in of_pool), files=True)
        for run, files in further.items():
            self.results.write(files, pool=name_of(run.path))


def sink_of(runs: Sequence[PoolRun], folder: Path, archive: Path | None, *, asked: str, overwrite: bool) -> Sink:
    """Where the results of runs go: the folder, or the archive and, if there are further files, the folder for those.

    Args:
        runs: the runs.
        folder: the folder.
        archive: the archive, if there is to be one.
        asked: the options that distinguish these runs from others on the same pools.
        overwrite: also replace files that were not made by an earlier run.

    Raises:
        UsageError: the archive is one of the pools.
        ArchiveError: the archive cannot be written.
    """
    names = [name_of(each.path) for each in runs]
    results = Results(folder, asked=asked, overwrite=overwrite, pools=names)
    if archive is None:
        return FolderSink(results)
    if name_of(archive) in names:
        raise UsageError(f"--archive {archive} is a pool that is to be read; choose another name")
    return ArchiveSink(Archive(archive, overwrite=overwrite), results, streaming=len(runs) == 1)


def former_associations(runs: Iterable[PoolRun], place: Path, *, asked: str) -> dict[str, Associations]:
    """The associations that earlier runs on the same pools left in a folder or archive, by program without zeros.

    Raises:
        AssociationError, ArchiveError: a file there cannot be read.
    """
    every = load_runs(place, {(name_of(each.path), asked) for each in runs})
    programs = grouped((each.program.lstrip("0"), each) for each in every)
    return {program: Associations.of(some) for program, some in programs.items()}


def name_of(pool: Path) -> str:
    """The name of a pool in a manifest."""
    return str(real(pool))
