"""Other processes and other machines solve the parts: the same bytes, and no half results if one comes to grief."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from benchmarks.simulator import simulate, write_pool
from solver import Pool
from solver.app.cli import main
from solver.batch import executors
from solver.batch.many_pools import Batch
from solver.batch.parts import Job, solve_part
from solver.default import default_rules
from solver.errors import SolvingError
from solver.pools import pool_text
from solver.progress import Reporter
from solver.solving import shards
from solver.solving.generation import Request
from tests.cli.conftest import contents, many_programs
from tests.cli.scenes import MINE

#: Endings of archives, one for each way in which processes make pieces of them.
KINDS = (".jsonl.zst", ".parquet")


@pytest.fixture
def programs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a simulated pool of seven programs, each of which is a part, and a rule file."""
    monkeypatch.setattr(shards, "SHARD_SIZE", 1)
    write_pool(list(simulate(3, programs=7, exposures=200)), folder / "pool.csv")
    (folder / "mine.py").write_text(MINE, encoding="utf-8")
    return folder


def generate(*arguments: str) -> int:
    return main(["generate", "pool.csv", *arguments])


# --- Processes ----------------------------------------------------------------------------------


def test_two_processes_write_the_same_bytes_as_one(programs: Path) -> None:
    for workers in "12":
        out = f"out{workers}"
        assert generate("-p", out, "--workers", workers, "--save-orphans", "-r", "mine.py") == 0
        for ending in KINDS:
            assert generate("--archive", f"{out}/all{ending}", "--workers", workers, "-r", "mine.py") == 0
    assert any("mine3" in name for name in contents(programs / "out1"))
    assert contents(programs / "out1") == contents(programs / "out2")


