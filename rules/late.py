"""Packages that load a public name with its module, when it is first used: so a quick command imports no slow library.

A package states its names once, as imports for type checkers, and `late` follows them:

    if TYPE_CHECKING:
        from rules.rule_set import RuleSet as RuleSet

    __getattr__, __dir__ = late(__name__, __file__)
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

#: An import of names from a module, on one line or in parentheses, and a name.
_IMPORT = re.compile(r"^ *from (\S+) import ([^(\n]+|\([^)]*\))", re.MULTILINE)
_NAME = re.compile(r"\w+")


def late(package: str, file: str) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """The `__getattr__` and `__dir__` of a package. Cost: the package's own source is searched once, some 0.1 ms."""

    @cache
    def modules() -> Mapping[str, str]:
        imports = _IMPORT.findall(Path(file).read_text(encoding="utf-8"))
        own = ((module, names) for module, names in imports if module.startswith(f"{package}.") and module != __name__)
        return {name: module for module, names in own for name in _NAME.findall(names) if name != "as"}

    def load(name: str) -> object:
        if name == "__all__":
            return sorted(modules())
        if name not in modules():
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(modules()[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    return load, lambda: sorted(vars(sys.modules[package]).keys() | modules().keys())
