"""Delimited text: the quick reader and the one that knows every case give the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.errors import PoolError
from solver.pools import delimited
from solver.pools.delimited import Delimited, parse

#: texts that the quick reader takes, and texts that it leaves to the other
PLAIN = {
    "two rows": "A|B\n1|2\n3|4\n",
    "no line end at the end": "A|B\n1|2\n3|4",
    "spaces": " A | B \n 1 | 2 \n",
    "cells that are not given": "A|B\n|\n1|\n|2\n",
    "words that other readers take for missing values": "A|B\nNaN|NA\nnull|None\n",
    "numbers stay as they are written": "A|B\n00001|1e5\n1.0|0x1\n",
    "a mark of UTF-8": "\ufeffA|B\n1|2\n",
    "letters of all kinds": "Ä|名\nπ|é\n",
    "apostrophes": "A|B\n[('o001', 'OBSERVATION')]|it's\n",
    "the mark of a comment inside": "A|B\n1|#2\nc#|3\n",
}  # fmt: skip
OTHER = {
    "quoted cells": 'A|B\n"1|1"|2\n',
    "a quote inside": 'A|B\n1"|2\n',
    "line ends of other systems": "A|B\r\n1|2\r\n",
    "empty lines": "A|B\n\n1|2\n\n",
    "an empty line first": "\nA|B\n1|2\n",
    "comments": "# what this is\nA|B\n# more\n1|2\n",
    "comments after spaces": "A|B\n  # more\n1|2\n",
    "a comment with cells": "A|B\n #1|2\n3|4\n",
    "lines of spaces": "A|B\n  \n1|2\n",
    "a row too short": "A|B|C\n1|2|3\n1|2\n",
    "a row too long": "A|B\n1|2\n1|2|3\n",
    "one column": "A\n1\n2\n",
    "a header alone": "A|B\n",
    "a header alone without a line end": "A|B",
    "nothing": "",
    "a NUL": "A|B\n1|\0\n",
}  # fmt: skip


def rows(text: Delimited) -> tuple[list[str], list[int], list[tuple[str, ...]]]:
    """What was read, cell by cell."""
    columns = [[column.values[code] for code in column.codes.tolist()] for column in text.columns]
    return list(text.header), list(text.lines), list(zip(*columns, strict=True))


def either(content: bytes, delimiter: str) -> object:
    """What is read, or what is said."""
    try:
        return rows(parse(content, delimiter, "a.csv"))
    except PoolError as error:
        return str(error)


def quick_and_other(content: bytes, delimiter: str = "|") -> tuple[object, object]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "LARGE", 0)
        quick = either(content, delimiter)
        patch.setattr(delimited, "LARGE", len(content) + 1)
        return quick, either(content, delimiter)


@pytest.mark.parametrize("case", [*PLAIN, *OTHER])
def test_both_readers_give_the_same(case: str) -> None:
    quick, other = quick_and_other({**PLAIN, **OTHER}[case].encode())
    assert quick == other


@pytest.mark.parametrize("case", PLAIN)
def test_plain_text_is_read_by_the_quick_one(case: str) -> None:
    assert delimited._parse_plain(PLAIN[case].encode(), "|") is not None  # noqa: SLF001 (which of the two it is)


@pytest.mark.parametrize("case", OTHER)
def test_what_is_not_plain_is_left_to_the_other(case: str) -> None:
    assert delimited._parse_plain(OTHER[case].encode(), "|") is None  # noqa: SLF001 (which of the two it is)


@pytest.mark.parametrize("content", [b"A|B\n\xff|2\n", b"A|\xff\n1|2\n"])
def test_both_say_the_same_of_bytes_that_are_no_text(content: bytes) -> None:
    quick, other = quick_and_other(content)
    assert quick == other
    assert "is no UTF-8 text" in str(quick)


@given(
    st.lists(st.lists(st.text(st.sampled_from("ab#| \"'\r\n\0é"), max_size=3), min_size=1, max_size=3), max_size=4),
    st.sampled_from("|,;\t"),
)
def test_both_readers_agree_on_any_text(cells: list[list[str]], delimiter: str) -> None:
    """Whatever the text is, the quick reader gives what the other one gives, or says what it says."""
    content = "\n".join(delimiter.join(row) for row in cells).encode()
    quick, other = quick_and_other(content, delimiter)
    assert quick == other
