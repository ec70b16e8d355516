"""From header keywords to the columns of a pool, in the layout of the archive's in-flight pools."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from rules.vocabulary import COLUMNS
from solver.errors import UsageError
from solver.headers.assumptions import DERIVED, EMPTY
from solver.headers.cards import Header
from solver.headers.files import parts_of
from solver.pools import Row, is_given

#: Where and when: not in the archive's pools, but used by rules about nearness.
POSITIONS = ("targ_ra", "targ_dec", "expstart")

#: Columns that rules may name and that the archive's pools of flight data do not have.
_OTHERS = ("subpxpns", "subpxnum", "wfsvisit", *POSITIONS)

#: The columns of a pool, in order.
LAYOUT = tuple(column for column in COLUMNS if column not in _OTHERS)

#: Columns without a keyword.
NO_KEYWORD = ("asn_candidate", *DERIVED, *EMPTY)

#: Columns whose keyword has another name.
_RENAMED = {"obs_num": "OBSERVTN"}

#: Columns whose values have no leading zeros in a pool.
_NUMBERS = ("program", "obs_num", "visit", "visitgrp", "seq_id", "exposure")

#: Columns that are true or false.
_LOGICAL = ("is_psf", "is_imprt", "bkgdtarg", "tsovisit")
_TRUTH = {"true": "T", "t": "T", "1": "T", "false": "F", "f": "F", "0": "F"}

#: What headers have by default where the archive's pools have no value.
_DEFAULTS = {"fxd_slit": "NONE", "opmode": "NONE"}

#: What else identifies a target.
PROPOSED = ("prop_ra", "prop_dec")

#: Keywords that say how a file was calibrated: by which software, with which reference files.
CALIBRATED_BY = ("CAL_VER", "CRDS_CTX")

#: Keywords that show whether a file is an exposure, and which one.
_IDENTITY = ("FILENAME", "TELESCOP")

#: An exposure without one of these cannot be grouped: keyword and column.
REQUIRED = {"EXP_TYPE": "exp_type", "INSTRUME": "instrume", "PROGRAM": "program", "OBSERVTN": "obs_num"}

#: The form of a keyword, in any case.
_KEYWORD = re.compile(r"[A-Za-z0-9_-]{1,8}")

#: The form of a program or observation number.
_NUMBER = re.compile(r"[A-Za-z0-9]{1,15}")


def keyword_of(column: str) -> str:
    """The keyword of a column.

    >>> keyword_of("obs_num"), keyword_of("filter")
    ('OBSERVTN', 'FILTER')
    """
    return _RENAMED.get(column, column.upper())


def layout_with(more: Iterable[str]) -> tuple[str, ...]:
    """The columns of a pool, and those of further keywords.

    Raises:
        UsageError: one of these is not a keyword.
    """
    keywords = list(more)
    for each in keywords:
        if not _KEYWORD.fullmatch(each):
            raise UsageError(f"--keyword {each}: a keyword has up to eight letters, digits, hyphens and underscores")
    return tuple(dict.fromkeys([*LAYOUT, *POSITIONS, *map(str.lower, keywords)]))


def keywords_of(layout: tuple[str, ...]) -> frozenset[str]:
    """The keywords to read for these columns."""
    return frozenset({keyword for _, keyword in _told(layout)} | {*_IDENTITY, *CALIBRATED_BY})


@cache
def _told(layout: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The columns that are filled from keywords, each with its keyword."""
    columns = [column for column in (*layout, *PROPOSED) if column not in NO_KEYWORD and column != "filename"]
    return tuple((column, keyword_of(column)) for column in columns)


def row_of(exposure: str, header: Header, layout: tuple[str, ...], used: Counter[tuple[str, str]]) -> Row:
    """The row of an exposure: values from its header, and where these are missing, parts of its name.

    Args:
        exposure: the exposure's name.
        header: its keywords.
        layout: the columns of the pool; those without a keyword are left empty.
        used: counts, by (kind, column), the values not taken as the header has them: of kind "name" or "default".
    """
    parts = parts_of(exposure)
    row: Row = dict.fromkeys(layout, "")
    row["filename"] = f"{exposure}_uncal.fits"
    for column, keyword in _told(layout):
        value = " ".join(header.get(keyword, "").split())
        if keyword in parts and not is_given(value):
            value = parts[keyword]
            used["name", column] += 1
        if column in _DEFAULTS and value.upper() == _DEFAULTS[column]:
            value = ""
            used["default", column] += 1
        row[column] = _as_in_a_pool(column, value) if value else value
    return row


def _as_in_a_pool(column: str, value: str) -> str:
    if column in _NUMBERS and value.isdecimal():
        return value.lstrip("0") or "0"
    if column == "act_id":
        return value.zfill(2)
    return _TRUTH.get(value.lower(), value) if column in _LOGICAL else value


def problem_with(row: Mapping[str, str]) -> str | None:
    """Why an exposure cannot be grouped; None if it can."""
    missing = [keyword for keyword, column in REQUIRED.items() if not is_given(row[column])]
    if missing:
        return f"has no {' and no '.join(missing)}"
    odd = [keyword for keyword in ("PROGRAM", "OBSERVTN") if not _NUMBER.fullmatch(row[REQUIRED[keyword]])]
    return f"has {odd[0]} {row[REQUIRED[odd[0]]]!r}, which is not a number" if odd else None
