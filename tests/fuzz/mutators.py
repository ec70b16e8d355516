"""Small damages to data. Each takes bytes and a source of chance, and gives bytes; what it cannot read it leaves.

The source of chance is a `random.Random`: a seeded one in long runs, one of hypothesis in tests, which can then make
a failing case smaller, and one for each seed that a coverage-guided driver gives.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import Any

Mutator = Callable[[bytes, Random], bytes]

#: Words that are something else to somebody: to terminals, tables, browsers, file systems, number parsers.
ODD = (
    "", " ", "\0", "\ufeff", "\r", "\n", "\r\n", "\t", "|", ",", '"', "'", '""', "\\", "#", "&", "%s%n", "{}", "{0}",
    "\x1b[31m", "\x1b]0;x\x07", "\x9b2J", "\u202e", "\u2066", "\u2028", "\u0085", "\x7f", "\x08",
    "\u0130", "ß", "\ufb01", "\uff21", "\u041cIRI", "e\u0301", "\u0663", "\U0001d7d9", "\U0010ffff", "\u200b",
    "../", "..", ".", "/", "/etc/passwd", "..\\", "C:\\x", "C:x", "CON", "NUL.txt", "aux.json", "x.", "x ", "~", "-",
    "--help", "-o", "0", "-1", "1.5", "1e999", "NaN", "Infinity", "0x10", "1_000", "9" * 400, "2024-01-01", "T", "F",
    "true", "null", "None", "[]", "{}", "[('o001', 'OBSERVATION')]", "__import__('os').system('x')", "lambda: 0",
    "</script><script>alert(1)</script>", "<b>", "&lt;", "{{7*7}}", "${x}", "$(x)", "`x`", "*", "?", "[a-z]", "x" * 300,
)  # fmt: skip

#: How texts are written elsewhere.
ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "utf-8-sig", "utf-7", "cp037")

#: How files begin that are something else.
FOREIGN = (
    b"\x1f\x8b\x08\0", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"PAR1", b"\x89HDF\r\n\x1a\n", b"SIMPLE  =", b"# %ECSV 1.0",
    b"<?xml version='1.0'?>", b"<VOTABLE>", b"%PDF-1.4", b"\x7fELF", b"BZh9", b"\xfd7zXZ\0", b"\x80\x04.", b"{", b"[",
)  # fmt: skip

_MOST = 1 << 16


def _place(data: Sequence[object], chance: Random) -> int:
    return chance.randrange(len(data) + 1)


def _odd(chance: Random) -> bytes:
    return chance.choice(ODD).encode()


def flip(data: bytes, chance: Random) -> bytes:
    """Another byte."""
    if not data:
        return data
    place = chance.randrange(len(data))
    return data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]


def cut(data: bytes, chance: Random) -> bytes:
    """The beginning alone."""
    return data[: _place(data, chance)]


def drop(data: bytes, chance: Random) -> bytes:
    """Without a part."""
    first, last = sorted((_place(data, chance), _place(data, chance)))
    return data[:first] + data[last:]


def repeat(data: bytes, chance: Random) -> bytes:
    """A part again and again."""
    first, last = sorted((_place(data, chance), _place(data, chance)))
    many = chance.choice((2, 3, 50))
    return data if (last - first) * many > _MOST else data[:first] + data[first:last] * many + data[last:]


def swap(data: bytes, chance: Random) -> bytes:
    """Two parts in the other order."""
    first, second, third = sorted(_place(data, chance) for _ in range(3))
    return data[:first] + data[second:third] + data[first:second] + data[third:]


def insert(data: bytes, chance: Random) -> bytes:
    """A word in between that is something else to somebody."""
    place = _place(data, chance)
    return data[:place] + _odd(chance) + data[place:]


def replace_word(data: bytes, chance: Random) -> bytes:
    """Another word in place of one of the data."""
    words = data.replace(b"|", b" ").replace(b'"', b" ").replace(b",", b" ").split()
    return data.replace(chance.choice(words), _odd(chance), chance.choice((1, -1))) if words else data


def recode(data: bytes, chance: Random) -> bytes:
    """In another encoding: all, or a line."""
    encoding = chance.choice(ENCODINGS)
    try:
        if chance.random() < 0.5:
            return data.decode().encode(encoding, "replace")
        lines = data.split(b"\n")
        place = chance.randrange(len(lines))
        lines[place] = (lines[place].decode() + "é").encode(encoding, "replace")
        return b"\n".join(lines)
    except UnicodeDecodeError:
        return data


def line_ends(data: bytes, chance: Random) -> bytes:
    """With the line ends of another system."""
    return data.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"\n\r", b"")), chance.choice((1, -1)))


def begin_as(data: bytes, chance: Random) -> bytes:
    """With the beginning of another kind of file."""
    start = chance.choice(FOREIGN)
    return start + (data if chance.random() < 0.5 else data[len(start) :])


def pack(data: bytes, chance: Random) -> bytes:
    """Packed, whole or not."""
    packed = chance.choice((gzip.compress, bz2.compress, zlib.compress))(data)
    return packed if chance.random() < 0.5 else flip(cut(packed, chance), chance)


#: For data of any kind.
BYTES: tuple[Mutator, ...] = (flip, cut, drop, repeat, swap, insert, replace_word, recode, line_ends, begin_as, pack)


# --- Tables -------------------------------------------------------------------------------------


Rows = list[list[str]]


def _read(data: bytes, delimiter: str) -> Rows:
    """The rows that have cells; none, if the data are no table."""
    try:
        return [row for row in csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter) if row]
    except (UnicodeDecodeError, csv.Error):
        return []


def _write(rows: Rows, delimiter: str) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return stream.getvalue().encode()


def _cell(rows: Rows, chance: Random) -> None:
    """Another word in a cell."""
    row = rows[0] if chance.random() < 0.2 else chance.choice(rows)
    place, word = chance.randrange(len(row)), chance.choice(ODD)
    row[place] = chance.choice((word, row[place] + word, word + row[place]))


def _column(rows: Rows, chance: Random) -> None:
    """One word, or another column's cells, in a whole column."""
    width = min(map(len, rows))
    to, origin, word = chance.randrange(width), chance.randrange(width), chance.choice((None, *ODD))
    for row in rows[1:]:
        row[to] = row[origin] if word is None else word


