"""Where the time goes."""

from __future__ import annotations

import pytest

from solver import progress
from solver.progress import Profile


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that a test sets."""
    now = [0.0]
    monkeypatch.setattr(progress, "perf_counter", lambda: now[0])
    return now


def test_a_stage_within_a_stage_counts_for_itself(clock: list[float]) -> None:
    times = Profile()
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

    times = Profile()
    with pytest.raises(KeyError), times.stage("read"), times.stage("parse"):
        fail()
    with times.stage("write"):
        clock[0] += 1
    assert times.seconds == {"read": 0, "parse": 3, "write": 1}


def test_what_others_counted_is_added() -> None:
    times = Profile()
    times.add({"read": 1.0, "solve": 2.0})
    times.add({"solve": 3.0, "write": 4.0})
    assert times.seconds == {"read": 1, "solve": 5, "write": 4}
