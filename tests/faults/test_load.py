"""Many runs, threads and calls at once; `make load` does the same at full size, and measures."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import load
from rules import MISSION
from solver import Pool, explain, generate
from tests.cli.scenes import POOL


@pytest.fixture
def pool(tmp_path: Path) -> Pool:
    (tmp_path / "pool.csv").write_text(POOL, encoding="utf-8")
    return Pool.read(tmp_path / "pool.csv")


def test_many_pools_in_one_run_are_all_made(tmp_path: Path) -> None:
    assert load.many_pools(tmp_path, 30).what == "30 pools in one run"


@pytest.mark.thorough
def test_each_of_many_runs_at_once_is_whole_or_refused(tmp_path: Path) -> None:
    each, same, mixed = load.many_runs(tmp_path, 3)
    assert (each.found, same.found) == ("3 whole, 0 refused", "3 whole, 0 refused")
    assert mixed.found.endswith("refused")


def test_threads_make_what_one_makes_and_the_collector_is_on_again(pool: Pool) -> None:
    assert load.threads(pool, 8, 24).found == "the same bytes from each"


@pytest.mark.thorough
def test_calls_keep_no_memory(pool: Pool) -> None:
    assert load.memory("generate", lambda: generate(pool), 20, warm=20)
    rule = MISSION.find("Asn_Lv3Image")
    assert load.memory("explain", lambda: explain(pool, pool.file_names[0], rule=rule), 20, warm=20)


def test_a_call_that_keeps_memory_is_found(pool: Pool) -> None:
    kept: list[object] = []
    with pytest.raises(load.NotWholeError, match="keep"):
        load.memory("generate", lambda: kept.append(generate(pool)), 10, warm=5)
