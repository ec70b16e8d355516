"""No source evaluates data, runs a shell or fetches anything, but at the places that are named here with a reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import rules

ROOT = Path(rules.__file__).parents[1]
SOURCES = sorted(path for folder in ("asnsolve", "rules", "solver") for path in (ROOT / folder).rglob("*.py"))

#: Functions that run what they are given, and modules that do so when they read, run programs or reach the network.
FUNCTIONS = frozenset({"eval", "exec", "compile", "__import__", "breakpoint", "input"})
MODULES = frozenset({
    "asyncio", "cloudpickle", "code", "ctypes", "dill", "ftplib", "http", "joblib", "marshal", "pickle", "pty",
    "requests", "runpy", "shelve", "smtplib", "socket", "subprocess", "telnetlib", "urllib", "webbrowser", "xmlrpc",
    "yaml",
})  # fmt: skip
#: Attributes of other modules that do the same, and keywords that make harmless functions do it.
ATTRIBUTES = frozenset({"literal_eval", "system", "popen", "execv", "execve", "spawnv", "mktemp", "extractall"})
KEYWORDS = frozenset({"shell", "allow_pickle"})

#: The exceptions: file and what it uses, to the reason.
ALLOWED: Mapping[tuple[str, str], str] = {
    (
        "rules/loading.py",
        "exec",
    ): "a rule file is code: it is run when the user names it, or a record of theirs does, and the file is theirs",
    ("rules/loading.py", "compile"): "the same",
    (
        "solver/batch/executors.py",
        "pickle",
    ): "a job goes to workers of the same run, as multiprocessing sends it anyway",
    ("solver/app/open.py", "webbrowser"): "opens the address of the page that the user asked for",
    ("solver/checking/exposures.py", "literal_eval"): "of candidate cells that reading the pool has let pass",
    ("solver/storage/gathering.py", "subprocess"): "gather -c COMMAND runs the user's command, without a shell",
    ("solver/workbench/server.py", "socket"): "`asnsolve open` listens on the loopback address only",
}


def used(tree: ast.AST) -> Iterator[str]:
    """What of the above a source uses."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names if alias.name.split(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in MODULES:
            yield str(node.module).split(".")[0]
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names if alias.name in ATTRIBUTES)
        elif isinstance(node, ast.Name) and node.id in FUNCTIONS:
            yield node.id
        elif isinstance(node, ast.Attribute) and node.attr in ATTRIBUTES:
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg in KEYWORDS:
            yield str(node.arg)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_source_evaluates_runs_and_fetches_nothing(path: Path) -> None:
    found = set(used(ast.parse(path.read_text(encoding="utf-8"))))
    assert {what for what in found if (name(path), what) not in ALLOWED} == set()


def test_every_exception_is_one() -> None:
    found = {(name(path), what) for path in SOURCES for what in used(ast.parse(path.read_text(encoding="utf-8")))}
    assert found >= set(ALLOWED)


@pytest.mark.parametrize(
    "source",
    [
        "eval(cell)",
        "import pickle",
        "from marshal import loads",
        "import xml, urllib.request",
        "from ast import literal_eval",
        "ast.literal_eval(cell)",
        "os.system(name)",
        "run(name, shell=True)",
        "yaml = __import__('yaml')",
    ],
)
def test_what_is_forbidden_is_seen(source: str) -> None:
    assert list(used(ast.parse(source)))
