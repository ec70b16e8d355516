"""Objects whose `repr` is one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, cast

from solver.words import inert, plural


class Brief:
    """A dataclass whose `repr` is one line: what it is, its texts and numbers, and how many parts it has.

    It shows the fields that the dataclass would show. Tuples and mappings are counted, but one or two texts are listed.

    >>> from dataclasses import dataclass
    >>> @dataclass(repr=False)
    ... class Night(Brief):
    ...     target: str
    ...     exposures: int
    ...     files: tuple[str, ...]
    >>> Night("M 31", 1200, ("a", "b", "c"))
    <Night: target M 31, 1,200 exposures, 3 files>
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Class and fields in one line."""
        shown = [(field.name, getattr(self, field.name)) for field in fields(cast("Any", self)) if field.repr]
        parts = (_counted(name.replace("_", " "), value) for name, value in shown if value not in (None, ""))
        return inert(f"<{type(self).__name__}: {', '.join(parts)}>")


def _counted(name: str, value: object) -> str:
    """A field in a few words."""
    if isinstance(value, tuple) and len(value) in {1, 2} and all(isinstance(each, str) for each in value):
        return f"{name} {', '.join(value)}"
    count = len(value) if isinstance(value, tuple | frozenset | Mapping) else value
    if not isinstance(count, int):
        return f"{name} {value}"
    return plural(count, name[:-1]) if name.endswith("s") else f"{count:,} {name}"
