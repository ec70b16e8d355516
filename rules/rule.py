"""Rules: classes that only declare, collected into one frozen `RuleSpec` each.

A rule combines a base class with mixins. It has the constraints of all classes of the MRO;
every other declaration is inherited as usual, from the nearest class. Mistakes are reported
when the class is made, with the class and the declaration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, cached_property
from operator import attrgetter
from typing import Any, ClassVar, cast

from rules.declarations import Declarations, check_body, check_roles
from rules.errors import DeclarationError, misspelt
from rules.vocabulary import (
    ASN_TYPES,
    Cardinality,
    Choice,
    Column,
    Constraint,
    Expansion,
    Field,
    Join,
    MemberName,
    Near,
    Predicate,
    ProductName,
    Same,
    Select,
    Validity,
    Without,
)
from rules.vocabulary.expressions import Expression
from rules.vocabulary.grouping import words


class Stated(Expression):
    """A constraint, and the class that states it."""

    constraint: Constraint
    by: str


def _constraints(kind: Any) -> cached_property[Any]:
    """The constraints of one kind among those that a rule states."""
    return cached_property(lambda spec: tuple(s.constraint for s in spec.stated if isinstance(s.constraint, kind)))


class RuleSpec(Expression):
    """Everything that a rule declares: what the solver works from.

    Attributes:
        name: name of the rule.
        aliases: older names, by which it is found, too.
        summary: the first line of the rule's docstring.
        level: 2 or 3, the processing level of the product.
        instruments: its instruments (for texts only; the exposure type decides).
        stated: all constraints with the classes they come from, base class first.
        roles: what each exposure is in an association of this rule.
        candidates: a predicate on `candidate_type`; None for every type.
        discovered: whether it also groups exposures across candidates.
        asn_type: the association type, which selects the pipeline.
        product_name: how products are named.
        target: how the target of an association is named.
        member_name: how members are named.
        cardinality: whether a group has one science exposure (the seed) or all that agree.
        selection: which of the exposures of a valid group stay.
        expansion: what a valid group becomes.
        lists_candidates: whether members list the candidates for which they were considered.
    """

    name: str
    aliases: tuple[str, ...]
    summary: str
    level: int
    instruments: tuple[str, ...]
    stated: tuple[Stated, ...]
    roles: Choice
    candidates: Predicate | None
    discovered: bool
    asn_type: str
    product_name: ProductName
    target: Field
    member_name: MemberName
    cardinality: Cardinality
    selection: Select | None
    expansion: Expansion
    lists_candidates: bool

    #: What an exposure must satisfy on its own.
    eligibility: ClassVar[cached_property[tuple[Predicate, ...]]] = _constraints(Predicate)

    #: What the exposures of a group must share.
    agreements: ClassVar[cached_property[tuple[Same, ...]]] = _constraints(Same)

    #: What every two exposures of a group must fulfil, beyond agreement.
    nearness: ClassVar[cached_property[tuple[Near, ...]]] = _constraints(Near)

    #: What is added to a group.
    joins: ClassVar[cached_property[tuple[Join, ...]]] = _constraints(Join)

    #: What the group must show.
    validity: ClassVar[cached_property[tuple[Validity, ...]]] = _constraints(Validity)

    @property
    def sections(self) -> Iterator[tuple[str, list[tuple[Constraint, str, str]]]]:
        """What it states under each heading, as constraints, their words there, and the classes that state them."""
        by, together = {each.constraint: each.by for each in self.stated}, str(self.cardinality).endswith("the same")
        parts: tuple[tuple[str, Sequence[Constraint]], ...] = (
            ("An exposure qualifies if", self.eligibility),
            (f"A group contains {self.cardinality}" + ("" if together else ", with values of"), self.agreements),
            ("Every two exposures have", self.nearness),
            ("Also added to a group", self.joins),
            ("A group is an association if it", self.validity),
        )
        for heading, constraints in parts:
            if constraints:
                yield heading, [(each, str(self._here(each)).removeprefix("same "), by[each]) for each in constraints]

    def _here(self, constraint: Constraint) -> Constraint:
        """A constraint without the exemption of a role that no exposure has under this rule."""
        if isinstance(constraint, Same) and isinstance(constraint.exempt, str):
            return constraint if constraint.exempt in self.roles.words else replace(constraint, unless=None)
        return constraint

    @cached_property
    def own_columns(self) -> tuple[Column, ...]:
        """The columns that its author declared."""
        return tuple(dict.fromkeys(each for each in self.with_parts if isinstance(each, Column) and each.own))

    #: The role of the seed of a group; "" if groups have no seed.
    anchor: ClassVar[cached_property[str]] = cached_property(attrgetter("cardinality.role"))

    #: The roles of the exposures that fit a seed; () if groups have no seed.
    fitting: ClassVar[cached_property[tuple[str, ...]]] = cached_property(attrgetter("cardinality.fitting"))

    #: The role that fitting exposures have in the group; None for their own.
    fitting_as: ClassVar[cached_property[str | None]] = cached_property(attrgetter("cardinality.fitting_as"))

    #: The columns in which exposures that fit a seed differ from it.
    differing: ClassVar[cached_property[tuple[Column, ...]]] = cached_property(attrgetter("cardinality.differing"))

    @property
    def answers_to(self) -> tuple[str, ...]:
        """Its name and its aliases, in lower case."""
        return tuple(map(str.lower, (self.name, *self.aliases)))

    @property
    def beginning(self) -> tuple[str, ...]:
        """The roles whose exposures begin a group; () for any role."""
        return (self.anchor, *self.cardinality.lone) if self.anchor else ()


class Rule(Declarations):
    """Base of all rules and mixins. Subclasses declare data and never define methods.

    A class named `Asn_…` is a rule of its own and has a `spec`. All other classes are there to be inherited.
    """

    #: What the class and all that it inherits declare; only rules have it.
    spec: ClassVar[RuleSpec]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Check the declarations and, for a rule, collect them."""
        super().__init_subclass__(**kwargs)
        check_body(cls.__name__, vars(cls))
        stated = _collect(cls)
        if cls.__name__.startswith("Asn_"):
            cls.replaces = words(cls.replaces)
            cls.spec = _specify(cls, stated)


