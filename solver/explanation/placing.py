"""Which places a rule has for an exposure: the groups that are there, and those that it would begin."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np

from rules.rule import Rule, Stated
from rules.vocabulary import AtLeast, CloseOnSky, Constraint, Has, Join, Near, OneSeed, Same, Spans, Within
from solver.associations import Association
from solver.explanation.facts import Obstacle
from solver.explanation.needs import named_values
from solver.explanation.places import (
    NOWHERE,
    Agrees,
    Condition,
    Differs,
    InRole,
    IsNear,
    Listed,
    MayJoin,
    Place,
    Qualifies,
    Shares,
    View,
    kind_of,
    met,
    needed,
    said,
    spoken,
    variants,
)
from solver.explanation.repair import MOST, repair
from solver.explanation.scene import Scene
from solver.pools import Candidate, Pool, parse_cell
from solver.solving import numbers_of

Rows = Sequence[int]

#: Values for columns of which no exposure has any other: one that flags have, and one that nothing has.
_INVENTED = ("t", "x", "?")


def declared_by(rule: type[Rule], declaration: str) -> str:
    """The class whose declaration counts for a rule."""
    return next((owner.__name__ for owner in rule.__mro__ if declaration in vars(owner)), rule.spec.name)


def conditions(
    rule: type[Rule], kind: str, view: View | None = None, anchors: Rows = (), *, waived: Collection[Constraint] = ()
) -> tuple[Condition, ...]:
    """What a rule asks of every exposure, in candidates of this type, and of those that agree with others.

    Args:
        rule: the rule.
        kind: the candidate type.
        view: the exposures; only for those to agree with.
        anchors: rows of the exposures to agree with.
        waived: constraints that do not count.
    """
    stated = (each for each in rule.spec.stated if each.constraint not in waived)
    return tuple(_conditions(stated, kind, view, anchors))


def _conditions(every: Iterable[Stated], kind: str, view: View | None, anchors: Rows) -> Iterator[Condition]:
    for stated in every:
        match stated.constraint:
            case Same() as same:
                shown = view.shown(same, kind, anchors) if view and anchors else ()
                yield Agrees(same, kind, min(shown, default=""), stated.by)
            case Within() | CloseOnSky() as near:
                yield IsNear(near, _numbers(near, view, anchors) if view else (), stated.by)
            case Join() | Has() | AtLeast() | Spans():
                pass  # about groups
            case predicate:
                yield Qualifies(predicate, stated.by)


def _numbers(near: Near, view: View, rows: Rows) -> tuple[tuple[float, ...], ...]:
    columns = [numbers_of(view.plain.values(column)) for column in near.columns]
    return tuple(dict.fromkeys(tuple(float(column[row]) for column in columns) for row in rows))


def agreeing(
    rule: type[Rule], kind: str, view: View, members: Rows, *, waived: Collection[Constraint] = ()
) -> list[int]:
    """The members of a group that are in it because they agree, and did not join it.

    Args:
        rule: the rule.
        kind: the type of the group's candidate.
        view: the exposures.
        members: rows of the members.
        waived: constraints that the rule was solved without.
    """
    entries = _meeting(conditions(rule, kind, waived=waived), view, members)
    joining = {join.role for join in rule.spec.joins}
    binding = [row for row in entries if view.roles[row] not in joining] or entries
    return _meeting(conditions(rule, kind, view, binding, waived=waived), view, entries)


def _meeting(asked: Sequence[Condition], view: View, rows: Rows) -> list[int]:
    fulfilled = np.all([met(each, view) for each in asked], axis=0)
    return [row for row in rows if fulfilled[row]]


def anchors(scene: Scene, rule: type[Rule], association: Association) -> list[int]:
    """The exposures that an association is about: its seed, or all that agree."""
    cardinality = rule.spec.cardinality
    if isinstance(cardinality, OneSeed):
        members = association.products[0].members
        return [each.row for each in members if each.exptype == cardinality.role and each.row is not None][:1]
    kind = scene.candidate_of(association, rule).type
    return agreeing(rule, kind, scene.view(rule), sorted(association.rows))


def places_in(scene: Scene, rule: type[Rule], association: Association) -> Iterator[Place]:
    """The places that an association has for further exposures: those that agree with it, and those that join it."""
    candidate, view = scene.candidate_of(association, rule), scene.view(rule)
    about = anchors(scene, rule, association)
    listed = Listed(candidate, f"in candidate {spoken(candidate)}", "")
    cardinality = rule.spec.cardinality
    alike = (listed, *conditions(rule, candidate.type, view, about))
    if not isinstance(cardinality, OneSeed):
        yield Place(rule, candidate, association, alike)
    elif cardinality.fitting and about:
        by = declared_by(rule, "cardinality")
        other = (
            Differs(column, view.plain.values(column)[about[0]], f"another {column.label}", by)
            for column in cardinality.differing
        )
        yield Place(rule, candidate, association, (InRole(cardinality.fitting, str(cardinality), by), *alike, *other))
    for stated in rule.spec.stated:
        if isinstance(stated.constraint, Join):
            join = stated.constraint
            mine: list[Condition] = [listed, InRole((join.role,), str(join), stated.by)]
            mine += [MayJoin(join, join.when, stated.by)] if join.when is not None else []
            for sharing in filter(None, (join.sharing, join.else_sharing)):
                values = dict.fromkeys(tuple(view.plain.values(each)[row] for each in sharing) for row in about)
                if any(all(each) for each in values):
                    share = Shares(join, sharing, tuple(each for each in values if all(each)), stated.by)
                    yield Place(rule, candidate, association, (*mine, share))


def places_of_its_own(scene: Scene, rule: type[Rule], row: int, only: Candidate | None = None) -> list[Place]:
    """The places where an exposure would begin a group, in each candidate that lists it and that the rule is for.

    Where there is none, one in a candidate that it could be listed in: of its observation, if possible. Where the
    program has none, one in `NOWHERE`.
    """
    admitted = [each for each in scene.admits(rule) if only is None or each == only]
    inside = [each for each in admitted if row in scene.candidates[each]]
    if not inside and admitted:
        number = scene.pool["obs_num"]
        own = {other for other in range(len(scene.pool)) if number.codes[other] == number.codes[row]}
        inside = sorted(admitted, key=lambda each: not own & scene.candidates[each])[:1]
    inside = inside or [NOWHERE]
    cardinality = rule.spec.cardinality
    seed: list[Condition] = []
    if isinstance(cardinality, OneSeed):
        roles = (cardinality.role, *cardinality.lone)
        seed.append(InRole(roles, str(cardinality), declared_by(rule, "cardinality")))
    stated, by = admission(rule) if only is None or inside == [NOWHERE] else (f"in candidate {spoken(only)}", "")
    inside.sort(key=lambda each: precedence(each.id), reverse=True)
    return [Place(rule, each, None, (Listed(each, stated, by), *seed, *conditions(rule, each.type))) for each in inside]


def precedence(identifier: str) -> str:
    """Sort key of candidates' ids: observations are greater than other candidates, and those than discovery."""
    return identifier[:1]


