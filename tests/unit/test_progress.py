"""The progress of a run: the time of each stage, how much is done, and cancellation."""

from __future__ import annotations

import pytest

from solver import progress
from solver.errors import CancelledError
from solver.progress import Reporter


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that a test sets."""
    now = [0.0]
    monkeypatch.setattr(progress, "perf_counter", lambda: now[0])
    return now


class Noting(Reporter):
    """Notes what it could show."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[tuple[float, str]] = []

    def show(self, step: str) -> None:
        self.shown.append((round(self.done, 6), step))


def test_a_stage_within_a_stage_counts_for_itself(clock: list[float]) -> None:
    times = Reporter()
    with times.stage("read"):
        clock[0] += 1
        for _ in range(2):
            with times.stage("parse"):
                clock[0] += 10
                with times.stage("check"):
                    clock[0] += 100
        clock[0] += 1
    clock[0] += 1_000
    with times.stage("parse"):
        clock[0] += 5
    assert times.seconds == {"read": 2, "parse": 25, "check": 200}
    assert list(times.seconds) == ["read", "parse", "check"]


def test_a_stage_that_fails_counts(clock: list[float]) -> None:
    def fail() -> None:
        clock[0] += 3
        raise KeyError

    times = Reporter()
    with pytest.raises(KeyError), times.stage("read"), times.stage("parse"):
        fail()
    with times.stage("write"):
        clock[0] += 1
    assert times.seconds == {"read": 0, "parse": 3, "write": 1}


def test_what_others_counted_is_added() -> None:
    times = Reporter()
    times.add({"read": 1.0, "solve": 2.0})
    times.add({"solve": 3.0, "write": 4.0})
    assert times.seconds == {"read": 1, "solve": 5, "write": 4}


def test_a_step_is_shown_before_it_is_done() -> None:
    reporter = Noting()
    for name in "abcd":
        reporter.step(name, 1 / 4)
    assert reporter.shown == [(0, "a"), (0.25, "b"), (0.5, "c"), (0.75, "d")]


def test_steps_of_a_part_are_shares_of_it_and_it_is_done_at_its_end() -> None:
    reporter = Noting()
    reporter.step("read", 0.2)
    with reporter.part(0.4, exposures=3):
        reporter.step("a", 1 / 2)
        with reporter.part(1 / 4):
            reporter.step("within", 1 / 2)
    with reporter.part(0.4, exposures=4):
        pass
    shown = [(0, "read"), (0.2, "a"), (0.4, "within"), (0.5, ""), (0.6, ""), (1, "")]
    assert reporter.shown == shown
    assert reporter.exposures == 7


def test_a_part_that_fails_leaves_the_shares_of_what_follows_as_they_are() -> None:
    reporter = Noting()
    with pytest.raises(KeyError), reporter.part(0.5):
        raise KeyError
    reporter.step("a", 0.25)
    reporter.step("b", 0.25)
    assert reporter.shown == [(0, "a"), (0.25, "b")]


def test_a_cancelled_run_ends_before_its_next_step() -> None:
    reporter = Noting()
    reporter.step("a", 0.5)
    reporter.cancel()
    with pytest.raises(CancelledError, match=r"^cancelled before b$"):
        reporter.step("b", 0.5)
    assert reporter.shown == [(0, "a")]
