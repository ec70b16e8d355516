"""Dictionary-encoded columns: integer codes and the distinct values they index.

Everything that depends on a value is done once per distinct value and gathered through the codes,
so the cost per exposure is that of an array look-up.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]

Numbers = NDArray[np.int64]

#: The columns of a table of numbers, such as codes.
NumberTable = Sequence[NDArray[np.integer]]

#: Numbers of rows stay below this, so that they are exact.
_WIDEST = 2**62

#: With more possible numbers than this for each row, numbers are sorted; otherwise they are looked up.
_DENSE = 8

#: Column to value, as texts.
Row = dict[str, str]


class Cells(NamedTuple):
    """The cells of a column.

    Attributes:
        codes: for each row the index of its text.
        values: the distinct texts, unchanged.
    """

    codes: Codes
    values: Sequence[str]


class Columns(NamedTuple):
    """The columns of a table, as it was read.

    Attributes:
        header: the names of the columns, in lower case.
        cells: the cells of each.
        lines: for each row its line in the file, or its number.
    """

    header: Sequence[str]
    cells: Sequence[Cells]
    lines: Sequence[int]


def natural(value: str) -> tuple[int, str, str]:
    """Sort key that puts 2 before 10 and 0A (base 36) before 10.

    >>> sorted(["10", "9", "02", "0a"], key=natural)
    ['02', '9', '0a', '10']
    """
    stripped = value.lstrip("0")
    return len(stripped), stripped, value


def sorted_naturally(values: Iterable[str]) -> list[str]:
    """Values in `natural` order. Unless a value begins with 0, two sorts without keys give it, much faster."""
    ordered = sorted(values)
    begins_with_zero = bisect_left(ordered, "0") < bisect_left(ordered, "1")
    return sorted(ordered, key=natural if begins_with_zero else len)


@dataclass(frozen=True, slots=True, eq=False)
class EncodedColumn:
    """A column of strings. Code 0 is "not given"; the other values are in `natural` order.

    Attributes:
        codes: for each row, the index of its value.
        values: the distinct values; the first is the empty string.
    """

    codes: Codes
    values: tuple[str, ...]

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.codes)

    def __getitem__(self, row: int) -> str:
        """The value in a row; empty where it is not given."""
        return self.values[int(self.codes[row])]

    def __iter__(self) -> Iterator[str]:
        """The value in each row."""
        return map(self.values.__getitem__, self.codes.tolist())

    def take(self, rows: NDArray[np.integer] | slice) -> EncodedColumn:
        """The column at these rows."""
        return EncodedColumn(self.codes[rows], self.values)

    def compact(self) -> EncodedColumn:
        """The column without values that no row has. Cost: one step per row and per value; nothing is sorted."""
        used = marked(self.codes, len(self.values))
        used[0] = True  # "not given", whether it occurs or not
        places = np.cumsum(used, dtype=np.int32) - np.int32(1)
        return EncodedColumn(places[self.codes], tuple([self.values[code] for code in np.flatnonzero(used).tolist()]))

    def where(self, holds: Callable[[str], bool]) -> Mask:
        """Rows whose value is given and satisfies `holds`, which is called once per distinct value."""
        return np.array([False, *(holds(value) for value in self.values[1:])], dtype=np.bool_)[self.codes]

    def given(self) -> Mask:
        """Rows that have a value."""
        return np.not_equal(self.codes, 0)

    def recode(self, translate: Callable[[str], str]) -> EncodedColumn:
        """The column with every given value translated; translations to "" count as not given."""
        return encode_by_code(self.codes, ["", *(translate(value) for value in self.values[1:])])


def encode(values: Iterable[str]) -> EncodedColumn:
    """Encode strings as they are; "" is "not given".

    >>> encode(["b", "", "a", "b"]).codes.tolist()
    [2, 0, 1, 2]
    """
    return encode_by_code(*number_texts(values))


def number_texts(texts: Iterable[str]) -> Cells:
    """Number texts in order of first occurrence."""
    every = list(texts)
    index = lookup(list(dict.fromkeys(every)))
    return Cells(np.fromiter(map(index.__getitem__, every), dtype=np.int32, count=len(every)), list(index))


def encode_by_code(codes: Codes, values: Sequence[str]) -> EncodedColumn:
    """Encode rows that already have codes into `values`, which may repeat and be in any order."""
    # a dictionary keeps their order, which is often nearly sorted
    ordered = ("", *sorted_naturally(filter(None, dict.fromkeys(values))))
    return EncodedColumn(np.array(list(map(lookup(ordered).__getitem__, values)), dtype=np.int32)[codes], ordered)


def constant_column(value: str, rows: int) -> EncodedColumn:
    """A column with one value in all rows; "" for none."""
    return encode_by_code(np.zeros(rows, dtype=np.int32), [value])


def merge_columns(first: EncodedColumn, second: EncodedColumn, use_first: Mask) -> EncodedColumn:
    """The first column where `use_first`, else the second."""
    codes = np.where(use_first, first.codes, second.codes + np.int32(len(first.values)))
    return encode_by_code(codes.astype(np.int32), (*first.values, *second.values))


def number_rows(columns: NumberTable, rows: int) -> tuple[Numbers, int]:
    """Number the distinct rows of a table of codes (each at least 0) in lexicographic order.

    Returns:
        for each row its number, and how many numbers there are. Cost: one sort, or a few of very wide tables.
    """
    numbers, count = np.zeros(rows, dtype=np.int64), 1
    for codes in columns:
        width = int(codes.max(initial=0)) + 1
        if count * width > _WIDEST:
            numbers, count = _without_gaps(numbers, count)
        if width > 1:
            numbers = numbers * width + codes
            count *= width
    return _without_gaps(numbers, count)


def _without_gaps(numbers: Numbers, count: int) -> tuple[Numbers, int]:
    """Numbers below `count`, renumbered in the same order from 0, and how many there are."""
    if count <= _DENSE * len(numbers) + 1:  # no sort is needed
        places = np.cumsum(marked(numbers, count)) - 1
        return places[numbers], int(places[-1]) + 1
    order = np.argsort(numbers)
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.cumsum(np.diff(numbers[order], prepend=-1) != 0) - 1
    return places, int(places[order[-1]]) + 1


def first_rows(numbers: NDArray[np.integer], count: int) -> Numbers:
    """For each number below `count` the first row that has it; every number occurs.

    >>> first_rows(np.array([1, 0, 1]), 2).tolist()
    [1, 0]
    """
    first = np.empty(count, dtype=np.int64)
    first[numbers[::-1]] = np.arange(len(numbers))[::-1]
    return first


def distinct(numbers: NDArray[np.integer]) -> Numbers:
    """The distinct numbers, ascending. Unlike `np.unique`, it does not import `numpy.ma`.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(numbers).astype(np.int64)
    return np.asarray(ordered[np.diff(ordered, prepend=ordered[:1] - 1) != 0])