def admission(rule: type[Rule]) -> tuple[str, str]:
    """Which candidates a rule is for, and the class that says so; "" for all of them."""
    candidates = rule.spec.candidates
    return "" if candidates is None else str(candidates), declared_by(rule, "candidates")


def obstacles(
    pool: Pool, place: Place, row: int, missing: Sequence[Condition], fixed: frozenset[str]
) -> tuple[Obstacle, ...]:
    """Conditions of a place that an exposure does not meet, with what it has and would need.

    Of alternatives, those are told by which the fewest columns have to be changed to meet all conditions.

    Args:
        pool: the exposures.
        place: the place.
        row: the exposure.
        missing: the conditions to tell.
        fixed: columns that cannot be changed.
    """
    exposure = {name: column[row] for name, column in pool.columns.items()}
    repaired = repair(place, exposure, Domains(pool, place, row), changes=MOST, fixed=fixed)
    view = variants(place.rule.spec, exposure, [{}, repaired or {}])
    return tuple(Obstacle(kind_of(each), said(each), each.by, needed(each, view, 0, 1)) for each in missing)


class Domains:
    """The values to try for the columns of an exposure that could be at a place.

    They are those that rule and place tell apart, and one that stands for all others.
    """

    def __init__(self, pool: Pool, place: Place, row: int) -> None:
        """Prepare for the exposure in a row of the pool."""
        self._pool = pool
        self._place = place
        self._row = row
        self._named = named_values(place.rule.spec)
        self._members = sorted(place.association.rows) if place.association else []
        self._known: dict[str, tuple[str, ...]] = {}

    def __call__(self, name: str) -> tuple[str, ...]:
        """The values for a column, the most likely ones first: those at the place, those of alike exposures, none."""
        if name not in self._known:
            self._known[name] = self._listed() if name == "asn_candidate" else self._found(name)
        return self._known[name]

    def _listed(self) -> tuple[str, ...]:
        """The exposure's candidates with that of the place."""
        cell, candidate = self._pool["asn_candidate"][self._row], self._place.candidate
        return (str(sorted({*(parse_cell(cell) if cell else ()), (candidate.id, candidate.type)})),)

    def _found(self, name: str) -> tuple[str, ...]:
        members = [self._pool[name][member] for member in self._members]
        alike = self._alike(name)
        usual = [*alike[:1], *[value for value in alike if value][:1], ""]
        return tuple(dict.fromkeys((*members, *usual, self.other(name), *self._named.get(name, ()))))

    def other(self, name: str) -> str:
        """The value that stands for all that neither rule nor place tells apart: if possible, of an alike exposure."""
        column = self._pool[name]
        known = {"", *(column[member] for member in self._members), *self._named.get(name, ())}
        return next(value for value in (*self._alike(name), *column.values, *_INVENTED) if value not in known)

    def _alike(self, name: str) -> list[str]:
        """The values that other exposures of the same type have for a column, the most frequent first; "" for none."""
        column, kinds = self._pool[name], self._pool["exp_type"].codes
        alike = kinds == kinds[self._row]
        alike[self._row] = False
        counts = np.bincount(column.codes[alike], minlength=1)
        return [column.values[code] for code in np.argsort(-counts, kind="stable").tolist() if counts[code]]
