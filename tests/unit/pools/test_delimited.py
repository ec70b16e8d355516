"""Delimited text: the fast reader and the general one give the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.errors import PoolError
from solver.pools import delimited
from solver.pools.columns import Columns
from solver.pools.delimited import parse
from tests.unit.small import cases

PLAIN, OTHER = cases(__file__).values()


def rows(text: Columns) -> tuple[list[str], list[int], list[tuple[str, ...]]]:
    """What was read, cell by cell."""
    columns = [[column.values[code] for code in column.codes.tolist()] for column in text.cells]
    return list(text.header), list(text.lines), list(zip(*columns, strict=True))


def either(content: bytes, delimiter: str) -> object:
    """The content that is read, or the message of the error."""
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
def test_the_fast_reader_takes_plain_text(case: str) -> None:
    assert delimited.parse_plain(PLAIN[case].encode(), "|") is not None


@pytest.mark.parametrize("case", OTHER)
def test_the_general_reader_takes_everything_else(case: str) -> None:
    assert delimited.parse_plain(OTHER[case].encode(), "|") is None


def test_a_header_has_at_most_5000_columns() -> None:
    header = "|".join(f"c{number}" for number in range(5_000))
    assert len(parse(f"{header}\n{header}".encode(), "|", "a.csv").header) == 5_000
    message = "a.csv, line 1: the header has 5,001 columns, and a pool has no more than 5,000; is a line end missing?"
    assert either(f"{header}|more\n".encode(), "|") == message


def test_any_letter_separates_cells() -> None:
    assert rows(parse(b"AXB\n1X2", "X", "a.csv")) == (["a", "b"], [2], [("1", "2")])


@pytest.mark.parametrize("content", [b"A|B\n\xff|2\n", b"A|\xff\n1|2\n"])
def test_both_readers_refuse_bytes_that_are_not_text_with_one_message(content: bytes) -> None:
    quick, other = quick_and_other(content)
    assert quick == other
    assert "is not UTF-8 text" in str(quick)


@given(
    st.lists(st.lists(st.text(st.sampled_from("ab#| \"'\r\n\0é"), max_size=3), min_size=1, max_size=3), max_size=4),
    st.sampled_from("|,;\t"),
)
def test_both_readers_agree_on_any_text(cells: list[list[str]], delimiter: str) -> None:
    """For any text, the fast reader gives the same content, or the same error, as the general one."""
    content = "\n".join(delimiter.join(row) for row in cells).encode()
    quick, other = quick_and_other(content, delimiter)
    assert quick == other
