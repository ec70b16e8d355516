"""The simulated pools and what the reference makes of them, kept in `expected/`.

There is one file for each observing mode, and "mixed" for programs of several. Each holds some pools by name, with a
hash of its text and the reference's associations of both levels. "Varied" pools have some cells changed; see `varied`.
`options.json` holds what it makes of one pool of every mode with options such as `--merge`, by pool and options.
Only `python -m tests.conformance.regenerate` writes them.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.simulator import MODES, simulate, write_pool
from tests.conformance.canonical import Entry, theirs
from tests.conformance.varied import vary

FOLDER = Path(__file__).resolve().parent / "expected"
MIXED = "mixed"
OPTIONS = "options"
SEEDS = (1, 2, 3)
VARIED_SEEDS = (1, 2, 3)
REGENERATE = "python -m tests.conformance.regenerate"


@dataclass(frozen=True)
class SimulatedPool:
    """A pool that the simulator makes: of one observing mode, or a program that draws some; varied or as it is."""

    mode: str
    seed: int
    varied: bool = False

    def __str__(self) -> str:
        """How tests, `differences.toml` and the files call it."""
        return f"{self.mode}-varied-{self.seed}" if self.varied else f"{self.mode}-{self.seed}"

    def text(self) -> str:
        """The pool."""
        stream = io.StringIO()
        modes = None if self.mode == MIXED else [self.mode]
        write_pool(vary(self.seed, self.mode) if self.varied else simulate(self.seed, modes=modes), stream)
        return stream.getvalue()


#: All simulated pools.
POOLS = tuple(
    SimulatedPool(mode, seed, varied)
    for mode in (*MODES, MIXED)
    for varied, seeds in ((False, SEEDS), (True, VARIED_SEEDS if mode != MIXED else ()))
    for seed in seeds
)


def options_for(text: str) -> tuple[str, ...]:
    """The options with which a pool is made: one candidate, candidates of several kinds, and what goes with them."""
    ids = sorted({*re.findall(r"\('([oc][0-9]+)'", text)})
    observations = [each for each in ids if each.startswith("o")]
    others = [each for each in ids if each.startswith("c")]
    several = list(dict.fromkeys([*observations[:1], *observations[-1:], *others[:1]]))
    return (
        f"-i {observations[0]}",
        *([f"-i {' '.join(several)}"] if len(several) > 1 else []),
        *([f"--DMS -i {observations[0]}"] if "BACKGROUND'" in text else []),
        "--merge",
    )


#: One pool of every mode, and with which options it is also made.
WITH_OPTIONS = {pool: options_for(pool.text()) for pool in POOLS if pool.seed == 1 and not pool.varied}

#: All runs.
RUNS = (
    *((pool, "") for pool in POOLS),
    *((pool, options) for pool, all_options in WITH_OPTIONS.items() for options in all_options),
)


def path(name: str) -> Path:
    """The file of a mode, or of the options."""
    return FOLDER / f"{name}.json"


def digest(text: str) -> str:
    """The hash of a pool."""
    return hashlib.sha256(text.encode()).hexdigest()


def expected(pool: SimulatedPool, options: str = "") -> tuple[str, list[Entry]]:
    """The text of a pool and what the reference makes of it.

    Raises:
        LookupError: the simulator makes another pool than when the file was written.
    """
    file = path(OPTIONS if options else pool.mode)
    text = pool.text()
    kept: Mapping[str, Any] = read(file).get(key(pool, options), {"sha256": ""})
    if kept["sha256"] != digest(text):
        raise LookupError(f"expected/{file.name} is about another pool {pool}: run `{REGENERATE}`")
    return text, theirs(kept["associations"])


def key(pool: SimulatedPool, options: str) -> str:
    """What the result is called in the file."""
    return f"{pool} {options}".rstrip()


def write(name: str, results: Mapping[str, tuple[str, list[Entry]]]) -> None:
    """Write the file of a mode or of the options.

    Args:
        name: the mode, or `OPTIONS`.
        results: by pool and options the text of the pool and what the reference makes of it.
    """
    FOLDER.mkdir(exist_ok=True)
    write_to(path(name), results)


def write_to(file: Path, results: Mapping[str, tuple[str, list[Entry]]]) -> None:
    """Write results to a file, one line for each association."""
    parts = []
    for made, (text, associations) in results.items():
        lines = ",\n".join(json.dumps(each._asdict(), separators=(",", ":")) for each in associations)
        parts.append(f'"{made}":{{"sha256":"{digest(text)}","associations":[\n{lines}\n]}}')
    file.write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")


@functools.cache
def read(file: Path) -> dict[str, Any]:
    """The results in a file, as they are written."""
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found
