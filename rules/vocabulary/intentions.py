"""Intentions: findings of an analysis of rules that are intended, each with its reason.

A table beside the rules lists them; they play no part in finding associations. An intention that matches no finding
is itself a finding.
"""

from __future__ import annotations

from rules.vocabulary.expressions import Expression
from rules.vocabulary.grouping import Constraint
from rules.vocabulary.predicates import TRUE, Predicate


class Overlap(Expression, phrase="{rules[0]} and {rules[1]} overlap where {where}"):
    """Two rules may each make a product about one exposure.

    Attributes:
        rules: names of the rules, in order.
        where: exposures for which it is meant.
        because: the reason, a sentence.
    """

    rules: tuple[str, str]
    where: Predicate
    because: str


class Gap(Expression, phrase="no Level {level} rule takes exposures where {where}"):
    """No rule of a level takes these exposures.

    Attributes:
        level: the processing level.
        where: the exposures.
        because: the reason, a sentence.
    """

    level: int
    where: Predicate
    because: str


class Spare(Expression, phrase="{constraint} (stated by {by}) changes nothing"):
    """A constraint changes nothing, and stays.

    Attributes:
        by: name of the class that states it.
        constraint: the constraint.
        because: the reason, a sentence.
    """

    by: str
    constraint: Constraint
    because: str


class Unmade(Expression, phrase="no Level 2 rule makes what {rule} needs of exposures where {where}"):
    """A Level 3 rule needs products of these exposures that no Level 2 rule makes.

    Attributes:
        rule: name of the rule; "" for every one.
        where: the exposures.
        because: the reason, a sentence.
    """

    rule: str
    where: Predicate
    because: str


class Unnamed(Expression, phrase="product names do not show {constraint} (stated by {by})"):
    """Product names do not show what the exposures of a group agree on, so products of several groups have one name.

    Attributes:
        by: name of the class that states the agreement.
        constraint: the agreement.
        because: the reason, a sentence.
    """

    by: str
    constraint: Constraint
    because: str


Intention = Overlap | Gap | Spare | Unmade | Unnamed


def overlap(one: str, other: str, *, because: str, where: Predicate = TRUE) -> Overlap:
    """Two rules are meant to take the same exposures: all of them, or those that satisfy `where`."""
    return Overlap((min(one, other), max(one, other)), where, because)


#: The rest, as a rule file writes it, such as `gap(3, one_of("exp_type", "nrs_lamp"), because="not combined")`.
gap, spare, unmade, unnamed = Gap, Spare, Unmade, Unnamed
