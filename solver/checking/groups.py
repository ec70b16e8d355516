"""The groups of a rule in a candidate, found by its definition.

Exposures *qualify* on their own and *agree* two by two. A group is a largest set of qualifying
exposures that agree, or a seed with all that fits it, together with the exposures that join it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rules.rule import RuleSpec, Stated
from rules.vocabulary import AtLeast, CloseOnSky, Column, Has, Join, OneOf, OneSeed, Same, Spans, Within
from solver.checking.exposures import DISCOVERED, Candidate, Exposures
from solver.checking.interpret import ANY, Exposure, agree, are_near, holds, lacks_number, lacks_value, shown, value

T = TypeVar("T")

#: For each agreement of a rule the value that an exposure shows, or `ANY`.
Signature = tuple[str, ...]
Columns = tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a rule in a candidate.

    Attributes:
        agreeing: rows of the exposures that agree, in order.
        seed: the row that it is about, where a group is about one exposure.
        roles: the row of every exposure, also of those that join, to its role; in order.
        lacks: what it has to show and does not; a group that lacks nothing is *valid*.
    """

    agreeing: tuple[int, ...]
    seed: int | None
    roles: Mapping[int, str]
    lacks: tuple[Stated, ...]


class Reading:
    """A rule, read over the exposures of one candidate.

    Attributes:
        spec: the rule.
        candidate: the candidate.
        rows: rows of the candidate's exposures.
    """

    def __init__(self, spec: RuleSpec, candidate: Candidate, exposures: Exposures) -> None:
        """Find out who qualifies."""
        self.spec = spec
        self.candidate = candidate
        self.rows = exposures.sub_pools.get(candidate, []) if admits(spec, candidate) else []
        self._exposures = exposures
        self._derived: dict[int, Exposure] = {}
        self._joinable: dict[tuple[Join, Columns], Mapping[tuple[str, ...], list[int]]] = {}
        self._signatures = {row: self.signature(row) for row in self.rows if self._qualifies(row)}

    def exposure(self, row: int) -> Exposure:
        """The values of an exposure with what is derived: its role, and the type of the candidate."""
        if row not in self._derived:
            derived = {"role": self.role(row), "candidate_type": self.candidate.type}
            self._derived[row] = {**self._exposures[row], **derived}
        return self._derived[row]

    def role(self, row: int) -> str:
        """What an exposure is under the rule."""
        return self._exposures.word(self.spec.roles, row)

    def _qualifies(self, row: int) -> bool:
        plain = self._exposures[row]
        kinds = (each for each in self.spec.eligibility if isinstance(each, OneOf))  # they leave the fewest
        return all(holds(each, plain) for each in kinds) and not any(self.unmet(row))

    def unmet(self, row: int) -> Iterator[Stated]:
        """What keeps an exposure from qualifying."""
        exposure = self._exposures[row]
        for stated in self.spec.stated:
            match stated.constraint:
                case Same() as same:
                    fails = lacks_value(same, self.exposure(row))
                case Join() | Has() | AtLeast() | Spans():
                    fails = False  # about groups
                case Within() | CloseOnSky() as near:
                    fails = lacks_number(near, exposure)
                case predicate:
                    fails = not holds(predicate, exposure)
            if fails:
                yield stated

    def signature(self, row: int) -> Signature:
        """What an exposure shows for each agreement."""
        return tuple(shown(same, self.exposure(row)) for same in self.spec.agreements)

    def groups(self) -> Iterator[Group]:
        """All groups, valid or not."""
        cardinality = self.spec.cardinality
        if isinstance(cardinality, OneSeed):
            for seed, fitting in self._seeds(cardinality):
                yield self._group((*fitting, seed), seed)
        else:
            for agreeing in self._agreeing():
                yield self._group(agreeing, None)

    def _agreeing(self) -> Iterator[Collection[int]]:
        """The largest sets of exposures that agree and are near each other."""
        rows_of = _inverted(self._signatures)
        sets = [[row for each in alike for row in rows_of[each]] for alike in largest_agreeing(rows_of)]
        yield from self._largest_near(sets) if self.spec.nearness else sets

    def _largest_near(self, sets: Iterable[Sequence[int]]) -> list[frozenset[int]]:
        import networkx as nx  # takes long to import, and few rules need it

        found: list[frozenset[int]] = []
        for rows in sets:
            graph = nx.Graph()
            graph.add_nodes_from(rows)
            graph.add_edges_from((a, b) for i, a in enumerate(rows) for b in rows[:i] if self.near(a, b))
            found += map(frozenset, nx.find_cliques(graph))
        return _largest(found)

    def _seeds(self, cardinality: OneSeed) -> Iterator[tuple[int, list[int]]]:
        """The exposures that groups are about, with those that fit them."""
        roles = {row: self.role(row) for row in self._signatures}
        rows_of = _inverted({row: self._signatures[row] for row in roles if roles[row] in cardinality.fitting})
        agreeing: dict[Signature, list[int]] = {}
        fit_some: set[int] = set()
        for seed in (row for row in roles if roles[row] == cardinality.role):
            mine = self._signatures[seed]
            if mine not in agreeing:
                agreeing[mine] = [row for each in rows_of if all(map(agree, each, mine)) for row in rows_of[each]]
            fitting = [row for row in agreeing[mine] if row != seed and self.fits(row, seed)]
            fit_some.update(fitting)
            yield seed, fitting
        for row, role in roles.items():
            if role in cardinality.lone and row not in fit_some:
                yield row, []

    def fits(self, row: int, seed: int) -> bool:
        """Whether an exposure that agrees with the seed differs from it where it has to, and is near it."""
        return self.near(row, seed) and not any(self.undiffering(row, seed))

    def undiffering(self, row: int, seed: int) -> Iterator[Column]:
        """The columns in which the exposure has to differ from the seed, and does not."""
        for column in self.spec.cardinality.differing if isinstance(self.spec.cardinality, OneSeed) else ():
            mine = value(column, self.exposure(row))
            if mine in ("", value(column, self.exposure(seed))):
                yield column

    def near(self, row: int, other: int) -> bool:
        """Whether two exposures fulfil the pairwise conditions."""
        return all(are_near(each, self.exposure(row), self.exposure(other)) for each in self.spec.nearness)

    def joins(self, join: Join, row: int) -> bool:
        """Whether an exposure may join groups, as far as it alone is concerned."""
        return self.role(row) == join.role and (join.when is None or holds(join.when, self._exposures[row]))

    def _joining(self, anchors: Iterable[int]) -> set[int]:
        """The exposures that join a group which is about these."""
        found: set[int] = set()
        for join in self.spec.joins:
            for sharing in filter(None, (join.sharing, join.else_sharing)):
                sharers = self._sharers(join, sharing)
                joining = {row for anchor in anchors for row in sharers.get(self._values(sharing, anchor), ())}
                if joining:
                    found |= joining
                    break
        return found

    def _sharers(self, join: Join, sharing: Columns) -> Mapping[tuple[str, ...], list[int]]:
        """The exposures that may join, by the values that they share with a member; all have to be given."""
        if (join, sharing) not in self._joinable:
            values = {row: self._values(sharing, row) for row in self.rows if self.joins(join, row)}
            self._joinable[join, sharing] = _inverted({row: each for row, each in values.items() if all(each)})
        return self._joinable[join, sharing]

    def _values(self, columns: Columns, row: int) -> tuple[str, ...]:
        return tuple(value(column, self.exposure(row)) for column in columns)

    def _group(self, agreeing: Collection[int], seed: int | None) -> Group:
        joining = self._joining(agreeing if seed is None else [seed])
        roles = {row: self.role(row) for row in sorted({*agreeing, *joining})}
        cardinality = self.spec.cardinality
        if isinstance(cardinality, OneSeed) and seed is not None:
            if cardinality.fitting_as is not None:
                roles |= dict.fromkeys(agreeing, cardinality.fitting_as)
            roles[seed] = cardinality.role
        group = Group(tuple(sorted(agreeing)), seed, roles, ())
        lacks = tuple(stated for stated in self.spec.stated if not self._shows(group, stated))
        return Group(group.agreeing, seed, roles, lacks)

    def _shows(self, group: Group, stated: Stated) -> bool:
        """Whether a group shows what a constraint asks of groups."""
        match stated.constraint:
            case Has(role, types):
                return bool(types and self.candidate.type not in types) or role in group.roles.values()
            case AtLeast(members):
                return len(group.roles) >= members
            case Spans(column, values, types):
                spanned = {value(column, self.exposure(row)) for row in group.agreeing} - {""}
                return self.candidate.type not in types or len(spanned) >= values
            case _:
                return True  # about exposures


