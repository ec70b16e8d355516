"""Files that exist: associations name them by where they are and, on request, leave out files that do not exist."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from solver.associations import Associations, Texts, uncompressed
from solver.guards import real
from solver.headers import files_beside, files_in, is_text
from solver.multimap import grouped


class Lacking(NamedTuple):
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
    """The files that exist; by default all do, under the names that associations give them.

    Attributes:
        paths: a file's name in an association to its replacement: the file's own name if it is in the associations'
            folder, else its whole path, since the pipeline resolves relative paths differently at Level 2 and Level 3
            unless it runs in that folder; on request, the path from there.
        only: whether files that do not exist are left out.
    """

    paths: Mapping[str, str] = field(default_factory=dict)
    only: bool = False

    @classmethod
    def among(cls, places: Iterable[Path], named: Mapping[str, Path], out: Path, *, only: bool, relative: bool) -> Self:
        """The files of places, and those beside the associations, where the pipeline leaves its products.

        Args:
            places: folders, which count with everything in them, and files, which count with those beside them.
            named: files that do not have the pipeline's names, by the names that it would give them.
            out: the folder where associations will be written.
            only: whether files that do not exist are left out.
            relative: whether files elsewhere are named by their paths from there.
        """
        every = [*files_in(out), *chain(*files_beside(places))]
        found = {uncompressed(path.name): path for path in reversed(every)}  # the first of a name counts
        found |= {name: path for name, path in named.items() if name != uncompressed(path.name)}
        own, resolved = real(out), cache(real)
        paths = {name: resolved(path.parent) / path.name for name, path in found.items()}
        near = {name: os.path.relpath(path, own) for name, path in paths.items() if relative or path.parent == own}
        texts = {name: near.get(name) or path.as_posix() for name, path in paths.items()}
        return cls({name: text for name, text in texts.items() if is_text(text)}, only)

    def apply(self, associations: Associations) -> tuple[Associations, tuple[Lacking, ...]]:
        """The associations with the files that exist, and those that lack files, if missing files are left out.

        An association is left out if it lacks all files of a role, such as all science exposures or all PSF
        references: without them it would be a different one. The rest keep the numbers in their names.
        """
        if not (self.paths or self.only):
            return associations, ()
        names = associations.members["expname"]
        there = names.where(lambda name: not self.only or name in self.paths)
        kept, whole = associations.where(there)
        found = Texts(names.codes, [self.paths.get(name, name) for name in names.values])
        kept = replace(kept, members={**kept.members, "expname": found})
        lacks = ~there[associations.member]
        missing = grouped(zip(associations.owners[lacks].tolist(), names.at(associations.member[lacks]), strict=True))
        files = associations.file_names
        lacking = (Lacking(files[place], tuple(names), left_out=not whole[place]) for place, names in missing.items())
        return kept.take(np.flatnonzero(whole)), tuple(lacking)
