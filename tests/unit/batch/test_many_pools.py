"""Many pools in one run, without the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from solver import Reporter, generate
from solver.batch import Batch, FolderSink, Job, Sink, runs_of, sink_of
from solver.default import default_rules
from solver.errors import CancelledError
from solver.solving import Request
from solver.storage import Archive, Record, Results
from tests.cli.conftest import many_programs
from tests.unit.small import Watched


@pytest.fixture
def pools(tmp_path: Path) -> list[Path]:
    """Two pool files."""
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for program, path in enumerate(paths, start=1):
        path.write_text(many_programs(program), encoding="utf-8")
    return paths


class Counting(Reporter):
    """Cancels the run when it is this far."""

    def __init__(self, until: float) -> None:
        super().__init__()
        self.until = until
        self.farthest = 0.0

    def show(self, step: str) -> None:
        del step
        assert self.done >= self.farthest
        self.farthest = self.done
        if self.done > self.until:
            self.cancel()


def test_a_reporter_follows_all_pools_to_the_end(pools: list[Path]) -> None:
    reporter, runs = Counting(until=2), runs_of(pools, Record(), (), None)
    Batch(runs, Job(default_rules(), Request()), Sink(), reporter=reporter).run()
    assert reporter.farthest == pytest.approx(1)
    assert reporter.exposures == sum(run.exposures for run in runs) == 12
    assert all(run.summary.associations > 0 for run in runs)
    assert {"read", "cut", "solve"} <= reporter.seconds.keys()


def test_a_cancelled_run_ends_and_leaves_no_partial_results(pools: list[Path], tmp_path: Path) -> None:
    """That it is cancelled is not a failure of a pool, after which the next would be solved."""
    failed: list[str] = []
    reporter, runs = Counting(until=0.7), runs_of(pools, Record(), (), None)
    sink = FolderSink(Results(tmp_path / "out"))
    job = Job(default_rules(), Request(), files=True)
    with pytest.raises(CancelledError):
        Batch(runs, job, sink, reporter=reporter, failed=failed.append).run()
    assert failed == []
    assert runs[1].written is None
    written = {path.name[:7] for path in (tmp_path / "out").glob("*_asn.json")}
    assert written == {"jw00001"}


def test_changed_associations_are_not_searched_for_each_pool(tmp_path: Path) -> None:
    size, few = 50, 10
    paths = [tmp_path / f"{number}.csv" for number in range(size)]
    for program, path in enumerate(paths, start=1):
        path.write_text(many_programs(program), encoding="utf-8")
    runs = runs_of(paths, Record(), (), None)
    new = [replace(generate(path).associations[0], asn_pool=Watched(path.name)) for path in paths]
    with sink_of(runs, tmp_path, tmp_path / "all.jsonl", asked="", overwrite=False) as sink:
        for run in runs:
            run.name = run.path.name
            sink.write(run, {})
        with patch.object(Archive, "put", return_value=([], new)):
            Watched.compared = 0
            sink.finish()
    assert Watched.compared < few * size
    assert [len(run.changes.only_second) for run in runs if run.changes] == [1] * size
