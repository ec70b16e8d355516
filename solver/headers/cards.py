"""Primary headers of FITS files, read as fast as the disk allows.

A header is a sequence of blocks of 80-character cards. Only the blocks up to the END card are read, none of the data
or what follows, and only the requested cards are parsed. astropy, which parses every card, takes ten times as long;
the tests compare the two.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Collection
from contextlib import suppress
from io import FileIO
from pathlib import Path

from rules.files import open_file
from solver.errors import HeaderError, errors_as

#: Keyword to value, as texts: logical values are T and F.
Header = dict[str, str]

_CARD = 80
_BLOCK = 2880

#: Bytes read at a time; most primary headers are smaller.
_CHUNK = 10 * _BLOCK

#: Maximum length of a header, in bytes.
_LONGEST = 1000 * _BLOCK

_GZIP = b"\x1f\x8b"
_BEGINNING = b"SIMPLE  ="
_END = b"END".ljust(8)
_CONTINUE = b"CONTINUE"

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
    with (
        errors_as(lambda why: HeaderError(f"cannot be read: {why}"), OSError, EOFError, zlib.error),
        open_file(path) as stream,
    ):
        content = stream.read(_CHUNK)
        if not content.startswith(_GZIP):
            return _parse(content, stream, wanted)
        stream.seek(0)
        with gzip.open(stream) as unpacked:
            return _parse(unpacked.read(_CHUNK), unpacked, wanted)


def _parse(content: bytes, stream: FileIO | gzip.GzipFile, wanted: dict[bytes, str]) -> Header:
    header: Header = {}
    last = ""  # the keyword whose text may continue on the next card
    length, place = len(content), 0
    if not content.startswith(_BEGINNING):
        raise HeaderError("is not a FITS file" if content else "is empty")
    while True:
        if place + _CARD > len(content):
            more = stream.read(_CHUNK)
            length += len(more)
            if not more:
                raise HeaderError("is cut off within its primary header")
            if length > _LONGEST:
                raise HeaderError("has a primary header without an end")
            content, place = content[place:] + more, 0
        card = content[place : place + _CARD]
        place += _CARD
        name = card[:8]
        if name == _CONTINUE and last:
            header[last] = header[last].removesuffix("&") + (_text(card[8:]) or "")
        elif name == _END:
            return header
        else:
            last = wanted.pop(name, "") if card[8:10] == b"= " else ""  # the first card of a keyword counts
            if last:
                header[last] = _value(card[10:])


def _value(field: bytes) -> str:
    text = _text(field)
    return _plain(field.split(b"/", 1)[0].strip().decode("ascii", "replace")) if text is None else text


def _text(field: bytes) -> str | None:
    """The text between quotes; trailing blanks are not significant."""
    match = _TEXT.match(field)
    return None if match is None else match[1].replace(b"''", b"'").decode("ascii", "replace").rstrip()


def _plain(word: str) -> str:
    """A logical value or a number, numbers as Python writes them; anything else as it is."""
    for kind in (int, float):
        with suppress(ValueError):
            return str(kind(word.upper().replace("D", "E")))
    return word
