"""Rules: classes that only declare, collected into one frozen `RuleSpec` each.

A rule is put together from a base class and mixins. Constraints of all classes of the MRO unite;
every other declaration is inherited as usual, the nearest class wins. Mistakes are found when the
class is made, and name the class and the declaration.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, get_args

from rules.errors import DeclarationError
from rules.vocabulary import (
    COLUMNS,
    DERIVED,
    ROLES,
    AllOf,
    AnyOf,
    AtLeast,
    Cardinality,
    Case,
    Choice,
    CloseOnSky,
    Column,
    Combination,
    Constraint,
    Contains,
    DirectImage,
    Expansion,
    Field,
    Has,
    Join,
    Many,
    MemberName,
    Near,
    NodPairs,
    NodsAsBackground,
    Not,
    OneOf,
    OneProduct,
    OneSeed,
    Predicate,
    ProductName,
    Same,
    Select,
    Spans,
    Validity,
    Within,
    Without,
)
from rules.vocabulary.expressions import walk

_CONSTRAINTS: tuple[type, ...] = (*get_args(Predicate), *get_args(Validity), *get_args(Near), Same, Join)


@dataclass(frozen=True, slots=True)
class Stated:
    """A constraint, and the class that states it."""

    constraint: Constraint
    by: str


@dataclass(frozen=True)
class RuleSpec:
    """Everything that a rule declares: what the solver works from.

    Attributes:
        name: name of the rule.
        aliases: older names it answers to.
        summary: the first line of the rule's docstring.
        level: 2 or 3, the processing level of the product.
        instruments: the instruments it is about (for texts; the exposure type decides).
        stated: all constraints with the classes they come from, base class first.
        roles: what each exposure is in an association of this rule.
        candidates: a predicate on `candidate_type`; None for every type.
        discovered: whether it also groups exposures across candidates.
        asn_type: the association type, which tells the pipeline what to run.
        product_name: how products are called.
        target: how the target of an association is called.
        member_name: how members are called.
        cardinality: what a group is about.
        selection: which of the exposures of a valid group stay.
        expansion: what a valid group becomes.
        lists_candidates: whether members say in which candidates they were considered.
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

    @cached_property
    def eligibility(self) -> tuple[Predicate, ...]:
        """What an exposure must satisfy on its own."""
        return tuple(each.constraint for each in self.stated if isinstance(each.constraint, get_args(Predicate)))

    @cached_property
    def agreements(self) -> tuple[Same, ...]:
        """What the exposures of a group must share."""
        return tuple(each.constraint for each in self.stated if isinstance(each.constraint, Same))

    @cached_property
    def nearness(self) -> tuple[Near, ...]:
        """What every two exposures of a group must fulfil, beyond agreement."""
        return tuple(each.constraint for each in self.stated if isinstance(each.constraint, get_args(Near)))

    @cached_property
    def joins(self) -> tuple[Join, ...]:
        """What is added to a group."""
        return tuple(each.constraint for each in self.stated if isinstance(each.constraint, Join))

    @property
    def anchor(self) -> str:
        """The role of the one exposure that a group is about; "" where a group is about all that agree."""
        return self.cardinality.role if isinstance(self.cardinality, OneSeed) else ""

    @property
    def beginning(self) -> tuple[str, ...]:
        """The roles of the exposures that begin a group of their own; () for any role."""
        return (self.cardinality.role, *self.cardinality.lone) if isinstance(self.cardinality, OneSeed) else ()

    @property
    def fitting(self) -> tuple[str, ...]:
        """The roles of the exposures that fit an anchor; () where a group is about all that agree."""
        return self.cardinality.fitting if isinstance(self.cardinality, OneSeed) else ()

    @property
    def fitting_as(self) -> str | None:
        """The role that fitting exposures have in the group; None for their own."""
        return self.cardinality.fitting_as if isinstance(self.cardinality, OneSeed) else None

    @property
    def differing(self) -> tuple[Column, ...]:
        """The columns in which what fits an anchor differs from it."""
        return self.cardinality.differing if isinstance(self.cardinality, OneSeed) else ()

    @cached_property
    def validity(self) -> tuple[Validity, ...]:
        """What the group must show."""
        return tuple(each.constraint for each in self.stated if isinstance(each.constraint, get_args(Validity)))


