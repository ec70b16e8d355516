"""The record of a run: statements, options, files and software, so that it can be repeated and explained."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from solver.version import __version__

#: The name of the rules of this software in the record of a run.
MISSION = "the mission's rules"

#: Libraries on which results depend, if they are imported.
_LIBRARIES = ("numpy", "astropy", "networkx", "pyarrow")

_PYTHON = sys.version.partition(" ")[0]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Record:
    """The statements, options, files and software of a run.

    Attributes:
        statements: the statements on the exposures: kinds to texts.
        options: the options of `asnsolve generate` that affect the results and differ from the default, by name.
        rules: the version of the mission's rules, if they were used, and the digest of each rule file.
        pool: the file of the pool; a plain name for one that was made from exposures and is beside the results.
        digest: the digest (SHA-256) of that file.
        versions: the versions of asnsolve, Python, and the libraries that were used.
        started: when the run started, in UTC.
        ended: when its results were complete.
    """

    statements: Mapping[str, list[str]] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    pool: str = ""
    digest: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    started: str = field(default_factory=_now)
    ended: str = ""

    @classmethod
    def begun(cls, statements: Mapping[str, list[str]], options: Mapping[str, Any], *, mission: bool) -> Record:
        """The record of a run that starts now, by the rule files of its options, and the mission's rules or without."""
        files = {str(path.resolve()): digest_of(path) or "" for path in options.get("rules", ())}
        asked = {name: list(files) if name == "rules" else value for name, value in options.items()}
        return cls(statements, asked, {**({MISSION: __version__} if mission else {}), **files})

    def completed(self, pool: str, text: str | None = None) -> Record:
        """The record of the run on this pool, which is complete now; with the pool's text if exposures made it."""
        content = digest_of(Path(pool)) if text is None else digest(text.encode())
        used = {name: str(sys.modules[name].__version__) for name in _LIBRARIES if name in sys.modules}
        versions = {"asnsolve": __version__, "python": _PYTHON, **used}
        return replace(self, pool=pool, digest=content or "", versions=versions, ended=_now())

    def changed(self, folder: Path) -> list[str]:
        """The pool and the rules whose digests have changed; `folder` has the results."""
        then = {self.pool: self.digest, **self.rules}
        now = {MISSION: __version__}
        return [each for each, was in then.items() if was != (now.get(each) or digest_of(folder / each))]

    def outdated(self) -> list[str]:
        """The software whose version has changed, with both versions."""
        now = _installed()
        return [f"{name} {was} (now {now.get(name)})" for name, was in self.versions.items() if was != now.get(name)]


@cache
def _installed() -> Mapping[str, str]:
    """The version of each installed software; read once, since it reads the metadata of all."""
    from importlib.metadata import distributions  # most commands do not need it

    return {each.name: each.version for each in distributions()} | {"asnsolve": __version__, "python": _PYTHON}


def digest(content: bytes) -> str:
    """The SHA-256 of a content."""
    return hashlib.sha256(content).hexdigest()


def digest_of(path: Path) -> str | None:
    """The digest of a file; None if nothing is there, and "no file" if something else is."""
    if not path.exists() and not path.is_symlink():
        return None
    return digest(path.read_bytes()) if path.is_file() and not path.is_symlink() else "no file"
