"""The exposures of a domain that satisfy conditions, and values that an exposure could have instead of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from types import MappingProxyType

from rules.vocabulary import FALSE, TRUE, Column, Given, Not, OneOf, Predicate
from rules.vocabulary.algebra import Leaf, conjunction, fingerprint
from rules.vocabulary.domains import Domain
from solver.memory import remembered
from solver.multimap import grouped
from solver.verification.axes import Exposure
from solver.verification.problem import Agreement, Found, Problem
from solver.verification.scopes import Scope, Scopes

#: No exposure.
NONE: Exposure = MappingProxyType({})


class Space(Scopes):
    """A domain in which exposures are searched for, scope by scope.

    Attributes:
        domain: the domain.
        problems: number of problems stated so far.
    """

    def __init__(self, domain: Domain) -> None:
        """Search in this domain."""
        super().__init__(domain)
        self.problems = 0
        self._usual = {column: words[0] for column, words in domain.examples.items()}

    # --- Search -----------------------------------------------------------------------------------

    def by_scope(self, *conditions: Predicate, like: Exposure = NONE) -> Iterator[Exposure]:
        """An exposure of each scope that satisfies the conditions: the first, or the one most like another one."""
        for scope in self.where(conjunction(conditions)):
            yield from self._solution([scope], like=like) or ()

    @remembered
    def first(self, *conditions: Predicate) -> Exposure | None:
        """One exposure that satisfies the conditions; None proves that no exposure does."""
        return next(self.by_scope(*conditions), None)

    def contradiction(self, parts: Sequence[Predicate], *others: Predicate) -> Sequence[Predicate]:
        """Some of the parts that no exposure satisfies together with other conditions; each of them is needed."""
        for part in parts:
            rest = [each for each in parts if each is not part]
            if self.first(*others, *rest) is None:
                parts = rest
        return parts

    def nearest_each(self, ways: Iterable[Predicate], like: Exposure) -> Iterator[Exposure]:
        """For each condition that some exposure satisfies the one that has most values in common with another one."""

        def likeness(exposure: Exposure) -> int:
            return sum(exposure.get(column, "") == one for column, one in like.items())

        yield from filter(None, (max(self.by_scope(way, like=like), key=likeness, default=None) for way in ways))

    def pair(self, one: Predicate, other: Predicate, agreeing: Sequence[Agreement], apart: Agreement) -> Found:
        """Two exposures that each satisfy a condition and agree on some things but not on another; None if no two do.

        Args:
            one: what the first satisfies.
            other: what the second satisfies.
            agreeing: what they agree on.
            apart: what they do not agree on.
        """
        relations = [(apart, False), *((each, True) for each in agreeing)]
        columns = {each.name for each, exempt in agreeing if isinstance(each, Column) and exempt == FALSE}
        every = product(self.where(one), self.where(other))
        sides = (both for both in every if all(self.can_share(both, column) for column in columns))
        return next(filter(None, (self._solution(both, *relations) for both in sides)), None)

    def _solution(self, scopes: Sequence[Scope], *relations: tuple[Agreement, bool], like: Exposure = NONE) -> Found:
        self.problems += 1
        return Problem(self, scopes, *relations).solution(self._usual, like)

    def among(self, column: Column, condition: Predicate) -> Predicate:
        """The column has a value that it has in an exposure which satisfies a condition; TRUE if it may be any."""
        if any(mode.table(column.name) is None for mode in self.domain.modes):
            return TRUE
        every = sorted(self.domain.values(column.name))
        return OneOf(column, tuple(each for each in every if self.first(condition, OneOf(column, (each,))) is not None))

    # --- Values -----------------------------------------------------------------------------------

    def alternatives(self, exposure: Exposure, column: str, asked: Sequence[Leaf]) -> tuple[str, ...]:
        """Other values that a column of an exposure could have: one of each class that conditions distinguish."""
        values = (each for each in self.possible(exposure, column, asked) if each != exposure.get(column, ""))
        kinds = grouped(((each == "", *fingerprint(column, each, asked)), each) for each in values)
        return tuple(alike[0] for alike in kinds.values())

    def possible(self, exposure: Exposure, column: str, asked: Sequence[Leaf]) -> tuple[str, ...]:
        """The values of a column in exposures of this type: of a table of their mode, or else words."""
        return self.axis((exposure["exp_type"],), column, asked).table.values[column]

    def is_open(self, exposure: Exposure, column: str) -> bool:
        """Whether the mode of an exposure leaves a column open."""
        return self._modes[exposure["exp_type"]].table(column) is None

    def changed(self, exposure: Exposure, column: str, one: str) -> Exposure | None:
        """The exposure with another value in a column, and otherwise as similar as the domain allows.

        None if no exposure of this type has the value.
        """
        if self.is_open(exposure, column):
            return {**exposure, column: one}
        axis = self.axis((exposure["exp_type"],), column, ())
        has_value = OneOf(Column(column), (one,)) if one else Not(Given(Column(column)))
        rows = axis.classes((has_value,), (), axis.wanted(exposure))
        return {**exposure, **axis.cells(rows[0])} if rows else None
