"""Files that exist: associations name them by where they are and, on request, leave out files that do not exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from solver.associations import Association, Product
from solver.headers import files_below, is_text, uncompressed


@dataclass(frozen=True, slots=True)
class Lacking:
    """An association that lacks files.

    Attributes:
        association: name of its file.
        files: the files that do not exist.
        left_out: whether it was left out because it cannot be run without them.
    """

    association: str
    files: tuple[str, ...]
    left_out: bool

    def to_dict(self) -> dict[str, object]:
        """The same, for machines."""
        return {"file": self.association, "files": list(self.files), "left_out": self.left_out}


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

    def apply(self, associations: Iterable[Association]) -> tuple[tuple[Association, ...], tuple[Lacking, ...]]:
        """The associations with the files that exist, and those that lack files, if missing files are left out.

        An association is left out if it lacks all files of a role, such as all science exposures or all PSF
        references: without them it would be a different one. The rest keep the numbers in their names.
        """
        kept: list[Association] = []
        lacking: list[Lacking] = []
        for association in associations:
            products = tuple(self._available(product) for product in association.products)
            whole = all(map(_same_roles, products, association.products))
            names = (member.expname for member in association.members)
            missing = [name for name in names if self.only and name not in self.paths]
            if missing:
                lacking.append(Lacking(association.file_name, tuple(missing), left_out=not whole))
            if whole:
                kept.append(replace(association, products=products))
        return tuple(kept), tuple(lacking)

    def _available(self, product: Product) -> Product:
        members = [
            replace(member, expname=self.paths.get(member.expname, member.expname))
            for member in product.members
            if not self.only or member.expname in self.paths
        ]
        return replace(product, members=tuple(members))


def _files_of(place: Path) -> Iterator[Path]:
    return files_below(place) if place.is_dir() else _files_in(place.parent)


def _files_in(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in sorted(folder.iterdir()) if path.is_file())


def _same_roles(one: Product, other: Product) -> bool:
    return {member.exptype for member in one.members} == {member.exptype for member in other.members}
