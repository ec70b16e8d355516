"""The parts of explanations in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from solver.explanation.facts import (
    Apart,
    Change,
    Fix,
    Ground,
    Kind,
    Membership,
    Need,
    Obstacle,
    OrphanGroup,
    Refusal,
    Relation,
    Separation,
    Superseded,
    Together,
)
from solver.multimap import grouped
from solver.pools import parse_cell
from solver.words import few, plural

T = TypeVar("T")

#: Most values, and most files, that a sentence lists.
_VALUES = 8
FILES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, and the lines that say more about it."""

    text: str
    below: tuple[Line, ...] = ()

    def __str__(self) -> str:
        """All lines, indented by their depth."""
        below = (f"  {line}" for each in self.below for line in str(each).split("\n"))
        return "\n".join((self.text, *below))


# --- An exposure --------------------------------------------------------------------------------


def membership_lines(memberships: Sequence[Membership]) -> Iterator[Line]:
    """The products, grouped by the constraints that put the exposure in them."""
    for same in alike(memberships, lambda each: (each.rule, each.role, each.grounds)):
        products = map(_membership, same)
        yield Line(f"as {same[0].role} by {same[0].rule}", (*products, *ground_lines(same[0].grounds)))


def _membership(found: Membership) -> Line:
    others = f" with {plural(found.others, 'other')}" if found.others else ""
    return Line(f"{found.product}{others} (candidate {found.candidate}, {found.association})")


def alike(items: Iterable[T], key: Callable[[T], object]) -> list[list[T]]:
    """The items, in lists of those with the same key, in order."""
    return list(grouped((repr(key(item)), item) for item in items).values())  # facts hold tables, so they have no hash


def ground_lines(grounds: Sequence[Ground]) -> Iterator[Line]:
    """The constraints that put an exposure in an association."""
    headings = {
        "it qualifies": ("condition",),
        "it agrees": ("agreement", "nearness"),
        "it joins": ("join",),
        "it has its role": ("role",),
        "the rule makes": ("expansion",),
    }
    for heading, kinds in headings.items():
        told = [each for each in grounds if each.kind in kinds]
        if told:
            yield Line(f"{heading}: {_by_class(told)}")


def _by_class(grounds: Iterable[Ground]) -> str:
    """`program 1, instrument miri (AsnMixin_Base); filter f770w (AsnMixin_OpticalPath)`."""
    by_class: dict[str, dict[str, None]] = {}
    for ground in grounds:
        words = [f"any {label}" if has is None else f"{label} {_value(has)}" for label, has in ground.values.items()]
        by_class.setdefault(ground.by, {}).update(dict.fromkeys(words or [ground.constraint]))
    return "; ".join(f"{', '.join(words)} ({by})" for by, words in by_class.items())


def refusal_line(refusal: Refusal) -> Line:
    """Why a rule did not take an exposure, and what would have to change for it to do so."""
    about = f"{refusal.rule}: {refusal.summary.rstrip('.')}" if refusal.summary else refusal.rule
    if refusal.superseded is not None:
        return Line(about, (Line(_superseded(refusal.superseded, "it")),))
    lines = [Line(obstacle_text(obstacle)) for obstacle in refusal.obstacles]
    if refusal.fix is not None:
        lines.append(Line(fix_text(refusal.fix)))
    out = f"; kept out of {refusal.group}" if refusal.group else ""
    return Line(f"{about}{out}", tuple(lines))


#: The wording of some kinds of obstacles: what is needed, or else the constraint, and the class that states it.
_OBSTACLES: Mapping[Kind, str] = {
    "selection": "others suit better: {needs}{by}",
    "expansion": "the rule makes {constraint}{by}",
    "join": "to join, {needs}{by}",
}


def obstacle_text(obstacle: Obstacle) -> str:
    """`filter is f560w, needs f770w (AsnMixin_OpticalPath)`."""
    by = _by(obstacle)
    has = obstacle.needs[0].has if obstacle.needs else ""
    match obstacle.kind:
        case "candidate" if not by:
            return f"it is in {has or 'no candidate'}, not {obstacle.constraint}"
        case "candidate":
            asked = f"; the rule asks that the {obstacle.constraint}{by}" if obstacle.constraint else ""
            return f"it is in {has or 'no candidate'}{asked}"
        case "validity":
            (need,) = obstacle.needs
            shows = f"{need.attribute} {_value(has)}" if need.columns else has
            return f"it is in no group that {obstacle.constraint}{by}; its group has {shows}"
        case kind:
            needs = "; ".join(map(need_text, obstacle.needs)) or obstacle.constraint
            return _OBSTACLES.get(kind, "{needs}{by}").format(needs=needs, constraint=obstacle.constraint, by=by)


def _by(declared: Obstacle | Separation) -> str:
    return f" ({declared.by})" if declared.by else ""


def obstacles_text(obstacles: Iterable[Obstacle]) -> str:
    """Several obstacles in one line."""
    return "; ".join(map(obstacle_text, obstacles))


