"""The record of the runs that wrote to a folder of results: which run each file belongs to, and which runs completed.

The *manifest* lists all runs. While a run writes there is also a *journal*: a line for each change, written before
the files change; the last line of a run counts. When the run ends, the journal is merged into the manifest and
removed. A killed process leaves its journal behind, which shows that it did not complete; the next run merges it. The
folder is locked while a run writes or associations are edited. A line that was cut off is ignored. An archive has a
manifest beside it.

Anybody may have put either into a folder. So each run lists the folder that it wrote to, and the files that a run
elsewhere lists are not taken for ours. A journal that has another name elsewhere is replaced, not written to.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from stat import S_ISREG

import msgspec

from solver.errors import OutputError, UsageError, errors_as
from solver.storage.record import Record
from solver.version import CODE_VERSION
from solver.whole_files import locked, sweep, write_whole

#: The file in which a folder of results lists its runs, and the journal that exists while one writes.
MANIFEST = "asnsolve-manifest.json"
JOURNAL = "asnsolve-unfinished.jsonl"

#: Seconds to wait for another run to end: enough for the files of one pool, not of many.
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Run:
    """A run: a pool, and the options with which it was solved.

    Attributes:
        pool: name of the pool.
        asked: the options that distinguish it from other runs on the pool.
        complete: whether it completed.
        files: file name to the digests that the file may have, in order of the names.
        record: statements, options, files and software of the run; None if it was not recorded.
        folder: the folder that it wrote to. A manifest that was copied from elsewhere may list anybody's files.
    """

    pool: str
    asked: str
    complete: bool = False
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    record: Record | None = None
    folder: str = ""

    def __str__(self) -> str:
        """Its name."""
        return f"{Path(self.pool).name} {self.asked}".strip()

    @property
    def key(self) -> tuple[str, str]:
        """What identifies the run."""
        return self.pool, self.asked


class _Listed(msgspec.Struct):
    runs: list[Run]


#: A manifest that lists the runs of a journal.
_LISTED = b'{"runs": [%b]}'


class Manifest:
    """The manifest of a folder that a run writes to. No other run writes there until it is closed.

    Args:
        folder: the folder.

    Attributes:
        runs: the runs, by their keys.
        owners: how many of them list each file.

    Raises:
        BusyError: another run is writing there.
        OutputError: the manifest is not valid.
        OSError: the folder cannot be written to.
    """

    def __init__(self, folder: Path) -> None:
        """Lock the folder, and take over what killed processes left behind."""
        self._folder = folder
        with ExitStack() as undo:
            undo.enter_context(locked(folder, MANIFEST, patience=PATIENCE))
            sweep(folder)
            self.runs = {run.key: run for run in runs_in(folder)}
            self.owners = Counter(name for run in self.runs.values() for name in run.files)
            self._merge()  # a journal that is here may be somebody's file elsewhere, too, and is not written to
            self._journal = undo.enter_context((folder / JOURNAL).open("xb", buffering=0))
            self._undo = undo.pop_all()

    def run(self, pool: str, asked: str) -> Run:
        """The record of a run; an empty one if the run is unknown."""
        return self.runs.get((pool, asked)) or Run(pool, asked)

    def note(self, runs: Collection[Run]) -> None:
        """Record the runs as they are about to be, or are now."""
        rest = memoryview(b"".join(json.dumps(asdict(run)).encode() + b"\n" for run in runs))
        start = os.fstat(self._journal.fileno()).st_size
        try:
            while rest:
                rest = rest[self._journal.write(rest) :]
        except OSError:
            self._journal.truncate(start)  # a line after a partial one would not be read
            raise
        for run in runs:
            self.owners.subtract([*self.run(*run.key).files])
            self.owners.update([*run.files])
            self.runs[run.key] = run

    def close(self, restored: Collection[Run] = ()) -> None:
        """Merge the journal into the manifest, and let other runs write to the folder.

        Args:
            restored: runs to record as they were; one that was unknown before is unknown again.
        """
        with self._undo:
            self.note(restored)
            for run in (run for run in restored if not run.complete and not run.files):
                del self.runs[run.key]
            self._merge()

    def _merge(self) -> None:
        journal = self._folder / JOURNAL
        if journal.exists() and journal.stat().st_size > 0:
            write_runs(self._folder / MANIFEST, self.runs.values())
        journal.unlink(missing_ok=True)


def runs_in(place: Path) -> list[Run]:
    """The runs that wrote to a folder or an archive, by manifest and journal.

    The journal is read first: what moves from it to the manifest meanwhile is then read twice instead of never. One
    that was copied from elsewhere counts only if it lists files that are here.

    Raises:
        OutputError: the manifest is not valid.
    """
    if not place.is_dir():
        return runs_at(manifest_of(place))
    lines, _, _ = _content(place / JOURNAL, b"").rpartition(b"\n")  # the last one may be cut off
    noted = runs_at(place / JOURNAL, _LISTED % b",".join(lines.splitlines()))
    here = str(place.resolve())
    noted = [run for run in noted if run.folder == here or any((place / name).exists() for name in run.files)]
    return [*{run.key: run for run in (*runs_at(place / MANIFEST), *noted)}.values()]


def manifest_of(place: Path) -> Path:
    """The manifest of a folder, which is in it, or of an archive, which is beside it."""
    return place / MANIFEST if place.is_dir() else place.with_name(f"{place.name}.manifest.json")


def record_of(place: str | Path, run: str | int | None = None) -> Run | None:
    """The completed run that made results, with its record; None if there is none.

    Args:
        place: the folder or archive with the results.
        run: the run's number or name, where there are several.

    Raises:
        UsageError: there are several runs and none is chosen, or there is no such run.
        OutputError: the manifest is not valid.

    >>> record_of("no-such-folder") is None
    True
    """
    path = Path(place)
    every = runs_in(path)
    runs = [each for each in every if each.complete and each.record is not None]
    chosen = [each for n, each in enumerate(runs, start=1) if run is None or str(run) in {str(n), str(each)}]
    if len(chosen) == 1 or (run is None and not runs):
        return chosen[0] if chosen else None
    if not every:
        raise UsageError(f"{path} contains no results of generate; leave out --run")
    names = "; ".join(f"{n}: {each}" for n, each in enumerate(runs, start=1)) or "none is complete"
    raise UsageError(f"{path}: choose one of its runs with --run, by number or name: {names}")


def _content(path: Path, absent: bytes) -> bytes:
    with suppress(FileNotFoundError, NotADirectoryError):
        if not S_ISREG(path.stat().st_mode):
            raise _no_manifest(path, "it is not a file")
        return path.read_bytes()
    return absent


def _no_manifest(path: Path, why: str) -> OutputError:
    return OutputError(f"{path} is not a manifest of results ({why}); remove it or choose another folder")


def runs_at(path: Path, content: bytes | None = None) -> list[Run]:
    """The runs of a manifest, without files elsewhere: a run removes those that it no longer makes.

    Raises:
        OutputError: the manifest is not valid.
    """
    with errors_as(partial(_no_manifest, path), msgspec.MsgspecError, ValueError, RecursionError):
        runs = msgspec.convert(json.loads(content or _content(path, _LISTED % b"")), _Listed).runs
    here = ({name: made for name, made in run.files.items() if Path(name).name == name} for run in runs)
    return [replace(run, files=files) for run, files in zip(runs, here, strict=True)]


def write_runs(path: Path, runs: Iterable[Run]) -> None:
    """Write a manifest."""
    content = {"software": CODE_VERSION, "runs": [asdict(run) for run in sorted(runs, key=lambda each: each.key)]}
    write_whole(path, (json.dumps(content, indent=1) + "\n").encode())


def incomplete(run: Run, files: Mapping[str, tuple[str, ...]]) -> Run:
    """The run before it changes anything: the files that it has, and those that it will have."""
    every = sorted({**run.files, **files})
    united = {name: tuple(dict.fromkeys((*run.files.get(name, ()), *files.get(name, ())))) for name in every}
    return replace(run, complete=False, files=united)
