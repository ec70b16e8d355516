"""The groups of a rule in a candidate, found by the rule's definition.

Exposures *qualify* on their own and *agree* two by two. A group is a largest set of qualifying
exposures that agree, or a seed with all that fits it, together with the exposures that join it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import compress, count

import networkx as nx

from rules.rule import RuleSpec, Stated
from rules.vocabulary import TRUE, AtLeast, Column, Constraint, Has, Join, OneOf, Spans
from solver.checking.exposures import Exposures
from solver.checking.expressions import ANY, Exposure, are_near, holds, meets, shown, value
from solver.memory import remembered
from solver.multimap import grouped
from solver.pools import DISCOVERED, Candidate

Columns = tuple[Column, ...]
Signature = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a rule in a candidate.

    Attributes:
        agreeing: rows of the exposures that agree, in order.
        anchors: rows of the exposures that it is about: one, or all that agree.
        roles: the row of every exposure, also of those that join, to its role; in order.
        lacks: what the rule requires of groups and this one does not show; a group that lacks nothing is *valid*.
    """

    agreeing: tuple[int, ...]
    anchors: tuple[int, ...]
    roles: Mapping[int, str]
    lacks: tuple[Stated, ...] = ()


class Signatures:
    """What exposures show for the agreements of a rule; those that agree with one are looked up, not searched for."""

    def __init__(self, signatures: Iterable[Signature]) -> None:
        """Tell them apart by the places where they have a value."""
        self._by_given = grouped((tuple(compress(count(), each)), each) for each in signatures)

    @remembered
    def _by_values(self, given: tuple[int, ...], places: tuple[int, ...]) -> Mapping[Signature, list[Signature]]:
        return grouped((tuple(each[place] for place in places), each) for each in self._by_given[given])

    def agreeing(self, mine: Signature) -> Iterator[Signature]:
        """Those with the same values as this one, where both have any."""
        for given in self._by_given:
            both = tuple(place for place in given if mine[place] != ANY)
            yield from self._by_values(given, both).get(tuple(mine[place] for place in both), ())


