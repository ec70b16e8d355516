"""`make load`: many pools in one run, many runs at once, many threads, and many calls in one process.

Each measurement says what has to hold, too, and ends with an error where it does not.
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import sys
import tempfile
import tracemalloc
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks import report
from benchmarks.processes import watched
from benchmarks.simulator import simulate, write_pool
from rules import MISSION
from solver import Pool, explain, generate

_MIB = 2**20

#: Calls before memory is looked at: they fill what is kept once and for all.
_WARM = 60

#: Bytes by which memory may grow, in all and for each call, which makes hundreds of times as much.
_NOISE, _NOISE_OF_CALL = 65_536, 200


class NotWholeError(RuntimeError):
    """What has to hold does not."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured.

    Attributes:
        what: what was done.
        found: the figures.
    """

    what: str
    found: str


def many_pools(folder: Path, count: int) -> Figure:
    """One run on a folder of so many pools of ten exposures, each of a program of its own."""
    pools = folder / "pools"
    pools.mkdir()
    for number in range(count):
        write_pool(_small(number), pools / f"p{number:06d}.csv")
    done = watched([*_command(), str(pools), "-p", str(folder / "out")])
    made = sum(1 for path in (folder / "out").iterdir() if path.name.endswith("_asn.json"))
    if f"{count}" not in done.output.replace(",", "") or made < count:
        raise NotWholeError(f"{count} pools made {made} associations: {done.output[-300:]}")
    memory = "unknown" if done.peak is None else f"{done.peak / _MIB:,.0f} MiB"
    each = 1000 * done.seconds / count
    return Figure(
        f"{count:,} pools in one run", f"{done.seconds:,.1f} s, {each:.1f} ms for each, {memory}, {made:,} files"
    )


def _small(number: int) -> list[tuple[str, ...]]:
    """Ten exposures of a program that no other pool has."""
    rows = list(simulate(number % 50, exposures=10))[:10]
    return [tuple(cell.replace("01001", f"{number:05d}").replace("1001", f"{number}") for cell in row) for row in rows]


def many_runs(folder: Path, count: int) -> list[Figure]:
    """So many runs at once, each into a folder of its own, then all into one: each whole, or refused."""
    pools = []
    for number in range(4):
        pools.append(folder / f"pool{number}.csv")
        write_pool(simulate(number, exposures=60), pools[-1])
    alone = []
    for number, pool in enumerate(pools):
        _finished([[str(pool), "-p", str(folder / f"alone{number}")]])
        alone.append(_contents(folder / f"alone{number}"))
    into = [[str(pools[each % 4]), "-p", str(folder / f"out{each}")] for each in range(count)]
    codes = Counter(code for code, _ in _finished(into))
    for each in range(count):
        if _contents(folder / f"out{each}") != alone[each % 4]:
            raise NotWholeError(f"run {each} made something else than alone")
    one = folder / "one"
    same = _finished([[str(pools[0]), "-p", str(one)] for _ in range(count)])
    if _contents(one) != alone[0]:
        raise NotWholeError("runs into one folder made something else than one run")
    _check_refused(same)
    mixed = _finished([[str(pools[each % 4]), "-p", str(folder / "mixed")] for each in range(count)])
    _check_refused(mixed)
    whole = [files for files in alone if files.items() <= _contents(folder / "mixed").items()]
    if not whole or any(name.startswith(".") or name.endswith(".jsonl") for name in _contents(folder / "mixed")):
        raise NotWholeError("runs on several pools into one folder left no result, or something unfinished")
    return [
        Figure(f"{count} runs at once, a folder each", _counted(codes)),
        Figure(f"{count} runs at once on one pool into one folder", _counted(Counter(code for code, _ in same))),
        Figure(
            f"{count} runs at once on 4 pools that clash into one folder", _counted(Counter(code for code, _ in mixed))
        ),
    ]


def _check_refused(ended: Sequence[tuple[int, str]]) -> None:
    for code, printed in ended:
        if code and (code != 2 or "error: " not in printed or "Traceback" in printed):  # noqa: PLR2004 (a refusal)
            raise NotWholeError(f"a run ended with {code}: {printed}")


def _counted(codes: Counter[int]) -> str:
    return f"{codes[0]} whole, {sum(codes.values()) - codes[0]} refused"


def _finished(runs: Sequence[Sequence[str]]) -> list[tuple[int, str]]:
    """Start all runs, and wait for all: exit code and output of each."""
    started = [
        subprocess.Popen([*_command(), *run], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)  # noqa: S603 (our own)
        for run in runs
    ]
    ended = [(process.communicate()[1], process.returncode) for process in started]
    return [(code, printed) for printed, code in ended]


def _contents(folder: Path) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "asnsolve-manifest.json"}


def _command() -> list[str]:
    return [sys.executable, "-m", "solver.app", "generate"]


def threads(pool: Pool, count: int, calls: int) -> Figure:
    """The same call in so many threads at once: the same bytes as from one."""

    def texts(_: int) -> list[str]:
        return [each.to_json() for each in generate(pool).associations]

    expected = texts(0)
    with ThreadPoolExecutor(count) as executor:
        same = sum(found == expected for found in executor.map(texts, range(calls)))
    if same != calls or not gc.isenabled():
        raise NotWholeError(f"{calls - same} of {calls} calls in threads made something else, or collecting is off")
    return Figure(f"{calls} calls of generate in {count} threads", "the same bytes from each")


def memory(what: str, call: Callable[[], object], calls: int, warm: int = _WARM) -> Figure:
    """The same call again and again, after some that warm up: memory does not grow."""
    tracemalloc.start()
    for _ in range(warm):
        call()
    gc.collect()
    before, resident = tracemalloc.get_traced_memory()[0], _resident()
    for _ in range(calls):
        call()
    gc.collect()
    grown, resident = tracemalloc.get_traced_memory()[0] - before, _resident() - resident
    tracemalloc.stop()
    if grown > _NOISE + _NOISE_OF_CALL * calls:
        raise NotWholeError(f"{calls} calls of {what} keep {grown:,} bytes")
    return Figure(
        f"{calls:,} calls of {what} in one process",
        f"{grown / 1024:+,.0f} KiB kept, {resident / _MIB:+,.1f} MiB resident",
    )


def _resident() -> int:
    """Bytes of memory that this process has; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--pools", type=int, nargs="+", default=[1_000, 10_000], help="numbers of pools in one run")
    parser.add_argument("--runs", type=int, default=24, help="how many runs at once")
    parser.add_argument("--calls", type=int, default=1_000, help="how many calls in one process")
    options = parser.parse_args(arguments)
    figures: list[Figure] = []

    def tell(figure: Figure) -> None:
        figures.append(figure)
        print(f"{figure.what}: {figure.found}", file=sys.stderr, flush=True)

    for count in options.pools:
        with tempfile.TemporaryDirectory() as folder:
            tell(many_pools(Path(folder), count))
    with tempfile.TemporaryDirectory() as folder:
        for figure in many_runs(Path(folder), options.runs):
            tell(figure)
        pool = Pool.read(Path(folder) / "pool0.csv")
    tell(threads(pool, 8, max(8, options.calls // 20)))
    tell(memory("generate", lambda: generate(pool), options.calls))
    rule = MISSION.find("Asn_Lv3Image")
    tell(memory("explain", lambda: explain(pool, pool.file_names[0], rule=rule), options.calls))
    print(report.aligned([["what", "found"], *([each.what, each.found] for each in figures)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
