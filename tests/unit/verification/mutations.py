"""Mutations of a rule: one declaration dropped or changed at a time, as `mutations.toml` lists them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import rules.vocabulary
from rules.rule import LEVELS, RuleSpec

CHANGES: dict[str, dict[str, list[Any]]] = tomllib.loads(
    Path(__file__).with_name("mutations.toml").read_text(encoding="utf-8")
)


class Mutant(NamedTuple):
    """A changed rule."""

    subject: str
    """What is changed: "constraints" or "others", which are the other declarations."""
    what: str
    """The change in words."""
    spec: RuleSpec
    """The rule after it."""


def mutants(spec: RuleSpec) -> Iterator[Mutant]:
    """Every mutation of a rule."""
    for what, changed in _changed(spec):
        yield Mutant("others" if changed.stated == spec.stated else "constraints", what, changed)


def _changed(declaration: Any) -> Iterator[tuple[str, Any]]:
    """A declaration with one change."""
    for field, changes in CHANGES.get(type(declaration).__name__, {}).items():
        old = declaration if field == "self" else getattr(declaration, field)
        for change in changes:
            for what, new in _applied(change, old, declaration):
                if new != old:
                    yield f"{field}, {what}", new if field == "self" else replace(declaration, **{field: new})


def _applied(change: Any, old: Any, declaration: Any) -> Iterator[tuple[str, Any]]:
    """What a change makes of a field, in words and as a value."""
    (kind, given), *condition = change.items() if isinstance(change, dict) else [(change, "")]
    if any(getattr(declaration, str(field)) is None for _, field in condition):
        return
    if isinstance(old, tuple) and kind in EACH:
        for place, each in enumerate(old if len(old) > 1 or kind != "thin" else ()):
            for what, new in EACH[kind](each, given):
                yield f"{what} {each}", (*old[:place], *new, *old[place + 1 :])
    elif kind == "inside":
        yield from _changed(old)
    elif kind == "step":
        yield from (("one more", old + 1), ("one less", old - 1))
    elif kind == "copy":
        yield given, getattr(declaration, given)
    else:
        yield f"{kind} {given}", WHOLE[kind](old, given)


#: What takes the place of one of several.
EACH: Mapping[str, Callable[[Any, Any], Iterable[tuple[str, tuple[Any, ...]]]]] = {
    "drop": lambda _each, _: [("without", ())],
    "thin": lambda _each, _: [("without", ())],
    "second": lambda each, given: [(given, ((each[0], given),))],
    "inside": lambda each, _: ((what, (new,)) for what, new in _changed(each)),
}
#: What takes the place of a field.
WHOLE: Mapping[str, Callable[[Any, Any], Any]] = {
    "append": lambda old, given: old + given,
    "empty": lambda _old, _: (),
    "flip": lambda old, _: not old,
    "none": lambda _old, _: None,
    "reverse": lambda old, _: old[::-1],
    "set": lambda _old, given: _value(given),
    "swap": lambda old, _: sum(LEVELS) - old,
}


def _value(given: Any) -> Any:
    """A value of the table, or the expression that it writes."""
    if not isinstance(given, dict):
        return given
    ((name, arguments),) = given.items()
    make: Callable[..., Any] = getattr(rules.vocabulary, name)
    return make(**arguments) if isinstance(arguments, dict) else make(*arguments)
