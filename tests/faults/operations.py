"""The process is killed, or the disk fails, at the k-th operation on files, for every k.

It runs by itself, in a process without threads, since it forks: `python -m tests.faults.operations WHAT`.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import resource
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout, suppress
from io import StringIO
from itertools import islice
from pathlib import Path

from solver.app import extract, generate  # the command line loads them late, and then every child would
from solver.app.cli import main as asnsolve
from tests.cli.conftest import many_programs
from tests.faults.scenes import OUT, SCENES, Scene, Stage, files_in
from tests.fuzz.running import files_in as everything_in

assert extract, generate

#: Audit events that Python raises before an operation on a path.
_OPERATIONS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.scandir", "os.listdir"}

#: What may happen, to what it does at the moment.
HAPPENINGS: dict[str, Callable[[], None]] = {
    "SIGKILL": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "SIGTERM": lambda: os.kill(os.getpid(), signal.SIGTERM),
    "SIGINT": lambda: os.kill(os.getpid(), signal.SIGINT),
    "ENOSPC": lambda: _fail(errno.ENOSPC),
    "EROFS": lambda: _fail(errno.EROFS),
}

#: Exit codes with which a run may end to which this happened; 0 where it did not matter.
_CODES = {
    "SIGKILL": {0, -signal.SIGKILL},
    "SIGTERM": {0, 143},
    "SIGINT": {0, 130},
    "ENOSPC": {0, 2},
    "EROFS": {0, 2},
    "full": {0, 2},
}

#: What a run prints that has results for some of its pools only; its exit code is 1.
_PARTLY = "asnsolve generate: error: no results for 1 pool of 2, for the reasons above"

#: Bytes that files may have when the disk fills up.
_ROOM = (0, 1, 19, *range(20, 1_500, 97), *range(1_500, 20_000, 977))


def _fail(number: int) -> None:
    raise OSError(number, os.strerror(number))


def played(command: Sequence[str], disturb: Callable[[], None] | None = None) -> tuple[int, str]:
    """Run a command line in a process of its own: the exit code, negative for a signal, and its output."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 70
        try:
            os.dup2(writing, 1)
            os.dup2(writing, 2)
            sys.stdout, sys.stderr = (open(each, "w", closefd=False) for each in (1, 2))  # noqa: SIM115
            signal.signal(signal.SIGINT, signal.default_int_handler)
            if disturb is not None:
                disturb()
            code = asnsolve(command)
        except BaseException:  # noqa: BLE001 (whatever it is, it is looked for in the output)
            traceback.print_exc()
        finally:
            with suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)
    os.close(writing)
    with open(reading, encoding="utf-8", errors="replace") as stream:  # noqa: PTH123 (a pipe has no path)
        printed = stream.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), printed


def at(number: int, happen: Callable[[], None], seen: Callable[[], None] | None = None) -> Callable[[], None]:
    """What makes something happen before the operation of this number, counted from 1, in the current folder."""
    here, count, looking = str(Path.cwd()), 0, False

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count, looking
        if looking or event not in _OPERATIONS or not isinstance(arguments[0], (str, os.PathLike)):
            return
        if not str(Path.cwd() / os.fspath(arguments[0])).startswith(here):
            return
        count += 1
        if seen is not None:
            looking = True
            seen()
            looking = False
        if count == number:
            happen()

    return lambda: sys.addaudithook(hook)


def operations_of(command: Sequence[str]) -> list[bool]:
    """The operations of a run: for each, whether the files have changed since the one before."""
    reading, writing = os.pipe()
    files: dict[str, bytes] = {}

    def look() -> None:
        nonlocal files
        before, files = files, everything_in(Path.cwd())
        os.write(writing, bytes([files != before]))

    played(command, at(0, lambda: None, look))
    os.close(writing)
    with open(reading, "rb") as stream:  # noqa: PTH123 (a pipe has no path)
        return [bool(changed) for changed in stream.read()]


def disturbances(stage: Stage, what: str) -> Iterator[tuple[str, Callable[[], None]]]:
    """All that may happen of a kind to a run: where, and what makes it happen.

    A run that is killed leaves the files as they are, so it is killed once for each state that they go through.
    """
    if what == "full":
        for room in _ROOM:
            yield (
                f"files of at most {room} bytes",
                lambda room=room: resource.setrlimit(  # type: ignore[misc]
                    resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY)
                ),
            )
        return
    stage.reset()
    for number, changed in enumerate(operations_of(stage.scene.command), start=1):
        if changed or what != "SIGKILL":
            yield f"operation {number}", at(number, HAPPENINGS[what])


def play(scene: Scene, what: str, every: int = 1) -> tuple[int, list[str]]:
    """Play a scene with all that may happen of a kind, or every so-many-th: how often, and what did not hold."""
    former, now = many_programs(1).replace("F560W", "F770W"), many_programs(1)
    stage, problems, count = Stage(scene), [], 0
    stage.prepare(lambda command: played(command)[0], former, now)
    with redirect_stdout(StringIO()):
        asnsolve(scene.command)  # so that the children find imports and compiled rules
    for where, disturb in islice(disturbances(stage, what), 0, None, every):
        count += 1
        stage.reset()
        code, printed = played(scene.command, disturb)
        found = stage.problems()
        if "Traceback" in printed:
            found.append(f"there is a traceback: {printed}")
        if code not in _CODES[what] and not (code == 1 and _PARTLY in printed):
            found.append(f"it ends with {code}: {printed}")
        if what == "full" and any(name.startswith(".asnsolve-") for name in files_in(OUT)):
            found.append("a file in the making is left")
        if code == 2 and "error: " not in printed:
            found.append(f"there is no message: {printed}")
        found += stage.problems_after_rerun(lambda command: played(command)[0])
        problems += [f"{scene.name}, {what}, {where}: {each}" for each in found]
    return count, problems


def play_somewhere(scene: Scene, what: str, every: int) -> tuple[int, list[str]]:
    """Play a scene in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            return play(scene, what, every)
        finally:
            os.chdir("/")


def serve() -> None:
    """Play what is asked for, a line of JSON each, and answer with a line: how often, and what did not hold."""
    scenes = {scene.name: scene for scene in SCENES}
    for line in sys.stdin:
        what, every, scene = json.loads(line)
        sys.stdout.write(json.dumps(play_somewhere(scenes[scene], what, every)) + "\n")
        sys.stdout.flush()


def main() -> int:
    """Play; 1 if something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="+", choices=[*HAPPENINGS, "full"])
    parser.add_argument("--scene", action="append", help="only this one")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th place where it may happen")
    options = parser.parse_args()
    wrong = 0
    for scene in SCENES:
        if scene.slow or scene.name not in (options.scene or [scene.name]):
            continue
        for what in options.what:
            count, problems = play_somewhere(scene, what, options.every)
            sys.stdout.write(f"{scene.name:32} {what:8} {count:5,} times, {len(problems):,} problems\n")
            sys.stdout.writelines(f"  {each}\n" for each in problems)
            wrong += len(problems)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
