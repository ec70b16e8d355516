"""Results of a run that was interrupted, pools that change meanwhile, and standard streams that fail."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from solver import PoolError, load
from solver.app import generate
from solver.app.cli import main
from solver.errors import AssociationError, WorkerError
from solver.pools.pool import Pool
from solver.storage import loading as reading
from solver.storage import results as writing
from solver.storage.manifest import JOURNAL, MANIFEST
from solver.whole_files.writing import write_whole
from tests.cli.conftest import contents, many_programs


@pytest.fixture
def interrupted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder `out` whose run on two pools was interrupted while it wrote the second one's first file."""
    (folder / "other.csv").write_text(many_programs(2), encoding="utf-8")
    replace = write_whole

    def interrupt(path: Path, content: bytes) -> None:
        if path.name.startswith("jw00002"):
            raise KeyboardInterrupt
        replace(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(writing, "write_whole", interrupt)
        assert main(["generate", "pool.csv", "other.csv", "-p", "out"]) == 130
    return folder


@pytest.mark.parametrize(
    "command",
    [["compare", "out", "out"], ["check", "pool.csv", "out"], ["show", "out"], ["gather", "out", "there"]],
    ids=lambda command: command[0],
)
def test_commands_that_read_results_refuse_incomplete_ones(
    command: list[str], interrupted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(command) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == (
        f"asnsolve {command[0]}: error: out: the results of {interrupted / 'other.csv'} are incomplete: the run was "
        "interrupted, or still goes on; repeat it with the same options, or name the files that you want one by one\n"
    )
    assert not (interrupted / "there").exists()


def test_single_files_can_be_read_and_the_run_done_again_completes(interrupted: Path) -> None:
    with pytest.raises(AssociationError, match="incomplete"):
        load("out")
    assert load(*(interrupted / "out").glob("*_asn.json"))
    assert main(["generate", "other.csv", "-p", "out"]) == 0
    assert len(load("out")) == 2 * len(load(*Path("out").glob("jw00001*")))
    assert not (interrupted / "out" / JOURNAL).exists()


def test_a_pool_that_fails_keeps_the_results_that_it_had(folder: Path) -> None:
    (folder / "other.csv").write_text(many_programs(2), encoding="utf-8")
    both = ["generate", "pool.csv", "other.csv", "-p", "out"]
    assert main(both) == 0
    before = contents(folder / "out")
    (folder / "other.csv").write_text("nonsense", encoding="utf-8")
    assert main(both) == 1
    assert contents(folder / "out") == before
    runs = json.loads((folder / "out" / MANIFEST).read_text(encoding="utf-8"))["runs"]
    assert [run["complete"] for run in runs] == [True, True]
    assert reading.load("out")


def test_a_pool_that_changes_while_it_is_read_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pool, fstat, looked = folder / "pool.csv", os.fstat, list[int]()

    def and_write(file: int) -> os.stat_result:
        found = fstat(file)
        looked.append(file)
        if len(looked) == 2:  # once it is known to be a file, and its size
            with pool.open("a", encoding="utf-8") as stream:
                stream.write("\n")
        return found

    monkeypatch.setattr(os, "fstat", and_write)
    with pytest.raises(PoolError) as caught:
        Pool.read(pool)
    assert str(caught.value) == f"{pool}: it changed while it was read; wait until it is complete, and run again"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_end_is_taken_as_an_interrupt(
    number: signal.Signals, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: Any) -> int:
        signal.raise_signal(number)
        return 0

    monkeypatch.setattr(generate, "run", ended)
    started = signal.signal(number, signal.SIG_DFL)  # who started the tests may ignore it, and so would the program
    before = signal.getsignal(number)
    assert main(["generate", "pool.csv"]) == 128 + number
    assert capsys.readouterr() == ("", f"asnsolve generate: ended by {number.name}\n")
    assert signal.getsignal(number) == before
    signal.signal(number, started)
    assert contents(folder).keys() == {"pool.csv"}


#: A program that gets a signal to end while it runs code that was compiled from text.
ENDED = """
import signal
import sys
from solver.app import cli, generate
signal.signal(signal.SIGTERM, signal.SIG_DFL)  # what measures coverage handles it
generate.run = lambda _: exec("import signal; signal.raise_signal(signal.SIGTERM)")
sys.exit(cli.main(["generate", "pool.csv"]))
"""


def test_the_exit_code_is_that_of_the_signal_also_in_code_from_text(folder: Path) -> None:
    (folder / "ended.py").write_text(ENDED, encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "ended"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (128 + signal.SIGTERM, "asnsolve generate: ended by SIGTERM\n")


def of_a_lock() -> None:
    try:
        signal.raise_signal(signal.SIGINT)
    finally:
        raise RuntimeError("release unlocked lock")


def of_an_import() -> None:
    with suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGTERM)
    raise ImportError("numpy._core.multiarray failed to import")  # as compiled modules do, without the cause


def of_a_codec() -> None:
    try:
        signal.raise_signal(signal.SIGHUP)
    except KeyboardInterrupt as error:
        raise type(error)("decoding failed") from error


def of_a_worker() -> None:
    try:
        of_a_lock()
    except RuntimeError:
        raise WorkerError("--dask") from None


def of_an_object() -> None:
    class Last:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    Last()  # Python drops what is raised here
    end = time.monotonic() + 10
    while time.monotonic() < end:
        time.sleep(0.01)


#: What an interrupt becomes on its way out, and the exit code.
BECAME = {of_a_lock: 130, of_an_import: 143, of_a_codec: 129, of_a_worker: 130, of_an_object: 130}


@pytest.mark.parametrize("raises", BECAME, ids=lambda raises: raises.__name__)
def test_what_an_interrupt_became_is_reported_as_an_interrupt(
    raises: Callable[[], None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "run", lambda _: raises())
    before = {each: signal.signal(each, signal.SIG_DFL) for each in (signal.SIGTERM, signal.SIGHUP)}
    before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        code = main(["generate", "pool.csv"])
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    how = {130: "interrupted", 129: "ended by SIGHUP", 143: "ended by SIGTERM"}[BECAME[raises]]
    assert (code, capsys.readouterr().err) == (BECAME[raises], f"asnsolve generate: {how}\n")


def interrupted_at(call: int, command: str) -> tuple[int, int]:
    """The exit code of a command that is interrupted at its n-th call of a function, and how many calls it made."""
    calls = count()

    def follow(_frame: Any, event: str, _argument: Any) -> None:
        if event in {"call", "c_return"} and next(calls) == call:  # where signals come
            sys.setprofile(None)
            signal.raise_signal(signal.SIGINT)

    before, followed = signal.signal(signal.SIGINT, signal.default_int_handler), sys.getprofile()
    try:
        sys.setprofile(follow)
        return main(command.split()), next(calls)
    except KeyboardInterrupt:  # when all is done; Python ends so, too
        return 130, call
    finally:
        sys.setprofile(followed)
        signal.signal(signal.SIGINT, before)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # between opening a file and `with`
def test_an_interrupt_at_any_call_ends_with_its_code_and_the_run_can_be_repeated(folder: Path) -> None:
    command = "generate pool.csv -p out"
    assert main(command.split()) == 0  # what is imported late is imported now
    expected, (_, calls) = contents(folder / "out"), interrupted_at(-1, command)
    codes = set[int]()
    for part in range(1, 70):
        codes.add(interrupted_at(round(calls * part / 70), command)[0])
        if (folder / "out" / JOURNAL).exists():
            gc.collect()  # closes it, as the end of a process does: an interrupted exit is kept by its own frame
    assert gc.isenabled()
    assert codes <= {0, 130}
    assert 130 in codes
    assert main(command.split()) == 0
    assert contents(folder / "out").keys() == expected.keys()


def test_a_bug_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "run", Mock(side_effect=RuntimeError("a bug")))
    with pytest.raises(RuntimeError, match="a bug"):
        main(["generate", "pool.csv"])


#: what the shell does with standard output, the exit code, and the messages
STREAMS = {
    "| true": (0, ""),
    "| head -n 1 >/dev/null": (0, ""),
    ">&-": (0, ""),
    ">/dev/full": (2, "asnsolve rules: error: the output cannot be written: No space left on device\n"),
}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("stream", STREAMS)
def test_a_standard_output_that_fails_is_no_traceback(stream: str) -> None:
    code, messages = STREAMS[stream]
    command = f'set -o pipefail; "$0" -m solver.app rules Asn_Lv3Image {stream}'
    quiet = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        ["/bin/bash", "-c", command, sys.executable], env=quiet, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (code, messages)
