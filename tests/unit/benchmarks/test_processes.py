from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from benchmarks.processes import FailedError, run, watched

_MIB = 2**20


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_process_is_timed_to_its_end() -> None:
    finished = run(python("import time; time.sleep(0.3); print('done')"))
    assert finished.seconds >= 0.3
    assert (finished.output, finished.stopped, finished.peak) == ("done\n", False, None)


def test_its_environment_can_be_given() -> None:
    assert run(python("import os; print(os.environ.get('WORD'))"), environment={"WORD": "x"}).output == "x\n"


def test_a_process_that_takes_too_long_is_stopped_with_its_children(tmp_path: Path) -> None:
    late = tmp_path / "late"
    child = f"import time, pathlib; time.sleep(1.5); pathlib.Path({str(late)!r}).touch()"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    finished = run(python(code), stop_after=0.5)
    assert finished.stopped
    assert 0.5 <= finished.seconds < 1.5
    time.sleep(1.5)
    assert not late.exists()


def test_a_process_that_fails_is_an_error_with_what_it_said() -> None:
    with pytest.raises(FailedError, match=r"ended with 3: no pool"):
        run(python("import sys; print('no pool', file=sys.stderr); sys.exit(3)"))


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="the system does not tell the memory")
def test_memory_is_that_of_all_processes_together() -> None:
    child = f"x = b'x' * {60 * _MIB}; import time; time.sleep(0.5)"
    code = f"""
import subprocess, sys
children = [subprocess.Popen([sys.executable, "-c", {child!r}]) for _ in "12"]
for each in children: each.wait()
"""
    alone, together = (watched(python(each)).peak for each in (child, code))
    assert alone is not None
    assert together is not None
    assert 60 * _MIB < alone < 100 * _MIB
    assert 120 * _MIB < together < 200 * _MIB
