"""A door fuzzed by coverage, with atheris: `pip install atheris`, then `python -m tests.fuzz.guided association`.

What a case reached decides which cases are damaged further; the damages are those of the door. Further arguments are
libFuzzer's, such as `-max_total_time=600`.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import tempfile
from pathlib import Path
from random import Random


def main() -> None:
    """Fuzz the door that is named until something is found, or the time is over."""
    import atheris  # not every Python has it, and nothing else needs it

    with atheris.instrument_imports(include=["rules", "solver"]):
        import solver
        from tests.fuzz.doors import DOORS

        for module in pkgutil.walk_packages(solver.__path__, "solver."):
            if not module.name.endswith(("__main__", "cluster")):
                importlib.import_module(module.name)  # imported later, by a command, it would not be instrumented
    name, *options = sys.argv[1:]
    door = next(door for door in DOORS if door.name == name)

    def judge(case: bytes) -> None:
        found = door.judge(case)
        if found:
            raise AssertionError(found)

    def damaged(case: bytes, most: int, seed: int) -> bytes:
        return door.damaged(case, Random(seed))[:most]

    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(door.seeds()):
            Path(corpus, str(number)).write_bytes(seed)
        largest = 16 * max(map(len, door.seeds()))
        atheris.Setup([sys.argv[0], *options, f"-max_len={largest}", corpus], judge, custom_mutator=damaged)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
