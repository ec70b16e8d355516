"""Obstacles: what keeps an exposure from a place, with what it has and would need.

A predicate is taken apart into the parts that decide whether it holds, and what they would need.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import assert_never

from rules.rule import RuleSpec
from rules.vocabulary import AllOf, AnyOf, Attribute, Combination, Contains, Given, Mapped, Not, OneOf, Predicate
from rules.vocabulary.algebra import Known, Leaf, Whole, attributes_of, chosen, columns_in_order, truth, value
from solver.explanation.facts import Need, Obstacle, Relation
from solver.explanation.places import Place, listed
from solver.explanation.smallest_change import Domains, sufficient_changes
from solver.explanation.solved import whole
from solver.pools import Pool
from solver.solving import CANDIDATES, Requirement

#: A part that cannot be taken apart further, and whether it has to hold.
Atom = tuple[Leaf, bool]


def obstacles(
    pool: Pool, place: Place, row: int, missing: Sequence[Requirement], fixed: Collection[str]
) -> tuple[Obstacle, ...]:
    """Requirements of a place that an exposure does not meet, with what it has and would need.

    Of alternatives, those count that change the fewest columns to meet all requirements.

    Args:
        pool: the exposures.
        place: the place.
        row: the exposure.
        missing: the requirements to report.
        fixed: columns that cannot be changed.
    """
    now = whole(pool, row)
    changes = sufficient_changes(place, now, Domains(pool, place, row), fixed=fixed) if missing else iter(())
    then = Whole(now | next(changes, {}))
    needed = partial(_needed, spec=place.rule.spec, now=now, then=then)
    return tuple(Obstacle(each.kind, str(each.stated), each.by, tuple(needed(each))) for each in missing)


def _needed(requirement: Requirement, spec: RuleSpec, now: Whole, then: Whole) -> Iterable[Need]:
    """What an exposure that does not meet a requirement would need; `then` is as it could be."""
    match requirement.kind, requirement.shown:
        case "candidate", OneOf(_, wanted):
            return (Need("candidates", (CANDIDATES.name,), listed(now[CANDIDATES.name]), "including", wanted),)
        case "agreement", OneOf(attribute, values):
            return (_asked(attribute, now, "one of", values),)
        case "role", OneOf(_, roles):
            return (Need("role", columns_in_order(spec.roles), chosen(spec.roles, now), "one of", roles),)
        case "nearness", Combination(_, attributes, rows):
            numbers = [dict.fromkeys(f"{float(row[i]):.10g}" for row in rows) for i in range(len(attributes))]
            relation: Relation = "near" if rows else "a number"
            return (_asked(each, now, relation, tuple(n)) for each, n in zip(attributes, numbers, strict=True))
        case "join", Combination(_, attributes, rows):
            return _shared(attributes, rows, now)
        case _, predicate:
            return needs(failing(predicate, now, then), now, then)


def _shared(attributes: tuple[Attribute, ...], rows: tuple[tuple[str, ...], ...], now: Whole) -> Iterator[Need]:
    """How an exposure differs from those that it could join by changing the fewest columns."""
    mine = [_has(each, now) for each in attributes]
    apart = [tuple(i for i, has in enumerate(mine) if has != other[i] or not has) for other in rows]
    fewest = min(apart, key=len, default=())
    nearest = [other for other, differing in zip(rows, apart, strict=True) if differing == fewest]
    for i in fewest:
        yield _asked(attributes[i], now, "one of", tuple(dict.fromkeys(each[i] for each in nearest)))


# --- Predicates taken apart -----------------------------------------------------------------------


def failing(predicate: Predicate, now: Known, then: Whole, *, holds: bool = True) -> tuple[Atom, ...]:
    """The parts of a predicate that have to change.

    Args:
        predicate: what does not hold.
        now: the exposure, or what is known of it; what that leaves open has to change.
        then: the same exposure as it could be; it decides between alternatives.
        holds: False for a predicate that holds and must not.
    """
    match predicate:
        case Not(part):
            return failing(part, now, then, holds=not holds)
        case AllOf(parts) | AnyOf(parts):
            wrong = [failing(part, now, then, holds=holds) for part in parts if truth(part, now) != holds]
            if isinstance(predicate, AllOf) == holds:
                return tuple(dict.fromkeys(atom for atoms in wrong for atom in atoms))
            right = [failing(part, now, then, holds=holds) for part in parts if truth(part, then) == holds]
            return min(right or wrong, key=len)
        case atom:
            return ((atom, holds),)


def decisive(predicate: Predicate, exposure: Whole) -> dict[str, str]:
    """The values that make a predicate hold, by the words for them: an exposure without values lacks these."""
    atoms = failing(predicate, {}, exposure)
    return {each.label: _has(each, exposure) for atom, _ in atoms for each in attributes_of(atom)}


def needs(atoms: Iterable[Atom], now: Whole, then: Whole) -> tuple[Need, ...]:
    """What the exposure has and would need for these parts to change; `then` is as it could be."""
    return tuple(dict.fromkeys(_need(atom, now, then, holds=holds) for atom, holds in atoms))


def _need(atom: Leaf, now: Whole, then: Whole, *, holds: bool) -> Need:
    match atom:
        case Combination():
            return _combined(atom, now, then, holds=holds)
        case OneOf(attribute, values) if holds:
            return _in_the_pools_values(attribute, now, values)
        case OneOf(attribute, values):
            return _asked(attribute, now, "none of", values)
        case Given(attribute):
            return _asked(attribute, now, "given" if holds else "not given")
        case Contains(attribute, text):
            return _asked(attribute, now, "containing" if holds else "not containing", (text,))
        case _:
            assert_never(atom)


def _combined(table: Combination, now: Whole, then: Whole, *, holds: bool) -> Need:
    """Of a table, the rows that share with the exposure what need not change."""
    mine, other = ([_has(each, exposure) for each in table.attributes] for exposure in (now, then))
    every = range(len(mine))
    differing = [i for i in every if holds and mine[i] != other[i]] or every
    rows = (row for row in table.rows if all(row[i] == other[i] for i in every if i not in differing))
    wanted = tuple(dict.fromkeys(", ".join(row[i] for i in differing) for row in rows))
    asked = [table.attributes[i] for i in differing]
    if holds and len(asked) == 1:
        return _in_the_pools_values(asked[0], now, wanted)
    words = ", ".join(each.label for each in asked)
    columns = tuple(dict.fromkeys(chain.from_iterable(map(columns_in_order, asked))))
    has = ", ".join(mine[i] or "none" for i in differing)
    return Need(words, columns, has, "one of" if holds else "none of", wanted)


def _in_the_pools_values(attribute: Attribute, now: Whole, wanted: tuple[str, ...]) -> Need:
    """The need for one of these values of an attribute; for a translated column, in the values before translation."""
    if not isinstance(attribute, Mapped):
        return _asked(attribute, now, "one of", wanted)
    if attribute.otherwise in wanted:
        wrong = tuple(old for old, new in attribute.table if new not in wanted)
        return _asked(attribute.column, now, "none of", wrong)
    right = (old for old, new in attribute.table if new in wanted)
    translated = {new for _, new in attribute.table}
    kept = (value for value in wanted if value not in translated and attribute.otherwise is None)
    return _asked(attribute.column, now, "one of", (*right, *kept))


def _asked(attribute: Attribute, now: Whole, relation: Relation, values: tuple[str, ...] = ()) -> Need:
    return Need(attribute.label, columns_in_order(attribute), _has(attribute, now), relation, values)


def _has(attribute: Attribute, exposure: Whole) -> str:
    return value(attribute, exposure) or ""
