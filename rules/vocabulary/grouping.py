"""Grouping: which exposures belong together, what joins them, and what the group must show.

`same` says when exposures *agree*; `join` says what is added to a group of agreeing exposures;
`has`, `at_least` and `spans` are judged on the group that results.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from rules.vocabulary.attributes import Column, Comparable, attribute
from rules.vocabulary.predicates import Predicate


@final
@dataclass(frozen=True, slots=True, repr=False)
class Same:
    """All exposures of a group share one value of the attribute.

    An exposure agrees with any value where `optional` is set and it has none, where its role is
    in `unless`, or where `only` names another role than its own.
    """

    attribute: Comparable
    optional: bool
    unless: tuple[str, ...]
    only: str | None

    @property
    def label(self) -> str:
        """The word for the attribute in texts; a rule has one agreement per label."""
        return self.attribute.label

    def exempts(self, role: str) -> bool:
        """Whether exposures in `role` agree with any value."""
        return role in self.unless or (self.only is not None and role != self.only)

    def __repr__(self) -> str:
        """As it is written in a rule."""
        parts = [repr(self.attribute)]
        if self.optional:
            parts.append("optional=True")
        if self.unless:
            parts.append(f"unless={self.unless[0] if len(self.unless) == 1 else self.unless!r}")
        if self.only is not None:
            parts.append(f"only={self.only!r}")
        return f"same({', '.join(parts)})"

    def __str__(self) -> str:
        """As it would be said."""
        said = f"same {self.label}"
        if self.optional:
            said += ", if it is given"
        if self.unless:
            said += f"; {' and '.join(self.unless)} exposures may have any"
        if self.only is not None:
            said += f"; only {self.only} exposures need it"
        return said


@final
@dataclass(frozen=True, slots=True, repr=False)
class Join:
    """Exposures in `role` join a group that has a member with the same values of `sharing`.

    Exposures that do not satisfy `when` never join. The member must be one that is in the group by
    agreement, so what joins never brings in more.
    """

    role: str
    sharing: tuple[Column, ...]
    when: Predicate | None

    def __repr__(self) -> str:
        """As it is written in a rule."""
        condition = "" if self.when is None else f", when={self.when!r}"
        return f"join({self.role!r}, sharing=({', '.join(map(repr, self.sharing))}){condition})"

    def __str__(self) -> str:
        """As it would be said."""
        shared = ", ".join(column.label for column in self.sharing)
        condition = "" if self.when is None else f", if {self.when}"
        return f"{self.role} exposures with a member's {shared} join{condition}"


@final
@dataclass(frozen=True, slots=True, repr=False)
class Has:
    """The group has a member in this role."""

    role: str

    def __repr__(self) -> str:
        """As it is written in a rule."""
        return f"has({self.role!r})"

    def __str__(self) -> str:
        """As it would be said."""
        return f"has a {self.role} exposure"


@final
@dataclass(frozen=True, slots=True, repr=False)
class AtLeast:
    """The group has this many members."""

    members: int

    def __repr__(self) -> str:
        """As it is written in a rule."""
        return f"at_least({self.members})"

    def __str__(self) -> str:
        """As it would be said."""
        return f"has at least {self.members} exposures"


@final
@dataclass(frozen=True, slots=True, repr=False)
class Spans:
    """The exposures that agree have this many values of a column, in candidates of these types."""

    column: Column
    values: int
    candidate_types: tuple[str, ...]

    def __repr__(self) -> str:
        """As it is written in a rule."""
        return f"spans({self.column!r}, {self.values}, in_candidates={self.candidate_types!r})"

    def __str__(self) -> str:
        """As it would be said."""
        types = ", ".join(self.candidate_types)
        return f"spans at least {self.values} values of {self.column.label} in candidates of type {types}"


Validity = Has | AtLeast | Spans


@final
@dataclass(frozen=True, slots=True, repr=False)
class Without:
    """Takes inherited constraints away."""

    constraints: tuple[Constraint, ...]

    def __repr__(self) -> str:
        """As it is written in a rule."""
        return f"without({', '.join(map(repr, self.constraints))})"


Constraint = Predicate | Same | Join | Validity


@final
@dataclass(frozen=True, slots=True)
class OneProduct:
    """A valid group becomes one product, as it is."""


@final
@dataclass(frozen=True, slots=True)
class NodsAsBackground:
    """As one product; where it has two and more exposures in `role`, each is its neighbours' background.

    Each of these exposures is listed once more, as `background`, by its product `suffix`.
    """

    role: str
    suffix: str


Expansion = OneProduct | NodsAsBackground


def same(
    given: str | Comparable, *, optional: bool = False, unless: str | Iterable[str] = (), only: str | None = None
) -> Same:
    """All exposures of a group share one value of the attribute.

    Args:
        given: a pool column, or `first_given(…)`, `mapped(…)`, `in_candidate(…)`.
        optional: an exposure without a value agrees with any; else it does not qualify.
        unless: roles whose exposures agree with any.
        only: the one role that needs to agree; all others agree with any.

    >>> print(same("filter", optional=True))
    same filter, if it is given
    >>> print(same("targetid", unless="background"))
    same target; background exposures may have any
    """
    roles = (unless,) if isinstance(unless, str) else tuple(unless)
    return Same(attribute(given), optional, roles, only)


def join(role: str, *, sharing: Iterable[str], when: Predicate | None = None) -> Join:
    """Exposures in `role` join the groups that have an agreeing member with their values of `sharing`.

    >>> print(join("target_acquisition", sharing=("program", "obs_num")))
    target_acquisition exposures with a member's program, observation join
    """
    return Join(role, tuple(Column(name) for name in sharing), when)


def has(role: str) -> Has:
    """The group has a member in `role`."""
    return Has(role)


def at_least(members: int) -> AtLeast:
    """The group has at least so many members, of any role."""
    return AtLeast(members)


def spans(column: str, values: int, *, in_candidates: Iterable[str]) -> Spans:
    """The agreeing exposures have at least `values` values of `column`, in candidates of these types."""
    return Spans(Column(column), values, tuple(kind.lower() for kind in in_candidates))


def without(*constraints: Constraint) -> Without:
    """The class does not inherit these constraints (stated as the base class states them)."""
    return Without(constraints)


def one_product() -> OneProduct:
    """A valid group becomes one product, as it is."""
    return OneProduct()


def nods_as_background(role: str, suffix: str) -> NodsAsBackground:
    """A valid group of nods: each exposure in `role` is listed once more, as background, by `suffix`."""
    return NodsAsBackground(role, suffix)
