"""What a rule asks of, and makes of, one exposure: as predicates on pool columns alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from rules.rule import RuleSpec
from rules.vocabulary import (
    FALSE,
    TRUE,
    AllOf,
    AnyOf,
    Attribute,
    Case,
    Choice,
    Column,
    Given,
    InCandidate,
    Join,
    MemberName,
    Not,
    OneOf,
    Predicate,
    Same,
)
from rules.vocabulary.algebra import columns_of, conjunction, disjunction, negation, simplified, truth, value
from solver.pools import DISCOVERED

#: The role of the exposures that a product is about, where a rule is about all that agree.
SCIENCE = "science"


def considered(spec: RuleSpec, candidate_type: str = "") -> Predicate:
    """The exposure qualifies and has a value for each agreement that needs one.

    Args:
        spec: the rule.
        candidate_type: in candidates of this type; by default of one that no agreement names.
    """
    needed = (_has_value(same, spec.roles, candidate_type) for same in spec.agreements if not same.optional)
    numbers = (Given(column) for near in spec.nearness for column in near.columns)
    return conjunction([*spec.eligibility, *needed, *numbers])


def _has_value(same: Same, roles: Choice, candidate_type: str) -> Predicate:
    match same.attribute:
        case InCandidate(named, _, otherwise):
            given: Predicate = AllOf(()) if named == candidate_type else Given(otherwise)
        case attribute:
            given = Given(attribute)
    return given if same.unless is None else disjunction([given, resolved(same.unless, roles)])


def joining(spec: RuleSpec, join: Join) -> Predicate:
    """The exposure could join a group."""
    shares = (Given(column) for column in (join.else_sharing or join.sharing))
    return conjunction([is_in(spec.roles, join.role), *shares, *(() if join.when is None else (join.when,))])


def admits(spec: RuleSpec, candidate_type: str) -> bool:
    """Whether a rule is for candidates of a type."""
    if candidate_type == DISCOVERED and not spec.discovered:
        return False
    return spec.candidates is None or truth(spec.candidates, {"candidate_type": candidate_type}) is True


def taken(spec: RuleSpec) -> Predicate:
    """The exposure qualifies, in whatever role, or could join a group."""
    return disjunction([considered(spec), *(joining(spec, join) for join in spec.joins)])


def as_anchor(spec: RuleSpec) -> Predicate:
    """The exposure qualifies as one that a product is about."""
    roles = spec.beginning or (SCIENCE,)
    return conjunction([considered(spec), disjunction(is_in(spec.roles, role) for role in roles)])


def as_partner(spec: RuleSpec) -> Predicate:
    """The exposure qualifies as one that can be in a group with an anchor by agreeing with it."""
    fits = [disjunction(is_in(spec.roles, role) for role in spec.fitting)] if spec.anchor else []
    return conjunction([considered(spec), *fits])


def compared(same: Same, roles: Choice) -> tuple[Attribute, Predicate]:
    """What an agreement compares, and where an exposure agrees with any; in candidates that it does not name."""
    attribute = same.attribute.otherwise if isinstance(same.attribute, InCandidate) else same.attribute
    return attribute, FALSE if same.unless is None else resolved(same.unless, roles)


def agreeing_with(spec: RuleSpec, exposure: Mapping[str, str]) -> Predicate:
    """The exposure agrees with another one on everything that the rule asks for."""
    parts = []
    known = dict.fromkeys(columns_of(spec.agreements, spec.roles), "") | dict(exposure)
    for attribute, exempt in (compared(same, spec.roles) for same in spec.agreements):
        shown = value(attribute, known)
        if shown and not truth(exempt, known):
            parts.append(disjunction([OneOf(attribute, (shown,)), negation(Given(attribute)), exempt]))
    return conjunction(parts)


def sharing(join: Join, exposure: Mapping[str, str]) -> Predicate:
    """The exposure has the values by which it would join a group that another one is in."""
    columns = join.else_sharing or join.sharing
    return conjunction(OneOf(column, (exposure[column.name],)) for column in columns if exposure.get(column.name))


@cache  # many rules have one table of roles
def is_in(roles: Choice, role: str) -> Predicate:
    """The table of roles gives the exposure this role."""
    return _chooses(roles, role)


def _chooses(choice: Choice, word: str) -> Predicate:
    ways: list[Predicate] = []
    before: list[Predicate] = []
    for case in choice.cases:
        if isinstance(case.value, Column):
            ways.append(conjunction([*before, case.when, OneOf(case.value, (word,))]))
        elif case.value == word:
            ways.append(conjunction([*before, case.when]))
        before.append(negation(case.when))
    if choice.otherwise == word:
        ways.append(conjunction(before))
    return disjunction(ways)


@cache
def resolved(predicate: Predicate, roles: Choice) -> Predicate:
    """The predicate with what it asks of the role said in pool columns."""
    match predicate:
        case OneOf(Column("role"), words):
            return disjunction(is_in(roles, word) for word in words)
        case Given(Column("role")):
            return AllOf(())
        case AllOf(parts):
            return conjunction(resolved(part, roles) for part in parts)
        case AnyOf(parts):
            return disjunction(resolved(part, roles) for part in parts)
        case Not(part):
            return negation(resolved(part, roles))
        case leaf:
            return leaf


def treated_apart(exp_types: Iterable[str], one: RuleSpec, other: RuleSpec) -> OneOf:
    """The exposure is of a type for which the two rules have different tables of roles or of member names."""
    pairs = list(zip(_tables(one), _tables(other), strict=True))
    found = [kind for kind in exp_types if any(_reduced(a, kind) != _reduced(b, kind) for a, b in pairs)]
    return OneOf(Column("exp_type"), tuple(found))


def _tables(spec: RuleSpec) -> tuple[Choice, Choice, Choice]:
    """The roles of exposures, and the suffixes and the ends of members."""
    names = spec.member_name
    return spec.roles, names.suffix, Choice((Case(names.integrations, names.by_integration),), "")


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
    return tuple(suffix for suffix, _, _ in _suffixes(names))


def _suffixes(names: MemberName) -> list[tuple[str, str, bool]]:
    """Each suffix, the word that it is made of, and whether it is by integration."""
    words = dict.fromkeys([*(str(case.value) for case in names.suffix.cases), names.suffix.otherwise])
    return [each for word in words for each in ((word, word, False), (word + names.integrations, word, True))]


def has_suffix(names: MemberName, suffix: str, roles: Choice) -> Predicate:
    """The exposure, as a member, is named by its product with this suffix."""
    by_integration = resolved(names.by_integration, roles)
    return disjunction(
        conjunction(
            [resolved(_chooses(names.suffix, word), roles), by_integration if ints else negation(by_integration)]
        )
        for known, word, ints in _suffixes(names)
        if known == suffix
    )