def test_they_print_the_same(programs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del programs
    outputs = []
    for workers in "12":
        assert generate("--dry-run", "--json", "--workers", workers) == 0
        outputs.append(capsys.readouterr())
    assert outputs[0] == outputs[1]
    assert len(outputs[0].out) > 1_000


def test_processes_go_from_one_pool_to_the_next(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (programs / "other.csv").write_text(many_programs(90, 91), encoding="utf-8")
    pools_at_once = []
    submit = executors.Processes.submit

    def noted(self: executors.Processes, job: bytes, pool: Pool, *former: Any) -> Any:
        pools_at_once.append(pool.name)
        return submit(self, job, pool, *former)

    monkeypatch.setattr(executors.Processes, "submit", noted)
    assert main(["generate", "pool.csv", "other.csv", "-p", "both", "--workers", "2"]) == 0
    assert pools_at_once == ["pool.csv"] * 7 + ["other.csv"] * 2
    for name in ("pool.csv", "other.csv"):
        assert main(["generate", name, "-p", "alone"]) == 0
    assert contents(programs / "both") == contents(programs / "alone")


def signalling(number: signal.Signals, monkeypatch: pytest.MonkeyPatch, *, to: slice) -> list[int]:
    """When the first outcome is to come, send a signal to these of the processes; gives their ids."""
    result, sent = executors.Processes.result, list[int]()

    def and_signal(self: executors.Processes, future: Any) -> Any:
        if not sent:
            sent.extend(list(self._processes)[to])
            for process in sent:
                os.kill(process, number)
        return result(self, future)

    monkeypatch.setattr(executors.Processes, "result", and_signal)
    return sent


@pytest.mark.parametrize(
    "where", [["-p", "out"], ["--archive", "all.jsonl.zst"], ["--archive", "all.parquet"]], ids=str
)
def test_a_process_that_dies_is_an_error_and_leaves_no_part(
    where: list[str], programs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(programs)
    signalling(signal.SIGKILL, monkeypatch, to=slice(1))
    assert generate(*where, "--workers", "2") == 2
    assert capsys.readouterr() == (
        "",
        (
            "asnsolve generate: error: a worker process ended by signal 9, perhaps for lack of memory; "
            "try fewer --workers\n"
        ),
    )
    assert contents(programs) == before


def test_processes_that_are_stopped_are_given_up_and_leave_no_part(
    programs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(programs)
    stopped = signalling(signal.SIGSTOP, monkeypatch, to=slice(2))
    monkeypatch.setattr(executors, "_BEAT", 0.5)
    monkeypatch.setattr(executors, "_SILENCE", 3.0)
    assert generate("--archive", "all.jsonl", "--workers", "2") == 2
    assert capsys.readouterr() == (
        "",
        (
            "asnsolve generate: error: a worker process gave no sign of life for 3 s: it is stopped, or the machine "
            "has no memory left; try fewer --workers\n"
        ),
    )
    assert contents(programs) == before
    assert len(stopped) == 2
    until(lambda: not any(Path(f"/proc/{process}").exists() for process in stopped))


@pytest.mark.thorough
def test_a_part_that_takes_long_is_waited_for(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Longer than a process may be silent: each takes its time when it loads the rule file."""
    slow = "\nimport multiprocessing, time\ntime.sleep(6 if multiprocessing.parent_process() else 0)\n"
    (programs / "mine.py").write_text(MINE + slow, encoding="utf-8")
    monkeypatch.setattr(executors, "_BEAT", 0.2)
    monkeypatch.setattr(executors, "_SILENCE", 4.0)
    assert generate("-r", "mine.py", "--dry-run", "--workers", "2") == 0


def test_what_a_part_cannot_do_is_reported_as_without_processes(
    programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other engine gives up where a candidate has too many exposures; the old archive stays."""
    rule = MINE.replace('same("targetid")', 'within("visit", 9)')
    (programs / "mine.py").write_text(rule, encoding="utf-8")
    rows = [f"m{i}_{line}" for line in many_programs(7).splitlines()[1:2] for i in range(20)]
    (programs / "pool.csv").write_text("\n".join([many_programs(7).rstrip(), *rows]), encoding="utf-8")
    assert generate("--archive", "all.jsonl", "--level", "2") == 0
    before = contents(programs)
    capsys.readouterr()
    outputs = []
    for workers in "12":
        options = ["-r", "mine.py", "--ignore-default", "--engine", "constraint"]
        assert generate("--archive", "all.jsonl", "--workers", workers, *options) == 2
        outputs.append(capsys.readouterr())
    assert outputs[0] == outputs[1]
    assert outputs[0].err.startswith("asnsolve generate: error: Asn_Mine on candidate ('c1000', 'group'): more than 14")
    assert contents(programs) == before


@pytest.mark.sampled(3)
@pytest.mark.parametrize("options", [["--keep-first"], ["-i", "o001"], [], ["-r", "mine.py"]])
def test_processes_that_read_the_parts_write_the_same_bytes(
    programs: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    monkeypatch.setattr(pool_text, "_LARGE", 0)
    for workers in "12":
        if not options:
            assert generate("-p", f"out{workers}", "--workers", workers) == 0
        assert generate("--archive", f"out{workers}/all.jsonl.zst", "--workers", workers, *options) == 0
    assert contents(programs / "out1") == contents(programs / "out2")


@pytest.mark.parametrize("cell", ["no candidates", "[('o001', 'OBSERVATION')]|more"])
def test_what_is_wrong_with_a_pool_is_reported_with_its_line_whoever_reads_it(
    programs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], cell: str
) -> None:
    monkeypatch.setattr(pool_text, "_LARGE", 0)
    header, *rows = (programs / "pool.csv").read_text(encoding="utf-8").splitlines()
    cells = rows[150].split("|")
    cells[header.lower().split("|").index("asn_candidate")] = cell
    rows[150] = "|".join(cells)
    (programs / "pool.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    outputs = []
    for workers in "12":
        assert generate("--archive", "all.jsonl", "--workers", workers) == 2
        outputs.append(capsys.readouterr().err)
    assert outputs[0] == outputs[1]
    assert "line 152" in outputs[0]
    assert not (programs / "all.jsonl").exists()


def test_an_error_of_the_program_in_a_process_is_reported_and_leaves_no_part(
    programs: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The rule file breaks the program where processes load it: something that nobody can foresee."""
    breaks = "from solver.solving import generation\n    generation.compile_rule = None\n"
    (programs / "mine.py").write_text(
        f"{MINE}\nimport multiprocessing\nif multiprocessing.parent_process() is not None:\n    {breaks}",
        encoding="utf-8",
    )
    before = contents(programs)
    assert generate("-r", "mine.py", "--archive", "all.jsonl", "--workers", "2") == 2
    output = capfd.readouterr()
    assert "TypeError: 'NoneType' object is not callable" in output.err
    assert output.err.endswith(
        "asnsolve generate: error: a worker process failed; its traceback is above. This is a bug in asnsolve\n"
    )
    assert contents(programs) == before


def test_a_rule_file_that_fails_in_a_process_is_named(programs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (programs / "mine.py").write_text(
        MINE + "\nimport multiprocessing\nassert multiprocessing.parent_process() is None\n", encoding="utf-8"
    )
    before = contents(programs)
    assert generate("-r", "mine.py", "--archive", "all.jsonl", "--workers", "2") == 2
    assert capsys.readouterr().err == "asnsolve generate: error: mine.py: line 13: AssertionError: \n"
    assert contents(programs) == before


def test_a_worker_of_another_version_refuses() -> None:
    other = Job(default_rules(), Request(), software="asnsolve 0.0.0")
    pool = Pool.from_rows([{
        "filename": "a", "program": "1", "instrume": "x", "exp_type": "x", "asn_candidate": "",
    }])  # fmt: skip
    outcome = solve_part(other, pool, Reporter())
    assert isinstance(outcome, SolvingError)
    assert str(outcome).endswith("not asnsolve 0.0.0; install the same version on both")


#: Starts a run that takes long, in many parts.
LONG = """
import signal
import sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
from solver import Pool
from solver.app.cli import main
from solver.solving import shards
shards.SHARD_SIZE = 1
sys.exit(main(["generate", "pool.csv", "--engine", "constraint", *sys.argv[1:]]))
"""


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("ending", [".jsonl.gz", ".parquet"])
@pytest.mark.sampled(3)
def test_an_interrupted_run_leaves_the_old_archive_and_nobody_behind(workers: str, ending: str, programs: Path) -> None:
    assert generate("--archive", f"all{ending}", "--level", "2") == 0
    before = contents(programs)
    write_pool(list(simulate(3, programs=7, exposures=10_000)), programs / "pool.csv")
    before["pool.csv"] = (programs / "pool.csv").read_bytes()
    command = [sys.executable, "-c", LONG, "--archive", f"all{ending}", "--workers", workers]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        until(lambda: len(list(programs.glob(".asnsolve-*"))) > 0)
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)
        out, errors = process.communicate(timeout=30)
    assert (process.returncode, out, errors) == (130, "", "asnsolve generate: interrupted\n")
    assert contents(programs) == before
    until(lambda: not alive(process.pid))


def test_an_interrupt_while_processes_start_is_not_lost(
    programs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    submit = ProcessPoolExecutor.submit

    def interrupted(self: ProcessPoolExecutor, *arguments: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return submit(self, *arguments)

    monkeypatch.setattr(ProcessPoolExecutor, "submit", interrupted)
    before = contents(programs)
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    try:
        assert generate("--workers", "2") == 130
    finally:
        signal.signal(signal.SIGINT, handler)
    assert capsys.readouterr().err == "asnsolve generate: interrupted\n"
    assert contents(programs) == before


def test_no_process_outlives_a_run_that_is_killed(programs: Path) -> None:
    write_pool(list(simulate(3, programs=7, exposures=10_000)), programs / "pool.csv")
    command = [sys.executable, "-c", LONG, "--dry-run", "--workers", "2"]
    with subprocess.Popen(command, start_new_session=True) as process:
        until(lambda: len(children(process.pid)) > 2)  # the standard library has one of its own
        time.sleep(0.5)
        process.kill()
        process.wait()
    until(lambda: not alive(process.pid))


def children(process: int) -> list[str]:
    """The processes that a process has started."""
    return Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()


def until(holds: Any) -> None:
    """Wait, but not for ever."""
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def alive(group: int) -> bool:
    """Whether a process of the group is there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


# --- Dask ---------------------------------------------------------------------------------------

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="needs dask.distributed: pip install 'asnsolve[dask]'"
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A dask cluster of two processes on this machine."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as made:
        yield made


@needs_dask
@pytest.mark.xdist_group("cluster")
def test_a_cluster_writes_the_same_bytes(programs: Path, cluster: Any) -> None:
    for out, options in (("here", []), ("there", ["--dask", cluster.scheduler_address])):
        assert generate("-p", out, "-r", "mine.py", *options) == 0
        for ending in KINDS:
            assert generate("--archive", f"{out}/all{ending}", "-r", "mine.py", *options) == 0
    assert any("mine3" in name for name in contents(programs / "here"))
    assert contents(programs / "here") == contents(programs / "there")


@needs_dask
@pytest.mark.xdist_group("cluster")
def test_if_a_worker_of_a_cluster_is_killed_nothing_is_lost_and_nothing_is_there_twice(
    programs: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert generate("--archive", "here.jsonl") == 0
    killed: list[int] = []
    taken: list[str] = []
    take = Batch.take

    def and_kill(self: Batch, task: Any, outcome: Any) -> None:
        """After the first part, kill a worker that others were handed to; any, where all are done on a busy machine."""
        take(self, task, outcome)
        taken.append(task.pool.file_names[0])
        if not killed:
            at_work = {address for address, state in cluster.scheduler.workers.items() if state.processing}
            worker = max(cluster.workers.values(), key=lambda each: each.worker_address in at_work)
            killed.append(worker.pid)
            os.kill(worker.pid, signal.SIGKILL)

    monkeypatch.setattr(Batch, "take", and_kill)
    assert generate("--archive", "there.jsonl", "--dask", cluster.scheduler_address) == 0
    assert len(killed) == 1
    assert len(taken) == len(set(taken)) == 7
    assert (programs / "there.jsonl").read_bytes() == (programs / "here.jsonl").read_bytes()


@needs_dask
@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("nonsense", "--dask 'nonsense' is not an address of a scheduler, such as tcp://10.0.0.1:8786"),
        ("tcp://127.0.0.1:1", "--dask tcp://127.0.0.1:1: no scheduler with workers answers there: "),
    ],
)
def test_a_cluster_that_is_not_there_is_reported(
    address: str, message: str, programs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(programs)
    monkeypatch.setattr(executors, "_PATIENCE", 1)
    assert generate("--archive", "all.jsonl", "--dask", address) == 2
    assert capsys.readouterr().err.startswith(f"asnsolve generate: error: {message}")
    assert contents(programs) == before


def test_without_dask_the_message_says_how_to_install_it(
    programs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    before = contents(programs)
    assert generate("--dask", "tcp://127.0.0.1:8786") == 2
    assert capsys.readouterr().err == (
        "asnsolve generate: error: --dask needs distributed, which is not installed; "
        "run: pip install 'asnsolve[dask]'\n"
    )
    assert contents(programs) == before
