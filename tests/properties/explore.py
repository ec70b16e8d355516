"""Draws new examples for the property tests: `make explore MINUTES=30`. What it finds is kept in out/explore.

Each round takes a new seed. A test that fails stays out of the later rounds, so that they find other failures.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import SystemRandom

HERE = Path("tests/properties")
#: What pytest's exit codes mean: all tests passed, or some failed. Any other is a round that did not take place.
_PASSED, _FAILED = 0, 1


def explore(seed: int, kept: Path, without: Collection[str], failing: Collection[str]) -> list[str]:
    """Run the property tests once with a seed. Give the tests that fail; `kept` gets what pytest says of them."""
    left_out = [f"--ignore={HERE}/test_{name}.py" for name in without] + [f"--deselect={test}" for test in failing]
    command = [sys.executable, "-m", "pytest", str(HERE), "-q", "-m", "hypothesis", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, f"--hypothesis-seed={seed}", *left_out],
        env=os.environ | {"ASNSOLVE_HYPOTHESIS": "explore"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == _PASSED:
        return []
    report = kept / f"{seed}.txt"
    kept.mkdir(parents=True, exist_ok=True)
    report.write_text(done.stdout + done.stderr, encoding="utf-8")
    if done.returncode != _FAILED:
        sys.exit(f"pytest could not run the property tests; what it says is in {report}")
    found = re.findall(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", done.stdout, re.MULTILINE)
    sys.stdout.writelines(f"{test} fails with --hypothesis-seed={seed}: {report}\n" for test in found)
    return found


def main() -> int:
    """Explore in rounds, one on each core, until the time is over; 1 if something was found."""
    parser = argparse.ArgumentParser(prog="make explore", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="start no round later (default: %(default)s)")
    parser.add_argument("--without", action="append", default=[], metavar="NAME", help="leave out test_NAME.py")
    parser.add_argument("--kept", type=Path, default=Path("out/explore"), help="for findings (default: %(default)s)")
    options = parser.parse_args()
    end = time.monotonic() + 60 * options.minutes
    found: list[str] = []

    def rounds() -> int:
        number = 0
        while number == 0 or time.monotonic() < end:
            seed, started = SystemRandom().randrange(2**32), time.monotonic()
            sys.stdout.write(f"seed {seed}\n")
            sys.stdout.flush()
            new = explore(seed, options.kept, options.without, found)
            found.extend(new)
            sys.stdout.write(f"seed {seed}: {len(new)} failed, {time.monotonic() - started:.0f} s\n")
            sys.stdout.flush()
            number += 1
        return number

    with ThreadPoolExecutor() as threads:
        number = sum(each.result() for each in [threads.submit(rounds) for _ in range(os.cpu_count() or 1)])
    tests = sorted(set(found))
    sys.stdout.write("\n".join([f"{number} rounds, {len(tests)} failing tests", *tests]) + "\n")
    return 1 if tests else 0


if __name__ == "__main__":
    sys.exit(main())
