"""Words that messages, tables and pages share: counts, shortened lists, and similar names."""

from __future__ import annotations

from collections.abc import Iterable

from rules.errors import most_similar


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
    near = most_similar(name, known, most)
    return f"did you mean {' or '.join(near)}?" if near else otherwise
