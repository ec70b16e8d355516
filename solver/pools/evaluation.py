"""Evaluation of the vocabulary over columns: values of attributes, truth of predicates, choices.

Each expression is evaluated once per distinct value of its columns, gathered through the codes, and
remembered: rules share the expressions of their mixins, so these are evaluated for the first rule only.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import numpy as np

from rules.vocabulary import (
    AllOf,
    AnyOf,
    Attribute,
    Choice,
    Column,
    Combination,
    Contains,
    FirstGiven,
    Given,
    Mapped,
    Not,
    OneOf,
    Predicate,
)
from solver.memory import remembered
from solver.pools.columns import EncodedColumn, Mask, constant_column, lookup, merge_columns
from solver.pools.pool import Pool


class Evaluation:
    """The values of expressions over one table, each computed once."""

    def __init__(self, table: Pool | Mapping[str, EncodedColumn]) -> None:
        """Evaluate over `table`, which must not change; columns that it lacks have no values."""
        self._columns = table if isinstance(table, Mapping) else table.columns

    def __len__(self) -> int:
        """Number of rows of the table."""
        return len(next(iter(self._columns.values())))

    def over(self, columns: Mapping[str, EncodedColumn]) -> Evaluation:
        """An evaluation over the same table with columns laid over it, such as roles."""
        return Evaluation({**self._columns, **columns})

    @remembered
    def values(self, attribute: Attribute) -> EncodedColumn:
        """The attribute of every row."""
        match attribute:
            case Column(name):
                column = self._columns[name] if name in self._columns else constant_column("", len(self))
                return column.recode(attribute.in_one_form) if attribute.number else column
            case FirstGiven(columns):
                later_first = map(self.values, reversed(columns))
                return reduce(lambda later, first: merge_columns(first, later, first.given()), later_first)
            case Mapped():
                return self.values(attribute.column).recode(attribute.translated)

    @remembered
    def choose(self, choice: Choice) -> EncodedColumn:
        """The word of the choice for every row."""
        words = constant_column(choice.otherwise, len(self))
        for case in reversed(choice.cases):
            word = self.values(case.value) if isinstance(case.value, Column) else constant_column(case.value, len(self))
            words = merge_columns(word, words, self.holds(case.when))
        return words

    @remembered
    def holds(self, predicate: Predicate) -> Mask:  # noqa: PLR0911 (one way out for each kind)
        """Whether the predicate holds for every row."""
        match predicate:
            case OneOf(attribute, values):
                return self.values(attribute).where(set(values).__contains__)
            case Given(attribute):
                return self.values(attribute).given()
            case Contains(attribute, text):
                return self.values(attribute).where(lambda value: text in value)
            case Combination(_, attributes, rows):
                return self._find_combination(attributes, rows)
            case AllOf(parts):
                return reduce(np.logical_and, map(self.holds, parts), np.ones(len(self), dtype=np.bool_))
            case AnyOf(parts):
                return reduce(np.logical_or, map(self.holds, parts), np.zeros(len(self), dtype=np.bool_))
            case Not(part):
                return ~self.holds(part)

    def _find_combination(self, attributes: tuple[Attribute, ...], rows: tuple[tuple[str, ...], ...]) -> Mask:
        """Look every row up in a table over the values that occur in `rows`, and at the end one place for any other.

        Codes of several dimensions broadcast: verification evaluates over whole spaces of values.
        """
        places = [lookup(list(dict.fromkeys(occurring))) for occurring in zip(*rows, strict=True)]
        table = np.zeros([len(place) + 1 for place in places], dtype=np.bool_)
        for row in rows:
            table[tuple(place[value] for place, value in zip(places, row, strict=True))] = True
        columns = zip(places, map(self.values, attributes), strict=True)
        codes = (np.array([place.get(value, -1) for value in column.values])[column.codes] for place, column in columns)
        return np.asarray(table[tuple(codes)])
