"""Rules: what an association is, as declarations. Nothing here searches, and the only files read are rule files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from rules.errors import AsnsolveError, DeclarationError, RuleError, RuleFileError, TwinRulesError, UnknownRuleError
    from rules.mission import MISSION
    from rules.rule import Rule, RuleSpec
    from rules.rule_set import RuleSet

__all__ = [
    "MISSION", "AsnsolveError", "DeclarationError", "Rule", "RuleError", "RuleFileError", "RuleSet", "RuleSpec",
    "TwinRulesError", "UnknownRuleError",
]  # fmt: skip

OWNER = "asnsolve"  # another distribution's package `rules` has none

__getattr__, __dir__ = late(__name__, __file__)
