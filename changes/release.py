"""Make a release: its version, its date, and the fragments of this folder as a section of the changelog.

`make release VERSION=0.3.0` runs it. If the newest section is of this version already, its summary is kept
and the fragments are added to it.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

#: The kinds of fragments in the order of a section, with their headings.
KINDS = {"added": "Added", "changed": "Changed", "fixed": "Fixed", "removed": "Removed"}

#: In the changelog, `make docs` puts the unreleased fragments here; the releases follow, newest first.
NEXT = "<!-- made: changes -->\n"

Entries = Mapping[str, Sequence[str]]


def fragments(root: Path) -> list[Path]:
    """The fragments, by name."""
    return sorted((root / "changes").glob("*.*.md"))


def unreleased(root: Path) -> Entries:
    """The texts of the fragments, by kind.

    Raises:
        ValueError: a fragment has another kind.
    """
    texts: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for path in fragments(root):
        name, kind, _ = path.name.rsplit(".", 2)
        if kind not in KINDS:
            raise ValueError(f"{path.name}: rename it {name}.KIND.md, where KIND is one of {', '.join(KINDS)}")
        texts[kind].append(" ".join(path.read_text(encoding="utf-8").split()))
    return texts


def section(title: str, entries: Entries, summary: str = "") -> str:
    """A section of the changelog."""
    lists = (
        f"### {KINDS[kind]}\n\n" + "\n".join(f"- {text}" for text in entries[kind]) for kind in KINDS if entries[kind]
    )
    return "\n\n".join((f"## {title}", *filter(None, [summary]), *lists)) + "\n"


def entries_of(text: str) -> Entries:
    """The entries of a section.

    >>> entries_of(section("1.0", {"added": ["A."], "changed": [], "fixed": ["B.", "C."], "removed": []}))["fixed"]
    ['B.', 'C.']
    """
    parts = dict(part.split("\n", 1) for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:])
    return {kind: re.findall(r"^- (.*)", parts.get(title, ""), re.MULTILINE) for kind, title in KINDS.items()}


def release(root: Path, version: str, date: str) -> None:
    """Release what a copy of the repository contains: changelog, version and citation state it, the fragments go."""
    log = root / "docs" / "CHANGELOG.md"
    head, _, released = log.read_text(encoding="utf-8").partition(NEXT)
    new, summary = unreleased(root), ""
    if repeated := re.match(rf"\n## {re.escape(version)} .*?(?=^## |\Z)", released, re.DOTALL | re.MULTILINE):
        released = released[repeated.end() :]
        new = {kind: [*texts, *new[kind]] for kind, texts in entries_of(repeated[0]).items()}
        summary = re.split(r"^### ", repeated[0], flags=re.MULTILINE)[0].strip().partition("\n")[2].strip()
    text = section(f"{version} ({date})", new, summary)
    log.write_text(f"{head}{NEXT}\n{text}{released and chr(10)}{released.lstrip()}", encoding="utf-8")
    _state(root / "solver" / "version.py", r'(__version__ = ").*(")', version)
    _state(root / "CITATION.cff", r"(^version: ).*($)", version)
    _state(root / "CITATION.cff", r"(^date-released: ).*($)", date)
    for path in fragments(root):
        path.unlink()


def _state(path: Path, where: str, value: str) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(where, rf"\g<1>{value}\g<2>", text, flags=re.MULTILINE), encoding="utf-8")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("version")
    options.add_argument("--date", default=f"{datetime.now(UTC):%Y-%m-%d}")
    asked = options.parse_args()
    release(Path(__file__).parents[1], asked.version, asked.date)
