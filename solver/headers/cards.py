"""Primary headers of FITS files, read as fast as the disk allows.

A header is a sequence of blocks of 80-character cards. Only the blocks up to the END card are read, none of the data
or what follows, and only the requested cards are parsed. astropy, which parses every card, takes ten times as long;
the tests compare the two.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Collection, Generator
from contextlib import closing, suppress
from io import BufferedReader
from pathlib import Path

from rules.files import open_file
from solver.errors import HeaderError, errors_as

#: Keyword to value, as texts: logical values are T and F.
Header = dict[str, str]

_CARD = re.compile(rb".{80}", re.DOTALL)

#: Bytes read at a time, ten blocks of a FITS file; most primary headers are smaller.
_CHUNK = 10 * 2880

#: Maximum length of a header, in chunks.
_LONGEST = 100


#: A quoted text; a quote inside is doubled.
_TEXT = re.compile(rb"\s*'((?:[^']|'')*)'")


def read_header(path: Path, keywords: Collection[str]) -> Header:
    """The values of these keywords in a file's primary header; missing ones are left out.

    Args:
        path: a FITS file, which may be compressed with gzip.
        keywords: names in capitals.

    Raises:
        HeaderError: the file cannot be read, is not FITS, or ends before its header does.

    Cost: one read for most files, and a step per card.
    """
    wanted = {keyword.ljust(8).encode(): keyword for keyword in keywords}
    header: Header = {}
    last = ""  # the keyword whose text may continue on the next card
    reading = errors_as(lambda why: HeaderError(f"cannot be read: {why}"), OSError, EOFError, zlib.error)
    with reading, closing(_cards(path)) as cards:
        for card in cards:
            if (name := card[:8]) == b"END     ":
                return header
            if name == b"CONTINUE" and last:
                header[last] = header[last].removesuffix("&") + _value(card[8:])
                continue
            last = wanted.pop(name, "") if card[8:10] == b"= " else ""  # the first card of a keyword counts
            if last:
                header[last] = _value(card[10:])
    raise HeaderError("has a primary header without an end")


def _cards(path: Path) -> Generator[bytes]:
    """The cards at the beginning of a file."""
    with open_file(path) as file, BufferedReader(file, _CHUNK) as stream:
        unpacked = gzip.GzipFile(fileobj=stream) if stream.peek(2).startswith(b"\x1f\x8b") else stream
        if not (chunk := unpacked.read(_CHUNK)).startswith(b"SIMPLE  ="):
            raise HeaderError("is not a FITS file" if chunk else "is empty")
        for _ in range(_LONGEST):
            yield from _CARD.findall(chunk)
            if len(chunk) < _CHUNK:
                raise HeaderError("is cut off within its primary header")
            chunk = unpacked.read(_CHUNK)


def _value(field: bytes) -> str:
    """A text, without trailing blanks; or a logical value or a number, numbers as Python writes them."""
    if text := _TEXT.match(field):
        return text[1].replace(b"''", b"'").decode("ascii", "replace").rstrip()
    word = field.split(b"/", 1)[0].strip().decode("ascii", "replace")
    for kind in (int, float):
        with suppress(ValueError):
            return str(kind(word.upper().replace("D", "E")))
    return word
