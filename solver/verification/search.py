"""The exposures of a domain that satisfy conditions, found by constraint search.

For each mode of the domain the conditions are simplified by what the mode fixes, and rows of its tables that they
rule out are struck (*node consistency*), until nothing changes. What is left is a python-constraint `Problem`: its
*variables* are the columns that still matter, their *domains* the classes of values that the conditions
distinguish, its *constraints* the tables and the conditions. Values of one class are interchangeable, so one of
each class represents all: the search is complete over the domain, and small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice, product

import constraint

from rules.vocabulary import TRUE, AllOf, Predicate
from rules.vocabulary.algebra import Known, Leaf, columns_of, conjunction, fingerprint, leaves, truth, values_named
from rules.vocabulary.domains import Domain, Table
from solver.pools import REQUIRED
from solver.verification.agreement import Agreement
from solver.verification.narrowing import Scope, matched, scopes

#: An exposure as its values, by column.
Exposure = Mapping[str, str]

#: A variable: which of the exposures that are searched for, and which column.
_Variable = tuple[int, str]

#: Words for columns that hold any, where the domain has no examples.
_WORDS = ("1", "2")


class Space:
    """The exposures of a domain, to be searched.

    Attributes:
        domain: the domain.
        problems: how many problems were stated so far.
    """

    def __init__(self, domain: Domain) -> None:
        """Search in this domain."""
        self.domain = domain
        self.problems = 0
        self._scopes: dict[Predicate, tuple[Scope, ...]] = {}
        self._firsts: dict[Predicate, Exposure | None] = {}

    # --- Search -----------------------------------------------------------------------------------

    def scopes(self, *conditions: Predicate) -> tuple[Scope, ...]:
        """Where in the domain the conditions are not ruled out."""
        condition = conjunction(conditions)
        if condition not in self._scopes:
            self._scopes[condition] = tuple(each for mode in self.domain.modes for each in scopes(mode, condition))
        return self._scopes[condition]

    def _by_scope(self, *conditions: Predicate, like: Exposure | None = None) -> Iterator[Exposure]:
        """The first exposure of each scope that satisfies the conditions, as similar to another one as can be."""
        for scope in self.scopes(*conditions):
            yield from self._solution([_Side(self, scope, like=like)]) or ()

    def first(self, *conditions: Predicate) -> Exposure | None:
        """One exposure that satisfies the conditions; None proves that no exposure does."""
        condition = conjunction(conditions)
        if condition not in self._firsts:
            self._firsts[condition] = next(self._by_scope(condition), None)
        return self._firsts[condition]

    def one_of_each(self, *conditions: Predicate, most: int) -> list[Exposure]:
        """The first exposure of each scope, for at most this many scopes."""
        return list(islice(self._by_scope(*conditions), most))

    def nearest(self, *conditions: Predicate, like: Exposure) -> Exposure | None:
        """An exposure that satisfies the conditions and is like another one: the most similar that the scopes give."""
        return max(self._by_scope(*conditions, like=like), key=lambda each: _likeness(each, like), default=None)

    def pair(
        self, one: Predicate, other: Predicate, agreeing: Sequence[Agreement], apart: Agreement
    ) -> tuple[Exposure, ...] | None:
        """Two exposures that each satisfy a condition and agree on some things but not on another; None if no two do.

        If none satisfy some of the conditions, none satisfy all. So conditions are added step by step.

        Args:
            one: what the first satisfies.
            other: what the second satisfies.
            agreeing: what they agree on.
            apart: a negated agreement: what they do not agree on.
        """
        sides = product(self.scopes(one), self.scopes(other))
        return next(filter(None, (self._pair(both, agreeing, apart) for both in sides)), None)

    def _pair(
        self, both: tuple[Scope, Scope], agreeing: Sequence[Agreement], apart: Agreement
    ) -> tuple[Exposure, ...] | None:
        if matched(both, agreeing) is None:
            return None
        values = [{**scope.values, "program": self.words("program", ())} for scope in both]
        if not apart.can_differ(*values):
            return None
        tied = {"exp_type"}.union(
            *(table.columns for scope in both for table in scope.tables if not apart.compared.isdisjoint(table.columns))
        )
        near = [each for each in agreeing if not each.compared.isdisjoint(tied)]
        found = None
        for conditions, relations in (
            (False, (apart, *near)),
            (False, (apart, *agreeing)),
            (True, (apart,)),
            (True, (apart, *near)),
            (True, (apart, *agreeing)),
        ):
            scopes = matched(both, relations)
            if scopes is None:
                return None
            compared = frozenset().union(*(relation.compared for relation in relations))
            asked = tuple(condition for relation in relations for condition in relation.asked)
            wanted = scopes if conditions else (Scope(scope.tables, TRUE) for scope in scopes)
            found = self._solution([_Side(self, scope, compared, asked) for scope in wanted], relations)
            if found is None:
                return None
        return found

    def _solution(self, sides: Sequence[_Side], relations: Sequence[Agreement] = ()) -> tuple[Exposure, ...] | None:
        """One exposure for each side, such that all relations hold among them."""
        problem = constraint.Problem(constraint.BacktrackingSolver(forwardcheck=False))
        for number, side in enumerate(sides):
            side.state(problem, number)
        for relation in relations:
            wanted = sorted(relation.compared | columns_of(*relation.asked))
            problem.addConstraint(_Unless(_unrelated(relation)), [(n, c) for n in range(len(sides)) for c in wanted])
        self.problems += 1
        found = next(problem.getSolutionIter(), None) if any(side.classes for side in sides) else {}
        return None if found is None else tuple(side.lifted(_of_side(n, found)) for n, side in enumerate(sides))

    def values(self, column: str, condition: Predicate) -> frozenset[str] | None:
        """The values of a column that exposures which satisfy a condition can have; None if it may be any."""
        sets = [scope.values.get(column) for scope in self.scopes(condition)]
        return None if None in sets else frozenset(one for values in sets for one in values or ())

    # --- Values -----------------------------------------------------------------------------------

    def words(self, column: str, asked: Sequence[Leaf]) -> tuple[str, ...]:
        """Words for a column that holds any: two that no condition names, those that conditions name, and none.

        Nothing crosses programs, so the program is always the same.
        """
        if column == "program":
            return self.domain.examples.get(column, _WORDS)[:1]
        texts = values_named(*asked).get(column, ())
        free = [word for word in dict.fromkeys((*self.domain.examples.get(column, ()), *_WORDS)) if word not in texts]
        return (*free[:2], *texts, *(() if column in REQUIRED else ("",)))

    def alternatives(
        self, exposure: Exposure, column: str, asked: Sequence[Leaf], numbers: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Other values that a column of an exposure could have: one of each class that conditions distinguish.

        Args:
            exposure: the exposure.
            column: the column.
            asked: the conditions.
            numbers: the values to try where rules take them for numbers.
        """
        own = exposure.get(column, "")
        if numbers and self.table_of(exposure, column) is None:
            return tuple(each for each in (*numbers, "") if each != own)
        values = self.possible(exposure, column, asked)
        kinds = {(each == "", *fingerprint(column, each, asked)): each for each in reversed(values) if each != own}
        return tuple(dict.fromkeys(each for each in values if each in kinds.values()))

    def possible(self, exposure: Exposure, column: str, asked: Sequence[Leaf]) -> tuple[str, ...]:
        """The values of a column in the mode of an exposure: of its table, or else words."""
        table = self.table_of(exposure, column)
        return self.words(column, asked) if table is None else table.values[column]

    def table_of(self, exposure: Exposure, column: str) -> Table | None:
        """The table with a column in the mode of an exposure; None if the column is open."""
        mode = self.domain.mode_of(exposure.get("exp_type", ""))
        return None if mode is None else mode.table(column)

    def changed(self, exposure: Exposure, column: str, one: str) -> Exposure | None:
        """The exposure with another value in a column, and otherwise as similar as the domain allows.

        None if no exposure of this type has the value.
        """
        table = self.table_of(exposure, column)
        if table is None:
            return {**exposure, column: one}
        rows = [row for row in table.rows if row[table.columns.index(column)] == one]
        if not rows:
            return None
        return {**exposure, **dict(zip(table.columns, _most_like(table.columns, rows, exposure), strict=True))}


