"""Nothing in data steers a terminal or a browser: every command shows it inert, in a pipe and on a terminal alike."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from rules import MISSION
from solver import Association, Pool, compare, explain, explain_orphans, explain_pair, generate, report
from solver.reports import contents_of, rendered
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


def unseen(text: str) -> set[str]:
    """The characters of a text that cannot be seen, but for line ends."""
    return {char for char in text if not char.isprintable()} - {"\n"}


def evil() -> Pool:
    """The evil pool, under an evil name."""
    stream = io.BytesIO(evil_pool())
    stream.name = f"{EVIL}.csv"
    return Pool.read(stream)


def texts_in(data: object) -> Iterator[str]:
    """The texts of a JSON value, at any depth."""
    match data:
        case str():
            yield data
        case dict() | list():
            for each in chain(data, data.values()) if isinstance(data, dict) else data:
                yield from texts_in(each)


def test_the_page_of_a_report_shows_data_inert() -> None:
    """Nothing in the page, as it is written and as its script reads it, turns or hides the text around it."""
    text = report(evil())
    found = Elements(text)
    (block,) = [each for each in found.of("script") if each.attributes.get("id") == "data"]
    assert not unseen(text)
    assert not {char for each in texts_in(json.loads(block.text)) for char in each if not char.isprintable()}
    shown = EVIL.encode("unicode_escape").decode()
    assert found.of("title")[0].text == f"{shown}.csv: associations"
    assert found.of("h1")[0].text == f"{shown}.csv"
    assert any(shown in each.text for each in found.of("li"))
    assert f"0{shown}_uncal.fits" in set(texts_in(json.loads(block.text)))


def test_figures_show_data_inert() -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    pool = evil()
    drawn = rendered(contents_of(pool, generate(pool), MISSION), "svg").decode()
    assert not unseen(drawn)
    assert "owned" in drawn


def test_notebooks_and_one_line_forms_show_data_inert() -> None:
    pool = evil()
    result = generate(pool)
    read = Association.from_dict(json.loads(evil_association()))
    made = (pool, result, *result.associations, result.associations, read, *read.products, *result.dropped)
    explained = explain_orphans(pool), explain(pool, f"0{EVIL}"), explain_pair(pool, f"0{EVIL}", f"1{EVIL}")
    compared = compare([read], result.associations)
    for each in (*made, *explained, compared, *compared.different):
        assert not {char for char in repr(each) if not char.isprintable()}
        assert not hasattr(each, "_repr_html_") or not unseen(html(each))
    assert EVIL.encode("unicode_escape").decode() in html(read)


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
