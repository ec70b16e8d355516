"""Checks of what a rule class declares: each error names the class and the declaration."""

from collections.abc import Iterable, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, get_args, get_origin

from rules.errors import DeclarationError, misspelt, most_similar
from rules.vocabulary import (
    CANDIDATE_TYPES,
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
    Expansion,
    Field,
    Has,
    InCandidate,
    Join,
    Many,
    MemberName,
    Not,
    OneOf,
    OneProduct,
    Predicate,
    ProductName,
    Same,
    Select,
    Spans,
    Within,
    Without,
)
from rules.vocabulary.expressions import walk
from rules.vocabulary.grouping import words


class Declarations:
    """What a rule class may declare: each declaration with its type, and the words for that."""

    constraints: Annotated[tuple[Constraint | Without, ...], "require(…)"] = ()
    roles: Annotated[Choice, "choose(…)"]
    candidates: Annotated[Predicate | None, "a predicate on candidate_type"] = None
    discovered: Annotated[bool, "True or False"] = False
    asn_type: Annotated[str, "a word such as 'image3'"]
    product_name: Annotated[ProductName, "product_name(…)"]
    target: Annotated[Field, "a Field"]
    member_name: Annotated[MemberName, "a MemberName"]
    cardinality: Annotated[Cardinality, "many() or one_seed(…)"] = Many()
    selection: Annotated[Select | None, "select(…)"] = None
    expansion: Annotated[Expansion, "an expansion such as one_product()"] = OneProduct()
    level: Annotated[int, "2 or 3"]
    lists_candidates: Annotated[bool, "True or False"] = False
    instruments: Annotated[tuple[str, ...], "a tuple of words; is a comma missing?"] = ()
    aliases: Annotated[tuple[str, ...], "a tuple of words; is a comma missing?"] = ()
    replaces: Annotated[str | tuple[str, ...], "a rule's name, or a tuple of them"] = ()


#: The kind of each declaration, and the words for it; so annotations in this module are values, not texts.
_KINDS: Mapping[str, tuple[Any, str]] = {name: get_args(kind) for name, kind in Declarations.__annotations__.items()}

#: Declarations that may use what the solver derives.
_DERIVED_IN = {"same": "role", "member_name": "role", "candidates": "candidate_type"}

#: What Python itself puts into the body of a class.
_OF_PYTHON = {"__module__", "__qualname__", "__doc__", "__annotations__", "__static_attributes__", "__firstlineno__"}


def check_body(rule: str, body: Mapping[str, Any]) -> None:
    """Check everything that a class itself declares.

    Args:
        rule: name of the class.
        body: what the class states.

    Raises:
        DeclarationError: something is not a declaration, or cannot be meant.
    """
    declared = {name: value for name, value in body.items() if name not in _OF_PYTHON}
    for name, value in declared.items():
        _check_kind(rule, name, value)
        for each in value if name == "constraints" else (value,):
            allowed = _DERIVED_IN.get("same" if isinstance(each, (Same, Without)) else name)
            for part in walk(each):
                if name == "candidates" and isinstance(part, Column) and part.name != allowed:
                    raise DeclarationError(rule, each, f"of a candidate only {allowed} is known, no {part.name}")
                if problem := _problem(part, allowed):
                    raise DeclarationError(rule, part, problem)


def check_roles(rule: str, roles: Choice, cardinality: Cardinality, declared: Iterable[object]) -> None:
    """Check that declarations name roles that exposures can have under the rule.

    Raises:
        DeclarationError: a declaration names another role.
    """
    known = {*roles.words, *filter(None, [cardinality.fitting_as])}
    for declaration in declared:
        if unknown := [role for role in _roles_named(declaration) if role not in known]:
            near = most_similar(unknown[0], known)
            hint = f"did you mean {near[0]!r}?" if near else f"the roles are {', '.join(sorted(known))}"
            raise DeclarationError(rule, declaration, f"no exposure has role {unknown[0]!r}; {hint}")