def declared(rule: type[Rule], declaration: str) -> tuple[str, str]:
    """What a rule declares, such as its `expansion`, in words or "" for nothing, and the class that declares it."""
    by = next((owner.__name__ for owner in rule.__mro__ if declaration in vars(owner)), rule.spec.name)
    return str(getattr(rule.spec, declaration) or ""), by


def as_rule(spec: RuleSpec, module: str = __name__) -> type[Rule]:
    """A rule that has nothing but its spec."""
    return cast("type[Rule]", type(spec.name, (), {"spec": spec, "replaces": (), "__module__": module}))


def replaces(rule: type[Rule], other: type[Rule]) -> bool:
    """Whether a rule states that it takes the place of another one."""
    return any(name.lower() in other.spec.answers_to for name in rule.replaces)


def is_own(rule: type[Rule]) -> bool:
    """Whether a user wrote a rule; the rest are of this package, or of another version of it."""
    return rule.__module__.partition(".")[0] != Rule.__module__.partition(".")[0]


#: The processing levels that associations are made for.
LEVELS = (2, 3)

_ASN_TYPE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


#: A class states the same for all rules that inherit it.
_stated = cache(Stated)


def _collect(cls: type[Rule]) -> tuple[Stated, ...]:
    """The constraints of all classes of the MRO, base class first, each stated once."""
    found: dict[Constraint, Stated] = {}
    for owner in reversed(cls.__mro__):
        own: tuple[Constraint | Without, ...] = vars(owner).get("constraints", ()) if issubclass(owner, Rule) else ()
        for taken in own:
            for constraint in taken.constraints if isinstance(taken, Without) else ():
                if constraint not in found:
                    raise DeclarationError(cls.__name__, taken, f"nothing that it inherits states {constraint!r}")
                del found[constraint]
        for each in own:
            if not isinstance(each, Without):
                found.setdefault(each, _stated(each, owner.__name__))
    by_label: dict[str, Stated] = {}
    for stated in found.values():
        if isinstance(stated.constraint, Same):
            other = by_label.setdefault(stated.constraint.label, stated)
            if other is not stated:
                problem = f"{stated.by} states it so, but {other.by} states {other.constraint!r}"
                remedy = "take one of them away with without(…)"
                raise DeclarationError(cls.__name__, stated.constraint, f"{problem}; {remedy}")
    return tuple(found.values())


def _specify(cls: type[Rule], stated: tuple[Stated, ...]) -> RuleSpec:
    # a rule that takes the place of its namesake keeps the older names of that one
    namesakes = (vars(each) for each in cls.__mro__ if each.__name__ == cls.__name__)
    made: dict[str, Any] = {
        "name": cls.__name__,
        "aliases": next((each["aliases"] for each in namesakes if "aliases" in each), ()),
        "summary": cls.__doc__.strip().splitlines()[0] if cls.__doc__ else "",
        "instruments": tuple(sorted({name for owner in cls.__mro__ for name in vars(owner).get("instruments", ())})),
        "stated": stated,
    }
    inherited = [name for name in RuleSpec.__match_args__ if name not in made]
    for name in inherited:
        if not hasattr(cls, name):
            raise DeclarationError(cls.__name__, name, "is not declared; inherit a base such as DMS_Level3_Base")
    if cls.level not in LEVELS:
        raise DeclarationError(cls.__name__, f"level = {cls.level!r}", "must be 2 or 3")
    # the pipeline's types end in the level; a word that does not is another mission's
    problem = misspelt(cls.asn_type, ASN_TYPES, "association type") if cls.asn_type[-1:].isdecimal() else None
    if not _ASN_TYPE.fullmatch(cls.asn_type):
        problem = "becomes part of file names; use lower-case letters, digits and '-'"
    if problem is not None:
        raise DeclarationError(cls.__name__, f"asn_type = {cls.asn_type!r}", problem)
    if not any(isinstance(each.constraint, Same) for each in stated):
        raise DeclarationError(cls.__name__, "constraints", "no exposures would have to agree; state same(…)")
    declared = (*(each.constraint for each in stated), cls.cardinality, cls.selection, cls.expansion)
    check_roles(cls.__name__, cls.roles, cls.cardinality, declared)
    return RuleSpec(**made, **{name: getattr(cls, name) for name in inherited})
