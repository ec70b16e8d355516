"""The brute-force twin: what an association is, followed to the letter and slowly.

It shares the rules with the solver, and no code. An exposure is a dictionary of its given values in
lower case; its file name, as it was given and ending in `_uncal.fits`, is kept under `FILE`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple, assert_never

from rules import RuleSpec
from rules.vocabulary import (
    AllOf,
    AnyOf,
    AtLeast,
    Choice,
    Column,
    Combination,
    Comparable,
    Contains,
    DirectImage,
    DitherOverlap,
    FirstGiven,
    Given,
    Has,
    InCandidate,
    Join,
    Many,
    Mapped,
    NodPairs,
    NodsAsBackground,
    Not,
    OneOf,
    OneProduct,
    Predicate,
    ProductName,
    Same,
    Select,
    Spans,
    Validity,
)

Exposure = dict[str, str]
FILE = "file as it was given"
NOT_GIVEN = ("", "null", "--", "n", "f", "false", "n/a")


class Candidate(NamedTuple):
    """An association candidate of a program."""

    program: str
    id: str
    type: str


class Group(NamedTuple):
    """Exposures that belong together: what the group is about, what else is in it, and everybody's role."""

    about: list[Exposure]
    fitting: list[Exposure]
    roles: dict[str, str]


class Made(NamedTuple):
    """An association, as far as its definition says what it is. Members are (file, role, exposure error)."""

    rule: str
    asn_type: str
    program: str
    asn_id: str
    target: str
    agreed: str
    product: str
    members: frozenset[tuple[str, str, str]]
    files: frozenset[str]


def associations(rows: Iterable[Mapping[str, str]], specs: Iterable[RuleSpec]) -> list[Made]:
    """All associations of a pool. Cost: exponential in the number of eligible exposures."""
    pools = list(sub_pools(read(rows)))
    found: dict[int, list[Made]] = {}
    for spec in specs:
        found.setdefault(spec.level, []).extend(made for where, pool in pools for made in solve(spec, where, pool))
    return [made for level in found.values() for made in prune(level)]


def read(rows: Iterable[Mapping[str, str]]) -> list[Exposure]:
    """The exposures with the values that are given, as they are compared."""
    exposures = []
    for row in rows:
        given = {column.lower(): value.strip().lower() for column, value in row.items()}
        known = {column: value for column, value in given.items() if value not in NOT_GIVEN}
        known["program"] = known["program"].lstrip("0") or "0"
        exposures.append(known | {FILE: row["filename"].strip()})
    return exposures


def sub_pools(exposures: list[Exposure]) -> Iterator[tuple[Candidate, list[Exposure]]]:
    """Every candidate with the exposures that list it, and every program as one discovered candidate."""
    for program in sorted({exposure["program"] for exposure in exposures}):
        own = [exposure for exposure in exposures if exposure["program"] == program]
        for identifier, kind in sorted({pair for exposure in own for pair in listed(exposure)}):
            candidate = Candidate(program, identifier, kind)
            yield candidate, [exposure for exposure in own if (identifier, kind) in listed(exposure)]
        yield Candidate(program, "a3001", "discovered"), own


def listed(exposure: Exposure) -> set[tuple[str, str]]:
    """The (id, type) pairs of an exposure's candidates."""
    return set(ast.literal_eval(exposure.get("asn_candidate", "[]")))


def solve(spec: RuleSpec, candidate: Candidate, pool: list[Exposure]) -> Iterator[Made]:
    """The valid groups of one rule in one candidate."""
    if admits(spec, candidate.type):
        fit = [exposure for exposure in pool if eligible(spec, exposure, candidate.type)]
        for group in groups(spec, fit, candidate.type):
            inside = group.about + group.fitting
            joining = [each for join in spec.joins for each in who_joins(join, spec, pool, group) if each not in inside]
            for each in joining:
                group.roles[each[FILE]] = role(spec, each)
            if all(shows(each, candidate, group) for each in spec.validity):
                yield from make(spec, candidate, group, joining)


def admits(spec: RuleSpec, candidate_type: str) -> bool:
    """Whether the rule is for candidates of this type."""
    if candidate_type == "discovered" and not spec.discovered:
        return False
    return spec.candidates is None or holds(spec.candidates, {"candidate_type": candidate_type})


# --- One exposure -------------------------------------------------------------------------------


def value(attribute: Comparable, exposure: Exposure, candidate_type: str = "") -> str:
    """The value that an exposure has for an attribute; empty if none."""
    match attribute:
        case Column(name):
            return exposure.get(name, "")
        case FirstGiven(columns):
            return next((exposure[column.name] for column in columns if column.name in exposure), "")
        case Mapped(_, Column(name), table, otherwise):
            if name not in exposure:
                return ""
            return dict(table).get(exposure[name], exposure[name] if otherwise is None else otherwise)
        case InCandidate(kind, fixed, Column(name)):
            return fixed if candidate_type == kind else exposure.get(name, "")
        case _:
            assert_never(attribute)


