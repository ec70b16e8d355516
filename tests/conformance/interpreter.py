"""The Python that has the reference, jwst 3.0.0, and runs of it."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.conformance.canonical import Entry, comparable, theirs

VERSION = "3.0.0"
VARIABLE = "ASNSOLVE_REFERENCE_PYTHON"

#: An older release, of which the rules are known here, and what names a Python that has it.
OLDER_VERSION = "2.0.1"
OLDER_VARIABLE = "ASNSOLVE_REFERENCE_2_0_1_PYTHON"
LOCAL = Path(".venv-reference", "bin", "python")

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parents[1]
_SCRIPT = _HERE / "reference.py"
_LONGEST = 1800  # seconds


class NoReferenceError(Exception):
    """No Python with the reference is known; the message says what to do."""


def find() -> str:
    """The Python that has the reference.

    It is the one that the variable names, else that of the environment `.venv-reference` in the project's
    folder, else the one that runs.

    Raises:
        NoReferenceError: there is none.
        RuntimeError: the one that was named or found does not have the reference.
    """
    named = os.environ.get(VARIABLE)
    if not named and not (_ROOT / LOCAL).exists():
        if _installed_here() == VERSION:
            return sys.executable
        raise NoReferenceError(
            f"no jwst {VERSION} to compare with: set {VARIABLE} to a Python that has it, "
            f"or make one with `python -m venv .venv-reference` and `{LOCAL} -m pip install jwst=={VERSION}`"
        )
    return _having(named or str(_ROOT / LOCAL), VERSION)


def find_older() -> str:
    """The Python that has the older release: the one that the variable names.

    Raises:
        NoReferenceError: the variable names none.
        RuntimeError: the one that it names does not have the release.
    """
    named = os.environ.get(OLDER_VARIABLE)
    if not named:
        raise NoReferenceError(f"no jwst {OLDER_VERSION} to compare with: set {OLDER_VARIABLE} to a Python that has it")
    return _having(named, OLDER_VERSION)


def _having(python: str, version: str) -> str:
    """A Python, if it has this version of the reference."""
    question = "import importlib.metadata; print(importlib.metadata.version('jwst'))"
    try:
        answer = _call(python, "-c", question)
    except (OSError, RuntimeError) as error:
        raise RuntimeError(f"{python} has no jwst: {error}") from error
    if answer != version:
        raise RuntimeError(f"{python} has jwst {answer}, but {version} is the reference")
    return python


@dataclass(frozen=True)
class Reference:
    """The reference, with what it has made before.

    Attributes:
        python: the Python that has it.
        cache: folder of results; several processes may use it at the same time.
    """

    python: str
    cache: Path

    def packaged(self) -> dict[str, str]:
        """The pools that are packaged with the reference, by file name, as text."""
        folder = self.cache / "packaged"
        if not folder.exists():
            fresh = self._fresh()
            _call(self.python, str(_SCRIPT), "pools", str(fresh))
            try:
                fresh.rename(folder)
            except OSError:  # another process was faster
                if not folder.exists():
                    raise
        return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.csv"))}

    def run(self, text: str, options: str = "") -> list[Entry]:
        """The associations that it makes of a pool.

        Args:
            text: the pool.
            options: options of `asn_generate`.

        Raises:
            RuntimeError: it fails; the message is what it printed last.
        """
        result = self.cache / f"{_hash(json.dumps([text, options]))}.json"
        if not result.exists():
            fresh = self._fresh()
            pool = fresh.with_suffix(".csv")
            pool.write_text(text, encoding="utf-8")
            _call(self.python, str(_SCRIPT), "run", str(pool), str(fresh), *options.split())
            fresh.replace(result)  # at once, so that nobody reads half of it
            pool.unlink()
        found = theirs(json.loads(result.read_text(encoding="utf-8"))["associations"])
        return comparable(found, options)

    def write(self, text: str, folder: Path) -> None:
        """Let it write the association files of a pool into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        pool = folder / "pool.csv"
        pool.write_text(text, encoding="utf-8")
        _call(self.python, str(_SCRIPT), "write", str(pool), str(folder))

    def read(self, folder: Path) -> dict[str, list[Entry]]:
        """The associations that each of its readers finds in the files of a folder."""
        result = self._fresh()
        _call(self.python, str(_SCRIPT), "read", str(folder), str(result))
        return {reader: theirs(found) for reader, found in json.loads(result.read_text(encoding="utf-8")).items()}

    def compare(self, *pairs: tuple[Path, Path]) -> list[list[str]]:
        """The kinds of differences that it sees between the files of two folders, for each pair."""
        result = self._fresh()
        _call(self.python, str(_SCRIPT), "compare", str(result), *(str(folder) for pair in pairs for folder in pair))
        found: list[list[str]] = json.loads(result.read_text(encoding="utf-8"))
        return found

    def tool(self, folder: Path, name: str, *arguments: str) -> None:
        """Run one of its command line tools, such as `asn_edit`, in a folder.

        Raises:
            RuntimeError: it fails; the message is what it printed last.
        """
        _call(self.python, str(_SCRIPT), "tool", str(folder), name, *arguments)

    def from_list(self, rule: str, files: Mapping[str, str]) -> list[dict[str, Any]]:
        """The products of its association of files with types, made from Python."""
        result = self._fresh()
        _call(self.python, str(_SCRIPT), "list", str(result), rule, *(f"{file}={kind}" for file, kind in files.items()))
        found: list[dict[str, Any]] = json.loads(result.read_text(encoding="utf-8"))
        return found

    def opened(self, folder: Path, association: str) -> dict[str, list[str]]:
        """The files that its pipelines of either level open for an association, as seen from a folder."""
        result = self._fresh()
        _call(self.python, str(_SCRIPT), "open", str(folder), str(result), association)
        found: dict[str, list[str]] = json.loads(result.read_text(encoding="utf-8"))
        return found

    def _fresh(self) -> Path:
        self.cache.mkdir(parents=True, exist_ok=True)
        return self.cache / f"new-{uuid4().hex}"


def _call(python: str, *arguments: str) -> str:
    command = [python, "-P", "-s", *arguments]
    # This project must not be visible there, and what the reference makes may not depend on hashes.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    environment["PYTHONHASHSEED"] = "0"
    done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST, check=False, env=environment)
    if done.returncode:
        raise RuntimeError("\n".join(done.stderr.strip().splitlines()[-3:]))
    return done.stdout.strip()


def _installed_here() -> str | None:
    try:
        return importlib.metadata.version("jwst")
    except importlib.metadata.PackageNotFoundError:
        return None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
