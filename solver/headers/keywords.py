"""From header keywords to the columns of a pool, in the layout of the archive's in-flight pools."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from rules.vocabulary import COLUMNS
from solver.errors import UsageError
from solver.headers.assumptions import DERIVED, EMPTY
from solver.headers.cards import Header
from solver.headers.files import parts_of
from solver.pools import Row, is_given, without_zeros

#: Positions and times: not in the archive's pools, but used by pairwise conditions.
POSITIONS = ("targ_ra", "targ_dec", "expstart")

#: Where an exposure is on the sky, for the report; in a pool only if a header has it.
SKY = ("xoffset", "yoffset", "gs_v3_pa", "s_region")

#: The columns of a pool, in order; rules may name some more, which the archive's pools of flight data do not have.
LAYOUT = tuple(each for each in COLUMNS if each not in ("subpxpns", "subpxnum", "wfsvisit", *POSITIONS))

#: Columns without a keyword.
NO_KEYWORD = ("asn_candidate", *DERIVED, *EMPTY)

#: Columns whose keyword has another name.
_RENAMED = {"obs_num": "OBSERVTN"}

#: Columns that are true or false.
_LOGICAL = ("is_psf", "is_imprt", "bkgdtarg", "tsovisit")
_TRUTH = {"true": "T", "t": "T", "1": "T", "false": "F", "f": "F", "0": "F"}

#: What headers have by default where the archive's pools have no value.
_DEFAULTS = {"fxd_slit": "NONE", "opmode": "NONE"}

#: Keywords that identify targets, too.
PROPOSED = ("prop_ra", "prop_dec")

#: Keywords that show how a file was calibrated: by which software, with which reference files.
CALIBRATED_BY = ("CAL_VER", "CRDS_CTX")

#: Keywords that show whether a file is an exposure, and which one.
IDENTITY = ("FILENAME", "TELESCOP")

#: An exposure without one of these cannot be grouped: keyword and column.
REQUIRED = {"EXP_TYPE": "exp_type", "INSTRUME": "instrume", "PROGRAM": "program", "OBSERVTN": "obs_num"}


def layout_with(more: Iterable[str]) -> dict[str, str]:
    """The columns to fill, those of further keywords among them, each with its keyword; "" for a column without.

    Raises:
        UsageError: one of these is not a keyword.

    >>> layout_with(["READPATT"])["obs_num"], layout_with([])["asn_candidate"]
    ('OBSERVTN', '')
    """
    keywords = list(more)
    for each in keywords:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,8}", each):
            raise UsageError(f"--keyword {each}: a keyword has up to eight letters, digits, hyphens and underscores")
    columns = [*LAYOUT, *POSITIONS, *map(str.lower, keywords), *PROPOSED, *SKY]
    without = {"filename", *NO_KEYWORD}
    return {column: "" if column in without else _RENAMED.get(column, column.upper()) for column in columns}


def row_of(exposure: str, header: Header, layout: Mapping[str, str], used: Counter[tuple[str, str]]) -> Row:
    """The row of an exposure: values from its header, and where these are missing, parts of its name.

    Args:
        exposure: the exposure's name.
        header: its keywords.
        layout: the columns to fill, each with its keyword.
        used: counts, by (kind, column), the values not taken as the header has them: of kind "name" or "default".
    """
    parts = parts_of(exposure)
    row: Row = {}
    for column, keyword in layout.items():
        value = " ".join(header.get(keyword, "").split()) if keyword else ""  # a table may have a column without a name
        if keyword in parts and not is_given(value):
            value = parts[keyword]
            used["name", column] += 1
        if column in _DEFAULTS and value.upper() == _DEFAULTS[column]:
            value = ""
            used["default", column] += 1
        row[column] = _TRUTH.get(value.lower(), value) if column in _LOGICAL else without_zeros(column, value)
    return row | {"filename": f"{exposure}_uncal.fits"}


def problem_with(row: Mapping[str, str]) -> str | None:
    """Why an exposure cannot be grouped; None if it can."""
    if missing := [keyword for keyword, column in REQUIRED.items() if not is_given(row[column])]:
        return f"has no {' and no '.join(missing)}"
    odd = [each for each in ("PROGRAM", "OBSERVTN") if not re.fullmatch("[A-Za-z0-9]{1,15}", row[REQUIRED[each]])]
    return f"has {odd[0]} {row[REQUIRED[odd[0]]]!r}, which is not a number" if odd else None
