"""Exposure types: the role of an exposure."""

from __future__ import annotations

import pytest

from rules import exposure_types
from rules.domains import DOMAIN
from rules.vocabulary import Choice
from solver.pools.evaluation import Evaluation
from tests.unit.small import pool_of, row


def role(choice: Choice, values: dict[str, str]) -> str:
    return Evaluation(pool_of(row("a", **values))).choose(choice)[0]


#: what an exposure is, its role, and its role where a rule treats PSF and background as science
EXPOSURES = [
    ({}, "science", "science"),
    ({"pntgtype": "NULL"}, "science", "science"),
    ({"pntgtype": "TARGET_ACQUISITION"}, "target_acquisition", "target_acquisition"),
    ({"pntgtype": "OTHER"}, "other", "science"),
    ({"pntgtype": "TARGET_ACQUISITION", "is_psf": "T"}, "target_acquisition", "target_acquisition"),
    ({"pntgtype": "TARGET_ACQUISITION", "exp_type": "NRC_DARK"}, "target_acquisition", "target_acquisition"),
    ({"is_psf": "T"}, "psf", "science"),
    ({"is_psf": "F"}, "science", "science"),
    ({"is_psf": "T", "is_imprt": "T", "bkgdtarg": "T"}, "psf", "science"),
    ({"is_imprt": "T"}, "imprint", "science"),
    ({"is_imprt": "T", "bkgdtarg": "T"}, "imprint", "science"),
    ({"bkgdtarg": "T"}, "background", "science"),
    ({"exp_type": "MIR_TACQ"}, "target_acquisition", "target_acquisition"),
    ({"exp_type": "MIR_TACQ", "pntgtype": "NULL"}, "target_acquisition", "target_acquisition"),
    ({"exp_type": "MIR_TACQ", "pntgtype": "OTHER"}, "other", "science"),
    ({"exp_type": "MIR_TACONFIRM"}, "target_acquisition", "target_acquisition"),
    ({"exp_type": "NIS_TACQ"}, "target_acquisition", "target_acquisition"),
    ({"exp_type": "NRC_TACONFIRM"}, "target_acquisition", "target_acquisition"),
    ({"exp_type": "NRS_WATA", "bkgdtarg": "T"}, "target_acquisition", "target_acquisition"),
    ({"exp_type": "NRS_CONFIRM"}, "target_acquisition", "target_acquisition"),
    ({"exp_type": "NRS_MSATA"}, "target_acquisition", "target_acquisition"),
    ({"exp_type": "NRS_VERIFY"}, "science", "science"),
    ({"exp_type": "NRS_DARK", "is_psf": "T"}, "dark", "science"),
    ({"exp_type": "MIR_DARKIMG"}, "dark", "science"),
    ({"exp_type": "MIR_FLATMRS"}, "flat", "science"),
    ({"exp_type": "NIS_LAMP"}, "engineering", "science"),
    ({"exp_type": "NRS_IMAGE"}, "engineering", "science"),
    ({"exp_type": "NRS_AUTOFLAT"}, "autoflat", "science"),
    ({"exp_type": "NRS_AUTOWAVE"}, "autowave", "science"),
    ({"exp_type": "NEW_TYPE"}, "science", "science"),
]


@pytest.mark.parametrize(("values", "usual", "auxiliary"), EXPOSURES, ids=[str(each[0]) for each in EXPOSURES])
def test_the_role_of_an_exposure(values: dict[str, str], usual: str, auxiliary: str) -> None:
    assert role(exposure_types.ROLES, values) == usual
    assert role(exposure_types.AUXILIARY_ROLES, values) == auxiliary


