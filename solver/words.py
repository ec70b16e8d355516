"""Words that messages, tables and pages share: counts, shortened lists, and similar names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rules.errors import most_similar


def plural(count: int, what: str) -> str:
    """A number of things.

    >>> plural(1, "file"), plural(2_000, "file"), plural(2, "copy")
    ('1 file', '2,000 files', '2 copies')
    """
    many = f"{what[:-1]}ies" if what.endswith("y") and what[-2] not in "aeo" else f"{what}s"
    return f"{count:,} {what if count == 1 else many}"


def with_article(noun: str) -> str:
    """A noun with its indefinite article.

    >>> with_article("background exposure"), with_article("imprint exposure")
    ('a background exposure', 'an imprint exposure')
    """
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def role_in_words(role: str) -> str:
    """A role as in a sentence.

    >>> role_in_words("direct_image"), role_in_words("psf")
    ('direct image', 'PSF')
    """
    return role.replace("_", " ").replace("psf", "PSF")


def inert(text: str) -> str:
    r"""A text with its control characters escaped, which could steer a terminal, or reverse or hide other text.

    >>> inert("M\u202e31")
    'M\\u202e31'
    """
    return text if text.isprintable() else "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def left_out(absent: Mapping[int, int], orphans: int) -> str:
    """How many exposures are in no association, by level.

    >>> left_out({2: 2, 3: 1}, orphans=0), left_out({2: 0, 3: 0}, orphans=0)
    ('2 exposures in no Level 2 association, 1 in no Level 3 association', 'every exposure is in an association')
    """
    counts = [(level, count) for level, count in sorted(absent.items()) if count]
    if orphans and len(counts) != 1 and {orphans} >= {count for _, count in counts}:
        return f"{plural(orphans, 'exposure')} in no association"
    parts = [f"{count:,} in no Level {level} association" for level, count in counts[1:]]
    parts += [f"{orphans:,} in neither"] if parts and orphans not in {0, *absent.values()} else []
    first = [f"{plural(count, 'exposure')} in no Level {level} association" for level, count in counts[:1]]
    return ", ".join([*first, *parts]) or "every exposure is in an association"


def lack(condition: str) -> str:
    """What a group lacks that does not satisfy a condition on groups.

    >>> lack("has a psf exposure"), lack("has at least 2 observations, if the candidate is of type group")
    ('no matching PSF exposure', 'fewer than 2 observations')
    """
    stated = condition.partition(",")[0].replace("has at least", "fewer than")
    return re.sub("^has an? (.+)", lambda what: f"no matching {role_in_words(what[1])}", stated)


def option_words(options: Mapping[str, Any]) -> Iterator[str]:
    """Options as the words of a command line, from their attributes; the value of a flag is true.

    >>> list(option_words({"merge": True, "background_at": "2", "exclude": ["o001", "-x*"]}))
    ['--merge', '--background-at', '2', '--exclude', 'o001', '--exclude=-x*']
    """
    for name, value in options.items():
        option = {"ids": "-i", "rules": "-r"}.get(name, f"--{name.replace('_', '-')}")
        if value is True:
            yield option
        else:
            for text in [value] if isinstance(value, str) else map(str, value):
                # a text that begins with a dash would be taken for an option
                yield from (f"{option}={text}",) if text.startswith("-") else (option, text)


def few(names: Iterable[object], most: int = 3) -> str:
    """The first of some names, and how many more there are.

    >>> few(["a", "b", "c", "d", "e"]), few(["a", "b"])
    ('a, b, c, … 2 more', 'a, b')
    """
    every = [str(name) for name in names]
    more = len(every) - most
    return ", ".join([*every[:most], f"… {more:,} more"] if more > 0 else every)


def nearest(name: str, known: Iterable[str], otherwise: str = "", *, most: int = 1) -> str:
    """A question to end the message about an unknown name: whether one that begins so, or looks like it, is meant.

    >>> nearest("filtre", ["filter", "pupil"])
    'did you mean filter?'
    >>> nearest("filte", ["filter", "filters", "pupil"], most=3)
    'did you mean filter or filters?'
    """
    known = [*known]
    longer = sorted({each for each in known if name and each.startswith(name)})
    near = [*dict.fromkeys([*longer, *most_similar(name, known, most)])][:most]
    return f"did you mean {' or '.join(filter(None, (', '.join(near[:-1]), *near[-1:])))}?" if near else otherwise