def _columns(rows: Rows, chance: Random) -> None:
    """Columns in another order, in all rows or in one; columns left out or repeated."""
    width = min(map(len, rows))
    order = [chance.randrange(width) for _ in range(width)] if chance.random() < 0.3 else list(range(width))
    if chance.random() < 0.5:
        chance.shuffle(order)
    else:
        del order[chance.randrange(len(order))]
    for row in range(len(rows)) if chance.random() < 0.5 else [chance.randrange(len(rows))]:
        rows[row] = [rows[row][place] for place in order]


def _lines(rows: Rows, chance: Random) -> None:
    """A row elsewhere again, without a cell, with one more, as a comment, or empty."""
    row = chance.choice(rows)
    changed = chance.choice((row, row[:-1], [*row, "x"], [], ["#", *row], [""] * len(row)))
    rows.insert(_place(rows, chance), list(changed))


def _on_rows(damage: Callable[[Rows, Random], None], delimiter: str, data: bytes, chance: Random) -> bytes:
    rows = _read(data, delimiter)
    if not rows:
        return data
    damage(rows, chance)
    return _write(rows, delimiter)


def _between(delimiter: str, data: bytes, chance: Random) -> bytes:
    """Another delimiter."""
    return _write(_read(data, delimiter), chance.choice(",;\t |:"))


def of_table(delimiter: str) -> tuple[Mutator, ...]:
    """Damages to a delimited text, cell by cell."""
    damages = (_cell, _cell, _column, _columns, _lines)
    return (*(partial(_on_rows, damage, delimiter) for damage in damages), partial(_between, delimiter))


# --- JSON ---------------------------------------------------------------------------------------

#: Values of every type, and such as no parser takes.
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, float("inf"), float("nan"), "", [], {}, [[]], [{}], {"": None},
    {"members": []}, {"name": 1}, "\ud800", "x" * 5000,
)  # fmt: skip


def _nodes(value: Any) -> list[tuple[Any, Any]]:
    """All places in a JSON value, as (container, key)."""
    keys: Any = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in ((value, key), *_nodes(value[key]))]


