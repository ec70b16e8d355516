"""What an older release of the reference, jwst 2.0.1, makes, kept in `versions.json`.

There are what both releases make of minimal pools, which show how they differ, and what the older one makes of those
simulated pools of which it does not make the same. Only `python -m tests.conformance.versions` writes the file; it runs
the older release on all simulated pools, and takes half an hour.
"""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rules.mission import mission_version
from solver import generate
from tests.conformance import interpreter, simulated
from tests.conformance.canonical import Entry, ours, theirs, to_pool
from tests.conformance.interpreter import Reference

OLDER, PRESENT = interpreter.OLDER_VERSION, interpreter.VERSION
FILE = Path(__file__).resolve().with_suffix(".json")
REGENERATE = "python -m tests.conformance.versions"

#: The minimal pools, by name: one for each difference.
MINIMAL = {path.stem: path for path in sorted((FILE.parent / "cases").glob("release_*.csv"))}

#: The simulated pools, by name.
SIMULATED = {str(pool): pool for pool in simulated.POOLS}

_AT_A_TIME = 2


def text_of(pool: str) -> str:
    """A pool, minimal or simulated."""
    return MINIMAL[pool].read_text(encoding="utf-8") if pool in MINIMAL else SIMULATED[pool].text()


def expected(pool: str, version: str = OLDER) -> list[Entry]:
    """What a release makes of a pool.

    Raises:
        LookupError: the pool is another one than when the file was written.
    """
    kept = simulated.read(FILE).get(f"{version} {pool}")
    if kept is None and pool in SIMULATED:
        return simulated.expected(SIMULATED[pool])[1]  # the releases make the same of it
    if kept is None or kept["sha256"] != simulated.digest(text_of(pool)):
        raise LookupError(f"{FILE.name} is about another pool {pool}: run `{REGENERATE}`")
    return theirs(kept["associations"])


def differing() -> set[str]:
    """The simulated pools of which the releases do not make the same."""
    return {name.partition(" ")[2] for name in simulated.read(FILE)} & {*SIMULATED}


def make(text: str) -> list[Entry]:
    """What we make of a pool by the older release's rules."""
    made = generate(to_pool(text), mission_version(OLDER)).associations
    return ours(association.to_dict() for association in made)


def main() -> None:
    """Write the file."""
    pools = [*MINIMAL, *SIMULATED]
    with tempfile.TemporaryDirectory() as cache, ThreadPoolExecutor(_AT_A_TIME) as workers:
        older = Reference(interpreter.find_older(), Path(cache) / OLDER)
        present = Reference(interpreter.find(), Path(cache) / PRESENT)
        made = dict(zip(pools, workers.map(lambda pool: older.run(text_of(pool)), pools), strict=True))
        results = {f"{PRESENT} {pool}": (text_of(pool), present.run(text_of(pool))) for pool in MINIMAL}
    for pool, found in made.items():
        if pool in MINIMAL or found != simulated.expected(SIMULATED[pool])[1]:
            results[f"{OLDER} {pool}"] = text_of(pool), found
    simulated.write_to(FILE, results)
    sys.stdout.write(f"{len(made)} pools, {len(results)} results kept\n")


if __name__ == "__main__":
    main()
