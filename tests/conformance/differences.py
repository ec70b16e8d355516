"""Where this project and the reference differ on purpose, read from `differences.toml`."""

from __future__ import annotations

import functools
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conformance.canonical import Entry, comparable, differences

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Case:
    """A pool that is as small as possible, and what is made of it.

    Attributes:
        name: what it is called.
        pool: path of the pool.
        reason: why the associations are as they are.
        both: what both sides make.
        options: with which options.
        level: the level whose associations are listed; None for both.
    """

    name: str
    pool: str
    reason: str
    both: Sequence[Entry]
    options: str = ""
    level: int | None = None

    def text(self) -> str:
        """The pool."""
        return (_HERE / self.pool).read_text(encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class Difference(Case):
    """A known difference: the reason tells what the reference does and why the right side is right.

    Attributes:
        right: the side that is right.
        reference: what only the reference makes.
        ours: what only we make.
    """

    right: str
    reference: Sequence[Entry]
    ours: Sequence[Entry]


@dataclass(frozen=True)
class Change:
    """How an association differs, told as facts: "target 2", "rule NAME", or the type and the file of a member.

    Attributes:
        association: its candidate and the name of its product.
        reference: what holds only for the reference's.
        ours: what holds only for ours.
    """

    association: str
    reference: Sequence[str] = ()
    ours: Sequence[str] = ()

    def apply(self, entry: Entry) -> Entry:
        """The reference's association, changed to ours.

        Raises:
            ValueError: something does not hold for the reference's.
        """
        facts = Counter(_facts(entry))
        unfounded = Counter(self.reference) - facts
        if unfounded:
            raise ValueError(f"in {self.association} the reference does not have {', '.join(unfounded)}")
        pairs = [fact.split(" ", 1) for fact in (facts - Counter(self.reference) + Counter(self.ours)).elements()]
        single = {kind: value for kind, value in pairs if kind in _SINGLE}
        members = tuple(sorted((file, kind) for kind, file in pairs if kind not in _SINGLE))
        return entry._replace(**single, members=members)


@dataclass(frozen=True)
class Excuse:
    """What a known difference does to a simulated or a packaged pool.

    Attributes:
        pool: name of the pool.
        difference: name of the difference, which tells the reason.
        options: in which runs, by their options; where these name candidates, it is about their associations only.
        change: the associations that are the same but for something.
        reference: what only the reference makes.
        ours: what only we make.
    """

    pool: str
    difference: str
    options: Sequence[str] = ("",)
    change: Sequence[Change] = ()
    reference: Sequence[Entry] = ()
    ours: Sequence[Entry] = ()


def known() -> tuple[Difference, ...]:
    """The known differences."""
    return tuple(Difference(**_parsed({"reference": (), "ours": (), **each})) for each in _file()["difference"])


def agreements() -> tuple[Case, ...]:
    """Small pools that decide about something, and of which both sides make the same."""
    return tuple(Case(**_parsed(each)) for each in _file()["agreement"])


def excuses() -> tuple[Excuse, ...]:
    """What the differences do to other pools."""
    return tuple(Excuse(**_parsed(each)) for each in _file()["excuse"])


def excused(pool: str, options: str, reference: Iterable[Entry]) -> list[Entry]:
    """What we make of a simulated or packaged pool, given what the reference makes of it.

    Raises:
        ValueError: an excuse is about something that the reference does not make.
    """
    right = Counter(reference)
    for excuse in excuses():
        if excuse.pool == pool and options in excuse.options:
            try:
                right = _corrected(right, excuse, options)
            except ValueError as error:
                raise ValueError(f"{pool} with options {options!r}, {excuse.difference}: {error}") from error
    return sorted(right.elements())


def _corrected(right: Counter[Entry], excuse: Excuse, options: str) -> Counter[Entry]:
    ids = options.partition("-i ")[2].split()

    def asked(entries: Iterable[Entry]) -> Counter[Entry]:
        return Counter(comparable((each for each in entries if not ids or each.id in ids), options))

    for change in excuse.change:
        if ids and change.association.split()[0] not in ids:
            continue
        found = [entry for entry in right.elements() if f"{entry.id} {entry.name}" == change.association]
        if len(found) != 1:
            raise ValueError(f"the reference makes {len(found)} associations {change.association}")
        right = right - Counter(found) + Counter([change.apply(found[0])])
    without = asked(excuse.reference)
    unfounded = without - right
    if unfounded:
        report = differences(sorted(right.elements()), sorted(unfounded.elements()))
        raise ValueError(f"the reference does not make it:\n{report}")
    return right - without + asked(excuse.ours)


#: What an association has one of.
_SINGLE = ("rule", "target")


def _facts(entry: Entry) -> list[str]:
    facts = [f"{kind} {getattr(entry, kind)}" for kind in _SINGLE]
    return facts + [f"{kind} {file}" for file, kind in entry.members]


@functools.cache
def _file() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((_HERE / "differences.toml").read_text(encoding="utf-8"))


def _parsed(table: Mapping[str, Any]) -> dict[str, Any]:
    """The table with its associations and changes as what they are; a member is given as its type and its file."""
    parsed = dict(table)
    for key in ("both", "reference", "ours"):
        if key in table:
            parsed[key] = [_entry(each) for each in table[key]]
    if "change" in table:
        parsed["change"] = [Change(**each) for each in table["change"]]
    return parsed if "difference" in table else {"both": (), **parsed}


def _entry(table: Mapping[str, Any]) -> Entry:
    members = (member.split(" ", 1) for member in table["members"])
    return Entry(**{**table, "members": tuple(sorted((file, kind) for kind, file in members))})