def marked(rows: NDArray[np.integer] | Sequence[int], count: int) -> Mask:
    """A mask over so many rows that is true at these.

    >>> marked([0, 2], 4).tolist()
    [True, False, True, False]
    """
    mask = np.zeros(count, dtype=np.bool_)
    mask[rows] = True
    return mask


def ranges(starts: NDArray[np.integer], counts: NDArray[np.integer]) -> tuple[Numbers, Numbers]:
    """All elements of ranges of integers: for each the index of its range, and the element.

    >>> [each.tolist() for each in ranges(np.array([5, 0, 7]), np.array([2, 0, 1]))]
    [[0, 0, 2], [5, 6, 7]]
    """
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) + (starts - (np.cumsum(counts) - counts))[owner]


def matching(left: NumberTable, right: NumberTable, check: Callable[[Numbers], object]) -> tuple[Numbers, Numbers]:
    """All pairs of a row of one table of codes and a row of another with equal codes: their natural join.

    Args:
        left: the columns of one table; at least one.
        right: the same columns of the other.
        check: called with the number of pairs of each left row before they are made; it may refuse.

    Returns:
        the rows on the left, ascending, and for each a row on the right, ascending for each left one.
        Cost: one sort, and one step per pair.

    >>> [each.tolist() for each in matching([np.array([3, 4, 3])], [np.array([3, 5, 3])], check=len)]
    [[0, 0, 2, 2], [0, 2, 0, 2]]
    """
    rows = len(left[0])
    numbers, _ = number_rows([np.concatenate(pair) for pair in zip(left, right, strict=True)], rows + len(right[0]))
    order = np.argsort(numbers[rows:], kind="stable")
    ordered = numbers[rows:][order]
    starts = np.searchsorted(ordered, numbers[:rows], side="left")
    counts = np.searchsorted(ordered, numbers[:rows], side="right") - starts
    check(counts)
    owner, place = ranges(starts, counts)
    return owner, order[place]


def lookup(values: Sequence[str]) -> Mapping[str, int]:
    """Value to code."""
    return dict(zip(values, range(len(values)), strict=True))
