"""The limit reads and writes the same as asnsolve; else it would be none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from benchmarks import limit
from benchmarks.limit import READERS
from benchmarks.simulator import simulate, write_pool
from solver.app.cli import main


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("limit") / "pool.csv"
    write_pool(simulate(1), path)
    return path


@pytest.fixture(scope="module")
def result(pool: Path) -> Path:
    folder = pool.with_name("result")
    assert main(["generate", str(pool), "-p", str(folder)]) == 0
    return folder


def run(*arguments: object) -> dict[str, float]:
    """Run the limit as a script, as the benchmark does, and return what it tells."""
    command = [sys.executable, str(limit.__file__), *map(str, arguments)]
    answer = subprocess.run(command, capture_output=True, check=True)
    return msgspec.json.decode(answer.stdout, type=dict[str, float])


@pytest.mark.parametrize("reader", READERS)
def test_it_writes_the_files_that_asnsolve_writes(pool: Path, result: Path, tmp_path: Path, reader: str) -> None:
    told = run(reader, pool, result, tmp_path / "out")
    files = {file.name: file.read_bytes() for file in result.glob("*_asn.json")}
    assert files
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == files
    assert told["associations"] == len(files)
    assert told["loading"] > 0


def test_readers_read_the_same_cells(pool: Path) -> None:
    rows = [line.split("|") for line in pool.read_text(encoding="utf-8").splitlines()]
    columns = limit.read_with_csv(pool)
    assert [list(column) for column in columns] == [list(column) for column in zip(*rows, strict=True)]
    table = limit.read_with_pyarrow(pool)
    assert [[name, *table[name].to_pylist()] for name in table.column_names] == [list(column) for column in columns]


def test_it_writes_the_lines_of_an_archive_that_asnsolve_writes(pool: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl.zst", tmp_path / "b.jsonl.zst"
    assert main(["generate", str(pool), "--archive", str(first)]) == 0
    told = run("csv", pool, first, second)
    contents = []
    for file in (first, second):
        with limit.zstd().open(file, "rb") as stream:
            contents.append(stream.read())
    assert contents[0] == contents[1]
    assert told["associations"] == contents[0].count(b"\n") > 0
