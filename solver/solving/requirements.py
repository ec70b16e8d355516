"""Requirements: what a rule requires of one exposure, as predicates on pool columns alone.

The predicate then decides whether an exposure meets a requirement: use `Evaluation.holds` for every exposure of a
table, `rules.vocabulary.algebra.truth` for one known in part, `columns_of` for the columns that decide it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import compress, product
from math import isnan
from typing import Literal, NamedTuple, cast

import numpy as np

from rules.rule import RuleSpec
from rules.vocabulary import (
    FALSE,
    TRUE,
    AtLeast,
    Attribute,
    Cardinality,
    Case,
    Choice,
    CloseOnSky,
    Column,
    Combination,
    Constraint,
    Contains,
    Given,
    Has,
    InCandidate,
    Join,
    Near,
    OneOf,
    Predicate,
    Same,
    Spans,
    Within,
)
from rules.vocabulary.algebra import Whole, conjunction, disjunction, negation, rewritten, truth, value
from solver.pools import DISCOVERED, Candidate, Evaluation, encode, number_of, numbers_of, parse_cell
from solver.solving.pairwise import near

#: The role of the exposures that a product is about, where a rule's cardinality does not name one.
SCIENCE = "science"

CANDIDATES = Column("asn_candidate")


class Requirement(NamedTuple):
    """Something that a rule requires of an exposure.

    Attributes:
        kind: what kind of declaration it comes from.
        predicate: what has to hold for the exposure.
        stated: the constraint, or words for what is required.
        by: the class that states it.
        shown: the predicate as a reader should see it, which may name roles and candidates as such, and leaves out
            exemptions.
    """

    kind: Literal["condition", "agreement", "nearness", "candidate", "role", "difference", "join"]
    predicate: Predicate
    stated: Constraint | Cardinality | str
    by: str
    shown: Predicate

    @property
    def constraint(self) -> Constraint | None:
        """The constraint, if a rule could be stated without it."""
        return cast("Constraint", self.stated) if self.kind in {"condition", "agreement", "nearness"} else None


# --- Of an exposure in a group -----------------------------------------------------------------------------------


def requirements_of(
    spec: RuleSpec, candidate_type: str = "", pool: Evaluation | None = None, anchors: Sequence[int] = ()
) -> Iterator[Requirement]:
    """What a rule requires of every exposure, and of one that has to agree with others.

    Args:
        spec: the rule.
        candidate_type: the type of the candidate; by default one that no agreement names.
        pool: the exposures; only for those to agree with, and for the numbers that are near each other.
        anchors: rows of the exposures to agree with.
    """
    for stated in spec.stated:
        match stated.constraint:
            case Same(InCandidate(named)) as same if named == candidate_type:
                yield Requirement("agreement", TRUE, same, stated.by, TRUE)
            case Same() as same:
                asked, shown = _agreed(spec, same, pool, anchors)
                yield Requirement("agreement", asked, same, stated.by, shown)
            case Within() | CloseOnSky() as condition:
                asked, shown = _nearness(condition, pool, anchors)
                yield Requirement("nearness", asked, condition, stated.by, shown)
            case Join() | Has() | AtLeast() | Spans():
                pass  # about groups
            case predicate:
                yield Requirement("condition", predicate, predicate, stated.by, predicate)


def _agreed(spec: RuleSpec, same: Same, pool: Evaluation | None, anchors: Sequence[int]) -> tuple[Predicate, Predicate]:
    """The exposure has a value, that of the exposures to agree with if they have one, or needs none.

    Also gives what is asked without exemptions.
    """
    attribute, exempt = compared(same, spec.roles)
    values: set[str] = set()
    if pool is not None and anchors:
        column, free = pool.values(attribute), pool.holds(exempt)
        values = {column[row] for row in anchors if not free[row]} - {""}
    if not values and same.optional:
        return TRUE, Given(attribute)
    asked = OneOf(attribute, (min(values),)) if values else Given(attribute)
    return disjunction([asked, negation(Given(attribute)) if same.optional else FALSE, exempt]), asked


def compared(same: Same, roles: Choice) -> tuple[Attribute, Predicate]:
    """What an agreement compares, and which exposures agree with any value; in candidates that it does not name."""
    attribute = same.attribute.otherwise if isinstance(same.attribute, InCandidate) else same.attribute
    return attribute, resolved(same.unless or FALSE, roles)


def _nearness(condition: Near, pool: Evaluation | None, anchors: Sequence[int]) -> tuple[Predicate, Combination]:
    """The exposure has numbers, near those of all anchors: of combinations of its values and theirs, those that are.

    Also gives the values of the anchors themselves.
    """
    if pool is None:
        return conjunction(map(Given, condition.columns)), Combination(str(condition), condition.columns, ())
    columns = [pool.values(column) for column in condition.columns]
    cells = [tuple(column[row] for column in columns) for row in range(len(pool))]
    about = dict.fromkeys(cells[row] for row in anchors)
    shown = Combination(str(condition), condition.columns, tuple(about))
    if not about:
        numeric = (sorted(each for each in {*column} if not isnan(number_of(each))) for column in columns)
        return conjunction(map(OneOf, condition.columns, map(tuple, numeric))), shown
    mixed = dict.fromkeys(each for pair in product(set(cells), about) for each in product(*zip(*pair, strict=True)))
    texts = zip(*mixed, *about, strict=True)
    numbers = {column.name: numbers_of(encode(each)) for column, each in zip(condition.columns, texts, strict=True)}
    ours, theirs = np.arange(len(mixed)), len(mixed) + np.arange(len(about))
    good = np.atleast_1d(near((condition,), numbers, ours[:, None], theirs).all(axis=1))
    return Combination(str(condition), condition.columns, tuple(sorted(compress(mixed, good)))), shown


def listing(candidate: Candidate, pool: Evaluation, stated: str, by: str) -> Requirement:
    """The exposure lists a candidate, in whatever way its cell is written."""
    pair = (candidate.id, candidate.type)
    named = (cell for cell in pool.values(CANDIDATES).values[1:] if candidate.id in cell)  # few have to be parsed
    cells = tuple(cell for cell in named if pair in parse_cell(cell))
    asked = disjunction([OneOf(CANDIDATES, cells), Contains(CANDIDATES, str(pair))])
    words = (f"{candidate.id} ({candidate.type})",) if candidate.id else ()
    predicate = TRUE if candidate.type == DISCOVERED else asked
    return Requirement("candidate", predicate, stated, by, OneOf(CANDIDATES, words))


def having_role(spec: RuleSpec, roles: Sequence[str], stated: Constraint | Cardinality | str, by: str) -> Requirement:
    """The exposure has one of these roles."""
    return Requirement("role", in_roles(spec, roles), stated, by, OneOf(Column("role"), tuple(roles)))


def differing(column: Column, other: str, by: str) -> Requirement:
    """The exposure has a value in a column, other than this one."""
    another = negation(OneOf(column, (other,)))
    return Requirement("difference", conjunction([Given(column), another]), f"another {column.label}", by, another)


# --- Of a candidate ----------------------------------------------------------------------------------------------


def admits(spec: RuleSpec, candidate_type: str) -> bool:
    """Whether a rule is for candidates of a type."""
    is_found = spec.discovered or candidate_type != DISCOVERED
    return is_found and truth(spec.candidates or TRUE, {"candidate_type": candidate_type}) is True


# --- Of an exposure alone ----------------------------------------------------------------------------------------


@cache
def considered(spec: RuleSpec) -> Predicate:
    """The exposure qualifies and has a value for each agreement that needs one, in candidates that none names."""
    conditions_first = sorted(requirements_of(spec), key=lambda each: each.kind != "condition")
    return conjunction(each.predicate for each in conditions_first)


@cache
def joining(spec: RuleSpec, join: Join) -> Predicate:
    """The exposure could join a group."""
    shares = (Given(column) for column in (join.else_sharing or join.sharing))
    return conjunction([is_in(spec.roles, join.role), *shares, join.when or TRUE])


@cache
def as_anchor(spec: RuleSpec) -> Predicate:
    """The exposure qualifies as one that a product is about."""
    return conjunction([considered(spec), in_roles(spec, spec.beginning or (SCIENCE,))])


@cache
def as_partner(spec: RuleSpec) -> Predicate:
    """The exposure qualifies as one that can be in a group with an anchor by agreeing with it."""
    return conjunction([considered(spec), in_roles(spec, spec.fitting)]) if spec.anchor else considered(spec)


def agreeing_with(spec: RuleSpec, exposure: Mapping[str, str]) -> Predicate:
    """The exposure agrees with another one on everything that the rule requires."""
    parts = []
    other = Whole(exposure)
    for attribute, exempt in (compared(same, spec.roles) for same in spec.agreements):
        if (shown := value(attribute, other)) and not truth(exempt, other):
            parts.append(disjunction([OneOf(attribute, (shown,)), negation(Given(attribute)), exempt]))
    return conjunction(parts)


def sharing(join: Join, exposure: Mapping[str, str]) -> Predicate:
    """The exposure has the values by which it would join a group that another one is in."""
    columns = join.else_sharing or join.sharing
    return conjunction(OneOf(column, (exposure[column.name],)) for column in columns if exposure.get(column.name))


# --- Roles ----------------------------------------------------------------------------------------


def in_roles(spec: RuleSpec, roles: Iterable[str]) -> Predicate:
    """The exposure has one of these roles."""
    return disjunction(is_in(spec.roles, role) for role in roles)


@cache  # many rules have one table of roles
def is_in(roles: Choice, role: str) -> Predicate:
    """The table gives the exposure this role."""
    ways: list[Predicate] = []
    before: list[Predicate] = []
    for case in (*roles.cases, Case(roles.otherwise, TRUE)):
        given = OneOf(case.value, (role,)) if isinstance(case.value, Column) else TRUE if case.value == role else FALSE
        ways.append(conjunction([*before, case.when, given]))
        before.append(negation(case.when))
    return disjunction(ways)


@cache
def resolved(predicate: Predicate, roles: Choice) -> Predicate:
    """The predicate with its conditions on the role expressed in pool columns."""
    match predicate:
        case OneOf(Column("role"), words):
            return disjunction(is_in(roles, word) for word in words)
        case Given(Column("role")):
            return TRUE
    return rewritten(predicate, lambda part: resolved(part, roles))
