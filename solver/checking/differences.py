"""How a product differs from what its rule makes, with the reasons of the rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from rules.rule import LEVELS, RuleSpec
from rules.vocabulary import TRUE, DirectImage, Join, NodPairs, Same
from solver.associations import Association, Product
from solver.checking.exposures import Exposures, in_words
from solver.checking.expressions import agree, holds, shown, value
from solver.checking.groups import Reading
from solver.checking.products import Expected, File, Members
from solver.default import SELFCAL
from solver.multimap import grouped

#: A code and a sentence; findings with the same ones are one finding about several files.
Fault = tuple[str, str]

#: The roles of members that no rule names: they are added for self-calibration.
SELFCAL_ROLES = frozenset(join.role for join in SELFCAL)


class Made(NamedTuple):
    """A product among the results.

    Attributes:
        label: the name of its association in findings.
        association: its association.
        rule: the rule of its association; None if it is not known.
        name: name of the product, in lower case.
        members: its members.
    """

    label: str
    association: Association
    rule: RuleSpec | None
    name: str
    members: Members

    @property
    def levels(self) -> Sequence[int]:
        """The level of its rule; every level if the rule is not known."""
        return LEVELS if self.rule is None else (self.rule.level,)

    @property
    def has_siblings(self) -> bool:
        """Whether its association has other products."""
        return len(self.association.products) > 1


def differences(made: Made, nearest: Expected, exposures: Exposures) -> Iterator[tuple[Fault, str]]:
    """The faults of a product, each with the file concerned; "" if it is the whole product.

    Args:
        made: the product.
        nearest: the association of its rule that it most likely is meant to be; without files if none is like it.
        exposures: the pool.
    """
    rule = nearest.spec.name
    lacking = dict.fromkeys(file for file in nearest.files if (file.name, file.role) not in made.members)
    similar = grouped((key, file) for file in lacking for key in (file.name, (file.role, file.row)))
    for file, role in sorted(made.members - nearest.members):
        row = exposures.find(file)
        found = (each for key in (file, (role, row)) for each in similar.get(key, ()) if each in lacking)
        if (instead := next(found, None)) is None:
            yield from ((fault, file) for fault in _surplus(nearest, row))
            continue
        del lacking[instead]
        if instead.name == file:
            yield ("wrong-role", f"should be {instead.role}, but is {role}"), file
        else:
            yield ("wrong-file", f"{rule} expects {instead.name}; the association has another file"), file
    agreeing = {*nearest.group.agreeing}
    for missing in lacking:
        yield ("left-out", _belongs(nearest, missing, agreeing)), missing.name
    for stated in nearest.group.lacks:
        yield ("invalid", f"an association of {rule} {stated.constraint} ({stated.by}); this one does not"), ""
    if nearest.files and made.name != nearest.name:
        yield ("wrong-name", f"{rule} expects the product name {nearest.name}; the association has {made.name}"), ""


def _surplus(nearest: Expected, row: int | None) -> Iterator[Fault]:
    """Why a file does not belong."""
    reading, rule = nearest.reading, nearest.spec.name
    if row is None:
        yield "unknown-member", f"it is neither an exposure of the pool nor a file that {rule} adds"
    elif row not in reading.rows:
        yield "not-in-candidate", f"it is not an exposure of {in_words(reading.candidate)}"
    elif row in nearest.group.roles and nearest.reduced:
        yield "surplus", f"with this --background-at, {rule} takes neither background nor its acquisitions"
    elif row in nearest.group.roles:
        yield "surplus", f"{_why_not_taken(reading.spec, nearest.group.roles[row])} ({rule})"
    elif joins := _joins(reading.spec, reading.role(row)):
        yield "surplus", f"it does not agree with the others, and {rule} adds only {joins}"
    else:
        reasons = [*_unqualified(reading, row), *_disagreements(nearest, row)]
        yield from reasons or [("surplus", f"{rule} does not take another exposure in role {reading.role(row)}")]


def _joins(spec: RuleSpec, role: str) -> str:
    """How exposures in a role join the groups of a rule."""
    joins = ((each.constraint, each.by) for each in spec.stated if isinstance(each.constraint, Join))
    return " or ".join(f"{join} ({by})" for join, by in joins if join.role == role)


def _unqualified(reading: Reading, row: int) -> Iterator[Fault]:
    for stated in reading.unmet(row):
        asked = stated.constraint
        what = f"a value for {asked.label}" if isinstance(asked, Same) else f"that {asked}"
        yield "unqualified", f"{reading.spec.name} requires {what} ({stated.by})"


def _disagreements(nearest: Expected, row: int) -> Iterator[Fault]:
    """How an exposure differs from the group."""
    reading, others = nearest.reading, nearest.group.anchors
    requires = f"{reading.spec.name} requires"
    for stated in reading.spec.stated:
        if isinstance(stated.constraint, Same):
            mine = shown(stated.constraint, reading.exposure(row))
            theirs = nearest.shown(stated.constraint)
            if not all(agree(mine, each) for each in theirs):
                differ = f"the others have {', '.join(sorted(theirs))}, but this one has {mine}"
                yield "disagreement", f"{requires} the {stated.constraint} ({stated.by}); {differ}"
    if reading.spec.nearness and not all(reading.near(row, other) for other in others):
        conditions = " and ".join(map(str, reading.spec.nearness))
        yield "disagreement", f"{requires} {conditions}; it is farther from another member"
    # a group without a seed has none to differ from
    for column in (column for seed in others[:1] for column in reading.failing_to_differ(row, seed)):
        yield "disagreement", f"{requires} that it differ from the science exposure in {column.label}"


def _why_not_taken(spec: RuleSpec, role: str) -> str:
    if spec.selection is not None and role == spec.selection.role:
        return f"other {role} exposures suit the {spec.selection.about} exposure better"
    match spec.expansion:
        case NodPairs(role=nods) if role == nods:
            return "its position overlaps with that of the science exposure, so it is not background"
        case DirectImage(role=images) if role == images:
            return "the files made from the direct image replace it"
        case _:
            return "it is listed by another file already"


def _belongs(nearest: Expected, missing: File, agreeing: Collection[int]) -> str:
    """Why a file belongs to an association."""
    spec = nearest.spec
    if missing.row is None:
        return f"{spec.name} adds this {missing.role} file"
    if missing.row not in agreeing:
        return f"{spec.name} adds {_joins(spec, missing.role)}"
    if missing.role == "background" and missing.role != nearest.reading.role(missing.row):
        return f"{spec.name} lists it as background, being another dither position"
    whom = "its science exposure" if spec.anchor else "the other members"
    return f"lacks files that qualify as {missing.role} for {spec.name} and match {whom}"


def wrongly_joined(product: Product, exposures: Exposures) -> Iterator[tuple[Fault, str]]:
    """The members for self-calibration that do not share what this asks with the science exposure."""
    members = [(member.exptype.lower(), member.expname.lower()) for member in product.members]
    seed = next((exposures.find(file) for role, file in members if role == "science"), None)
    for role, file in members:
        if role in SELFCAL_ROLES and not _are_partners(exposures, {exposures.find(file), seed}):
            yield ("surplus", " or ".join(map(str, SELFCAL))), file


def _are_partners(exposures: Exposures, rows: Collection[int | None]) -> bool:
    both = [exposures.rows[row] for row in rows if row is not None]
    able = (join for join in SELFCAL if len(both) > 1 and all(holds(join.when or TRUE, each) for each in both))
    return any(all(value(column, both[0]) == value(column, both[1]) != "" for column in join.sharing) for join in able)
