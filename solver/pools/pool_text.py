"""The text of a large pool, divided by programs before it is read, so that several processes can share the reading."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from solver.pools import delimited, readers
from solver.pools.cells import normalise_values
from solver.pools.columns import EncodedColumn, encode_by_code
from solver.pools.pool import Pool

#: A smaller text is not worth dividing: it is read sooner than processes start.
_LARGE = 20_000_000


@dataclass(frozen=True, slots=True, eq=False)
class TextPart:
    """Some rows of a pool's text, with its header.

    Attributes:
        name: the file's name in messages.
        content: the text.
        delimiter: the character between its cells.
        exposures: the number of its rows.
    """

    name: str
    content: bytes
    delimiter: str
    exposures: int

    def __len__(self) -> int:
        """Number of exposures."""
        return self.exposures

    def read(self) -> Pool:
        """The pool of these rows. Errors as in `Pool.read`, with line numbers of the part."""
        stream = io.BytesIO(self.content)
        stream.name = self.name  # like that of an open file
        return Pool.read(stream, delimiter=self.delimiter)


class PoolText:
    """The text of a pool that is divided but not read: only its programs are known, and that no file name is repeated.

    Other errors are found when its parts are read; then `Pool.read` of the whole gives their place.

    Attributes:
        name: the file's name in associations.
        program: the program of each row, in the order of the pool.
    """

    def __init__(self, name: str, content: bytes, delimiter: str, program: EncodedColumn) -> None:
        """Keep the text; `program` has its rows as they stand."""
        self.name = Path(name).name
        self._source, self._content, self._delimiter = name, content, delimiter
        self._order = np.argsort(program.codes, kind="stable")
        self.program = program.take(self._order)
        # where each line begins, and the text ends
        self._starts = np.cumsum([0, *map(len, io.BytesIO(content))], dtype=np.int64)

    @classmethod
    def open(
        cls, source: Path, *, delimiter: str | None = None, table_format: str | None = None, duplicates: str = "error"
    ) -> PoolText | None:
        """The text of a file; None if it is small, or is not clearly a valid pool.

        The arguments are those of `Pool.read`.
        """
        del duplicates  # where there are any, `Pool.read` handles them
        name = str(source)
        content = readers.read_bytes(source, name)
        delimiter = delimited.recognised_delimiter(content) if delimiter is None else delimiter
        is_odd = len(delimiter) != 1 or not content.isascii() or b"#" in content
        if is_odd or len(content) < _LARGE or table_format is not None or readers.recognise(content, name) is not None:
            return None
        if (found := delimited.parse_plain(content, delimiter, "filename", "program")) is None:
            return None
        files, programs = found.cells
        program = encode_by_code(programs.codes, normalise_values("program", programs.values))
        known = set(normalise_values("filename", files.values)) - {""}
        return cls(name, content, delimiter, program) if len(known) == len(program) else None

    def __len__(self) -> int:
        """Number of exposures."""
        return len(self.program)

    def select(self, rows: range) -> TextPart:
        """The text of rows of the pool, which together are whole programs. Cost: a copy of the text."""
        mine = np.sort(self._order[rows.start : rows.stop])
        first = np.flatnonzero(np.diff(mine, prepend=-2) != 1)  # where runs of consecutive rows begin
        last = np.append(first[1:], len(mine)) - 1
        # the header is line 0
        spans = zip(self._starts[mine[first] + 1].tolist(), self._starts[mine[last] + 2].tolist(), strict=True)
        content = b"".join([self._content[: self._starts[1]], *(self._content[begin:end] for begin, end in spans)])
        return TextPart(self._source, content, self._delimiter, len(rows))
