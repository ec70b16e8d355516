"""What commands print, as in a terminal: `transcripts/SCENE.txt` has every command that is run in a scene.

`python -m tests.cli.recorder` writes the files anew, for somebody who has changed words; the difference shows which.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from solver.app.cli import main
from tests.cli.scenes import SCENES

FOLDER = Path(__file__).parent / "transcripts"


def lines_of(scene: str) -> Iterator[tuple[str, str]]:
    """The commands of a scene, and what is printed."""
    _, *parts = re.split(r"^\$ asnsolve ", (FOLDER / f"{scene}.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)
    for part in parts:
        line, _, printed = part.partition("\n")
        yield line, printed.strip("\n")


def state(folder: Path) -> dict[str, tuple[int, int]]:
    """What changes when something is written, by the name of the file or folder that it is in."""
    every = sorted(folder.rglob("*"))
    return {str(path.relative_to(folder)): (path.lstat().st_ino, path.lstat().st_mtime_ns) for path in every}


def run(line: str) -> str:
    """What a command prints, writes and returns; what is another each time is replaced."""
    out, err, before = io.StringIO(), io.StringIO(), state(Path())
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(shlex.split(line))
        except SystemExit as end:  # as the parser of the command line ends
            code = int(end.code or 0)
            err = io.StringIO(re.sub(r" \(choose from.*?\)", "", err.getvalue()))
    text = (out.getvalue() + err.getvalue()).replace(str(Path.cwd()), "HERE")
    text = re.sub(r"in \d+\.\d\d s", "in N s", text)
    written = sorted({Path(name).parts[0] for name, _ in state(Path()).items() - before.items()})
    assert code != 2 or (out.getvalue(), written) == ("", [])
    ends = [f"(wrote {', '.join(written)})"] if written else []
    ends += [f"(exit code {code})"] if code else []
    return "\n".join([*(each.rstrip() for each in text.splitlines()), *ends])


def write_anew() -> None:
    """Run all commands, and keep what they print."""
    for scene, build in SCENES.items():
        written = []
        with tempfile.TemporaryDirectory() as built:
            os.chdir(built)
            with redirect_stdout(io.StringIO()):
                build(Path(built))
            for line, _ in lines_of(scene):
                with tempfile.TemporaryDirectory() as folder:
                    shutil.copytree(built, folder, dirs_exist_ok=True)
                    os.chdir(folder)
                    written.append(f"$ asnsolve {line}\n{run(line)}\n")
        (FOLDER / f"{scene}.txt").write_text("\n".join(written), encoding="utf-8")


if __name__ == "__main__":
    write_anew()
