"""Both type checkers, where they are installed, as a user runs them on files of his own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

collect_ignore = ["programs"]  # these are run, not imported

#: The commands of each checker, any of which will do, and its options. basedpyright comes with the Node that it needs.
CHECKERS = {
    "mypy": (
        ("mypy",),
        [
            "--strict",
            "--config-file=",
            "--disable-error-code=import-untyped",
            f"--python-executable={sys.executable}",
            f"--cache-dir={ROOT / '.mypy_cache' / 'library'}",
        ],
    ),
    "pyright": (("pyright", "basedpyright"), ["--pythonpath", sys.executable]),
}


def _command(name: str) -> str | None:
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return shutil.which(name, path=beside)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Run the checkers in one process, since two of mypy that share a cache fail."""
    item.add_marker(pytest.mark.xdist_group("types"))


@pytest.fixture(params=CHECKERS)
def type_errors(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., list[str]]:
    """The errors that a checker finds in files; each checker in turn."""
    names, options = CHECKERS[request.param]
    command = next(filter(None, map(_command, names)), None)
    if command is None:
        pytest.skip(f"{request.param} is not installed: pip install {names[-1]}")
    (tmp_path / "pyrightconfig.json").write_text(json.dumps({"typeCheckingMode": "standard"}), encoding="utf-8")
    places = {"MYPYPATH": str(ROOT), "PYTHONPATH": str(ROOT)}  # what an installed package needs not

    def check(*files: Path) -> list[str]:
        done = subprocess.run(
            [command, *options, *map(str, files)],
            cwd=tmp_path, env={**os.environ, **places}, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode in {0, 1}, done.stdout + done.stderr
        lines = [line.strip() for line in done.stdout.splitlines() if "error:" in line or " - error" in line]
        return [line for line in lines if any(path.name in line.split(":")[0] for path in files)]

    return check
