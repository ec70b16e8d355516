"""The products of a group, by definition: which exposures stay, which products they become, and their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, product, starmap, takewhile

from rules.rule import RuleSpec
from rules.vocabulary import (
    FALSE,
    Column,
    DirectImage,
    Expansion,
    Mapped,
    NodPairs,
    NodsAsBackground,
    OneProduct,
    Same,
    Select,
)
from solver.associations import exposure_name, with_suffix
from solver.checking.exposures import Exposures, in_words
from solver.checking.expressions import ANY, Exposure, count, holds, overlap, shown, suffix, value
from solver.checking.groups import Group, Reading
from solver.memory import remembered
from solver.multimap import grouped
from solver.pools import Candidate

_SCIENCE, _BACKGROUND, _ACQUISITION = "science", "background", "target_acquisition"

#: What a name shows, by label.
Values = Mapping[str, str]


class Members(frozenset[tuple[str, str]]):
    """File and role of each member, in lower case."""

    @cached_property
    def roles(self) -> Mapping[str, list[str]]:
        """The roles of each file."""
        return grouped(self)


@dataclass(frozen=True, slots=True)
class File:
    """An expected member.

    Attributes:
        name: name of the file, in lower case.
        role: its role.
        row: the exposure that it is a product of; None for what is made from a whole group.
        exposure: the values of that exposure.
    """

    name: str
    role: str
    row: int | None
    exposure: Exposure = field(compare=False)


@dataclass(frozen=True, eq=False)
class Expected:
    """An expected association, with one product; it is equal to itself alone.

    Attributes:
        reading: the rule and the candidate.
        group: the group that it is made from.
        name: name of the product, in lower case.
        target: the name of its target.
        files: its members.
        reduced: whether its background was left out on request.
    """

    reading: Reading
    group: Group
    name: str
    target: str
    files: tuple[File, ...]
    reduced: bool = False

    @cached_property
    def members(self) -> Members:
        """File and role of each member: what makes two associations the same."""
        return Members((file.name, file.role) for file in self.files)

    @cached_property
    def rows(self) -> frozenset[int]:
        """The exposures that its members are products of."""
        return frozenset(file.row for file in self.files if file.row is not None)

    @remembered
    def shown(self, same: Same) -> set[str]:
        """What the exposures that its group is about show for an agreement."""
        return {shown(same, self.reading.exposure(row)) for row in self.group.anchors} - {ANY}

    @property
    def spec(self) -> RuleSpec:
        """The rule."""
        return self.reading.spec

    def __str__(self) -> str:
        """The association in words."""
        return f"{self.name} of {self.spec.name} in {in_words(self.reading.candidate)}"


class Expectations:
    """What rules make of exposures, found on demand for each rule and candidate."""

    def __init__(self, exposures: Exposures, background_at: str = "both") -> None:
        """Remember what is found."""
        self._exposures = exposures
        self._background_at = background_at

    @remembered
    def _every(self, spec: RuleSpec, candidate: Candidate) -> Sequence[Expected]:
        """All associations, those with the same members side by side."""
        reading = Reading(spec, candidate, self._exposures)
        every: Iterable[Expected] = (each for group in reading.groups() for each in products(reading, group))
        if self._background_at not in ("both", str(spec.level)):
            every = map(_without_backgrounds, every)
        return [*chain.from_iterable(grouped((each.members, each) for each in every).values())]

    @remembered
    def _by_members(self, spec: RuleSpec, candidate: Candidate) -> Mapping[Members, list[Expected]]:
        return grouped((each.members, each) for each in self._every(spec, candidate))

    @remembered
    def _by_part(self, spec: RuleSpec, candidate: Candidate) -> Mapping[object, list[int]]:
        """The places of the associations with each member, and with each exposure."""
        every = enumerate(self._every(spec, candidate))
        return grouped((part, place) for place, each in every for part in chain[object](each.members, each.rows))

    @remembered
    def _by_name(self, spec: RuleSpec, candidate: Candidate) -> Mapping[str, list[Expected]]:
        largest_first = sorted(self.valid([spec], [candidate]), key=lambda each: -len(each.members))
        return grouped((each.name, each) for each in largest_first)

    def like(
        self, specs: Iterable[RuleSpec], candidates: Sequence[Candidate], members: Members, rows: Iterable[int | None]
    ) -> Iterator[Expected]:
        """What rules make with these members, valid or not; of a rule that makes nothing with them, what shares any."""
        for each in product(specs, candidates):
            if same := self._by_members(*each).get(members):
                yield from same
            else:
                shared = (self._by_part(*each).get(part, ()) for part in chain[object](members, rows))
                yield from map(self._every(*each).__getitem__, sorted({*chain.from_iterable(shared)}))

    def valid(self, specs: Iterable[RuleSpec], candidates: Sequence[Candidate]) -> Iterator[Expected]:
        """The associations of valid groups."""
        every = chain.from_iterable(starmap(self._every, product(specs, candidates)))
        return (each for each in every if not each.group.lacks)

    def namesakes(
        self, specs: Iterable[RuleSpec], candidates: Sequence[Candidate], name: str, size: int = 0
    ) -> Iterator[Expected]:
        """The associations of valid groups with a product of this name and of more than so many members."""
        for found in starmap(self._by_name, product(specs, candidates)):
            yield from takewhile(lambda each: len(each.members) > size, found.get(name, ()))


def products(reading: Reading, group: Group) -> Iterator[Expected]:
    """The associations that a group becomes, as if it were valid."""
    values = _agreed(reading, group)
    spec = reading.spec
    members = []
    for row, role in group.roles.items():
        exposure = reading.exposure(row)
        name = with_suffix(exposure["filename"], suffix(spec.member_name, exposure))
        members.append(File(name, role, row, exposure))
    for files in _expand(spec.expansion, _select(spec.selection, members), values):
        first = first_of(files)
        target = first.exposure.get("targetid", "")
        named = {**values, "exposure": exposure_name(first.name), "science target": target}
        yield Expected(reading, group, spec.product_name.text(named).lower(), spec.target.text(named), files)


def _without_backgrounds(expected: Expected) -> Expected:
    """Without its background and the acquisitions that only this has, unless it is made of nothing else."""
    places = grouped((file.role, file.exposure.get("obs_num", "")) for file in expected.files)
    alone = {*places.get(_BACKGROUND, ())} - {*places.get(_SCIENCE, ())}
    gone = {(_BACKGROUND, place) for place in places.get(_BACKGROUND, ())} | {(_ACQUISITION, place) for place in alone}
    files = (file for file in expected.files if (file.role, file.exposure.get("obs_num", "")) not in gone)
    return replace(expected, files=tuple(files) or expected.files, reduced=bool(gone))


def first_of(files: Iterable[File]) -> File:
    """The science exposure that comes first in the pool; without any, the member that does."""
    return min(files, key=lambda file: (file.role != _SCIENCE, file.role, -1 if file.row is None else file.row))


def _agreed(reading: Reading, group: Group) -> Values:
    """What a group agrees on, by label: the values of those that are bound, as the pool has them."""
    agreed = {"candidate": reading.candidate.id}
    for place, same in enumerate(reading.spec.agreements):
        attribute = same.attribute.column if isinstance(same.attribute, Mapped) else same.attribute
        bound = (row for row in group.agreeing if reading.signatures[row][place] != ANY)
        agreed[same.label] = "-".join(sorted({value(attribute, reading.exposure(row)) for row in bound}))
    return agreed


# --- Selection ----------------------------------------------------------------------------------


def _select(select: Select | None, files: Sequence[File]) -> tuple[File, ...]:
    """The members that stay; see `rules.vocabulary.Select`."""
    if select is None:
        return tuple(files)
    about = [file for file in files if file.role == select.about]
    kind = any(holds(select.kind, file.exposure) for file in about)
    rivals = [file for file in files if file.role == select.role and holds(select.kind, file.exposure) == kind]
    best = _sharing(select.target, rivals, about) or rivals
    if len(best) > len(about):
        best = _sharing(select.index, best, about) or best
    dropped = {*rivals}.difference(best)
    return tuple(file for file in files if file not in dropped)


def _sharing(column: Column, files: Sequence[File], others: Sequence[File]) -> list[File]:
    """The files whose exposure has a value of the column that also occurs in `others`."""
    wanted = {value(column, other.exposure) for other in others} - {""}
    return [file for file in files if value(column, file.exposure) in wanted]


# --- Expansion ----------------------------------------------------------------------------------


def _expand(expansion: Expansion, files: tuple[File, ...], values: Values) -> Iterator[tuple[File, ...]]:
    """The members of each product; see the expansions in `rules.vocabulary`."""
    match expansion:
        case OneProduct():
            yield files
        case NodsAsBackground(role, ending):
            nods = [file for file in files if file.role == role]
            again = (replace(nod, name=f"{exposure_name(nod.name)}_{ending}.fits", role="background") for nod in nods)
            yield (*files, *again) if len(nods) > 1 else files
        case NodPairs(role):
            yield from (tuple(_beside(expansion, nod, files)) for nod in files if nod.role == role)
        case DirectImage(role):
            if any(file.role == role for file in files):
                yield _with_direct_image(expansion, files, values)


def _beside(pairs: NodPairs, nod: File, files: Sequence[File]) -> Iterator[File]:
    """The members of the product about one nod."""
    for file in files:
        if file == nod or file.role != pairs.role:
            yield file
        elif pairs.overlap is None or not overlap(pairs.overlap, nod.exposure, file.exposure):
            yield replace(file, role="background")


def _with_direct_image(expansion: DirectImage, files: Sequence[File], values: Values) -> tuple[File, ...]:
    seed = next(file for file in files if file.role == expansion.about)
    image = _choose_image(expansion, [file.exposure for file in files if file.role == expansion.role], seed.exposure)
    optics = "-".join(sorted(filter(None, (value(part, image) for part in expansion.optics))))
    root = expansion.root.text({**values, "optics": optics})
    made = (File((root + ending).lower(), role, None, {}) for ending, role in expansion.files)
    return (*(file for file in files if file.role != expansion.role), *made)


def _choose_image(expansion: DirectImage, images: Sequence[Exposure], seed: Exposure) -> Exposure:
    """The first image that is preferred, else the next one after the seed, else the first one."""
    preferred = (image for image in images if holds(expansion.prefer or FALSE, image))
    columns = (expansion.next_by,) if expansion.next_by is not None else ()
    after = count(columns, seed)
    numbers = ((count(columns, image), place) for place, image in enumerate(images))
    later = [each for each in numbers if each[0] is not None and after is not None and each[0] > after]
    return next(preferred, images[min(later)[1]] if later else images[0])
