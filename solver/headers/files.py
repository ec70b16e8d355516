"""File names: which files are products of exposures, and of which exposure.

The names are those of the data management system, `jw01234005001_02101_00001_nrca1_rate.fits`: program, observation
and visit; visit group, parallel sequence and activity; exposure; detector; product. Calibrated products that are no
longer exposures (Level 3, `_i2d`, …) and guide-star files are passed over; so are files with suffixes of other kinds,
as re-processing leaves them (`_crf`, `_destreak`), unless they are asked for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from solver.errors import UsageError, require_path

#: The products of an exposure that associations name; those whose headers are the archive's own come first.
PRODUCTS = ("uncal", "rate", "rateints", "cal", "calints")

#: Further products of the pipeline, which are never members.
_OTHERS = frozenset({
    "c1d", "dark", "fitopt", "i2d", "jump", "phot", "psfalign", "psfstack", "psfsub", "ramp", "s2d", "s3d",
    "trapsfilled", "x1d", "x1dints",
})  # fmt: skip

#: How guide-star files are called, which are always passed over.
GUIDE_STAR = "guide-star file"


_PRODUCT = re.compile(rf"(?P<name>.+)_(?P<product>{'|'.join(PRODUCTS)})\.fits(\.gz)?", re.IGNORECASE)

_PARTS = (
    r"jw(?P<program>\d{5})(?P<observtn>\d{3})(?P<visit>\d{3})"
    r"_(?P<visitgrp>\d{2})(?P<seq_id>\d)(?P<act_id>[0-9a-z]{2})"
    r"_(?P<exposure>\d{5})(-seg\d+)?(_(?P<detector>[a-z0-9]+))?"
)
#: The name of an exposure, the id of an association, which outlier detection adds, and a suffix.
_REPROCESSED = re.compile(rf"(?P<name>(?>{_PARTS}))(_[oca]\d{{3,4}})?_(?P<product>.+)\.fits(\.gz)?", re.IGNORECASE)


class Product(NamedTuple):
    """A product of an exposure.

    Attributes:
        exposure: name of the exposure, such as `jw01234005001_02101_00001_nrca1`.
        product: one of `PRODUCTS`, or another suffix.
    """

    exposure: str
    product: str


def is_fits(name: str) -> bool:
    """Whether a file is FITS by its name.

    >>> is_fits("a.fits.gz"), is_fits("a.csv")
    (True, False)
    """
    return name.lower().endswith((".fits", ".fits.gz"))


def is_text(name: str) -> bool:
    """Whether a name can be encoded as text; file systems allow some that cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def classify(name: str) -> Product | str | None:
    """What a file is, by its name: a product, words for a file that is never a member, or None for an unknown name.

    >>> classify("jw01234005001_02101_00001_nrca1_rate.fits.gz")
    Product(exposure='jw01234005001_02101_00001_nrca1', product='rate')
    >>> classify("jw01234-o005_t001_nircam_clear-f090w_i2d.fits")
    'Level 3 product'
    >>> classify("jw01234005001_02101_00001_nrca1_o005_crf.fits")
    Product(exposure='jw01234005001_02101_00001_nrca1', product='crf')
    """
    if re.match(r"jw\d{11}_gs-", name, re.IGNORECASE):
        return GUIDE_STAR
    if re.match(r"jw\d{5}-[a-z]\d+", name, re.IGNORECASE):
        return "Level 3 product"
    match = _PRODUCT.fullmatch(name) or _REPROCESSED.fullmatch(name)
    if match is not None and match["product"].lower() not in _OTHERS:
        return Product(match["name"], match["product"].lower())
    return "other product" if re.match(r"jw\d{5}", name, re.IGNORECASE) else None


def parts_of(exposure: str) -> dict[str, str]:
    """The keywords that an exposure's name gives, with values as headers have them; none for any other name.

    >>> parts_of("jw01234005001_02101_00001_nrca1")["DETECTOR"]
    'NRCA1'
    """
    parts = match.groupdict() if (match := re.match(_PARTS, exposure, re.IGNORECASE)) else {}
    return {key.upper(): value.upper() for key, value in parts.items() if value is not None}


def files_below(folder: Path, unlisted: Callable[[OSError], object] | None = None) -> Iterator[Path]:
    """All files in a folder at any depth, in order of name; hidden ones are left out.

    Args:
        folder: the folder.
        unlisted: called for each folder that cannot be listed, with the reason.
    """
    for place, folders, names in os.walk(folder, onerror=unlisted):
        folders[:] = sorted(name for name in folders if name[0] != ".")
        yield from (Path(place, name) for name in sorted(names) if name[0] != ".")


def fits_files(paths: Iterable[Path], unlisted: Callable[[OSError], object] | None = None) -> Iterator[Path]:
    """The given files, whatever their names, and the FITS files below the given folders; see `files_below`.

    Raises:
        UsageError: a file or folder cannot be read.
    """
    for path in paths:
        require_path(path, UsageError)
        below = files_below(path, unlisted) if path.is_dir() else [path]
        yield from (file for file in below if file == path or is_fits(file.name))


def files_in(folder: Path) -> Iterator[Path]:
    """The files directly in a folder, in order of name; none if it does not exist."""
    if folder.is_dir():
        yield from (path for path in sorted(folder.iterdir()) if path.is_file())


def files_beside(places: Iterable[Path]) -> Iterator[Iterator[Path]]:
    """For each folder the files in it at any depth, and for each folder of files those directly in it.

    Cost: lists each folder once, however many of its files are named.
    """
    for folder, deep in dict.fromkeys((each, True) if each.is_dir() else (each.parent, False) for each in places):
        yield files_below(folder) if deep else files_in(folder)
