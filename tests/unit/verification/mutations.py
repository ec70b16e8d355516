"""Mutations of a rule: one declaration dropped or changed at a time, by kind, for any rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from rules.rule import RuleSpec, Stated
from rules.vocabulary import (
    AllOf,
    AnyOf,
    AtLeast,
    Choice,
    Column,
    Combination,
    DirectImage,
    DitherOverlap,
    Field,
    Has,
    Join,
    Many,
    MemberName,
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
)

LEVELS = {2: 3, 3: 2}

#: Holds for no exposure that there can be.
_NEVER = OneOf(Column("exp_type"), ("no such value",))


@dataclass(frozen=True)
class Mutant:
    """A changed rule.

    Attributes:
        subject: "constraints" or "others", which are the other declarations.
        kind: what kind of change it is.
        what: the change in words; with the rule's name it is unique.
        spec: the rule after it.
    """

    subject: str
    kind: str
    what: str
    spec: RuleSpec


def mutants(spec: RuleSpec) -> Iterator[Mutant]:
    """Every mutation of a rule, each once."""
    seen: set[tuple[str, str]] = set()
    for subject, changes in (("constraints", _constraints(spec)), ("others", _others(spec))):
        for kind, what, made in changes:
            number = sum(1 for known, text in seen if known == kind and text.split(" #")[0] == what)
            name = f"{what} #{number + 1}" if number else what
            seen.add((kind, name))
            yield Mutant(subject, kind, name, made)


def _constraints(spec: RuleSpec) -> Iterator[tuple[str, str, RuleSpec]]:
    for place, stated in enumerate(spec.stated):
        rest = (*spec.stated[:place], *spec.stated[place + 1 :])
        yield "constraint dropped", f"{stated.constraint}", replace(spec, stated=rest)
        for kind, what, constraint in _changed(stated.constraint):
            every = (*spec.stated[:place], Stated(constraint, stated.by), *spec.stated[place + 1 :])
            yield kind, f"{what}: {stated.constraint}", replace(spec, stated=every)


def _changed(constraint: Any) -> Iterator[tuple[str, str, Any]]:
    match constraint:
        case Same():
            yield "optional flipped", "optional", replace(constraint, optional=not constraint.optional)
            if constraint.unless is not None:
                yield "exemption dropped", "unless", replace(constraint, unless=None)
        case Join():
            yield from _join(constraint)
        case Has() | Spans():
            yield from _candidate_types(constraint)
            if isinstance(constraint, Spans):
                yield from _number(constraint, "values")
        case AtLeast():
            yield from _number(constraint, "members")
        case predicate:
            yield from _predicate(predicate)


def _candidate_types(constraint: Has | Spans) -> Iterator[tuple[str, str, Any]]:
    for each in constraint.candidate_types:
        left = tuple(kind for kind in constraint.candidate_types if kind != each)
        if left:
            yield "candidate type dropped", f"without {each}", replace(constraint, candidate_types=left)
    if isinstance(constraint, Has) and constraint.candidate_types:
        yield "candidate type dropped", "in all", replace(constraint, candidate_types=())


def _number(constraint: Any, field: str) -> Iterator[tuple[str, str, Any]]:
    for what, step in (("one more", 1), ("one less", -1)):
        yield "number changed", what, replace(constraint, **{field: getattr(constraint, field) + step})


def _join(join: Join) -> Iterator[tuple[str, str, Join]]:
    for column in join.sharing:
        left = tuple(each for each in join.sharing if each != column)
        yield "join changed", f"not sharing {column.name}", replace(join, sharing=left)
    if join.else_sharing:
        yield "join changed", "no second sharing", replace(join, else_sharing=())
        for column in join.else_sharing:
            left = tuple(each for each in join.else_sharing if each != column)
            yield "join changed", f"second not sharing {column.name}", replace(join, else_sharing=left)
    if join.when is not None:
        yield "join changed", "without condition", replace(join, when=None)
        for _, what, when in _predicate(join.when):
            yield "join changed", what, replace(join, when=when)


def _predicate(predicate: Predicate) -> Iterator[tuple[str, str, Predicate]]:
    match predicate:
        case OneOf(attribute, values):
            left = {each: tuple(one for one in values if one != each) for each in values}
            yield from (("value dropped", each, OneOf(attribute, rest)) for each, rest in left.items() if rest)
        case Combination(label, attributes, rows):
            for row in rows:
                yield "row dropped", " ".join(row), Combination(label, attributes, tuple(r for r in rows if r != row))
        case AllOf(parts) | AnyOf(parts):
            for place, part in enumerate(parts):
                before, after = parts[:place], parts[place + 1 :]
                if len(parts) > 1:
                    yield "part dropped", f"part {part}", type(predicate)((*before, *after))
                changed = _predicate(part)
                yield from ((kind, what, type(predicate)((*before, made, *after))) for kind, what, made in changed)
        case Not(part):
            for kind, what, made in _predicate(part):
                yield kind, what, Not(made)
        case _:
            return


def _others(spec: RuleSpec) -> Iterator[tuple[str, str, RuleSpec]]:
    for what, roles in _choice(spec.roles):
        yield "role changed", what, replace(spec, roles=roles)
    yield from _candidates(spec)
    for what, cardinality in _cardinality(spec.cardinality):
        yield "cardinality changed", what, replace(spec, cardinality=cardinality)
    if spec.selection is not None:
        for what, selection in _selection(spec.selection):
            yield "selection changed", what, replace(spec, selection=selection)
    for what, expansion in _expansion(spec.expansion):
        yield "expansion changed", what, replace(spec, expansion=expansion)
    for what, name in _name(spec.product_name):
        yield "product name changed", what, replace(spec, product_name=name)
    for what, field in _field(spec.target):
        yield "target changed", what, replace(spec, target=field)
    for what, names in _member_name(spec.member_name):
        yield "member name changed", what, replace(spec, member_name=names)
    yield "type changed", "asn_type", replace(spec, asn_type="other")
    yield "level changed", "level", replace(spec, level=LEVELS[spec.level])
    yield "member name changed", "lists_candidates", replace(spec, lists_candidates=not spec.lists_candidates)


def _choice(choice: Choice) -> Iterator[tuple[str, Choice]]:
    for place, case in enumerate(choice.cases):
        cases = (*choice.cases[:place], *choice.cases[place + 1 :])
        yield f"without case {place + 1}, {case.value}", Choice(cases, choice.otherwise)
        for _, what, when in _predicate(case.when):
            changed = (*choice.cases[:place], replace(case, when=when), *choice.cases[place + 1 :])
            yield f"case {place + 1}, {case.value}: {what}", Choice(changed, choice.otherwise)
    yield "another otherwise", Choice(choice.cases, "engineering")


def _candidates(spec: RuleSpec) -> Iterator[tuple[str, str, RuleSpec]]:
    yield "candidates changed", "discovered", replace(spec, discovered=not spec.discovered)
    if spec.candidates is not None:
        yield "candidates changed", "for all", replace(spec, candidates=None)
        for _, what, predicate in _predicate(spec.candidates):
            yield "candidates changed", f"not {what}", replace(spec, candidates=predicate)


def _cardinality(cardinality: Many | OneSeed) -> Iterator[tuple[str, Many | OneSeed]]:
    if isinstance(cardinality, Many):
        yield "one seed", OneSeed("science", ("science", "background"), None, (), ())
        return
    yield "many", Many()
    for role in cardinality.fitting:
        left = tuple(each for each in cardinality.fitting if each != role)
        yield f"{role} does not fit", replace(cardinality, fitting=left)
    if cardinality.differing:
        yield "without differing", replace(cardinality, differing=())
    if cardinality.lone:
        yield "without lone", replace(cardinality, lone=())
    if cardinality.fitting_as is not None:
        yield "without fitting_as", replace(cardinality, fitting_as=None)


def _selection(selection: Select) -> Iterator[tuple[str, Select | None]]:
    yield "none", None
    yield "no kind", replace(selection, kind=_NEVER)
    yield "index for target", replace(selection, target=selection.index)
    yield "target for index", replace(selection, index=selection.target)


def _expansion(expansion: Any) -> Iterator[tuple[str, Any]]:
    match expansion:
        case OneProduct():
            yield "nods as background", NodsAsBackground("science", "x1d")
            yield "nod pairs", NodPairs("science", None)
        case NodsAsBackground():
            yield "one product", OneProduct()
            yield "another suffix", replace(expansion, suffix="cal")
        case NodPairs(role, overlap):
            yield "one product", OneProduct()
            if overlap is not None:
                yield "no overlap", NodPairs(role, None)
                for what, changed in _overlap(overlap):
                    yield what, NodPairs(role, changed)
        case DirectImage():
            yield "one product", OneProduct()
            yield from _direct_image(expansion)


def _overlap(overlap: DitherOverlap) -> Iterator[tuple[str, DitherOverlap]]:
    yield "unknown flipped", replace(overlap, unknown=not overlap.unknown)
    for column in overlap.subpixels:
        left = tuple(each for each in overlap.subpixels if each != column)
        yield f"without {column.name}", replace(overlap, subpixels=left)
    yield "subpixels reversed", replace(overlap, subpixels=overlap.subpixels[::-1])
    yield "target is dithptin", replace(overlap, target=replace(overlap.target, name="dithptin"))
    yield "position is dithptin", replace(overlap, position=replace(overlap.position, name="dithptin"))
    if overlap.neighbours is not None:
        yield "no neighbours", replace(overlap, neighbours=None)
        yield "one position more", replace(overlap, of=overlap.of + 1)
        yield "one position less", replace(overlap, of=overlap.of - 1)
        yield "points are patt_num", replace(overlap, points=overlap.position)


def _direct_image(image: DirectImage) -> Iterator[tuple[str, DirectImage]]:
    if image.next_by is not None:
        yield "not the next", replace(image, next_by=None)
    if image.prefer is not None:
        yield "none preferred", replace(image, prefer=None)
    for place in range(len(image.optics)):
        yield f"without optics {place + 1}", replace(image, optics=image.optics[:place] + image.optics[place + 1 :])
    for ending, role in image.files:
        left = tuple(file for file in image.files if file != (ending, role))
        yield f"without {ending}", replace(image, files=left)
        other = tuple((end, "other" if end == ending else kind) for end, kind in image.files)
        yield f"another role of {ending}", replace(image, files=other)
    for what, root in _name(image.root):
        yield f"root: {what}", replace(image, root=root)


def _name(name: ProductName) -> Iterator[tuple[str, ProductName]]:
    for place, part in enumerate(name.parts):
        rest = (name.parts[:place], name.parts[place + 1 :])
        yield f"without part {place + 1}", ProductName((*rest[0], *rest[1]))
        if isinstance(part, Field):
            for what, field in _field(part):
                yield f"part {place + 1}: {what}", ProductName((*rest[0], field, *rest[1]))


def _field(field: Field) -> Iterator[tuple[str, Field]]:
    for label in field.labels:
        yield f"without {label}", replace(field, labels=tuple(each for each in field.labels if each != label))
    yield "another prefix", replace(field, prefix=field.prefix + "x")
    yield "wider", replace(field, width=200)
    yield "another otherwise", replace(field, otherwise=field.otherwise + "x")
    if field.drop:
        yield "nothing dropped", replace(field, drop=())


def _member_name(names: MemberName) -> Iterator[tuple[str, MemberName]]:
    for what, suffix in _choice(names.suffix):
        yield f"suffix {what}", replace(names, suffix=suffix)
    yield "never by integration", replace(names, by_integration=_NEVER)
    yield "another word for integrations", replace(names, integrations="int")
    for _, what, by_integration in _predicate(names.by_integration):
        yield f"by integration {what}", replace(names, by_integration=by_integration)
