"""Associations of either side in one comparable form, and what differs between two sets of them."""

from __future__ import annotations

import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import rules
from solver import Pool, generate
from solver.app import cli

#: The levels that are compared; every run makes both.
LEVELS = (2, 3)

#: The modes of a run: the options that the reference takes, and the same for `solver.solving.generation`.
MODES: Mapping[str, Mapping[str, Any]] = {
    "": {},
    "--all-candidates": {"discover": False},
    "--discover": {"candidates": (), "discover": True},
}


class Entry(NamedTuple):
    """One product of an association: all that the calibration pipeline and the archive depend on.

    Members are (file, type), sorted. What is left out carries no contract: sequence numbers, free text, times.
    """

    rule: str
    type: str
    id: str
    program: str
    target: str
    name: str
    members: tuple[tuple[str, str], ...]

    @property
    def level(self) -> int:
        """The level of the association, by its type such as tso-image2."""
        return int(self.type[-1])


def ours(associations: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """The entries of associations as this project writes them."""
    return sorted(
        Entry(
            association["asn_rule"].removeprefix("candidate_").removeprefix("discover_"),
            association["asn_type"],
            association["asn_id"],
            association["program"],
            association["target"],
            product["name"],
            tuple(sorted((member["expname"], member["exptype"]) for member in product["members"])),
        )
        for association in associations
        for product in association["products"]
    )


def theirs(associations: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """The entries of what `reference.py` writes."""
    return sorted(
        Entry(**{**association, "members": tuple((file, kind) for file, kind in association["members"])})
        for association in associations
    )


def of_level(entries: Iterable[Entry], level: int) -> list[Entry]:
    """The entries of one level."""
    return [entry for entry in entries if entry.level == level]


def in_orders(text: str, orders: int = 3) -> Iterator[str]:
    """The pool with its rows as they are, and then in other orders."""
    header, *lines = text.splitlines()
    for seed in range(orders):
        if seed:
            random.Random(seed).shuffle(lines)
        yield "\n".join([header, *lines]) + "\n"


def to_pool(text: str) -> Pool:
    """The pool."""
    header, *lines = text.splitlines()
    cells = (line.split("|") for line in lines)
    return Pool.from_rows(dict(zip(header.split("|"), row, strict=True)) for row in cells)


def make(text: str, options: str = "") -> list[Entry]:
    """What we make of a pool with these options: in the modes by `generate`, else by the command line."""
    if options in MODES:
        result = generate(to_pool(text), rules.MISSION, **MODES[options])
        return ours(association.to_dict() for association in result.associations)
    with tempfile.TemporaryDirectory() as folder:
        written = write(text, Path(folder), options)
        return comparable(ours(json.loads(file.read_text(encoding="utf-8")) for file in written), options)


def write(text: str, folder: Path, options: str = "") -> list[Path]:
    """Run the command line on a pool, with a folder to write to, and return the files."""
    pool = folder / "pool.csv"
    pool.write_text(text, encoding="utf-8")
    assert cli.main(["generate", str(pool), "-p", str(folder), *options.split()]) == 0
    return sorted(folder.glob("*_asn.json"))


def comparable(entries: Iterable[Entry], options: str) -> list[Entry]:
    """The entries without what these options leave to chance.

    A merged association is of many rules and targets, and has those of the first, whichever that is.
    """
    if "--merge" not in options.split():
        return sorted(entries)
    return sorted(each._replace(rule="merged", target="") if each.level == LEVELS[0] else each for each in entries)


def assert_gives(text: str, expected: Sequence[Entry], options: str = "", level: int | None = None) -> None:
    """Assert that in every order of the pool's rows we make exactly what is expected, of a level or of both."""
    for order, shuffled in enumerate(in_orders(text)):
        found = make(shuffled, options)
        report = differences(found if level is None else of_level(found, level), expected)
        assert not report, f"options {options!r}, row order {order}:\n{report}"


def differences(found: Sequence[Entry], expected: Sequence[Entry]) -> str:
    """What differs, for a reader; empty if nothing does. Repeated entries count.

    Of an entry that has a counterpart with the same rule, id and name only the differences are told.
    """
    extra = sorted((Counter(found) - Counter(expected)).elements())
    missing = sorted((Counter(expected) - Counter(found)).elements())
    lines = []
    for entry in list(missing):
        twins = [each for each in extra if _label(each) == _label(entry)]
        if twins:
            twin = max(twins, key=lambda each: len({*each.members} & {*entry.members}))
            extra.remove(twin)
            missing.remove(entry)
            lines += [f"differs {_label(entry)}", *_unlike(twin, entry)]
    for word, entries in (("missing", missing), ("extra  ", extra)):
        for entry in entries:
            lines.append(f"{word} {_label(entry)} of type {entry.type}, target {entry.target}")
            lines += [f"          {' '.join(member)}" for member in entry.members]
    count = f"expected {len(expected)} associations, found {len(found)}"
    return "\n".join([count, *lines]) if lines else ""


def _label(entry: Entry) -> str:
    return f"{entry.rule} {entry.program} {entry.id} {entry.name}"


def _unlike(found: Entry, expected: Entry) -> Iterator[str]:
    for field in ("type", "target"):
        if getattr(found, field) != getattr(expected, field):
            yield f"    {field}: expected {getattr(expected, field)}, found {getattr(found, field)}"
    sides = (("missing member", expected, found), ("extra member  ", found, expected))
    for word, one, other in sides:
        for member in (Counter(one.members) - Counter(other.members)).elements():
            yield f"    {word} {' '.join(member)}"
