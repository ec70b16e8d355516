"""Rules from elsewhere: from a rule file, or from another version of this package.

A rule file is code and is run. Another version's modules are imported apart from those of this version, and their
declarations are converted to those of this version, part by part.
"""

from __future__ import annotations

import ast
import dataclasses
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from rules import rule as present
from rules import vocabulary
from rules.errors import RuleError, RuleFileError
from rules.rule import Rule, as_rule
from rules.vocabulary.intentions import Intention

#: The name by which the modules of a rules folder know each other.
_PACKAGE = "rules"


def rules_in(module: ModuleType) -> tuple[type[Rule], ...]:
    """The rules that a module has, in order of their names."""
    named = (each for name, each in vars(module).items() if name.startswith("Asn_") and isinstance(each, type))
    return tuple(sorted((each for each in named if issubclass(each, Rule)), key=lambda rule: rule.__name__))


# --- A rule file ----------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def run_file(path: str, source: bytes) -> tuple[tuple[type[Rule], ...], tuple[Intention, ...]]:
    """Run a rule file, once in a process: its rules, in order of their names, and what its `INTENDED` declares.

    Rules that it imports are among them, unless its own inherit from them.

    Raises:
        RuleFileError: it cannot be run, or defines no rule.
    """
    name = f"asnsolve_rules_{Path(path).stem}"
    module = ModuleType(name)
    module.__file__, module.__package__ = path, ""  # it is in no package, so nothing is imported relatively
    with _errors_of(path):
        exec(compile(source, path, "exec"), vars(module))  # noqa: S102 (a rule file is code by intent)
    _refuse_twins(path, source)
    every = rules_in(module)
    inherited = {parent for rule in every if rule.__module__ == name for parent in rule.__mro__[1:]}
    found = tuple(rule for rule in every if rule not in inherited or rule.__module__ == name)
    if not found:
        raise RuleFileError(path, "defines no rule: no class whose name begins with Asn_ and inherits from Rule")
    intended = getattr(module, "INTENDED", ())
    if not isinstance(intended, tuple) or not all(isinstance(each, Intention) for each in intended):
        raise RuleFileError(path, "INTENDED must be a tuple of overlap(…), gap(…), spare(…), unmade(…) or unnamed(…)")
    if not all(isinstance(each.because, str) and each.because.strip() for each in intended):
        raise RuleFileError(path, "INTENDED: every because must give a reason")
    return found, intended


def _refuse_twins(path: str, source: bytes) -> None:
    """Refuse a file that defines a class twice: the first one would be lost."""
    first: dict[str, ast.ClassDef] = {}
    for each in ast.parse(source).body:
        if isinstance(each, ast.ClassDef) and first.setdefault(each.name, each) is not each:
            problem = f"line {each.lineno}: class {each.name} is already defined in this file; choose another name"
            raise RuleFileError(path, problem)


@contextmanager
def _errors_of(place: str) -> Iterator[None]:
    """Raise whatever the code of a file or folder raises as its problem; but an interrupt is the user's."""
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise RuleFileError(place, _where_raised(error, place)) from error


def _where_raised(error: BaseException, place: str) -> str:
    """The error, and the line that it comes from; also the file, if that is not the place."""
    if any(kind.__name__ == RuleError.__name__ for kind in type(error).__mro__):  # of another version's, too
        return _text_of(error)
    inside = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(place)]
    file, line = (inside[-1].filename, inside[-1].lineno) if inside else ("", None)
    text: object = error
    if isinstance(error, SyntaxError) and type(error).__module__ == "builtins":  # of any other, these may be code
        file, line, text = error.filename or "", error.lineno, error.msg
    where = "" if line is None else f"{file}, " * (file not in {"", place}) + f"line {line}: "
    return f"{where}{type(error).__name__}: {_text_of(text)}"


def _text_of(error: object) -> str:
    try:
        return str(error)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 (making the text is the user's code, too)
        return "its text cannot be made"


# --- Another version ------------------------------------------------------------------------------


def rules_of_folder(path: Path) -> tuple[type[Rule], ...]:
    """The mission's rules in the folder `rules` of another version, or in the folder that it is in.

    The results are classes that have the other rules' specs, in the words of this version.

    Raises:
        RuleFileError: the folder is missing, cannot be imported, or has something that this version has no word for.
    """
    folder = next((each for each in (path / _PACKAGE, path) if (each / "__init__.py").is_file()), None)
    if folder is None:
        problem = f"there is no package {_PACKAGE!r} in this folder; name the folder that it is in"
        raise RuleFileError(str(path), problem)
    place = Path(os.path.realpath(folder))
    found = tuple(_restated(rule, str(place)) for rule in _missions_rules(place))
    if not found:
        raise RuleFileError(str(place), "defines no rules: it has no MISSION")
    return found


def _missions_rules(folder: Path) -> tuple[Any, ...]:
    """The rules of the package's `MISSION`; it is imported in place of the present package, which is put back."""
    mine = _loaded()
    for name in mine:
        del sys.modules[name]
    spec: Any = spec_from_file_location(_PACKAGE, folder / "__init__.py")  # by its name, the file is a package's
    package = sys.modules[_PACKAGE] = module_from_spec(spec)
    try:
        with _errors_of(str(folder)):
            spec.loader.exec_module(package)
            return tuple(getattr(package, "MISSION", ()))
    finally:
        for name in _loaded():
            del sys.modules[name]
        sys.modules.update(mine)


def _loaded() -> dict[str, ModuleType]:
    return {name: module for name, module in sys.modules.items() if name.partition(".")[0] == _PACKAGE}


def _restated(rule: Any, source: str) -> type[Rule]:
    """A class that has the spec of another version's rule."""
    try:
        spec = _anew(rule.spec)
    except (TypeError, ValueError) as error:
        problem = f"{rule.__name__} cannot be expressed in the vocabulary of this version: {error}"
        raise RuleFileError(source, problem) from error
    return as_rule(spec, rule.__module__)


def _anew(value: Any) -> Any:
    """A declaration of another version, as one of this version: each part by the class of the same name."""
    if isinstance(value, tuple):
        return tuple(map(_anew, value))
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    name = type(value).__name__
    known = getattr(vocabulary, name, None) or getattr(present, name, None)
    if not dataclasses.is_dataclass(known) or not isinstance(known, type):
        raise ValueError(f"it has no {name}")
    return known(**{field.name: _anew(getattr(value, field.name)) for field in dataclasses.fields(value)})
