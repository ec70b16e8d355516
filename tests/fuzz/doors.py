"""The doors by which data of others comes in: what a good file is, how it is damaged, and who reads it."""

from __future__ import annotations

import re
import shutil
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

from solver.batch import many_pools, parts
from solver.batch.parts import Job, Outcome
from solver.pools import Pool
from tests.cli.scenes import POOL
from tests.fuzz import mutators, seeds
from tests.fuzz.judging import faults
from tests.fuzz.mutators import Mutator
from tests.fuzz.running import Ran, files_in, ran, workplace

#: How many damages a file has: most have one, so that what is behind the first check is reached, too.
_DAMAGES = (1, 1, 1, 2, 2, 4)

Commands = Sequence[str]


@dataclass(frozen=True)
class Door:
    """A way in.

    Attributes:
        name: what it is called.
        file: the file that a case becomes; empty if a case is the command line itself.
        seeds: makes good files.
        mutators: how they are damaged.
        commands: command lines, each of which reads the file.
        around: makes the files beside it.
        named: whether every refusal has to name the file, since nothing else can be to blame.
        same_pool: whether all cases come with the same pools, each of which then is solved once for each command.
    """

    name: str
    file: str
    seeds: Callable[[], Sequence[bytes]]
    mutators: tuple[Mutator, ...]
    commands: Commands
    around: Callable[[], Mapping[str, bytes]] = dict
    named: bool = True
    same_pool: bool = False

    def case(self, chance: Random) -> bytes:
        """A good file with a few damages."""
        every = _seeds(self)
        data = every[chance.randrange(len(every))]
        for _ in range(chance.choice(_DAMAGES)):
            data = self.damaged(data, chance)
        return data

    def damaged(self, data: bytes, chance: Random) -> bytes:
        """The data with one more damage."""
        return self.mutators[chance.randrange(len(self.mutators))](data, chance)

    def command(self, case: bytes) -> tuple[str, bool]:
        """The command line that reads a case, and whether on a terminal: the same for the same case."""
        number = zlib.crc32(case)
        return self.commands[number % len(self.commands)], number % 7 == 0

    def run(self, case: bytes, command: str, *, terminal: bool = False) -> tuple[Ran, list[str]]:
        """Run a command on a case, and judge it."""
        with workplace() as root:
            for name, content in self.around().items():
                Path(name).parent.mkdir(parents=True, exist_ok=True)
                Path(name).write_bytes(content)
            if self.file:
                Path(self.file).write_bytes(case)
            with _solved_once(command) if self.same_pool else nullcontext():
                done = ran(_words(command, case), root, terminal=terminal)
            return done, faults(done, self.file.split("/")[-1] if self.named else "")

    def judge(self, case: bytes) -> list[str]:
        """What is wrong with how a case ends."""
        command, terminal = self.command(case)
        return self.run(case, command, terminal=terminal)[1]


@cache
def _seeds(door: Door) -> Sequence[bytes]:
    return door.seeds()


def _words(command: str, case: bytes) -> list[str]:
    """The words of a command line; of one that is the case itself, those that a system can hand over."""
    if command:
        return command.split()
    text = case.decode("utf-8", "surrogateescape").replace("\0", "")
    return [word for word in text.split("\n") if not _UNTESTED.match(word)]


#: Options that run programs or wait for the network, and folders above, of which all files would be read; also where
#: they stand right after an option, as in `-p/out` and `--path=/out`.
_UNTESTED = re.compile(r"-c|--cmd|--dask|(-\w|--[\w-]+=)?(/|\.\.)")


#: What came of solving a part of a pool, by the command and the exposures.
_outcomes: dict[tuple[str, ...], Outcome] = {}


def _solved_once(command: str) -> AbstractContextManager[object]:
    """Take what came of a part from an earlier case; everything before and after the solving is done each time."""
    solve = parts.solve_part

    def solved(job: Job, pool: Pool, *how: Any) -> Outcome:
        key = (command, pool.name, *pool.file_names)
        if key not in _outcomes:
            _outcomes[key] = solve(job, pool, *how)
        return deepcopy(_outcomes[key])  # since a run changes what it gets

    return mock.patch.object(many_pools, "solve_part", solved)


@cache
def _beside_associations() -> Mapping[str, bytes]:
    """A pool, its associations, and their members."""
    with workplace():
        Path("pool.csv").write_text(POOL, encoding="utf-8")
        ran(["generate", "pool.csv", "-p", "good"], Path.cwd())
        made = {f"good/{Path(name).name}": content for name, content in files_in(Path("good")).items()}
        shutil.rmtree("good")
    members = {f"{name}_{kind}.fits": b"" for name in ("a1", "a2", "b1", "b2", "t") for kind in ("rate", "cal")}
    return {"pool.csv": POOL.encode(), **made, **members}


