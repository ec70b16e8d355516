"""Writing of results: whole files or none, and nothing of anybody else's lost.

Every file is written to a temporary name beside its place and renamed. A manifest in the folder lists the
files of each *run*, which is a pool and what was asked of it, with the digest of what was written: by it a
later run knows which files it may replace, and which of its own it does not make any more. The manifest is
written twice: first with the run as incomplete, before anything else changes, and at the very end as complete.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from solver.errors import OutputError
from solver.file_names import is_plain
from solver.new_file import NewFile
from solver.reading import MANIFEST
from solver.version import CODE_VERSION

_LISTED = 10

#: Bytes of a file that show what it is.
_BEGINNING = 65_536


@dataclass(frozen=True, slots=True)
class Run:
    """What the manifest knows of a run.

    Attributes:
        pool: name of the pool.
        asked: what was asked of it.
        complete: whether it came to its end.
        files: file name to the digests that the file may have.
    """

    pool: str
    asked: str
    complete: bool = False
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """What a run left in its folder.

    Attributes:
        folder: the folder.
        files: names of the files of this run, without the manifest.
        removed: names of an earlier run's files that this run does not make any more.
        kept: such files that were changed by hand since, and so were left alone.
    """

    folder: Path
    files: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]


def write_results(
    folder: Path, files: Mapping[str, str], *, pool: str, asked: str = "", overwrite: bool = False
) -> Written:
    """Write a run's files into a folder, in place of those of an earlier run.

    Files of other pools' runs stay as they are, and so do those of this pool for which something else was asked.

    Args:
        folder: where; it is made if need be.
        files: file name to text.
        pool: the pool's file.
        asked: what was asked of it, such as the candidates; with the pool it tells runs apart.
        overwrite: also replace files that another run or nobody made, or that were changed since.

    Raises:
        OutputError: a file is in the way, or the folder cannot be written to. No file was changed then, or,
            where the disk failed in the middle, the manifest says that the run is incomplete.
    """
    names = sorted(files)
    for name in names:
        if not is_plain(name) or name == MANIFEST:
            raise OutputError(f"{name!r} is no file name for results; give a plain name without folders")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        runs = _read_manifest(folder)
        mine = next((run for run in runs if (run.pool, run.asked) == (pool, asked)), None) or Run(pool, asked)
        others = [run for run in runs if run is not mine]
        digests = {name: _digest(text.encode()) for name, text in files.items()}
        foreign = [name for name in names if not _replaceable(folder / name, mine.files, digests[name])]
        if foreign and not overwrite:
            listed = ", ".join(foreign[:_LISTED]) + (", …" if len(foreign) > _LISTED else "")
            raise OutputError(
                f"{folder}: files that no earlier run on this pool with these options made, or that were changed "
                f"since, are in the way: {listed}; choose another folder with -p, or replace them with --overwrite"
            )
        begun = _united([mine.files, {name: (digest,) for name, digest in digests.items()}])
        _write_manifest(folder, [*others, replace(mine, complete=False, files=begun)])
        for name in names:
            _replace(folder / name, files[name])
        claimed = set(names).union(*(run.files for run in others))
        stale = sorted(set(mine.files) - claimed)
        removed = [name for name in stale if _digest_of(folder / name) in mine.files[name]]
        for name in removed:
            (folder / name).unlink()
        kept = [name for name in stale if (folder / name).exists()]
        written = {name: (digest,) for name, digest in digests.items()}
        _write_manifest(folder, [*others, replace(mine, complete=True, files=written)])
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        reason = error.strerror or str(error)
        raise OutputError(
            f"cannot write {error.filename or folder}: {reason}; choose another folder with -p"
        ) from error
    return Written(folder, tuple(names), tuple(removed), tuple(kept))


def names_written(folder: Path) -> frozenset[str]:
    """Names of the files in a folder that runs wrote there, as its manifest says.

    Raises:
        OutputError: the manifest is none.
    """
    return frozenset(name for run in _read_manifest(folder) for name in run.files)


def _replaceable(path: Path, earlier: Mapping[str, tuple[str, ...]], digest: str) -> bool:
    """Whether nothing of anybody else's would be lost: no file, an earlier run's, or the same bytes."""
    found = _digest_of(path)
    return found is None or found == digest or found in earlier.get(path.name, ())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest_of(path: Path) -> str | None:
    """Digest of a file; None if there is none, and of no file's for anything else that is there."""
    if not path.exists() and not path.is_symlink():
        return None
    return _digest(path.read_bytes()) if path.is_file() and not path.is_symlink() else "no file"


def _united(tables: Iterable[Mapping[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """File name to all digests that the tables have for it."""
    united: dict[str, tuple[str, ...]] = {}
    for table in tables:
        for name, digests in table.items():
            united[name] = tuple(dict.fromkeys((*united.get(name, ()), *digests)))
    return united


def _read_manifest(folder: Path) -> list[Run]:
    path = folder / MANIFEST
    if not path.exists():
        return []
    try:
        return [
            Run(
                str(each["pool"]),
                str(each["asked"]),
                bool(each["complete"]),
                {str(name): tuple(map(str, made)) for name, made in each["files"].items() if Path(name).name == name},
            )
            for each in json.loads(path.read_text(encoding="utf-8"))["runs"]
        ]
    except OSError as error:
        raise OutputError(f"{path} cannot be read: {error.strerror or error}; choose another folder") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise OutputError(f"{path} is no manifest of results ({error}); remove it or choose another folder") from error


def _write_manifest(folder: Path, runs: Iterable[Run]) -> None:
    content = {
        "software": CODE_VERSION,
        "runs": [
            {
                "pool": run.pool,
                "asked": run.asked,
                "complete": run.complete,
                "files": {name: list(run.files[name]) for name in sorted(run.files)},
            }
            for run in sorted(runs, key=lambda each: (each.pool, each.asked))
        ],
    }
    _replace(folder / MANIFEST, json.dumps(content, indent=1) + "\n")


def refuse_to_lose(path: Path, mark: bytes, *, overwrite: bool) -> None:
    """Refuse to replace a file that the user names if it is of another kind: something else would be lost.

    Args:
        path: the file that is to be written.
        mark: what every file of this kind has near its beginning, in lower case.
        overwrite: whether it may be replaced all the same.

    Raises:
        OutputError: there is such a file.
    """
    if overwrite or not path.is_file():
        return
    try:
        with path.open("rb") as stream:
            beginning = stream.read(_BEGINNING).lower()
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error
    if beginning and mark not in beginning:
        problem = "is in the way, and is a file of another kind; choose another name, or replace it with --overwrite"
        raise OutputError(f"{path} {problem}")


def write_file(path: Path, content: str | bytes) -> None:
    """Write a single file that the user named, replacing what is there.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        _replace(path, content)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error


def _replace(path: Path, content: str | bytes) -> None:
    """Write a file so that there is never a part of it under its name."""
    file = NewFile(path)
    try:
        file.stream.write(content.encode() if isinstance(content, str) else content)
        file.put()
    finally:
        file.drop()
