"""By the rules of an older release, jwst 2.0.1, we make what that release makes; `versions.py` says what is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance import simulated, versions
from tests.conformance.canonical import assert_gives, differences, in_orders
from tests.conformance.differences import excused
from tests.conformance.interpreter import Reference
from tests.conformance.versions import MINIMAL, OLDER, PRESENT, SIMULATED, expected, text_of

of_each_minimal_pool = pytest.mark.parametrize("pool", MINIMAL)

#: The simulated pools on which the older release itself is run.
RUN = ["wfss_miri-2", "wfss_miri-varied-2", "wfss_niriss-1", "time_series-1", "parallel-1"]

#: Small packaged pools.
PACKAGED = ["pool_021_tso.csv", "pool_019_niriss_wfss.csv", "jw87800_20180412T163456_pool.csv", "pool_duplicate.csv"]


@of_each_minimal_pool
def test_what_each_release_makes_of_a_minimal_pool(pool: str) -> None:
    assert_gives(text_of(pool), expected(pool, PRESENT))
    for shuffled in in_orders(text_of(pool)):
        report = differences(versions.make(shuffled), expected(pool))
        assert not report, report


@of_each_minimal_pool
def test_the_releases_differ(pool: str) -> None:
    assert expected(pool) != expected(pool, PRESENT)


@pytest.mark.parametrize("pool", SIMULATED)
def test_equal(pool: str, record_property: Callable[[str, object], None]) -> None:
    kept = expected(pool)
    report = differences(versions.make(text_of(pool)), excused(pool, "", kept))
    assert not report, report
    record_property(f"compared: simulated pools by the rules of {OLDER}", len(kept))


def test_nothing_is_kept_of_other_pools() -> None:
    runs = {f"{version} {pool}" for version in (OLDER, PRESENT) for pool in MINIMAL}
    assert {*simulated.read(versions.FILE)} == runs | {f"{OLDER} {pool}" for pool in versions.differing()}


@pytest.mark.reference
@pytest.mark.parametrize("pool", [*MINIMAL, *RUN])
def test_the_older_release_makes_what_is_kept(pool: str, older_reference: Reference) -> None:
    report = differences(older_reference.run(text_of(pool)), expected(pool))
    assert not report, report


@pytest.mark.reference
@pytest.mark.parametrize("pool", PACKAGED)
def test_equal_on_packaged_pools(pool: str, older_reference: Reference) -> None:
    text = older_reference.packaged()[pool]
    report = differences(versions.make(text), excused(pool, "", older_reference.run(text)))
    assert not report, report


@pytest.mark.reference
@of_each_minimal_pool
def test_the_present_one_makes_what_is_kept(pool: str, reference: Reference) -> None:
    report = differences(reference.run(text_of(pool)), expected(pool, PRESENT))
    assert not report, report