def holds(predicate: Predicate, exposure: Exposure) -> bool:  # noqa: PLR0911 (one way out for each kind)
    """Whether the exposure satisfies the predicate."""
    match predicate:
        case OneOf(attribute, values):
            return value(attribute, exposure) in values
        case Given(attribute):
            return value(attribute, exposure) != ""
        case Contains(attribute, text):
            return text in value(attribute, exposure)
        case Combination(_, attributes, rows):
            return tuple(value(attribute, exposure) for attribute in attributes) in rows
        case AllOf(parts):
            return all(holds(part, exposure) for part in parts)
        case AnyOf(parts):
            return any(holds(part, exposure) for part in parts)
        case Not(part):
            return not holds(part, exposure)
        case _:
            assert_never(predicate)


def chosen(choice: Choice, exposure: Exposure) -> str:
    """The word that the choice has for the exposure."""
    for case in choice.cases:
        if holds(case.when, exposure):
            return value(case.value, exposure) if isinstance(case.value, Column) else case.value
    return choice.otherwise


def role(spec: RuleSpec, exposure: Exposure) -> str:
    """What the exposure is in an association of the rule."""
    return chosen(spec.roles, exposure)


def demand(same: Same, spec: RuleSpec, exposure: Exposure, candidate_type: str) -> str | None:
    """The value that the exposure wants its group to share; None where it agrees with any."""
    if exempt(same, spec, exposure):
        return None
    return value(same.attribute, exposure, candidate_type) or None


def eligible(spec: RuleSpec, exposure: Exposure, candidate_type: str) -> bool:
    """Whether the exposure qualifies on its own, and has every value that it has to share."""
    return all(holds(each, exposure) for each in spec.eligibility) and all(
        each.optional or exempt(each, spec, exposure) or value(each.attribute, exposure, candidate_type)
        for each in spec.agreements
    )


def exempt(same: Same, spec: RuleSpec, exposure: Exposure) -> bool:
    """Whether the exposure agrees with any value."""
    return same.unless is not None and holds(same.unless, exposure | {"role": role(spec, exposure)})


# --- Groups -------------------------------------------------------------------------------------


def agree(spec: RuleSpec, one: Exposure, other: Exposure, candidate_type: str) -> bool:
    """Whether two exposures agree on everything that the rule wants to be the same."""
    demands = [
        (demand(each, spec, one, candidate_type), demand(each, spec, other, candidate_type)) for each in spec.agreements
    ]
    return all(first == second for first, second in demands if first is not None and second is not None)


def maximal_sets(exposures: list[Exposure], fits: Callable[[Exposure, Exposure], bool]) -> list[list[Exposure]]:
    """The sets of exposures that fit pairwise and are no part of a larger one, by trying every set."""
    numbers = range(len(exposures))
    apart = {(i, j) for i, j in combinations(numbers, 2) if not fits(exposures[i], exposures[j])}
    found: list[frozenset[int]] = []
    for size in reversed(range(1, len(exposures) + 1)):
        for numbered in combinations(numbers, size):
            if apart.isdisjoint(combinations(numbered, 2)) and not any(larger.issuperset(numbered) for larger in found):
                found.append(frozenset(numbered))
    return [[exposures[number] for number in sorted(group)] for group in found]


def groups(spec: RuleSpec, exposures: list[Exposure], candidate_type: str) -> Iterator[Group]:
    """The groups of eligible exposures: maximal agreeing sets, or each seed with what fits it."""

    def fits(one: Exposure, other: Exposure) -> bool:
        return agree(spec, one, other, candidate_type)

    if isinstance(spec.cardinality, Many):
        for together in maximal_sets(exposures, fits):
            yield Group(together, [], {each[FILE]: role(spec, each) for each in together})
        return
    seeds, taken = spec.cardinality, list[Exposure]()
    for seed in exposures:
        if role(spec, seed) == seeds.role:
            others = [each for each in exposures if each is not seed and role(spec, each) in seeds.fitting]
            fitting = [each for each in others if fits(seed, each) and differ(seeds.differing, seed, each)]
            taken += fitting
            roles = {each[FILE]: seeds.fitting_as or role(spec, each) for each in fitting}
            yield Group([seed], fitting, roles | {seed[FILE]: seeds.role})
    for seed in exposures:
        if role(spec, seed) in seeds.lone and seed not in taken:
            yield Group([seed], [], {seed[FILE]: seeds.role})


