"""Mutation testing: changes the code in small ways, one at a time, and tells which changes no test notices.

    python -m tests.mutants.run [MODULE ...]

mutmut makes the changes and tests them; pyproject.toml says where, and by which tests. What it finds is held against
`survivors.toml`, which has a reason for each change that no test can notice. Results stay in `mutants/`, so that a
second run tests only what is new; `--report` tests nothing and tells what is known.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SURVIVORS = Path(__file__).with_name("survivors.toml")
RESULTS = Path("mutants")

#: What mutmut notes of a change: how pytest ended, or how the process did.
_KILLED, _SURVIVED, _UNTESTED = {1, 3}, {0}, {5, 33}


@dataclass(frozen=True)
class Mutant:
    """A change of the code.

    Attributes:
        place: the function, as `solver.solving.groups.solve`.
        was: the lines that it takes away, in one.
        becomes: the lines that it puts in their place, in one.
    """

    place: str
    was: str
    becomes: str

    def __str__(self) -> str:
        """As `survivors.toml` has it."""
        texts = (f"{key} = '''{getattr(self, key)}'''" for key in ("was", "becomes"))
        return "\n".join(["[[survivor]]", f'place = "{self.place}"', *texts, 'why = ""', ""])


@dataclass(frozen=True)
class Known:
    """A change, or a kind of change, that no test can notice, and the reason.

    Attributes:
        was: what is taken away; of a kind of change a regular expression for it.
        becomes: what comes instead; as `was`.
        why: the reason.
        place: the function; empty for any.
        kind: whether it is a kind of change.
    """

    was: str
    becomes: str
    why: str
    place: str = ""
    kind: bool = False

    def is_about(self, mutant: Mutant) -> bool:
        """Whether it tells of this change."""
        if not self.kind:
            return (self.place, self.was, self.becomes) == (mutant.place, mutant.was, mutant.becomes)
        here = self.place in {"", mutant.place}
        return here and bool(re.search(self.was, mutant.was) and re.search(self.becomes, mutant.becomes))


def known() -> list[Known]:
    """What `survivors.toml` tells."""
    told = tomllib.loads(SURVIVORS.read_text(encoding="utf-8"))
    return [Known(**each, kind=kind == "alike") for kind, listed in told.items() for each in listed]


def results() -> Iterator[tuple[Path, str, int | None]]:
    """For each change its file, its name and how testing it ended; None where it was not tested."""
    for meta in sorted(RESULTS.rglob("*.py.meta")):
        source = meta.relative_to(RESULTS).with_suffix("")
        for name, ended in json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            yield source, name, ended


def mutant(source: Path, name: str) -> Mutant:
    """The change of this name."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant  # only this needs it, and it is slow to import

    lines = [line for line in get_diff_for_mutant(name, path=source).splitlines() if line[:3] not in {"---", "+++"}]
    was, becomes = (" ".join(line[1:].strip() for line in lines if line[:1] == sign) for sign in "-+")
    place = re.sub(r"ǁ|\.x_|__mutmut_\d+$", lambda found: {"ǁ": ".", ".x_": "."}.get(found[0], ""), name)
    return Mutant(place.replace(".x.", "."), was, becomes)


def report(modules: Sequence[str]) -> int:
    """Print what became of the changes of these modules, or of all; give the number of survivors without a reason."""
    reasons = known()
    counts: dict[str, Counter[str]] = {}
    unexplained: list[Mutant] = []
    for source, name, ended in results():
        module = source.with_suffix("").as_posix().replace("/", ".")
        if modules and module not in modules:
            continue
        count = counts.setdefault(module, Counter())
        if ended is None:
            count["not run"] += 1
        elif ended in _SURVIVED | _UNTESTED:
            survivor = mutant(source, name)
            told = any(each.is_about(survivor) for each in reasons)
            count["with a reason" if told else "without"] += 1
            if not told:
                unexplained.append(survivor)
        else:
            count["killed" if ended in _KILLED else "too slow"] += 1
    for survivor in unexplained:
        print(survivor)
    _print_table(counts)
    return len(unexplained)


def _print_table(counts: Mapping[str, Counter[str]]) -> None:
    columns = ("mutants", "killed", "too slow", "with a reason", "without", "not run", "rate %")
    print(f"{'module':<28}" + "".join(f"{column:>15}" for column in columns))
    total: Counter[str] = sum(counts.values(), Counter())
    for name, count in [*counts.items(), ("all", total)]:
        tested = count.total() - count["not run"]
        rate = 100 * (count["killed"] + count["too slow"]) / tested if tested else 0.0
        cells = (count.total(), *(count[column] for column in columns[1:-1]))
        print(f"{name:<28}" + "".join(f"{cell:>15,}" for cell in cells) + f"{rate:>15.1f}")


def main() -> int:
    """Test the changes that were not tested yet, and report on all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "modules", nargs="*", metavar="MODULE", help="such as solver.solving.groups; all, if none is named"
    )
    parser.add_argument("--report", action="store_true", help="test nothing; tell what is known")
    options = parser.parse_args()
    if not options.report:
        names = [f"{module}.x*" for module in options.modules]
        program = Path(sys.executable).with_name("mutmut")
        done = subprocess.run([program, "run", *names], check=False)
        if done.returncode:
            return done.returncode
    return 1 if report(options.modules) else 0


if __name__ == "__main__":
    sys.exit(main())
