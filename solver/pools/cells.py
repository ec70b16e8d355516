"""Cells: the texts of values of any kind, and the one form in which texts are compared.

Libraries read the same cell as `"001"`, 1 or 1.0, depending on the rest of its column. Here they become the same text,
so a pool does not depend on the library that read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, time
from decimal import Decimal
from math import isfinite, nan

import numpy as np
from numpy.typing import NDArray

from rules.vocabulary import COLUMNS
from solver.pools.columns import Cells, EncodedColumn, number_texts

#: Values that mean "not given", in lower case. They all become the empty string.
EMPTY = frozenset({"", "null", "--", "n", "f", "false", "n/a", "nan", "nat", "<na>"})

_SAME: Mapping[str, str] = dict.fromkeys(EMPTY, "") | {"true": "t"}

#: Columns of numbers, and their minimum number of digits: libraries that read 001 as a number drop the zeros.
_DIGITS: Mapping[str, int] = {
    "program": 1, "obs_num": 1, "visit": 1, "visitgrp": 1, "seq_id": 1, "act_id": 2, "exposure": 1, "visit_id": 11,
}  # fmt: skip

#: Columns of texts that may look like numbers.
_TEXTS = frozenset({"filename", "asn_candidate", "targprop", "targname"})

#: The most digits that a whole number may have, so that it fits into 64 bits.
_MOST_DIGITS = 18

#: The most digits that Python writes of a whole number.
_MOST_WRITTEN = 4_300

#: A whole number that was read as a floating-point number.
_WHOLE = re.compile(r"-?\d+\.0")

#: Floating-point numbers that may have lost digits: with an exponent, or more than the 15 digits that they keep.
_LOST = re.compile(r"-?\d(\.\d*)?e\+\d+|-?\d{16,}\.0")

#: The same for activities, which have two characters in base 36: 1E5 is read as 100000.0.
_LOST_ACTIVITY = re.compile(rf"{_LOST.pattern}|\d{{3,}}\.0")

#: The types of most cells, whose texts are those of `str`.
_PLAIN = frozenset({str, int, float})


def is_given(value: str) -> bool:
    """Whether a value counts as given."""
    return value.strip().lower() not in EMPTY


def normalise(text: str) -> str:
    """A text as it is compared: lower case, without spaces around it, "" if not given.

    >>> normalise(" MIR_IMAGE "), normalise("True"), normalise("NULL")
    ('mir_image', 't', '')
    """
    value = text.strip().lower()
    return _SAME.get(value, value)


def number_of(value: str) -> float:
    """The finite number that a value represents, else NaN, to which nothing is near.

    >>> number_of("1e3"), number_of("inf"), number_of("x")
    (1000.0, nan, nan)
    """
    with suppress(ValueError):
        number = float(value)
        return number if isfinite(number) else nan
    return nan


def whole_number_of(value: str) -> int | None:
    """The whole number that a value represents, if it has at most 18 digits; otherwise None.

    >>> whole_number_of("12"), whole_number_of("1.5"), whole_number_of("9" * 5_000)
    (12, None, None)
    """
    return int(value) if value.isdecimal() and len(value) <= _MOST_DIGITS else None


def numbers_of(column: EncodedColumn) -> NDArray[np.float64]:
    """The numbers in a column; NaN where it has no number."""
    return np.array(list(map(number_of, column.values)), dtype=np.float64)[column.codes]


def normalise_values(column: str, values: Sequence[str]) -> list[str]:
    """The values of a column as they are compared: `normalise`, and one form for each number.

    >>> normalise_values("obs_num", ["001", "1.0", "F"]), normalise_values("act_id", ["1", "0A"])
    (['1', '1', ''], ['01', '0a'])
    """
    texts = list(map(normalise, values))
    if column in _TEXTS:
        return texts
    texts = [value[:-2] if value.endswith(".0") and _WHOLE.fullmatch(value) else value for value in texts]
    return [without_zeros(column, value) for value in texts] if column in _DIGITS else texts


def without_zeros(column: str, value: str) -> str:
    """A value with as many leading zeros as its column has in a pool, if that is a column of numbers.

    >>> without_zeros("obs_num", "001"), without_zeros("act_id", "1"), without_zeros("filter", "01")
    ('1', '01', '01')
    """
    digits = _DIGITS.get(column)
    return value if digits is None or not value else value.lstrip("0").rjust(digits, "0")


def lost_value(column: str, values: Iterable[str]) -> str | None:
    """A value that lost digits or letters because it was read as a floating-point number; None if there is none.

    >>> lost_value("visit_id", ["01", "1.001001e+16"]), lost_value("act_id", ["1.0", "100000.0"])
    ('1.001001e+16', '100000.0')
    """
    if column not in COLUMNS or column in _TEXTS:
        return None
    lost = _LOST_ACTIVITY if column == "act_id" else _LOST
    doubtful = (value for value in values if value.endswith(".0") or "e+" in value)
    return next((value for value in doubtful if lost.fullmatch(value.strip())), None)


def encode_cells(cells: Iterable[object]) -> Cells:
    """Number the texts of cells in order of first occurrence."""
    return number_texts(str(cell) if type(cell) in _PLAIN else text_of(cell) for cell in cells)


def text_of(cell: object) -> str:  # noqa: PLR0911 (one way out for each kind)
    """The text of a cell of any kind.

    >>> [text_of(cell) for cell in (None, True, 1, 1.5, b"F770W", Decimal("2.00"), date(2026, 1, 2))]
    ['', 'T', '1', '1.5', 'F770W', '2', '2026-01-02']
    """
    match cell:
        case None:
            return ""
        case bool() | np.bool_():
            return "T" if cell else "F"
        case bytes():
            return cell.decode(errors="backslashreplace")
        case date() | time():
            return cell.isoformat()
        case Decimal() if cell.is_finite() and abs(cell.adjusted()) < _MOST_WRITTEN:
            return str(int(cell)) if cell == int(cell) else f"{cell:f}"
        case np.floating() if np.isfinite(cell) and cell == int(cell):
            # beyond the precision of its type not all digits are significant
            exact = abs(int(cell)) <= 2 ** (np.finfo(cell).nmant + 1)
            return f"{int(cell)}.0" if exact else np.format_float_scientific(cell)
    return str(cell)