def admits(spec: RuleSpec, candidate: Candidate) -> bool:
    """Whether a rule is for this type of candidate."""
    if candidate.type == DISCOVERED and not spec.discovered:
        return False
    return spec.candidates is None or holds(spec.candidates, {"candidate_type": candidate.type})


def largest_agreeing(signatures: Iterable[Signature]) -> list[frozenset[Signature]]:
    """The largest sets of signatures in which every two agree.

    In such a set no agreement shows two values. So one agreement after the other divides the signatures by
    the value they show; those that agree with any value are in every part.
    """
    whole = frozenset(signatures)
    parts = {whole} if whole else set()
    for place in range(len(next(iter(whole), ()))):
        parts = {divided for part in parts for divided in _divided(part, place)}
    return _largest(parts)


def _divided(part: frozenset[Signature], place: int) -> Iterator[frozenset[Signature]]:
    by_value: dict[str, set[Signature]] = defaultdict(set)
    for signature in part:
        by_value[signature[place]].add(signature)
    free = by_value.pop(ANY, set())
    yield from (frozenset(free | those) for those in by_value.values() or [free])


def _largest(sets: Iterable[frozenset[T]]) -> list[frozenset[T]]:
    """The sets that are part of no other one."""
    kept: list[frozenset[T]] = []
    holding: dict[T, list[frozenset[T]]] = defaultdict(list)
    for each in sorted(set(sets), key=len, reverse=True):
        if not any(each <= larger for larger in holding[next(iter(each))]):
            kept.append(each)
            for element in each:
                holding[element].append(each)
    return kept


def _inverted(signatures: Mapping[int, Signature]) -> dict[Signature, list[int]]:
    rows_of: dict[Signature, list[int]] = defaultdict(list)
    for row, signature in signatures.items():
        rows_of[signature].append(row)
    return rows_of