class Reading:
    """A rule, read over the exposures of one candidate.

    Attributes:
        spec: the rule.
        candidate: the candidate.
        rows: rows of the candidate's exposures; none if the rule is not for this type of candidate.
        signatures: the row of each exposure that qualifies, to what it shows.
    """

    def __init__(self, spec: RuleSpec, candidate: Candidate, exposures: Exposures) -> None:
        """Find the exposures that qualify."""
        self.spec, self.candidate = spec, candidate
        self.rows = exposures.sub_pools.get(candidate, {}) if admits(spec, candidate) else {}
        self._exposures = exposures
        kinds = [each for each in spec.eligibility if isinstance(each, OneOf)]  # most exposures fail these
        able = [row for row in self.rows if all(holds(each, exposures.rows[row]) for each in kinds)]
        qualifying = [(row, self.exposure(row)) for row in able if not any(self.unmet(row))]
        self.signatures = {row: tuple(shown(same, each) for same in spec.agreements) for row, each in qualifying}

    # --- One exposure ---------------------------------------------------------------------------

    @remembered
    def exposure(self, row: int) -> Exposure:
        """The values of an exposure with what is derived: its role, and the type of the candidate."""
        return {**self._exposures.rows[row], "role": self.role(row), "candidate_type": self.candidate.type}

    def role(self, row: int) -> str:
        """The role of an exposure under the rule."""
        return self._exposures.word(self.spec.roles, row)

    def unmet(self, row: int) -> Iterator[Stated]:
        """What keeps an exposure from qualifying."""
        exposure = self.exposure(row)
        return (stated for stated in self.spec.stated if not meets(stated.constraint, exposure))

    # --- Two exposures --------------------------------------------------------------------------

    def near(self, row: int, other: int) -> bool:
        """Whether two exposures fulfil the pairwise conditions."""
        return all(are_near(each, self.exposure(row), self.exposure(other)) for each in self.spec.nearness)

    def failing_to_differ(self, row: int, seed: int) -> Iterator[Column]:
        """The columns in which an exposure has to differ from the seed, and does not."""
        one, other = self.exposure(row), self.exposure(seed)
        return (column for column in self.spec.differing if value(column, one) in ("", value(column, other)))

    # --- Groups ---------------------------------------------------------------------------------

    def groups(self) -> Iterator[Group]:
        """All groups, valid or not."""
        if self.spec.anchor:
            return self._about_seeds()
        return (self._group(rows, rows, {}) for rows in self._largest_agreeing())

    def _about_seeds(self) -> Iterator[Group]:
        """Each seed with what fits it, then the exposures that stand alone since they fit none."""
        role, *lone = self.spec.beginning
        alike = grouped((each, row) for row, each in self.signatures.items() if self.role(row) in self.spec.fitting)
        signatures = Signatures(alike)
        fit_some: set[int] = set()
        for seed in (row for row in self.signatures if self.role(row) == role):
            agreeing = (row for each in signatures.agreeing(self.signatures[seed]) for row in alike[each])
            near = (row for row in agreeing if row != seed and self.near(row, seed))
            fitting = [row for row in near if not any(self.failing_to_differ(row, seed))]
            fit_some.update(fitting)
            yield self._group((*fitting, seed), [seed], dict.fromkeys(fitting, self.spec.fitting_as) | {seed: role})
        for row in self.signatures:
            if self.role(row) in lone and row not in fit_some:
                yield self._group([row], [row], {row: role})

    def _largest_agreeing(self) -> Iterator[list[int]]:
        """The largest sets of exposures of which every two agree: the cliques of a graph.

        Exposures that show the same are one node, unless there are pairwise conditions.
        """
        alike = grouped((row if self.spec.nearness else each, row) for row, each in self.signatures.items())
        nodes = {rows[0]: rows for rows in alike.values()}
        showing = grouped((self.signatures[row], row) for row in nodes)
        signatures = Signatures(showing)
        graph: nx.Graph[int] = nx.Graph()
        graph.add_nodes_from(nodes)
        for row in nodes:
            if self.spec.nearness or ANY in self.signatures[row]:  # else it agrees with no other node that has no ANY
                agreeing = (other for each in signatures.agreeing(self.signatures[row]) for other in showing[each])
                near = sorted(other for other in agreeing if other != row and self.near(row, other))
                graph.add_edges_from((row, other) for other in near)
        for clique in nx.find_cliques(graph):
            yield [row for node in clique for row in nodes[node]]

    def _joining(self, anchors: Collection[int]) -> Iterator[int]:
        """The exposures that join a group which is about these; one may join in several ways."""
        for join in self.spec.joins:
            sharing = filter(None, (join.sharing, join.else_sharing))
            yield from next(filter(None, (self._sharing(join, columns, anchors) for columns in sharing)), ())

    def _sharing(self, join: Join, columns: Columns, anchors: Iterable[int]) -> set[int]:
        sharers = self._who_may_join(join, columns)
        return {row for anchor in anchors for row in sharers.get(self._values(columns, anchor), ())}

    @remembered
    def _who_may_join(self, join: Join, sharing: Columns) -> Mapping[tuple[str, ...], list[int]]:
        """The exposures that may join, by the values that they share with a member; all must be given."""
        able = (row for row in self.rows if self.role(row) == join.role)
        values = ((self._values(sharing, row), row) for row in able if holds(join.when or TRUE, self.exposure(row)))
        return grouped((each, row) for each, row in values if all(each))

    def _values(self, columns: Columns, row: int) -> tuple[str, ...]:
        return tuple(value(column, self.exposure(row)) for column in columns)

    def _group(self, agreeing: Collection[int], anchors: Collection[int], given: Mapping[int, str | None]) -> Group:
        """The group with what joins it; exposures have the role that is given, else their own."""
        roles = {row: given.get(row) or self.role(row) for row in sorted({*agreeing, *self._joining(anchors)})}
        group = Group(tuple(sorted(agreeing)), tuple(anchors), roles)
        return replace(group, lacks=tuple(each for each in self.spec.stated if not self._shows(group, each.constraint)))

    def _shows(self, group: Group, constraint: Constraint) -> bool:
        match constraint:
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
    is_found = spec.discovered or candidate.type != DISCOVERED
    return is_found and holds(spec.candidates or TRUE, {"candidate_type": candidate.type})
