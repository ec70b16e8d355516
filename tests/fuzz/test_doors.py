"""Whatever comes in, the program answers, or refuses in one message: many cases, and those that once failed."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.doors import DOORS, Door
from tests.fuzz.running import files_in, workplace

CORPUS = Path(__file__).parent / "corpus"

#: Cases of each door in the test suite; `make fuzz` runs as many as one likes.
CASES = 40 if "ASNSOLVE_THOROUGH" in os.environ else 30


class Kept(NamedTuple):
    """A case that once failed, and what it has to say now."""

    door: str
    file: str
    command: str
    code: int
    says: str


def kept() -> list[Kept]:
    return [Kept(**each) for each in tomllib.loads((CORPUS / "corpus.toml").read_text(encoding="utf-8"))["case"]]


def door_of(name: str) -> Door:
    return next(door for door in DOORS if door.name == name)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_whatever_comes_in_is_answered_or_refused(door: Door) -> None:
    """Whatever the bytes, a command ends within a bound, with exit code 0, 1 or 2, without a traceback and without
    partial output, and a refusal is one message that names the file."""

    @settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.randoms(use_true_random=False))
    def holds(chance: Random) -> None:
        case = door.case(chance)
        assert door.judge(case) == [], case

    holds()


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_every_door_is_open_to_what_is_good(door: Door) -> None:
    """No command refuses the files from which cases are made, so the cases do get through the door."""
    refused = 0
    for seed in door.seeds():
        for command in door.commands:
            ran, found = door.run(seed, command)
            assert found == []
            refused += ran.code == 2
    assert refused <= (len(door.seeds()) * len(door.commands)) // 2


@pytest.mark.parametrize("case", kept(), ids=lambda case: f"{case.file}: {case.command}")
def test_what_once_failed(case: Kept) -> None:
    ran, found = door_of(case.door).run((CORPUS / case.file).read_bytes(), case.command)
    assert found == []
    assert ran.code == case.code
    assert case.says in (ran.err if case.code == 2 else ran.out)


def test_every_case_of_the_corpus_is_replayed() -> None:
    assert {case.file for case in kept()} == {path.name for path in CORPUS.iterdir()} - {"corpus.toml"}


def test_files_links_and_empty_folders_are_seen_by_their_paths_from_the_root() -> None:
    with workplace() as root:
        assert files_in(root) == {"precious.txt": b"nobody's business\n", "above/work/": b""}
        Path("file").write_bytes(b"x")
        Path("folder").mkdir()
        Path("link").symlink_to("folder")
        assert files_in(Path()) == {"file": b"x", "folder/": b"", "link": b"-> folder"}


FIRST_FIGURE = """
from pathlib import Path
from tests.fuzz.running import ran, workplace
from tests.fuzz.seeds import POOL

with workplace() as root:
    Path("pool.csv").write_text(POOL, encoding="utf-8")
    print(ran(["report", "pool.csv", "--svg", "x.svg"], root).events)
"""


def test_folders_that_matplotlib_makes_for_itself_are_not_the_programs(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(CORPUS.parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", FIRST_FIGURE], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "()\n"
