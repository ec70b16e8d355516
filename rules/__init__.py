"""Rules: what an association is, as declarations. Nothing here searches or reads files."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from types import ModuleType

from rules import level2, level3
from rules.errors import DeclarationError, RuleError, UnknownRuleError
from rules.rule import Rule, RuleSpec

__all__ = [
    "LEVEL2",
    "LEVEL3",
    "MISSION",
    "DeclarationError",
    "Rule",
    "RuleError",
    "RuleSpec",
    "UnknownRuleError",
    "find",
    "rules_in",
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
