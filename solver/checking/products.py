"""The products of a group, by their definition: which exposures stay, what is made of them, how it is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import assert_never

from rules.vocabulary import (
    Column,
    DirectImage,
    Field,
    Mapped,
    NodPairs,
    NodsAsBackground,
    OneProduct,
    ProductName,
    Select,
)
from solver.checking.exposures import Exposures, exposure_name, product_file
from solver.checking.groups import Group, Reading
from solver.checking.interpret import ANY, count, holds, overlap, shown, suffix, value

_SCIENCE = "science"


@dataclass(frozen=True, slots=True)
class File:
    """A member as it should be.

    Attributes:
        name: name of the file, in lower case.
        role: its role.
        row: the exposure that it is a product of; None for what is made from a whole group.
    """

    name: str
    role: str
    row: int | None


@dataclass(frozen=True)
class Expected:
    """An association as it should be, with one product.

    Attributes:
        reading: the rule and the candidate.
        group: the group that it is made from.
        name: name of the product, in lower case.
        target: how its target is called.
        files: its members.
    """

    reading: Reading
    group: Group
    name: str
    target: str
    files: tuple[File, ...]

    @cached_property
    def members(self) -> frozenset[tuple[str, str]]:
        """File and role of each member: what makes two associations the same."""
        return frozenset((file.name, file.role) for file in self.files)

    @property
    def science(self) -> int | None:
        """The first exposure that the product is about."""
        return _first(self.files).row


def products(reading: Reading, group: Group, exposures: Exposures) -> Iterator[Expected]:
    """The associations that a group becomes, as if it were valid."""
    values = _agreed(reading, group)
    members = [_file(reading, exposures, row, role) for row, role in group.roles.items()]
    for files in _expand(reading, _select(reading, members), values):
        first = _first(files)
        named = values | {"exposure": (exposure_name(first.name),)}
        if first.row is not None:
            target = exposures[first.row].get("targetid", "")
            named["science target"] = (target,) if target else ()
        name = _name(reading.spec.product_name, named)
        yield Expected(reading, group, name.lower(), reading.spec.target.text(named), files)


def _file(reading: Reading, exposures: Exposures, row: int, role: str) -> File:
    return File(product_file(exposures.files[row], suffix(reading.spec.member_name, reading.exposure(row))), role, row)


def _first(files: Sequence[File]) -> File:
    """The science exposure that comes first in the pool; without any, the member that does."""
    return min(files, key=lambda file: (file.role != _SCIENCE, file.role, -1 if file.row is None else file.row))


def _agreed(reading: Reading, group: Group) -> dict[str, tuple[str, ...]]:
    """What a group agrees on, by label: the values of those that are bound, as the pool has them."""
    agreed: dict[str, tuple[str, ...]] = {"candidate": (reading.candidate.id,)}
    for same in reading.spec.agreements:
        attribute = same.attribute.column if isinstance(same.attribute, Mapped) else same.attribute
        bound = (reading.exposure(row) for row in group.agreeing if shown(same, reading.exposure(row)) != ANY)
        agreed[same.label] = tuple(sorted({value(attribute, exposure) for exposure in bound}))
    return agreed


def _name(template: ProductName, values: Mapping[str, tuple[str, ...]]) -> str:
    return "".join(part.text(values) if isinstance(part, Field) else part for part in template.parts)


# --- Selection ----------------------------------------------------------------------------------


def _select(reading: Reading, files: Sequence[File]) -> tuple[File, ...]:
    """The members that stay; see `rules.vocabulary.Select`."""
    select = reading.spec.selection
    if select is None:
        return tuple(files)
    about = [file for file in files if file.role == select.about]
    kind = any(_is_kind(reading, select, file) for file in about)
    rivals = [file for file in files if file.role == select.role and _is_kind(reading, select, file) == kind]
    best = _sharing(reading, select.target, rivals, about) or rivals
    if len(best) > len(about):
        best = _sharing(reading, select.index, best, about) or best
    return tuple(file for file in files if file not in rivals or file in best)


def _is_kind(reading: Reading, select: Select, file: File) -> bool:
    return file.row is not None and holds(select.kind, reading.exposure(file.row))


def _sharing(reading: Reading, column: Column, files: Sequence[File], others: Sequence[File]) -> list[File]:
    """The files whose exposure has the value of one of the others."""
    wanted = {_value(reading, column, other) for other in others} - {""}
    return [file for file in files if _value(reading, column, file) in wanted]


def _value(reading: Reading, column: Column, file: File) -> str:
    return "" if file.row is None else value(column, reading.exposure(file.row))


# --- Expansion ----------------------------------------------------------------------------------


def _expand(
    reading: Reading, files: tuple[File, ...], values: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[File, ...]]:
    """The members of each product; see the expansions in `rules.vocabulary`."""
    match reading.spec.expansion:
        case OneProduct():
            yield files
        case NodsAsBackground(role, ending):
            nods = [file for file in files if file.role == role]
            if len(nods) > 1:
                files += tuple(_as_background(nod, ending) for nod in nods)
            yield files
        case NodPairs() as pairs:
            for nod in files:
                if nod.role == pairs.role:
                    yield tuple(_beside(reading, pairs, nod, files))
        case DirectImage() as image:
            if any(file.role == image.role for file in files):
                yield _with_direct_image(reading, image, files, values)
        case expansion:
            assert_never(expansion)


def _as_background(nod: File, ending: str) -> File:
    return File(f"{exposure_name(nod.name)}_{ending}.fits", "background", nod.row)


def _beside(reading: Reading, pairs: NodPairs, nod: File, files: Sequence[File]) -> Iterator[File]:
    """The members of the product about one nod."""
    for file in files:
        if file == nod or file.role != pairs.role:
            yield file
        elif not _overlap(reading, pairs, nod, file):
            yield replace(file, role="background")


def _overlap(reading: Reading, pairs: NodPairs, nod: File, other: File) -> bool:
    if pairs.overlap is None or nod.row is None or other.row is None:
        return False
    return overlap(pairs.overlap, reading.exposure(nod.row), reading.exposure(other.row))


def _with_direct_image(
    reading: Reading, expansion: DirectImage, files: Sequence[File], values: Mapping[str, tuple[str, ...]]
) -> tuple[File, ...]:
    rows = [file.row for file in files if file.role == expansion.role and file.row is not None]
    exposure = reading.exposure(_choose_image(reading, expansion, rows, _first(files)))
    optics = sorted(filter(None, (value(part, exposure) for part in expansion.optics)))
    root = _name(expansion.root, {**values, "optics": tuple(optics)})
    made = (File((root + ending).lower(), role, None) for ending, role in expansion.files)
    return (*(file for file in files if file.role != expansion.role), *made)


def _choose_image(reading: Reading, expansion: DirectImage, rows: Sequence[int], seed: File) -> int:
    """The image that is preferred, else the next one after the seed, else the first one."""
    if expansion.prefer is not None:
        return next((row for row in rows if holds(expansion.prefer, reading.exposure(row))), rows[0])
    if expansion.next_by is None or seed.row is None:
        return rows[0]
    column = (expansion.next_by,)
    after = count(column, reading.exposure(seed.row))
    numbers = [(count(column, reading.exposure(row)), row) for row in rows]
    later = [(number, row) for number, row in numbers if number is not None and after is not None and number > after]
    return min(later)[1] if later else rows[0]
