"""Constraint problems: exposures of some scopes that satisfy conditions, and agree or differ.

The *variables* are the axes of each exposure, and their *domains* the classes of rows that the conditions
distinguish: rows of one class are interchangeable, so one of each represents all, and the search is complete.
Conditions on one axis alone remove rows (*node consistency*). What links several axes is evaluated over all
combinations of their classes at once, by broadcasting; axes that nothing links are searched by themselves.

python-constraint's `Problem` takes the same variables, domains and constraints, and finds the same, but it calls
a Python function for each combination. All problems of the mission's rules took it 9.0 s (2.3 s for one of them); these
tables take 2.1 s, with no more code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial, reduce
from itertools import chain
from math import prod
from typing import NamedTuple

import numpy as np

from rules.vocabulary import Attribute, Predicate
from rules.vocabulary.algebra import Leaf, columns_of, leaves, parts_of
from solver.pools import EncodedColumn, Evaluation, Mask
from solver.verification.axes import ONE_ROW, Axis, Exposure
from solver.verification.scopes import Scope, Scopes

#: What two exposures have to agree on, and the condition under which one agrees with any: see `solving.compared`.
Agreement = tuple[Attribute, Predicate]

#: Exposures that were found together; None if no such exposures exist.
Found = tuple[Exposure, ...] | None

#: Which of the exposures that are searched for, and one of its axes.
_Variable = tuple[int, Axis]

#: An array of combinations has no more elements than this.
_LARGEST = 1 << 23


class BoundError(Exception):
    """A search met its bound."""


class _Link(NamedTuple):
    """What has to hold for some variables.

    Attributes:
        variables: the variables.
        asked: what distinguishes their classes.
        holds: where it holds, by the evaluations of the exposures.
    """

    variables: frozenset[_Variable]
    asked: tuple[Leaf | Attribute, ...]
    holds: Callable[[Sequence[Evaluation]], Mask]


class Problem:
    """A search for exposures, one in each of some scopes."""

    def __init__(self, scopes: Scopes, wanted: Sequence[Scope], *relations: tuple[Agreement, bool]) -> None:
        """State the problem.

        Args:
            scopes: the scopes of the domain.
            wanted: the scope of each exposure, whose condition it satisfies.
            relations: what two exposures agree on; or, where False follows, what they do not agree on.
        """
        self._scopes, self._wanted = scopes, wanted
        self._asked = tuple(dict.fromkeys(leaves(wanted, relations)))
        self._alone: dict[_Variable, list[Predicate]] = {}
        self._links: list[_Link] = []
        for number, scope in enumerate(wanted):
            for part in parts_of(scope.condition):
                about = self._variables(number, part)
                if len(about) == 1:
                    self._alone.setdefault(next(iter(about)), []).append(part)
                else:
                    self._links.append(_Link(about, tuple(leaves(part)), partial(_holds, number, part)))
        for (attribute, exempt), alike in relations:
            about = self._variables(0, attribute, exempt) | self._variables(1, attribute, exempt)
            asked = (attribute, *leaves(exempt))
            self._links.append(_Link(about, asked, partial(_agree, attribute, exempt, alike=alike)))

    def _variables(self, number: int, *expressions: object) -> frozenset[_Variable]:
        exp_types = self._wanted[number].exp_types
        return frozenset((number, self._scopes.axis(exp_types, name, self._asked)) for name in columns_of(*expressions))

    def solution(self, usual: Exposure, like: Exposure) -> Found:
        """The exposures; None if no such exposures exist.

        Args:
            usual: values of columns that nothing asks for.
            like: an exposure that they resemble as much as possible; empty if it does not matter.
        """
        chosen: dict[_Variable, int] = {}
        for variables, links in self._components():
            if (rows := self._rows(variables, links, like)) is None:
                return None
            chosen.update(rows)
        found = []
        for number, (exp_types, _) in enumerate(self._wanted):
            own = {axis: row for (side, axis), row in chosen.items() if side == number}
            usually = {axis: axis.classes((), (), axis.wanted(like))[0] for axis in self._scopes.tables(exp_types)}
            cells = chain.from_iterable(axis.cells(row).items() for axis, row in (usually | own).items())
            found.append({**usual, **like, **dict(cells)})
        return tuple(found)

    def _components(self) -> Iterable[tuple[frozenset[_Variable], list[_Link]]]:
        """The variables in groups that no link connects, with the links in each."""
        groups: list[tuple[frozenset[_Variable], list[_Link]]] = [(frozenset([each]), []) for each in self._alone]
        for link in self._links:
            touched = [each for each in groups if not each[0].isdisjoint(link.variables)]
            groups = [each for each in groups if each[0].isdisjoint(link.variables)]
            variables = link.variables.union(*(each for each, _ in touched))
            groups.append((variables, [*chain.from_iterable(links for _, links in touched), link]))
        return groups

    def _rows(self, variables: Iterable[_Variable], links: list[_Link], like: Exposure) -> dict[_Variable, int] | None:
        """Rows of some axes for which all links hold; None if no such rows exist."""
        asked = dict.fromkeys(chain.from_iterable(link.asked for link in links))
        classes = {}
        for number, axis in sorted(variables, key=lambda each: (each[0], each[1].table.columns)):  # as in any process
            seen = tuple([each for each in asked if not axis.columns.keys().isdisjoint(each.column_names)])
            classes[number, axis] = axis.classes(tuple(self._alone.get((number, axis), ())), seen, axis.wanted(like))
        varying = {each: rows for each, rows in classes.items() if len(rows) != 1}
        shape = tuple(map(len, varying.values()))
        if 0 in shape:
            return None
        if prod(shape) > _LARGEST:
            about = ", ".join(sorted({column for _, axis in varying for column in axis.columns}))
            raise BoundError(f"too many combinations of {about} to search")
        grids: list[dict[str, EncodedColumn]] = [{} for _ in self._wanted]
        for (number, axis), rows in classes.items():
            grids[number] |= axis.along(rows, [len(rows) if each == (number, axis) else 1 for each in varying])
        sides = list(map(ONE_ROW.over, grids))
        mask = reduce(np.logical_and, (link.holds(sides) for link in links), np.ones(shape, dtype=np.bool_))
        if not mask.any():
            return None
        likeness = (axis.likeness(axis.wanted(like))[rows] for (_, axis), rows in varying.items())
        score = np.where(mask, reduce(np.add.outer, likeness, np.zeros((), dtype=np.int16)), -1)
        places = dict(zip(varying, np.unravel_index(score.argmax(), shape), strict=True))
        return {each: rows[places.get(each, 0)] for each, rows in classes.items()}


def _holds(number: int, part: Predicate, sides: Sequence[Evaluation]) -> Mask:
    return sides[number].holds(part)


def _agree(attribute: Attribute, exempt: Predicate, sides: Sequence[Evaluation], *, alike: bool) -> Mask:
    """Where two exposures agree, or do not."""
    first, second = (side.values(attribute) for side in sides)
    place = {value: code for code, value in enumerate(first.values)}
    codes = np.array([place.get(value, -1) for value in second.values])[second.codes]
    free = ~first.given() | ~second.given() | sides[0].holds(exempt) | sides[1].holds(exempt)
    agree: Mask = np.equal(free | (codes == first.codes), alike)
    return agree
