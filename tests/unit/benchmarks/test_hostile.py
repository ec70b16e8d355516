"""Hostile pools: each is solved, or refused for a reason that is known; anything else is a failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.hostile import CASES, Case, Measured, measure, table
from benchmarks.processes import FailedError

_REFUSED = {"near all but one (a rule)"}


@pytest.mark.parametrize("case", [pytest.param(each, id=each.name) for each in CASES])
@pytest.mark.sampled(3)
def test_a_small_pool_of_each_case(tmp_path: Path, case: Case) -> None:
    measured = measure(case, 8, tmp_path)
    assert measured.seconds > 0
    assert (measured.peak is None) == (case.name in _REFUSED)


def test_a_limit_is_a_refusal(tmp_path: Path) -> None:
    (cells,) = (each for each in CASES if each.name == "cells of n characters")
    assert measure(cells, 131_073, tmp_path).peak is None


def test_any_other_error_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(FailedError, match="there are no exposures in it"):
        measure(Case("empty", lambda _: iter(()), ()), 1, tmp_path)


def test_growth_is_against_the_smaller_size_of_the_case() -> None:
    measured = [
        Measured("a", 10, 1.0, 1 << 20),
        Measured("a", 100, 100.0, 3 << 20),
        Measured("a", 1000, 2.0, None),
        Measured("b", 5, 2.0, 2 << 20),
    ]
    assert table(measured) == (
        "pool      n  seconds      MiB  growth\n"
        "a        10      1.0        1\n"
        "a       100      100        3    2.00\n"
        "a     1,000      2.0  refused\n"
        "b         5      2.0        2"
    )
