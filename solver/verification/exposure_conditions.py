"""What a rule requires of one exposure and makes of it, as predicates on pool columns alone."""

from __future__ import annotations

from collections.abc import Iterable

from rules.rule import RuleSpec
from rules.vocabulary import Choice, Column, Given, MemberName, Predicate
from rules.vocabulary.algebra import columns_of, conjunction, disjunction, negation, truth
from rules.vocabulary.domains import Domain
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


def complete(specs: Iterable[RuleSpec], domain: Domain) -> Predicate:
    """The exposure has a value in each column that complete pools fill and the rules use."""
    asked = columns_of(*map(taken, specs))
    return conjunction(Given(Column(column)) for column in domain.filled if column in asked)


def suffixes(names: MemberName) -> tuple[str, ...]:
    """The product suffixes that members can have."""
    return tuple(suffix for suffix, _, _ in _suffixes(names))


def _suffixes(names: MemberName) -> list[tuple[str, str, bool]]:
    """Each suffix, the word that it is made of, and whether it is by integration."""
    words = dict.fromkeys([*(str(case.value) for case in names.suffix.cases), names.suffix.otherwise])
    return [each for word in words for each in ((word, word, False), (word + names.integrations, word, True))]


def has_suffix(names: MemberName, suffix: str, roles: Choice) -> Predicate:
    """The exposure, as a member, is named by its product with this suffix."""
    by_integration = resolved(names.by_integration, roles)
    return disjunction(
        conjunction([resolved(is_in(names.suffix, word), roles), by_integration if ints else negation(by_integration)])
        for known, word, ints in _suffixes(names)
        if known == suffix
    )
