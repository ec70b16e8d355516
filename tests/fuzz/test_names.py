"""Names in data decide nothing about where files go: a run writes in its folder, under plain names."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Mapping
from itertools import cycle
from pathlib import Path, PurePath

import pytest

from solver.associations.names import is_plain
from tests.cli.scenes import POOL
from tests.fuzz import seeds
from tests.fuzz.judging import faults
from tests.fuzz.running import Ran, ran, workplace

#: Names that lead elsewhere, or that some file system takes for something else, or not at all.
NAMES = (
    "../x", "../../precious.txt", "../../../../../../tmp/asnsolve-x", "/tmp/asnsolve-x", "a/b", "./x", "C:\\x", "C:x",  # noqa: S108
    "..\\x", "\\\\host\\x", "a\0b", "a\nb", "a\rb", "x" * 300, "é" * 140, "CON", "NUL.txt", "aux", "com1.json", "x.",
    "x ", "...", "..", "a\u2028b", "\u202ex", "\u200b", "~/x", "$HOME/x", "$(touch x)", "-o", "*", "x:stream",
    "asnsolve-manifest.json", ".asnsolve-0.tmp", "\ud800",
)  # fmt: skip

Files = Mapping[str, bytes]
Place = tuple[Callable[[str], Files], tuple[str, ...]]

_ASSOCIATION = json.loads(seeds.associations()[-1])


def _pool(column: str) -> Callable[[str], Files]:
    """The small pool with the name in a column."""

    def files(name: str) -> Files:
        header, *rows = csv.reader(io.StringIO(POOL), delimiter="|")
        place = header.index(column) if column in header else len(header)
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter="|")
        writer.writerow([*header[:place], column, *header[place + 1 :]])
        for number, row in enumerate(rows):
            value = f"{name}{number}_uncal.fits" if column == "FILENAME" else name
            writer.writerow([*row[:place], value, *row[place + 1 :]])
        return {"pool.csv": _bytes(stream.getvalue())}

    return files


def _candidate(cell: str) -> Callable[[str], Files]:
    return lambda name: {"pool.csv": _bytes(POOL.replace("[('o001', 'OBSERVATION')", cell.replace("NAME", name)))}


def _keyword(keyword: str) -> Callable[[str], Files]:
    """An exposure with the name in its header."""

    def files(name: str) -> Files:
        header = seeds.headers()[0]
        place = header.index(keyword.ljust(8).encode() + b"=")
        card = f"{keyword:<8}= '{name}'".encode("ascii", "replace")[:80].ljust(80)
        return {"a_rate.fits": header[:place] + card + header[place + 80 :]}

    return files


def _json(key: str) -> Callable[[str], Files]:
    """An association with the name in it."""

    def files(name: str) -> Files:
        made = json.loads(json.dumps(_ASSOCIATION))
        (product,) = made["products"]
        holder = made if key in made else product if key in product else product["members"][0]
        holder[key] = name
        return {"x_asn.json": json.dumps(made).encode(), "a1_cal.fits": b"", "a2_cal.fits": b""}

    return files


def _line(key: str) -> Callable[[str], Files]:
    """An archive with the name in it."""
    return lambda name: {"x.jsonl": json.dumps({"asn_file": "x_asn.json", **_ASSOCIATION, key: name}).encode() + b"\n"}


def _list(name: str) -> Files:
    return {"list.txt": _bytes(f"{name}\na_cal.fits\n")}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


_GENERATE = (
    "generate pool.csv -p out -D", "generate pool.csv --archive out/x.jsonl.zst --save-orphans o.csv -p out",
    "generate pool.csv -p out --save-orphans o.csv --merge", "report pool.csv -o out/report.html",
)  # fmt: skip
_TOOLS = (
    "edit -a -t psf x_asn.json star_cal.fits -o out/x.json", "edit --product-name p x_asn.json -o out/x.json",
    "gather x_asn.json out/all", "show x_asn.json --exists",
)  # fmt: skip
_EXTRACT = ("extract x.jsonl -p out",)
_POOL = ("pool a_rate.fits -o out/pool.csv", "generate a_rate.fits -p out --save-orphans o.csv")

PLACES: Mapping[str, Place] = {
    **{
        f"pool, {column}": (_pool(column), _GENERATE)
        for column in (
            "FILENAME", "PROGRAM", "OBS_NUM", "VISIT", "INSTRUME", "DETECTOR", "EXP_TYPE", "TARGETID", "TARGPROP",
            "FILTER", "SUBARRAY", "PNTGTYPE", "PUPIL", "FXD_SLIT", "ACT_ID", "EXPOSERR",
        )
    },
    "pool, id of a candidate": (_candidate("[('NAME', 'OBSERVATION')"), _GENERATE),
    "pool, type of a candidate": (_candidate("[('o001', 'NAME')"), _GENERATE),
    **{
        f"header, {keyword}": (_keyword(keyword), _POOL)
        for keyword in ("FILENAME", "PROGRAM", "OBSERVTN", "VISIT", "TARGPROP", "DETECTOR", "INSTRUME", "EXP_TYPE")
    },
    **{
        f"association, {key}": (_json(key), _TOOLS)
        for key in ("asn_type", "asn_rule", "program", "asn_id", "version_id", "asn_pool", "name", "expname", "exptype")
    },
    **{
        f"archive, {key}": (_line(key), _EXTRACT)
        for key in ("asn_file", "asn_type", "program", "asn_id", "version_id", "asn_pool")
    },
    "archive, asn_file as files end": (lambda name: _line("asn_file")(f"{name}_asn.json"), _EXTRACT),
    "list": (_list, ("from-list -o out/x.json --product-name x --list list.txt",)),
}  # fmt: skip


def outside(done: Ran) -> list[str]:
    """The files that a command changed, or made, and that are not in its folder under plain names."""
    changed = [path for path in {*done.before, *done.after} if done.before.get(path) != done.after.get(path)]
    folder = PurePath("above", "work", "out")
    return [
        path
        for path in changed
        if not PurePath(path).is_relative_to(folder) or not all(map(is_plain, PurePath(path).relative_to(folder).parts))
    ]


#: Of so many names, one is tried in each place, and another one in the next place; `.ci/thorough` tries them all.
EVERY = 1 if "ASNSOLVE_THOROUGH" in os.environ else 8


@pytest.mark.parametrize(("number", "place"), list(enumerate(PLACES)), ids=PLACES)
def test_a_name_in_data_leads_nowhere(number: int, place: str) -> None:
    """Whatever a name is, a command writes in its folder alone, plain names alone, or refuses and writes nothing."""
    make, commands = PLACES[place]
    for name, command in zip(NAMES[number % EVERY :: EVERY], cycle(commands), strict=False):
        with workplace() as root:
            Path("out").mkdir()
            for file, content in make(name).items():
                Path(file).write_bytes(content)
            done = ran(command.split(), root)
            assert (outside(done), faults(done)) == ([], []), (command, name)


@pytest.mark.parametrize("name", [name for name in NAMES if not is_plain(name) and not {"\0", "\ud800"} & set(name)])
@pytest.mark.parametrize(
    "command",
    ["generate pool.csv -p out --save-orphans=NAME", "generate pool.csv -p out --archive a.jsonl --save-orphans=NAME"],
)
def test_a_name_for_files_of_a_folder_is_plain(command: str, name: str) -> None:
    with workplace() as root:
        Path("pool.csv").write_text(POOL, encoding="utf-8")
        done = ran([word.replace("NAME", name) for word in command.split()], root)
    assert (done.code, faults(done)) == (2, [])


def test_some_names_are_plain() -> None:
    """The table has names of both kinds, so both ways to end are tested."""
    assert {is_plain(name) for name in NAMES if "\ud800" not in name} == {True, False}
