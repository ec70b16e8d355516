"""The mission: the default rules and facts. No other module of the solver knows them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple, TypeAlias

from rules import RuleSet
from rules.errors import RuleFileError
from rules.exposure_types import CONFIRMATION, GUIDE_STAR, ROLE_TYPES
from rules.exposure_types import ROLES as ROLES
from rules.exposure_types import SELFCAL as SELFCAL
from rules.level2_base import DMSLevel2bBase
from rules.level3_base import DMS_Level3_Base
from rules.mission import MISSION, mission_version
from rules.mission import VERSIONS as VERSIONS
from rules.mode_names import mode_name as mode_name
from rules.rule import LEVELS, Rule
from rules.vocabulary.algebra import columns_of

#: Rules in any form that `rule_set` accepts.
Rules: TypeAlias = "RuleSet | type[Rule] | str | Path | Iterable[type[Rule] | str | Path] | None"


class Mission(NamedTuple):
    """Facts about exposure types and rules; by default those of the mission.

    Attributes:
        acquisitions: exposure types that acquire a target or confirm its acquisition.
        confirmations: those of them taken at the science pointing.
        guide_stars: exposure types of guide stars, which are in no association.
        asked: the columns that rules use.
    """

    acquisitions: Collection[str] = ROLE_TYPES["target_acquisition"]
    confirmations: Collection[str] = CONFIRMATION
    guide_stars: Collection[str] = GUIDE_STAR
    asked: Collection[str] = columns_of(*map(attrgetter("spec"), MISSION))


def default_rules() -> RuleSet:
    """The mission's rules."""
    return MISSION


def chosen_rules(
    files: Iterable[str | Path] = (),
    *,
    mission: bool = True,
    version: str | Path = "mission",
    without: Iterable[str] = (),
    split_by: Iterable[str] = (),
) -> RuleSet:
    """The mission's rules together with those of rule files.

    Args:
        files: the rule files.
        mission: whether to include the mission's rules.
        version: another version of these: the name of one that is shipped, such as 2.0.1; a folder `rules` of another
            version of this project; or a rule file.
        without: names of rules to leave out.
        split_by: columns on which science exposures also agree, each for all rules of Level 3, or as `COLUMN:RULE`
            for one rule; see `RuleSet.split_by`.

    Raises:
        RuleFileError: a rule file or version cannot be used, or a rule has the name of one of the mission.
        TwinRulesError: two rules answer to the same name.
        UnknownRuleError: no rule has a name that is to be replaced, left out or split.
    """
    default = mission_version(version)
    every = [default if mission else default.no_rules(), *map(RuleSet.from_file, files)]
    for name in without:
        place = next((number for number, each in enumerate(every) if name.lower() in each.by_name), 0)
        every[place] = every[place].without(name)
    for each in every[1:] if mission else ():
        _check_names(each, every[0], default)
    made = RuleSet.union(*every)
    for column, _, name in (each.partition(":") for each in split_by):
        made = made.split_by(column, *filter(None, [name]))
    return made


def _check_names(own: RuleSet, used: RuleSet, default: RuleSet) -> None:
    """Refuse a rule with the name of a mission's rule that it does not replace; one that it replaces has to exist."""
    for rule in own:
        name, replaced = rule.spec.name, [default.find(each) for each in rule.replaces]
        if used.by_name.get(name.lower()) not in {None, rule, *replaced}:
            remedy = f'state replaces = "{name}" in the class, or leave the mission\'s out with --without {name}'
            raise RuleFileError(own.origin, f"{name}: the mission has a rule of this name; rename yours, {remedy}")


def rule_set(given: Rules = None, level: int | None = None) -> RuleSet:
    """The rules that a caller means.

    Args:
        given: a set of rules; a rule, or several, each as its class, by its name or an older one in any case, or by the
            path of a rule file; or None for the mission's rules.
        level: 2 or 3 for the rules of this level alone.

    Raises:
        UnknownRuleError: the mission has no rule of this name.
        RuleFileError: a rule file cannot be used.
        TypeError, ValueError: `given` is of the wrong type, or the level is unknown.

    >>> rule_set(["asn_image", "Asn_Lv3TSO"])
    <RuleSet: 2 rules of the mission>
    >>> rule_set(level=3)
    <RuleSet: 21 rules of the mission>
    """
    match given:
        case None:
            chosen = MISSION
        case RuleSet():
            chosen = given
        case str() | Path() if Path(given).suffix == ".py":
            chosen = RuleSet.from_file(given)
        case str():
            chosen = RuleSet((MISSION.find(given),), MISSION.sources)
        case type() if hasattr(given, "spec"):
            chosen = RuleSet((given,))
        case Iterable():
            chosen = RuleSet.joined(*map(rule_set, given))
        case _:
            raise TypeError(f"rules are a RuleSet, or classes, names or .py files of rules, not {given!r:.40}")
    if level is not None and level not in LEVELS:
        raise ValueError(f"unknown level {level!r}; choose from {', '.join(map(str, LEVELS))}")
    return chosen if level is None else chosen.of_level(level)


def default_base(level: int) -> type[Rule]:
    """The class that all of the mission's rules of a level inherit."""
    return {2: DMSLevel2bBase, 3: DMS_Level3_Base}[level]
