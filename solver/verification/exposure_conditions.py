"""What a rule requires of one exposure and makes of it, as predicates on pool columns alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

from rules.rule import RuleSpec
from rules.vocabulary import Column, Given, Predicate
from rules.vocabulary.algebra import columns_of, conjunction, disjunction, negation
from rules.vocabulary.domains import Domain
from solver.multimap import grouped
from solver.solving import considered, is_in, joining, resolved


def taken(spec: RuleSpec) -> Predicate:
    """The exposure qualifies, in whatever role, or could join a group."""
    return disjunction([considered(spec), *(joining(spec, join) for join in spec.joins)])


def complete(specs: Iterable[RuleSpec], domain: Domain) -> Predicate:
    """The exposure has a value in each column that complete pools fill and the rules use."""
    asked = columns_of(*map(taken, specs))
    return conjunction(Given(Column(column)) for column in domain.filled if column in asked)


def suffixes(spec: RuleSpec) -> Mapping[str, Predicate]:
    """The product suffixes of members, each with the condition under which a member has it."""
    names = spec.member_name
    by_integration = resolved(names.by_integration, spec.roles)
    ends = (("", negation(by_integration)), (names.integrations, by_integration))
    named = {word: resolved(is_in(names.suffix, word), spec.roles) for word in names.suffix.words}
    ways = ((word + end, conjunction([one, kind])) for (word, one), (end, kind) in product(named.items(), ends))
    return {suffix: disjunction(conditions) for suffix, conditions in grouped(ways).items()}
