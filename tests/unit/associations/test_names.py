"""File names of exposures and products."""

from __future__ import annotations

import pytest

from solver.associations.names import SUFFIXES, exposure_name, with_suffix


@pytest.mark.parametrize(
    ("name", "product"),
    [
        ("jw1_nrs1_uncal.fits", "jw1_nrs1_cal.fits"),
        ("JW1_nrs1_uncal.fits", "JW1_nrs1_cal.fits"),
        ("jw1_nrs1_uncal.fits.gz", "jw1_nrs1_cal.fits"),
        ("jw1_nrs1_RATE.FITS.GZ", "jw1_nrs1_cal.FITS"),
        ("folder/jw1_uncal.fits", "folder/jw1_cal.fits"),
        ("a_uncal_uncal.fits", "a_uncal_cal.fits"),
        ("jw1_rate.fits", "jw1_cal.fits"),
        ("jw1_rateints.fits", "jw1_cal.fits"),
        ("jw1_cal.fits", "jw1_cal.fits"),
        ("jw1_original.fits", "jw1_cal.fits"),
        ("jw1_mine.fits.gz", "jw1_mine.fits.gz"),
        ("_uncal.fits", "_uncal.fits"),
        ("jw1_uncal", "jw1_uncal"),
        ("jw1_uncal.", "jw1_uncal."),
        ("jw1_uncal.gz", "jw1_uncal.gz"),
        ("jw1uncal.fits", "jw1uncal.fits"),
        ("", ""),
    ],
)
def test_the_product_of_an_exposure(name: str, product: str) -> None:
    assert with_suffix(name, "cal") == product


@pytest.mark.parametrize(
    ("name", "exposure"),
    [
        ("jw1_nrs1_uncal.fits", "jw1_nrs1"),
        ("jw1_nrs1_cal.fits", "jw1_nrs1"),
        ("folder/jw1_nrs1_rateints.fits", "jw1_nrs1"),
        ("folder\\jw1_nrs1_x1d.fits", "jw1_nrs1"),
        ("jw1_nrs1.fits", "jw1_nrs1"),
        ("jw1_nrs1_cal", "jw1_nrs1"),
        ("_cal.fits", "_cal"),
        ("cal", "cal"),
        ("", ""),
    ],
)
def test_the_name_of_an_exposure(name: str, exposure: str) -> None:
    assert exposure_name(name) == exposure


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_every_product_leads_back_to_its_exposure(suffix: str) -> None:
    assert exposure_name(with_suffix("jw1_nrs1_uncal.fits", suffix)) == "jw1_nrs1"
