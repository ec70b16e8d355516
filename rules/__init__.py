"""Rules: what an association is, as declarations. Nothing here searches, and the only files read are rule files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from rules.errors import (
        AsnsolveError as AsnsolveError,
        DeclarationError as DeclarationError,
        RuleError as RuleError,
        RuleFileError as RuleFileError,
        TwinRulesError as TwinRulesError,
        UnknownRuleError as UnknownRuleError,
    )
    from rules.mission import MISSION as MISSION
    from rules.rule import Rule as Rule, RuleSpec as RuleSpec
    from rules.rule_set import RuleSet as RuleSet

OWNER = "asnsolve"  # another distribution's package `rules` has none

__getattr__, __dir__ = late(__name__, __file__)
