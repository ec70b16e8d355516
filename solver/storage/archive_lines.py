"""Archives of JSON lines: one association per line, plain or compressed.

Each piece is a gzip member or a Zstandard frame of its own; every reader takes their sequence as one file, and
different processes can make them. An empty one marks the end, so that a file cut off between two pieces is
recognised as incomplete.
"""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, Any

import msgspec

from rules.files import open_file
from solver.associations import FIELDS, Association, json_lines, require_form, sequence_of
from solver.errors import ArchiveError, errors_as
from solver.guards import unpacked
from solver.progress import Reporter
from solver.storage.archive_formats import LEVEL, Files, Piece, archive_errors

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: An empty gzip member and an empty Zstandard frame, which end an archive.
_END: Mapping[str, bytes] = {
    "": b"",
    ".gz": bytes.fromhex("1f8b08000000000000ff03000000000000000000"),
    ".zst": bytes.fromhex("28b52ffd2000010000"),
}

#: The functions that compress lines: with gzip's header but without a time, and with a checksum.
_KEY = zstd.CompressionParameter
_COMPRESS: Mapping[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": partial(zlib.compress, level=LEVEL, wbits=31),
    ".zst": partial(zstd.compress, options={int(_KEY.compression_level): LEVEL, int(_KEY.checksum_flag): 1}),
}

#: The function that opens a file of each compression, and the errors that it raises.
_OPEN: Mapping[str, Callable[..., Any]] = {"": Path.open, ".gz": gzip.open, ".zst": zstd.open}
_ERRORS = (OSError, EOFError, zlib.error, zstd.ZstdError)

#: How a line begins.
_START = b'{"asn_file":"'

#: The form of a line.
_Line = msgspec.defstruct("_Line", [("asn_file", str), *FIELDS])


@dataclass(frozen=True, slots=True)
class Lines:
    """JSON lines.

    Attributes:
        compression: "", ".gz" or ".zst".
    """

    compression: str

    def files(self, path: Path) -> tuple[Path, ...]:
        """The files of an archive: one."""
        return (path,)

    def piece(self, associations: Iterable[Association], reporter: Reporter) -> Piece:
        """The lines of associations, compressed."""
        with reporter.stage("serialise"):
            lines = json_lines(associations)
        with reporter.stage("compress"):
            return _COMPRESS[self.compression](lines) if lines else b""

    def rows(self, piece: Any) -> tuple[bytes]:
        """What a piece adds to the file."""
        return (piece,)

    def writers(self, streams: Sequence[IO[bytes]]) -> Sequence[IO[bytes]]:
        """What takes the parts of pieces: the file itself."""
        return streams

    def finish(self, files: Files) -> None:
        """Write the end."""
        files[0][0].write(_END[self.compression])

    def read(self, path: Path) -> Iterator[tuple[str, Association]]:
        """The associations of an archive."""
        if not self._ends_as_written(path):
            raise ArchiveError(str(path), "is cut off, or was not packed by asnsolve; make it again, or unpack it")
        number = 0
        what, wrong = "is not an association of an archive", (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
        here = errors_as(lambda why: ArchiveError(str(path), f"{what}: {why}", line=number), *wrong)
        with here, archive_errors(path, "read", *_ERRORS), _OPEN[self.compression](path, "rb") as stream:
            lines = unpacked(stream.readline, path.stat().st_size, self.compression)
            for number, text in enumerate(lines, start=1):  # noqa: B007 (the error names the line)
                data: dict[str, Any] = msgspec.json.decode(text)
                require_form(data, _Line)
                name = data.pop("asn_file")
                yield name, replace(Association.from_dict(data), sequence=sequence_of(name))

    def is_one(self, path: Path) -> bool:
        """Whether it begins as a line does, or is empty; it may be cut off later."""
        with suppress(*_ERRORS), _OPEN[self.compression](path, "rb") as stream:
            return stream.read(len(_START)) in {_START, b""}
        return False

    def _ends_as_written(self, path: Path) -> bool:
        end = _END[self.compression]
        with archive_errors(path, "read", OSError), open_file(path) as stream:
            stream.seek(max(0, stream.seek(0, 2) - len(end)))
            return stream.read() == end