_READ_POOL = (
    "generate FILE -p out",
    "generate FILE -p out --save-orphans orphans.csv -v",
    "generate FILE --archive out.jsonl.zst --merge",
    "generate FILE --dry-run -D --keep-first",
    "generate FILE --dry-run --json --engine constraint",
    "generate FILE -p out --existing",
    "inspect FILE --level exposure",
    "explain FILE --orphans",
    "explain FILE a1",
    "report FILE",
    "check FILE good",
)
_READ_EXPOSURE = ("pool FILE -o out.csv", "pool FILE -o out.csv -v --json", "generate FILE -p out -v")
_READ_ASSOCIATION = (
    "show FILE", "show FILE --exists -v", "show FILE --json", "compare FILE good", "compare good FILE --json",
    "check pool.csv FILE", "check pool.csv FILE --json", "gather FILE out", "gather FILE out --link symbolic",
    "plan FILE", "plan FILE --format make -o out.mk",
)  # fmt: skip
_EDIT = (
    "edit -a -t psf FILE star_cal.fits", "edit -r FILE a1_cal.fits", "edit -c -t background FILE a2_cal.fits",
    "edit --product-name other FILE", "edit -a FILE new_cal.fits -o other.json", "edit FILE --suffix crf",
    "edit FILE -r * --delete-empty",
)  # fmt: skip
_READ_ARCHIVE = (
    "show FILE", "show FILE --exists", "compare FILE good", "check pool.csv FILE", "extract FILE -p out",
    "extract FILE -p out --program 1", "generate pool.csv --archive FILE",
)  # fmt: skip


def _on(file: str, *groups: Commands) -> Commands:
    return tuple(command.replace("FILE", file) for group in groups for command in group)


def _packed(kind: str) -> tuple[Mutator, ...]:
    unpack, pack = seeds.packing(kind)
    return tuple(mutators.inside(unpack, pack, each) for each in (*mutators.JSON, mutators.insert, mutators.line_ends))


_TABLE = mutators.of_table("|")
_OWN = mutators.of_words(seeds.RULE_WORDS, " ")
_LINE = mutators.of_words(seeds.COMMAND_WORDS, "\n")

#: All doors.
DOORS: tuple[Door, ...] = (
    Door(
        "pool", "pool.csv", seeds.pools, (*_TABLE, *_TABLE, *mutators.BYTES), _on("pool.csv", _READ_POOL),
        _beside_associations,
    ),
    Door("candidates", "pool.csv", seeds.candidate_pools, seeds.CELL, _on("pool.csv", _READ_POOL),
         _beside_associations),
    Door("ECSV, VOTable", "pool.xml", seeds.tables, mutators.BYTES, _on("pool.xml", _READ_POOL[:1], _READ_POOL[6:8])),
    Door("FITS table", "table.fits", seeds.fits_tables, (*mutators.FITS, *mutators.BYTES[:7]),
         _on("table.fits", ("inspect FILE", "generate FILE -p out", "inspect FILE --pool-format fits"))),
    Door("header", "a_rate.fits", seeds.headers, (*mutators.FITS, *mutators.FITS, *mutators.BYTES),
         _on("a_rate.fits", _READ_EXPOSURE)),
    Door("archive's table", "mast.csv", seeds.archive_tables, (*mutators.of_table(","), *mutators.BYTES),
         _on("mast.csv", _READ_EXPOSURE)),
    Door("association", "x_asn.json", seeds.associations, (*mutators.JSON, *mutators.BYTES),
         _on("x_asn.json", _READ_ASSOCIATION, _EDIT), _beside_associations),
    Door("archive", "x.jsonl", lambda: seeds.archives(""), (*mutators.JSON, *mutators.BYTES),
         _on("x.jsonl", _READ_ARCHIVE), _beside_associations, same_pool=True),
    Door("archive .gz", "x.jsonl.gz", lambda: seeds.archives(".gz"), (*_packed(".gz"), *mutators.BYTES),
         _on("x.jsonl.gz", _READ_ARCHIVE), _beside_associations, same_pool=True),
    Door("archive .zst", "x.jsonl.zst", lambda: seeds.archives(".zst"), (*_packed(".zst"), *mutators.BYTES),
         _on("x.jsonl.zst", _READ_ARCHIVE), _beside_associations, same_pool=True),
    Door("archive .parquet", "x.parquet", seeds.parquet, mutators.BYTES[:7], _on("x.parquet", _READ_ARCHIVE),
         lambda: {**_beside_associations(), **seeds.parquet_members()}, same_pool=True),
    Door("manifest", "out/asnsolve-manifest.json", seeds.manifests, (*mutators.JSON, *mutators.BYTES),
         ("generate pool.csv -p out", "generate pool.csv -p out --overwrite", "generate out --dry-run"),
         lambda: {"pool.csv": POOL.encode(), "out/pool.csv": POOL.encode()}, same_pool=True),
    Door("candidate file", "by_hand.toml", seeds.by_hand,
         (*mutators.of_words(seeds.BY_HAND_WORDS, " "), *mutators.BYTES),
         ("pool a_rate.fits -o out.csv --candidate-file by_hand.toml",
          "generate a_rate.fits -p out --candidate-file by_hand.toml"),
         lambda: {"a_rate.fits": seeds.headers()[0]}, named=False),
    Door("list", "list.txt", seeds.lists, mutators.BYTES,
         ("from-list -o x.json --product-name x --list list.txt",
          "from-list -o x.json -r DMSLevel2bBase --list list.txt"),
         lambda: {"a_cal.fits": b""}, named=False),
    Door("rules", "own.py", seeds.own_rules, _OWN,
         ("rules -r own.py", "rules -r own.py --tree", "generate pool.csv -p out -r own.py --ignore-default",
          "generate pool.csv -p out -r own.py", "verify -r own.py --against own.py",
          "from-list -o x.json --product-name x --ruledefs own.py -r Asn_Own a_cal.fits"),
         lambda: {"pool.csv": POOL.encode()}),
    Door("command line", "", seeds.command_lines, (*_LINE, *_LINE, *mutators.BYTES[:7]), ("",), _beside_associations),
)  # fmt: skip
