"""Simulated pools as FITS files: their primary headers as in flight.

A header has what the mission's keyword dictionary lists: columns that no keyword tells are left out, values that are
not given are left out, too, or are the dictionary's default, and numbers and logical values are such.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from astropy.io import fits

from benchmarks.simulator import COLUMNS, POSITION_COLUMNS, simulate, with_positions

Row = Mapping[str, str]

#: Columns that no keyword tells.
UNTOLD = frozenset({
    "asn_candidate", "ditherid", "dithptin", "dms_note", "exposerr", "expspcin", "mostilno", "mtshadow", "pntg_seq",
    "pntgtype", "subpixel", "targetid", "targordn",
})  # fmt: skip

#: Numbers that are texts with leading zeros, and how long they are.
WIDTHS = {"program": 5, "obs_num": 3, "visit": 3, "visitgrp": 2}

LOGICAL = frozenset({"is_psf", "is_imprt", "bkgdtarg", "tsovisit"})
INTEGERS = frozenset({"expcount", "nexposur", "nints", "ngroups", "numdthpt", "patt_num", "subpxpts", "exsegtot"})
FLOATS = frozenset({"targ_ra", "targ_dec", "expstart", "gwa_xtil", "gwa_ytil"})

#: By instrument, what headers have where the pool has no value.
DEFAULTS: Mapping[str, Mapping[str, object]] = {
    "FGS": {"filter": "N/A"},
    "MIRI": {"patttype": "NONE", "band": "N/A", "channel": "N/A"},
    "NIRCAM": {"patttype": "NONE", "is_psf": False},
    "NIRISS": {"patttype": "NONE", "is_psf": False},
    "NIRSPEC": {"patttype": "NONE", "fxd_slit": "NONE", "opmode": "NONE", "msametfl": "N/A", "is_imprt": False},
}

#: Exposure types for which there are no dithers, and so no default for their keywords.
UNDITHERED = frozenset({"NIS_SOSS"})


def rows_of(mode: str, seed: int = 1) -> list[dict[str, str]]:
    """The rows of a simulated pool of one mode, with positions."""
    rows = with_positions(simulate(seed, modes=[mode]))
    return [dict(zip((*COLUMNS, *POSITION_COLUMNS), row, strict=True)) for row in rows]


def header_of(row: Row, product: str = "uncal") -> fits.Header:
    """The primary header of a product of an exposure."""
    header = fits.Header([("SIMPLE", True), ("BITPIX", 8), ("NAXIS", 0), ("EXTEND", True), ("TELESCOP", "JWST")])
    header["COMMENT"] = "EXP_TYPE= 'NRC_IMAGE' is no value: it stands in a comment"
    for column in [each for each in row if each not in UNTOLD]:
        value = _value(column, row)
        if value is not None:
            header["OBSERVTN" if column == "obs_num" else column.upper()] = (value, "as in flight")
    header["FILENAME"] = name_of(row, product)
    return header


def _value(column: str, row: Row) -> object:
    text = row[column]
    if text == "NULL":
        undithered = column == "patttype" and row["exp_type"] in UNDITHERED
        return None if undithered else DEFAULTS[row["instrume"]].get(column)
    if column in LOGICAL:
        return text == "T"
    if column in INTEGERS:
        return int(text)
    if column in FLOATS:
        return float(text)
    return text.zfill(WIDTHS.get(column, 0))


def name_of(row: Row, product: str) -> str:
    """The file name of a product."""
    return row["filename"].replace("_uncal.", f"_{product}.")


def write(folder: Path, rows: Iterable[Row], products: Sequence[str] = ("uncal",)) -> list[Path]:
    """Write the products of exposures, as primary headers without data."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for row in rows:
        for product in products:
            path = folder / name_of(row, product)
            path.write_bytes(header_of(row, product).tostring().encode("ascii"))
            paths.append(path)
    return paths


def main(folder: str) -> None:
    """Write what `make demo-files` shows: MIRI spectra of a target and of a background, as downloaded from the archive.

    Each exposure has a folder, as `astroquery` leaves them, and there is one product of Level 3.
    """
    place = Path(folder) / "JWST"
    for row in rows_of("mrs"):
        write(place / name_of(row, "rate").removesuffix("_rate.fits"), [row], ("rate",))
    level3 = place / "jw01001-o001_t001_miri"
    level3.mkdir(exist_ok=True)
    (level3 / "jw01001-o001_t001_miri_ch1-short_s3d.fits").write_bytes(b"")


if __name__ == "__main__":
    main(*sys.argv[1:])
