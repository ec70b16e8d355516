"""The mission's rules. The domain and the intentions, which only analyses need, are loaded when they are used."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from rules import level2, level3
from rules.errors import RuleFileError
from rules.loading import rules_in
from rules.rule_set import RuleSet, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.vocabulary import Predicate
    from rules.vocabulary.domains import Domain
    from rules.vocabulary.intentions import Intention


def _domain() -> Domain:
    from rules.domains import DOMAIN

    return DOMAIN


def _intentions() -> tuple[Intention, ...]:
    from rules.intended import INTENDED

    return INTENDED


def _notes() -> Mapping[Predicate, str]:
    from rules.notes import NOTES

    return NOTES


def mission_version(version: str | Path) -> RuleSet:
    """Another version of the mission's rules: one of `VERSIONS`, by name, or a rule file or folder.

    Raises:
        RuleFileError: the file or folder cannot be used; see `RuleSet.from_version`.

    >>> mission_version("2.0.1")
    <RuleSet: 43 rules of the mission, 2.0.1>
    """
    module = VERSIONS.get(str(version))
    if module is None:
        if not Path(version).exists():
            known = ", ".join(VERSIONS)
            raise RuleFileError(str(version), f"neither a version of the rules ({known}) nor a path that exists")
        return RuleSet.from_version(version)
    if not module:
        return MISSION
    stated = Source(f"the mission, {version}", _domain, _intentions, _notes)
    own = rules_in(importlib.import_module(f"rules.versions.{module}"))
    rules = {rule.spec.name: rule for rule in (*MISSION, *own)}
    return RuleSet(tuple(rules.values()), (stated,), (mission_version, (version,)))


#: Versions of the mission's rules that are stated here, with the module of `rules.versions` that says what differs.
VERSIONS = {"mission": "", "2.0.1": "released_2_0_1", "development": "development", "corrected": "corrected"}

#: The mission's rules, those of Level 2 first.
MISSION = RuleSet(
    (*rules_in(level2), *rules_in(level3)),
    (Source("the mission", _domain, _intentions, _notes),),
    (mission_version, ("mission",)),
)
