"""Optical paths: which combinations give data."""

from __future__ import annotations

import pytest

from rules import optical_paths
from rules.vocabulary import Predicate
from solver.pools.evaluation import Evaluation
from tests.unit.small import pool_of, row


def holds(predicate: Predicate, **values: str) -> bool:
    return bool(Evaluation(pool_of(row("a", **values))).holds(predicate)[0])


#: grating, filter, and the detectors that see it through a slit on the A side, on the B side, and the IFU
PATHS = [
    ("G140H", "F100LP", "NRS1 NRS2", "NRS2", "NRS1 NRS2"),
    ("G235H", "F170LP", "NRS1 NRS2", "NRS2", "NRS1 NRS2"),
    ("G395H", "F290LP", "NRS1 NRS2", "NRS2", "NRS1 NRS2"),
    ("G140H", "F070LP", "NRS1", "NRS1 NRS2", "NRS1"),
    ("G140M", "F070LP", "NRS1", "NRS1 NRS2", "NRS1"),
    ("G140M", "F100LP", "NRS1", "NRS2", "NRS1"),
    ("G235M", "F170LP", "NRS1", "NRS2", "NRS1"),
    ("G395M", "F290LP", "NRS1", "NRS2", "NRS1"),
    ("PRISM", "CLEAR", "NRS1", "NRS2", "NRS1"),
    ("G140H", "F290LP", "", "", ""),
    ("PRISM", "F100LP", "", "", ""),
    ("G140H", "NULL", "", "", ""),
    ("NULL", "CLEAR", "", "", ""),
]


@pytest.mark.parametrize(("grating", "optical_filter", "a_side", "b_side", "ifu"), PATHS)
def test_the_detectors_that_see_a_nirspec_spectrum(
    grating: str, optical_filter: str, a_side: str, b_side: str, ifu: str
) -> None:
    def seen(predicate: Predicate, **values: str) -> str:
        path = {"grating": grating, "filter": optical_filter} | values
        return " ".join(each for each in ("NRS1", "NRS2") if holds(predicate, detector=each, **path))

    for slit in ("S200A1", "S200A2", "S400A1", "S1600A1"):
        assert seen(optical_paths.FIXED_SLIT_ON_DETECTOR, fxd_slit=slit) == a_side
    assert seen(optical_paths.FIXED_SLIT_ON_DETECTOR, fxd_slit="S200B1") == b_side
    assert seen(optical_paths.FIXED_SLIT_ON_DETECTOR, fxd_slit="NULL") == ""
    assert seen(optical_paths.IFU_ON_DETECTOR, exp_type="NRS_IFU") == ifu
    assert seen(optical_paths.IFU_ON_DETECTOR, exp_type="NRS_AUTOWAVE") == "NRS1 NRS2"


@pytest.mark.parametrize(
    ("pupil", "detector", "subarray", "on"),
    [
        ("MASKBAR", "NRCA1", "FULL", False),
        ("MASKBAR", "NRCA2", "FULL", False),
        ("MASKBAR", "NRCA3", "FULL", False),
        ("MASKBAR", "NRCA4", "FULL", True),
        ("MASKBAR", "NRCALONG", "FULL", True),
        ("MASKRND", "NRCA1", "FULL", False),
        ("MASKRND", "NRCA2", "FULL", True),
        ("MASKRND", "NRCA3", "FULL", False),
        ("MASKRND", "NRCA4", "FULL", False),
        ("MASKRND", "NRCALONG", "FULL", True),
        ("MASKRND", "NRCA1", "SUB640", True),
        ("MASKBAR", "NRCA2", "SUB640", True),
        ("NULL", "NRCA2", "FULL", False),
        ("MASKRND", "NULL", "FULL", False),
        ("MASKRND", "NRCA2", "NULL", False),
    ],
)
def test_the_detectors_that_see_a_coronagraphic_mask(pupil: str, detector: str, subarray: str, *, on: bool) -> None:
    assert holds(optical_paths.MASK_ON_DETECTOR, pupil=pupil, detector=detector, subarray=subarray) == on


@pytest.mark.parametrize(
    ("slit", "value"),
    [
        ("S200A1", "s200a1-s200a2"),
        ("S200A2", "s200a1-s200a2"),
        ("S200B1", "s200b1"),
        ("S400A1", "s400a1"),
        ("NULL", ""),
    ],
)
def test_two_slits_of_one_mode_count_as_one(slit: str, value: str) -> None:
    assert Evaluation(pool_of(row("a", fxd_slit=slit))).values(optical_paths.FIXED_SLIT)[0] == value
