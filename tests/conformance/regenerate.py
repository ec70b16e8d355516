"""Write `expected/`: run the reference on the simulated pools.

    python -m tests.conformance.regenerate [NAME ...]

It takes some minutes, and needs a Python with the reference, as the tests with the marker `reference` do.
"""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.conformance import interpreter, simulated
from tests.conformance.interpreter import Reference

_AT_A_TIME = 2


def main(names: list[str]) -> None:
    """Write the files of these names: modes, or "options"; or all."""
    runs = [(simulated.OPTIONS if options else pool.mode, pool, options) for pool, options in simulated.RUNS]
    runs = [run for run in runs if not names or run[0] in names]
    with tempfile.TemporaryDirectory() as cache, ThreadPoolExecutor(_AT_A_TIME) as workers:
        reference = Reference(interpreter.find(), Path(cache))
        results = list(workers.map(lambda run: reference.run(run[1].text(), run[2]), runs))
    for name in dict.fromkeys(name for name, _, _ in runs):
        mine = [(run, result) for run, result in zip(runs, results, strict=True) if run[0] == name]
        simulated.write(name, {simulated.key(pool, options): (pool.text(), made) for (_, pool, options), made in mine})
        count = sum(len(associations) for _, associations in mine)
        sys.stdout.write(f"{name}: {count} associations of {len(mine)} runs\n")


if __name__ == "__main__":
    main(sys.argv[1:])
