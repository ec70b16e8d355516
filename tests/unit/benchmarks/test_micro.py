"""The benchmarks of stages run; how long they take is for `make bench-micro` to tell."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from benchmarks.micro.stages import STAGES, Run, solve_all
from solver import generate
from solver.solving.compilation import Solutions


@pytest.fixture(scope="module")
def run() -> Run:
    return Run(300)


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_makes_something_and_the_same_when_it_is_repeated(run: Run, name: str) -> None:
    stage = STAGES[name](run)
    assert len(stage()) == len(stage()) > 0


def test_the_stages_end_where_a_run_does(run: Run) -> None:
    """Each stage begins with what the one before it makes, so the last one writes what a whole run does."""
    made = generate(run.pool).associations
    assert list(STAGES["serialise"](run)()) == [association.to_json() for association in made]


def overlapping(found: Sequence[Solutions]) -> int:
    """How often an exposure is in a further group of the same rule and candidate."""
    many = [solutions.entry for solutions in found if solutions.seeds is None]
    return sum(len(entry) - len(set(entry.tolist())) for entry in many)


def test_with_missing_values_more_groups_overlap(run: Run) -> None:
    assert overlapping(solve_all(run.with_gaps)) > overlapping(run.solutions)
