"""Scopes: where in a domain conditions can be satisfied, and what is left of the conditions there."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from rules.vocabulary import FALSE, TRUE, AllOf, AnyOf, Not, Predicate
from rules.vocabulary.algebra import Leaf, conjunction, disjunction, negation, values_named
from rules.vocabulary.domains import Domain, Mode, Table
from solver.pools import REQUIRED
from solver.verification.axes import Axis, combined

#: Words for columns that hold any, where the domain has no examples.
_WORDS = ("1", "2")


@dataclass(frozen=True, eq=False)
class Scope:
    """Exposure types of a mode that conditions do not distinguish, and what is left of the conditions there.

    Attributes:
        mode: the mode.
        exp_types: the exposure types.
        condition: what is left to satisfy.
    """

    mode: Mode
    exp_types: tuple[str, ...]
    condition: Predicate

    @property
    def parts(self) -> tuple[Predicate, ...]:
        """All that has to hold."""
        return self.condition.parts if isinstance(self.condition, AllOf) else (self.condition,)


class Scopes:
    """The scopes of conditions in a domain. A *cell* is an exposure type of a mode; sets of cells are bits."""

    def __init__(self, domain: Domain) -> None:
        """Look in this domain."""
        self._domain = domain
        self.usual = {column: words[0] for column, words in domain.examples.items()}
        self._cells = [(mode, kind) for mode in domain.modes for kind in mode.exp_types]
        self._every = (1 << len(self._cells)) - 1
        self._bounds: dict[Predicate, tuple[int, int]] = {}
        self._left: dict[tuple[Predicate, int], Predicate] = {}
        self._scopes: dict[Predicate, tuple[Scope, ...]] = {}
        self._axes: dict[Hashable, Axis] = {}

    def of(self, condition: Predicate) -> tuple[Scope, ...]:
        """Where a condition is not ruled out; types of a mode that it does not distinguish stay together."""
        if condition not in self._scopes:
            found: dict[tuple[int, Predicate], list[int]] = {}
            hold, _ = self._bound(condition)
            for cell, (mode, _) in enumerate(self._cells):
                left = self._what_is_left(condition, cell) if hold >> cell & 1 else FALSE
                if left != FALSE:
                    found.setdefault((id(mode), left), []).append(cell)
            self._scopes[condition] = tuple(
                Scope(self._cells[cells[0]][0], tuple(self._cells[cell][1] for cell in cells), left)
                for (_, left), cells in found.items()
            )
        return self._scopes[condition]

    def _what_is_left(self, predicate: Predicate, cell: int) -> Predicate:
        """The predicate without parts that hold for all exposures of a cell, or for none."""
        hold, fail = self._bound(predicate)
        if not hold >> cell & 1:
            return FALSE
        if not fail >> cell & 1:
            return TRUE
        if (predicate, cell) not in self._left:
            match predicate:
                case AllOf(parts):
                    left = conjunction(self._what_is_left(part, cell) for part in parts)
                case AnyOf(parts):
                    left = disjunction(self._what_is_left(part, cell) for part in parts)
                case Not(part):
                    left = negation(self._what_is_left(part, cell))
                case leaf:
                    left = leaf
            self._left[predicate, cell] = left
        return self._left[predicate, cell]

    def _bound(self, predicate: Predicate) -> tuple[int, int]:
        """The cells in which the predicate can hold, and those in which it can fail, as far as single leaves tell."""
        if predicate not in self._bounds:
            match predicate:
                case AllOf(parts):
                    holds, fails = self._bounds_of(parts)
                    found = reduce(and_, holds, self._every), reduce(or_, fails, 0)
                case AnyOf(parts):
                    holds, fails = self._bounds_of(parts)
                    found = reduce(or_, holds, 0), reduce(and_, fails, self._every)
                case Not(part):
                    hold, fail = self._bound(part)
                    found = fail, hold
                case leaf:
                    found = self._bound_of_leaf(leaf)
            self._bounds[predicate] = found
        return self._bounds[predicate]

    def _bounds_of(self, parts: Iterable[Predicate]) -> tuple[list[int], list[int]]:
        bounds = [self._bound(part) for part in parts]
        return [hold for hold, _ in bounds], [fail for _, fail in bounds]

    def _bound_of_leaf(self, leaf: Leaf) -> tuple[int, int]:
        known: dict[Hashable, tuple[bool, bool]] = {}
        hold = fail = 0
        for cell, (mode, kind) in enumerate(self._cells):
            key = (id(mode), kind if "exp_type" in leaf.column_names else "")
            if key not in known:
                axes = [self.axis(mode, (kind,), column, (leaf,)) for column in leaf.column_names]
                truths = combined({axis: range(len(axis.table.rows)) for axis in axes}).holds(leaf)
                known[key] = bool(truths.any()), not truths.all()
            can_hold, can_fail = known[key]
            hold |= can_hold << cell
            fail |= can_fail << cell
        return hold, fail

    # --- Axes ---------------------------------------------------------------------------------------

    def axis(self, mode: Mode, exp_types: Sequence[str], column: str, asked: Sequence[Leaf]) -> Axis:
        """The axis of a column: a table of the mode, or words.

        Args:
            mode: the mode.
            exp_types: the exposure types in question.
            column: the column.
            asked: conditions that name words.
        """
        table = mode.table(column) if column != "exp_type" else None
        if table is not None:
            return self._axis(id(table), table)
        words = exp_types if column == "exp_type" else self.words(column, asked)
        return self._axis((column, words), Table((column,), tuple((each,) for each in words)))

    def _axis(self, key: Hashable, table: Table) -> Axis:
        if key not in self._axes:
            self._axes[key] = Axis(table)
        return self._axes[key]

    def tables(self, mode: Mode, exp_types: Sequence[str]) -> Iterable[Axis]:
        """The exposure types and the tables of a mode."""
        return (self.axis(mode, exp_types, each, ()) for each in ("exp_type", *(t.columns[0] for t in mode.tables)))

    def words(self, column: str, asked: Sequence[Leaf]) -> tuple[str, ...]:
        """Words for a column that holds any: two that no condition names, those that conditions name, and none.

        Nothing crosses programs, so the program is always the same.
        """
        if column == "program":
            return self._domain.examples.get(column, _WORDS)[:1]
        texts = values_named(*asked).get(column, ())
        free = [word for word in dict.fromkeys((*self._domain.examples.get(column, ()), *_WORDS)) if word not in texts]
        return (*free[:2], *texts, *(() if column in REQUIRED else ("",)))
