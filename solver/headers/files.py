"""Which files are exposures, judged by name; the products of one exposure belong together.

The names are those of the data management system, `jw01234005001_02101_00001_nrca1_rate.fits`: program, observation
and visit; visit group, parallel sequence and activity; exposure; detector; product. Calibrated products that are no
longer exposures (Level 3, `_i2d`, …) and guide-star files are passed over.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

#: The products of an exposure that associations name; those whose headers are the archive's own come first.
PRODUCTS = ("uncal", "rate", "rateints", "cal", "calints")

_FITS = re.compile(r"\.fits(\.gz)?$", re.IGNORECASE)
_PRODUCT = re.compile(rf"(?P<exposure>.+)_(?P<product>{'|'.join(PRODUCTS)})\.fits(\.gz)?", re.IGNORECASE)
_MISSION = re.compile(r"jw\d{5}", re.IGNORECASE)
_LEVEL3 = re.compile(r"jw\d{5}-[a-z]\d+", re.IGNORECASE)
_GUIDE_STAR = re.compile(r"jw\d{11}_gs-", re.IGNORECASE)
_PARTS = re.compile(
    r"jw(?P<program>\d{5})(?P<observtn>\d{3})(?P<visit>\d{3})"
    r"_(?P<visitgrp>\d{2})(?P<seq_id>\d)(?P<act_id>[0-9a-z]{2})"
    r"_(?P<exposure>\d{5})(-seg\d+)?(_(?P<detector>[a-z0-9]+))?",
    re.IGNORECASE,
)


class Passed(Enum):
    """Why a file of the mission is passed over; the values are for messages."""

    LEVEL3 = "Level 3 product"
    GUIDE_STAR = "guide-star file"
    OTHER = "other product"
    COPY = "further copy"


@dataclass(frozen=True, slots=True, order=True)
class Product:
    """A product of an exposure.

    Attributes:
        exposure: name of the exposure, such as `jw01234005001_02101_00001_nrca1`.
        product: one of `PRODUCTS`.
    """

    exposure: str
    product: str

    @property
    def file_name(self) -> str:
        """The file name that the pipeline gives it."""
        return f"{self.exposure}_{self.product}.fits"


def is_fits(name: str) -> bool:
    """Whether a file is FITS by its name.

    >>> is_fits("a.fits.gz"), is_fits("a.csv")
    (True, False)
    """
    return _FITS.search(name) is not None


def is_text(name: str) -> bool:
    """Whether a name can be encoded as text; file systems allow some that cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def uncompressed(name: str) -> str:
    """A file's name without the ending of its compression.

    >>> uncompressed("a.fits.gz")
    'a.fits'
    """
    return name[:-3] if is_fits(name) and name.lower().endswith(".gz") else name


def classify(name: str) -> Product | Passed | None:
    """What a file is, by its name; None if the name does not say.

    >>> classify("jw01234005001_02101_00001_nrca1_rate.fits.gz")
    Product(exposure='jw01234005001_02101_00001_nrca1', product='rate')
    >>> classify("jw01234-o005_t001_nircam_clear-f090w_i2d.fits")
    <Passed.LEVEL3: 'Level 3 product'>
    """
    if _GUIDE_STAR.match(name):
        return Passed.GUIDE_STAR
    if _LEVEL3.match(name):
        return Passed.LEVEL3
    match = _PRODUCT.fullmatch(name)
    if match is not None:
        return Product(match["exposure"], match["product"].lower())
    return Passed.OTHER if _MISSION.match(name) else None


def parts_of(exposure: str) -> dict[str, str]:
    """The keywords that an exposure's name gives, with values as headers have them; none for any other name.

    >>> parts_of("jw01234005001_02101_00001_nrca1")["DETECTOR"]
    'NRCA1'
    """
    match = _PARTS.match(exposure)
    if match is None:
        return {}
    return {key.upper(): value.upper() for key, value in match.groupdict().items() if value is not None}


def files_below(folder: Path) -> Iterator[Path]:
    """All files in a folder at any depth, in order of name; hidden ones are left out."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(place, name)


def fits_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The given files, whatever their names, and the FITS files below the given folders."""
    for path in paths:
        if path.is_dir():
            yield from (file for file in files_below(path) if is_fits(file.name))
        else:
            yield path
