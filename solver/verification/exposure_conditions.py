"""What a rule asks of, and makes of, one exposure: as predicates on pool columns alone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from rules.rule import RuleSpec
from rules.vocabulary import FALSE, TRUE, Case, Choice, Column, MemberName, OneOf, Predicate
from rules.vocabulary.algebra import conjunction, disjunction, negation, simplified, truth
from solver.pools import DISCOVERED
from solver.solving import considered, is_in, joining, resolved


def admits(spec: RuleSpec, candidate_type: str) -> bool:
    """Whether a rule is for candidates of a type."""
    if candidate_type == DISCOVERED and not spec.discovered:
        return False
    return spec.candidates is None or truth(spec.candidates, {"candidate_type": candidate_type}) is True


def taken(spec: RuleSpec) -> Predicate:
    """The exposure qualifies, in whatever role, or could join a group."""
    return disjunction([considered(spec), *(joining(spec, join) for join in spec.joins)])


def told_apart(exp_types: Iterable[str], one: RuleSpec, other: RuleSpec) -> OneOf:
    """The exposure is of a type for which the two rules do not have the same table of roles and of member names."""
    found = [
        kind
        for kind in exp_types
        if _reduced(one.roles, kind) != _reduced(other.roles, kind)
        or _reduced(one.member_name.suffix, kind) != _reduced(other.member_name.suffix, kind)
        or _reduced(_by_integration(one), kind) != _reduced(_by_integration(other), kind)
    ]
    return OneOf(Column("exp_type"), tuple(found))


def _by_integration(spec: RuleSpec) -> Choice:
    return Choice((Case(spec.member_name.integrations, spec.member_name.by_integration),), "")


@cache
def _reduced(choice: Choice, exp_type: str) -> tuple[Case, ...]:
    """What is left of a table for exposures of one type."""
    left: list[Case] = []
    for case in (*choice.cases, Case(choice.otherwise, TRUE)):
        when = simplified(case.when, {"exp_type": (exp_type,)})
        if when != FALSE:
            left.append(Case(case.value, when))
        if when == TRUE:
            break
    return tuple(left)


def suffixes(names: MemberName) -> tuple[str, ...]:
    """The product suffixes that members can have."""
    words = dict.fromkeys([*(str(case.value) for case in names.suffix.cases), names.suffix.otherwise])
    return tuple(each for word in words for each in (word, word + names.integrations))


def has_suffix(names: MemberName, suffix: str, roles: Choice) -> Predicate:
    """The exposure, as a member, is named by its product with this suffix."""
    by_integration = resolved(names.by_integration, roles)
    ways: list[Predicate] = []
    for word in dict.fromkeys([*(str(case.value) for case in names.suffix.cases), names.suffix.otherwise]):
        if suffix == word:
            ways.append(conjunction([_resolved_choice(names.suffix, word, roles), negation(by_integration)]))
        elif suffix == word + names.integrations:
            ways.append(conjunction([_resolved_choice(names.suffix, word, roles), by_integration]))
    return disjunction(ways) if ways else FALSE


def _resolved_choice(choice: Choice, word: str, roles: Choice) -> Predicate:
    return resolved(is_in(choice, word), roles)


def role_words(specs: Iterable[RuleSpec]) -> tuple[str, ...]:
    """The roles that rules name."""
    words: dict[str, None] = {}
    for spec in specs:
        named = [case.value for case in spec.roles.cases if isinstance(case.value, str)]
        words.update(dict.fromkeys([*named, spec.roles.otherwise, *(join.role for join in spec.joins)]))
    return tuple(words)
