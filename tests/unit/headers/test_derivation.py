"""Columns that are derived from the keywords of all exposures."""

from __future__ import annotations

import pytest

from solver.default import Mission
from solver.headers import derivation as derive
from solver.pools import Row
from tests.unit.small import cases

#: The places of exposures in a program, and what distinguishes settings, in the order of these texts.
COLUMNS = ("visit", "visitgrp", "seq_id", "act_id", "exp_type", "filter", "patttype", "patt_num", "detector")


def rows_of(*lines: str) -> list[Row]:
    """Exposures of an observation, each in a text such as `1 02 1 01 MIR_IMAGE F560W NONE 1 MIRIMAGE`."""
    further = ("pupil", "grating", "fxd_slit", "band", "channel", "subarray", "numdthpt", "subpxpts", "is_imprt")
    rows = []
    for number, line in enumerate(lines):
        row = dict.fromkeys([*further, "bkgdtarg", "msametfl", "targprop", "targname", "prop_ra", "prop_dec"], "")
        row |= dict(zip(COLUMNS, line.split(), strict=True))
        rows.append(row | {"program": "1", "obs_num": "1", "exposure": "1", "filename": f"{number:05d}_uncal.fits"})
    return rows


PLANS = cases(__file__)["plans"]


@pytest.mark.parametrize(("lines", "specifications", "tiles"), PLANS.values(), ids=PLANS.keys())
def test_specifications_and_tiles(lines: list[str], specifications: str, tiles: str) -> None:
    rows = rows_of(*lines)
    made = derive.fill(reversed(rows), Mission(["nrs_tacq", "nrs_confirm"], ["nrs_confirm"]))
    assert [row["filename"] for row in made] == [row["filename"] for row in derive.in_order(rows)]
    by_name = {row["filename"]: row for row in made}
    assert " ".join(by_name[row["filename"]]["expspcin"] for row in rows) == specifications
    assert " ".join(by_name[row["filename"]]["mostilno"] for row in rows) == tiles
    assert [row["dithptin"] for row in made] == [row["patt_num"] for row in made]
    assert {row["pntgtype"] for row in made if row["exp_type"] == "NRS_TACQ"} <= {"TARGET_ACQUISITION"}
    assert {row["pntgtype"] for row in made if row["exp_type"] != "NRS_TACQ"} == {"SCIENCE"}


def test_what_has_a_value_is_not_derived() -> None:
    (given,) = rows_of("1 2 1 01 MIR_IMAGE F560W NONE 1 MIRIMAGE")
    (made,) = derive.fill([given | {"pntgtype": "x", "mostilno": "5"}], Mission())
    assert (made["pntgtype"], made["mostilno"], made["expspcin"]) == ("x", "5", "1")


#: for each exposure program, TARGPROP, TARGNAME, PROP_RA and PROP_DEC; and the targets
TARGETS = [
    (["1 A x 1 1", "1 B x 1 1", "1 A y 2 2"], "1 2 1"),
    (["1 A - - -", "2 B - - -", "1 C - - -"], "1 1 2"),
    (["1 - x 1 1", "1 - X 2 2", "1 - y 1 1"], "1 1 2"),
    (["1 - - 10.00001 -5", "1 - - 10.00002 -5", "1 - - 10.1 -5"], "1 1 2"),
    (["1 - - 0.0 0.0", "1 - - - -", "1 unknown - - 1"], "- - -"),
    (["1 x - - -", "1 - x - -"], "1 2"),
]


def test_a_number_of_too_many_digits_is_none() -> None:
    long = "9" * 5_000
    (row,) = rows_of(f"1 2 1 01 MIR_IMAGE F560W CYCLING {long} MIRIMAGE")
    (made,) = derive.fill([row], Mission())
    assert made["expspcin"] == "1"
    (known, unknown) = ({"program": "1", "filename": each, "targprop": each, "targname": ""} for each in "ab")
    assert derive.target_ids([known, unknown], {"a": long}) == [long, "1"]


@pytest.mark.parametrize(("exposures", "targets"), TARGETS)
def test_targets(exposures: list[str], targets: str) -> None:
    rows = []
    for line in exposures:
        values = ["" if each == "-" else each for each in line.split()]
        rows.append(dict(zip(("program", "targprop", "targname", "prop_ra", "prop_dec"), values, strict=True)))
    assert " ".join(each or "-" for each in derive.target_ids(rows)) == targets
