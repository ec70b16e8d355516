"""The pages of the documentation, and what they show: files, and commands with their output."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = sorted(page for kind in ("tutorials", "how-to", "explanation") for page in (ROOT / "docs" / kind).glob("*.md"))

#: A file that a page shows: the comment on the first line of a block is its name.
_FILE = re.compile(r"^```(?:python|toml)\n# ([\w.-]+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"( *)\$ (.*)")


def files(page: Path) -> dict[str, str]:
    """The files that a page shows, by name."""
    return dict(_FILE.findall(page.read_text(encoding="utf-8")))


def commands(page: Path) -> Iterator[tuple[str, str]]:
    """Each command of a page, with the output that is shown below it."""
    command, indent, shown = None, "", list[str]()
    for line in [*page.read_text(encoding="utf-8").splitlines(), "```"]:
        found = _COMMAND.fullmatch(line)
        ends = line.strip() == "```" or (line.strip() and not line.startswith(indent))
        if command is not None and (found or ends):
            yield command, "\n".join(shown)
            command, shown = None, []
        elif command is not None:
            shown.append(line.removeprefix(indent))
        if found:
            indent, command = found.groups()


def joined(text: str) -> str:
    """A text on one line, however its lines were broken: the lines that guide through a tree begin no word.

    >>> joined("├── a long\\n│   line")
    '├── a long line'
    """
    return " ".join(word for word in text.split() if word != "│")


def pattern(shown: str) -> re.Pattern[str]:
    """A real output on one line, where a line `…` means any lines and `…/` any folder, and times and effort may differ.

    >>> bool(pattern("a\\n…\\nb in 0.1 s").search("a x y b in 2.53 s"))
    True
    """
    parts = [re.escape(joined(part)) for part in re.split(r"^ *…$", shown, flags=re.MULTILINE)]
    text = ".*".join(part.replace("…/", r"\S*/") for part in parts)
    return re.compile(re.sub(r"[\d.,\\]+\\ (s\b|problems)", r"[\\d.,]+\\ \1", text), re.DOTALL)
