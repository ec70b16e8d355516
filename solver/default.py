"""The mission: the default rules and facts. No other module of the solver knows them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rules.errors import RuleFileError

if TYPE_CHECKING:
    from rules.rule import Rule
    from rules.rule_set import RuleSet


@dataclass(frozen=True, slots=True)
class Mission:
    """Facts about the mission's exposure types and rules.

    Attributes:
        acquisitions: exposure types that acquire a target or confirm its acquisition.
        confirmations: those of them taken at the science pointing.
        guide_stars: exposure types that no association has.
        asked: the columns that rules use.
    """

    acquisitions: Collection[str] = ()
    confirmations: Collection[str] = ()
    guide_stars: Collection[str] = ()
    asked: Collection[str] = ()


def default_rules() -> RuleSet:
    """The mission's rules."""
    from rules import MISSION

    return MISSION


def chosen_rules(files: Iterable[str | Path] = (), *, mission: bool = True) -> RuleSet:
    """The mission's rules together with those of rule files.

    Args:
        files: the rule files.
        mission: whether to include the mission's rules.

    Raises:
        RuleFileError: a rule file cannot be used, or takes the name of a mission's rule.
        TwinRulesError: two rules answer to the same name.
    """
    from rules import RuleSet

    default = default_rules()
    own = list(map(RuleSet.from_file, files))
    for each in own:
        taken = sorted({rule.spec.name for rule in each} & {rule.spec.name for rule in default})
        if taken:
            raise RuleFileError(each.origin, f"{', '.join(taken)}: the mission has rules of this name; choose another")
    return RuleSet.union(*([default] if mission else []), *own)


def default_base(level: int) -> type[Rule]:
    """The class that all of the mission's rules of a level inherit."""
    from rules.level2_base import DMSLevel2bBase
    from rules.level3_base import DMS_Level3_Base

    return {2: DMSLevel2bBase, 3: DMS_Level3_Base}[level]


def default_mission() -> Mission:
    """Facts about the mission's exposure types, and the columns that its rules use."""
    from rules import exposure_types
    from rules.vocabulary.algebra import columns_of

    return Mission(
        acquisitions=exposure_types.ROLE_TYPES["target_acquisition"],
        confirmations=exposure_types.CONFIRMATION,
        guide_stars=exposure_types.GUIDE_STAR,
        asked=columns_of(*(rule.spec for rule in default_rules())),
    )