def differ(columns: Iterable[Column], one: Exposure, other: Exposure) -> bool:
    """Whether two exposures have different given values in all these columns."""
    pairs = [(value(column, one), value(column, other)) for column in columns]
    return all(first and second and first != second for first, second in pairs)


def who_joins(join: Join, spec: RuleSpec, pool: list[Exposure], group: Group) -> list[Exposure]:
    """The exposures that share given values with one that the group is about; else by the second choice."""
    fit = [each for each in pool if role(spec, each) == join.role and (join.when is None or holds(join.when, each))]
    for sharing in (join.sharing, join.else_sharing):
        keys = [[value(column, member) for column in sharing] for member in group.about]
        found = [each for each in fit if (own := [value(column, each) for column in sharing]) in keys and all(own)]
        if found and sharing:
            return found
    return []


def shows(validity: Validity, candidate: Candidate, group: Group) -> bool:
    """Whether the group shows what it has to."""
    match validity:
        case Has(wanted, types):
            return (types and candidate.type not in types) or wanted in group.roles.values()
        case AtLeast(members):
            return len(group.roles) >= members
        case Spans(column, values, types):
            spanned = {value(column, each) for each in group.about + group.fitting} - {""}
            return candidate.type not in types or len(spanned) >= values
        case _:
            assert_never(validity)


# --- From a group to an association --------------------------------------------------------------


def make(spec: RuleSpec, candidate: Candidate, group: Group, joining: list[Exposure]) -> Iterator[Made]:
    """The associations of a valid group: names follow from what the members that demand a value have."""
    shown: dict[str, tuple[str, ...]] = {"candidate": (candidate.id,)}
    agreed = []
    for same in spec.agreements:
        demanding = [each for each in group.about + group.fitting if demand(same, spec, each, candidate.type)]
        untranslated = same.attribute.column if isinstance(same.attribute, Mapped) else same.attribute
        shown[same.label] = tuple({value(untranslated, each, candidate.type) for each in demanding})
        wanted = {demand(same, spec, each, candidate.type) for each in group.about} - {None}
        agreed.append(f"{same.label} = {(wanted or {'not given'}).pop()}")
    members = [Member(each, group.roles[each[FILE]], spec) for each in group.about + group.fitting + joining]
    for product in expand(spec, selected(spec.selection, members), shown):
        about = next(each.exposure for each in product if each.role == "science")
        named = shown | {
            "exposure": (about[FILE].removesuffix("_uncal.fits"),),
            "science target": (about.get("targetid", ""),),
        }
        yield Made(
            rule=spec.name,
            asn_type=spec.asn_type,
            program=candidate.program.zfill(5),
            asn_id=candidate.id,
            target=spec.target.text(named),
            agreed="; ".join(agreed),
            product=written(spec.product_name, named),
            members=frozenset((each.file, each.role, each.exposure.get("exposerr", "")) for each in product),
            files=frozenset(each.exposure[FILE] for each in product if FILE in each.exposure),
        )


def written(name: ProductName, shown: Mapping[str, tuple[str, ...]]) -> str:
    """The name for these values."""
    return "".join(part if isinstance(part, str) else part.text(shown) for part in name.parts)


class Member(NamedTuple):
    """An exposure of a product in its role, or, with a name of its own, a file made from one."""

    exposure: Exposure
    role: str
    spec: RuleSpec
    name: str = ""

    @property
    def file(self) -> str:
        """The name of the file: the exposure's product that the rule combines."""
        if self.name:
            return self.name
        named = self.exposure | {"role": role(self.spec, self.exposure)}
        suffix = chosen(self.spec.member_name.suffix, named)
        if holds(self.spec.member_name.by_integration, named):
            suffix += self.spec.member_name.integrations
        return with_suffix(self.exposure, suffix)


def selected(selection: Select | None, members: list[Member]) -> list[Member]:
    """The members that stay."""
    if selection is None:
        return members
    about = [each.exposure for each in members if each.role == selection.about]
    kind = any(holds(selection.kind, each) for each in about)
    chosen_from = [
        each for each in members if each.role == selection.role and holds(selection.kind, each.exposure) == kind
    ]
    best = sharing(selection.target, chosen_from, about) or chosen_from
    if len(about) < len(best):
        best = sharing(selection.index, best, about) or best
    return [each for each in members if each not in chosen_from or each in best]


def sharing(column: Column, members: list[Member], about: list[Exposure]) -> list[Member]:
    """The members with the given value of one of the exposures."""
    wanted = {value(column, each) for each in about} - {""}
    return [each for each in members if value(column, each.exposure) in wanted]


