"""On simulated pools of every observing mode, we make what the reference made of them, with every option.

The reference's results are kept in `expected/`, so these tests need no jwst, except those that check them.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance import simulated
from tests.conformance.canonical import LEVELS, assert_gives, differences, make, of_level
from tests.conformance.differences import excused
from tests.conformance.interpreter import Reference
from tests.conformance.simulated import SimulatedPool

_WITH_OPTIONS = [(pool, options) for pool, options in simulated.RUNS if options]


@pytest.mark.parametrize("pool", simulated.POOLS, ids=str)
def test_equal(pool: SimulatedPool, record_property: Callable[[str, object], None]) -> None:
    text, reference = simulated.expected(pool)
    assert_gives(text, excused(str(pool), "", reference))
    for level in LEVELS:
        record_property(f"compared: Level {level} of simulated pools", len(of_level(reference, level)))


@pytest.mark.parametrize(("pool", "options"), _WITH_OPTIONS, ids=str)
def test_equal_with_options(pool: SimulatedPool, options: str, record_property: Callable[[str, object], None]) -> None:
    text, reference = simulated.expected(pool, options)
    report = differences(make(text, options), excused(str(pool), options, reference))
    assert not report, report
    kind = options.partition(" o")[0]
    for level in LEVELS:
        record_property(f"compared: Level {level} of simulated pools, {kind}", len(of_level(reference, level)))


@pytest.mark.parametrize("level", LEVELS)
def test_every_mode_makes_something(level: int) -> None:
    modes = {pool.mode for pool in simulated.POOLS if of_level(simulated.expected(pool)[1], level)}
    assert modes == {pool.mode for pool in simulated.POOLS}


def test_no_file_is_left_over() -> None:
    names = {pool.mode for pool in simulated.POOLS} | {simulated.OPTIONS}
    assert {path.stem for path in simulated.FOLDER.iterdir()} == names


@pytest.mark.reference
@pytest.mark.parametrize("pool", [pool for pool in simulated.POOLS if pool.seed == 1], ids=str)
def test_the_reference_still_makes_what_is_kept(pool: SimulatedPool, reference: Reference) -> None:
    text, kept = simulated.expected(pool)
    report = differences(reference.run(text), kept)
    assert not report, report


@pytest.mark.reference
@pytest.mark.parametrize(("pool", "options"), _WITH_OPTIONS[::7], ids=str)
def test_it_still_makes_what_is_kept_with_options(pool: SimulatedPool, options: str, reference: Reference) -> None:
    text, kept = simulated.expected(pool, options)
    report = differences(reference.run(text, options), kept)
    assert not report, report
