"""Axes: the values of a domain that go together, and arrays of all their combinations."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rules.vocabulary import Attribute, Predicate
from rules.vocabulary.algebra import Leaf, conjunction, fingerprint
from rules.vocabulary.domains import Table
from solver.memory import remembered
from solver.pools import EncodedColumn, Evaluation, constant_column, encode
from solver.pools import Table as Overlay

#: An exposure as its values, by column.
Exposure = Mapping[str, str]

#: One row in which nothing is given. Columns that vary along dimensions of their own are laid over it, so that
#: expressions over them are arrays of all combinations.
ONE_ROW = Evaluation(Overlay({"": constant_column("", 1)}))


class Axis:
    """Values of some columns that go together: the rows of a table of a mode, or the words of one column."""

    def __init__(self, table: Table) -> None:
        """The rows of a table."""
        self.table = table
        self.columns = {name: encode(row[place] for row in table.rows) for place, name in enumerate(table.columns)}
        self._evaluation = combined([self])
        self._classes: dict[Hashable, list[int]] = {}

    def classes(self, alone: Sequence[Predicate], asked: Iterable[Leaf | Attribute], like: Exposure) -> list[int]:
        """One row of each class, the most usual first, or the one most like an exposure.

        Args:
            alone: what all rows satisfy.
            asked: the conditions that distinguish classes, and attributes of which each value is a class.
            like: the exposure; empty if none is preferred.
        """
        key = (tuple(alone), tuple(asked), self._wanted(like))
        if key not in self._classes:
            fits = np.broadcast_to(self._evaluation.holds(conjunction(alone)), len(self.table.rows))
            seen = [self._sights(each) for each in asked]
            classes: dict[Hashable, int] = {}
            for row in np.argsort(-self.likeness(like), kind="stable").tolist():
                if fits[row]:
                    classes.setdefault(tuple([each[row] for each in seen]), row)
            self._classes[key] = list(classes.values())
        return self._classes[key]

    @remembered
    def _sights(self, asked: Leaf | Attribute) -> list[Hashable]:
        """For each row what a condition can see of it, or its values."""
        names = [name for name in self.table.columns if name in asked.column_names]
        rows = [[(name, cells[name]) for name in names] for cells in map(self.cells, range(len(self.table.rows)))]
        if isinstance(asked, Leaf):
            return [tuple(fingerprint(*each, (asked,)) for each in row) for row in rows]
        return [tuple(row) for row in rows]

    def likeness(self, like: Exposure) -> NDArray[np.int16]:
        """For each row how many values it has in common with an exposure."""
        wanted = self._wanted(like)
        return np.array([sum(map(str.__eq__, row, wanted)) for row in self.table.rows], dtype=np.int16)

    def _wanted(self, like: Exposure) -> tuple[str, ...]:
        return tuple([like.get(column, "") for column in self.table.columns]) if like else ()

    def along(self, rows: Sequence[int], shape: Sequence[int]) -> dict[str, EncodedColumn]:
        """The columns at some rows, in another shape."""
        codes = {name: column.codes[rows].reshape(shape) for name, column in self.columns.items()}
        return {name: EncodedColumn(each, self.columns[name].values) for name, each in codes.items()}

    def cells(self, row: int) -> Exposure:
        """The values of a row, by column."""
        return dict(zip(self.table.columns, self.table.rows[row], strict=True))


def combined(axes: Sequence[Axis]) -> Evaluation:
    """An evaluation over all combinations of rows: each axis is a dimension."""
    columns: dict[str, EncodedColumn] = {}
    for axis in axes:
        columns |= axis.along(range(len(axis.table.rows)), [-1 if each is axis else 1 for each in axes])
    return ONE_ROW.over(columns)
