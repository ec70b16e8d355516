"""What explanations say, as data: the parts of a tree of facts. `solver.explanation.text` puts them in words.

Values are those of the pool, in lower case; "" means "not given". Constraints are worded as in
`asnsolve rules`, each with the class that states it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

#: How a needed value relates to those listed.
Relation = Literal[
    "one of", "none of", "given", "not given", "a number", "containing", "not containing", "near", "including",
    "at least",
]  # fmt: skip

#: What kind of constraint it is: `condition`, `agreement`, `nearness`, `join` and `validity` are constraints of the
#: vocabulary; the rest are the rule's further declarations.
Kind = Literal[
    "condition", "agreement", "nearness", "join", "validity",
    "candidate", "role", "difference", "selection", "expansion",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Need:
    """What an exposure has, and what it would need.

    Attributes:
        attribute: the word for it, such as "exposure type".
        columns: the pool columns that decide it; empty where it is a matter of other exposures.
        has: the value it has.
        relation: how the needed value relates to `values`.
        values: the values in question; empty for "given", "not given" and "a number".
    """

    attribute: str
    columns: tuple[str, ...]
    has: str
    relation: Relation
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Declared:
    """A constraint of a rule, or another of its declarations.

    Attributes:
        kind: what kind of constraint.
        constraint: the constraint in words.
        by: the class that states it.
    """

    kind: Kind
    constraint: str
    by: str


@dataclass(frozen=True, slots=True)
class Obstacle(_Declared):
    """A constraint that keeps an exposure out, and what the exposure has and would need."""

    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Another value for a column.

    Attributes:
        column: the column.
        has: the value that it has.
        needs: the value that it would have.
        any_other: whether any value would do that neither the rule nor the product distinguishes from that one.
    """

    column: str
    has: str
    needs: str
    any_other: bool


@dataclass(frozen=True, slots=True)
class Fix:
    """A change of an exposure that makes a rule take it.

    Attributes:
        changes: the columns with their new values. With fewer columns changed, it would join no existing product.
        product: the product that it would be in.
        candidate: the candidate of that product.
        role: its role there.
        joins: whether that product exists already; else it is new.
    """

    changes: tuple[Change, ...]
    product: str
    candidate: str
    role: str
    joins: bool


@dataclass(frozen=True, slots=True)
class Superseded:
    """An association that was made and not kept.

    Attributes:
        product: its product.
        rule: its rule.
        candidate: its candidate.
        members: number of its members.
        why: "same members" as another one, or "same product name".
        kept: the product of that one.
        kept_rule: its rule.
        kept_candidate: its candidate.
        because: what decided between the two.
        again: why that one was not kept either, if it was not.
    """

    product: str
    rule: str
    candidate: str
    members: int
    why: str
    kept: str
    kept_rule: str
    kept_candidate: str
    because: str
    again: Superseded | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a rule did not take an exposure.

    Attributes:
        rule: name of the rule.
        summary: what the rule groups.
        obstacles: a minimal correction set: without exactly these constraints the rule would take it, and
            without only some of them it would not. Empty where an association was made and not kept.
        group: the product of the group that `obstacles` keep it out of; "" for a group of its own.
        fix: the nearest fix; None if no change of a few columns is one, or the rule is for other exposure types.
        superseded: the association with it that was made and not kept.
    """

    rule: str
    summary: str
    obstacles: tuple[Obstacle, ...]
    group: str
    fix: Fix | None
    superseded: Superseded | None


@dataclass(frozen=True, slots=True)
class Ground(_Declared):
    """A constraint that an exposure fulfils.

    Attributes:
        values: the exposure's values of the attributes in the constraint, by their words; None where it agrees with
            any value.
    """

    values: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class _Listed:
    """A product that a fact is about.

    Attributes:
        association: file name of the association.
        product: name of the product.
        rule: the rule that made it.
        candidate: the candidate in which it was found.
    """

    association: str
    product: str
    rule: str
    candidate: str


@dataclass(frozen=True, slots=True)
class Membership(_Listed):
    """Membership of an exposure in an association, with its grounds.

    Attributes:
        file: the member's file.
        role: what the exposure is in it.
        others: number of the other members.
        grounds: the constraints by which it is in.
    """

    file: str
    role: str
    others: int
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Together(_Listed):
    """A product that has both exposures.

    Attributes:
        roles: what each of the two is in it.
    """

    roles: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Separation(_Declared):
    """A constraint that keeps two exposures apart.

    Attributes:
        values: for each attribute in question, by its word, what each of the two has.
    """

    values: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Apart:
    """Why a rule that takes both exposures does not put them together.

    Attributes:
        rule: name of the rule.
        separations: the constraints that keep them apart.
        superseded: the association with both that was made and not kept.
    """

    rule: str
    separations: tuple[Separation, ...]
    superseded: Superseded | None


@dataclass(frozen=True, slots=True)
class Alone:
    """Why no product of a rule that takes one of two exposures has the other.

    Attributes:
        rule: name of the rule.
        obstacles: the constraints that the other does not fulfil.
    """

    rule: str
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An exposure that is nearly in an association.

    Attributes:
        exposure: its file.
        obstacles: the constraints that keep it out of this association.
    """

    exposure: str
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class OrphanGroup:
    """Exposures that are in no association for one reason.

    Attributes:
        reason: the reason in a sentence.
        rule: the nearest rule, where they qualify for none.
        obstacles: what that rule requires and they do not have.
        types: their exposure types.
        exposures: their files.
    """

    reason: str
    rule: str
    obstacles: tuple[Obstacle, ...]
    types: tuple[str, ...]
    exposures: tuple[str, ...]
