"""Grouping: which exposures belong together, what joins them, and what the group must show.

`same` says when exposures *agree*; `join` says what is added to a group of agreeing exposures;
`has`, `at_least` and `spans` are judged on the group that results. The cardinality says whether a group is
about all exposures that agree, or about one with what fits it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from rules.vocabulary.attributes import Column, Comparable, attribute
from rules.vocabulary.nearness import Near
from rules.vocabulary.predicates import Not, OneOf, Predicate, not_, one_of


@final
@dataclass(frozen=True, slots=True, repr=False)
class Same:
    """All exposures of a group share one value of the attribute.

    An exposure agrees with any value where `optional` is set and it has none, and where `unless` holds
    for it, which may ask for its role.
    """

    attribute: Comparable
    optional: bool
    unless: Predicate | None

    @property
    def label(self) -> str:
        """The word for the attribute in texts; a rule has one agreement per label."""
        return self.attribute.label

    def __repr__(self) -> str:
        """As it is written in a rule."""
        parts = [repr(self.attribute)]
        if self.optional:
            parts.append("optional=True")
        match self.unless:
            case None:
                pass
            case Not(OneOf(Column("role"), (role,))):
                parts.append(f"only={role!r}")
            case OneOf(Column("role"), (role,)):
                parts.append(f"unless={role!r}")
            case condition:
                parts.append(f"unless={condition!r}")
        return f"same({', '.join(parts)})"

    def __str__(self) -> str:
        """As it would be said."""
        said = f"same {self.label}"
        if self.optional:
            said += ", if it is given"
        match self.unless:
            case None:
                return said
            case Not(OneOf(Column("role"), (role,))):
                return f"{said}; only {role} exposures need it"
            case OneOf(Column("role"), roles):
                return f"{said}; {' and '.join(roles)} exposures may have any"
            case condition:
                return f"{said}; any where {condition}"


@final
@dataclass(frozen=True, slots=True, repr=False)
class Join:
    """Exposures in `role` join a group that has a member with the same values of `sharing`.

    Where there are none, those with the same values of `else_sharing` do. Exposures that do not satisfy
    `when` never join. The member must be one that the group is about: one that agrees, or, where a group
    is about one exposure, that one. So what joins never brings in more.
    """

    role: str
    sharing: tuple[Column, ...]
    else_sharing: tuple[Column, ...]
    when: Predicate | None

    def __repr__(self) -> str:
        """As it is written in a rule."""
        parts = [repr(self.role), f"sharing=({', '.join(map(repr, self.sharing))})"]
        if self.else_sharing:
            parts.append(f"else_sharing=({', '.join(map(repr, self.else_sharing))})")
        if self.when is not None:
            parts.append(f"when={self.when!r}")
        return f"join({', '.join(parts)})"

    def __str__(self) -> str:
        """As it would be said."""
        said = f"{self.role} exposures with a member's {_listed(self.sharing)}"
        if self.else_sharing:
            said += f" (where there are none, with its {_listed(self.else_sharing)})"
        return f"{said} join" + ("" if self.when is None else f", if {self.when}")


def _listed(columns: tuple[Column, ...]) -> str:
    return ", ".join(column.label for column in columns)


@final
@dataclass(frozen=True, slots=True, repr=False)
class Has:
    """The group has a member in this role; in candidates of these types only, if any are named."""

    role: str
    candidate_types: tuple[str, ...]

    def __repr__(self) -> str:
        """As it is written in a rule."""
        where = f", in_candidates={self.candidate_types!r}" if self.candidate_types else ""
        return f"has({self.role!r}{where})"

    def __str__(self) -> str:
        """As it would be said."""
        where = f" in candidates of type {', '.join(self.candidate_types)}" if self.candidate_types else ""
        return f"has a {self.role} exposure{where}"


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
        return f"has at least {self.members} exposure{'s' if self.members > 1 else ''}"


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
@dataclass(frozen=True, slots=True)
class Many:
    """A group is about any number of exposures: all that agree."""

    def __str__(self) -> str:
        """As it would be said."""
        return "all exposures that qualify and have the same"


@final
@dataclass(frozen=True, slots=True)
class OneSeed:
    """A group is about one exposure, the *seed*, with everything that fits it.

    Attributes:
        role: role of the seed.
        fitting: roles of the exposures that fit if they qualify and agree with the seed.
        fitting_as: the role that they have in the group; None for their own.
        differing: columns in which they must differ from the seed.
        lone: roles whose exposures are seeds themselves where they fit none.
    """

    role: str
    fitting: tuple[str, ...]
    fitting_as: str | None
    differing: tuple[Column, ...]
    lone: tuple[str, ...]

    def __str__(self) -> str:
        """As it would be said."""
        said = f"one {self.role} exposure"
        if self.fitting:
            said += f", with the {' and '.join(self.fitting)} exposures that qualify and have the same"
        if self.differing:
            said += f" but another {_listed(self.differing)}"
        if self.fitting_as is not None:
            said += f", as {self.fitting_as}"
        if self.lone:
            said += f"; {' and '.join(self.lone)} exposures that are needed nowhere stand alone"
        return said


Cardinality = Many | OneSeed


@final
@dataclass(frozen=True, slots=True, repr=False)
class Without:
    """Takes inherited constraints away."""

    constraints: tuple[Constraint, ...]

    def __repr__(self) -> str:
        """As it is written in a rule."""
        return f"without({', '.join(map(repr, self.constraints))})"


Constraint = Predicate | Same | Near | Join | Validity


def words(given: str | Iterable[str]) -> tuple[str, ...]:
    """One word, or several."""
    return (given,) if isinstance(given, str) else tuple(given)


def columns(given: str | Iterable[str]) -> tuple[Column, ...]:
    """One column, or several, by name in any case."""
    return tuple(Column(name.lower()) for name in words(given))


def same(
    given: str | Comparable,
    *,
    optional: bool = False,
    unless: str | Iterable[str] | Predicate | None = None,
    only: str | None = None,
) -> Same:
    """All exposures of a group share one value of the attribute.

    Args:
        given: a pool column, or `first_given(…)`, `mapped(…)`, `in_candidate(…)`.
        optional: an exposure without a value agrees with any; else it does not qualify.
        unless: exposures that agree with any: a role, several roles, or a predicate.
        only: the one role that needs to agree; all others agree with any.

    Raises:
        TypeError: both `unless` and `only` are given.

    >>> print(same("filter", optional=True))
    same filter, if it is given
    >>> print(same("targetid", unless="background"))
    same target; background exposures may have any
    """
    if unless is not None and only is not None:
        message = "unless and only exclude each other; give one of them"
        raise TypeError(message)
    if only is not None:
        unless = not_(one_of("role", only))
    elif isinstance(unless, Iterable):
        unless = one_of("role", *words(unless))
    return Same(attribute(given), optional, unless)


def join(
    role: str, *, sharing: str | Iterable[str], else_sharing: str | Iterable[str] = (), when: Predicate | None = None
) -> Join:
    """Exposures in `role` join the groups that have an agreeing member with their values of `sharing`.

    Args:
        role: what the exposures are that join.
        sharing: columns that the exposure and the member have the same, given values of.
        else_sharing: the same for groups in which the first finds none.
        when: a condition on the exposures that join.

    >>> print(join("target_acquisition", sharing=("program", "obs_num")))
    target_acquisition exposures with a member's program, observation join
    """
    return Join(role, columns(sharing), columns(else_sharing), when)


def has(role: str, *, in_candidates: str | Iterable[str] = ()) -> Has:
    """The group has a member in `role`; if candidate types are named, in those only."""
    return Has(role, tuple(kind.lower() for kind in words(in_candidates)))


def at_least(members: int) -> AtLeast:
    """The group has at least so many members, of any role."""
    return AtLeast(members)


def spans(column: str, values: int, *, in_candidates: str | Iterable[str]) -> Spans:
    """The agreeing exposures have at least `values` values of `column`, in candidates of these types."""
    return Spans(Column(column.lower()), values, tuple(kind.lower() for kind in words(in_candidates)))


def without(*constraints: Constraint) -> Without:
    """The class does not inherit these constraints (stated as the base class states them)."""
    return Without(constraints)


def many() -> Many:
    """A group is about any number of exposures: all that agree."""
    return Many()


def one_seed(
    role: str,
    *,
    fitting: str | Iterable[str] = (),
    fitting_as: str | None = None,
    differing: str | Iterable[str] = (),
    lone: str | Iterable[str] = (),
) -> OneSeed:
    """A group is about one exposure in `role`, the seed, with everything that fits it.

    Args:
        role: role of the seed.
        fitting: roles of the exposures that fit if they qualify and agree with the seed.
        fitting_as: the role that they have in the group; None for their own.
        differing: columns in which they must differ from the seed, with given values.
        lone: roles, out of `fitting`, whose exposures are seeds themselves where they fit none.
    """
    return OneSeed(role, words(fitting), fitting_as, columns(differing), words(lone))
