"""Axes: values of a domain that occur together, and arrays of all their combinations."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from rules.vocabulary import Attribute, Predicate
from rules.vocabulary.algebra import Leaf, conjunction, fingerprint
from rules.vocabulary.domains import Table
from solver.memory import remembered
from solver.pools import EncodedColumn, Evaluation, constant_column, encode

#: An exposure as its values, by column.
Exposure = Mapping[str, str]

#: One row in which nothing is given. Columns that vary along dimensions of their own are laid over it, so that
#: expressions over them are arrays of all combinations.
ONE_ROW = Evaluation({"": constant_column("", 1)})


class Axis:
    """Values of some columns that occur together: the rows of a mode's table, or the words of one column."""

    def __init__(self, table: Table) -> None:
        """The rows of a table."""
        self.table = table
        self.columns = {name: encode(row[place] for row in table.rows) for place, name in enumerate(table.columns)}
        self._evaluation = combined([self])

    @remembered
    def classes(
        self, alone: tuple[Predicate, ...], asked: tuple[Leaf | Attribute, ...], wanted: tuple[str, ...]
    ) -> list[int]:
        """One row of each class: the one with most of the wanted values, and of several the most usual.

        Args:
            alone: conditions that all rows satisfy.
            asked: the conditions that distinguish classes, and attributes of which each value is a class.
            wanted: a value for each column; () if none is preferred.
        """
        fits = np.broadcast_to(self._evaluation.holds(conjunction(alone)), len(self.table.rows))
        seen = [self._fingerprints(each) for each in asked]
        classes: dict[Hashable, int] = {}
        for row in np.argsort(-self.likeness(wanted), kind="stable").tolist():
            if fits[row]:
                classes.setdefault(tuple([each[row] for each in seen]), row)
        return list(classes.values())

    @remembered
    def _fingerprints(self, asked: Leaf | Attribute) -> list[Hashable]:
        """For each row what a condition can see of it; for an attribute, the row's values."""
        places = [(name, place) for place, name in enumerate(self.table.columns) if name in asked.column_names]
        see = partial(fingerprint, asked=[asked]) if isinstance(asked, Leaf) else lambda _, cell: cell
        return [tuple(see(name, row[place]) for name, place in places) for row in self.table.rows]

    def likeness(self, wanted: tuple[str, ...]) -> NDArray[np.int16]:
        """For each row how many of the wanted values it has."""
        return np.array([sum(map(str.__eq__, row, wanted)) for row in self.table.rows], dtype=np.int16)

    def wanted(self, like: Exposure) -> tuple[str, ...]:
        """The values that an exposure has in these columns; () if there is no exposure."""
        return tuple([like.get(column, "") for column in self.table.columns]) if like else ()

    def along(self, rows: Sequence[int], shape: Sequence[int]) -> dict[str, EncodedColumn]:
        """The columns at some rows, in another shape."""
        return {name: EncodedColumn(own.codes[rows].reshape(shape), own.values) for name, own in self.columns.items()}

    def cells(self, row: int) -> Exposure:
        """The values of a row, by column."""
        return dict(zip(self.table.columns, self.table.rows[row], strict=True))


def combined(axes: Sequence[Axis]) -> Evaluation:
    """An evaluation over all combinations of rows: each axis is a dimension."""
    columns: dict[str, EncodedColumn] = {}
    for axis in axes:
        columns |= axis.along(range(len(axis.table.rows)), [-1 if each is axis else 1 for each in axes])
    return ONE_ROW.over(columns)
