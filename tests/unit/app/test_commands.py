"""Every command as its module states it, and what starting the program costs."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from solver.app import cli
from solver.app.options import option

APP = Path(cli.__file__).parent

#: Modules of the application that are no commands.
SHARED = {"__init__", "__main__", "cli", "completion", "console", "inputs", "logs", "options", "streams"}

#: What takes long to import, and no help page needs; one page lists the types of members, which rules know.
HEAVY = {"astropy", "dask", "jinja2", "networkx", "numpy", "rich", "rich_argparse"}
UNNEEDED = {"ast", "asyncio", "dataclasses", "json", "rules.mission", "tempfile"}
NEEDED_BY_ARGPARSE = {"ast", "dataclasses"} if sys.version_info >= (3, 14) else set()  # for its colours


def options_of(command: str) -> list[argparse.Action]:
    """The options of a command, without those that are accepted and not shown."""
    (commands,) = [each for each in cli.parser()._actions if isinstance(each, argparse._SubParsersAction)]  # noqa: SLF001
    every = commands.choices[command]._actions  # noqa: SLF001
    return [each for each in every if each.help != argparse.SUPPRESS]


def test_every_module_is_a_command_or_shared() -> None:
    commands = {name.replace("-", "_") for name in cli.COMMANDS}
    assert {path.stem for path in APP.glob("*.py")} == commands | SHARED


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_a_command_is_described_and_so_are_its_options(name: str) -> None:
    module = import_module(f"solver.app.{name.replace('-', '_')}")
    summary, _, description = str(module.__doc__).partition("\n\n")
    assert re.fullmatch(r"[A-Z].*[^.]\.", summary)
    assert description.strip().endswith((".", "?"))
    assert all(len(line) <= 110 for line in description.splitlines())
    assert module.run.__doc__
    for action in options_of(name):
        assert action.help
        assert action.help[-1] != "."


@pytest.mark.parametrize("line", ["--version", "--help", *(f"{name} --help" for name in cli.COMMANDS)])
def test_help_needs_no_heavy_library(line: str) -> None:
    code = f"""if True:
        import sys
        before = set(sys.modules)
        from solver.app.cli import main
        try:
            main({line.split()!r})
        except SystemExit:
            print(*set(sys.modules) - before, file=sys.stderr)
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("asnsolve " if line == "--version" else "Usage: asnsolve")
    loaded = set(done.stderr.split()) - NEEDED_BY_ARGPARSE
    assert "solver.app.cli" in loaded
    assert not loaded & (HEAVY if line == "from-list --help" else HEAVY | UNNEEDED)


#: An option as help shows it, what else is stated, its help, and what the command line gives.
OPTIONS = [
    ("-l --level {2,3}", {"default": "2"}, "-l, --level {2,3}", "text (default: 2)", [], "2"),
    ("--level FILE", {"action": "append", "default": []}, "--level FILE", "text", [], []),
    (
        "--level FILE",
        {"action": "append", "default": []},
        "--level FILE",
        "text",
        ["--level", "a", "--level", "b"],
        ["a", "b"],
    ),
    ("--level [FILE]", {"const": "all"}, "--level [FILE]", "text (default: all)", ["--level"], "all"),
    ("level [ID]", {}, "ID", "text", ["a"], "a"),
]


@pytest.mark.parametrize(("shown", "how", "spelled", "text", "given", "meant"), OPTIONS)
def test_an_option_is_stated_as_help_shows_it(
    shown: str, how: dict[str, Any], spelled: str, text: str, given: list[str], meant: object
) -> None:
    parser = argparse.ArgumentParser(formatter_class=cli._Plain)  # noqa: SLF001
    option(shown, "text", **how)(parser)
    assert parser.parse_args(given).level == meant
    assert f"  {spelled}  {text}\n" in re.sub(" {3,}", "  ", parser.format_help())
