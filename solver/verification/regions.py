"""Regions: the exposures of a domain that satisfy a condition, as few readable descriptions.

A region is a box: exposure types of one mode, and for some columns the values that they have. Each is made as large as
it can be, and together they are exactly the exposures that satisfy the condition.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rules.vocabulary import Column, Given, OneOf, Predicate
from rules.vocabulary.algebra import columns_of, conjunction, disjunction, fingerprint, leaves, negation, values_named
from solver.verification.axes import Exposure
from solver.verification.search import Space

#: More values than this are described by what they are not, if that is shorter.
_LISTED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """Exposures that have some values in common.

    Attributes:
        exp_types: their types.
        conditions: what else they have in common.
        example: one of them.
    """

    exp_types: tuple[str, ...]
    conditions: tuple[Predicate, ...]
    example: Exposure

    def __str__(self) -> str:
        """`mir_image, nis_image if filter is opaque`."""
        types = ", ".join(self.exp_types)
        return types + (f" if {' and '.join(map(str, self.conditions))}" if self.conditions else "")


def regions(space: Space, condition: Predicate, among: Predicate) -> list[Region]:
    """The exposures among some that satisfy a condition; regions of several modes with the same conditions are one.

    Args:
        space: the domain.
        condition: the condition.
        among: what holds for all exposures in question, and is not repeated.

    Cost: for each region a search for each column of the condition, and a few more.
    """
    found: dict[tuple[str, ...], Region] = {}
    left = conjunction([condition, among])
    while (example := space.first(left)) is not None:
        box = _Box(space, condition, among, example)
        key = tuple(map(str, box.conditions))
        before = found.get(key, Region((), box.conditions, example))
        types = tuple(dict.fromkeys((*before.exp_types, *box.exp_types)))
        found[key] = replace(before, exp_types=types)
        left = conjunction([left, negation(box.predicate)])
    return list(found.values())


class _Box:
    """The largest box around an exposure in which a condition holds, as far as widening step by step finds it."""

    def __init__(self, space: Space, condition: Predicate, among: Predicate, example: Exposure) -> None:
        self._space = space
        self._outside = conjunction([among, negation(condition)])
        asked = tuple(dict.fromkeys(leaves(condition)))
        self._types = {example["exp_type"]}
        columns = sorted(columns_of(condition) - {"exp_type"})
        filled = columns_of(among)
        self._all = {
            column: tuple(one for one in space.possible(example, column, asked) if one or column not in filled)
            for column in columns
        }
        self._kept: dict[str, set[str]] = {}
        for column in columns:
            own = fingerprint(column, example.get(column, ""), asked)
            kinds = {fingerprint(column, each, asked) for each in self._all[column]}
            if len(kinds) > 1:
                alike = {each for each in self._all[column] if fingerprint(column, each, asked) == own}
                self._kept[column] = alike | {example.get(column, "")}
        named = values_named(*asked)
        #: The words that the condition names for columns that may hold any.
        self._open = {
            column: frozenset(named.get(column, ())) for column in columns if space.table_of(example, column) is None
        }
        self._widen(example)

    def _widen(self, example: Exposure) -> None:
        for column in list(self._kept):
            before = self._kept.pop(column)
            if self._holds():
                continue
            self._kept[column] = before
            for one in self._all[column]:
                self._kept[column] = before | {one}
                if one in before or self._holds():
                    before = self._kept[column]
            self._kept[column] = before
        mode = self._space.domain.mode_of(example["exp_type"])
        for kind in () if mode is None else mode.exp_types:
            self._types.add(kind)
            if not self._holds():
                self._types.discard(kind)

    def _holds(self) -> bool:
        return self._space.first(self.predicate, self._outside) is None

    @property
    def exp_types(self) -> tuple[str, ...]:
        """The exposure types."""
        return tuple(sorted(self._types))

    @property
    def predicate(self) -> Predicate:
        """The exposure is in the box."""
        return conjunction([OneOf(Column("exp_type"), self.exp_types), *self.conditions])

    @property
    def conditions(self) -> tuple[Predicate, ...]:
        """What the exposures have in common apart from their type."""
        return tuple(self._condition(column, kept) for column, kept in sorted(self._kept.items()))

    def _condition(self, column: str, kept: set[str]) -> Predicate:
        """The column has one of these values."""
        attribute = Column(column)
        present = Given(attribute)
        given = tuple(sorted(kept - {""}))
        if not given:
            return negation(present)
        known = self._open.get(column)
        is_any_word = known is not None and not kept <= {*known, ""}
        others = tuple(sorted({*(known or () if is_any_word else self._all[column])} - kept - {""}))
        must_be_given = "" not in kept
        if is_any_word or (must_be_given and not others) or len(others) < len(given) > _LISTED:
            not_these = [negation(OneOf(attribute, others))] if others else []
            return conjunction([*([present] if must_be_given else []), *not_these])
        return disjunction([*([] if must_be_given else [negation(present)]), OneOf(attribute, given)])
