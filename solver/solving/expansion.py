"""Selection and expansion: which exposures of a valid group stay, and what products it becomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import assert_never

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
from solver.associations import Member, exposure_name
from solver.pools import Evaluation
from solver.solving.product_names import Values, name

Members = Sequence[Member]


def select(selection: Select, members: Members, pool: Evaluation) -> list[Member]:
    """The members that stay; see `rules.vocabulary.Select`."""
    kept = list(members)
    if all(member.exptype != selection.role for member in kept):
        return kept
    about = [member for member in kept if member.exptype == selection.about]
    is_kind = pool.holds(selection.kind)
    wanted = any(is_kind[_row(member)] for member in about)
    candidates = [member for member in kept if member.exptype == selection.role and is_kind[_row(member)] == wanted]
    chosen = _sharing(selection.target, candidates, about, pool) or candidates
    if len(about) < len(chosen):
        chosen = _sharing(selection.index, chosen, about, pool) or chosen
    dropped = {member.row for member in candidates} - {member.row for member in chosen}
    return [member for member in kept if member.row not in dropped]


def _sharing(column: Column, members: Members, about: Members, pool: Evaluation) -> list[Member]:
    """The members whose value in the column also occurs among those in `about`."""
    codes = pool.values(column).codes
    wanted = {int(codes[_row(member)]) for member in about} - {0}
    return [member for member in members if int(codes[_row(member)]) in wanted]


def expand(expansion: Expansion, members: Members, values: Values, pool: Evaluation) -> list[list[Member]]:
    """The members of each product that a valid group becomes; see the classes of the expansion."""
    match expansion:
        case OneProduct():
            return [list(members)]
        case NodsAsBackground(role, suffix):
            return [[*members, *_nods_as_background(members, role, suffix)]]
        case NodPairs(role, overlap):
            return _nod_pairs(members, role, overlap, pool)
        case DirectImage():
            return _with_direct_image(expansion, members, values, pool)
        case _:
            assert_never(expansion)


def _nods_as_background(members: Members, role: str, suffix: str) -> list[Member]:
    nods, _ = _divided(members, role)
    if len(nods) == 1:
        return []
    return [replace(nod, expname=f"{exposure_name(nod.expname)}_{suffix}.fits", exptype="background") for nod in nods]


def _nod_pairs(members: Members, role: str, overlap: DitherOverlap | None, pool: Evaluation) -> list[list[Member]]:
    nods, others = _divided(members, role)
    overlaps = None if overlap is None else _overlaps(overlap, nods, pool)
    backgrounds = [(second, replace(nod, exptype="background")) for second, nod in enumerate(nods)]
    products: list[list[Member]] = []
    for first, nod in enumerate(nods):
        apart = [each for second, each in backgrounds if second != first and not (overlaps and overlaps(first, second))]
        products.append([nod, *apart, *others])
    return products


def _divided(members: Members, role: str) -> tuple[list[Member], list[Member]]:
    """The members in a role, and the rest."""
    return [each for each in members if each.exptype == role], [each for each in members if each.exptype != role]


def _row(member: Member) -> int:
    """The row of a member that is an exposure of the pool."""
    if member.row is None:
        raise ValueError(f"{member.expname} is no exposure of the pool")
    return member.row


def _overlaps(overlap: DitherOverlap, nods: Members, pool: Evaluation) -> Callable[[int, int], bool]:
    """A test whether the dither positions of two nods overlap, given their places in the list."""
    rows = [_row(member) for member in nods]
    targets = pool.values(overlap.target)
    near = pool.holds(FALSE if overlap.neighbours is None else overlap.neighbours)
    positions = [_number(pool, (overlap.position,), row) for row in rows]
    subpixels = [_number(pool, overlap.subpixels, row) for row in rows]
    points = [_number(pool, (overlap.points,), row) for row in rows]

    def overlaps(first: int, second: int) -> bool:
        if targets[rows[first]] != targets[rows[second]]:
            return True
        known = (positions[first], positions[second], subpixels[first], subpixels[second], points[first])
        if None in known or 0 in known[2:4]:
            return overlap.unknown
        one, other, sub_one, sub_other, every = (each or 0 for each in known)
        primary, primary_other = (one - 1) // sub_one, (other - 1) // sub_other
        if primary == primary_other:
            return True
        return bool(near[rows[first]]) and every // sub_one == overlap.of and abs(primary - primary_other) <= 1

    return overlaps


def _number(pool: Evaluation, columns: Sequence[Column], row: int) -> int | None:
    """The first of the columns' values that is a whole number."""
    values = (pool.values(column)[row] for column in columns)
    return next((int(value) for value in values if value.isdecimal()), None)


def _with_direct_image(
    expansion: DirectImage, members: Members, values: Values, pool: Evaluation
) -> list[list[Member]]:
    images, others = _divided(members, expansion.role)
    if not images:
        return []
    seed = next(member for member in members if member.exptype == expansion.about)
    image = _choose_image(expansion, images, seed, pool)
    path = tuple(value for value in (pool.values(each)[_row(image)] for each in expansion.optics) if value)
    root = name(expansion.root, {**values, "optics": tuple(sorted(path))})
    return [[*others, *(Member(root + ending, role) for ending, role in expansion.files)]]


def _choose_image(expansion: DirectImage, images: Members, seed: Member, pool: Evaluation) -> Member:
    if expansion.prefer is not None:
        preferred = [image for image in images if pool.holds(expansion.prefer)[_row(image)]]
        if preferred:
            return preferred[0]
    if expansion.next_by is not None:
        after = _number(pool, (expansion.next_by,), _row(seed))
        numbers = [_number(pool, (expansion.next_by,), _row(image)) for image in images]
        later = [number for number in numbers if number is not None and after is not None and number > after]
        if later:
            return images[numbers.index(min(later))]
    return images[0]
