"""Rules: what an association is, as declarations. Nothing here searches or reads files."""

from __future__ import annotations

import difflib
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from rules import level2, level3
from rules.errors import DeclarationError, RuleError, RuleFileError, UnknownRuleError
from rules.rule import Rule, RuleSpec
from rules.vocabulary.intentions import Intention

__all__ = [
    "LEVEL2",
    "LEVEL3",
    "MISSION",
    "DeclarationError",
    "Rule",
    "RuleError",
    "RuleFile",
    "RuleFileError",
    "RuleSpec",
    "UnknownRuleError",
    "find",
    "load",
    "load_file",
    "rules_in",
    "source_of",
]


def rules_in(module: ModuleType) -> tuple[type[Rule], ...]:
    """The rules that a module defines, in order of their names.

    >>> [rule.__name__ for rule in rules_in(level3)][:2]
    ['Asn_Lv3AMI', 'Asn_Lv3Image']
    """
    found = (
        value
        for name, value in vars(module).items()
        if name.startswith("Asn_") and isinstance(value, type) and issubclass(value, Rule)
    )
    return tuple(sorted(found, key=lambda rule: rule.__name__))


#: The mission's rules.
LEVEL2: tuple[type[Rule], ...] = rules_in(level2)
LEVEL3: tuple[type[Rule], ...] = rules_in(level3)
MISSION = (*LEVEL2, *LEVEL3)


def source_of(path: str | Path) -> bytes:
    """What is in a rule file.

    Raises:
        RuleFileError: it cannot be read.
    """
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise RuleFileError(str(path), f"cannot be read: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class RuleFile:
    """What a rule file defines.

    Attributes:
        rules: its rules, in order of their names.
        intended: what its `INTENDED` declares: what `asnsolve verify` finds and what is meant to be so.
    """

    rules: tuple[type[Rule], ...]
    intended: tuple[Intention, ...]


def load(path: str | Path, source: bytes | None = None) -> tuple[type[Rule], ...]:
    """The rules that a Python file defines. The file is code and is run.

    Args:
        path: the file.
        source: what is in it, where it was read before, maybe on another machine.

    Raises:
        RuleFileError: the file cannot be read or run, defines no rule, or takes the name of a mission's rule.
    """
    return load_file(path, source).rules


def load_file(path: str | Path, source: bytes | None = None) -> RuleFile:
    """What a rule file defines; see `load`."""
    found = run_file(path, source)
    taken = sorted({rule.spec.name for rule in found.rules} & {rule.spec.name for rule in MISSION})
    if taken:
        raise RuleFileError(str(path), f"{', '.join(taken)}: the mission has rules of this name; choose another")
    return found


def run_file(path: str | Path, source: bytes | None = None) -> RuleFile:
    """What a rule file defines, whatever its rules' names; see `load`."""
    file = Path(path)
    name = f"asnsolve_rules_{file.stem}"
    module = ModuleType(name)
    module.__file__, module.__package__ = str(file), ""  # it is in no package, so nothing is imported relatively
    content = source_of(path) if source is None else source
    try:
        exec(compile(content, str(file), "exec"), vars(module))  # noqa: S102 (a rule file is code by intent)
    except RuleError as error:
        raise RuleFileError(str(file), str(error)) from error
    except (Exception, SystemExit) as error:  # whatever the user's code raises is told as the file's problem
        raise RuleFileError(str(file), where_raised(error, str(file))) from error
    found = tuple(rule for rule in rules_in(module) if rule.__module__ == name)
    if not found:
        raise RuleFileError(str(file), "defines no rule: no class whose name begins with Asn_ and inherits from Rule")
    intended = getattr(module, "INTENDED", ())
    if not isinstance(intended, tuple) or not all(isinstance(each, Intention) for each in intended):
        raise RuleFileError(str(file), "INTENDED has to be a tuple of overlap(…), gap(…), spare(…) or unmade(…)")
    return RuleFile(found, intended)


def where_raised(error: BaseException, place: str) -> str:
    """The error, and the line of the file that it comes from; of another file than the place, that file, too."""
    if any(kind.__name__ == RuleError.__name__ for kind in type(error).__mro__):  # of another version's, too
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    file, line = next(
        ((each.filename, each.lineno) for each in reversed(frames) if each.filename.startswith(place)), ("", None)
    )
    if isinstance(error, SyntaxError):
        file, line = error.filename or "", error.lineno
    inside = f"{file}, " if file not in {"", place} else ""
    told = "" if line is None else f"{inside}line {line}: "
    return f"{told}{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}"


def find(name: str, among: Iterable[type[Rule]] = MISSION) -> type[Rule]:
    """The rule with this name or alias, in any case.

    Raises:
        UnknownRuleError: there is none.

    >>> find("Asn_Image").__name__
    'Asn_Lv3Image'
    """
    by_name = {known.lower(): rule for rule in among for known in (rule.spec.name, *rule.spec.aliases)}
    if name.lower() not in by_name:
        near = difflib.get_close_matches(name.lower(), by_name, 3)
        raise UnknownRuleError(name, tuple(dict.fromkeys(by_name[each].spec.name for each in near)))
    return by_name[name.lower()]
