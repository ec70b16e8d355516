"""Domains: the possible exposures. Rules are analysed over them; finding associations does not need them.

A *domain* is a list of *modes*. A mode has some exposure types; its *tables* list which values go together in
such exposures, each table independently of the others. "" is "not given". A column that no table of a mode has
may hold any word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from rules.vocabulary.grouping import words


@dataclass(frozen=True)
class Table:
    """The combinations of values that some columns can have.

    Attributes:
        columns: names of the columns.
        rows: the combinations, the most usual one first.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @cached_property
    def values(self) -> Mapping[str, tuple[str, ...]]:
        """The values of each column, the most usual one first."""
        cells = zip(*self.rows, strict=True)
        return {column: tuple(dict.fromkeys(each)) for column, each in zip(self.columns, cells, strict=True)}


class Mode(NamedTuple):
    """Exposures of some types, which differ in nothing else that a rule could use.

    Attributes:
        exp_types: the exposure types.
        tables: what goes together; no column is in two tables.
    """

    exp_types: tuple[str, ...]
    tables: tuple[Table, ...]

    def table(self, column: str) -> Table | None:
        """The table with this column; None if the mode leaves the column open."""
        if column == "exp_type":
            return Table(("exp_type",), tuple((kind,) for kind in self.exp_types))
        return next((table for table in self.tables if column in table.columns), None)


@dataclass(frozen=True, slots=True)
class Domain:
    """All possible exposures.

    Attributes:
        modes: the kinds of exposures; every exposure type is in one.
        examples: for columns that hold any word, words that occur, the most usual one first.
        filled: columns in which every exposure of a complete pool has a value.
        products: what Level 2 makes, by association type: suffixes of its products where it starts from rates.

    Raises:
        ValueError: an exposure type is in two modes.
    """

    modes: tuple[Mode, ...] = ()
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    filled: tuple[str, ...] = ()
    products: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse an exposure type that is in two modes."""
        if twice := _repeated(kind for mode in self.modes for kind in mode.exp_types):
            raise ValueError(f"{twice} in two modes")

    def mode_of(self, exp_type: str) -> Mode | None:
        """The mode with this exposure type."""
        return next((mode for mode in self.modes if exp_type in mode.exp_types), None)

    def first(self, exp_type: str, column: str) -> str:
        """The most usual value of a column in exposures of a type, or a stand-in for a file; "" if it may be any."""
        found = self.mode_of(exp_type)
        stated = found.table(column) if found else None
        usual = (each for each in (stated.values[column] if stated else ()) if each and ".fits" not in each)
        return next(usual, "your_file.fits" if any(".fits" in each for each in self.values(column)) else "")

    def values(self, column: str) -> frozenset[str]:
        """Every value that the tables have for a column."""
        tables = (mode.table(column) for mode in self.modes)
        return frozenset(one for table in tables if table is not None for one in table.values[column])


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    """The combinations of values that some columns can have, the most usual one first.

    Raises:
        ValueError: a row does not have one value for each column, or there are no rows.

    >>> table(("filter", "pupil"), [("f150w2", "f162m")]).columns
    ('filter', 'pupil')
    """
    names, found = tuple(columns), tuple(dict.fromkeys(map(tuple, rows)))
    wrong = next((row for row in found if len(row) != len(names)), None)
    if wrong is not None or not found:
        raise ValueError(f"the table of {', '.join(names)} needs rows of {len(names)} values, not {wrong or 'none'}")
    return Table(names, found)


def mode(exp_types: str | Iterable[str], *tables: Table, **columns: str | Iterable[str]) -> Mode:
    """A kind of exposures.

    Args:
        exp_types: the exposure types.
        tables: columns whose values do not occur in every combination.
        columns: the values of every other column; all combinations of them occur.

    Raises:
        ValueError: two tables have one column.
    """
    types = words(exp_types)
    listed = [name for each in tables for name in each.columns]
    if twice := _repeated(listed):
        raise ValueError(f"{', '.join(types)}: {twice} in two tables")
    free = {name: words(values) for name, values in columns.items() if name not in listed}
    return Mode(types, (*tables, *(table((name,), ((each,) for each in values)) for name, values in free.items())))


def _repeated(names: Iterable[str]) -> str:
    return ", ".join(sorted(name for name, count in Counter(names).items() if count > 1))