#: what an exposure is, its role at Level 2, there with slitless spectra, and where imprints alone are not science
LEVEL2_EXPOSURES = [
    ({}, "science", "direct_image", "science"),
    ({"exp_type": "MIR_MRS"}, "science", "science", "science"),
    ({"exp_type": "NIS_IMAGE"}, "science", "direct_image", "science"),
    ({"exp_type": "NRC_IMAGE"}, "science", "direct_image", "science"),
    ({"exp_type": "FGS_IMAGE"}, "science", "science", "science"),
    ({"exp_type": "MIR_WFSS", "pntgtype": "NULL"}, "science", "science", "science"),
    ({"is_psf": "T"}, "science", "direct_image", "science"),
    ({"is_psf": "T", "is_imprt": "T", "bkgdtarg": "T"}, "science", "direct_image", "science"),
    ({"is_psf": "T", "bkgdtarg": "T", "exp_type": "NIS_WFSS"}, "science", "science", "science"),
    ({"is_imprt": "T"}, "imprint", "imprint", "imprint"),
    ({"is_imprt": "T", "bkgdtarg": "T"}, "imprint", "imprint", "imprint"),
    ({"bkgdtarg": "T"}, "background", "background", "science"),
    ({"bkgdtarg": "T", "exp_type": "NIS_WFSS"}, "background", "background", "science"),
    ({"exp_type": "MIR_TACQ"}, "target_acquisition", "target_acquisition", "science"),
    ({"exp_type": "MIR_TACONFIRM", "bkgdtarg": "T"}, "target_acquisition", "target_acquisition", "science"),
    ({"exp_type": "NIS_IMAGE", "pntgtype": "OTHER"}, "other", "other", "science"),
    ({"exp_type": "NRS_DARK", "is_imprt": "T"}, "dark", "dark", "imprint"),
    ({"exp_type": "NRS_AUTOFLAT"}, "autoflat", "autoflat", "science"),
]


@pytest.mark.parametrize(
    ("values", "usual", "slitless", "with_imprints"), LEVEL2_EXPOSURES, ids=[str(each[0]) for each in LEVEL2_EXPOSURES]
)
def test_the_role_of_an_exposure_at_level_2(
    values: dict[str, str], usual: str, slitless: str, with_imprints: str
) -> None:
    assert role(exposure_types.LEVEL2_ROLES, values) == usual
    assert role(exposure_types.SLITLESS_ROLES, values) == slitless
    assert role(exposure_types.SCIENCE_AND_IMPRINTS, values) == with_imprints
    assert role(exposure_types.ALL_SCIENCE, values) == "science"


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        ({"exp_type": "MIR_TACQ"}, True),
        ({"exp_type": "MIR_TACQ", "pntgtype": "NULL"}, True),
        ({"exp_type": "MIR_TACQ", "pntgtype": "OTHER"}, False),
        ({"pntgtype": "TARGET_ACQUISITION"}, True),
        ({}, False),
    ],
    ids=str,
)
def test_which_exposures_are_target_acquisitions(values: dict[str, str], *, holds: bool) -> None:
    assert Evaluation(pool_of(row("a", **values))).holds(exposure_types.IS_TARGET_ACQUISITION)[0] == holds


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        ({"exp_type": "MIR_IMAGE"}, False),
        ({"exp_type": "MIR_IMAGE", "tsovisit": "T"}, True),
        ({"exp_type": "MIR_IMAGE", "tsovisit": "F"}, False),
        ({"exp_type": "NRC_TSGRISM"}, True),
        ({"exp_type": "NRS_BRIGHTOBJ", "tsovisit": "F"}, True),
        ({"exp_type": "NRC_TSIMAGE", "pntgtype": "NULL"}, False),
        ({"exp_type": "NRC_TSIMAGE", "pntgtype": "TARGET_ACQUISITION"}, False),
        ({"exp_type": "NRC_TACQ", "tsovisit": "T", "pntgtype": "TARGET_ACQUISITION"}, False),
    ],
    ids=str,
)
def test_which_exposures_are_a_time_series(values: dict[str, str], *, holds: bool) -> None:
    assert Evaluation(pool_of(row("a", **values))).holds(exposure_types.IS_TIME_SERIES)[0] == holds


def test_an_exposure_type_has_one_role() -> None:
    every = [kind for kinds in exposure_types.ROLE_TYPES.values() for kind in kinds]
    assert sorted(set(every)) == sorted(every)


def test_only_acquisitions_are_pointed_for_an_acquisition() -> None:
    pointed = {kind: table for mode in DOMAIN.modes for kind in mode.exp_types if (table := mode.table("pntgtype"))}
    types = {kind for kind, table in pointed.items() if ("target_acquisition",) in table.rows}
    assert types == set(exposure_types.ACQUISITION)
