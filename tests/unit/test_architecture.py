"""What the parts may know of each other, read off the sources.

An edge leads from a module to the module that *defines* what it imports, wherever in a source the import stands:
late and type-only imports count. A *room* is a package directly below `solver/`; modules beside them are rooms of one.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

import rules
from rules import MISSION, exposure_types
from rules.vocabulary import Column, OneOf
from rules.vocabulary.expressions import walk

ROOT = Path(rules.__file__).parents[1]

#: The one module of the solver that knows the mission's rules.
DEFAULT = "solver.default"

#: What the solver knows of rules, and what it shares: how packages load their names late, and how files are read.
LANGUAGE = ("rules.errors", "rules.rule", "rules.rule_set", "rules.vocabulary", "rules.late", "rules.files")

#: What may see the command line's parser.
APP = "solver.app"


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES: Mapping[str, Path] = {
    dotted(path): path for top in ("rules", "solver") for path in sorted((ROOT / top).rglob("*.py"))
}
SOLVER = [name for name in SOURCES if name.startswith("solver")]
CORE = [name for name in SOLVER if not name.startswith(APP)]
ROOMS = sorted({name for name, path in SOURCES.items() if name.count(".") == 1 and path.name == "__init__.py"})


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(SOURCES[name].read_text(encoding="utf-8"))


def imports(name: str) -> Iterator[tuple[str, str]]:
    """Every import of a module, anywhere in it: the module that it names, and the name that it takes from there."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            yield from ((str(node.module), alias.name) for alias in node.names)


def handed_on_by(node: ast.ImportFrom) -> dict[str, str]:
    """The names that an import makes, each with the name that it has where it comes from."""
    if node.names[0].name == "*":
        return {name: name for name in public(str(node.module))}
    return {alias.asname or alias.name: alias.name for alias in node.names}


@cache
def defining(module: str, name: str) -> str:
    """The module that defines a name, found through the packages that hand it on."""
    if f"{module}.{name}" in SOURCES:
        return f"{module}.{name}"
    if name and module in SOURCES and SOURCES[module].name == "__init__.py":
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.ImportFrom) and name in (taken := handed_on_by(node)):
                return defining(str(node.module), taken[name])
    return module


def edges() -> Iterator[tuple[str, str]]:
    """The modules that a module's imports lead to; what a package hands on is not an edge of its own."""
    for name, path in SOURCES.items():
        for module, taken in imports(name):
            target = defining(module, taken)
            if target in SOURCES and target != name and not (path.name == "__init__.py" and target.startswith(name)):
                yield name, target


def room(name: str) -> str:
    """The room of a module; all of the rules are one."""
    parts = name.split(".")
    return "rules" if parts[0] == "rules" else ".".join(parts[:2])


def circles(graph: nx.DiGraph[str]) -> list[list[str]]:
    return sorted(sorted(each) for each in nx.strongly_connected_components(graph) if len(each) > 1)


def public(package: str) -> set[str]:
    """The names that a package hands on: those in its `__all__`, or, of a room, those that it imports as themselves."""
    named = (alias for node in ast.walk(tree(package)) if isinstance(node, ast.ImportFrom) for alias in node.names)
    as_themselves = {alias.name for alias in named if alias.asname == alias.name}
    return as_themselves or set(getattr(importlib.import_module(package), "__all__", ()))


def values_of(column: str) -> set[str]:
    """The values that the mission's rules name for a column."""
    every = [part for rule in MISSION for part in walk(rule.spec)]
    asked = [part for part in every if isinstance(part, OneOf) and part.attribute == Column(column)]
    return {value for part in asked for value in part.values}


def test_the_sources_are_found() -> None:
    assert {"rules.rule", "solver.pools.pool", "solver.app.cli"} <= SOURCES.keys()
    assert ("solver.pools.pool", "solver.pools.columns") in set(edges())


def test_no_import_runs_in_a_circle_among_modules() -> None:
    assert circles(nx.from_edgelist(edges(), nx.DiGraph)) == []


def test_no_import_runs_in_a_circle_among_rooms() -> None:
    pairs = ((room(one), room(other)) for one, other in edges() if one != "solver")
    assert circles(nx.from_edgelist([(one, other) for one, other in pairs if one != other], nx.DiGraph)) == []


@pytest.mark.parametrize("name", [each for each in SOURCES if not each.startswith(APP)])
def test_nothing_but_the_application_knows_the_application(name: str) -> None:
    found = {module for module, _ in imports(name)}
    assert not {module for module in found if module.startswith(APP) or module == "argparse"}


@pytest.mark.parametrize("name", SOLVER)
def test_rooms_know_each_other_by_their_public_names(name: str) -> None:
    deep = {
        f"{module}.{taken}"
        for module, taken in imports(name)
        for other in [room(module)]
        if other in ROOMS and other != room(name) and name != "solver"
        if module != other or taken not in public(other)
    }
    assert not deep


@pytest.mark.parametrize("package", ["rules", "solver", *ROOMS])
def test_what_a_package_hands_on_is_listed_once_more_and_the_same(package: str) -> None:
    """What is public, the table of late names and, for type checkers, the imports name the same."""
    handed_on = {
        name
        for node in ast.walk(tree(package))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(f"{package}.")
        if not str(node.module).endswith(".late")
        for name in handed_on_by(node)
    }
    module = importlib.import_module(package)
    assert handed_on == public(package) == set(dir(module)) & public(package) == {*getattr(module, "__all__", ())}
    assert all(getattr(module, each) is not None for each in public(package))


@pytest.mark.parametrize("package", ["solver", *ROOMS])
def test_no_public_name_hides_a_module(package: str) -> None:
    modules = {name.rpartition(".")[2] for name in SOURCES if name.rpartition(".")[0] == package}
    assert not modules & public(package)


@pytest.mark.parametrize("name", SOLVER)
def test_the_solver_knows_the_language_of_rules_and_one_module_the_missions(name: str) -> None:
    found = {defining(module, taken) for module, taken in imports(name) if module.split(".")[0] == "rules"}
    if name != DEFAULT:
        assert not {each for each in found if not each.startswith(LANGUAGE)}


@pytest.mark.parametrize("name", [each for each in SOURCES if each.startswith("rules")])
def test_rules_do_not_know_the_solver(name: str) -> None:
    assert not {module for module, _ in imports(name) if module.split(".")[0] == "solver"}


@pytest.mark.parametrize("name", SOURCES)
def test_no_module_is_too_long_to_read(name: str) -> None:
    assert len(SOURCES[name].read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("name", [each for each in CORE if each != DEFAULT])
def test_the_solver_names_no_exposure_type_and_no_instrument(name: str) -> None:
    tables = [value for key, value in vars(exposure_types).items() if key.isupper() and isinstance(value, tuple)]
    kinds = {kind for table in (*tables, *exposure_types.ROLE_TYPES.values()) for kind in table}
    kinds |= values_of("exp_type")
    instruments = {each for rule in MISSION for each in rule.spec.instruments}
    assert {"mir_image", "nrs_tacq", "nis_soss", "miri"} <= kinds | instruments
    texts = {
        node.value.strip().lower()
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not texts & (kinds | instruments)
