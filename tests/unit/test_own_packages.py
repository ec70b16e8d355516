"""Where another package has the place of `rules` or `solver`, that is said in a sentence, with what to do about it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
THEIRS = "def test_rule(name): ...\n"

REINSTALL = "pip uninstall strict-rules && pip install --force-reinstall asnsolve"
MOVE = "rename it, or run from another folder"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with our packages, as pip would make it."""
    folder = tmp_path / "installed"
    shutil.copytree(ROOT / "rules", folder / "rules", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("asnsolve", "solver"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def plant(folder: Path, path: str, text: str = THEIRS, *, owner: str | None = None) -> Path:
    """Put a file into a folder, as of another distribution if one is named."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    if owner is not None:
        about = folder / f"{owner.replace('-', '_')}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {owner}\nVersion: 1.0\n", encoding="utf-8")
        (about / "RECORD").write_text(f"{path},,\n", encoding="utf-8")
    return file


def run(*words: str, path: tuple[Path, ...]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    return subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, check=False, cwd=path[0]
    )


IMPORT = ("-c", "import solver")
COMMAND = ("-m", "asnsolve", "--version")


@pytest.mark.parametrize("words", [IMPORT, COMMAND], ids=["import", "command"])
@pytest.mark.parametrize(
    "text", [THEIRS, "import rules.nothing\n", "raise RuntimeError('configure me')\n", "print 1\n"]
)
@pytest.mark.sampled(3)
def test_rules_that_another_distribution_replaced(words: tuple[str, ...], text: str, installed: Path) -> None:
    file = plant(installed, "rules/__init__.py", text, owner="strict-rules")
    done = run(*words, path=(installed,))
    said = (
        f"{file} belongs to the package strict-rules, which takes the place of asnsolve's 'rules'; install asnsolve in "
    )
    assert said in done.stderr.splitlines()[-1]
    assert done.stderr.endswith(f"{REINSTALL}\n")
    assert done.returncode == (1 if words == IMPORT else 2)


@pytest.mark.parametrize("words", [IMPORT, COMMAND], ids=["import", "command"])
@pytest.mark.parametrize("path", ["rules.py", "rules/__init__.py"])
@pytest.mark.sampled(3)
def test_rules_of_the_user_that_are_found_first(
    words: tuple[str, ...], path: str, installed: Path, tmp_path: Path
) -> None:
    file = plant(tmp_path / "mine", path)
    done = run(*words, path=(tmp_path / "mine", installed))
    assert done.stderr.splitlines()[-1].endswith(f"{file} takes the place of asnsolve's package 'rules'; {MOVE}")


def test_rules_of_another_version_of_ours(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rules", tmp_path / "old" / "rules")
    done = run(*IMPORT, path=(tmp_path / "old", installed))
    assert done.stderr.splitlines()[-1].endswith(f"'rules'; {MOVE}")


@pytest.mark.parametrize("path", ["solver.py", "solver/__init__.py"])
def test_the_command_says_whose_the_solver_is(path: str, installed: Path, tmp_path: Path) -> None:
    file = plant(tmp_path / "mine", path, owner="strict-rules")
    done = run(*COMMAND, path=(tmp_path / "mine", installed))
    said = (
        f"asnsolve: error: {file} belongs to the package strict-rules, which takes the place of asnsolve's 'solver'; "
    )
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert done.returncode == 2


def test_what_is_missing_is_said_to_be_missing(installed: Path) -> None:
    shutil.rmtree(installed / "rules")
    done = run("-S", "-c", "import solver", path=(installed,))
    said = "the package 'rules' is missing; run: pip install --force-reinstall asnsolve"
    assert done.stderr.splitlines()[-1].endswith(said)


def test_ours_are_ours(installed: Path) -> None:
    done = run(*COMMAND, path=(installed,))
    assert done.stdout.startswith("asnsolve ")
    assert (done.returncode, done.stderr) == (0, "")
