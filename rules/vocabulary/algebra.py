"""Predicates as formulas: which columns they use, and whether they hold where only some values are known.

All of it is exact over finite sets of values, and nothing is evaluated on exposures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

from rules.vocabulary import (
    FALSE,
    TRUE,
    AllOf,
    AnyOf,
    Attribute,
    Choice,
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
from rules.vocabulary.expressions import outermost, walk

#: Values of an exposure, as far as they are known.
Known = Mapping[str, str]

Leaf = OneOf | Given | Contains | Combination


class Whole(dict[str, str]):
    """An exposure whose every value is known: a missing column is not given."""

    def __missing__(self, column: str) -> str:
        """Not given."""
        return ""

    def get(self, column: str, _: object = None) -> str:
        """The value of a column, never a default."""
        return self[column]


def columns_of(*expressions: object) -> frozenset[str]:
    """The columns that expressions, or tuples of them, use."""
    return frozenset(name for part in outermost(expressions) for name in part.column_names)


@cache  # called again and again with the same predicates
def columns_in_order(expression: object) -> tuple[str, ...]:
    """The columns that an expression uses, each once; first those to blame first if it does not hold.

    Those of a table come last, in reverse order: its last columns follow from what was chosen by the first.
    """
    names = [part.name for part in walk(expression) if isinstance(part, Column)]
    tables = [part for part in walk(expression) if isinstance(part, Combination)]
    last = [part.name for table in tables for part in walk(table.attributes[::-1]) if isinstance(part, Column)]
    return tuple(dict.fromkeys((*(name for name in names if name not in last), *last)))


def leaves(*expressions: object) -> Iterator[Leaf]:
    """The conditions on attributes in expressions of any kind."""
    return (part for part in walk(expressions) if isinstance(part, Leaf))


def named(*expressions: object) -> Iterator[tuple[Attribute, str]]:
    """The values that conditions in expressions name, each with the attribute that would have it."""
    for leaf in leaves(*expressions):
        match leaf:
            case OneOf(attribute, values):
                yield from ((attribute, one) for one in values)
            case Contains(attribute, text):
                yield attribute, text
            case Combination(_, attributes, rows):
                yield from ((each, cell) for row in rows for each, cell in zip(attributes, row, strict=True) if cell)


@cache
def values_named(*expressions: object) -> Mapping[str, tuple[str, ...]]:
    """For each column the values that expressions distinguish; to them, all other values are alike."""
    pairs = [(part.column.name, old) for part in walk(expressions) if isinstance(part, Mapped) for old, _ in part.table]
    for attribute, one in named(*expressions):
        if not (isinstance(attribute, Mapped) and attribute.otherwise is not None):
            pairs += ((column, one) for column in columns_in_order(attribute))
    columns = dict.fromkeys(column for column, _ in pairs)
    return {column: tuple(dict.fromkeys(one for other, one in pairs if other == column)) for column in columns}


# --- Partly known values --------------------------------------------------------------------------


def value(attribute: Attribute, known: Known, *, written: bool = False) -> str | None:
    """The attribute of an exposure, some of whose columns are known; None if these do not decide it.

    A number is in the form in which it is compared or, if `written`, as it is.
    """
    match attribute:
        case Column(name):
            found = known.get(name)
            return attribute.in_one_form(found) if found and attribute.number and not written else found
        case FirstGiven(columns):
            return next((found for each in columns if (found := value(each, known, written=written)) != ""), "")
        case Mapped():
            found = value(attribute.column, known)
            return found and attribute.translated(found)


def truth(predicate: Predicate, known: Known) -> bool | None:
    """True if the predicate holds for every exposure with these values, False if for none; None where that is open."""
    match predicate:
        case OneOf() | Given() | Contains():
            one = value(predicate.attribute, known)
            return None if one is None else _satisfies(predicate, one)
        case Not(part):
            opposite = truth(part, known)
            return None if opposite is None else not opposite
        case AllOf(parts) | AnyOf(parts):
            return _together(parts, known, decisive=isinstance(predicate, AnyOf))
        case Combination(_, attributes, rows):
            found = [value(attribute, known) for attribute in attributes]
            if not any(all(each in (None, cell) for each, cell in zip(found, row, strict=True)) for row in rows):
                return False
            return None if None in found else True


def chosen(choice: Choice, exposure: Whole) -> str:
    """The word that a table gives an exposure."""
    word = next((case.value for case in choice.cases if truth(case.when, exposure)), choice.otherwise)
    return exposure[word.name] if isinstance(word, Column) else word


def _together(parts: Iterable[Predicate], known: Known, *, decisive: bool) -> bool | None:
    """The truth of parts taken together, where one part decides if its truth is `decisive`."""
    is_open = False
    for part in parts:
        one = truth(part, known)
        if one is decisive:
            return decisive
        is_open |= one is None
    return None if is_open else not decisive


def _satisfies(leaf: OneOf | Given | Contains, one: str) -> bool:
    match leaf:
        case OneOf(_, values):
            return one in values
        case Given():
            return one != ""
        case Contains(_, text):
            return one != "" and text in one


# --- Formulas ---------------------------------------------------------------------------------------


def conjunction(parts: Iterable[Predicate]) -> Predicate:
    """All of the parts, flat, each once."""
    return _united(parts, AllOf, FALSE)


def except_for(one: Predicate, other: Predicate) -> Predicate:
    """The first without the second; conditions of both are stated once."""
    asked = set(parts_of(one))
    return conjunction([one, negation(conjunction(part for part in parts_of(other) if part not in asked))])


def parts_of(predicate: Predicate) -> tuple[Predicate, ...]:
    """What has to hold for a predicate to hold: the parts of a conjunction, or else itself."""
    return predicate.parts if isinstance(predicate, AllOf) else (predicate,)


def negation(predicate: Predicate) -> Predicate:
    """The opposite, with negations as far inside as they go."""
    match predicate:
        case Not(part):
            return part
        case AllOf(parts):
            return disjunction(negation(part) for part in parts)
        case AnyOf(parts):
            return conjunction(negation(part) for part in parts)
        case leaf:
            return Not(leaf)


def rewritten(predicate: Predicate, rewrite: Callable[[Predicate], Predicate]) -> Predicate:
    """The predicate with another one in place of each of its parts, simplified; a condition has no parts."""
    match predicate:
        case AllOf(parts):
            return conjunction(map(rewrite, parts))
        case AnyOf(parts):
            return disjunction(map(rewrite, parts))
        case Not(part):
            return negation(rewrite(part))
        case leaf:
            return leaf


def disjunction(parts: Iterable[Predicate]) -> Predicate:
    """Any of the parts, flat, each once."""
    return _united(parts, AnyOf, TRUE)


def _united(parts: Iterable[Predicate], kind: type[AllOf | AnyOf], decisive: Predicate) -> Predicate:
    found: dict[Predicate, None] = {}
    for part in parts:
        if part == decisive:
            return decisive
        found.update(dict.fromkeys(part.parts if isinstance(part, kind) else (part,)))
    return next(iter(found)) if len(found) == 1 else kind(tuple(found))


# --- Classes of values ----------------------------------------------------------------------------


def fingerprint(column: str, one: str, asked: Sequence[Leaf]) -> tuple[object, ...]:
    """What conditions can see of a column's value: values with equal fingerprints are interchangeable for them."""
    return tuple(_seen(leaf, attribute, column, one) for leaf in asked for attribute in attributes_of(leaf))


def attributes_of(leaf: Leaf) -> tuple[Attribute, ...]:
    """What a condition compares."""
    return leaf.attributes if isinstance(leaf, Combination) else (leaf.attribute,)


def _seen(leaf: Leaf, attribute: Attribute, column: str, one: str) -> object:
    if column not in attribute.column_names:
        return ()
    if isinstance(attribute, FirstGiven) and one == "":
        return None  # then the next column decides
    shown = value(attribute, Whole({column: one})) or ""
    if isinstance(leaf, Combination):
        place = leaf.attributes.index(attribute)
        return frozenset(number for number, row in enumerate(leaf.rows) if row[place] == shown)
    return _satisfies(leaf, shown)
