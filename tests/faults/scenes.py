"""Runs that something happens to: what was there before, what they make undisturbed, and what must hold after all."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from solver import load
from solver.errors import AsnsolveError
from solver.storage.manifest import JOURNAL, MANIFEST, runs_in
from tests.cli.conftest import many_programs

#: Runs a command line in the current folder; the exit code.
Runner = Callable[[Sequence[str]], int]

#: Where results go, beside the pools.
OUT = Path("out")


@dataclass(frozen=True, slots=True)
class Scene:
    """A run, and what its place has before.

    Attributes:
        name: what it is called.
        command: the command line; results go to `OUT`.
        before: command lines that are run on the former pool first.
        foreign: whether somebody else's files are in the way of all that it makes.
        archive: the file in `OUT` that is the result, where it is one.
        slow: whether it starts processes, and so is for random moments alone.
    """

    name: str
    command: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    foreign: bool = False
    archive: str | None = None
    slow: bool = False


_FOLDER = ("generate", "pool.csv", "-p", "out")
_BOTH = ("generate", "pool.csv", "other.csv", "-p", "out")
_ORPHANS = ("--save-orphans", "-p", "out")


def _archive(ending: str, *more: str) -> tuple[str, ...]:
    return ("generate", "pool.csv", "--archive", f"out/all{ending}", *more)


SCENES = (
    Scene("folder", _FOLDER),
    Scene("folder over former", (*_FOLDER, "--save-orphans"), (_FOLDER,)),
    Scene("folder over foreign", (*_FOLDER, "--overwrite"), foreign=True),
    Scene("two pools over former", _BOTH, (_BOTH,)),
    Scene("lines", _archive(".jsonl.zst"), archive="all.jsonl.zst"),
    Scene("lines over former", _archive(".jsonl.zst"), (_archive(".jsonl.zst"),), archive="all.jsonl.zst"),
    Scene("lines with orphans over former", _archive(".jsonl.gz", *_ORPHANS), (_archive(".jsonl.gz", *_ORPHANS),),
          archive="all.jsonl.gz"),
    Scene("tables over former", _archive(".parquet"), (_archive(".parquet"),), archive="all.parquet"),
    Scene("extract over former", ("extract", "all.jsonl", "-p", "out"),
          (("generate", "pool.csv", "--archive", "all.jsonl"), ("extract", "all.jsonl", "-p", "out"))),
    Scene("folder, 2 workers", (*_FOLDER, "--workers", "2"), (_FOLDER,), slow=True),
    Scene("lines, 2 workers", _archive(".jsonl.zst", "--workers", "2"), (_archive(".jsonl.zst"),),
          archive="all.jsonl.zst", slow=True),
)  # fmt: skip


@dataclass(slots=True)
class Stage:
    """A folder with pools in which a scene is played again and again.

    Attributes:
        scene: what is played.
        former: the results that are there before, by file name; bytes.
        undisturbed: what a run makes of it to which nothing happens.
    """

    scene: Scene
    former: Mapping[str, bytes] = field(default_factory=dict)
    undisturbed: Mapping[str, bytes] = field(default_factory=dict)

    def prepare(self, run: Runner, former: str, now: str) -> None:
        """Make the former results and those of an undisturbed run, in the current folder.

        Args:
            run: runs a command line to its end.
            former: text of the pool before.
            now: text of the pool of the run.
        """
        Path("other.csv").write_text(many_programs(2), encoding="utf-8")
        for text, commands in ((former, self.scene.before), (now, (self.scene.command,))):
            Path("pool.csv").write_text(text, encoding="utf-8")
            if self.scene.command[0] == "extract" and text == now:
                assert run(self.scene.before[0]) == 0
            for command in commands:
                assert run(command) == 0, command
            if text == former:
                self.former = files_in(OUT)
        self.undisturbed = files_in(OUT)
        if self.scene.foreign:
            self.former = {name: b"somebody else's\n" for name in self.undisturbed if name != MANIFEST}

    def reset(self) -> None:
        """Put the former results back."""
        shutil.rmtree(OUT, ignore_errors=True)
        if self.former:
            OUT.mkdir()
            for name, content in self.former.items():
                (OUT / name).write_bytes(content)

    def problems(self) -> list[str]:
        """What does not hold after a run to which something happened; see the tests."""
        found = {} if not OUT.exists() else files_in(OUT)
        results = {name: content for name, content in found.items() if not is_bookkeeping(name)}
        torn = [
            name for name, content in results.items()
            if content not in {self.former.get(name), self.undisturbed.get(name)}
        ]  # fmt: skip
        problems = [f"{name} is neither the former file nor the new one" for name in torn]
        if self.scene.archive is not None and not self._archive_is_one(results):
            problems.append("the archive is neither the former nor the new one, and is not refused")
        if self.scene.archive is None and not self._folder_is_one(results) and not is_refused(OUT):
            problems.append("the folder is neither the former result nor the new one, and is not refused")
        return problems

    def problems_after_rerun(self, run: Runner) -> list[str]:
        """What does not hold after the run was done again, undisturbed."""
        code = run(self.scene.command)
        if code:
            return [f"the run done again ends with {code}"]
        found = files_in(OUT)
        differing = [
            name for name in found.keys() | self.undisturbed.keys() if found.get(name) != self.undisturbed.get(name)
        ]
        return [f"the run done again leaves another {name}" for name in sorted(differing)]

    def _folder_is_one(self, results: Mapping[str, bytes]) -> bool:
        return any(
            results == {name: content for name, content in whole.items() if not is_bookkeeping(name)}
            for whole in (self.former, self.undisturbed)
        )

    def _archive_is_one(self, results: Mapping[str, bytes]) -> bool:
        """Whether the files of the archive are all former, or all new; of two that are not, reading is refused."""
        archive = str(self.scene.archive)
        names = {archive, archive.replace(".parquet", ".members.parquet")}
        for whole in (self.former, self.undisturbed):
            if all(results.get(name) == whole.get(name) for name in names):
                return True
        return len(names) > 1 and is_refused(OUT / archive)


def files_in(folder: Path) -> dict[str, bytes]:
    """What is in a folder and below, by name; records of runs all start and end at one time."""
    return {
        path.relative_to(folder).as_posix(): b"" if path.is_dir() else _TIMES.sub(_ONE_TIME, path.read_bytes())
        for path in (folder.rglob("*") if folder.exists() else ())
    }


_ONE_TIME = rb'"\1": "2026-01-01T00:00:00+00:00"'
_TIMES = re.compile(rb'"(started|ended)": "[^"]*"')


def is_bookkeeping(name: str) -> bool:
    """Whether a file is none of the results: manifest and journal, and what is in the making."""
    return name in {MANIFEST, JOURNAL} or name.startswith(".asnsolve-")


def is_refused(path: Path) -> bool:
    """Whether reading results is an error, as it is for all commands that read."""
    if path.is_dir() and any(not run.complete for run in runs_in(path)):
        try:
            load(path)
        except AsnsolveError:
            return True
        return False
    try:
        load(path)
    except AsnsolveError:
        return True
    return False
