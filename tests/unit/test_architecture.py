"""What the parts may know of each other, read off the sources."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import rules
from rules import MISSION, exposure_types
from rules.rule import walk
from rules.vocabulary import Column, OneOf

ROOT = Path(rules.__file__).parents[1]
RULES = sorted((ROOT / "rules").rglob("*.py"))
SOLVER = sorted((ROOT / "solver").rglob("*.py"))
CORE = [path for path in SOLVER if "app" not in path.parts]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    """The modules that a source file imports, anywhere in it."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)} imports relatively"
            modules |= {str(node.module)}
            if node.module in {"rules", "solver"}:
                modules |= {f"{node.module}.{alias.name}" for alias in node.names}
    return modules


def values_of(column: str) -> set[str]:
    """The values that the mission's rules name for a column."""
    every = [part for rule in MISSION for part in walk(rule.spec)]
    asked = [part for part in every if isinstance(part, OneOf) and part.attribute == Column(column)]
    return {value for part in asked for value in part.values}


def test_the_sources_are_found() -> None:
    assert {"rules/rule.py", "solver/pool.py"} <= {name(path) for path in (*RULES, *SOLVER)}
    assert {"solver/app/cli.py"} <= {name(path) for path in SOLVER} - {name(path) for path in CORE}


@pytest.mark.parametrize("path", CORE, ids=name)
def test_the_solver_knows_the_vocabulary_and_what_a_rule_is_and_no_more(path: Path) -> None:
    allowed = {"rules.vocabulary", "rules.vocabulary.domains", "rules.vocabulary.intentions", "rules.rule"}
    if name(path) in {"solver/generate.py", "solver/check/checking.py", "solver/explain/__init__.py"}:
        allowed |= {"rules"} | {module for module in imported(path) if module == "rules.MISSION"}  # a default
    if name(path) == "solver/from_list.py":
        allowed |= {"rules.level3_base"}  # a default
    assert {module for module in imported(path) if module.split(".")[0] == "rules"} <= allowed


@pytest.mark.parametrize("path", CORE, ids=name)
def test_the_solver_does_not_know_the_application(path: Path) -> None:
    assert not {module for module in imported(path) if module.startswith("solver.app")}


@pytest.mark.parametrize("path", RULES, ids=name)
def test_rules_do_not_know_the_solver(path: Path) -> None:
    assert not {module for module in imported(path) if module.split(".")[0] == "solver"}


@pytest.mark.parametrize("path", [*RULES, *SOLVER], ids=name)
def test_no_module_is_too_long_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", CORE, ids=name)
def test_the_solver_names_no_exposure_type_and_no_instrument(path: Path) -> None:
    tables = [value for key, value in vars(exposure_types).items() if key.isupper() and isinstance(value, tuple)]
    kinds = {kind for table in (*tables, *exposure_types.ROLE_TYPES.values()) for kind in table}
    kinds |= values_of("exp_type")
    instruments = {each for rule in MISSION for each in rule.spec.instruments}
    assert {"mir_image", "nrs_tacq", "nis_soss", "miri"} <= kinds | instruments
    texts = {
        node.value.strip().lower()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not texts & (kinds | instruments)
