"""The mission's rules. The domain and the intentions, which only analyses need, are loaded when they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules import level2, level3
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


def _mission() -> RuleSet:
    return MISSION


#: The mission's rules, those of Level 2 first.
MISSION = RuleSet(
    (*rules_in(level2), *rules_in(level3)), (Source("the mission", _domain, _intentions, _notes),), (_mission, ())
)
