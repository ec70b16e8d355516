"""What README and the pages show can be done: their files are written, and their commands run and print what is shown.

Their Python examples run as doctests.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks import simulated_files, simulator
from rules import RuleSet
from rules.mission import VERSIONS
from solver import Pool, generate
from solver.app.cli import main, parser
from tests import pages

TUTORIALS = pages.ROOT / "docs" / "tutorials"
PAGE = pytest.mark.parametrize("page", [pages.README, *pages.PAGES], ids=lambda page: page.stem)

#: Programs that a page runs for its reader, and a test does not.
FOREIGN = {"pip", "make", "zstdcat"}

#: Programs that prepare files.
SHELL = {"cp", "echo", "mkdir", "touch"}

#: What a page takes for granted.
BEFORE = {"every-night": "asnsolve generate pool.csv -p asn"}

#: Commands that take longer than a quick test may.
LONG = set() if os.environ.get("ASNSOLVE_THOROUGH") else {"asnsolve verify"}

#: Programs of this repository beside the command.
OURS: dict[str, Callable[[list[str]], object]] = {
    "make demo-files": lambda _: simulated_files.main("mastDownload"),
    "python -m benchmarks.simulator": simulator.main,
}


def _opened(command: str) -> str:
    """What `asnsolve open` prints until it is interrupted; here is no screen to open a browser on."""
    pytest.importorskip("uvicorn", reason="the server is not installed: pip install 'asnsolve[workbench]'")
    known = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    words = [sys.executable, "-P", "-m", "asnsolve", *shlex.split(command)[1:], "--no-browser"]
    path = os.pathsep.join(filter(None, [str(pages.ROOT), known.get("PYTHONPATH")]))
    with subprocess.Popen(words, env={**known, "PYTHONPATH": path}, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        shown = process.stdout.readline() + process.stdout.readline()
        process.send_signal(signal.SIGINT)
    return shown


def _run(command: str) -> str | None:
    """What a command prints; None if a test does not look at it."""
    ours = next((name for name in OURS if command.startswith(name)), None)
    first = command.split(maxsplit=1)[0]
    if ours is not None:
        OURS[ours](shlex.split(command.removeprefix(ours)))
    elif first in SHELL:
        subprocess.run(["/bin/sh", "-c", command], check=True)
    elif command.startswith("asnsolve open"):
        return _opened(command)
    elif first not in FOREIGN and command not in LONG:
        assert first == "asnsolve"
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            code = main(shlex.split(command)[1:])
        assert code in {0, 1}, (command, output.getvalue())
        return output.getvalue()
    return None


@PAGE
def test_commands_do_what_the_page_shows(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, content in pages.files(page).items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    for number, name in enumerate(("pool.csv", "other.csv")):
        simulator.write_pool(simulator.simulate(number, modes=["image_dithers", "wfss_niriss"]), tmp_path / name)
    for name in ("rules", "benchmarks"):
        (tmp_path / name).symlink_to(pages.ROOT / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "1000")
    if page.stem in BEFORE:
        _run(BEFORE[page.stem])
    for command, shown in pages.commands(page):
        printed = _run(command)
        if printed is not None:
            assert pages.pattern(shown).search(pages.joined(printed)), f"{command}\n{printed}"


@PAGE
def test_links_lead_to_pages_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# ")
    links = {link for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) if "://" not in link}
    made = {
        link for link in links if link.startswith("../reference/")
    }  # `make docs` makes these, and checks links to them
    assert [link for link in links - made if not (page.parent / link).exists()] == []


def test_the_rule_of_your_own_groups_one_place(tmp_path: Path) -> None:
    (tmp_path / "near.py").write_text(pages.files(TUTORIALS / "a-rule-of-your-own.md")["near.py"], encoding="utf-8")
    rows = simulator.with_positions(simulator.simulate(1, modes=["image_dithers"]))
    columns = (*simulator.COLUMNS, *simulator.POSITION_COLUMNS)
    pool = Pool.from_rows(dict(zip(columns, row, strict=True)) for row in rows)
    made = generate(pool, RuleSet.from_file(tmp_path / "near.py")).associations
    assert {association.asn_rule for association in made} == {"Asn_SamePlace"}
    several = [{pool["obs_num"][row] for row in association.rows} for association in made]
    assert any(len(observations) > 1 for observations in several)


def test_every_class_of_another_version_of_the_rules_is_described() -> None:
    page = (pages.ROOT / "docs" / "how-to" / "adapt-rules.md").read_text(encoding="utf-8")
    parts = re.split(r"^\* `([\w.]+)`:$", page.partition("## Use another version")[2], flags=re.MULTILINE)
    described = dict(zip(parts[1::2], parts[2::2], strict=True))
    modules = {version: import_module(f"rules.versions.{module}") for version, module in VERSIONS.items() if module}
    assert described.keys() == modules.keys()
    for version, module in modules.items():
        classes = {name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__}
        assert classes == set(re.findall(r"`(Asn\w+)`", described[version]))


def test_every_command_has_an_example() -> None:
    shown = {command.split()[1] for page in pages.PAGES for command, _ in pages.commands(page) if "asnsolve" in command}
    known = next(action.choices for action in parser()._actions if action.dest == "command")  # noqa: SLF001
    assert set(known or ()) <= shown
