"""Small good files of every kind, from which cases are made."""

from __future__ import annotations

import gzip
import io
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random

from benchmarks.simulated_files import header_of, rows_of
from benchmarks.simulator import COLUMNS, simulate
from solver import Associations, Pool, generate
from solver.storage.archive import Archive
from tests.cli.scenes import POOL
from tests.fuzz.mutators import ODD, Mutator

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_MODES = ("mrs", "fixed_slit", "coron_miri")


@cache
def pools() -> Sequence[bytes]:
    """A small pool, and one with all columns."""
    rows = list(simulate(1, modes=_MODES))[::6]
    wide = "\n".join(map("|".join, rows))
    return POOL.encode(), ("|".join(COLUMNS).upper() + "\n" + wide + "\n").encode()


_CELL = "[('o001', 'OBSERVATION'), ('c1000', 'GROUP')]"


def candidate_pools() -> Sequence[bytes]:
    """The small pool."""
    return (POOL.encode(),)


def _cell(data: bytes, chance: Random) -> bytes:
    """Other text in candidate cells."""
    text = data.decode("utf-8", "surrogateescape")
    cells = [part for line in text.split("\n")[1:] for part in line.split("|")[-1:] if part]
    if not cells:
        return data
    old = chance.choice(cells)
    first, last = sorted((chance.randrange(len(old) + 1), chance.randrange(len(old) + 1)))
    word = chance.choice((*ODD, *_PARTS)).replace("|", "").replace("\n", "")
    return text.replace(old, old[:first] + word + old[last:]).encode("utf-8", "surrogateescape")


_PARTS = (
    "[", "]", "(", ")", ",", "'", '"', "o001", "OBSERVATION", "('o001', 'OBSERVATION'),", "[('a3001', 'DISCOVERED')]",
    "()", "[[]]", "{}", "b'o001'", "1", "'o001' 'x'", "f'{1}'", "o" * 17, "[" * 5000, "('c1', 'GROUP')," * 500,
)  # fmt: skip

CELL: tuple[Mutator, ...] = (_cell,)


@cache
def tables() -> Sequence[bytes]:
    """The pool as ECSV and VOTable."""
    return tuple(_written(Pool.read(io.BytesIO(POOL.encode())), each) for each in ("ascii.ecsv", "votable"))


@cache
def fits_tables() -> Sequence[bytes]:
    """The pool as a FITS table."""
    return (_written(Pool.read(io.BytesIO(POOL.encode())), "fits"),)


def _written(pool: Pool, table_format: str) -> bytes:
    table = pool.to_table()
    table.meta.clear()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table")
        table.write(path, format=table_format)
        return path.read_bytes()


@cache
def headers() -> Sequence[bytes]:
    """Primary headers of exposures of some modes."""
    return tuple(header_of(rows_of(mode)[0], "rate").tostring().encode("ascii") for mode in _MODES)


@cache
def archive_tables() -> Sequence[bytes]:
    """What a keyword search of the archive gives."""
    rows = [header_of(row, "rate") for row in rows_of("mrs")[:3]]
    names = [name for name in rows[0] if name not in {"COMMENT", "SIMPLE", "BITPIX", "NAXIS", "EXTEND"}]
    lines = [
        ["ArchiveFileID", *names],
        *([number, *(row.get(name, "") for name in names)] for number, row in enumerate(rows)),
    ]
    return ("\n".join(",".join(map(str, line)) for line in lines).encode() + b"\n",)


@cache
def _found() -> Associations:
    return generate(Pool.read(io.BytesIO(POOL.encode()))).associations


@cache
def associations() -> Sequence[bytes]:
    """Associations of both levels."""
    kinds = {each.asn_type: each.to_json().encode() for each in _found()}
    return tuple(kinds.values())


@cache
def _archive(ending: str) -> Mapping[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        with Archive(Path(folder, "x" + ending)) as archive:
            archive.add(_found()[:3])
            archive.put()
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def archives(compression: str) -> Sequence[bytes]:
    """An archive of JSON lines."""
    return tuple(_archive(".jsonl" + compression).values())


def parquet() -> Sequence[bytes]:
    """An archive's table of associations."""
    return (_archive(".parquet")["x.parquet"],)


def parquet_members() -> Mapping[str, bytes]:
    """The table of members that goes with it."""
    return {"x.members.parquet": _archive(".parquet")["x.members.parquet"]}


def packing(kind: str) -> tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]:
    """How an archive is unpacked and packed, with its end."""
    if kind == ".gz":
        return gzip.decompress, lambda data: gzip.compress(data, 1, mtime=0) + _END[kind]
    return zstd.decompress, lambda data: zstd.compress(data) + _END[kind]


