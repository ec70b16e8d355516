"""What the vocabulary means for one exposure, and for two: each expression read literally.

An exposure is a mapping of column names to values; a column that is not given is missing or "".
"""

from __future__ import annotations

from collections.abc import Mapping
from math import degrees, isfinite, radians

from rules.vocabulary import (
    FALSE,
    AllOf,
    AnyOf,
    AtLeast,
    Choice,
    CloseOnSky,
    Column,
    Combination,
    Comparable,
    Constraint,
    Contains,
    DitherOverlap,
    FirstGiven,
    Given,
    Has,
    InCandidate,
    Join,
    Mapped,
    MemberName,
    Near,
    Not,
    OneOf,
    Predicate,
    Same,
    Spans,
    Within,
)
from solver.pools import number_of, whole_number_of

Exposure = Mapping[str, str]

#: What an exposure shows for an agreement if it agrees with every value.
ANY = ""


def value(attribute: Comparable, exposure: Exposure) -> str:
    """The attribute of an exposure, "" if it is not given."""
    match attribute:
        case Column(name):
            return attribute.in_one_form(exposure.get(name, ""))
        case FirstGiven(columns):
            return next((found for found in (value(column, exposure) for column in columns) if found), "")
        case Mapped(_, column, table, otherwise):
            found = value(column, exposure)
            return dict(table).get(found, found if otherwise is None else otherwise) if found else ""
        case InCandidate(candidate_type, inside, outside):
            return inside if exposure.get("candidate_type") == candidate_type else value(outside, exposure)


def holds(predicate: Predicate, exposure: Exposure) -> bool:  # noqa: PLR0911 (one way out for each kind)
    """Whether an exposure satisfies a predicate."""
    match predicate:
        case OneOf(attribute, values):
            return value(attribute, exposure) in values
        case Given(attribute):
            return value(attribute, exposure) != ""
        case Contains(attribute, text):
            return value(attribute, exposure) != "" and text in value(attribute, exposure)
        case Combination(_, attributes, rows):
            return tuple(value(attribute, exposure) for attribute in attributes) in rows
        case AllOf(parts):
            return all(holds(part, exposure) for part in parts)
        case AnyOf(parts):
            return any(holds(part, exposure) for part in parts)
        case Not(part):
            return not holds(part, exposure)


def choose(choice: Choice, exposure: Exposure) -> str:
    """The word that a table gives an exposure."""
    word = next((case.value for case in choice.cases if holds(case.when, exposure)), choice.otherwise)
    return value(word, exposure) if isinstance(word, Column) else word


def suffix(names: MemberName, exposure: Exposure) -> str:
    """Which product of an exposure is a member; the exposure shows its role."""
    return choose(names.suffix, exposure) + (names.integrations if holds(names.by_integration, exposure) else "")


def is_exempt(same: Same, exposure: Exposure) -> bool:
    """Whether an exposure agrees with any value, even if it has one; the exposure shows its role."""
    return same.unless is not None and holds(same.unless, exposure)


def shown(same: Same, exposure: Exposure) -> str:
    """The value by which an exposure agrees with another one, `ANY` if it agrees with any."""
    return ANY if is_exempt(same, exposure) else value(same.attribute, exposure)


def meets(constraint: Constraint, exposure: Exposure) -> bool:
    """Whether an exposure, which shows its role, meets what a constraint requires of it alone."""
    match constraint:
        case Same(attribute, optional):
            return optional or is_exempt(constraint, exposure) or value(attribute, exposure) != ""
        case Within() | CloseOnSky():
            return all(isfinite(number_of(value(column, exposure))) for column in constraint.columns)
        case Join() | Has() | AtLeast() | Spans():
            return True  # about groups
        case predicate:
            return holds(predicate, exposure)


def agree(one: str, other: str) -> bool:
    """Whether two exposures that show these values agree."""
    return one == other or ANY in (one, other)


def are_near(near: Near, one: Exposure, other: Exposure) -> bool:
    """Whether two exposures fulfil a pairwise condition."""
    both = [(number_of(value(column, one)), number_of(value(column, other))) for column in near.columns]
    match near:
        case Within(most=most):
            return all(abs(a - b) <= most for a, b in both)
        case CloseOnSky(arcseconds=arcseconds):
            from astropy.coordinates import angular_separation  # takes long to import, and few rules need it

            (east, east_other), (north, north_other) = both
            angle = angular_separation(*map(radians, (east, north, east_other, north_other)))
            return bool(degrees(angle) * 3600 <= arcseconds)


def count(columns: tuple[Column, ...], exposure: Exposure) -> int | None:
    """The first whole number that an exposure has in these columns."""
    values = (value(column, exposure) for column in columns)
    return next((found for found in map(whole_number_of, values) if found is not None), None)


def overlap(dither: DitherOverlap, nod: Exposure, other: Exposure) -> bool:
    """Whether two dither positions overlap, so that `other` cannot be the background of `nod`."""
    if value(dither.target, nod) != value(dither.target, other):
        return True
    position, position_other = count((dither.position,), nod), count((dither.position,), other)
    steps, steps_other = count(dither.subpixels, nod), count(dither.subpixels, other)
    points = count((dither.points,), nod)
    if position is None or position_other is None or not steps or not steps_other or points is None:
        return dither.unknown
    apart = abs((position - 1) // steps - (position_other - 1) // steps_other)
    return apart == 0 or (apart == 1 and holds(dither.neighbours or FALSE, nod) and points // steps == dither.of)
