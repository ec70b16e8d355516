"""Whole outputs and messages of all commands, and what they write: `transcripts/` has them, `scenes` the folders."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.recorder import FOLDER, lines_of, run
from tests.cli.scenes import SCENES

CASES = [(scene, *case) for scene in SCENES for case in lines_of(scene)]


@pytest.mark.parametrize(("scene", "line", "expected"), CASES, ids=[f"{scene}: {line}" for scene, line, _ in CASES])
def test_what_a_command_prints(scene: str, line: str, expected: str, enter: Callable[[str], Path]) -> None:
    enter(scene)
    assert run(line) == expected


def test_nothing_that_is_printed_can_steer_a_terminal() -> None:
    for path in FOLDER.iterdir():
        text = path.read_text(encoding="utf-8")
        assert re.sub(r"\n\t?", "", text).isprintable(), path  # rules for make begin with tabs
