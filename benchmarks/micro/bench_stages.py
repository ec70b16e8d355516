"""Times each stage of a run: `make bench-micro`. The pool has 10,000 exposures; nothing is asserted about times."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.micro.stages import STAGES, Run

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

_EXPOSURES = 10_000


@pytest.fixture(scope="module")
def run() -> Run:
    """The pool, for all stages."""
    return Run(_EXPOSURES)


@pytest.mark.parametrize("name", STAGES)
def test_stage(benchmark: BenchmarkFixture, run: Run, name: str) -> None:
    """Time a stage."""
    benchmark(STAGES[name](run))
