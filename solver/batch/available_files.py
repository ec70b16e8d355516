"""Files that exist: associations name them by where they are and, on request, leave out files that do not exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np

from solver.associations import Associations, Texts
from solver.headers import files_below, is_text, uncompressed
from solver.multimap import grouped


@dataclass(frozen=True, slots=True)
class Lacking:
    """An association that lacks files.

    Attributes:
        file: name of its file.
        files: the files that do not exist.
        left_out: whether it was left out because it cannot be run without them.
    """

    file: str
    files: tuple[str, ...]
    left_out: bool


@dataclass(frozen=True, slots=True)
class AvailableFiles:
    """The files that exist.

    Attributes:
        paths: a file's name in an association to its replacement: the file's own name if it is in the associations'
            folder, else its whole path, since the pipeline resolves relative paths differently at Level 2 and Level 3.
        only: whether files that do not exist are left out.
    """

    paths: Mapping[str, str]
    only: bool

    @classmethod
    def among(cls, places: Iterable[Path], named: Mapping[str, Path], folder: Path, *, only: bool) -> AvailableFiles:
        """The files of places, and those beside the associations, where the pipeline leaves its products.

        Args:
            places: folders, which count with everything in them, and files, which count with those beside them.
            named: files that do not have the pipeline's names, by the names that it would give them.
            folder: where associations will be written.
            only: whether files that do not exist are left out.
        """
        found: dict[str, Path] = {}
        for path in chain(_files_in(folder), *map(_files_of, places)):
            found.setdefault(uncompressed(path.name), path)
        found = {**named, **found}
        own = folder.resolve()
        inside = {parent: parent.resolve() for parent in {path.parent for path in found.values()}}
        paths = {name: inside[path.parent] / path.name for name, path in found.items()}
        texts = {name: path.name if path.parent == own else path.as_posix() for name, path in paths.items()}
        return cls({name: text for name, text in texts.items() if is_text(text)}, only)

    def apply(self, associations: Associations) -> tuple[Associations, tuple[Lacking, ...]]:
        """The associations with the files that exist, and those that lack files, if missing files are left out.

        An association is left out if it lacks all files of a role, such as all science exposures or all PSF
        references: without them it would be a different one. The rest keep the numbers in their names.
        """
        names = associations.members["expname"]
        there = np.array([not self.only or name in self.paths for name in names.values], dtype=np.bool_)
        kept, whole = associations.where(there[names.codes])
        found = Texts(names.codes, [self.paths.get(name, name) for name in names.values])
        kept = replace(kept, members={**kept.members, "expname": found})
        codes = names.codes[associations.member]
        lacks = ~there[codes]
        pairs = zip(associations.owners[lacks].tolist(), codes[lacks].tolist(), strict=True)
        missing = grouped((place, names.values[code]) for place, code in pairs)
        files = associations.file_names
        lacking = (Lacking(files[place], tuple(names), left_out=not whole[place]) for place, names in missing.items())
        return kept.take(np.flatnonzero(whole)), tuple(lacking)


def _files_of(place: Path) -> Iterator[Path]:
    return files_below(place) if place.is_dir() else _files_in(place.parent)


def _files_in(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in sorted(folder.iterdir()) if path.is_file())
