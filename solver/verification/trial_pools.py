"""The small pools on which rules are tried: built from an exposure and its companions, smallest first.

The *seed* is an exposure that a product of the rules could be about. Its *companions* are what the rules can put with
it: copies, exposures in every other role, and each of these with another value in the columns that matter to groups
(observation, dither position, …). A trial pool has the seed and up to two of its companions, or more copies where a
rule counts members. An *edit* gives one of its exposures, or all of them, another value in a column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain, combinations_with_replacement, repeat
from types import MappingProxyType

from rules.rule import RuleSpec
from rules.vocabulary import (
    TRUE,
    AtLeast,
    CloseOnSky,
    DirectImage,
    DitherOverlap,
    Has,
    InCandidate,
    Join,
    Near,
    OneSeed,
    Predicate,
    Select,
    Spans,
    Within,
)
from rules.vocabulary.algebra import Leaf, columns_of, conjunction, except_for, leaves, values_named
from rules.vocabulary.expressions import walk
from solver.multimap import grouped
from solver.pools import DISCOVERED
from solver.solving import admits, agreeing_with, as_anchor, considered, is_in, joining, sharing
from solver.verification.axes import Exposure
from solver.verification.problem import BoundError
from solver.verification.search import Space
from solver.verification.witnesses import OBSERVATION, WitnessPool

#: A type of candidate that no rule names.
_OTHER = "other"

#: A pool has the seed and no more companions than this.
_COMPANIONS = 2

#: A pool has no more exposures than this.
_LARGEST = 1000

_ARCSECONDS = 3600.0  # in a degree

#: Distances that are these parts of a limit are tried: a little nearer, and a little farther.
_AROUND = (1 - 1e-4, 1 + 1e-4)


class TrialPools:
    """The trial pools of some rules: versions of one, or rules that are made together."""

    def __init__(self, space: Space, specs: Sequence[RuleSpec]) -> None:
        """Build pools of exposures of a domain."""
        self._space, self._specs = space, tuple(specs)
        self._parts = tuple(walk(self._specs))
        self._asked: tuple[Leaf, ...] = tuple(dict.fromkeys(leaves(*specs)))
        self._numbered = _columns(self._parts, _NUMBERED)
        self._numbers = numbers(self._parts)
        self._distances = distances(self._parts)
        self._structural = sorted(_columns(self._parts, _STRUCTURAL) - {"program", "instrume"})
        counting = (part.field_values for part in self._parts if isinstance(part, (AtLeast, Spans)))
        counts = {each for each in chain.from_iterable(counting) if isinstance(each, int)}
        self._counts = sorted(count for count in counts if count > _COMPANIONS + 1)

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """The roles that the rules name."""
        joined = (part.role for part in self._parts if isinstance(part, Join))
        return tuple(dict.fromkeys(chain(*(spec.roles.words for spec in self._specs), joined)))

    # --- Exposures --------------------------------------------------------------------------------

    def kinds(self, seed: Exposure) -> list[Exposure]:
        """The seed, and the exposure most like it in each role and in each way to get in."""
        ways: list[Predicate] = []
        for spec in self._specs:
            agreeing = [considered(spec), agreeing_with(spec, seed)]
            ways += [conjunction([*agreeing, is_in(spec.roles, role)]) for role in self.roles]
            joined = (conjunction([joining(spec, join), sharing(join, seed)]) for join in spec.joins)
            ways += [except_for(way, considered(spec)) for way in joined]
        return unique([seed, *self._space.nearest_each(dict.fromkeys(ways), like=seed)])

    def seeds_with(self, spec: RuleSpec, exposure: Exposure) -> Iterator[Exposure]:
        """Exposures that a product could be about, and with them another one: the most similar for each way to join."""
        ways = (agreeing_with(spec, exposure), *(sharing(join, exposure) for join in spec.joins), TRUE)
        return self._space.nearest_each((conjunction([as_anchor(spec), way]) for way in ways), like=exposure)

    def companions(self, seed: Exposure, more: Iterable[Exposure] = ()) -> list[Exposure]:
        """The companions of a seed, and more exposures, the simplest first."""
        kinds = unique([*more, *self.kinds(seed)])
        return unique([*kinds, *(each for kind in kinds for each in self.varied(kind, self._structural))])

    def varied(self, exposure: Exposure, columns: Iterable[str]) -> Iterator[Exposure]:
        """The exposure with another value in one of the columns."""
        for column in columns:
            changed = (self._space.changed(exposure, column, one) for one in self._values(exposure, column))
            yield from filter(None, changed)

    def _values(self, exposure: Exposure, column: str) -> tuple[str, ...]:
        """Other values that a column of an exposure could have."""
        own = exposure.get(column, "")
        if column in self._distances:
            values = tuple(f"{float(own or 0) + each:.12g}" for each in self._distances[column])
        elif column in self._numbered and self._space.is_open(exposure, column):
            values = self._numbers
        else:
            return self._space.alternatives(exposure, column, self._asked)
        return tuple(each for each in (*values, "") if each != own)

    # --- Pools ------------------------------------------------------------------------------------

    def pools(self, seed: Exposure, types: Sequence[str], more: Iterable[Exposure] = ()) -> Iterator[WitnessPool]:
        """The pools of a seed, smallest first.

        Args:
            seed: the seed.
            types: the types of the candidates.
            more: further companions.
        """
        companions = self.companions(seed, more)
        chosen = (combinations_with_replacement(companions, size) for size in range(_COMPANIONS + 1))
        for others in chain(*chosen, self._large(seed, companions)):
            yield from (WitnessPool((seed, *others), kind) for kind in types)

    def _large(self, seed: Exposure, companions: Iterable[Exposure]) -> Iterator[tuple[Exposure, ...]]:
        """More companions than usual: as many as rules count, then some in every role and with every value counted."""
        if max(self._counts, default=0) > _LARGEST:
            raise BoundError(f"pools of more than {_LARGEST:,} exposures are not tried")
        for count in self._counts:
            yield from ((*(seed,) * (count - 2), other) for other in companions)
        found = self.kinds(seed)
        for span in (part for part in self._parts if isinstance(part, Spans)):
            column = span.column.name
            values = (*self._space.possible(seed, column, ()), *map(str, range(1, span.values + 1)))
            found += filter(None, (self._space.changed(seed, column, one) for one in values))
        yield (*found[1:], *repeat(seed, max(self._counts, default=0)))

    def edited(self, pool: WitnessPool, columns: Iterable[str]) -> Iterator[WitnessPool]:
        """The pool with another value in a column of one of its exposures, or of all."""
        exposures = pool.exposures
        for column in columns:
            for one in self._values(exposures[0], column) if len(pool) > 1 else ():
                changed = tuple(filter(None, (self._space.changed(each, column, one) for each in exposures)))
                if len(changed) == len(pool):
                    yield replace(pool, exposures=changed)
            for place, exposure in enumerate(exposures):
                for each in self.varied(exposure, [column]):
                    yield replace(pool, exposures=(*exposures[:place], each, *exposures[place + 1 :]))

    # --- Types of candidates ----------------------------------------------------------------------

    @cached_property
    def candidate_types(self) -> tuple[str, ...]:
        """The types of candidates that the rules name, and one that they do not, the usual one first."""
        named = set(values_named(*self._specs).get("candidate_type", ()))
        named.update(*(part.candidate_types for part in self._parts if isinstance(part, (Has, Spans))))
        named.update(part.candidate_type for part in self._parts if isinstance(part, InCandidate))
        return (OBSERVATION, *sorted(named - {DISCOVERED, OBSERVATION}), _OTHER, DISCOVERED)

    @property
    def usual_type(self) -> str:
        """The first type of candidate that one of the rules is for."""
        return next((kind for kind in self.candidate_types if any(admits(spec, kind) for spec in self._specs)), _OTHER)


#: For each kind of declaration the fields in whose columns differences between exposures of a group matter to it.
_STRUCTURAL: Mapping[type, tuple[str, ...]] = MappingProxyType({
    Within: ("columns",), CloseOnSky: ("columns",), Spans: ("column",), OneSeed: ("differing",),
    Select: ("kind", "target", "index"), DirectImage: ("next_by", "prefer"), DitherOverlap: ("target", "position"),
    Join: ("sharing", "else_sharing"),
})  # fmt: skip

#: For each kind of declaration the fields whose columns it reads as numbers.
_NUMBERED: Mapping[type, tuple[str, ...]] = MappingProxyType({
    DitherOverlap: ("position", "subpixels", "points"), DirectImage: ("next_by",), OneSeed: ("differing",),
})  # fmt: skip


def _columns(parts: Iterable[object], fields: Mapping[type, tuple[str, ...]]) -> frozenset[str]:
    return columns_of(*(getattr(part, field) for part in parts for field in fields.get(type(part), ())))


def numbers(parts: Iterable[object]) -> tuple[str, ...]:
    """The numbers that could matter to rules, where they read a column as one.

    Args:
        parts: all parts of the rules' declarations.
    """
    around = {max(0, one.of + step) for one in parts if isinstance(one, DitherOverlap) for step in (-one.of, -1, 0, 1)}
    return tuple(map(str, sorted({1, 2, 3, *around})))


def distances(parts: Iterable[object]) -> dict[str, list[float]]:
    """For each column whose values have to be near, distances at the limits, some of them allowed and some not.

    Args:
        parts: all parts of the rules' declarations.
    """
    near = (part for part in parts if isinstance(part, Near))
    limits = ((part.columns, part.most if isinstance(part, Within) else part.arcseconds / _ARCSECONDS) for part in near)
    return grouped((column.name, limit * part) for columns, limit in limits for column in columns for part in _AROUND)


def unique(exposures: Iterable[Exposure | None]) -> list[Exposure]:
    """The exposures that were found, each once."""
    return list({tuple(sorted(each.items())): each for each in exposures if each is not None}.values())
