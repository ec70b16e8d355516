"""Places: where an exposure could be under a rule, and what each place asks of it.

A *place* is a group of a rule in a candidate, or a group of its own that the exposure would begin. It asks for
*conditions*, of which each depends on nothing but the exposure: so a place can be asked of every exposure of a
pool, and of every variant of one exposure, at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never, final

import numpy as np
from numpy.typing import NDArray

from rules.rule import Rule, RuleSpec
from rules.vocabulary import Column, InCandidate, Join, Near, Predicate, Same
from solver.associations import Association
from solver.explanation.facts import Kind, Need
from solver.explanation.needs import can_hold, columns_of, failing, needs
from solver.pools import (
    DISCOVERED,
    Candidate,
    EncodedColumn,
    Evaluation,
    Mask,
    Table,
    constant_column,
    encode,
    parse_cell,
)
from solver.solving import near, numbers_of

_CANDIDATES = Column("asn_candidate")

#: A candidate that no exposure can list.
NOWHERE = Candidate("", "", "")


class View:
    """Exposures as a rule sees them.

    Attributes:
        spec: the rule.
        plain: the exposures' columns.
        roles: what each exposure is under the rule.
    """

    def __init__(self, spec: RuleSpec, table: Evaluation) -> None:
        """Look at the exposures of `table`."""
        self.spec = spec
        self.plain = table
        self.roles = table.choose(spec.roles)
        self._with_roles = table.over({"role": self.roles})

    def __len__(self) -> int:
        """Number of exposures."""
        return len(self.plain)

    def values(self, same: Same, candidate_type: str) -> EncodedColumn:
        """What the exposures have for an agreement in candidates of this type."""
        match same.attribute:
            case InCandidate(kind, value, otherwise):
                return constant_column(value, len(self)) if candidate_type == kind else self.plain.values(otherwise)
            case attribute:
                return self.plain.values(attribute)

    def exempt(self, same: Same) -> Mask:
        """The exposures that agree with any value, even if they have one."""
        if same.unless is None:
            return np.zeros(len(self), dtype=np.bool_)
        return self._with_roles.holds(same.unless)

    def shown(self, same: Same, candidate_type: str, rows: Sequence[int]) -> tuple[str, ...]:
        """The values by which exposures agree with others; none for those that agree with all."""
        column, bound = self.values(same, candidate_type), ~self.exempt(same)
        codes = column.codes[rows][bound[rows]]
        return tuple(column.values[code] for code in np.unique(codes).tolist() if code)


# --- Conditions ---------------------------------------------------------------------------------


@final
@dataclass(frozen=True, slots=True)
class Qualifies:
    """A predicate holds."""

    predicate: Predicate
    by: str


@final
@dataclass(frozen=True, slots=True)
class Agrees:
    """It has a value for an agreement that asks for one, and none that differs from this one, unless that is ""."""

    same: Same
    candidate_type: str
    value: str
    by: str


@final
@dataclass(frozen=True, slots=True)
class IsNear:
    """It has the numbers for a pairwise condition, and is near exposures with these."""

    condition: Near
    numbers: tuple[tuple[float, ...], ...]
    by: str


@final
@dataclass(frozen=True, slots=True)
class Listed:
    """It lists the candidate."""

    candidate: Candidate
    stated: str
    by: str


@final
@dataclass(frozen=True, slots=True)
class InRole:
    """It has one of these roles."""

    roles: tuple[str, ...]
    stated: str
    by: str


@final
@dataclass(frozen=True, slots=True)
class Differs:
    """It has a value other than this one."""

    column: Column
    value: str
    stated: str
    by: str


@final
@dataclass(frozen=True, slots=True)
class MayJoin:
    """What a join asks of those that join holds."""

    join: Join
    when: Predicate
    by: str


@final
@dataclass(frozen=True, slots=True)
class Shares:
    """It has, in the columns by which a join goes, the values of one of the exposures that the group is about."""

    join: Join
    sharing: tuple[Column, ...]
    values: tuple[tuple[str, ...], ...]
    by: str


Condition = Qualifies | Agrees | IsNear | Listed | InRole | Differs | MayJoin | Shares


def met(condition: Condition, view: View) -> Mask:  # noqa: PLR0911 (one way out for each kind)
    """The exposures that meet a condition."""
    match condition:
        case Qualifies(predicate) | MayJoin(_, predicate):
            return view.plain.holds(predicate)
        case Agrees(same, kind, value):
            column = view.values(same, kind)
            agrees = column.given() if value == "" else column.where(value.__eq__)
            return agrees | view.exempt(same) | ~column.given() if same.optional else agrees | view.exempt(same)
        case IsNear(asked, numbers):
            return _near(asked, numbers, view)
        case Listed(candidate):
            if candidate.type == DISCOVERED:
                return np.ones(len(view), dtype=np.bool_)
            pair = (candidate.id, candidate.type)
            return view.plain.values(_CANDIDATES).where(lambda cell: pair in parse_cell(cell))
        case InRole(roles):
            return view.roles.where(set(roles).__contains__)
        case Differs(column, value):
            return view.plain.values(column).where(value.__ne__)
        case Shares(_, sharing, values):
            columns = [view.plain.values(column) for column in sharing]
            return np.array([tuple(each[row] for each in columns) in values for row in range(len(view))], np.bool_)
        case _:
            assert_never(condition)


def _near(asked: Near, numbers: tuple[tuple[float, ...], ...], view: View) -> Mask:
    names = [column.name for column in asked.columns]
    mine = {name: numbers_of(view.plain.values(Column(name))) for name in names}
    fulfilled: Mask = ~np.any([np.isnan(values) for values in mine.values()], axis=0)
    for other in numbers:
        both = {name: np.append(values, number) for (name, values), number in zip(mine.items(), other, strict=True)}
        fulfilled &= near((asked,), both, np.arange(len(view)), np.array([len(view)]))
    return fulfilled


def deciding(condition: Condition, spec: RuleSpec) -> tuple[str, ...]:  # noqa: PLR0911 (one way out for each kind)
    """The columns that decide whether a condition is met."""
    match condition:
        case Qualifies(predicate) | MayJoin(_, predicate):
            return columns_of(predicate)
        case Agrees(same):
            names = (*columns_of(same.attribute), *(() if same.unless is None else columns_of(same.unless)))
            roles = columns_of(spec.roles) if "role" in names else ()
            return tuple(dict.fromkeys(name for name in (*names, *roles) if name != "role"))
        case IsNear(asked):
            return tuple(column.name for column in asked.columns)
        case Listed(candidate):
            return () if candidate is NOWHERE else (_CANDIDATES.name,)
        case InRole():
            return columns_of(spec.roles)
        case Differs(column):
            return (column.name,)
        case Shares(_, sharing):
            return tuple(column.name for column in sharing)
        case _:
            assert_never(condition)


def can_meet(condition: Condition, view: View, row: int, fixed: frozenset[str]) -> bool:
    """Whether an exposure could meet a condition with other values in the columns that are not fixed."""
    match condition:
        case Qualifies(predicate) | MayJoin(_, predicate):
            return can_hold(predicate, lambda part: _true(view, part, row), fixed) is not False
        case Agrees() if fixed.issuperset(deciding(condition, view.spec)):
            return bool(met(condition, view)[row])
        case Shares(_, sharing, values):
            known = [(i, view.plain.values(each)[row]) for i, each in enumerate(sharing) if each.name in fixed]
            return any(all(other[i] == has for i, has in known) for other in values)
        case _:
            return True


def kind_of(condition: Condition) -> Kind:
    """What kind of constraint a condition comes from."""
    kinds: dict[type, Kind] = {
        Qualifies: "condition", Agrees: "agreement", IsNear: "nearness", Listed: "candidate", InRole: "role",
        Differs: "difference", MayJoin: "join", Shares: "join",
    }  # fmt: skip
    return kinds[type(condition)]


def said(condition: Condition) -> str:
    """The constraint that a condition comes from, in words."""
    match condition:
        case Qualifies(constraint) | Agrees(constraint) | IsNear(constraint) | MayJoin(constraint) | Shares(constraint):
            return str(constraint)
        case Listed() | InRole() | Differs():
            return condition.stated
        case _:
            assert_never(condition)


def needed(  # noqa: PLR0911 (one way out for each kind)
    condition: Condition, view: View, row: int, then: int
) -> tuple[Need, ...]:
    """What an exposure that does not meet a condition would need.

    Args:
        condition: the condition.
        view: the exposures.
        row: which of them it is.
        then: the row of the exposure as it could be; it decides between alternatives.
    """
    match condition:
        case Qualifies(predicate) | MayJoin(_, predicate):
            atoms = failing(predicate, lambda part: _true(view, part, row), lambda part: _true(view, part, then))
            return needs(atoms, lambda each: view.plain.values(each)[row], lambda each: view.plain.values(each)[then])
        case Agrees(same, kind, value):
            columns, has = columns_of(same.attribute), view.values(same, kind)[row]
            return (Need(same.label, columns, has, *(("one of", (value,)) if value else ("given", ()))),)
        case IsNear(asked, numbers):
            return tuple(
                Need(
                    column.label, (column.name,), view.plain.values(column)[row], "near" if numbers else "a number",
                    tuple(dict.fromkeys(f"{each[i]:.10g}" for each in numbers)),
                )
                for i, column in enumerate(asked.columns)
            )  # fmt: skip
        case Listed(candidate):
            cell = view.plain.values(_CANDIDATES)[row]
            wanted = () if candidate is NOWHERE else (spoken(candidate),)
            return (Need("candidates", (_CANDIDATES.name,), listed(cell), "including", wanted),)
        case InRole(roles):
            return (Need("role", columns_of(view.spec.roles), view.roles[row], "one of", roles),)
        case Differs(column, value):
            return (Need(column.label, (column.name,), view.plain.values(column)[row], "none of", (value,)),)
        case Shares(_, sharing, values):
            return _shared(sharing, values, view, row)
        case _:
            assert_never(condition)


def _true(view: View, predicate: Predicate, row: int) -> bool:
    return bool(view.plain.holds(predicate)[row])


def _shared(sharing: tuple[Column, ...], values: tuple[tuple[str, ...], ...], view: View, row: int) -> tuple[Need, ...]:
    """In what an exposure differs from those that it could join by the fewest columns."""
    mine = [view.plain.values(column)[row] for column in sharing]
    apart = [tuple(i for i, has in enumerate(mine) if has != other[i] or not has) for other in values]
    fewest = min(apart, key=len, default=())
    nearest = [other for other, differing in zip(values, apart, strict=True) if differing == fewest]
    return tuple(
        Need(sharing[i].label, (sharing[i].name,), mine[i], "one of", tuple(dict.fromkeys(each[i] for each in nearest)))
        for i in fewest
    )


def spoken(candidate: Candidate) -> str:
    """`c1000 (background)`."""
    return f"{candidate.id} ({candidate.type})"


def listed(cell: str) -> str:
    """`c1000 (background), o001 (observation)`: a candidate cell as it would be said."""
    return ", ".join(f"{identifier} ({kind})" for identifier, kind in (parse_cell(cell) if cell else ()))


# --- Places -------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Place:
    """Where an exposure could be.

    Attributes:
        rule: the rule.
        candidate: the candidate.
        association: the association that is there; None for a group that the exposure would begin.
        conditions: what the place asks of an exposure.
    """

    rule: type[Rule]
    candidate: Candidate
    association: Association | None
    conditions: tuple[Condition, ...]

    @property
    def is_joined(self) -> bool:
        """Whether exposures are there by what they share with a member, whatever else they have."""
        return any(isinstance(condition, Shares) for condition in self.conditions)

    def unmet(self, view: View) -> NDArray[np.bool_]:
        """For each exposure and condition, whether it is not met."""
        return np.stack([~met(condition, view) for condition in self.conditions], axis=1)

    def missing(self, view: View, row: int) -> list[Condition]:
        """The conditions that one exposure does not meet."""
        return [condition for condition in self.conditions if not met(condition, view)[row]]


def variants(spec: RuleSpec, exposure: dict[str, str], changes: Sequence[dict[str, str]]) -> View:
    """One exposure with each of these changes made to it."""
    columns = {name: constant_column(value, len(changes)) for name, value in exposure.items()}
    for name in dict.fromkeys(name for each in changes for name in each):
        columns[name] = encode(each.get(name, exposure.get(name, "")) for each in changes)
    return View(spec, Evaluation(Table(columns)))
