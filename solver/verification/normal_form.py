"""The normal form of a rule: without declarations that can have no effect on exposures of a domain.

Two versions of a rule with one normal form make the same associations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rules.rule import RuleSpec, Stated
from rules.vocabulary import (
    Column,
    DirectImage,
    Expansion,
    Field,
    Given,
    Has,
    InCandidate,
    Join,
    NodPairs,
    NodsAsBackground,
    OneOf,
    OneProduct,
    OneSeed,
    Predicate,
    ProductName,
    Spans,
)
from rules.vocabulary.algebra import conjunction, disjunction, negation
from solver.pools import DISCOVERED
from solver.solving import admits, as_anchor, compared, considered, is_in
from solver.verification.search import Space

#: The label of the target of what the product is about.
SCIENCE_TARGET = "science target"
#: The label of what a direct image's name shows of its optics.
OPTICS = "optics"


def normal(spec: RuleSpec, other: RuleSpec, space: Space) -> RuleSpec:
    """A version of a rule without what has no effect; what the other version shares is left as it is."""
    product_name, target, expansion, cardinality = spec.product_name, spec.target, _expansion(spec), spec.cardinality
    if any(getattr(spec, each) != getattr(other, each) for each in ("product_name", "target", "expansion")):
        product_name, target = _name(spec, space, product_name), _field(spec, space, target)
        if isinstance(expansion, DirectImage):
            image = conjunction([considered(spec), is_in(spec.roles, expansion.role)])
            optics = tuple(each for each in expansion.optics if space.first(image, Given(each)) is not None)
            expansion = replace(expansion, root=_name(spec, space, expansion.root), optics=optics)
    if isinstance(cardinality, OneSeed) and cardinality != other.cardinality:
        roles = (role for role in spec.fitting if space.first(considered(spec), is_in(spec.roles, role)) is not None)
        cardinality = replace(cardinality, fitting=tuple(roles))
    stated = tuple(made for each in spec.stated for made in _stated(spec, each, space))
    made = replace(spec, product_name=product_name, target=target, cardinality=cardinality, expansion=expansion)
    return replace(made, aliases=(), summary="", instruments=(), stated=stated, discovered=admits(spec, DISCOVERED))


def _stated(spec: RuleSpec, stated: Stated, space: Space) -> Iterator[Stated]:
    """A constraint without its parts that never matter, if anything is left.

    Every group has the roles that the rule is about or makes its products of, and the role that all exposures have.
    Nothing crosses programs, so sharing one says nothing. Types of candidates count only if the rule is for them.
    """
    match stated.constraint:
        case Has(candidate_types=types) | Spans(candidate_types=types) if types:
            if left := tuple(kind for kind in types if admits(spec, kind)):
                yield replace(stated, constraint=replace(stated.constraint, candidate_types=left))
        case Has(role=role):
            made_of = spec.expansion.role if isinstance(spec.expansion, (DirectImage, NodPairs)) else ""
            others = space.first(considered(spec), negation(is_in(spec.roles, role)))
            if role not in (spec.anchor, made_of) and (spec.anchor or others is not None):
                yield stated
        case Join(sharing=sharing, else_sharing=other):
            shared, else_shared = (tuple(c for c in columns if c.name != "program") for columns in (sharing, other))
            join = replace(stated.constraint, sharing=shared, else_sharing=else_shared)
            yield replace(stated, constraint=join) if shared and bool(else_shared) == bool(other) else stated
        case _:
            yield stated


def _expansion(spec: RuleSpec) -> Expansion:
    """What the rule makes of a group. Where a role has one exposure, no other can be its background."""
    match spec.expansion:
        case NodPairs(role) | NodsAsBackground(role) if role == spec.anchor:
            fitting = spec.fitting if spec.fitting_as is None else (spec.fitting_as,)
            if role not in (*fitting, *(join.role for join in spec.joins)):
                return OneProduct()
    return spec.expansion


def _name(spec: RuleSpec, space: Space, name: ProductName) -> ProductName:
    parts = [_field(spec, space, each) if isinstance(each, Field) else each for each in name.parts]
    return ProductName(tuple(each for each in parts if each != Field(())))


def _field(spec: RuleSpec, space: Space, field: Field) -> Field:
    """The field with the labels that can show something, and without `otherwise` if that is never used."""
    hidden = _hidden(spec)
    others = hidden.keys() - {same.label for same in spec.agreements}
    labels = tuple(each for each in field.labels if each in others or can_show(spec, space, each, field.drop))
    if not labels:
        return Field((), otherwise=field.otherwise)
    about = considered(spec) if OPTICS in labels else as_anchor(spec)
    nothing = conjunction(disjunction(hidden[label]) for label in labels)
    always = not field.drop and space.first(about, nothing) is None
    return replace(field, labels=labels, otherwise="" if always else field.otherwise)


def _hidden(spec: RuleSpec) -> dict[str, list[Predicate]]:
    """For each label that the rule has, the conditions under which an exposure shows no value for it."""
    found = {"candidate": [], "exposure": [], SCIENCE_TARGET: [negation(Given(Column("targetid")))]}
    if isinstance(spec.expansion, DirectImage):
        path = [negation(Given(each)) for each in spec.expansion.optics]
        found[OPTICS] = [conjunction([*path, is_in(spec.roles, spec.expansion.role)])]
    for same in spec.agreements:
        attribute, exempt = compared(same, spec.roles)
        found[same.label] = [negation(Given(attribute)), exempt]
    return found


def can_show(spec: RuleSpec, space: Space, label: str, dropped: tuple[str, ...]) -> bool:
    """Whether an exposure of the rule can have a value for an agreement that is not dropped from the name."""
    attribute = next((each.attribute for each in spec.agreements if each.label == label), None)
    if attribute is None or isinstance(attribute, InCandidate):
        return attribute is not None
    other = [negation(OneOf(attribute, dropped))] if dropped else []
    return space.first(considered(spec), Given(attribute), *other) is not None