_END = {".gz": bytes.fromhex("1f8b08000000000000ff03000000000000000000"), ".zst": bytes.fromhex("28b52ffd2000010000")}


def manifests() -> Sequence[bytes]:
    """A manifest of a run on another pool."""
    run = {"pool": "/data/other.csv", "asked": "", "complete": True, "files": {"x_asn.json": ["0" * 64]}}
    return (json.dumps({"software": "asnsolve", "runs": [run]}, indent=1).encode(),)


def by_hand() -> Sequence[bytes]:
    """Statements, as a file has them."""
    return (
        b'set = [ "band=short:*" ]\nimprint = [ "*" ]\n[candidate]\nc1001 = "group:o001"\nc1002 = "background: o001"\n',
    )


BY_HAND_WORDS = (
    "background", "psf", "imprint", "candidate", "=", "[", "]", '"o001"', '"jw01001-o001"', '"c1001"', "1", "true", "{",
    "}", "[[candidate]]", "[candidate]", "1979-05-27", '"*"', '"[" "]"', "c1001", '"group:o999"', '"x:y:z"', "1e999",
    "'''",
)  # fmt: skip


def lists() -> Sequence[bytes]:
    """Files with their types."""
    return (b"a_cal.fits\nb_cal.fits science # good\nsky_cal.fits background\n",)


def own_rules() -> Sequence[bytes]:
    """Rules of a user."""
    return (_OWN_RULE.encode(),)


_OWN_RULE = """\
from rules.level3_base import AsnMixin_Base , AsnMixin_CrossCandidate , AsnMixin_Image , AsnMixin_OpticalPath
from rules.level3_base import DMS_Level3_Base
from rules.naming import FIELDS , TARGET
from rules.vocabulary import at_least , has , one_of , present , product_name , same , spans , within , without

class Asn_Own ( AsnMixin_CrossCandidate , AsnMixin_Image , AsnMixin_OpticalPath , AsnMixin_Base , DMS_Level3_Base ):
    \"\"\"Rules of a test.\"\"\"

    product_name = product_name("jw{program}-{candidate}_{exposure}_own", FIELDS)
    constraints = ( at_least(2) , one_of("filter", "f770w") , present("targetid") )
"""

RULE_WORDS = (
    "AsnMixin_Base", "DMS_Level3_Base", "AsnMixin_Image", "Rule", "object", "constraints", "product_name", "level", "=",
    "at_least(-1)", 'same("pupil")', 'one_of("filter", 1)', 'present("")', 'spans("obs_num", 2)', "()",
    "without(AsnMixin_Image)", 'has("nothing")', '"filter"', "2", "-1", "None", ")", "(", ",", ":", "pass", "TARGET",
    "FIELDS", "class", "Asn_Lv3Image", "asn_type", "roles", "1/0", "import", "no_such", "\n", "    ", '"jw{x}"',
    "raise SystemExit", "raise KeyError", 'one_of(AsnMixin_Base, "x")', "same(Rule)",
)  # fmt: skip


def command_lines() -> Sequence[bytes]:
    """Command lines, a word a line."""
    lines = (
        "generate pool.csv -p out -i o001 c1000 --level 3 --version-id v1 --merge",
        "generate pool.csv --archive out.jsonl --save-orphans --DMS --discover",
        "pool a1_rate.fits -o out.csv --candidate c1001=group:o001 --keyword X --pntgtype SCIENCE",
        "extract out.jsonl x* --program 1 --rule Asn_Image -p out",
        "compare good good --json",
        "check pool.csv good -r own.py",
        "explain pool.csv a1 b1 --rule Asn_Image -i o001",
        "explain pool.csv --association x --orphans",
        "inspect pool.csv --level visit -d | --pool-format ascii.ecsv",
        "report pool.csv -o out.html --level 2",
        "rules Asn_Image --tree --dot out.dot --svg out.svg",
        "from-list -o out.json --product-name x a1_cal.fits --psf a2_cal.fits -r DMS_Level3_Base -i o001 -t image3",
        "edit -a -t psf good out.json a2_cal.fits -i --force",
        "gather good out --link hard -t science -x psf -s . --overwrite",
        "show good --exists -v --json",
    )
    return tuple(line.replace(" ", "\n").encode() for line in lines)


COMMAND_WORDS = (
    *(word for line in command_lines() for word in line.decode().split("\n")),
    "--help", "--version", "-h", "-v", "--", "--dry-run", "--no-finalize", "--engine", "constraint", "--workers", "0",
    "1", "x", "--level", "2", "both", "--ignore-default", "--keep-first", "--profile", "--json", "--psf", "o001",
    "--imprint", "--format", "json", "no-such", "pool.csv", "good/pool.csv", ".", "", "*", "[", "a1_uncal.fits",
    "-p=out", "--path=out",
)  # fmt: skip
