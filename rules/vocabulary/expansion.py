"""Expansion: what a valid group becomes: one product as it is, or others made from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import final

from rules.vocabulary.attributes import Attribute, Column, first_given
from rules.vocabulary.names import ProductName
from rules.vocabulary.predicates import Predicate


@final
@dataclass(frozen=True, slots=True)
class OneProduct:
    """A valid group becomes one product, as it is."""

    def __str__(self) -> str:
        """As it would be said."""
        return "one product, as it is"


@final
@dataclass(frozen=True, slots=True)
class NodsAsBackground:
    """As one product; where it has two and more exposures in `role`, each is its neighbours' background.

    Each of these exposures is listed once more, as `background`, by its product `suffix`.
    """

    role: str
    suffix: str

    def __str__(self) -> str:
        """As it would be said."""
        return f"one product; of two and more {self.role} exposures, each is background of the others ({self.suffix})"


@final
@dataclass(frozen=True, slots=True)
class DitherOverlap:
    """Which dither positions of a slit overlap, so that one cannot be the other's background.

    Positions are numbered by `position`; `subpixels` of them in a row are one primary position. Exposures of
    different `target`s overlap. So do those of one primary position, and those of neighbouring ones where
    `neighbours` holds for the exposure and there are `of` primary positions among `points`.

    Attributes:
        target: the column that tells the targets apart.
        position: number of the position, from 1.
        subpixels: number of subpixel positions; the first column with a number counts.
        points: number of positions in all.
        unknown: whether exposures overlap if one of these numbers is missing.
        neighbours: exposures that overlap with neighbouring positions, too.
        of: the number of primary positions at which they do.
    """

    target: Column
    position: Column
    subpixels: tuple[Column, ...]
    points: Column
    unknown: bool
    neighbours: Predicate | None
    of: int


@final
@dataclass(frozen=True, slots=True)
class NodPairs:
    """One product for each exposure in `role`, with those of the others that do not overlap as background.

    Members in other roles are in all of these products. Without `overlap`, no two exposures overlap.
    """

    role: str
    overlap: DitherOverlap | None

    def __str__(self) -> str:
        """As it would be said."""
        free = "" if self.overlap is None else " that do not overlap with it"
        return f"one product for each {self.role} exposure, with the others{free} as background"


@final
@dataclass(frozen=True, slots=True)
class DirectImage:
    """One product, in which the files made from one direct image take the place of all direct images.

    The image is the first that `prefer` holds for, else the one with the next higher number `next_by` after
    the seed's, else the first one in canonical order.

    Attributes:
        role: role of the direct images; a group without one becomes nothing.
        about: role of the seed.
        next_by: a numbered column; None to go by `prefer` alone.
        prefer: direct images that are taken first.
        optics: what the names show of the direct image's optical path.
        root: the start of the names, with the label `optics` for what `optics` gives.
        files: what follows the root, and the role of that file.
    """

    role: str
    about: str
    next_by: Column | None
    prefer: Predicate | None
    optics: tuple[Attribute, ...]
    root: ProductName
    files: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """As it would be said."""
        files = ", ".join(f"{role} (…{ending})" for ending, role in self.files)
        return f"one product, with files made from one {self.role} in place of all: {files}"


Expansion = OneProduct | NodsAsBackground | NodPairs | DirectImage


@final
@dataclass(frozen=True, slots=True)
class Select:
    """Of the exposures in `role`, those stay that suit the exposures in `about` best.

    Those stay in any case that differ from them in `kind`. Of the rest, first those with the `target` of one,
    if there are any; then, if there are more left than exposures in `about`, those with the `index` of one, if
    there are any.

    Attributes:
        role: role of the exposures that are selected.
        about: role of the exposures that they are for.
        kind: a condition that divides the exposures in two kinds; one exposure in `about` for which it holds
            decides which kind is selected from.
        target: the column of the target.
        index: the column of the dither position.
    """

    role: str
    about: str
    kind: Predicate
    target: Column
    index: Column

    def __str__(self) -> str:
        """As it would be said."""
        like = f"{self.target.label} and {self.index.label}"
        return f"of the {self.role} exposures, those with the {like} of the {self.about} exposure"


def one_product() -> OneProduct:
    """A valid group becomes one product, as it is."""
    return OneProduct()


def nods_as_background(role: str, suffix: str) -> NodsAsBackground:
    """A valid group of nods: each exposure in `role` is listed once more, as background, by `suffix`."""
    return NodsAsBackground(role, suffix)


def nod_pairs(role: str, overlap: DitherOverlap | None = None) -> NodPairs:
    """One product for each exposure in `role`; the others that do not overlap are its background."""
    return NodPairs(role, overlap)


def dither_overlap(
    *,
    target: str,
    position: str,
    subpixels: Iterable[str],
    points: str,
    unknown: bool,
    neighbours: Predicate | None = None,
    of: int = 0,
) -> DitherOverlap:
    """Which dither positions of a slit overlap; see `DitherOverlap`."""
    columns = tuple(map(Column, subpixels))
    return DitherOverlap(Column(target), Column(position), columns, Column(points), unknown, neighbours, of)


def direct_image(
    role: str,
    *,
    about: str,
    root: ProductName,
    files: Mapping[str, str],
    optics: Iterable[Iterable[str]],
    next_by: str | None = None,
    prefer: Predicate | None = None,
) -> DirectImage:
    """The files made from one direct image take the place of all direct images; see `DirectImage`.

    Args:
        role: role of the direct images.
        about: role of the exposure that they are for.
        root: the start of the files' names.
        files: what follows the root, to the role of that file.
        optics: the columns of the optical path, of each group the first that is given.
        next_by: the column in which the image follows the seed.
        prefer: images that are taken first.
    """
    path = tuple(first_given(*columns) for columns in optics)
    number = None if next_by is None else Column(next_by)
    return DirectImage(role, about, number, prefer, path, root, tuple(files.items()))


def select(role: str, *, about: str, kind: Predicate, target: str, index: str) -> Select:
    """Of the exposures in `role`, those stay that suit the exposures in `about` best; see `Select`."""
    return Select(role, about, kind, Column(target), Column(index))
