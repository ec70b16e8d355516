"""`make bench`: whole runs over simulated pools, ours beside the reference's, in one table.

Each figure is the median over paired runs of whole processes, start-up included. The reference runs where
`ASNSOLVE_REFERENCE_PYTHON` names a Python that has jwst, and only on pools that it finishes in reasonable time.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.simulator import simulate, write_pool

#: Exposures of the simulated pools; the reference is asked up to `REFERENCE_LIMIT`.
SIZES = (20, 64, 250, 1_000, 10_000, 100_000)
REFERENCE_LIMIT = 64
RUNS = 3

#: The reference with its rules of both levels, which is what we run, too.
_REFERENCE = """
import sys
from jwst.associations.main import main
main(["-p", sys.argv[2], sys.argv[1]])
"""


def seconds(command: list[str]) -> float:
    """Wall time of a whole process, which has to succeed."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 (it runs the two programs it compares)
    return time.perf_counter() - started


def commands(pool: Path, folder: Path) -> dict[str, list[str]]:
    """What is run on a pool, by name."""
    ours = [sys.executable, "-m", "solver.app", "generate", str(pool), "-p", str(folder / "ours")]
    made = {"asnsolve": ours}
    python = os.environ.get("ASNSOLVE_REFERENCE_PYTHON")
    if python:
        (folder / "reference").mkdir(exist_ok=True)
        made["jwst"] = [python, "-c", _REFERENCE, str(pool), str(folder / "reference")]
    return made


def main() -> None:
    """Print the table."""
    print(f"{'exposures':>10} {'asnsolve s':>11} {'jwst s':>9} {'ratio':>7} {'µs/exposure':>12}")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            pool = folder / "pool.csv"
            rows = list(simulate(1, programs=max(1, size // 500), exposures=size))
            write_pool(rows, pool)
            times: dict[str, list[float]] = {}
            for _ in range(RUNS):
                for what, command in commands(pool, folder).items():
                    if what == "asnsolve" or size <= REFERENCE_LIMIT:
                        times.setdefault(what, []).append(seconds(command))
            ours = statistics.median(times["asnsolve"])
            theirs = statistics.median(times["jwst"]) if "jwst" in times else None
            ratio = "" if theirs is None else f"{theirs / ours:.0f}"
            shown = "" if theirs is None else f"{theirs:.2f}"
            print(f"{len(rows):>10,} {ours:>11.2f} {shown:>9} {ratio:>7} {ours / len(rows) * 1e6:>12.0f}", flush=True)


if __name__ == "__main__":
    main()
