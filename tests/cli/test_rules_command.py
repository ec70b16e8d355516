"""The command `asnsolve rules`."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules import MISSION
from solver.app.cli import main


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    """What was printed, without spaces at the ends of lines."""
    return "".join(line.rstrip() + "\n" for line in capsys.readouterr().out.splitlines())


def test_the_list_has_every_rule_on_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    lines = printed(capsys).splitlines()
    for rule in MISSION:
        (line,) = [each for each in lines if each.split()[0] == rule.__name__]
        assert rule.spec.asn_type in line
        assert rule.spec.summary in line
        assert all(alias in line for alias in rule.spec.aliases)


def test_the_tree_of_all_rules_has_each_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--tree"]) == 0
    lines = printed(capsys).splitlines()
    assert lines[0] == "Rule"
    for rule in MISSION:
        assert sum(f"── {rule.__name__}  " in line for line in lines) == 1


def test_the_graph_is_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rules.dot"
    assert main(["rules", "--dot", str(path)]) == 0
    assert printed(capsys) == f"written to {path}; draw it with: dot -Tsvg {path}\n"
    text = path.read_text(encoding="utf-8")
    assert text.startswith("digraph rules {\n")
    assert text.endswith("}\n")
    assert text.count("{") == text.count("}") == 1
    assert all(f'"{rule.__name__}" [shape=box];' in text for rule in MISSION)


def test_the_figure_is_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rules.svg"
    assert main(["rules", "--svg", str(path)]) == 0
    assert printed(capsys) == f"written to {path}\n"
    text = path.read_text(encoding="utf-8")
    assert all(f'data-class="{rule.__name__}"' in text for rule in MISSION)


def test_graph_and_rule_may_be_asked_for_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rules.dot"
    assert main(["rules", "Asn_Image", "--dot", str(path), "--tree"]) == 0
    assert "Asn_Lv3Image" in printed(capsys)
    assert "Asn_Lv3MIRMRS" not in path.read_text(encoding="utf-8")
