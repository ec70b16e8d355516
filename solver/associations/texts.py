"""Columns of texts: each text once, and a code for each row."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, compress
from typing import Any, Literal, Self, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from solver.errors import require_library
from solver.pools import Numbers, first_rows, marked, number_rows, number_texts

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """A column of texts.

    Attributes:
        codes: for each row the index of its text.
        values: the texts, or None where one may be missing.
    """

    codes: Numbers
    values: Sequence[Any]

    @classmethod
    def of(cls, texts: Iterable[Any]) -> Texts:
        """The column with these texts."""
        codes, values = number_texts(texts)
        return cls(codes.astype(np.int64), values)

    @classmethod
    def joined(cls, parts: Sequence[Texts]) -> Texts:
        """The columns one after the other, with each text once."""
        given = {id(part.values): part.values for part in parts}  # many parts share their texts
        shifts = dict(zip(given, accumulate(map(len, given.values()), initial=0), strict=False))
        codes = concatenated(part.codes + shifts[id(part.values)] for part in parts)
        return cls.of(chain.from_iterable(given.values())).at(codes)

    @classmethod
    def made(cls, make: Callable[..., Any], *columns: Texts) -> Texts:
        """What `make` makes of the texts of each row, once for each row that differs.

        >>> list(Texts.made("{}-{}".format, Texts.of("aab"), Texts.of("xxy")))
        ['a-x', 'a-x', 'b-y']
        """
        number, count = number_rows([each.codes for each in columns], len(columns[0].codes))
        first = first_rows(number, count)
        return cls(number, list(map(make, *(each.at(first) for each in columns))))

    def __iter__(self) -> Iterator[Any]:
        """The text of each row."""
        return map(self.values.__getitem__, self.codes.tolist())

    def at(self, rows: Numbers) -> Texts:
        """The column at these rows, with the same texts."""
        return Texts(self.codes[rows], self.values)

    def take(self, rows: Numbers) -> Texts:
        """The column at these rows, without texts that none of them has."""
        codes = self.codes[rows]
        used = marked(codes, len(self.values))
        return Texts((np.cumsum(used) - 1)[codes], list(compress(self.values, used.tolist())))

    def where(self, holds: Callable[[Any], bool]) -> NDArray[np.bool_]:
        """Rows whose text satisfies `holds`, which is called once per text."""
        return np.array([holds(value) for value in self.values], dtype=np.bool_)[self.codes]

    def ranks(self, key: Callable[[str], Any] = str) -> Numbers:
        """For each row the rank of its text; a column where each text occurs once in `values`."""
        return np.argsort(sorted(range(len(self.values)), key=list(map(key, self.values)).__getitem__))[self.codes]


class Views(Sequence[T]):
    """A sequence that makes its items when somebody looks; equal to a list or tuple of equal items."""

    @abstractmethod
    def take(self, which: Numbers) -> Self:
        """The items at these places, in this order."""

    @overload
    def __getitem__(self, which: int | str) -> T: ...

    @overload
    def __getitem__(self, which: slice) -> Self: ...

    def __getitem__(self, which: int | str | slice) -> T | Self:
        """The item at a place, or of a name; those at the places of a slice."""
        if isinstance(which, slice):
            return self.take(np.arange(len(self))[which])
        place = self._place_of(which) if isinstance(which, str) else which
        return next(iter(self.take(np.array([range(len(self))[place]]))))

    def _place_of(self, name: str) -> int:
        """The place of the item with a name."""
        raise TypeError(f"places are numbers, not {name!r}")

    def __eq__(self, other: object) -> bool:
        """Whether the items are equal, in the same order."""
        return isinstance(other, (Views, tuple, list)) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        """That of the items as a tuple."""
        return hash(tuple(self))


def concatenated(parts: Iterable[Numbers]) -> Numbers:
    """Numbers one after the other; there may be none."""
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def any_between(holds: NDArray[np.bool_], bounds: Numbers) -> NDArray[np.bool_]:
    """Whether it holds for anything between each bound and the next.

    >>> any_between(np.array([False, True, False]), np.array([0, 2, 2, 3])).tolist()
    [True, False, False]
    """
    before = np.cumsum(np.append(0, holds))
    return np.asarray(before[bounds[1:]] > before[bounds[:-1]])


Kind = Literal["arrow", "astropy"]


def as_table(columns: Mapping[str, Texts], kind: Kind, members: Numbers | None = None) -> Any:
    """A table of texts, and maybe of numbers of members, of pyarrow or of astropy.

    Raises:
        ValueError: `kind` is neither.
    """
    if kind == "astropy":
        from astropy.table import MaskedColumn, Table  # both libraries take long to import

        given = {name: [each or "" for each in column] for name, column in columns.items()}
        absent = {name: [each is None for each in column] for name, column in columns.items()}
        made = {name: MaskedColumn(given[name], mask=absent[name], dtype=str) for name in columns}
        return Table(made if members is None else made | {"members": members})
    if kind != "arrow":
        raise ValueError(f"unknown kind of table {kind!r}; take arrow or astropy")
    require_library("pyarrow", "an Arrow table")
    import pyarrow as pa

    arrays = {name: pa.array(each.values, pa.string()).take(pa.array(each.codes)) for name, each in columns.items()}
    return pa.table(arrays if members is None else arrays | {"members": pa.array(members, pa.int32())})
