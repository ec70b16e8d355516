"""What a run leaves that was killed or whose disk failed. `make faults` plays all scenes.

Whatever happens, at whichever operation on files: each file is the former one or the new one, and whole. So is an
archive. A folder is all former, or all new, or reading it is refused. An error is reported in a sentence, with exit
code 2. The run done again leaves, to the byte and the last hidden file, what an undisturbed run leaves.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

THOROUGH = "ASNSOLVE_THOROUGH" in os.environ


@pytest.fixture(scope="module")
def played() -> Iterator[Callable[..., tuple[int, list[str]]]]:
    """Plays a scene, in one process for all of them: how often something happened, and what did not hold."""
    command = [sys.executable, "-c", "from tests.faults.operations import serve; serve()"]
    alone = os.environ | {"OPENBLAS_NUM_THREADS": "1"}  # what forks must have no threads
    with subprocess.Popen(
        command, cwd=ROOT, env=alone, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        requests, answers = process.stdin, process.stdout

        def play(*what: object) -> tuple[int, list[str]]:
            requests.write(json.dumps(what) + "\n")
            requests.flush()
            count, problems = json.loads(answers.readline())
            return count, problems

        yield play


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize(
    ("what", "every", "scene"),
    [
        ("SIGKILL", 1, "folder over former"),
        pytest.param("SIGKILL", 3, "two pools over former", marks=pytest.mark.thorough),
        ("SIGKILL", 1, "lines over former"),
        pytest.param("SIGKILL", 2, "tables over former", marks=pytest.mark.thorough),
        ("SIGTERM", 5 if THOROUGH else 8, "folder over foreign"),
        ("ENOSPC", 3 if THOROUGH else 5, "folder over former"),
        pytest.param("ENOSPC", 9, "two pools over former", marks=pytest.mark.thorough),
        pytest.param("full", 4, "folder over former", marks=pytest.mark.thorough),
        ("full", 6, "lines over former"),
    ],
)
def test_no_file_is_torn_and_a_repeated_run_completes(
    what: str, every: int, scene: str, played: Callable[..., tuple[int, list[str]]]
) -> None:
    count, problems = played(what, every, scene)
    assert problems == []
    assert count > 5
