"""Regions: the exposures of a domain that satisfy a condition, as few readable descriptions.

A region is a box: exposure types of one mode, and for some columns the values that they have. Each is made as large as
it can be, and together they are exactly the exposures that satisfy the condition.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.vocabulary import Column, Given, OneOf, Predicate
from rules.vocabulary.algebra import columns_of, conjunction, disjunction, fingerprint, leaves, negation, values_named
from solver.multimap import grouped
from solver.verification.axes import Exposure
from solver.verification.search import Space

#: More values than this are described by what they are not, if that is shorter.
_LISTED = 3


def regions(space: Space, condition: Predicate, among: Predicate) -> Iterator[tuple[str, Exposure]]:
    """The exposures among some that satisfy a condition: regions in words, each with one of its exposures.

    Regions of several modes with the same conditions are one, such as `mir_image, nis_image if filter is opaque`.

    Args:
        space: the domain.
        condition: the condition.
        among: what holds for all exposures in question, and is not repeated.

    Cost: for each region a search for each column of the condition, and a few more.
    """
    boxes: list[_Box] = []
    left = conjunction([condition, among])
    while (example := space.first(left)) is not None:
        boxes.append(_Box(space, condition, among, example))
        left = conjunction([left, negation(boxes[-1].predicate)])
    for shared, alike in grouped((" and ".join(map(str, box.conditions)), box) for box in boxes).items():
        types = ", ".join(dict.fromkeys(kind for box in alike for kind in box.exp_types))
        yield f"{types} if {shared}" if shared else types, alike[0].example


class _Box:
    """The largest box around an exposure in which a condition holds, as far as widening step by step finds it."""

    def __init__(self, space: Space, condition: Predicate, among: Predicate, example: Exposure) -> None:
        self._space, self.example = space, example
        self._outside = conjunction([among, negation(condition)])
        asked = tuple(dict.fromkeys(leaves(condition)))
        named = values_named(*asked)
        self.exp_types: tuple[str, ...] = (example["exp_type"],)
        self._kept: dict[str, set[str]] = {}
        #: All values of a column; and those to list: all, or the words that the condition names, if it may hold any.
        self._all: dict[str, list[str]] = {}
        self._listed: dict[str, frozenset[str]] = {}
        for column in sorted(columns_of(condition) - {"exp_type"}):
            values = space.possible(example, column, asked)
            self._all[column] = [one for one in values if one or column not in columns_of(among)]
            self._listed[column] = frozenset(named.get(column, ()) if space.is_open(example, column) else values)
            own = fingerprint(column, example.get(column, ""), asked)
            alike = {each for each in self._all[column] if fingerprint(column, each, asked) == own}
            if len(alike) < len(self._all[column]):
                self._kept[column] = alike | {example.get(column, "")}
        self._widen()

    def _widen(self) -> None:
        """Allow every value, else each value by itself, and each type of the mode, as long as the condition holds."""
        for column in list(self._kept):
            kept = self._kept.pop(column)
            if not self._holds():
                for one in self._all[column]:
                    self._kept[column] = kept | {one}
                    kept = self._kept[column] if one in kept or self._holds() else kept
                self._kept[column] = kept
        mode = self._space.domain.mode_of(self.exp_types[0])
        for kind in () if mode is None else mode.exp_types:
            before, self.exp_types = self.exp_types, tuple(sorted({*self.exp_types, kind}))
            if not self._holds():
                self.exp_types = before

    def _holds(self) -> bool:
        return self._space.first(self.predicate, self._outside) is None

    @property
    def predicate(self) -> Predicate:
        """The exposure is in the box."""
        return conjunction([OneOf(Column("exp_type"), self.exp_types), *self.conditions])

    @property
    def conditions(self) -> tuple[Predicate, ...]:
        """What the exposures have in common apart from their type."""
        return tuple(self._condition(Column(column), kept) for column, kept in sorted(self._kept.items()))

    def _condition(self, column: Column, kept: set[str]) -> Predicate:
        """The column has one of these values."""
        present = Given(column)
        given = tuple(sorted(kept - {""}))
        if not given:
            return negation(present)
        listed = self._listed[column.name]
        is_any_word = not kept <= {*listed, ""}
        others = tuple(sorted(listed - kept - {""}))
        if is_any_word or ("" not in kept and not others) or len(others) < len(given) > _LISTED:
            not_these = [negation(OneOf(column, others))] if others else []
            return conjunction([*([] if "" in kept else [present]), *not_these])
        return disjunction([*([negation(present)] if "" in kept else []), OneOf(column, given)])
