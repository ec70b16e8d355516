"""Primary headers of FITS files, as quickly as the disk gives them.

A header is blocks of cards of 80 characters. Only the blocks up to the END card are read, nothing of the data or of
what follows, and only the cards that are asked for are looked into. astropy, which parses every card, takes ten
times as long; the tests hold the two against each other.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import IO

from solver.errors import HeaderError, errors_as

#: Keyword to value, as texts: logical values are T and F.
Header = dict[str, str]

_CARD = 80
_BLOCK = 2880

#: Bytes that are read at a time: most primary headers have less.
_CHUNK = 10 * _BLOCK

#: A header of more bytes than this is none.
_LONGEST = 1000 * _BLOCK

_GZIP = b"\x1f\x8b"
_BEGINNING = b"SIMPLE  ="
_END = b"END".ljust(8)
_CONTINUE = b"CONTINUE"

#: What stands between quotes; a quote inside is written twice.
_TEXT = re.compile(rb"\s*'((?:[^']|'')*)'")


def read_header(path: Path, keywords: Collection[str]) -> Header:
    """The values of these keywords in the primary header of a file; those that are not there are left out.

    Args:
        path: a FITS file, which may be compressed with gzip.
        keywords: names in capitals.

    Raises:
        HeaderError: it cannot be read, is no FITS file, or ends before its header does.

    Cost: one read for most files, and a step per card.
    """
    wanted = {keyword.ljust(8).encode(): keyword for keyword in keywords}
    with (
        errors_as(lambda why: HeaderError(f"cannot be read: {why}"), OSError, EOFError, zlib.error),
        path.open("rb", buffering=0) as stream,
    ):
        first = stream.read(len(_GZIP))
        stream.seek(0)
        if first != _GZIP:
            return _parse(stream, wanted)
        with gzip.open(stream) as unpacked:
            return _parse(unpacked, wanted)


def _parse(stream: IO[bytes] | gzip.GzipFile, wanted: dict[bytes, str]) -> Header:
    header: Header = {}
    last = ""  # the keyword whose text may go on in the next card
    content = stream.read(_CHUNK)
    length, place = len(content), 0
    if not content.startswith(_BEGINNING):
        raise HeaderError("is no FITS file" if content else "is empty")
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
            last = wanted.get(name, "")
            if last and card[8:10] == b"= " and last not in header:
                header[last] = _value(card[10:])
            else:
                last = ""


def _value(field: bytes) -> str:
    text = _text(field)
    return _plain(field.split(b"/", 1)[0].strip().decode("ascii", "replace")) if text is None else text


def _text(field: bytes) -> str | None:
    """The text between quotes; blanks at its end mean nothing."""
    match = _TEXT.match(field)
    return None if match is None else match[1].replace(b"''", b"'").decode("ascii", "replace").rstrip()


def _plain(word: str) -> str:
    """A logical value or a number, numbers as Python writes them; anything else as it is."""
    for kind in (int, float):
        try:
            return str(kind(word.upper().replace("D", "E")))
        except ValueError:
            continue
    return word
