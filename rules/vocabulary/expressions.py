"""Expressions: what rules are written in. An expression is its fields; the base class does the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import FrozenInstanceError, dataclass
from functools import cached_property
from typing import ClassVar, dataclass_transform


@dataclass_transform(frozen_default=True)
class Expression:
    """Base of all expressions. Every subclass is a frozen dataclass that nothing inherits from.

    Two expressions are equal if they are of one class and have equal fields; each is hashed once.

    A subclass says how it is `written` in a rule: the name of its constructor and, as arguments, the names of fields;
    by default the class with all of its fields.
    `*` spreads a tuple; `?` leaves an argument out if it is None, False or empty. `phrase` is its form in prose, with
    fields in braces.

    >>> class Among(Expression, written="among(number, *limits, strictly=strict?)", phrase="{number} is among some"):
    ...     number: int
    ...     limits: tuple[int, ...]
    ...     strict: bool = False
    >>> Among(3, (2, 5)), Among(3, (2, 5), strict=True)
    (among(3, 2, 5), among(3, 2, 5, strictly=True))
    >>> print(Among(3, (2, 5)))
    3 is among some
    """

    written: ClassVar[str]
    phrase: ClassVar[str]
    __match_args__: ClassVar[tuple[str, ...]]

    #: The values of the fields, in order.
    field_values: tuple[object, ...]

    def __init_subclass__(cls, *, written: str = "", phrase: str = "") -> None:
        """Make a dataclass of the class. It inherits its methods: to generate them takes longer than all else here."""
        super().__init_subclass__()
        if Expression not in cls.__bases__:
            raise TypeError(f"{cls.__bases__[0].__name__} is a kind of expression by itself; inherit from Expression")
        dataclass(init=False, repr=False, eq=False)(cls)
        fields = ", ".join(f"{name}={name}" for name in cls.__match_args__)
        cls.written, cls.phrase = written or f"{cls.__qualname__}({fields})", phrase

    def __init__(self, *values: object, **named: object) -> None:
        """Set the fields, by their order or by name."""
        names = self.__match_args__
        if named or len(values) != len(names):
            values = _in_order(type(self), values, named)
        vars(self).update(zip(names, values, strict=True), field_values=values)

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: an expression never changes."""
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        """Refuse: an expression never changes."""
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    @cached_property
    def children(self) -> tuple[Expression, ...]:
        """The expressions among the fields, in tuples of any depth, too."""
        return tuple(outermost(self.field_values))

    @cached_property
    def with_parts(self) -> tuple[Expression, ...]:
        """The expression and all its parts, outermost first."""
        return (self, *walk(self.children))

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns that it uses, each once, in the order in which they are written."""
        return tuple(dict.fromkeys(name for part in self.children for name in part.column_names))

    @cached_property
    def _hash(self) -> int:
        return hash((type(self), self.field_values))

    def __hash__(self) -> int:
        """The hash of the fields, computed once."""
        return self._hash

    def __eq__(self, other: object) -> bool:
        """Whether the other is of the same class and has equal fields."""
        return self is other or (isinstance(other, type(self)) and self.field_values == other.field_values)

    def __reduce__(self) -> tuple[object, ...]:
        """How to make it in another process, where texts have other hashes."""
        return type(self), self.field_values

    def __repr__(self) -> str:
        """The form in which a rule writes it."""
        constructor, _, arguments = self.written.removesuffix(")").partition("(")
        shown: list[str] = []
        for argument in filter(None, arguments.split(", ")):
            keyword, equals, name = argument.rpartition("=")
            value = getattr(self, name.strip("*?"))
            if name.startswith("*"):
                shown += map(repr, value)
            elif not name.endswith("?") or value not in (None, False, ()):
                shown.append(f"{keyword}{equals}{value!r}")
        return f"{constructor}({', '.join(shown)})"

    def __str__(self) -> str:
        """Its form in prose; if it has none, as a rule writes it."""
        return self.phrase.format(**vars(self)) if self.phrase else repr(self)


def _in_order(kind: type[Expression], values: tuple[object, ...], named: dict[str, object]) -> tuple[object, ...]:
    """The values of all fields, given by position, by name or by default."""
    names = kind.__match_args__
    placed = dict(zip(names, values, strict=False))
    given = {name: getattr(kind, name) for name in names if hasattr(kind, name)} | placed | named
    if len(values) > len(names) or placed.keys() & named.keys() or given.keys() != set(names):
        raise TypeError(f"{kind.__name__} takes {', '.join(names)}, not {', '.join(given)}")
    return tuple([given[name] for name in names])


def walk(expression: object) -> Iterator[Expression]:
    """The expression and all its parts, outermost first; of a tuple, the parts of each."""
    return (part for each in outermost((expression,)) for part in each.with_parts)


def outermost(values: Iterable[object]) -> Iterator[Expression]:
    """The expressions among some values, in tuples of any depth, too, but not their parts."""
    for value in values:
        if isinstance(value, Expression):
            yield value
        elif isinstance(value, tuple):
            yield from outermost(value)
