"""The exposures of a domain that satisfy conditions, and values that an exposure could have instead of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product

from rules.vocabulary import FALSE, Attribute, Predicate
from rules.vocabulary.algebra import Leaf, conjunction, fingerprint
from rules.vocabulary.domains import Domain, Table
from solver.verification.axes import Exposure
from solver.verification.problem import Agreement, Problem
from solver.verification.scopes import Scope, Scopes


class Space:
    """The exposures of a domain, to be searched.

    Attributes:
        domain: the domain.
        problems: how many problems were stated so far.
    """

    def __init__(self, domain: Domain) -> None:
        """Search in this domain."""
        self.domain = domain
        self.problems = 0
        self._scopes = Scopes(domain)
        self._firsts: dict[Predicate, Exposure | None] = {}
        self._sets: dict[tuple[Scope, Attribute], frozenset[str] | None] = {}

    # --- Search -----------------------------------------------------------------------------------

    def scopes(self, *conditions: Predicate) -> tuple[Scope, ...]:
        """Where in the domain the conditions are not ruled out."""
        return self._scopes.of(conjunction(conditions))

    def _by_scope(self, *conditions: Predicate, like: Exposure | None = None) -> Iterator[Exposure]:
        """An exposure of each scope that satisfies the conditions: the first, or the one most like another one."""
        for scope in self.scopes(*conditions):
            self.problems += 1
            yield from Problem(self._scopes, [scope]).solution(like or {}) or ()

    def first(self, *conditions: Predicate) -> Exposure | None:
        """One exposure that satisfies the conditions; None proves that no exposure does."""
        condition = conjunction(conditions)
        if condition not in self._firsts:
            self._firsts[condition] = next(self._by_scope(condition), None)
        return self._firsts[condition]

    def one_of_each(self, *conditions: Predicate, most: int) -> list[Exposure]:
        """The first exposure of each scope, for at most this many scopes."""
        return list(islice(self._by_scope(*conditions), most))

    def nearest(self, *conditions: Predicate, like: Exposure) -> Exposure | None:
        """The exposure that satisfies the conditions and has most values in common with another one."""
        return max(self._by_scope(*conditions, like=like), key=lambda each: _likeness(each, like), default=None)

    def pair(
        self, one: Predicate, other: Predicate, agreeing: Sequence[Agreement], apart: Agreement
    ) -> tuple[Exposure, ...] | None:
        """Two exposures that each satisfy a condition and agree on some things but not on another; None if no two do.

        Args:
            one: what the first satisfies.
            other: what the second satisfies.
            agreeing: what they agree on.
            apart: what they do not agree on.
        """
        relations = [*((each, True) for each in agreeing), (apart, False)]
        for both in product(self.scopes(one), self.scopes(other)):
            if self._may_fit(both, agreeing, apart):
                self.problems += 1
                found = Problem(self._scopes, both, *relations).solution({})
                if found is not None:
                    return found
        return None

    def _may_fit(self, both: tuple[Scope, ...], agreeing: Sequence[Agreement], apart: Agreement) -> bool:
        """Whether exposures of two scopes can agree and differ by the values that they can have, one by one."""
        for attribute, exempt in agreeing:
            first, second = (self._values(scope, attribute) for scope in both)
            if exempt == FALSE and first and second and "" not in first | second and first.isdisjoint(second):
                return False
        first, second = (self._values(scope, apart[0]) for scope in both)
        return first is None or second is None or len((first | second) - {""}) > 1

    def values(self, column: Attribute, condition: Predicate) -> frozenset[str] | None:
        """The values of a column that exposures which satisfy a condition can have; None if it may be any."""
        sets = [self._values(scope, column) for scope in self.scopes(condition)]
        return None if None in sets else frozenset(one for values in sets for one in values or ())

    def _values(self, scope: Scope, attribute: Attribute) -> frozenset[str] | None:
        """The values that an attribute can have by conditions on single columns or tables; None if it may be any."""
        if (scope, attribute) not in self._sets:
            self._sets[scope, attribute] = Problem(self._scopes, [scope]).values(attribute)
        return self._sets[scope, attribute]

    # --- Values -----------------------------------------------------------------------------------

    def alternatives(
        self, exposure: Exposure, column: str, asked: Sequence[Leaf], numbers: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Other values that a column of an exposure could have: one of each class that conditions distinguish.

        Args:
            exposure: the exposure.
            column: the column.
            asked: the conditions.
            numbers: the values to try where rules take them for numbers.
        """
        own = exposure.get(column, "")
        if numbers and self.table_of(exposure, column) is None:
            return tuple(each for each in (*numbers, "") if each != own)
        values = self.possible(exposure, column, asked)
        kinds = {(each == "", *fingerprint(column, each, asked)): each for each in reversed(values) if each != own}
        return tuple(dict.fromkeys(each for each in values if each in kinds.values()))

    def possible(self, exposure: Exposure, column: str, asked: Sequence[Leaf]) -> tuple[str, ...]:
        """The values of a column in the mode of an exposure: of its table, or else words."""
        table = self.table_of(exposure, column)
        return self._scopes.words(column, asked) if table is None else table.values[column]

    def table_of(self, exposure: Exposure, column: str) -> Table | None:
        """The table with a column in the mode of an exposure; None if the column is open."""
        mode = self.domain.mode_of(exposure.get("exp_type", ""))
        return None if mode is None else mode.table(column)

    def changed(self, exposure: Exposure, column: str, one: str) -> Exposure | None:
        """The exposure with another value in a column, and otherwise as similar as the domain allows.

        None if no exposure of this type has the value.
        """
        table = self.table_of(exposure, column)
        if table is None:
            return {**exposure, column: one}
        rows = [row for row in table.rows if row[table.columns.index(column)] == one]
        if not rows:
            return None
        return {**exposure, **dict(zip(table.columns, _most_like(table.columns, rows, exposure), strict=True))}


def _likeness(exposure: Exposure, like: Exposure) -> int:
    return sum(exposure.get(column, "") == one for column, one in like.items())


def _most_like(columns: Sequence[str], rows: Sequence[tuple[str, ...]], like: Exposure) -> tuple[str, ...]:
    return max(rows, key=lambda row: sum(like.get(c, "") == cell for c, cell in zip(columns, row, strict=True)))