class _Side:
    """One of the exposures that are searched for, as variables and constraints of a problem.

    Attributes:
        classes: for each column in question its classes of values, each represented by one value.
    """

    def __init__(
        self,
        space: Space,
        scope: Scope,
        compared: frozenset[str] = frozenset(),
        asked: Sequence[Predicate] = (),
        like: Exposure | None = None,
    ) -> None:
        """State a scope.

        Args:
            space: the domain.
            scope: where to search.
            compared: columns that are compared with those of another exposure: each of their values is a class.
            asked: further conditions that distinguish values.
            like: values that are tried first.
        """
        self._scope = scope
        self._like = like
        self._usual = {column: words[0] for column, words in space.domain.examples.items()}
        conditions = tuple(dict.fromkeys(leaves(scope.condition, *asked)))
        wanted = columns_of(scope.condition, *asked) | compared
        listed = {column: values for column, values in scope.values.items() if column in wanted}
        words = {column: space.words(column, conditions) for column in sorted(wanted - listed.keys())}
        classes = {each: _classes(each, values, conditions, compared) for each, values in (listed | words).items()}
        self.classes = {column: tuple(dict.fromkeys(each.values())) for column, each in classes.items()}
        self._rows: dict[tuple[str, ...], dict[tuple[str, ...], list[tuple[str, ...]]]] = {}
        for table in scope.tables:
            places = [(place, classes[column]) for place, column in enumerate(table.columns) if column in wanted]
            if places:
                rows = self._rows[table.columns] = {}
                for row in table.rows:
                    rows.setdefault(tuple(stands_for[row[place]] for place, stands_for in places), []).append(row)

    def state(self, problem: constraint.Problem, number: int) -> None:
        """Add the variables and the constraints."""
        for column, classes in self.classes.items():
            first = None if self._like is None else self._like.get(column, "")
            tried = sorted(classes, key=lambda one: one != first)
            problem.addVariable((number, column), tried[::-1])  # the solver takes values from the end
        for every, rows in self._rows.items():
            variables = [(number, column) for column in every if column in self.classes]
            if len(variables) > 1:
                problem.addConstraint(_Unless(_unlisted(variables, tuple(rows))), variables)
        condition = self._scope.condition
        for part in condition.parts if isinstance(condition, AllOf) else (condition,):
            problem.addConstraint(_Unless(_false(part)), [(number, column) for column in sorted(columns_of(part))])

    def lifted(self, solution: Known) -> Exposure:
        """A whole exposure from a solution: of each table the most usual row, or the one most like what is wanted."""
        found: dict[str, str] = {}
        for table in self._scope.tables:
            rows: Sequence[tuple[str, ...]] = table.rows
            if table.columns in self._rows:
                rows = self._rows[table.columns][tuple(solution[c] for c in table.columns if c in self.classes)]
            row = rows[0] if self._like is None else _most_like(table.columns, rows, self._like)
            found.update(zip(table.columns, row, strict=True))
        return {**self._usual, **(self._like or {}), **solution, **found}


