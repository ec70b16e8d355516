"""Words that messages, tables and pages share: counts, shortened lists, and similar names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, cast


def plural(count: int, what: str) -> str:
    """A number of things.

    >>> plural(1, "file"), plural(2_000, "file"), plural(2, "copy")
    ('1 file', '2,000 files', '2 copies')
    """
    if count == 1:
        return f"1 {what}"
    return f"{count:,} {what[:-1]}ies" if what.endswith("y") and what[-2] not in "aeo" else f"{count:,} {what}s"


def few(names: Iterable[object], most: int = 3) -> str:
    """The first of some names, and how many more there are.

    >>> few(["a", "b", "c", "d", "e"]), few(["a", "b"])
    ('a, b, c, … 2 more', 'a, b')
    """
    every = [str(name) for name in names]
    more = len(every) - most
    return ", ".join([*every[:most], f"… {more:,} more"] if more > 0 else every)


def nearest(name: str, known: Iterable[str], otherwise: str = "", *, most: int = 1) -> str:
    """A question for the end of a message, with the known names most similar to this one.

    >>> nearest("filtre", ["filter", "pupil"])
    'did you mean filter?'
    """
    import difflib  # most runs do not need it

    near: Sequence[str] = difflib.get_close_matches(name, list(known), most)
    return f"did you mean {' or '.join(near)}?" if near else otherwise


class Brief:
    """A dataclass whose `repr` is one line: what it is, its texts and numbers, and how many parts it has.

    The fields are those that the dataclass would show; of a tuple of one or two texts, these.

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
        """Its class and fields, in one line."""
        shown = [(field.name, getattr(self, field.name)) for field in fields(cast("Any", self)) if field.repr]
        parts = (_counted(name.replace("_", " "), value) for name, value in shown if value not in (None, ""))
        return f"<{type(self).__name__}: {', '.join(parts)}>"


def _counted(name: str, value: object) -> str:
    """A field in a few words."""
    if isinstance(value, tuple) and len(value) in {1, 2} and all(isinstance(each, str) for each in value):
        return f"{name} {', '.join(value)}"
    count = len(value) if isinstance(value, tuple | frozenset | Mapping) else value
    if not isinstance(count, int):
        return f"{name} {value}"
    return plural(count, name[:-1]) if name.endswith("s") else f"{count:,} {name}"
