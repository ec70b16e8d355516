"""Fuzzes every door for long: `make fuzz CASES=1000000`; what is found is kept, made small, and told at the end."""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from solver.app import console
from solver.words import plural
from tests.fuzz.doors import DOORS, Door
from tests.fuzz.running import long_run

#: Most findings of one kind that are kept; the others are the same again.
_KEPT = 2

_TRIES = 100


@dataclass
class Tally:
    """What became of a door's cases."""

    door: Door
    cases: int = 0
    seconds: float = 0.0  #: of this process, so that whatever else the machine does changes no speed
    slowest: float = 0.0
    codes: Counter[int | None] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)


def kind(fault: str) -> str:
    """What makes two findings the same: the first line, without what is special to a case."""
    first = fault.splitlines()[0][:60]
    return "".join("#" if char.isdigit() else char for char in first)


def smaller(door: Door, case: bytes, command: str, *, terminal: bool, wanted: str) -> bytes:
    """A part of a case in which the same is wrong: halves, quarters and so on are left out as long as it is."""
    size, tries = len(case) // 2, 0
    while size and tries < _TRIES:
        place = 0
        while place < len(case) and tries < _TRIES:
            shorter = case[:place] + case[place + size :]
            tries += 1
            if any(kind(each) == wanted for each in door.run(shorter, command, terminal=terminal)[1]):
                case = shorter
            else:
                place += size
        size //= 2
    return case


def one(tally: Tally, case: bytes, kept: Path) -> None:
    """Run one case, and keep it if something is wrong."""
    door = tally.door
    command, terminal = door.command(case)
    started = time.process_time()
    ran, found = door.run(case, command, terminal=terminal)
    tally.seconds += time.process_time() - started
    tally.cases += 1
    tally.slowest = max(tally.slowest, ran.seconds)
    tally.codes[ran.code] += 1
    for fault in found:
        known = kind(fault)
        tally.findings[known] += 1
        if tally.findings[known] <= _KEPT:
            small = smaller(door, case, command, terminal=terminal, wanted=known)
            name = f"{door.name.replace(' ', '-')}-{hashlib.sha256(small).hexdigest()[:12]}"
            kept.mkdir(parents=True, exist_ok=True)
            (kept / f"{name}.case").write_bytes(small)
            again = door.run(small, command, terminal=terminal)[1]
            told = "\n".join([command, f"terminal: {terminal}", *(again or ["(not the same again)", *found])])
            (kept / f"{name}.txt").write_text(told + "\n", encoding="utf-8")
            sys.stderr.write(f"{door.name}: {fault.splitlines()[0]:.200} ({kept / name}.txt)\n")


def table(tallies: list[Tally]) -> str:
    """What was run, door by door."""
    names = ("Door", "Cases", "Cases/s", "Accepted", "Answer 1", "Refused", "Slowest s", "Findings")
    rows = []
    for each in tallies:
        counts = [each.codes[code] for code in (0, 1, 2)]
        speed = each.cases / each.seconds if each.seconds else 0.0
        rows.append((each.door.name, each.cases, round(speed), *counts, f"{each.slowest:9.2f}", len(each.findings)))
    made = console.Table(*names, rows=rows)
    cases, findings = sum(each.cases for each in tallies), sum(len(each.findings) for each in tallies)
    return f"{made}\n\n{plural(cases, 'case')}, {plural(findings, 'kind')} of findings"


def main() -> int:
    """Run so many cases, spread over the doors; 1 if something was found."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="how many in all (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after so many minutes")
    parser.add_argument("--seed", type=int, default=1, help="another number gives other cases (default: %(default)s)")
    parser.add_argument("--door", action="append", choices=[door.name for door in DOORS], help="only this one")
    parser.add_argument("--kept", type=Path, default=Path("out/fuzz"), help="where findings go (default: %(default)s)")
    options = parser.parse_args()
    kept = options.kept.resolve()
    tallies = [Tally(door) for door in DOORS if not options.door or door.name in options.door]
    chances = [Random(f"{options.seed} {each.door.name}") for each in tallies]
    end = time.monotonic() + 60 * options.minutes
    with long_run():
        for number in range(options.cases):
            if time.monotonic() > end:
                break
            which = number % len(tallies)
            one(tallies[which], tallies[which].door.case(chances[which]), kept)
    sys.stdout.write(table(tallies) + "\n")
    return 1 if any(each.findings for each in tallies) else 0


if __name__ == "__main__":
    sys.exit(main())
