"""Products: how products and members are named, and what a valid group becomes."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping

from rules.vocabulary.attributes import Attribute, Column, first_given
from rules.vocabulary.expressions import Expression
from rules.vocabulary.grouping import columns
from rules.vocabulary.predicates import Choice, Predicate

#: What a plain field replaces by a hyphen.
_ODD = re.compile(r"[^a-z0-9]+")


class Field(Expression):
    """One part of a product name: the values that a group's members agree on.

    Attributes:
        labels: labels of the agreements whose values are used; those a rule lacks are skipped.
        prefix: stands in front of the values.
        width: shorter values are filled with zeros to this width.
        drop: values that are not shown.
        otherwise: the text where there is no value to show.
        plain: whether to keep only letters and digits: `p` takes the place of a point, `-` of anything else.
    """

    labels: tuple[str, ...]
    prefix: str = ""
    width: int = 0
    drop: tuple[str, ...] = ()
    otherwise: str = ""
    plain: bool = False

    def text(self, values: Mapping[str, str]) -> str:
        """The part of the name for a group whose agreements have these values, by label; "" where it has none.

        >>> Field(("filter", "pupil"), otherwise="clear").text({"pupil": "clear", "filter": "f444w"})
        'clear-f444w'
        """
        values_shown = sorted(value for label in self.labels if (value := values.get(label)) and value not in self.drop)
        text = "-".join(value.rjust(self.width, "0") for value in values_shown)
        text = _ODD.sub("-", text.replace(".", "p")) if self.plain else text
        return self.prefix + text if text else self.otherwise


class ProductName(Expression):
    """A product name: text and fields in turn.

    `{placeholders}` that only the pipeline can fill stay in the name, in braces.
    """

    parts: tuple[str | Field, ...]

    def text(self, values: Mapping[str, str]) -> str:
        """The name for a group whose agreements have these values, by label."""
        return "".join(part.text(values) if isinstance(part, Field) else part for part in self.parts)


def product_name(template: str, fields: Mapping[str, Field], placeholders: tuple[str, ...] = ()) -> ProductName:
    """A product name from a template such as `"jw{program}-{candidate}_{target}"`.

    Args:
        template: the name with its fields in braces.
        fields: the field for each name.
        placeholders: names that stay in braces, for the pipeline to fill.

    Raises:
        ValueError: a name in braces is neither a field nor a placeholder, or the template has a folder in it.
    """
    if "/" in template or "\\" in template:
        raise ValueError(f"product name {template!r} becomes part of file names; it cannot have folders")
    known: dict[str, str | Field] = {**fields, **{name: f"{{{name}}}" for name in placeholders}}
    parts: list[str | Field] = []
    for text, name, _, _ in string.Formatter().parse(template):
        if name is not None and name not in known:
            raise ValueError(f"product name {template!r}: there is no field {name!r}; there are {', '.join(known)}")
        parts += filter(None, (text, known.get(name or "")))
    return ProductName(tuple(parts))


class MemberName(Expression):
    """A member's file name: the exposure's name with the suffix of the product that is combined.

    Attributes:
        suffix: which product, by exposure (it may depend on the `role`).
        by_integration: which exposures are kept apart by integration.
        integrations: what is added to their suffix.
    """

    suffix: Choice
    by_integration: Predicate
    integrations: str = "ints"


# --- What a valid group becomes ---------------------------------------------------------------------


class OneProduct(Expression, phrase="one product"):
    """A valid group becomes one product, as it is."""


class NodsAsBackground(
    Expression, phrase="one product; of two or more {role} exposures, each is background for the others ({suffix})"
):
    """One product; where it has two or more exposures in `role`, each is background for the rest.

    Each of these exposures is listed once more, as `background`, by its product `suffix`.
    """

    role: str
    suffix: str


class DitherOverlap(Expression):
    """Which dither positions of a slit overlap, so that one cannot be the other's background.

    Positions are numbered by `position`; `subpixels` of them in a row are one primary position. Exposures of
    different `target`s overlap. So do those of one primary position, and those of neighbouring ones where
    `neighbours` holds for the exposure and there are `of` primary positions among `points`.

    Attributes:
        target: the column that identifies the target.
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


class NodPairs(Expression):
    """One product for each exposure in `role`, with those that do not overlap it as background.

    Members in other roles are in all of these products. Without `overlap`, no two exposures overlap.
    """

    role: str
    overlap: DitherOverlap | None

    def __str__(self) -> str:
        """In words."""
        free = "" if self.overlap is None else " that do not overlap with it"
        return f"one product for each {self.role} exposure, with the others{free} as background"


class DirectImage(Expression):
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
        """In words."""
        files = ", ".join(f"{role} (…{ending})" for ending, role in self.files)
        return f"one product, in which files made from one {self.role} replace every {self.role}: {files}"


Expansion = OneProduct | NodsAsBackground | NodPairs | DirectImage


class Select(
    Expression,
    phrase="of the {role} exposures, those with the {target.label} and {index.label} of the {about} exposure",
):
    """Keeps those of the exposures in `role` that best suit the exposures in `about`.

    Those that differ from these in `kind` stay in any case. Of the rest, first those with the `target` of one,
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


def one_product() -> Expansion:
    """A valid group becomes one product, as it is."""
    return OneProduct()


def nods_as_background(role: str, suffix: str) -> Expansion:
    """A valid group of nods: each exposure in `role` is listed once more, as background, by `suffix`."""
    return NodsAsBackground(role, suffix)


def nod_pairs(role: str, overlap: DitherOverlap | None = None) -> Expansion:
    """One product for each exposure in `role`; those that do not overlap it are its background."""
    return NodPairs(role, overlap)


def dither_overlap(
    *,
    target: str = "targetid",
    position: str = "patt_num",
    subpixels: Iterable[str] = ("subpxpts", "subpxpns"),
    points: str = "numdthpt",
    unknown: bool,
    neighbours: Predicate | None = None,
    of: int = 0,
) -> DitherOverlap:
    """Which dither positions of a slit overlap, by the usual columns; see `DitherOverlap`."""
    return DitherOverlap(Column(target), Column(position), columns(subpixels), Column(points), unknown, neighbours, of)


def direct_image(
    role: str,
    *,
    about: str,
    root: ProductName,
    files: Mapping[str, str],
    optics: Iterable[Iterable[str]],
    next_by: str | None = None,
    prefer: Predicate | None = None,
) -> Expansion:
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
    path = tuple(first_given(*each) for each in optics)
    number = None if next_by is None else Column(next_by)
    return DirectImage(role, about, number, prefer, path, root, tuple(files.items()))


def select(role: str, *, about: str, kind: Predicate, target: str, index: str) -> Select:
    """Keeps those of the exposures in `role` that best suit the exposures in `about`; see `Select`."""
    return Select(role, about, kind, Column(target), Column(index))
