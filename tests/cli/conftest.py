"""A plain terminal for all tests of the command line, and a small pool in a folder of its own."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from contextlib import chdir, redirect_stdout
from functools import cache
from pathlib import Path

import pytest

from solver.solving import shards
from tests.cli.scenes import POOL, SCENES

MANIFEST = "asnsolve-manifest.json"


def many_programs(*programs: int) -> str:
    """The pool once for each of these programs, in one."""
    header, *rows = POOL.splitlines(keepends=True)
    return header + "".join(f"p{each}{row.replace('|1|', f'|{each}|', 1)}" for each in programs for row in rows)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with `pool.csv` in it, which is the current one."""
    (tmp_path / "pool.csv").write_text(POOL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def crowd(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a pool of five programs, which is cut into three parts."""
    monkeypatch.setattr(shards, "SHARD_SIZE", 12)
    (folder / "pool.csv").write_text(many_programs(1, 2, 3, 4, 10), encoding="utf-8")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """The files in a folder but for manifests, which say when they were made, by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("manifest.json")}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Gives the folder of a scene, made once."""

    @cache
    def build(scene: str) -> Path:
        made = tmp_path_factory.mktemp(scene)
        with chdir(made), redirect_stdout(io.StringIO()):
            SCENES[scene](made)
        return made

    return build


@pytest.fixture
def enter(built: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Makes a copy of a scene the current folder."""

    def go(scene: str) -> Path:
        shutil.copytree(built(scene), tmp_path, dirs_exist_ok=True)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "path", [*sys.path])  # a rule file may change it
        return tmp_path

    return go
