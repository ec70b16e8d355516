"""Other versions of rules: loaded apart from the present ones, and told in the present vocabulary."""

from __future__ import annotations

import dataclasses
import importlib
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from rules import rule as present
from rules import run_file, vocabulary, where_raised
from rules.errors import RuleFileError
from rules.rule import Rule

#: The name by which the modules of a rules folder know each other.
_PACKAGE = "rules"


def load_version(path: str | Path) -> tuple[type[Rule], ...]:
    """The rules of another version: of a rule file, or of the folder `rules` of another version of this project.

    A file may define rules that the mission has, too. A folder's modules are run apart from those of this version,
    and their declarations are made into those of this version, part by part.

    Raises:
        RuleFileError: there is no such file or folder, it cannot be run, or it states something that this version
            has no word for.
    """
    place = Path(path)
    if not place.is_dir():
        return run_file(place).rules
    for folder in (place, place / _PACKAGE):
        if (folder / "__init__.py").is_file():
            return _of_package(folder.resolve())
    raise RuleFileError(str(path), f"there is no package {_PACKAGE!r} in this folder; name the folder that it is in")


def _of_package(folder: Path) -> tuple[type[Rule], ...]:
    """The mission's rules of another version, which stand in for their classes."""
    if folder.name != _PACKAGE:
        raise RuleFileError(str(folder), f"its modules import each other from {_PACKAGE!r}; give the folder this name")
    module = _imported(folder)
    found = tuple(_standing_in(rule, str(folder)) for rule in getattr(module, "MISSION", ()))
    if not found:
        raise RuleFileError(str(folder), "defines no rules: it has no MISSION")
    return found


def _imported(folder: Path) -> ModuleType:
    """The package, imported in place of the present one, which is put back."""
    mine = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == _PACKAGE}
    for name in mine:
        del sys.modules[name]
    sys.path.insert(0, str(folder.parent))
    importlib.invalidate_caches()
    try:
        return importlib.import_module(_PACKAGE)
    except (Exception, SystemExit) as error:  # whatever the other version raises is told as its problem
        raise RuleFileError(str(folder), where_raised(error, str(folder))) from error
    finally:
        sys.path.remove(str(folder.parent))
        for name in [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]:
            del sys.modules[name]
        sys.modules.update(mine)


def _standing_in(rule: Any, source: str) -> type[Rule]:
    """A class with the spec of a rule of another version."""
    try:
        spec = _told_anew(rule.spec)
    except (TypeError, ValueError) as error:
        problem = f"{rule.__name__} cannot be told in the vocabulary of this version: {error}"
        raise RuleFileError(source, problem) from error
    return cast("type[Rule]", type(rule.__name__, (), {"spec": spec, "__module__": rule.__module__}))


def _told_anew(value: Any) -> Any:
    """A declaration of another version, as one of this version: each part by the class of its name."""
    if isinstance(value, tuple):
        return tuple(_told_anew(each) for each in value)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    name = type(value).__name__
    known = _classes().get(name)
    if known is None:
        raise ValueError(f"it has no {name}")
    return known(**{field.name: _told_anew(getattr(value, field.name)) for field in dataclasses.fields(value)})


def _classes() -> dict[str, type]:
    """The classes of which declarations are made, by name."""
    modules: Iterable[ModuleType] = (vocabulary, present)
    return {
        name: each
        for module in modules
        for name, each in vars(module).items()
        if isinstance(each, type) and dataclasses.is_dataclass(each)
    }
