"""Packages that load a public name with its module, when it is first used: so a quick command imports no slow library.

A package states its names once, as imports for type checkers, and `late` follows them:

    if TYPE_CHECKING:
        from rules.rule_set import RuleSet

    __getattr__, __dir__ = late(__name__, __file__)
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path


def late(package: str, file: str) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """The `__getattr__` and `__dir__` of a package. Cost: the package's own source is parsed once, some 0.2 ms."""

    @cache
    def modules() -> Mapping[str, str]:
        imports = (node for node in ast.walk(ast.parse(Path(file).read_bytes())) if isinstance(node, ast.ImportFrom))
        return {alias.name: f"{each.module}" for each in imports for alias in each.names}

    def load(name: str) -> object:
        module = modules().get(name, "")
        if not module.startswith(f"{package}."):
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(module), name)
        setattr(sys.modules[package], name, value)
        return value

    return load, lambda: sorted(vars(sys.modules[package]).keys() | modules().keys())
