"""Selection and expansion: which exposures of a valid group stay, and what products it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import eq
from typing import NamedTuple

from rules.vocabulary import (
    FALSE,
    Column,
    DirectImage,
    DitherOverlap,
    Expansion,
    NodPairs,
    NodsAsBackground,
    OneProduct,
    Select,
)
from solver.associations import exposure_name
from solver.pools import Evaluation, whole_number_of


class Entry(NamedTuple):
    """A member of a group or of a product.

    Attributes:
        role: its role.
        row: the row of its exposure; -1 for a file of no single exposure.
        name: its file.
        candidate: the index of a candidate in which its exposure was considered.
    """

    role: str
    row: int
    name: str
    candidate: int = -1


#: Members of a group or of a product.
Members = Sequence[Entry]

#: What a group shows in names, by label.
Values = Mapping[str, str]


def in_order(members: Members) -> Members:
    """The members in canonical order: science first, then by role, exposure and file."""
    return sorted(members, key=lambda each: (each.role != "science", each))


def _in_role(members: Members, role: str) -> Members:
    return [each for each in members if each.role == role]


def select(selection: Select, members: Members, pool: Evaluation) -> Members:
    """The members that stay; see `rules.vocabulary.Select`."""
    in_role, about = _in_role(members, selection.role), _in_role(members, selection.about)
    is_kind = pool.holds(selection.kind)
    wanted = any(is_kind[member.row] for member in about)
    candidates = [member for member in in_role if is_kind[member.row] == wanted]
    chosen = _sharing(selection.target, candidates, about, pool) or candidates
    if len(about) < len(chosen):
        chosen = _sharing(selection.index, chosen, about, pool) or chosen
    dropped = {*candidates}.difference(chosen)
    return [member for member in members if member not in dropped]


def _sharing(column: Column, members: Members, about: Members, pool: Evaluation) -> Members:
    """The members whose value in the column also occurs among those in `about`."""
    codes = pool.values(column).codes
    wanted = {int(codes[member.row]) for member in about} - {0}
    return [member for member in members if int(codes[member.row]) in wanted]


def expand(expansion: Expansion, members: Members, values: Values, pool: Evaluation) -> Sequence[Members]:
    """The members of each product that a valid group becomes; see the classes of the expansion."""
    match expansion:
        case OneProduct():
            return [list(members)]
        case NodsAsBackground(role, suffix):
            nods = _in_role(members, role)
            more = [each._replace(role="background", name=f"{exposure_name(each.name)}_{suffix}.fits") for each in nods]
            return [[*members, *(more if len(nods) > 1 else ())]]
        case NodPairs(role, overlap):
            return _nod_pairs(members, role, overlap, pool)
        case DirectImage():
            return _with_direct_image(expansion, members, values, pool)


def _nod_pairs(members: Members, role: str, overlap: DitherOverlap | None, pool: Evaluation) -> Sequence[Members]:
    nods = _in_role(members, role)
    rest = [member for member in members if member.role != role]
    others = {nod.row: nod._replace(role="background") for nod in nods}
    overlaps = eq if overlap is None else _overlaps(overlap, [*others], pool)
    return [[nod, *(other for row, other in others.items() if not overlaps(nod.row, row)), *rest] for nod in nods]


def _overlaps(overlap: DitherOverlap, nods: Sequence[int], pool: Evaluation) -> Callable[[int, int], bool]:
    """A test whether the dither positions of two of these nods overlap; those of one do."""
    targets, near = pool.values(overlap.target).codes, pool.holds(overlap.neighbours or FALSE)
    known: dict[int, tuple[int | None, int | None]] = {}  # the primary position of each, and how many there are
    for row in nods:
        position, points = _number(pool, (overlap.position,), row), _number(pool, (overlap.points,), row)
        steps = _number(pool, overlap.subpixels, row)
        primary = (position - 1) // steps if position is not None and steps else None
        known[row] = primary, points // steps if points is not None and steps else None

    def overlaps(nod: int, other: int) -> bool:
        (one, count), (two, _) = known[nod], known[other]
        if nod == other or targets[nod] != targets[other]:
            return True
        if one is None or two is None or count is None:
            return overlap.unknown
        return one == two or (bool(near[nod]) and count == overlap.of and abs(one - two) <= 1)

    return overlaps


def _number(pool: Evaluation, columns: Sequence[Column], row: int) -> int | None:
    """The first of the columns' values that is a whole number."""
    values = (pool.values(column)[row] for column in columns)
    return next((found for found in map(whole_number_of, values) if found is not None), None)


def _with_direct_image(expansion: DirectImage, members: Members, values: Values, pool: Evaluation) -> Sequence[Members]:
    if not (images := _in_role(members, expansion.role)):
        return []
    seed = next(member for member in members if member.role == expansion.about)
    row = _choose_image(expansion, [image.row for image in images], seed.row, pool)
    optics = "-".join(sorted(filter(None, (pool.values(each)[row] for each in expansion.optics))))
    root = expansion.root.text({**values, "optics": optics})
    rest = [member for member in members if member.role != expansion.role]
    return [[*rest, *(Entry(role, -1, root + ending) for ending, role in expansion.files)]]


def _choose_image(expansion: DirectImage, images: Sequence[int], seed: int, pool: Evaluation) -> int:
    """The row of the image that is taken, given those of all images and of the seed."""
    preferred = pool.holds(expansion.prefer or FALSE)
    columns = () if expansion.next_by is None else (expansion.next_by,)
    after = _number(pool, columns, seed)

    def rank(image: int) -> tuple[int, ...]:
        number = _number(pool, columns, image)
        if preferred[image]:
            return (0,)
        return (2,) if number is None or after is None or number <= after else (1, number)

    return min(images, key=rank)
