"""Orphans: the reason that is told of an exposure. Explanations, which tell more, have tests of their own."""

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
def test_the_reason_is_of_the_rule_that_an_exposure_comes_nearest_to(values: dict[str, str], reason: str) -> None:
    pool = pool_of(row("a", **SPECTRUM, **values))
    assert generate(pool, MISSION.of_level(2)).reasons == {"a_uncal.fits": reason}
