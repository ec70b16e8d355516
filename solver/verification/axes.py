"""Axes: the values of a domain that go together, and arrays of all their combinations."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

import numpy as np

from rules.vocabulary import Attribute, Predicate
from rules.vocabulary.algebra import Leaf, conjunction, fingerprint
from rules.vocabulary.domains import Table
from solver.pools import EncodedColumn, Evaluation, constant_column, encode

#: An exposure as its values, by column.
Exposure = Mapping[str, str]


class Axis:
    """Values of some columns that go together: the rows of a table of a mode, or the words of one column."""

    def __init__(self, table: Table) -> None:
        """The rows of a table."""
        self.table = table
        self.columns = {name: encode(row[place] for row in table.rows) for place, name in enumerate(table.columns)}
        self.evaluation = Evaluation(_Grid(self.columns))
        self._classes: dict[Hashable, list[int]] = {}
        self._seen: dict[Leaf | Attribute, list[Hashable]] = {}

    def classes(self, alone: Sequence[Predicate], asked: Iterable[Leaf | Attribute], like: Exposure) -> list[int]:
        """One row of each class, the most usual first, or the one most like an exposure.

        Args:
            alone: what all rows satisfy.
            asked: the conditions that distinguish classes, and attributes of which each value is a class.
            like: the exposure; empty if none is preferred.
        """
        wanted = tuple([like.get(column, "") for column in self.table.columns]) if like else ()
        key = (tuple(alone), tuple(asked), wanted)
        if key not in self._classes:
            fits = np.broadcast_to(self.evaluation.holds(conjunction(alone)), len(self.table.rows)).tolist()
            seen = [self._sights(each) for each in asked]
            likeness = self.likeness(like)
            classes: dict[Hashable, int] = {}
            for row in sorted(range(len(fits)), key=likeness.__getitem__, reverse=True):
                if fits[row]:
                    classes.setdefault(tuple([each[row] for each in seen]), row)
            self._classes[key] = list(classes.values())
        return self._classes[key]

    def _sights(self, asked: Leaf | Attribute) -> list[Hashable]:
        """For each row what a condition can see of it, or its value."""
        if asked not in self._seen:
            places = [place for place, name in enumerate(self.table.columns) if name in asked.column_names]
            cells = [tuple((self.table.columns[place], row[place]) for place in places) for row in self.table.rows]
            self._seen[asked] = [
                tuple(fingerprint(*each, (asked,)) for each in row) if isinstance(asked, Leaf) else row for row in cells
            ]
        return self._seen[asked]

    def likeness(self, like: Exposure) -> list[int]:
        """For each row how many values it has in common with an exposure."""
        wanted = [like.get(column, "") for column in self.table.columns] if like else []
        return [sum(map(str.__eq__, row, wanted)) for row in self.table.rows]

    def cells(self, row: int) -> Exposure:
        """The values of a row, by column."""
        return dict(zip(self.table.columns, self.table.rows[row], strict=True))


class _Grid:
    """Columns that vary along some dimensions: expressions over them are arrays of all combinations."""

    def __init__(self, columns: Mapping[str, EncodedColumn]) -> None:
        self._columns = columns

    def __getitem__(self, name: str) -> EncodedColumn:
        return self._columns.get(name) or constant_column("", 1)

    def __len__(self) -> int:
        return 1  # what does not vary is broadcast


def combined(axes: Mapping[Axis, Sequence[int]], first: int = 0, dimensions: int = 0) -> Evaluation:
    """An evaluation over all combinations of rows of some axes, each axis a dimension of the array.

    Args:
        axes: the axes, with rows of each.
        first: the dimension of the first axis.
        dimensions: the number of dimensions; by default one for each axis.
    """
    columns = {}
    for dimension, (axis, rows) in enumerate(axes.items(), start=first):
        shape = [1] * (dimensions or len(axes))
        shape[dimension] = len(rows)
        for name, column in axis.columns.items():
            columns[name] = EncodedColumn(column.codes[list(rows)].reshape(shape), column.values)
    return Evaluation(_Grid(columns))
