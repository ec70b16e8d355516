"""Whole programs, their workers too, are killed at random moments: `python -m tests.faults.moments --runs 1000`."""

from __future__ import annotations

import argparse
import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from random import Random

from benchmarks.simulator import simulate, write_pool
from solver.storage.manifest import JOURNAL
from tests.faults.scenes import OUT, SCENES, Scene, Stage

#: What is sent, and the exit codes with which the program may answer.
_SIGNALS = {signal.SIGKILL: {0, -9}, signal.SIGTERM: {0, 143, -15}, signal.SIGINT: {0, 130, -2}}

#: Seconds after which a process that was killed has to be gone, with its workers.
_GONE = 20.0

#: Size of the pools.
_EXPOSURES = 150

#: Share of the runs in which the clock starts when the program begins to write.
_WRITING = 0.7


def command_of(arguments: Sequence[str]) -> list[str]:
    """The program as a process."""
    return [sys.executable, "-m", "solver.app", *arguments]


def undisturbed(arguments: Sequence[str]) -> int:
    """Run the program to its end."""
    return subprocess.run(command_of(arguments), check=False, capture_output=True).returncode


def disturbed(arguments: Sequence[str], number: signal.Signals, moment: float, *, writing: bool) -> list[str]:
    """Run the program and send it a signal some seconds after its start or first sign of writing: what did not hold."""
    with subprocess.Popen(
        command_of(arguments), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            while writing and process.poll() is None and not _writes():
                time.sleep(0.001)
            process.wait(moment)
        except subprocess.TimeoutExpired:
            process.send_signal(number)
        try:
            process.wait(_GONE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return [f"it does not end within {_GONE:.0f} s"]
        code = process.returncode
        problems = [] if code in _SIGNALS[number] else [f"it ends with {code}"]
        if not _all_gone(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
            problems.append("a worker outlives it")
        return problems


def _writes() -> bool:
    """Whether there is a file in the making."""
    return (OUT / JOURNAL).exists() or any(OUT.glob(".asnsolve-*"))


def _all_gone(group: int) -> bool:
    """Whether no process of the group is left, in time."""
    end = time.monotonic() + _GONE
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


@contextmanager
def scenes() -> Iterator[list[Scene]]:
    """All scenes, also one for a cluster of dask, where that is installed."""
    if importlib.util.find_spec("distributed") is None:
        yield list(SCENES)
        return
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as cluster:
        lines = next(each for each in SCENES if each.name == "lines over former")
        dask = (*lines.command, "--dask", cluster.scheduler_address)
        yield [*SCENES, replace(lines, name="lines, dask", command=dask, slow=True)]


def pool(seed: int) -> str:
    """The text of a simulated pool."""
    stream = StringIO()
    write_pool(simulate(seed, exposures=_EXPOSURES), stream)
    return stream.getvalue()


def play(scene: Scene, runs: int, dice: Random) -> tuple[Counter[str], list[str]]:
    """Play a scene: how often each signal was sent, and what did not hold."""
    stage, counts, problems = Stage(scene), Counter[str](), []
    stage.prepare(undisturbed, pool(1), pool(2))
    stage.reset()
    longest = _seconds(scene.command)
    for _ in range(runs):
        stage.reset()
        number, writing = dice.choice(list(_SIGNALS)), dice.random() < _WRITING
        moment = dice.uniform(0, 0.3 * longest) if writing else dice.uniform(0.3, 1.1) * longest
        found = disturbed(scene.command, number, moment, writing=writing)
        found += stage.problems()
        counts[number.name] += 1
        counts["left unfinished"] += _writes()
        found += stage.problems_after_rerun(undisturbed)
        problems += [f"{scene.name}, {number.name} after {moment:.3f} s: {each}" for each in found]
    return counts, problems


def _seconds(command: Sequence[str]) -> float:
    started = time.perf_counter()
    undisturbed(command)
    return time.perf_counter() - started


def main() -> int:
    """Play; 1 if something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="how many in all (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice, wrong = Random(options.seed), 0
    with scenes() as every:
        for number, scene in enumerate(every):
            runs = len(range(number, options.runs, len(every)))
            with tempfile.TemporaryDirectory() as folder:
                os.chdir(folder)
                counts, problems = play(scene, runs, dice)
                os.chdir("/")
            counted = ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))
            sys.stdout.write(f"{scene.name:32} {runs:5,} runs: {len(problems):,} problems  ({counted})\n")
            sys.stdout.writelines(f"  {each}\n" for each in problems)
            sys.stdout.flush()
            wrong += len(problems)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
