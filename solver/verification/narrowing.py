"""Scopes: where in a domain conditions can be satisfied, and what is left of the conditions there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain

from rules.vocabulary import FALSE, AllOf, Predicate
from rules.vocabulary.algebra import Known, Values, columns_of, simplified, truth
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
    """The parts of a mode in which a condition is not ruled out; types that it does not distinguish stay together.

    Cost: a few passes over the condition and the mode's tables for each exposure type.
    """
    found: dict[tuple[tuple[Table, ...], Predicate], list[str]] = {}
    fixed = {column: values[0] for column, values in _values(mode.tables).items() if len(values) == 1}
    for exp_type in mode.exp_types:
        if truth(condition, {**fixed, "exp_type": exp_type}) is False:
            continue  # this rules out most types, and is quicker than simplifying
        left = _left(mode.tables, condition, exp_type)
        if left is not None:
            found.setdefault(left, []).append(exp_type)
    for (tables, left_over), exp_types in found.items():
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
    """The table without rows that rule out a condition, given as its parts with the columns that they use."""
    about = [part for part, columns in parts if not columns.isdisjoint(table.columns)]
    return _where(table, columns_of(*about), lambda known: all(truth(part, known) is not False for part in about))


def _where(table: Table, columns: Collection[str], possible: Callable[[Known], bool]) -> Table:
    """The rows whose values in some columns are possible; the table itself if all are."""
    places = [place for place, column in enumerate(table.columns) if column in columns]
    if not places:
        return table

    @cache  # many rows have the same values there
    def is_kept(cells: tuple[str, ...]) -> bool:
        return possible({table.columns[place]: cell for place, cell in zip(places, cells, strict=True)})

    rows = tuple(row for row in table.rows if is_kept(tuple([row[place] for place in places])))
    return table if len(rows) == len(table.rows) else Table(table.columns, rows)


def matched(both: tuple[Scope, Scope], relations: Iterable[Agreement]) -> tuple[Scope, Scope] | None:
    """Two scopes without the values that exposures of the other one cannot agree with; None where nothing is left."""
    common: dict[str, frozenset[str]] = {}
    for column in frozenset().union(*(relation.strict for relation in relations)):
        first, second = (scope.values.get(column) for scope in both)
        if first is not None and second is not None and "" not in first and "" not in second:
            common[column] = frozenset(first) & frozenset(second)

    def shared(known: Known) -> bool:
        return all(one in common[column] for column, one in known.items())

    tables = [tuple(_where(table, common, shared) for table in scope.tables) for scope in both]
    if not all(table.rows for table in chain(*tables)):
        return None
    return Scope(tables[0], both[0].condition), Scope(tables[1], both[1].condition)