#: The wording of a need, before its values.
_ASKED: Mapping[Relation, str] = {
    "one of": "needs", "none of": "needs another than", "given": "needs a value", "not given": "must not be given",
    "a number": "needs a number", "containing": "needs to contain", "not containing": "must not contain",
    "near": "needs to be near", "including": "needs", "at least": "needs at least",
}  # fmt: skip


def need_text(need: Need) -> str:
    """`filter is f560w, needs f770w`."""
    several = "one of " if need.relation == "one of" and len(need.values) > 1 else ""
    asked = f"{_ASKED[need.relation]} {several}{few(need.values, _VALUES)}".rstrip()
    return f"{need.attribute} is {_value(need.has)}, {asked}"


def fix_text(fix: Fix) -> str:
    """`it would join jw…_f770w as science if FILTER were f770w (it is f560w)`."""
    ifs = " and ".join(map(_change, fix.changes))
    where = f"join {fix.product} as {fix.role}" if fix.joins else f"be {fix.role} of a new product, {fix.product},"
    return f"it would {where} if {ifs}"


def _change(change: Change) -> str:
    column = change.column.upper()
    if change.column == "asn_candidate":
        has = parse_cell(change.has) if change.has else ()
        new = [f"{each[0]} ({each[1]})" for each in parse_cell(change.needs) if each not in has]
        return f"{column} listed {', '.join(new)}"
    if change.any_other:
        return f"{column} had another value (it is {change.has})" if change.has else f"{column} were given"
    return f"{column} were {_value(change.needs)} (it is {_value(change.has)})"


def _superseded(lost: Superseded, whom: str) -> str:
    return f"{lost.product} was made with {whom} in candidate {lost.candidate} and not kept: {_preferred(lost)}"


def _preferred(lost: Superseded) -> str:
    """What was preferred to an association, and what to that if it was not kept either."""
    told = f"{lost.why} as {lost.kept} ({lost.kept_rule} in candidate {lost.kept_candidate}); {lost.because}"
    return told if lost.again is None else f"{told}; nor was that kept: {_preferred(lost.again)}"


# --- Two exposures ------------------------------------------------------------------------------


def together_line(together: Together) -> Line:
    """A product that has both exposures."""
    one, other = together.roles
    roles = f"both as {one}" if one == other else f"the first as {one}, the second as {other}"
    found = f"{together.rule} in candidate {together.candidate}, {together.association}"
    return Line(f"{together.product}, {roles} ({found})")


def apart_line(apart: Apart) -> Line:
    """What keeps two exposures apart under a rule."""
    lines = [Line(_separation(each)) for each in apart.separations]
    if apart.superseded is not None:
        lines.append(Line(_superseded(apart.superseded, "both")))
    return Line(apart.rule or "any rule", tuple(lines))


#: The wording of some kinds of separations: how the two differ, the constraint, and the class that states it.
_SEPARATIONS: Mapping[Kind, str] = {
    "validity": "they are in no group that {constraint}{by}",
    "role": "{differ}; a group is about {constraint}{by}",
    "join": "{differ}; {constraint}{by}",
    "selection": "{differ}; there stay {constraint}{by}",
}


def _separation(separation: Separation) -> str:
    constraint, by = separation.constraint, _by(separation)
    differ = "; ".join(
        f"{label} {'are' if label == 'candidates' else 'is'} {_value(one)} and {_value(other)}"
        for label, (one, other) in separation.values.items()
    )
    match separation.kind:
        case "candidate":
            asked = f" of which the {constraint}{by}" if constraint else ""
            return f"no candidate{asked} lists both: {differ}"
        case "expansion":
            return f"the rule makes {constraint}{by}" + (f": {differ}" if differ else "")
        case kind:
            return _SEPARATIONS.get(kind, "{differ}{by}").format(differ=differ, constraint=constraint, by=by)


# --- An association -----------------------------------------------------------------------------


def member_lines(members: Sequence[Membership]) -> Iterator[Line]:
    """The members, grouped by the constraints that put them in."""
    for same in alike(members, lambda each: (each.role, each.grounds)):
        files = (Line(each.file) for each in same)
        yield Line(f"{len(same):,} {same[0].role}", (*ground_lines(same[0].grounds), *files))


# --- Orphans ------------------------------------------------------------------------------------


def orphan_line(group: OrphanGroup) -> Line:
    """`2 exposures of mir_darkimg: qualifies for no rule … (a_uncal.fits, b_uncal.fits)`."""
    types = few([each or "no exposure type" for each in group.types], _VALUES)
    count = plural(len(group.exposures), "exposure")
    return Line(f"{count} of {types}: {orphan_text(group)} ({few(group.exposures, FILES)})")


def orphan_text(group: OrphanGroup) -> str:
    """Why these exposures are in no association."""
    if not group.rule:
        return group.reason
    return f"{group.reason}; nearest is {group.rule}: {obstacles_text(group.obstacles)}"


# --- Words --------------------------------------------------------------------------------------


def _value(value: str) -> str:
    return value or "not given"
