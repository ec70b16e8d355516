from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest

from benchmarks import measuring
from benchmarks.measuring import Incumbent, how_often, measure, ours, start_times
from benchmarks.reference import Program
from benchmarks.results import Record, ReferenceTimes
from benchmarks.simulator import simulate, write_pool
from benchmarks.workloads import Workload
from tests.unit.benchmarks.made import MACHINE

KNOWN = ReferenceTimes((90.0, 100.0, 110.0), "2026-01-30")
RECORD = Record(MACHINE, "3.0.0", {"known": KNOWN})


def workload(name: str = "small", *, reference: bool = True, options: tuple[str, ...] = ()) -> Workload:
    write = partial(write_pool, list(simulate(1, modes=["image_dithers"])))
    return Workload(name, "simulated", write, options=options, reference=reference)


@pytest.mark.parametrize(("seconds", "runs"), [(0.1, 7), (2.0, 5), (19.0, 5), (20.0, 3), (1000.0, 3)])
def test_what_takes_long_is_run_less_often(seconds: float, runs: int) -> None:
    assert how_often(seconds) == runs


def test_the_command_writes_files_or_an_archive() -> None:
    start = [sys.executable, "-m", "solver.app", "generate", "pool.csv", "-i", "o001"]
    pool, options = Path("pool.csv"), ("-i", "o001")
    assert ours(pool, Path("out"), options, None) == [*start, "-p", "out"]
    assert ours(pool, Path("x.jsonl.zst"), options, 2) == [*start, "--archive", "x.jsonl.zst", "--workers", "2"]


@pytest.mark.parametrize(
    ("installed", "asked", "name", "seconds", "expected"),
    [
        (True, True, "known", 100.0, True),
        (True, True, "known", 99.0, False),  # it is known to take longer
        (True, True, "new", 1.0, True),  # it is stopped then
        (True, False, "new", 1.0, False),
        (False, True, "known", 100.0, False),
    ],
)
def test_the_reference_runs_where_it_ends_soon(
    *, installed: bool, asked: bool, name: str, seconds: float, expected: bool
) -> None:
    incumbent = Incumbent(Program("python", {}) if installed else None, RECORD, seconds)
    assert incumbent.runs(workload(name, reference=asked)) is expected


def test_what_it_took_before_is_marked_as_recorded() -> None:
    incumbent = Incumbent(None, RECORD, 1.0)
    assert incumbent.earlier(workload("new")) is None
    assert incumbent.earlier(workload("known")) == ReferenceTimes(KNOWN.seconds, KNOWN.date, recorded=True)


def pretended(tmp_path: Path, code: str) -> Program:
    """A program in the place of the reference's Python, which runs `code` whatever it is told to run."""
    script = tmp_path / "python"
    script.write_text(f"#!{sys.executable}\nimport sys, time\n{code}\n", encoding="utf-8")
    script.chmod(0o755)
    return Program(str(script), {})


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything runs once or twice, not seven times."""
    monkeypatch.setattr(measuring, "_RUNS", ((float("inf"), 2),))


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize("workers", [None, 1], ids=["files", "archive"])
def test_a_workload_is_measured(tmp_path: Path, workers: int | None) -> None:
    small = workload(options=("-i", "c1000"))
    pool, work = tmp_path / "pool.csv", tmp_path / "work"
    work.mkdir()
    small.write(pool)
    made = measure(small, workers, pool, work, Incumbent(pretended(tmp_path, "time.sleep(0.1)"), RECORD, 5.0))
    assert made.exposures == len(pool.read_text(encoding="utf-8").splitlines()) - 1
    assert made.associations > 0
    assert made.workers == workers
    assert len(made.ours) == len(made.limit) == 2
    assert made.over_limit > 1
    assert made.reference is not None
    assert (len(made.reference.seconds), made.reference.stopped, made.reference.recorded) == (2, False, False)
    assert not list(work.iterdir())


@pytest.mark.usefixtures("once")
def test_a_reference_that_takes_too_long_is_stopped_and_runs_once(tmp_path: Path) -> None:
    pool, work = tmp_path / "pool.csv", tmp_path / "work"
    work.mkdir()
    workload().write(pool)
    slow = pretended(tmp_path, "time.sleep(60)")
    made = measure(workload(), None, pool, work, Incumbent(slow, None, 0.5))
    assert made.reference is not None
    assert (made.reference.seconds, made.reference.stopped) == ((0.5,), True)


def test_the_start_is_timed_in_pairs() -> None:
    empty, imports = start_times(runs=2).values()
    assert len(empty) == len(imports) == 2
    assert max(empty) < sum(imports)
