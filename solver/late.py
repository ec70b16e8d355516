"""Public names of a package that are loaded with their modules when they are first used."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module


def late(package: str, **modules: str) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """The `__getattr__` and `__dir__` of a package whose names are loaded late.

    Args:
        package: name of the package.
        modules: for each module of the package the public names that it defines, separated by spaces. `a__b` is
            the module `b` in the room `a`.
    """
    home = {name: module.replace("__", ".") for module, names in modules.items() for name in names.split()}

    def load(name: str) -> object:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{home[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return load, lambda: sorted(home)
