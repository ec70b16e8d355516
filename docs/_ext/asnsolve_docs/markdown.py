"""Markdown from plain text, and reStructuredText from docstrings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

#: Characters that Markdown would take for markup.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|$~#])")

#: An option in a text, which is shown as code.
_OPTION = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")


def plain(text: str) -> str:
    """A text as it is."""
    return _SPECIAL.sub(r"\\\1", text)


def with_options(text: str) -> str:
    """A text as it is, with options as code."""
    parts, start = [], 0
    for found in _OPTION.finditer(text):
        parts += [plain(text[start : found.start()]), code(found[0])]
        start = found.end()
    return "".join([*parts, plain(text[start:])])


def prose(text: str) -> str:
    """A docstring's text, whose code is in single backquotes; options become code, too."""
    parts = re.split(r"(`[^`\n]+`)", text)
    return "".join(part if part[:1] == "`" and len(part) > 1 else with_options(part) for part in parts)


def code(text: str) -> str:
    """A text as code."""
    return f"`{text}`" if text else ""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells are Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace(chr(10), ' ') for cell in line)} |" for line in lines) + "\n"


def fenced(text: str, language: str) -> str:
    """A block of code."""
    return f"```{language}\n{text.rstrip()}\n```\n"


def page(*parts: str) -> str:
    """Parts with empty lines between them; empty parts are left out."""
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def signature(
    _app: object, _what: str, _name: str, _object: object, _options: object, arguments: str | None, returned: str | None
) -> tuple[str | None, str | None]:
    """The names of classes without those of their modules."""
    shown = re.compile(r"~?(?:[a-z_]+\.)+(?=[A-Z])")
    return tuple(each and shown.sub("", each) for each in (arguments, returned))  # type: ignore[return-value]


def as_rst(_app: object, _what: str, _name: str, _object: object, _options: object, lines: list[str]) -> None:
    """Escape what is not markup in a docstring: an asterisk in prose, and an underscore at the end of a word."""
    inside = False  # of an example or of indented code
    for number, line in enumerate(lines):
        inside = line.lstrip().startswith(">>>") or (inside and bool(line.strip()))
        if not inside:
            parts = re.split(r"(`[^`]+`)", line)
            lines[number] = "".join(
                part if part[:1] == "`" else re.sub(r"\*|(?<=\w)_(?!\w)|\|", r"\\\g<0>", part) for part in parts
            )
