"""Selection and expansion: which exposures of a valid group stay, and what products it becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
from solver.associations import exposure_name
from solver.pools import Evaluation

#: What a group shows in names, by label.
Values = Mapping[str, str]

#: Members, as numbers in a roster.
Members = Sequence[int]


class Roster:
    """The members of a rule's groups by number. Expansion adds members.

    Attributes:
        names: the file name of each.
        roles: the role of each.
        rows: the row of each one's exposure, or -1.
        like: the member whose exposure each shares, which may be itself; -1 for a file of no single exposure.
    """

    def __init__(self, names: list[str], roles: list[str], rows: list[int]) -> None:
        """Begin with members that are exposures."""
        self.names, self.roles, self.rows = names, roles, rows
        self.like = list(range(len(rows)))
        self._keys = list(map(_order, names, roles, rows))
        self._added: dict[tuple[str, str, int], int] = {}

    def add(self, name: str, role: str, like: int = -1) -> int:
        """The number of a member with another file or role, equal ones having one number."""
        number = self._added.setdefault((name, role, like), len(self.names))
        if number == len(self.names):
            self.names.append(name)
            self.roles.append(role)
            self.rows.append(-1 if like < 0 else self.rows[like])
            self.like.append(like)
            self._keys.append(_order(name, role, self.rows[-1]))
        return number

    def in_role(self, members: Members, role: str) -> list[int]:
        """The members in a role."""
        return [each for each in members if self.roles[each] == role]

    def in_order(self, members: Iterable[int]) -> list[int]:
        """The members in canonical order: science first, then by role; within a role by place in the hierarchy."""
        return sorted(members, key=self._keys.__getitem__)


def _order(name: str, role: str, row: int) -> tuple[object, ...]:
    return *role_order(role), row, name


def role_order(role: str) -> tuple[bool, str]:
    """Sort key of roles in an association: science comes first."""
    return role != "science", role


def select(selection: Select, members: Members, roster: Roster, pool: Evaluation) -> list[int]:
    """The members that stay; see `rules.vocabulary.Select`."""
    in_role, about = roster.in_role(members, selection.role), roster.in_role(members, selection.about)
    if not in_role:
        return list(members)
    is_kind = pool.holds(selection.kind)
    wanted = any(is_kind[roster.rows[member]] for member in about)
    candidates = [member for member in in_role if is_kind[roster.rows[member]] == wanted]
    chosen = _sharing(selection.target, candidates, about, roster, pool) or candidates
    if len(about) < len(chosen):
        chosen = _sharing(selection.index, chosen, about, roster, pool) or chosen
    dropped = {*candidates}.difference(chosen)
    return [member for member in members if member not in dropped]


def _sharing(column: Column, members: Members, about: Members, roster: Roster, pool: Evaluation) -> list[int]:
    """The members whose value in the column also occurs among those in `about`."""
    codes = pool.values(column).codes
    wanted = {int(codes[roster.rows[member]]) for member in about} - {0}
    return [member for member in members if int(codes[roster.rows[member]]) in wanted]


def expand(expansion: Expansion, members: Members, values: Values, roster: Roster, pool: Evaluation) -> list[list[int]]:
    """The members of each product that a valid group becomes; see the classes of the expansion."""
    match expansion:
        case OneProduct():
            return [list(members)]
        case NodsAsBackground(role, suffix):
            return [[*members, *_nods_as_background(members, role, suffix, roster)]]
        case NodPairs(role, overlap):
            return _nod_pairs(members, role, overlap, roster, pool)
        case DirectImage():
            return _with_direct_image(expansion, members, values, roster, pool)
        case _:
            assert_never(expansion)


def _nods_as_background(members: Members, role: str, suffix: str, roster: Roster) -> list[int]:
    nods = roster.in_role(members, role)
    if len(nods) == 1:
        return []
    return [roster.add(f"{exposure_name(roster.names[nod])}_{suffix}.fits", "background", nod) for nod in nods]


def _nod_pairs(
    members: Members, role: str, overlap: DitherOverlap | None, roster: Roster, pool: Evaluation
) -> list[list[int]]:
    nods = roster.in_role(members, role)
    rest = [member for member in members if roster.roles[member] != role]
    overlaps = None if overlap is None else _overlaps(overlap, [roster.rows[nod] for nod in nods], pool)
    backgrounds = [(second, roster.add(roster.names[nod], "background", nod)) for second, nod in enumerate(nods)]
    products: list[list[int]] = []
    for first, nod in enumerate(nods):
        apart = [each for second, each in backgrounds if second != first and not (overlaps and overlaps(first, second))]
        products.append([nod, *apart, *rest])
    return products


def _overlaps(overlap: DitherOverlap, rows: Sequence[int], pool: Evaluation) -> Callable[[int, int], bool]:
    """A test whether the dither positions of two nods overlap, given their places in the list."""
    targets = [pool.values(overlap.target)[row] for row in rows]
    near = pool.holds(FALSE if overlap.neighbours is None else overlap.neighbours)
    known: list[tuple[int, int | None, bool] | None] = []  # primary position, number of points over subpixels, nearness
    for row in rows:
        position, subpixels = _number(pool, (overlap.position,), row), _number(pool, overlap.subpixels, row)
        points = _number(pool, (overlap.points,), row)
        primary = (position - 1) // subpixels if position is not None and subpixels else None
        every = None if points is None or not subpixels else points // subpixels
        known.append(None if primary is None else (primary, every, bool(near[row])))

    def overlaps(first: int, second: int) -> bool:
        one, other = known[first], known[second]
        if targets[first] != targets[second]:
            return True
        if one is None or other is None or one[1] is None:
            return overlap.unknown
        return one[0] == other[0] or (one[2] and one[1] == overlap.of and abs(one[0] - other[0]) <= 1)

    return overlaps


def _number(pool: Evaluation, columns: Sequence[Column], row: int) -> int | None:
    """The first of the columns' values that is a whole number."""
    values = (pool.values(column)[row] for column in columns)
    return next((int(value) for value in values if value.isdecimal()), None)


def _with_direct_image(
    expansion: DirectImage, members: Members, values: Values, roster: Roster, pool: Evaluation
) -> list[list[int]]:
    images = roster.in_role(members, expansion.role)
    if not images:
        return []
    seed = next(member for member in members if roster.roles[member] == expansion.about)
    row = _choose_image(expansion, [roster.rows[image] for image in images], roster.rows[seed], pool)
    optics = "-".join(sorted(filter(None, (pool.values(each)[row] for each in expansion.optics))))
    root = expansion.root.text({**values, "optics": optics})
    rest = [member for member in members if roster.roles[member] != expansion.role]
    return [[*rest, *(roster.add(root + ending, role) for ending, role in expansion.files)]]


def _choose_image(expansion: DirectImage, images: Sequence[int], seed: int, pool: Evaluation) -> int:
    """The row of the image that is taken, given those of all images and of the seed."""
    preferred = pool.holds(FALSE if expansion.prefer is None else expansion.prefer)
    columns = () if expansion.next_by is None else (expansion.next_by,)
    after = _number(pool, columns, seed)

    def rank(image: int) -> tuple[int, ...]:
        number = _number(pool, columns, image)
        if preferred[image]:
            return (0,)
        return (2,) if number is None or after is None or number <= after else (1, number)

    return min(images, key=rank)
