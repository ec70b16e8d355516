"""Reading of primary headers, held against astropy."""

from __future__ import annotations

import gzip
import string
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st

from solver.errors import HeaderError
from solver.headers.cards import read_header

CARD = 80
BLOCK = 2880
KEYWORDS = ("EXP_TYPE", "FILTER", "TARGPROP", "NINTS", "IS_PSF", "EXPSTART", "A")

#: Texts as cards hold them: short, or so long that they go on in further cards.
TEXTS = st.text(st.sampled_from(string.ascii_letters + string.digits + " '/&=-+._"), max_size=200)
VALUES = st.one_of(
    TEXTS, st.booleans(), st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False, width=32)
)


def content_of(cards: Iterable[tuple[str, object]], before: Sequence[bytes] = ()) -> bytes:
    """A file with this header, as astropy writes its cards, after some others."""
    header = fits.Header(list(cards)).tostring(endcard=False, padding=False).encode("ascii")
    content = b"".join([card("SIMPLE  =                    T"), *before, header, card("END")])
    return content.ljust(-(-len(content) // BLOCK) * BLOCK)


def card(text: str) -> bytes:
    return text.ljust(CARD).encode("latin-1")


def as_text(value: object) -> str:
    """A value as a pool has it."""
    return {True: "T", False: "F"}[value] if isinstance(value, bool) else str(value)


@given(st.dictionaries(st.sampled_from(KEYWORDS), VALUES), st.sampled_from([0, 30, 355, 358, 359, 360, 800]))
def test_what_astropy_writes_is_read(
    tmp_path_factory: pytest.TempPathFactory, cards: dict[str, object], before: int
) -> None:
    """Every keyword has the value that astropy reads, wherever it is in the header."""
    path = tmp_path_factory.mktemp("card") / "a.fits"
    comments = [card("COMMENT EXP_TYPE= 'WRONG'")] * before
    path.write_bytes(content_of(cards.items(), comments) + b"data" * BLOCK)
    known = fits.Header.fromfile(path)
    assert read_header(path, KEYWORDS) == {key: as_text(known[key]) for key in KEYWORDS if key in known}


def test_only_what_is_asked_for_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.fits"
    path.write_bytes(content_of([("FILTER", "F770W"), ("PUPIL", "CLEAR")]))
    assert read_header(path, ["PUPIL", "GRATING"]) == {"PUPIL": "CLEAR"}


def test_compressed_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.fits.gz"
    path.write_bytes(gzip.compress(content_of([("FILTER", "F770W")])))
    assert read_header(path, ["FILTER"]) == {"FILTER": "F770W"}


#: cards, and what FILTER is
ODD = [
    (["FILTER  = 'F770W'", "FILTER  = 'F560W'"], {"FILTER": "F770W"}),
    (["FILTER    'F770W'"], {}),
    (["FILTER  ="], {"FILTER": ""}),
    (["FILTER  = / nothing"], {"FILTER": ""}),
    (["FILTER  = F770W"], {"FILTER": "F770W"}),
    (["FILTER  = 1.5D2"], {"FILTER": "150.0"}),
    (["FILTER  = 007"], {"FILTER": "7"}),
    (["FILTER  = 'F770W"], {"FILTER": "'F770W"}),
    (["FILTER  = 'é'"], {"FILTER": "\N{REPLACEMENT CHARACTER}"}),
    (["CONTINUE  'F770W'"], {}),
    (["FILTER  = 'F7&'", "CONTINUE  '70W'"], {"FILTER": "F770W"}),
    (["FILTER  = 'F7&'", "PUPIL   = 'CLEAR'", "CONTINUE  '70W'"], {"FILTER": "F7&"}),
]


@pytest.mark.parametrize(("cards", "header"), ODD, ids=[" ".join(each[0]) for each in ODD])
def test_odd_cards(cards: list[str], header: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "a.fits"
    path.write_bytes(b"".join(map(card, ["SIMPLE  =                    T", *cards, "END"])))
    assert read_header(path, ["FILTER"]) == header


WHOLE = content_of([("FILTER", "F770W")])

#: content of a file, and why it has no header
DAMAGED = [
    (b"", "is empty"),
    (b"no FITS", "is not a FITS file"),
    (b"\x89PNG" * 1000, "is not a FITS file"),
    (WHOLE[:100], "is cut off within its primary header"),
    (WHOLE.replace(b"END", b"   "), "is cut off within its primary header"),
    (gzip.compress(WHOLE)[:60], "cannot be read: Compressed file ended before the end-of-stream marker was reached"),
    (b"\x1f\x8b" + b"x" * 100, "cannot be read: Unknown compression method"),
    (WHOLE.replace(b"END", b"   ") + b" " * BLOCK * 1100, "has a primary header without an end"),
]


@pytest.mark.parametrize(("content", "problem"), DAMAGED, ids=range(len(DAMAGED)))
def test_damaged_files(content: bytes, problem: str, tmp_path: Path) -> None:
    (tmp_path / "a.fits").write_bytes(content)
    with pytest.raises(HeaderError) as error:
        read_header(tmp_path / "a.fits", ["FILTER"])
    assert str(error.value) == problem


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(HeaderError, match="cannot be read: Is a directory"):
        read_header(tmp_path, ["FILTER"])
