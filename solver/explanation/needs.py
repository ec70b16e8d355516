"""Taking predicates apart: which parts decide that one does not hold, and what they would need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import assert_never

from rules.vocabulary import (
    AllOf,
    AnyOf,
    Attribute,
    Column,
    Combination,
    Contains,
    FirstGiven,
    Given,
    Mapped,
    Not,
    OneOf,
    Predicate,
)
from rules.vocabulary.expressions import walk
from solver.explanation.facts import Need

#: A part that cannot be taken apart further, and whether it has to hold.
Atom = tuple[OneOf | Given | Contains | Combination, bool]

#: Whether a predicate holds for an exposure.
Truth = Callable[[Predicate], bool]

#: The value that an exposure has for an attribute.
Values = Callable[[Attribute], str]


@lru_cache(maxsize=4096)
def columns_of(expression: object) -> tuple[str, ...]:
    """The columns that an expression asks for, each once.

    Those of a table come last, in the reverse order: its last columns follow from what was chosen by the first, so
    where an exposure is in none of the rows they are to blame first.
    """
    names = [part.name for part in walk(expression) if isinstance(part, Column)]
    tables = [part for part in walk(expression) if isinstance(part, Combination)]
    blamed = [part.name for table in tables for part in walk(table.attributes[::-1]) if isinstance(part, Column)]
    return tuple(dict.fromkeys((*(name for name in names if name not in blamed), *blamed)))


def failing(predicate: Predicate, now: Truth, then: Truth, *, holds: bool = True) -> tuple[Atom, ...]:
    """The parts of a predicate that have to change.

    Args:
        predicate: what does not hold.
        now: what holds for the exposure.
        then: what holds for the same exposure as it could be; it decides between alternatives.
        holds: False for a predicate that holds and must not.
    """
    match predicate:
        case Not(part):
            return failing(part, now, then, holds=not holds)
        case AllOf(parts) | AnyOf(parts):
            wrong = [failing(part, now, then, holds=holds) for part in parts if now(part) != holds]
            if isinstance(predicate, AllOf) == holds:
                return tuple(dict.fromkeys(atom for atoms in wrong for atom in atoms))
            right = [failing(part, now, then, holds=holds) for part in parts if then(part) == holds]
            return min(right or wrong, key=len)
        case atom:
            return ((atom, holds),)


def needs(atoms: tuple[Atom, ...], now: Values, then: Values) -> tuple[Need, ...]:
    """What the exposure has and would need for these parts to change; `then` is as it could be."""
    return tuple(dict.fromkeys(need for atom, holds in atoms for need in _needs_of(atom, now, then, holds=holds)))


def _needs_of(
    atom: OneOf | Given | Contains | Combination, now: Values, then: Values, *, holds: bool
) -> Iterator[Need]:
    if isinstance(atom, Combination):
        yield _combined(atom, now, then, holds=holds)
        return
    label, columns, has = atom.attribute.label, columns_of(atom.attribute), now(atom.attribute)
    match atom:
        case OneOf(attribute, values) if holds:
            yield _in_the_pools_values(attribute, now, values)
        case OneOf(_, values):
            yield Need(label, columns, has, "none of", values)
        case Given():
            yield Need(label, columns, has, "given" if holds else "not given")
        case Contains(_, text):
            yield Need(label, columns, has, "containing" if holds else "not containing", (text,))
        case _:
            assert_never(atom)


def _combined(table: Combination, now: Values, then: Values, *, holds: bool) -> Need:
    """Of a table, the rows that share with the exposure what need not change."""
    mine, other = ([values(each) for each in table.attributes] for values in (now, then))
    differing = [i for i, (a, b) in enumerate(zip(mine, other, strict=True)) if a != b]
    if not (holds and differing):
        differing = list(range(len(mine)))
    rows = [row for row in table.rows if all(row[i] == other[i] for i in range(len(mine)) if i not in differing)]
    if holds and len(differing) == 1:
        (place,) = differing
        return _in_the_pools_values(table.attributes[place], now, tuple(dict.fromkeys(row[place] for row in rows)))
    return Need(
        attribute=_listed(table.attributes[i].label for i in differing),
        columns=tuple(dict.fromkeys(name for i in differing for name in columns_of(table.attributes[i]))),
        has=_listed(mine[i] or "none" for i in differing),
        relation="one of" if holds else "none of",
        values=tuple(dict.fromkeys(_listed(row[i] for i in differing) for row in rows)),
    )


def _in_the_pools_values(attribute: Attribute, now: Values, wanted: tuple[str, ...]) -> Need:
    """The need for one of some values of an attribute; of a translated column, for what is translated so."""
    if not isinstance(attribute, Mapped):
        return Need(attribute.label, columns_of(attribute), now(attribute), "one of", wanted)
    label, columns, has = attribute.column.label, (attribute.column.name,), now(attribute.column)
    wrong = tuple(old for old, new in attribute.table if new not in wanted)
    if attribute.otherwise in wanted:
        return Need(label, columns, has, "none of", wrong)
    right = (old for old, new in attribute.table if new in wanted)
    translated = {new for _, new in attribute.table}
    kept = (value for value in wanted if value not in translated and attribute.otherwise is None)
    return Need(label, columns, has, "one of", (*right, *kept))


def _listed(words: Iterator[str]) -> str:
    return ", ".join(words)


def can_hold(predicate: Predicate, truth: Truth, fixed: frozenset[str]) -> bool | None:
    """Whether a predicate holds where only some columns are known: True, False, or None if that depends.

    Args:
        predicate: the predicate.
        truth: what holds for an exposure; it is asked only for parts about the known columns.
        fixed: the known columns.
    """
    match predicate:
        case Not(part):
            inner = can_hold(part, truth, fixed)
            return None if inner is None else not inner
        case AllOf(parts) | AnyOf(parts):
            deciding = isinstance(predicate, AnyOf)  # what one part alone decides
            found = [can_hold(part, truth, fixed) for part in parts]
            if deciding in found:
                return deciding
            return None if None in found else not deciding
        case atom:
            return truth(atom) if fixed.issuperset(columns_of(atom)) else None


@cache
def named_values(expression: object) -> dict[str, dict[str, None]]:
    """For each column the values by which an expression tells exposures apart, in order; all others are alike to it."""
    found: dict[str, dict[str, None]] = {}
    for part in walk(expression):
        match part:
            case OneOf(attribute, values):
                _name(found, attribute, values)
            case Contains(attribute, text):
                _name(found, attribute, (text,))
            case Combination(_, attributes, rows):
                for attribute, column in zip(attributes, zip(*rows, strict=True), strict=True):
                    _name(found, attribute, column)
            case Mapped():
                _name(found, part, ())
            case _:
                pass
    return found


def _name(found: dict[str, dict[str, None]], attribute: Attribute, values: tuple[str, ...]) -> None:
    """Note the values of columns that make these values of an attribute."""
    match attribute:
        case Column(name):
            found.setdefault(name, {}).update(dict.fromkeys(values))
        case FirstGiven(columns):
            for column in columns:
                _name(found, column, values)
        case Mapped(_, column, table, otherwise):
            _name(found, column, (*(old for old, _ in table), *(values if otherwise is None else ())))
        case _:
            assert_never(attribute)


def decisive(predicate: Predicate, now: Truth, *, holds: bool = True) -> tuple[Attribute, ...]:
    """The attributes of the parts by which a predicate holds; with `holds=False`, by which it does not."""
    match predicate:
        case Not(part):
            return decisive(part, now, holds=not holds)
        case AllOf(parts) | AnyOf(parts):
            right = [decisive(part, now, holds=holds) for part in parts if now(part) == holds]
            if isinstance(predicate, AllOf) != holds:
                return min(right, key=len)
            return tuple(dict.fromkeys(each for attributes in right for each in attributes))
        case Combination(_, attributes):
            return attributes
        case atom:
            return (atom.attribute,)
