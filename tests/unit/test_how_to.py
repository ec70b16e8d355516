"""What the pages in docs/how-to show can be done: their files are written, and their commands run, as they stand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from benchmarks.simulator import simulate, write_pool
from solver.app.cli import main

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "how-to").glob("*.md"))

#: A file that a page shows, by the comment on its first line, and a command.
FILE = re.compile(r"^```(?:python|toml)\n# (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^ +\$ asnsolve (.*)$", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_do_what_the_page_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = page.read_text(encoding="utf-8")
    for name, content in FILE.findall(text):
        (tmp_path / name).write_text(content, encoding="utf-8")
    for number, name in enumerate(("pool.csv", "other.csv")):
        write_pool(simulate(number, modes=["image_dithers", "wfss_niriss"]), tmp_path / name)
    (tmp_path / "rules").symlink_to(ROOT / "rules")
    monkeypatch.chdir(tmp_path)
    commands = COMMAND.findall(text)
    assert commands
    for command in commands:
        assert main(shlex.split(command)) in {0, 1}, (command, capsys.readouterr().err)
