"""`generate` with several processes finds what one process finds, also in a script without a guard."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from solver import generate
from tests.cli.conftest import many_programs

ROOT = Path(__file__).parents[3]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pool of several shards."""
    monkeypatch.setattr("solver.solving.shards.SHARD_SIZE", 1)
    path = tmp_path / "pool.csv"
    path.write_text(many_programs(1, 2, 3), encoding="utf-8")
    return path


def test_several_processes_make_what_one_makes(file: Path) -> None:
    one, two = generate(file), generate(file, workers=2)
    assert len(one) > 3
    assert [each.to_json() for each in two] == [each.to_json() for each in one]
    assert [each.rows for each in two] == [each.rows for each in one]
    assert (two.reasons, two.tried) == (one.reasons, one.tried)
    assert list(two.orphans["filename"]) == list(one.orphans["filename"])
    assert list(two.dropped) == list(one.dropped)


def test_no_process_starts_for_one_shard(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.undo()
    monkeypatch.setattr("solver.batch.executors.Processes", None)
    assert generate(file, workers=2).associations == generate(file).associations


@pytest.mark.parametrize("workers", [0, -1])
def test_there_is_at_least_one_process(workers: int, file: Path) -> None:
    with pytest.raises(ValueError, match=f"workers={workers}: give a number of processes of 1 or more"):
        generate(file, workers=workers)


SCRIPT = """
import sys

from rules.level3 import Asn_Lv3Image
from solver import generate
from solver.solving import shards

def say(what):
    sys.stdout.write(f"{{what}}\\n")  # in one piece: processes share the pipe

say("run")
shards.SHARD_SIZE = 1

class Asn_Mine(Asn_Lv3Image):
    pass

{call}
"""


@pytest.mark.parametrize(
    ("call", "runs"),
    [
        ("say(len(generate('pool.csv', 'Asn_Lv3Image', workers=2)))", {1}),
        ("if __name__ == '__main__': say(len(generate('pool.csv', Asn_Mine, workers=2)))", {2, 3}),
    ],
    ids=["no guard", "a rule of the script"],
)
def test_a_script_may_use_several_processes(call: str, runs: set[int], file: Path) -> None:
    script = file.parent / "script.py"
    script.write_text(SCRIPT.format(call=call), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=file.parent, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (set(done.stdout.split()), done.stderr) == ({"run", "12"}, "")
    assert done.stdout.split().count("run") in runs
