"""Nothing in data steers a terminal or a browser: every command shows it inert, in a pipe and on a terminal alike."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from solver import Pool, generate
from tests.cli.scenes import POOL
from tests.fuzz import seeds
from tests.fuzz.running import ran, workplace
from tests.unit.reports.test_page import HOSTILE, Elements
from tests.unit.test_notebook import html

#: A title, a colour, the same by one character, what turns the direction of text, what ends a line, what is not seen.
EVIL = "\x1b]0;owned\x07\x1b[31m\x9b2J\x90q\u202e\u2066\u2028\u0085\r\x08\x7f\u200b\ufeff"

#: Columns that hold words of people.
FREE = ("TARGPROP", "TARGNAME", "DMS_NOTE", "EXPOSERR", "TARGETID", "FILTER", "SUBARRAY", "DETECTOR", "EXP_TYPE")

POOL_COMMANDS = (
    "generate FILE -p out -v -D --save-orphans o.csv", "generate FILE -p out --merge --profile",
    "generate FILE no.csv -p out", "inspect FILE --level exposure", "explain FILE --orphans", "explain FILE NAME",
    "explain FILE --association no-such", "report FILE", "check FILE FOLDER", "check FILE FOLDER --json",
)  # fmt: skip
ASSOCIATION_COMMANDS = (
    "show FILE", "show FILE --exists -v", "show FILE --json", "compare FILE good_asn.json", "gather FILE out -v",
    "edit -a -t psf FILE NAME", "edit -r FILE no_cal.fits", "check pool.csv FILE", "show FILE good_asn.json",
)  # fmt: skip

#: They tell of none of these names.
_QUIET = {POOL_COMMANDS[1], "report FILE"}


def evil_pool() -> bytes:
    """The small pool with such words in all columns where there may be any, one in each."""
    header, *rows = csv.reader(io.StringIO(POOL), delimiter="|")
    more = [column for column in FREE if column not in header]
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter="|", quoting=csv.QUOTE_ALL)
    writer.writerow([*header, *more])
    for number, row in enumerate(rows):
        cells = [EVIL + cell if column in FREE[:7] else cell for column, cell in zip(header, row, strict=True)]
        cells[0] = f"{number}{EVIL}_uncal.fits"
        writer.writerow([*cells, *(EVIL for _ in more)])
    return stream.getvalue().encode()


def evil_association() -> bytes:
    made = json.loads(seeds.associations()[-1])
    for key in ("asn_rule", "asn_type", "target", "asn_pool", "program", "asn_id", "constraints"):
        made[key] = EVIL
    for product in made["products"]:
        product["name"] += EVIL
        for member in product["members"]:
            member["expname"], member["exposerr"] = EVIL + member["expname"], EVIL
    return json.dumps(made).encode()


@pytest.mark.parametrize("terminal", [False, True], ids=["piped", "terminal"])
@pytest.mark.parametrize("command", [*POOL_COMMANDS, *ASSOCIATION_COMMANDS])
def test_data_and_names_of_files_are_shown_inert(command: str, *, terminal: bool) -> None:
    """Whatever a command prints of cells, values and file names, every character but the line end can be seen."""
    of_pool = command in POOL_COMMANDS
    file = f"{EVIL}.csv" if of_pool else f"{EVIL}_asn.json"
    names = {"FILE": file, "NAME": f"0{EVIL}" if of_pool else f"{EVIL}_cal.fits", "FOLDER": EVIL}
    with workplace() as root:
        Path("pool.csv").write_text(POOL, encoding="utf-8")
        Path(file).write_bytes(evil_pool() if of_pool else evil_association())
        Path("good_asn.json").write_bytes(seeds.associations()[0])
        Path(EVIL).mkdir()
        Path(EVIL, "x_asn.json").write_bytes(evil_association())
        done = ran([names.get(word, word) for word in command.split()], root, terminal=terminal)
    assert done.crash == ""
    assert {char for char in done.out + done.err if not char.isprintable()} <= {"\n"}
    assert done.events == ()
    assert "owned" in done.out + done.err or command in _QUIET


@pytest.mark.parametrize("value", HOSTILE)
def test_notebooks_show_names_as_text(value: str) -> None:
    """Whatever a name is, the displays of a pool, a result and an association have the same elements."""

    def shapes(name: str) -> list[object]:
        rows = list(csv.DictReader(io.StringIO(POOL), delimiter="|"))
        for number, row in enumerate(rows):
            row.update(FILENAME=f"{number}{name}_uncal.fits", TARGPROP=name, FILTER=name, EXPOSERR=name)
        pool = Pool.from_rows(rows, name=name)
        result = generate(pool)
        return [Elements(html(shown)).shape() for shown in (pool, result, *result.associations)]

    assert shapes(value) == shapes("word")