class Rule:
    """Base of all rules and mixins. Subclasses declare data and never define methods.

    A class whose name begins with `Asn_` is a rule of its own and has a `spec`. All others are there
    to be inherited.
    """

    constraints: ClassVar[tuple[Constraint | Without, ...]] = ()
    roles: ClassVar[Choice]
    candidates: ClassVar[Predicate | None] = None
    discovered: ClassVar[bool] = False
    asn_type: ClassVar[str]
    product_name: ClassVar[ProductName]
    target: ClassVar[Field]
    member_name: ClassVar[MemberName]
    cardinality: ClassVar[Cardinality] = Many()
    selection: ClassVar[Select | None] = None
    expansion: ClassVar[Expansion] = OneProduct()
    level: ClassVar[int]
    lists_candidates: ClassVar[bool] = False
    instruments: ClassVar[tuple[str, ...]] = ()
    aliases: ClassVar[tuple[str, ...]] = ()

    #: What the class and all that it inherits declare; only rules have it.
    spec: ClassVar[RuleSpec]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Check the declarations and, for a rule, collect them."""
        super().__init_subclass__(**kwargs)
        _check_body(cls)
        stated = _collect(cls)
        if cls.__name__.startswith("Asn_"):
            cls.spec = _specify(cls, stated)


_DECLARATIONS = tuple(name for name in Rule.__annotations__ if name != "spec")
#: Declarations that may ask for what the solver derives.
_DERIVED_IN = {
    "same": frozenset({"role"}),
    "member_name": frozenset({"role"}),
    "candidates": frozenset({"candidate_type"}),
}
#: The processing levels that associations are made for.
LEVELS = (2, 3)
_ASN_TYPE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_REQUIRED = ("level", "roles", "asn_type", "product_name", "target", "member_name")


#: What each declaration has to be: classes, and the words for them.
_KINDS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "constraints": ((tuple,), "a tuple of constraints; is a comma missing?"),
    "roles": ((Choice,), "choose(…)"),
    "candidates": ((*get_args(Predicate), type(None)), "a predicate on candidate_type"),
    "discovered": ((bool,), "True or False"),
    "asn_type": ((str,), "a word such as 'image3'"),
    "product_name": ((ProductName,), "product_name(…)"),
    "target": ((Field,), "a Field"),
    "member_name": ((MemberName,), "a MemberName"),
    "cardinality": (get_args(Cardinality), "many() or one_seed(…)"),
    "selection": ((Select, type(None)), "select(…)"),
    "expansion": (get_args(Expansion), "an expansion such as one_product()"),
    "level": ((int,), "2 or 3"),
    "lists_candidates": ((bool,), "True or False"),
    "instruments": ((tuple,), "a tuple of words; is a comma missing?"),
    "aliases": ((tuple,), "a tuple of words; is a comma missing?"),
}
#: What Python itself puts into the body of a class.
_OF_PYTHON = {"__module__", "__qualname__", "__doc__", "__annotations__", "__static_attributes__", "__firstlineno__"}


def _check_body(cls: type[Rule]) -> None:
    for name, value in vars(cls).items():
        if name not in _OF_PYTHON:
            _check_kind(cls, name, value)
            if name == "candidates":
                _check_candidates(cls, value)
            for each in value if name == "constraints" else (value,):
                allowed = _DERIVED_IN.get("same" if isinstance(each, (Same, Without)) else name, frozenset())
                for part in walk(each):
                    for problem in (*_problems(part, allowed), *_wrong_kinds(part)):
                        raise DeclarationError(cls.__name__, part, problem)


def _check_candidates(cls: type[Rule], predicate: object) -> None:
    """Of a candidate only its type is known."""
    for part in walk(predicate):
        if isinstance(part, Column) and part.name != "candidate_type":
            raise DeclarationError(
                cls.__name__, predicate, f"of a candidate only candidate_type is known, no {part.name}"
            )


def _check_kind(cls: type[Rule], name: str, value: object) -> None:
    if name not in _DECLARATIONS:
        near = difflib.get_close_matches(name, _DECLARATIONS, 1)
        hint = f"did you mean {near[0]}?" if near else f"a rule declares {', '.join(_DECLARATIONS)}"
        raise DeclarationError(cls.__name__, name, f"rules have no such declaration; {hint}")
    kinds, words = _KINDS[name]
    if not isinstance(value, kinds):
        raise DeclarationError(cls.__name__, f"{name} = {value!r}", f"has to be {words}")
    for each in value if isinstance(value, tuple) else ():
        if name == "constraints" and not isinstance(each, (*_CONSTRAINTS, Without)):
            problem = "is no constraint; use the constructors of rules.vocabulary"
            raise DeclarationError(cls.__name__, repr(each), problem)
        if name != "constraints" and not isinstance(each, str):
            raise DeclarationError(cls.__name__, f"{name} = {value!r}", f"has to be {words}")


def _problems(part: object, allowed: frozenset[str]) -> Iterator[str]:
    match part:
        case Column(name) if name not in COLUMNS and name not in allowed:
            yield _unknown_column(name)
        case OneOf(values=()):
            yield "no exposure can have one of no values; name at least one"
        case AllOf(()) | AnyOf(()):
            yield "has no parts; name at least one"
        case Combination(rows=()):
            yield "the table has no rows, so no exposure could qualify"
        case Combination(label, attributes, rows):
            wrong = [row for row in rows if len(row) != len(attributes)]
            yield from (f"row {row} of the table {label!r} needs {len(attributes)} values" for row in wrong)
        case Within(most=limit) | CloseOnSky(arcseconds=limit) if not limit >= 0:
            yield "the limit has to be a number, 0 or greater"
        case Join(sharing=()) | Spans(candidate_types=()) | Without(()):
            yield "names nothing; name at least one"
        case _:
            return


def _wrong_kinds(part: object) -> Iterator[str]:
    """What stands where something else belongs. The type checker sees this in typed code; rule files have none."""
    match part:
        case AllOf(parts) | AnyOf(parts):
            yield from (f"{each!r} is no predicate" for each in parts if not _is(each, *get_args(Predicate)))
        case Not(inner) | Case(when=inner) if not _is(inner, *get_args(Predicate)):
            yield f"{inner!r} is no predicate"
        case AtLeast(members=number) | Spans(values=number) if not _is(number, int) or number < 1:
            yield f"{number!r} is no number of 1 or more"
        case Field(labels=labels, width=width) if not (_is(labels, tuple) and _is(width, int)):
            yield "labels has to be a tuple of words, and width a number"
        case Contains(text=""):
            yield "every value contains the empty text; name one"
        case _:
            return


def _is(value: object, *kinds: type) -> bool:
    return isinstance(value, kinds)


def _unknown_column(name: str) -> str:
    if name in DERIVED:
        return f"{name!r} is known only to same(…, unless=…) and member_name (role) and to candidates (candidate_type)"
    near = difflib.get_close_matches(name, COLUMNS, 1)
    return f"there is no pool column {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")


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
                found.setdefault(each, Stated(each, owner.__name__))
    by_label: dict[str, Stated] = {}
    for stated in found.values():
        if isinstance(stated.constraint, Same):
            other = by_label.setdefault(stated.constraint.label, stated)
            if other is not stated:
                problem = (
                    f"{stated.by} states it so, but {other.by} states {other.constraint!r}; "
                    "take one of them away with without(…)"
                )
                raise DeclarationError(cls.__name__, stated.constraint, problem)
    return tuple(found.values())


def _check_roles(cls: type[Rule], stated: tuple[Stated, ...]) -> None:
    """Constraints name roles that exposures can have under the rule."""
    known: set[str] = {cls.roles.otherwise, *(case.value for case in cls.roles.cases if isinstance(case.value, str))}
    if isinstance(cls.cardinality, OneSeed) and cls.cardinality.fitting_as is not None:
        known.add(cls.cardinality.fitting_as)
    declared = (*(each.constraint for each in stated), cls.cardinality, cls.selection, cls.expansion)
    for declaration in declared:
        for part in walk(declaration):
            unknown = sorted(_roles_named(part, known) - known)
            if unknown:
                near = difflib.get_close_matches(unknown[0], known, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"the roles are {', '.join(sorted(known))}"
                raise DeclarationError(cls.__name__, declaration, f"no exposure has role {unknown[0]!r}; {hint}")


def _roles_named(part: object, known: set[str]) -> set[str]:
    """The roles that a part of a declaration names and that exposures of the rule have to be able to have."""
    match part:
        case Has(role=role) | Join(role=role) | NodPairs(role=role) | NodsAsBackground(role=role):
            return {role}
        case Select(role=role, about=about) | DirectImage(role=role, about=about):
            return {role, about}
        case OneSeed(role=role, fitting=fitting, lone=lone):
            return {role, *fitting, *lone}
        case OneOf(Column("role"), named):  # a mixin may exempt roles that this rule does not have
            return set(named) - set(ROLES) - known
        case _:
            return set()


def _specify(cls: type[Rule], stated: tuple[Stated, ...]) -> RuleSpec:
    for name in _REQUIRED:
        if not hasattr(cls, name):
            raise DeclarationError(cls.__name__, name, "is not declared; inherit a base such as DMS_Level3_Base")
    if cls.level not in LEVELS:
        raise DeclarationError(cls.__name__, f"level = {cls.level!r}", "has to be 2 or 3")
    if not _ASN_TYPE.fullmatch(cls.asn_type):
        problem = "becomes part of file names; use lower-case letters, digits and '-'"
        raise DeclarationError(cls.__name__, f"asn_type = {cls.asn_type!r}", problem)
    if not any(isinstance(each.constraint, Same) for each in stated):
        raise DeclarationError(cls.__name__, "constraints", "no exposures would have to agree; state same(…)")
    _check_roles(cls, stated)
    instruments = {name for owner in cls.__mro__ for name in vars(owner).get("instruments", ())}
    return RuleSpec(
        name=cls.__name__,
        aliases=vars(cls).get("aliases", ()),
        summary=(cls.__doc__ or "").strip().splitlines()[0] if cls.__doc__ else "",
        level=cls.level,
        instruments=tuple(sorted(instruments)),
        stated=stated,
        roles=cls.roles,
        candidates=cls.candidates,
        discovered=cls.discovered,
        asn_type=cls.asn_type,
        product_name=cls.product_name,
        target=cls.target,
        member_name=cls.member_name,
        cardinality=cls.cardinality,
        selection=cls.selection,
        expansion=cls.expansion,
        lists_candidates=cls.lists_candidates,
    )