def _classes(column: str, values: Sequence[str], asked: Sequence[Leaf], compared: frozenset[str]) -> dict[str, str]:
    """Each value with the one that represents its class."""
    if column in compared:
        return {each: each for each in values}
    first: dict[tuple[object, ...], str] = {}
    return {each: first.setdefault(fingerprint(column, each, asked), each) for each in dict.fromkeys(values)}


def _likeness(exposure: Exposure, like: Exposure) -> int:
    return sum(exposure.get(column, "") == one for column, one in like.items())


def _most_like(columns: Sequence[str], rows: Sequence[tuple[str, ...]], like: Exposure) -> tuple[str, ...]:
    return max(rows, key=lambda row: sum(like.get(c, "") == cell for c, cell in zip(columns, row, strict=True)))


# --- Constraints, in the terms of python-constraint -------------------------------------------------

#: Whether the values that are assigned so far exclude a solution.
_Excluded = Callable[[Mapping[_Variable, str]], bool]


class _Unless(constraint.Constraint):  # type: ignore[misc] # the library ships no types
    """A constraint that is tested with every assigned value: a branch that it excludes is not searched."""

    def __init__(self, excluded: _Excluded) -> None:
        self._excluded = excluded

    def __call__(
        self,
        variables: Sequence[_Variable],
        domains: object,
        assignments: Mapping[_Variable, str],
        forwardcheck: object = None,
    ) -> bool:
        """Whether the values that are assigned so far can be part of a solution."""
        del domains, forwardcheck
        return not self._excluded({name: assignments[name] for name in variables if name in assignments})


def _of_side(number: int, known: Mapping[_Variable, str]) -> Known:
    return {column: one for (side, column), one in known.items() if side == number}


def _false(predicate: Predicate) -> _Excluded:
    """The exposure does not satisfy a condition."""
    return lambda known: truth(predicate, {column: one for (_, column), one in known.items()}) is False


def _unlisted(variables: Sequence[_Variable], rows: Sequence[tuple[str, ...]]) -> _Excluded:
    """No row of a table has the values."""

    @cache
    def projected(places: tuple[int, ...]) -> frozenset[tuple[str, ...]]:
        return frozenset(tuple(row[place] for place in places) for row in rows)

    def excluded(known: Mapping[_Variable, str]) -> bool:
        places = tuple(place for place, name in enumerate(variables) if name in known)
        return tuple(known[variables[place]] for place in places) not in projected(places)

    return excluded


def _unrelated(relation: Agreement) -> _Excluded:
    """Two exposures do not stand in a relation."""
    return lambda known: relation(_of_side(0, known), _of_side(1, known)) is False