def json_value(data: bytes, chance: Random) -> bytes:
    """Another value somewhere, another key, or none."""
    try:
        value = json.loads(data)
        places = _nodes(value)
    except (ValueError, RecursionError):
        return data
    if not places:
        return data
    holder, key = chance.choice(places)
    what = chance.randrange(4)
    if what == 0:
        del holder[key]
    elif what == 1 and isinstance(holder, dict):
        holder[chance.choice(ODD)] = holder[key]
    elif what == 2:
        holder[key] = chance.choice(ODD)
    else:
        holder[key] = chance.choice(VALUES)
    return json.dumps(value, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def json_text(data: bytes, chance: Random) -> bytes:
    """What only the text can have: nesting without end, a key twice, endless numbers, comments."""
    depth = chance.choice((100, 500, 900, 2_000, 20_000))
    many = b"9" * chance.choice((20, 400, 5000))
    texts = (
        b"[" * depth, b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth, many, b"-" + many,
        b"1e" + many, b"NaN", b"/* x */", b'"\\ud800"', b'"x": 1, "x": 2', b'"members": [], "members": []',
        b"'x'", b"1,", b"01",
    )  # fmt: skip
    text = chance.choice(texts)
    marks = [place for place, byte in enumerate(data) if byte in b":,[{"]
    place = chance.choice(marks) + 1 if marks else 0
    after = data[place:] if chance.random() < 0.5 else b"," + data[place:]
    return data[:place] + b' "extra": ' * (chance.random() < 0.5) + text + after


JSON: tuple[Mutator, ...] = (json_value, json_value, json_value, json_text)


# --- FITS ---------------------------------------------------------------------------------------

_CARD, _BLOCK = 80, 2880

#: Cards that other headers have, or that no header should have.
CARDS = (
    "TELESCOP= 'HST     '", "TELESCOP=                    1", "EXP_TYPE=                    T", "EXP_TYPE= 'MIR_IMAGE",
    "PROGRAM =                 1001", "PROGRAM = '../../x '", "PROGRAM = '0'", "PROGRAM = ''", "OBSERVTN=       1.5",
    "FILENAME= '../../../x_rate.fits'", "FILENAME= 'CON_rate.fits'", "FILENAME= ''", "CONTINUE  '&'",
    "CONTINUE  'more&'", "CONTINUE  'O''Neill'", "CONTINUE  x", "HIERARCH ESO DET ID = 'x'", "COMMENT EXP_TYPE= 'X'",
    "TARGPROP= 'O''Neill&'", "TARGPROP= 'A|B\"C'", "TARG_RA =           1E999", "TARG_RA = 'x'", "TARG_RA = NaN",
    "EXPSTART=      99999999999999999999999999999999999999999999999999999999999", "BKGDTARG=                    T",
    "IS_PSF  =                    7", "INSTRUME= ''", "INSTRUME= 'WFC3'", "DETECTOR=  (1, 2)", "TEMPLATE=", "=", "'",
    "PATT_NUM= '1'", "PATT_NUM=                 -0", "TARGNAME= '\x1b[31m'", "END     x", "END", "        ",
    "EXPSTART= 6D4",
)  # fmt: skip


def card(data: bytes, chance: Random) -> bytes:
    """Cards replaced, added, left out, repeated or in another order."""
    cards = [data[place : place + _CARD] for place in range(0, len(data), _CARD)]
    last = next((number for number, each in enumerate(cards) if each.startswith(b"END ")), len(cards))
    if not last:
        return data
    place, new = chance.randrange(last), chance.choice(CARDS).ljust(_CARD).encode()[:_CARD]
    what = chance.randrange(6)
    if what == 0:
        cards[place] = new
    elif what == 1:
        cards.insert(place, new)
    elif what == 2:
        del cards[place]
    elif what == 3:
        cards.insert(chance.randrange(last), cards[place])
    elif what == 4:
        cards[place : place + 2] = reversed(cards[place : place + 2])
    else:
        name, word = cards[place][:10], chance.choice(ODD).replace("'", "''")
        quoted = chance.choice((f"'{word}'", word, f"'{word}"))
        cards[place] = (name + quoted.encode()).ljust(_CARD)[:_CARD]
    return b"".join(cards)


def endless(data: bytes, chance: Random) -> bytes:
    """A header without its end, or one that goes on."""
    end = data.rfind(b"END ")
    without = data[:end] if end >= 0 else data
    return without + b" " * _CARD * chance.choice((0, 1, 36, 400))


FITS: tuple[Mutator, ...] = (card, card, card, endless)


# --- Words --------------------------------------------------------------------------------------


def of_words(words: Sequence[str], between: str) -> tuple[Mutator, ...]:
    """Damages to a text of words: such as come from this list or are odd but no calls, in other places, left out."""
    odd = [each for each in ODD if "(" not in each]  # a rule file is code: what it calls is run

    def word(data: bytes, chance: Random) -> bytes:
        parts = data.split(between.encode())
        new = (chance.choice(words) if chance.random() < 0.8 else chance.choice(odd)).encode()
        place = chance.randrange(len(parts))
        parts[place : place + chance.randrange(2)] = [new] if chance.random() < 0.7 else []
        return between.encode().join(parts)

    return word, word, word


def inside(unpack: Callable[[bytes], bytes], packed: Callable[[bytes], bytes], mutator: Mutator) -> Mutator:
    """A damage to what is packed; what cannot be unpacked is left."""

    def within(data: bytes, chance: Random) -> bytes:
        try:
            content = unpack(data)
        except Exception:  # noqa: BLE001 (libraries raise what they raise)
            return data
        return packed(mutator(content, chance))

    return within
