"""Absurdly large input is refused, or read, within a bound of time and memory that leaves much air."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from solver.pools.delimited import LARGE, MOST_COLUMNS
from tests.cli.scenes import POOL
from tests.fuzz.judging import LONGEST

if sys.platform == "win32":
    pytest.skip("Windows does not tell the memory of a process that has ended", allow_module_level=True)

#: Characters of what is large; `.ci/thorough` takes more.
_MANY = 100_000_000 if "ASNSOLVE_THOROUGH" in os.environ else 25_000_000

#: Seconds and bytes that a command may take; it needs some seconds and three quarters of a GB for 100 MB.
SECONDS, MEMORY = 120.0, 43 * _MANY


def _members(member: Callable[[int], object], number: int) -> str:
    return json.dumps({"products": [{"name": "x", "members": [member(each) for each in range(number)]}]})


#: What a file has, the command, the exit code, and what is said; F stands for the file.
CASES: dict[str, tuple[Callable[[], str], str, int, str]] = {
    "an enormous name": (
        lambda: POOL.replace("a1_", "x" * _MANY + "_"),
        "generate F -p out",
        2,
        "F, line 2: a cell has more than 131,072 characters; is a quote or a line end missing?",
    ),
    "an enormous quoted cell": (
        lambda: POOL.replace("M 31", '"' + "x\n" * (_MANY // 2) + '"'),
        "inspect F",
        2,
        "characters; is a quote or a line end missing?",
    ),
    "a cell too long in a large pool": (
        lambda: POOL.replace("M 31", "x" * 140_000) + POOL.splitlines()[-1].replace("x_", "y_") + "\n" * LARGE,
        "inspect F",
        2,
        "F, line 2: a cell has more than 131,072 characters; is a quote or a line end missing?",
    ),
    "an enormous heading": (
        lambda: "x" * _MANY + "|" + POOL,
        "generate F -p out",
        2,
        "F, line 1: a cell has more than 131,072 characters",
    ),
    "a million columns": (
        lambda: "".join(f"{line}{'|x' * 1_000_000}\n" for line in POOL.splitlines()),
        "generate F -p out",
        2,
        f"F, line 1: the header has 1,000,013 columns, and a pool has no more than {MOST_COLUMNS:,}",
    ),
    "as many columns as there may be": (
        lambda: "".join(
            line + "".join(f"|x{number}" for number in range(MOST_COLUMNS - 13)) + "\n" for line in POOL.splitlines()
        ),
        "generate F -p out",
        0,
        "9 associations from 6 exposures",
    ),
    "JSON that never stops nesting": (lambda: "[" * _MANY, "show F", 2, "F is not valid JSON: it is nested too deeply"),
    "an enormous name of a member": (
        lambda: _members(lambda _: {"expname": "x" * _MANY, "exptype": "science"}, 1),
        "edit -r F a_cal.fits",
        2,
        "F: no member is named a_cal.fits",
    ),
    "a hundred thousand members that are none": (
        lambda: _members(lambda number: {"expname": number}, 100_000),
        "show F",
        2,
        "F is not an association: Expected `str`, got `int` - at `$.products[0].members[0].expname`",
    ),
}


@pytest.mark.parametrize(("content", "command", "code", "says"), CASES.values(), ids=CASES)
@pytest.mark.sampled(2)
def test_what_is_too_large_ends_in_time(
    content: Callable[[], str], command: str, code: int, says: str, tmp_path: Path
) -> None:
    import resource

    file = "large_asn.json" if "show" in command or "edit" in command else "large.csv"
    (tmp_path / file).write_text(content(), encoding="utf-8")
    words = [file if word == "F" else word for word in command.split()]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, "-m", "solver.app", *words],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))  # with more, it ends with a traceback
        out, err = process.communicate(timeout=SECONDS)
    told = says.replace("F", file, 1) if says.startswith("F") else says
    assert told in (err if code else out)
    assert (process.returncode, len(err) < LONGEST) == (code, True)
