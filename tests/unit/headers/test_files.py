"""What files are, by their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from solver.associations.names import uncompressed
from solver.headers.files import Product, classify, fits_files, parts_of

EXPOSURE = "jw01234005001_02101_00001_nrca1"

#: name, and what it is
NAMES = [
    *((f"{EXPOSURE}_{each}.fits", Product(EXPOSURE, each)) for each in ("uncal", "rate", "rateints", "cal", "calints")),
    (f"{EXPOSURE}_rate.fits.gz", Product(EXPOSURE, "rate")),
    (f"{EXPOSURE}_RATE.FITS", Product(EXPOSURE, "rate")),
    ("jw01366003001_04101_00001-seg002_nrs1_uncal.fits", Product("jw01366003001_04101_00001-seg002_nrs1", "uncal")),
    ("mine_cal.fits", Product("mine", "cal")),
    (f"{EXPOSURE}_i2d.fits", "other product"),
    *((f"{EXPOSURE}{each}_crf.fits", Product(EXPOSURE, "crf")) for each in ("", "_o005", "_c1001", "_a3001")),
    (f"{EXPOSURE}_1f_Cor.fits.gz", Product(EXPOSURE, "1f_cor")),
    (f"{EXPOSURE}_destreak.jpg", "other product"),
    (f"{EXPOSURE}_uncal.jpg", "other product"),
    ("jw01234005001_01_msa.fits", "other product"),
    ("jw01234-o005_t001_nircam_clear-f090w_i2d.fits", "Level 3 product"),
    ("jw01234-o005_s00001_nirspec_f170lp-g235m_cal.fits", "Level 3 product"),
    ("jw01234005001_gs-fg_2022117003102_cal.fits", "guide-star file"),
    ("exp_1.fits", None),
    ("_uncal.fits", None),
    ("uncal.fits", None),
]


@pytest.mark.parametrize(("name", "what"), NAMES, ids=[name for name, _ in NAMES])
def test_what_a_name_says(name: str, what: Product | str | None) -> None:
    assert classify(name) == what


#: name of an exposure, and its parts
PARTS = [
    (EXPOSURE, "PROGRAM=01234 OBSERVTN=005 VISIT=001 VISITGRP=02 SEQ_ID=1 ACT_ID=01 EXPOSURE=00001 DETECTOR=NRCA1"),
    (
        "jw01366003001_0410a_00012-seg002_nrs1",
        "PROGRAM=01366 OBSERVTN=003 VISIT=001 VISITGRP=04 SEQ_ID=1 ACT_ID=0A EXPOSURE=00012 DETECTOR=NRS1",
    ),
    ("jw01234005001_02101_00001", "PROGRAM=01234 OBSERVTN=005 VISIT=001 VISITGRP=02 SEQ_ID=1 ACT_ID=01 EXPOSURE=00001"),
    ("mine", ""),
    ("jw1234", ""),
]


@pytest.mark.parametrize(("exposure", "parts"), PARTS)
def test_parts_of_a_name(exposure: str, parts: str) -> None:
    assert " ".join(f"{key}={value}" for key, value in parts_of(exposure).items()) == parts


def test_a_product_is_named_as_the_pipeline_does() -> None:
    assert classify(f"{EXPOSURE}_rate.fits.gz") == Product(EXPOSURE, "rate")
    assert uncompressed(f"{EXPOSURE}_rate.fits.gz") == f"{EXPOSURE}_rate.fits"


def test_folders_are_searched_with_all_in_them(tmp_path: Path) -> None:
    for name in ("b/z.fits", "b/c/y.fits.gz", "a.FITS", ".hidden.fits", ".hidden/x.fits", "notes.txt", "b/t.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.touch()
    found = [path.relative_to(tmp_path).as_posix() for path in fits_files([tmp_path, tmp_path / "notes.txt"])]
    assert found == ["a.FITS", "b/z.fits", "b/c/y.fits.gz", "notes.txt"]
