"""Scopes: where in a domain conditions can be satisfied, and what is left of the conditions there."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from rules.vocabulary import FALSE, TRUE, Predicate
from rules.vocabulary.algebra import Leaf, parts_of, rewritten, values_named
from rules.vocabulary.domains import Domain, Table
from solver.memory import remembered
from solver.multimap import grouped
from solver.pools import REQUIRED
from solver.verification.axes import Axis, combined

#: Words for columns that hold any, where the domain has no examples.
_WORDS = ("1", "2")


class Scope(NamedTuple):
    """Exposure types of a mode that conditions do not distinguish, and what is left of the conditions there."""

    exp_types: tuple[str, ...]
    condition: Predicate


class Scopes:
    """A domain divided into scopes: where in it conditions can hold, and its axes."""

    def __init__(self, domain: Domain) -> None:
        """Divide this domain."""
        self.domain = domain
        self._modes = {kind: mode for mode in domain.modes for kind in mode.exp_types}
        self._axes: dict[Hashable, Axis] = {}

    @remembered
    def where(self, condition: Predicate) -> tuple[Scope, ...]:
        """Where a condition is not ruled out; types of a mode that it does not distinguish stay together."""
        possible = set(self._modes).intersection(*map(self._kinds, parts_of(condition)))
        lefts = ((kind, self._what_is_left(condition, kind)) for kind in self._modes if kind in possible)
        alike = grouped(((id(self._modes[kind]), left), kind) for kind, left in lefts if left != FALSE)
        return tuple(Scope(tuple(kinds), left) for (_, left), kinds in alike.items())

    @remembered
    def _kinds(self, part: Predicate) -> frozenset[str]:
        """The types of whose exposures a condition by itself allows some."""
        return frozenset(kind for kind in self._modes if self._what_is_left(part, kind) != FALSE)

    @remembered
    def _what_is_left(self, predicate: Predicate, kind: str) -> Predicate:
        """The predicate without parts that hold for all exposures of a type, or for none."""
        first = self._modes[kind].exp_types[0]
        if kind != first and "exp_type" not in predicate.column_names:
            return self._what_is_left(predicate, first)
        if not isinstance(predicate, Leaf):
            return rewritten(predicate, lambda part: self._what_is_left(part, kind))
        axes = dict.fromkeys(self.axis((kind,), column, (predicate,)) for column in predicate.column_names)
        truths = combined(list(axes)).holds(predicate)
        return TRUE if truths.all() else predicate if truths.any() else FALSE

    # --- Axes ---------------------------------------------------------------------------------------

    def axis(self, exp_types: Sequence[str], column: str, asked: Sequence[Leaf]) -> Axis:
        """The axis of a column in a mode: a table, or words.

        Args:
            exp_types: the exposure types in question, all of the mode.
            column: the column.
            asked: conditions that name words.
        """
        table = self._modes[exp_types[0]].table(column) if column != "exp_type" else None
        words = () if table else exp_types if column == "exp_type" else self.words(column, asked)
        key = id(table) if table else (column, words)
        if key not in self._axes:
            self._axes[key] = Axis(table or Table((column,), tuple((each,) for each in words)))
        return self._axes[key]

    def tables(self, exp_types: Sequence[str]) -> Iterator[Axis]:
        """The exposure types and the tables of their mode."""
        columns = ("exp_type", *(table.columns[0] for table in self._modes[exp_types[0]].tables))
        return (self.axis(exp_types, column, ()) for column in columns)

    def can_share(self, scopes: Iterable[Scope], column: str) -> bool:
        """Whether exposures of two scopes can have the same value of a column, or one of them none."""
        first, second = (self.axis(exp_types, column, ()).table.values[column] for exp_types, _ in scopes)
        return "" in (*first, *second) or not set(first).isdisjoint(second)

    def words(self, column: str, asked: Sequence[Leaf]) -> tuple[str, ...]:
        """Words for a column that holds any: two that no condition names, those that conditions name, and none.

        Nothing crosses programs, so the program is always the same.
        """
        if column == "program":
            return self.domain.examples.get(column, _WORDS)[:1]
        texts = values_named(*asked).get(column, ())
        free = [word for word in dict.fromkeys((*self.domain.examples.get(column, ()), *_WORDS)) if word not in texts]
        return (*free[:2], *texts, *(() if column in REQUIRED else ("",)))
