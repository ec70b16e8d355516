"""What is missing or odd in a pool."""

from __future__ import annotations

import pytest

from rules import MISSION
from solver.reports import oddities
from tests.unit.small import Row, pool_of, row

WHOLE = {"visit": "1", "visitgrp": "02", "seq_id": "1", "act_id": "01", "exposure": "1", "detector": "MIRIMAGE"}
LOST = "a_uncal.fits: lost, b_uncal.fits: lost"


@pytest.mark.parametrize(
    ("rows", "sentences"),
    [
        ([row("a", **WHOLE)], []),
        (
            [row(name, **WHOLE | {"obs_num": "", "detector": "NULL"}) for name in "ab"],
            [
                "no OBS_NUM in 2 exposures",
                "no DETECTOR in 2 exposures",
                "no Level 2 rule takes 2 exposures: MIR_IMAGE (2)",
            ],
        ),
        (
            [row(name, **WHOLE | {"targetid": ""}) for name in "ab"],
            ["no TARGETID in 2 exposures", "no Level 3 rule takes 2 exposures: MIR_IMAGE (2)"],
        ),
        ([row("a", **WHOLE | {"filter": ""})], []),
        (
            [row(name, **WHOLE | {"asn_candidate": ""}) for name in "ab"],
            [
                "no candidate in 2 exposures: grouped by discovery only",
                "no Level 2 rule takes 2 exposures: MIR_IMAGE (2)",
            ],
        ),
        (
            [row(name, **WHOLE | {"exposerr": "lost"}) for name in "ab"],
            [f"an error is noted in 2 exposures (EXPOSERR); use --exclude to leave exposures out: {LOST}"],
        ),
        (
            [row(name, **WHOLE | {"exp_type": kind}) for name, kind in (("a", "NRC_LED"), ("b", "X"), ("c", "X"))],
            ["no rule takes 3 exposures: X (2), NRC_LED (1)"],
        ),
        ([row(name, **WHOLE | {"exp_type": "MIR_TACQ"}) for name in "ab"], []),
    ],
)
def test_oddities(rows: list[Row], sentences: list[str]) -> None:
    assert list(oddities(pool_of(*rows), MISSION)) == sentences


def test_exposures_of_which_the_reason_is_known_are_not_counted_again() -> None:
    pool = pool_of(*(row(name, **WHOLE | {"targetid": ""}) for name in "ab"))
    assert list(oddities(pool, MISSION, {"a_uncal.fits"}))[1:] == [
        "no Level 3 rule takes 1 exposure: MIR_IMAGE (1 of 2)"
    ]
    assert list(oddities(pool, MISSION, pool.file_names)) == ["no TARGETID in 2 exposures"]


def test_missing_columns_are_named() -> None:
    pool = pool_of({key: value for key, value in row("a", **WHOLE).items() if key not in {"visit", "filter"}})
    assert list(oddities(pool, MISSION)) == ["no column VISIT", "no column FILTER"]


def test_of_many_exposure_types_the_most_frequent_are_named() -> None:
    kinds = [f"T{number:02d}" for number in range(15) for _ in range(number + 1)]
    pool = pool_of(*(row(f"a{i}", **WHOLE | {"exp_type": kind}) for i, kind in enumerate(kinds)))
    listed = ", ".join(f"T{number:02d} ({number + 1})" for number in range(14, 2, -1))
    assert list(oddities(pool, MISSION)) == [f"no rule takes 120 exposures: {listed}, … 3 more"]


def test_a_single_exposure_is_told_in_the_singular() -> None:
    pool = pool_of(row("a", **WHOLE), row("b", **WHOLE | {"obs_num": ""}))
    assert list(oddities(pool, MISSION)) == ["no OBS_NUM in 1 exposure"]