def _check_kind(rule: str, name: str, value: Any) -> None:
    if name not in _KINDS:
        near = most_similar(name, _KINDS)
        hint = f"did you mean {near[0]}?" if near else f"a rule declares {', '.join(_KINDS)}"
        raise DeclarationError(rule, name, f"rules have no such declaration; {hint}")
    kind, wanted = _KINDS[name]
    parts: tuple[object, ...] = value if isinstance(value, tuple) else ()
    wrong = [each for each in parts if not isinstance(each, Constraint | Without if name == "constraints" else str)]
    if wrong and name == "constraints":
        raise DeclarationError(rule, repr(wrong[0]), "is not a constraint; use the constructors of rules.vocabulary")
    kinds = get_args(kind) if get_origin(kind) is UnionType else (kind,)
    if wrong or not isinstance(value, tuple(get_origin(each) or each for each in kinds)):
        raise DeclarationError(rule, f"{name} = {value!r}", f"must be {wanted}")


def _problem(part: object, allowed: str | None) -> str | None:  # noqa: PLR0911 (one line for each mistake)
    """What is wrong with a part of a declaration; the type checker sees some of it in typed code."""
    match part:
        case Column(name, "") if name not in COLUMNS and name != allowed:
            return _unknown_column(name)
        case (
            OneOf(values=()) | AllOf(()) | AnyOf(()) | Contains(text="") | Combination(rows=())
            | Join(sharing=()) | Spans(candidate_types=()) | Without(())
        ):  # fmt: skip
            return "names nothing; name at least one"
        case AllOf(parts) | AnyOf(parts):
            return next((f"{each!r} is not a predicate" for each in parts if not _is(each, Predicate)), None)
        case Not(inner) | Case(when=inner) if not _is(inner, Predicate):
            return f"{inner!r} is not a predicate"
        case Combination(label, attributes, rows):
            wrong = (row for row in rows if len(row) != len(attributes))
            return next((f"row {row} of the table {label!r} needs {len(attributes)} values" for row in wrong), None)
        case Within(most=limit) | CloseOnSky(arcseconds=limit) if not limit >= 0:
            return "the limit must be a number, 0 or greater"
        case (
            Has(candidate_types=types) | Spans(candidate_types=types)
            | OneOf(Column("candidate_type"), types) | InCandidate(candidate_type=types)
        ) if found := _misspelt(types):  # fmt: skip
            return found
        case AtLeast(members=number) | Spans(values=number) if not _is(number, int) or number < 1:
            return f"{number!r} must be a whole number of 1 or more"
        case Field(labels=labels, width=width) if not (_is(labels, tuple) and _is(width, int)):
            return "labels must be a tuple of words, and width a number"
        case _:
            return None


def _misspelt(types: str | tuple[str, ...]) -> str | None:
    """What is wrong with the first type of candidates that is almost a known one."""
    return next(filter(None, (misspelt(word, CANDIDATE_TYPES, "candidate type") for word in words(types))), None)


def _is(value: object, kind: Any) -> bool:
    return isinstance(value, kind)


def _unknown_column(name: str) -> str:
    if name in DERIVED:
        return f"{name!r} is known only to same(…, unless=…) and member_name (role) and to candidates (candidate_type)"
    near = most_similar(name, COLUMNS)
    own = f"one of your own is declared as column({name or 'its_name'!r}, 'its label')"
    return f"there is no pool column {name!r}; {f'did you mean {near[0]!r}?' if near else own}"


@cache  # rules share what their mixins declare
def _roles_named(declaration: object) -> tuple[str, ...]:
    """The roles that a declaration names and that the rule's exposures must be able to have."""
    named: list[str] = []
    for part in walk(declaration):
        match part:
            case OneOf(Column("role"), roles):  # a mixin may exempt roles that this rule does not have
                named += (role for role in roles if role not in ROLES)
            case _:
                fields = (getattr(part, field, ()) for field in ("role", "about", "fitting", "lone"))
                named += sorted({role for each in fields for role in words(each) if role})
    return tuple(named)
