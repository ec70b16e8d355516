"""Constraint problems: exposures of some scopes that satisfy conditions, and agree or differ.

The *variables* are the axes of each exposure, and their *domains* the classes of rows that the conditions
distinguish: rows of one class are interchangeable, so one of each represents all, and the search is complete.
Conditions on one axis alone strike rows (*node consistency*). What links several axes is evaluated over all
combinations of their classes at once, by broadcasting; axes that nothing links are searched by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from itertools import chain
from math import prod

import numpy as np

from rules.vocabulary import AnyOf, Attribute, Predicate
from rules.vocabulary.algebra import Leaf, columns_of, conjunction, leaves
from solver.pools import Evaluation, Mask, distinct
from solver.verification.axes import Axis, Exposure, combined
from solver.verification.scopes import Scope, Scopes

#: What two exposures have to agree on, and the condition under which one agrees with any: see `solving.compared`.
Agreement = tuple[Attribute, Predicate]

#: Which of the exposures that are searched for, and one of its axes.
_Variable = tuple[int, Axis]

#: An array of combinations has no more elements than this; a problem with a larger one is split.
_LARGEST = 1 << 22


@dataclass(frozen=True, eq=False)
class _Link:
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
    """Exposures that are searched for: one in each of some scopes."""

    def __init__(self, scopes: Scopes, wanted: Sequence[Scope], *relations: tuple[Agreement, bool]) -> None:
        """State the problem.

        Args:
            scopes: the scopes of the domain.
            wanted: the scope of each exposure, whose condition it satisfies.
            relations: what two exposures agree on; or, where False follows, what they do not agree on.
        """
        self._scopes, self._wanted, self._relations = scopes, wanted, relations
        self._asked = tuple(dict.fromkeys(leaves(*(each.condition for each in wanted), relations)))
        self._alone: dict[_Variable, list[Predicate]] = {}
        self._links: list[_Link] = []
        for number, scope in enumerate(wanted):
            for part in scope.parts:
                about = self._variables(number, part)
                if len(about) == 1:
                    self._alone.setdefault(*about, []).append(part)
                else:
                    self._links.append(_Link(about, tuple(leaves(part)), partial(_holds, number, part)))
        for (attribute, exempt), alike in relations:
            about = frozenset(each for number in (0, 1) for each in self._variables(number, attribute, exempt))
            self._links.append(_Link(about, (attribute, *leaves(exempt)), partial(_agree, attribute, exempt, alike)))

    def _variables(self, number: int, *expressions: object) -> frozenset[_Variable]:
        scope = self._wanted[number]
        axes = (self._scopes.axis(scope.mode, scope.exp_types, name, self._asked) for name in columns_of(*expressions))
        return frozenset((number, axis) for axis in axes)

    def solution(self, like: Exposure) -> tuple[Exposure, ...] | None:
        """The exposures, the most usual or those most like another one; None if there are none."""
        variables = dict.fromkeys((*self._alone, *chain.from_iterable(link.variables for link in self._links)))
        classes = {each: self._classes(each, like) for each in variables}
        if not all(classes.values()):
            return None
        chosen = {variable: rows[0] for variable, rows in classes.items()}
        for links in self._components():
            about = list(dict.fromkeys(chain.from_iterable(link.variables for link in links)))
            if prod(len(classes[each]) for each in about) > _LARGEST:
                return self._split(like)
            rows = _fitting({each: classes[each] for each in about}, links, like, len(self._wanted))
            if rows is None:
                return None
            chosen.update(rows)
        return tuple(self._exposure(number, chosen, like) for number in range(len(self._wanted)))

    def values(self, attribute: Attribute) -> frozenset[str] | None:
        """The values of an attribute by conditions on single axes; None if it may be any word."""
        (scope,) = self._wanted
        if any(name not in ("exp_type", "program") and scope.mode.table(name) is None for name in attribute.column_names):
            return None
        about = self._variables(0, attribute)
        alone = {each[1]: each[1].classes(self._alone.get(each, ()), (attribute,), {}) for each in about}
        column = combined(alone).values(attribute)
        return frozenset(column.values[code] for code in distinct(column.codes.ravel()).tolist())

    def _classes(self, variable: _Variable, like: Exposure) -> list[int]:
        """The rows that represent the classes of an axis."""
        _, axis = variable
        asked = dict.fromkeys(each for link in self._links if variable in link.variables for each in link.asked)
        seen = [each for each in asked if not axis.columns.keys().isdisjoint(each.column_names)]
        return axis.classes(self._alone.get(variable, ()), seen, like)

    def _components(self) -> list[list[_Link]]:
        """The links in groups that have no variable in common."""
        groups: list[tuple[frozenset[_Variable], list[_Link]]] = []
        for link in self._links:
            apart = [each for each in groups if each[0].isdisjoint(link.variables)]
            together = [each for each in groups if not each[0].isdisjoint(link.variables)]
            variables = link.variables.union(*(each for each, _ in together))
            groups = [*apart, (variables, [*chain.from_iterable(links for _, links in together), link])]
        return [links for _, links in groups]

    def _split(self, like: Exposure) -> tuple[Exposure, ...] | None:
        """The solution of the first problem that has one, with one condition replaced by each of its alternatives."""
        parts = [(n, part) for n, scope in enumerate(self._wanted) for part in scope.parts if isinstance(part, AnyOf)]
        number, largest = max(parts, key=lambda each: len(columns_of(each[1])))
        scope = self._wanted[number]
        rest = [part for part in scope.parts if part is not largest]
        for alternative in largest.parts:
            wanted = list(self._wanted)
            wanted[number] = replace(scope, condition=conjunction([*rest, alternative]))
            found = Problem(self._scopes, wanted, *self._relations).solution(like)
            if found is not None:
                return found
        return None

    def _exposure(self, number: int, chosen: dict[_Variable, int], like: Exposure) -> Exposure:
        """A whole exposure; what nothing asks for is as usual, or as in another one."""
        scope = self._wanted[number]
        found = {**self._scopes.usual, **like}
        for axis in self._scopes.tables(scope.mode, scope.exp_types):
            if (number, axis) not in chosen:
                found.update(axis.cells(axis.classes((), (), like)[0]))
        for (side, axis), row in chosen.items():
            if side == number:
                found.update(axis.cells(row))
        return found


def _holds(number: int, part: Predicate, sides: Sequence[Evaluation]) -> Mask:
    return sides[number].holds(part)


def _agree(attribute: Attribute, exempt: Predicate, alike: bool, sides: Sequence[Evaluation]) -> Mask:
    """Where two exposures agree, or do not."""
    first, second = (side.values(attribute) for side in sides)
    place = {value: code for code, value in enumerate(first.values)}
    codes = np.array([place.get(value, -1) for value in second.values])[second.codes]
    free = ~first.given() | ~second.given() | sides[0].holds(exempt) | sides[1].holds(exempt)
    return np.equal(free | (codes == first.codes), alike)


def _fitting(
    classes: dict[_Variable, list[int]], links: Sequence[_Link], like: Exposure, exposures: int
) -> dict[_Variable, int] | None:
    """Rows of some axes for which all links hold, those most like an exposure; None if there are none."""
    variables = sorted(classes, key=lambda each: each[0])
    sides, first = [], 0
    for number in range(exposures):
        axes = {axis: classes[side, axis] for side, axis in variables if side == number}
        sides.append(combined(axes, first, len(variables)))
        first += len(axes)
    mask = reduce(np.logical_and, (link.holds(sides) for link in links))
    if not mask.any():
        return None
    shape = tuple(len(classes[each]) for each in variables)
    score = np.broadcast_to(mask, shape).astype(np.int16)
    for dimension, (_, axis) in enumerate(variables if like else ()):
        likeness = np.array(axis.likeness(like), dtype=np.int16)[classes[variables[dimension]]]
        score = score + np.where(mask, likeness.reshape([-1 if each == dimension else 1 for each in range(len(shape))]), 0)
    places = np.unravel_index(int(score.argmax()), shape)
    return {each: classes[each][place] for each, place in zip(variables, places, strict=True)}
