"""Reading associations back from files, folders and archives."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from solver.associations import Association, Associations, sequence_of
from solver.errors import AssociationError, require_path
from solver.storage.archive import is_archive, kind_of
from solver.storage.json_files import read_content
from solver.storage.manifest import MANIFEST, Run, runs_in
from solver.words import few


def load(*paths: str | Path) -> tuple[Association, ...]:
    """The associations in files, folders and archives, in the order of the paths, and of names within a folder.

    Args:
        paths: association files, archives, or folders, of which all files named `*_asn.json` are read.

    Raises:
        AssociationError: a file cannot be read or is not an association, or a folder has none, or its results are
            incomplete because the run that makes them was interrupted or is still going on.
        ArchiveError: an archive cannot be read, or is cut off.

    >>> import tempfile
    >>> from solver import Association, Member, Product
    >>> product = Product("deep", (Member("a_cal.fits", "science"),))
    >>> made = Association("image3", "A_Rule", None, "", "", "00001", "", "o001", "t001", "p.csv", (product,))
    >>> load(made.save(tempfile.mkdtemp()))
    (<Association jw00001-o001_image3_00001_asn: A_Rule, deep of 1 member>,)
    """
    return tuple(association for _, association in load_named(*paths))


def association_files(path: Path) -> list[Path]:
    """The association files at a path; a folder with a manifest may be an empty result.

    Raises:
        AssociationError: the path cannot be read, or the folder has no results or incomplete ones.
        OutputError: the folder's manifest is not valid.
    """
    require_path(path, AssociationError)
    if not path.is_dir():
        return [path]
    runs = runs_in(path)
    if pools := [run.pool for run in runs if not run.complete]:
        what = f"{path}: the results of {few(pools, 1)} are incomplete: the run was interrupted, or still goes on"
        raise AssociationError(f"{what}; repeat it with the same options, or name the files that you want one by one")
    files = sorted(path.glob("*_asn.json"))
    if not (files or runs or (path / MANIFEST).exists()):
        raise AssociationError(f"{path}: there are no association files (*_asn.json) in this folder")
    return files


def files_of(place: Path, run: Run) -> list[Path]:
    """The association files that a run left at a place and that are still there; an archive is one."""
    files = [place / name for name in run.files if name.endswith("_asn.json")]
    return [file for file in ([place] if is_archive(place) else files) if file.exists()]


def refuse_gone(path: Path) -> None:
    """Refuse a folder that lacks files of its complete runs.

    Raises:
        AssociationError: a file is gone.
        OutputError: the folder's manifest is not valid.
    """
    if gone := [name for run in runs_in(path) if run.complete for name in run.files if not (path / name).exists()]:
        raise AssociationError(f"{path} lacks {few(gone)}; asnsolve status {path} shows how to make them again")


def refuse_damaged(path: Path) -> None:
    """Refuse an archive that begins as one and cannot be read to its end.

    Raises:
        ArchiveError: it is damaged; the message says where.
    """
    if is_archive(path) and path.is_file() and kind_of(path).is_one(path):  # a pipe would never end
        deque(kind_of(path).read(path), 0)


def load_named(*paths: str | Path) -> Iterator[tuple[Path, Association]]:
    """The files and their associations; see `load`. An archive counts as a folder of its files."""
    for path in map(Path, paths):
        for file in association_files(path):
            if is_archive(file):
                yield from ((file / name, association) for name, association in kind_of(file).read(file))
            else:
                yield file, replace(Association.from_dict(read_content(file)), sequence=sequence_of(file.name))


def load_runs(place: Path, keys: Collection[tuple[str, str]]) -> Associations:
    """The associations that runs of these keys left in a folder, or those of an archive of such a run.

    Raises:
        AssociationError, ArchiveError: a file cannot be read.
    """
    files = dict.fromkeys(file for run in runs_in(place) if run.key in keys for file in files_of(place, run))
    return Associations.of(association for _, association in load_named(*files))
