"""Cells: the texts of values of any kind, and the one form of each value."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from solver import Pool, PoolError
from solver.pools.cells import EMPTY, is_given, lost_value, normalise, normalise_values, text_of, whole_number_of
from tests.unit.small import row


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("MIR_IMAGE", "mir_image"), ("  F444W\t", "f444w"), ("T", "t"), ("0", "0"), ("none", "none"), ("nan", ""),
        ("F", ""), ("n", ""), ("NULL", ""), ("--", ""), ("N/A", ""), ("False", ""), ("", ""), ("   ", ""),
        ("True", "t"), ("NaT", ""), ("<NA>", ""), ("na", "na"),
    ],
)  # fmt: skip
def test_values_are_compared_in_lower_case_and_some_mean_not_given(text: str, value: str) -> None:
    assert normalise(text) == value
    assert is_given(text) == bool(value)


def test_nothing_else_means_not_given() -> None:
    assert {"", "null", "--", "n", "f", "false", "n/a", "nan", "nat", "<na>"} == EMPTY


@pytest.mark.parametrize(
    ("column", "values", "same"),
    [
        ("program", ["00001", "1", "1.0"], "1"),
        ("program", ["000", "0"], "0"),
        ("program", ["0A1", "a1"], "a1"),
        ("obs_num", ["001", "1", "1.0", " 1 "], "1"),
        ("visit", ["001", "1"], "1"),
        ("visitgrp", ["02", "2", "2.0"], "2"),
        ("seq_id", ["1", "1.0"], "1"),
        ("exposure", ["00010", "10"], "10"),
        ("targetid", ["012", "012 "], "012"),  # Level 2 associations state it as it is
        ("targetid", ["12.0", "12"], "12"),
        ("act_id", ["01", "1", "1.0"], "01"),
        ("act_id", ["0Z", "z"], "0z"),
        ("act_id", ["1E", "1e"], "1e"),
        ("visit_id", ["01001001001", "1001001001", "1001001001.0"], "01001001001"),
        ("obs_num", ["NULL", "", "nan"], ""),
        ("dithptin", ["1", "1.0"], "1"),
        ("dithptin", ["01"], "01"),
        ("gwa_xtil", ["-1.0", "-1"], "-1"),
        ("gwa_xtil", ["0.3239"], "0.3239"),
        ("sdp_ver", ["v1.0"], "v1.0"),
        ("targname", ["2.0"], "2.0"),
        ("filename", ["a.0"], "a.0"),
    ],
)
def test_a_number_has_one_form(column: str, values: list[str], same: str) -> None:
    assert set(normalise_values(column, values)) == {same}


def test_a_whole_number_fits_into_64_bits() -> None:
    assert (whole_number_of("9" * 18), whole_number_of("1" + "0" * 18)) == (10**18 - 1, None)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("a", "a"), (np.str_("a"), "a"), (b"F770W", "F770W"), (np.bytes_(b"F770W"), "F770W"), (b"S\xfcd", "S\\xfcd"),
        (None, ""), (True, "T"), (False, "F"), (np.True_, "T"), (np.False_, "F"),
        (1, "1"), (np.int16(-2), "-2"), (2**70, str(2**70)), (1.0, "1.0"), (1.5, "1.5"), (np.float64(2), "2.0"),
        (np.float32(0.1), "0.1"), (np.float32(2**24), "16777216.0"), (np.float32(1_001_001_001), "1.001001e+09"),
        (float(2**54), "1.8014398509481984e+16"), (np.float64(2**53 + 2), "9.007199254740994e+15"),
        (np.float32("inf"), "inf"), (float("nan"), "nan"), (np.ma.masked, "--"), (np.datetime64("NaT", "s"), "NaT"),
        (Decimal("2.00"), "2"), (Decimal("1E+2"), "100"), (Decimal("0.50"), "0.50"), (Decimal("inf"), "Infinity"),
        (Decimal("nan"), "NaN"), (Decimal("1e4300"), "1E+4300"),
        (Decimal("1e99999999"), "1E+99999999"), (Decimal("1e-99999999"), "1E-99999999"),
        (date(2026, 1, 2), "2026-01-02"), (time(3, 4, 5), "03:04:05"),
        (datetime(2026, 1, 2, 3, tzinfo=UTC), "2026-01-02T03:00:00+00:00"),
        (np.datetime64("2026-01-02T03:04"), "2026-01-02T03:04"),
        ([("o001", "OBSERVATION")], "[('o001', 'OBSERVATION')]"),
    ],
)  # fmt: skip
def test_a_cell_of_any_kind_has_a_text(cell: object, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize(
    ("column", "cell", "text"),
    [
        ("act_id", 100000.0, "100000.0"),  # 1E5
        ("act_id", 1e30, "1e+30"),
        ("program", 1e17, "1e+17"),
        ("visit_id", np.float32(1_001_001_001), "1.001001e+09"),
        ("nints", float(2**53 + 2), "9007199254740994.0"),
    ],
)
def test_lost_digits_and_letters_are_reported_with_the_remedy(column: str, cell: Any, text: str) -> None:
    good = row("a", **{column: "1"})
    with pytest.raises(PoolError) as caught:
        Pool.from_rows([good, {**row("b"), column: cell}])
    assert str(caught.value) == (
        f"in-memory, line 2, column {column.upper()}: {text} was read as a floating-point number, and is not what it "
        "was; read the column as text"
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("act_id", "1e5"), ("act_id", "1.0"), ("act_id", "99.0"), ("visit_id", "1001001001.0"), ("targ_ra", "270.25"),
        ("flux", "1e+17"), ("targname", "1e+17"), ("exp_type", "e+"), ("filter", "v1.0"),
    ],
)  # fmt: skip
def test_nothing_else_is_lost(column: str, value: str) -> None:
    assert lost_value(column, [value]) is None