def expand(spec: RuleSpec, members: list[Member], shown: Mapping[str, tuple[str, ...]]) -> Iterator[list[Member]]:
    """The members of each product that a group becomes."""
    match spec.expansion:
        case OneProduct():
            yield members
        case NodsAsBackground(nodded, suffix):
            nods = [each for each in members if each.role == nodded]
            again = [each._replace(role="background", name=with_suffix(each.exposure, suffix)) for each in nods]
            yield members + (again if len(nods) > 1 else [])
        case NodPairs(nodded, overlap):
            nods = [each for each in members if each.role == nodded]
            rest = [each for each in members if each.role != nodded]
            for nod in nods:
                free = [each for each in nods if each is not nod and not overlaps(overlap, nod.exposure, each.exposure)]
                yield [nod, *(each._replace(role="background") for each in free), *rest]
        case DirectImage() as made:
            seed = next(each for each in members if each.role == "science")
            images = [each.exposure for each in members if each.role == made.role]
            image = chosen_image(made, seed.exposure, sorted(images, key=place))
            optics = tuple(sorted(text for text in (value(each, image) for each in made.optics) if text))
            root = written(made.root, {**shown, "optics": optics})
            files = [Member({}, kind, spec, root + ending) for ending, kind in made.files]
            yield [each for each in members if each.role != made.role] + files
        case _:
            assert_never(spec.expansion)


def overlaps(overlap: DitherOverlap | None, nod: Exposure, other: Exposure) -> bool:
    """Whether the other exposure sees the source of the nod where the nod sees it."""
    if overlap is None:
        return False
    if value(overlap.target, nod) != value(overlap.target, other):
        return True
    numbers = [number((overlap.position,), nod), number((overlap.position,), other), number((overlap.points,), nod)]
    steps = [number(overlap.subpixels, nod), number(overlap.subpixels, other)]
    if None in numbers or not all(steps):
        return overlap.unknown
    (first, second, points), (step, step_other) = [each or 0 for each in numbers], [each or 0 for each in steps]
    apart = abs((first - 1) // step - (second - 1) // step_other)
    neighbours = overlap.neighbours is not None and holds(overlap.neighbours, nod) and points // step == overlap.of
    return apart == 0 or (neighbours and apart == 1)


def chosen_image(made: DirectImage, seed: Exposure, images: list[Exposure]) -> Exposure:
    """The direct image that the files come from, out of images in canonical order."""
    if made.prefer is not None:
        return next((each for each in images if made.prefer and holds(made.prefer, each)), images[0])
    columns = () if made.next_by is None else (made.next_by,)
    start = number(columns, seed)
    later = [(late, i) for i, each in enumerate(images) if (late := number(columns, each)) and start and late > start]
    return images[min(later)[1]] if later else images[0]


def number(columns: Iterable[Column], exposure: Exposure) -> int | None:
    """The first whole number in the columns."""
    return next((int(text) for text in (value(column, exposure) for column in columns) if text.isdecimal()), None)


def place(exposure: Exposure) -> list[tuple[int, str]]:
    """The place of an exposure in the observing hierarchy."""
    levels = ("program", "obs_num", "visit", "visitgrp", "seq_id", "act_id", "exposure", "filename")
    stripped = [exposure.get(level, "").lstrip("0") for level in levels]
    return [(len(text), text) for text in stripped]


def with_suffix(exposure: Exposure, suffix: str) -> str:
    """The file name of a product of the exposure."""
    return exposure[FILE].removesuffix("uncal.fits") + suffix + ".fits"


# --- Duplicates ---------------------------------------------------------------------------------


def prune(made: list[Made]) -> list[Made]:
    """The associations without those that another one stands for."""
    by_members: dict[frozenset[tuple[str, str]], Made] = {}
    for each in sorted(made, key=precedence, reverse=True):
        by_members.setdefault(frozenset((file, role) for file, role, _ in each.members), each)
    stay: list[Made] = []
    for each in sorted(by_members.values(), key=lambda each: len(each.members), reverse=True):
        if not any(replaces(larger, each) for larger in stay):
            stay.append(each)
    return stay


def precedence(made: Made) -> tuple[object, ...]:
    """Of associations with the same members, the greatest stays."""
    return "aco".index(made.asn_id[0]), made.asn_id, made.rule, made.product, made.agreed


def replaces(larger: Made, smaller: Made) -> bool:
    """Whether the larger association makes the product of the smaller one, with its members in their roles."""
    roles = {file: role for file, role, _ in larger.members}
    return (
        larger.product == smaller.product
        and "{" not in larger.product
        and len(larger.members) > len(smaller.members)
        and all(roles.get(file, role) == role for file, role, _ in smaller.members)
    )
