"""Writing of results: whole files or none, and nobody else's file is lost.

Every file is written under a temporary name beside its destination and renamed. The folder's manifest lists the files
of each *run*, which is a pool and the options for it, with their digests: from these a later run knows which files
it may replace, and which of its own it no longer makes; of these it removes associations and pools. A run is recorded
as incomplete before anything else changes, and as complete at the very end. A file with the same content is
not written again, so that programs such as make need not repeat what depends on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from solver.associations import Association, Comparison, compare, is_plain, json_files, sequence_of
from solver.brief import Brief
from solver.errors import AssociationError, OutputError
from solver.storage.archive import Archive, is_archive
from solver.storage.json_files import read_content
from solver.storage.manifest import Manifest, Run, incomplete, runs_in
from solver.storage.record import Record, digest, digest_of
from solver.whole_files import output_errors, refuse_reserved, write_whole
from solver.words import few


@dataclass(frozen=True, slots=True, repr=False)
class Written(Brief):
    """The files that a run left in its folder.

    Attributes:
        folder: the folder.
        files: names of the files of this run, without the manifest.
        removed: names of an earlier run's files that this run no longer makes.
        kept: such files that were left alone, because they are not as that run wrote them here.
        changes: what changed since the previous run; None if there was none.
    """

    folder: Path
    files: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    changes: Comparison | None = field(default=None, compare=False)


class Results(AbstractContextManager["Results"]):
    """A folder into which runs write, one after the other; no other process writes there until it is closed.

    Args:
        folder: the folder; the first run makes it, if need be.
        asked: the options for the pools, such as the candidates; with the pool they identify a run.
        overwrite: also replace files that another run made, that no run made, or that were changed since; a manifest
            that was written for another folder counts then, too.
        pools: all pools to write. When the first is written, the rest are recorded as incomplete, so that an
            interruption between two pools does not leave a folder that looks complete.
    """

    def __init__(self, folder: Path, *, asked: str = "", overwrite: bool = False, pools: Iterable[str] = ()) -> None:
        """Begin; nothing is written yet."""
        self.folder = folder
        self.asked = asked
        self._overwrite = overwrite
        self._pools = tuple(pools)
        self._manifest: Manifest | None = None
        self._before: dict[str, Run] = {}
        self._written: dict[str, str] = {}  # file name to pool

    def write(self, files: Mapping[str, str], *, pool: str, record: Record | None = None) -> Written:
        """Write a run's files, in place of those of an earlier run.

        Files of other pools stay as they are, and so do those of this pool that were made with other options.

        Args:
            files: file name to text.
            pool: the pool's file.
            record: what the manifest keeps of the run.

        Raises:
            BusyError: another run is writing to the folder.
            OutputError: a file is in the way, or the folder cannot be written to. No file was changed then, or,
                if the disk failed midway, the manifest says that the run is incomplete.
        """
        mine, digests = self.admit(files, pool=pool)
        begun = incomplete(mine, digests)
        with output_errors(self.folder, self._advice):
            changed = self._changes(self._before.get(pool, mine), files, digests)
            manifest = self._opened()
            manifest.note([begun])
            self._before.pop(pool, None)
            for name, (now,) in digests.items():
                if digest_of(self.folder / name) != now:
                    write_whole(self.folder / name, files[name].encode())
            stale = mine.files.keys() - files
            if stale:  # it takes a pass over all runs, and few make less than before
                stale -= {name for run in manifest.runs.values() if run.key != begun.key for name in run.files}
            removed = [name for name in sorted(stale) if _is_result(self.folder / name, mine.files[name])]
            for name in removed:
                (self.folder / name).unlink()
            kept = [name for name in sorted(stale) if (self.folder / name).exists()]
            manifest.note([replace(begun, complete=True, files=digests, record=record)])
        self._written |= dict.fromkeys(digests, pool)
        return Written(self.folder, tuple(digests), tuple(removed), tuple(kept), changed)

    def _changes(self, former: Run, files: Mapping[str, str], digests: Mapping[str, tuple[str]]) -> Comparison | None:
        """What will change since the previous run, if there was one; files of the same content are not read."""
        if not former.complete and not former.files:
            return None
        other = [name for name in {**former.files, **digests} if former.files.get(name) != digests.get(name)]
        there = [self.folder / name for name in other if name in former.files and (self.folder / name).is_file()]
        old = ((path.name, path.read_text(encoding="utf-8", errors="replace")) for path in there)
        new = ((name, files[name]) for name in other if name in files)
        return compare(_associations(old), _associations(new), files=True)

    def admit(self, files: Mapping[str, str], *, pool: str) -> tuple[Run, Mapping[str, tuple[str]]]:
        """Raise the errors that `write` would raise before it writes anything.

        Returns:
            the run as the manifest has it, and the digests of the files, in order of their names.

        Raises:
            BusyError: another run is writing to the folder.
            OutputError: a file is in the way, or the folder cannot be written to.
        """
        for name in sorted(files):
            if not is_plain(name):
                raise OutputError(f"{name!r} is not a file name for results; give a plain name without folders")
            refuse_reserved(self.folder / name)
        with output_errors(self.folder, self._advice):
            mine = self._earlier(self._opened(), pool)
            digests = {name: (digest(files[name].encode()),) for name in sorted(files)}
            ours = {name: (None, *digests[name], *mine.files.get(name, ())) for name in digests}
            foreign = [name for name, known in ours.items() if digest_of(self.folder / name) not in known]
        where = "the current folder" if self.folder == Path() else self.folder
        if twice := [name for name in foreign if name in self._written]:
            what = f"{Path(self._written[twice[0]]).name} makes files of these names, too: {few(twice)}"
            raise OutputError(f"{where}: {what}; give each pool a run and a folder (-p) of its own")
        if foreign and not self._overwrite:
            what = f"{where}: these files exist, but not as an earlier run of the same command wrote them"
            raise OutputError(f"{what}: {few(foreign, 10)}; choose another folder with -p, or use --overwrite")
        return mine, digests

    def _opened(self) -> Manifest:
        """The manifest of the folder, which lists the pools to come."""
        if self._manifest is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._manifest = Manifest(self.folder)
            if len(self._pools) > 1:
                self._before = {pool: self._manifest.run(pool, self.asked) for pool in self._pools}
                self._manifest.note([incomplete(self._earlier(self._manifest, pool), {}) for pool in self._pools])
        return self._manifest

    def _earlier(self, manifest: Manifest, pool: str) -> Run:
        """The run before this one; of one that wrote to another folder, only the names of its files count."""
        run, here = manifest.run(pool, self.asked), str(self.folder.resolve())
        trusted = self._overwrite or run.folder == here
        return replace(run, folder=here, files=run.files if trusted else dict.fromkeys(run.files, ()))

    def _advice(self) -> str:
        runs = () if self._manifest is None else self._manifest.runs.values()
        marked = any(not run.complete and run.pool not in self._before for run in runs)
        return "; choose another folder with -p" + f"; what is in {self.folder} is marked as incomplete" * marked

    def __exit__(self, kind: object, *error: object) -> None:
        """Let other runs write to the folder; without an error, pools without new results keep theirs."""
        earlier = suppress(OutputError) if kind is not None else nullcontext()  # an earlier error says what is wrong
        with earlier, output_errors(self.folder, self._advice):
            if self._manifest is not None:
                self._manifest.close([] if kind is not None else self._before.values())


def _associations(files: Iterable[tuple[str, str]]) -> Iterator[Association]:
    """The associations among files; the rest is a pool, or was changed by hand."""
    for name, text in files:
        with suppress(AssociationError):
            yield replace(Association.from_json(text), sequence=sequence_of(name))


def write(associations: Iterable[Association], path: str | Path, *, pool: str = "", overwrite: bool = False) -> Written:
    """Write associations into a folder, a file each, or into an archive, as the command does.

    Args:
        associations: the associations.
        path: the folder, or the archive, by its ending; see `Archive`.
        pool: the name of their pool; a later run of the same name takes the place of this one in the folder.
        overwrite: also replace files that another run made, or that were changed since.

    Raises:
        BusyError: another run is writing there.
        OutputError, ArchiveError: a file is in the way, or the place cannot be written to.

    >>> import tempfile
    >>> from solver import Association, Member, Product
    >>> product = Product("deep", (Member("a_cal.fits", "science"),))
    >>> made = Association("image3", "A_Rule", None, "", "", "00001", "", "o001", "t001", "p.csv", (product,))
    >>> write([made], tempfile.mkdtemp()).files
    ('jw00001-o001_image3_00001_asn.json',)
    """
    place = Path(path)
    if is_archive(place):
        with Archive(place, overwrite=overwrite) as archive:
            archive.add(associations)
            archive.put()
        return Written(place.parent, tuple(file.name for file in archive.kind.files(place)), (), ())
    with Results(place, overwrite=overwrite) as results:
        return results.write(json_files(associations), pool=pool)


def _is_result(path: Path, digests: Collection[str]) -> bool:
    """Whether a file has one of these digests, and is an association or a pool, which is all that runs write."""
    with suppress(AssociationError):
        known = digest_of(path) in digests
        return known and (b"ASN_CANDIDATE" in path.read_bytes().partition(b"\n")[0] or bool(read_content(path)))
    return False


def names_written(folder: Path) -> frozenset[str]:
    """Names of the files in a folder that runs wrote there, by its manifest.

    Raises:
        OutputError: the manifest is not valid.
    """
    return frozenset(name for run in runs_in(folder) for name in run.files)
