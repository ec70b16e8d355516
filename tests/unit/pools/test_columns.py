"""Dictionary-encoded columns."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from solver.pools.columns import (
    constant_column,
    encode,
    encode_by_code,
    lookup,
    matching,
    merge_columns,
    natural,
    number_rows,
    sorted_naturally,
)


@pytest.mark.parametrize(
    "ordered",
    [["", "1", "2", "10", "11", "100"], ["02", "9", "0a", "10"], ["9", "a", "z", "10"], ["001", "01", "1", "2"]],
)
def test_natural_order(ordered: list[str]) -> None:
    for shuffled in itertools.permutations(ordered):
        assert sorted(shuffled, key=natural) == sorted_naturally(shuffled) == ordered


def test_code_0_is_not_given_and_values_are_in_natural_order() -> None:
    column = encode(["10", "", "9", "10"])
    assert column.values == ("", "9", "10")
    assert column.codes.tolist() == [2, 0, 1, 2]
    assert [column[i] for i in range(len(column))] == ["10", "", "9", "10"]
    assert encode([]).values == ("",)


def test_codes_do_not_depend_on_the_order_of_rows() -> None:
    for rows in itertools.permutations(["b", "a", "", "c"]):
        assert encode(rows).values == ("", "a", "b", "c")


def test_values_that_become_equal_share_a_code() -> None:
    column = encode_by_code(np.array([0, 1, 2, 1], dtype=np.int32), ["x", "y", "x"])
    assert column.values == ("", "x", "y")
    assert column.codes.tolist() == [1, 2, 1, 2]


def test_what_columns_answer() -> None:
    column = encode(["b", "", "a"])
    assert column.given().tolist() == [True, False, True]
    assert column.take(np.array([2, 2, 1])).codes.tolist() == [1, 1, 0]
    assert column.where(lambda value: value in ("", "b")).tolist() == [True, False, False]
    assert list(column.recode({"a": "", "b": "z"}.__getitem__)) == ["z", "", ""]


def test_a_condition_is_asked_once_for_each_distinct_value() -> None:
    asked: list[str] = []
    encode(["b", "a", "b", "", "b"]).where(lambda value: bool(asked.append(value)))  # type: ignore[func-returns-value]
    assert asked == ["a", "b"]


def test_constant_columns() -> None:
    assert [constant_column("x", 2)[i] for i in range(2)] == ["x", "x"]
    assert constant_column("x", 2).values == ("", "x")
    assert constant_column("", 2).codes.tolist() == [0, 0]
    assert len(constant_column("x", 0)) == 0


def test_merge_takes_the_first_column_where_the_mask_is_true() -> None:
    first, second = encode(["b", "", "a"]), encode(["c", "c", "a"])
    merged = merge_columns(first, second, np.array([True, True, False]))
    assert [merged[i] for i in range(3)] == ["b", "", "a"]
    assert merged.values == ("", "a", "b", "c")


def test_rows_are_numbered_in_lexicographic_order() -> None:
    numbers, count = number_rows([np.array([1, 0, 1, 0]), np.array([5, 9, 0, 9])], 4)
    assert (numbers.tolist(), count) == ([2, 0, 1, 0], 3)
    assert number_rows([], 3)[0].tolist() == [0, 0, 0]
    numbers, count = number_rows([np.array([], dtype=np.int64)], 0)
    assert (numbers.tolist(), count) == ([], 0)


def test_many_wide_columns_are_numbered_without_overflow() -> None:
    wide = np.array([2**31 - 2, 0], dtype=np.int64)
    assert number_rows([wide] * 9, 2)[0].tolist() == [1, 0]
    first, others = np.array([4, 0, 2**31 - 1]), np.array([0, 0, 2**31 - 1])
    assert number_rows([first, others, others], 3)[0].tolist() == [1, 0, 2]  # 4 * 2**31 * 2**31 is 0 in 64 bits


def test_lookup_is_the_place_of_a_value() -> None:
    assert lookup(("", "a", "b")) == {"": 0, "a": 1, "b": 2}


def test_what_matches_is_in_order_however_much_there_is() -> None:
    left, right = np.arange(3) % 2, np.arange(400) % 3 % 2
    owner, found = matching([left], [right], check=len)
    pairs = list(zip(owner.tolist(), found.tolist(), strict=True))
    assert pairs == [(i, j) for i in range(3) for j in range(400) if left[i] == right[j]]
