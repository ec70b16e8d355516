"""Lines of text that lines below say more about, as a terminal or a page shows them in a tree."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, and the lines that say more about it."""

    text: str
    below: tuple[Line, ...] = ()

    def __str__(self) -> str:
        """All lines, indented by their depth."""
        return "\n".join((self.text, *(indent(str(each), "  ") for each in self.below)))
