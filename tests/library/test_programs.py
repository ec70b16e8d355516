"""Programs as somebody writes them first, each as short as it can be: they run, print what they say, and are typed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.simulated_files import rows_of, write
from solver.app.cli import main

ROOT = Path(__file__).parents[2]
POOL = ROOT / "benchmarks" / "demo_pool.csv"
PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))

#: What a program needs beyond this project and its dependencies.
NEEDS = {"pandas_frame": "pandas"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a pool, its association files, and downloaded files."""
    place = tmp_path_factory.mktemp("user")
    shutil.copy(POOL, place / "pool.csv")
    assert main(["generate", str(place / "pool.csv"), "-p", str(place / "asn")]) == 0
    write(place / "mastDownload", rows_of("mrs"), ("rate",))
    return place


def expected(program: Path) -> str:
    """What a program says that it prints, at its end."""
    _, _, said = program.read_text(encoding="utf-8").partition("\n# It prints:\n")
    return "".join(line.removeprefix("# ") for line in said.splitlines(keepends=True))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_a_program_prints_what_it_says(program: Path, folder: Path) -> None:
    if program.stem in NEEDS:
        pytest.importorskip(NEEDS[program.stem])
    done = subprocess.run(
        [sys.executable, str(program)],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.returncode) == (expected(program), 0), done.stderr


@pytest.mark.thorough  # `make lint` checks them, too, as a part of this project
def test_programs_have_no_type_errors(type_errors: Callable[..., list[str]]) -> None:
    assert len(PROGRAMS) >= 10
    assert type_errors(*PROGRAMS) == []
