"""Orphans: the reason that a result gives for each. What `explain` adds is tested in `tests/unit/explanation`."""

from __future__ import annotations

import pytest

from rules import MISSION
from solver import generate
from tests.unit.small import candidates, pool_of, row

SPECTRUM = {"exp_type": "NIS_WFSS", "instrume": "NIRISS", "filter": "GR150R", "bkgdtarg": "T"}

REASONS = [
    ({}, "Asn_Lv2WFSSParallel: in no candidate of this run whose type is direct_image"),
    ({"asn_candidate": candidates("c1000 direct_image")}, "Asn_Lv2WFSSParallel: not needed for any science exposure"),
]


@pytest.mark.parametrize(("values", "reason"), REASONS)
def test_the_reason_names_the_rule_that_comes_nearest(values: dict[str, str], reason: str) -> None:
    pool = pool_of(row("a", **SPECTRUM, **values))
    assert generate(pool, MISSION.of_level(2)).reasons == {"a_uncal.fits": reason}
