"""The reasons why no test notices a change of the code are about code that is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.mutants.run import Known, known


def functions(source: str) -> dict[str, str]:
    """The text of each function and method, by its name within the module."""
    found = {}

    def visit(node: ast.AST, name: str) -> None:
        for each in ast.iter_child_nodes(node):
            if isinstance(each, (ast.ClassDef, ast.FunctionDef)):
                found[f"{name}{each.name}"] = ast.get_source_segment(source, each) or ""
                visit(each, f"{name}{each.name}.")

    visit(ast.parse(source), "")
    return found


@pytest.mark.parametrize("reason", [each for each in known() if each.place], ids=lambda each: each.place)
def test_a_reason_is_about_code_that_is_there(reason: Known) -> None:
    parts = reason.place.split(".")
    paths = ((Path(*parts[:end]).with_suffix(".py"), parts[end:]) for end in range(1, len(parts)))
    path, names = next((path, names) for path, names in paths if path.is_file())
    text = functions(path.read_text(encoding="utf-8"))[".".join(names)]
    lines = [line.strip() for line in text.splitlines()]
    if reason.kind:
        assert any(re.search(reason.was, each) for each in (*lines, " ".join(lines)))
    else:
        assert " ".join(reason.was.split()) in " ".join(lines)
