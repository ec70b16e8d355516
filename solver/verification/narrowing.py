"""Scopes: where in a domain conditions can be satisfied, and what is left of the conditions there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rules.vocabulary import FALSE, AllOf, Predicate
from rules.vocabulary.algebra import Values, columns_of, simplified, truth
from rules.vocabulary.domains import Mode, Table
from solver.verification.agreement import Agreement


@dataclass(frozen=True)
class Scope:
    """Exposure types of a mode that conditions do not distinguish, and what is left of the conditions there.

    Attributes:
        tables: the exposure types and the mode's tables, without the rows that the conditions rule out.
        condition: what is left to satisfy.
    """

    tables: tuple[Table, ...]
    condition: Predicate

    @property
    def exp_types(self) -> tuple[str, ...]:
        """The exposure types."""
        return tuple(row[0] for row in self.tables[0].rows)

    @cached_property
    def values(self) -> Values:
        """The values that are left for each column of the tables."""
        return _values(self.tables)


def scopes(mode: Mode, condition: Predicate) -> Iterator[Scope]:
    """The parts of a mode in which a condition is not ruled out; types that it does not distinguish together.

    Cost: a few passes over the condition and the mode's tables for each exposure type.
    """
    found: list[tuple[tuple[Table, ...], Predicate, list[str]]] = []
    fixed = {column: values[0] for column, values in _values(mode.tables).items() if len(values) == 1}
    for exp_type in mode.exp_types:
        if truth(condition, {**fixed, "exp_type": exp_type}) is False:
            continue  # most types are ruled out so, which is quicker than to simplify
        left = _left(mode.tables, condition, exp_type)
        if left is not None:
            alike = next((types for *each, types in found if tuple(each) == left), None)
            if alike is None:
                found.append((*left, [exp_type]))
            else:
                alike.append(exp_type)
    for tables, left_over, exp_types in found:
        types = Table(("exp_type",), tuple((each,) for each in exp_types))
        yield Scope((types, *tables), left_over)


def _left(tables: tuple[Table, ...], condition: Predicate, exp_type: str) -> tuple[tuple[Table, ...], Predicate] | None:
    """The rows and the condition that are left for an exposure type; None where nothing is."""
    while True:
        narrowed = simplified(condition, {**_values(tables), "exp_type": (exp_type,)})
        if narrowed == FALSE:
            return None
        parts = narrowed.parts if isinstance(narrowed, AllOf) else (narrowed,)
        asked = [(part, columns_of(part)) for part in parts]
        struck = tuple(table if len(table.rows) == 1 else _struck(table, asked) for table in tables)
        if not all(table.rows for table in struck):
            return None
        if narrowed == condition and struck == tables:
            return tables, condition
        tables, condition = struck, narrowed


def _values(tables: Iterable[Table]) -> dict[str, tuple[str, ...]]:
    return {column: values for table in tables for column, values in table.values.items()}


def _struck(table: Table, parts: Sequence[tuple[Predicate, frozenset[str]]]) -> Table:
    """The table without rows that rule a condition out, which is given by its parts with the columns they ask for."""
    about = [part for part, columns in parts if not columns.isdisjoint(table.columns)]
    if not about:
        return table
    asked = columns_of(*about)
    places = [(place, column) for place, column in enumerate(table.columns) if column in asked]
    possible: dict[tuple[str, ...], bool] = {}
    for row in table.rows:
        cells = tuple(row[place] for place, _ in places)
        if cells not in possible:
            known = {column: row[place] for place, column in places}
            possible[cells] = all(truth(part, known) is not False for part in about)
    if all(possible.values()):
        return table
    return Table(table.columns, tuple(row for row in table.rows if possible[tuple(row[p] for p, _ in places)]))


def matched(both: tuple[Scope, Scope], relations: Iterable[Agreement]) -> tuple[Scope, Scope] | None:
    """Two scopes without the values that exposures of the other one cannot agree with; None where nothing is left."""
    columns = {column for relation in relations for column in relation.strict}
    common: dict[str, frozenset[str]] = {}
    for column in columns:
        first, second = (scope.values.get(column) for scope in both)
        if first is not None and second is not None and "" not in first and "" not in second:
            common[column] = frozenset(first) & frozenset(second)
            if not common[column]:
                return None
    narrowed = [tuple(_only(table, common) for table in scope.tables) for scope in both]
    if not all(table.rows for tables in narrowed for table in tables):
        return None
    return Scope(narrowed[0], both[0].condition), Scope(narrowed[1], both[1].condition)


def _only(table: Table, allowed: Mapping[str, frozenset[str]]) -> Table:
    places = [
        (p, allowed[c]) for p, c in enumerate(table.columns) if c in allowed and set(table.values[c]) - allowed[c]
    ]
    if not places:
        return table
    return Table(table.columns, tuple(row for row in table.rows if all(row[p] in values for p, values in places)))
