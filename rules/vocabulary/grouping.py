"""Grouping: which exposures belong together, what joins them, and what the group must show.

`same` says when exposures *agree*, `within` and `close_on_sky` when two are *near* each other; `join` says what is
added to a group of agreeing exposures; `has`, `at_least` and `spans` are tested on the resulting group. The
cardinality states whether a group is all exposures that agree, or one seed with what fits it.

Nearness does not carry over: A may be near B and B near C, but A not near C. So the groups of a rule that
requires it are maximal sets of exposures of which every two are near each other, and an exposure may be in several
of them. None of the mission's rules requires it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rules.vocabulary.attributes import Column, Comparable, attribute, column_of
from rules.vocabulary.expressions import Expression
from rules.vocabulary.predicates import Not, OneOf, Predicate, not_, one_of

#: One word, or several.
Words = str | Iterable[str]

#: One column, or several: each by its name, or one of the author's own.
Columns = str | Column | Iterable[str | Column]


class Same(Expression, written="same(attribute, optional=optional?, only=only?, unless=exempt?)"):
    """All exposures of a group share one value of the attribute.

    An exposure agrees with any value where `optional` is set and it has none, and where `unless`, which may
    test its role, holds for it.
    """

    attribute: Comparable
    optional: bool
    unless: Predicate | None

    @property
    def label(self) -> str:
        """The word for the attribute in texts; a rule has one agreement per label."""
        return self.attribute.label

    @property
    def only(self) -> str | None:
        """The one role that needs to agree, if there is one."""
        return _one_role(self.unless.part) if isinstance(self.unless, Not) else None

    @property
    def exempt(self) -> str | Predicate | None:
        """The one role, or the predicate, of exposures that need not agree; None with `only`."""
        return None if self.only else _one_role(self.unless) or self.unless

    def __str__(self) -> str:
        """In words."""
        phrase = f"same {self.label}" + (", if it is given" if self.optional else "")
        if self.only:
            return f"{phrase}, for {self.only} exposures only"
        if isinstance(self.exempt, str):
            return f"{phrase}, except for {self.exempt} exposures"
        return phrase if self.unless is None else f"{phrase}, unless {self.unless}"


def _one_role(predicate: Predicate | None) -> str | None:
    """The role, if the predicate asks for one and for nothing else."""
    match predicate:
        case OneOf(Column("role"), (role,)):
            return role
    return None


class Within(Expression, written="within(*columns, most)", phrase="{columns[0].label} within {most:g} of each other"):
    """The numbers in a column, the one of `columns`, differ by no more than this."""

    columns: tuple[Column]
    most: float


class CloseOnSky(
    Expression,
    written="close_on_sky(*columns, arcseconds=arcseconds)",
    phrase="positions within {arcseconds:g} arcseconds of each other",
):
    """The positions, longitude and latitude in degrees, are no farther apart than this angle in arcseconds."""

    columns: tuple[Column, Column]
    arcseconds: float


Near = Within | CloseOnSky


class Join(Expression, written="join(role, sharing=sharing, else_sharing=else_sharing?, when=when?)"):
    """Exposures in `role` join a group that has a member with the same values of `sharing`.

    If no exposures do, those with the same values of `else_sharing` do. Exposures that do not satisfy
    `when` never join. The member must be one that agrees or, if the group has a seed, the seed. So what joins
    never brings in more.
    """

    role: str
    sharing: tuple[Column, ...]
    else_sharing: tuple[Column, ...]
    when: Predicate | None

    def __str__(self) -> str:
        """In words."""
        phrase = f"{self.role} exposures with the same {_listed(self.sharing)} as a member"
        if self.else_sharing:
            phrase += f" (or else those with the same {_listed(self.else_sharing)})"
        return phrase + ("" if self.when is None else f", if {self.when}")


def _listed(what: Sequence[str | Column], last: str = "and") -> str:
    labels = [each if isinstance(each, str) else each.label for each in what]
    return f" {last} ".join(filter(None, (", ".join(labels[:-1]), labels[-1])))


class Has(Expression, written="has(role, in_candidates=candidate_types?)"):
    """The group has a member in this role; in candidates of these types only, if any are named."""

    role: str
    candidate_types: tuple[str, ...]

    def __str__(self) -> str:
        """In words."""
        where = f", if the candidate is of type {_listed(self.candidate_types, 'or')}" if self.candidate_types else ""
        return f"has {'an' if self.role[:1] in 'aeiou' else 'a'} {self.role} exposure{where}"


class AtLeast(Expression, written="at_least(members)"):
    """The group has this many members."""

    members: int

    def __str__(self) -> str:
        """In words."""
        return f"has at least {self.members} exposure{'s' if self.members > 1 else ''}"


class Spans(Expression, written="spans(column, values, in_candidates=candidate_types)"):
    """The exposures that agree have this many values of a column, in candidates of these types."""

    column: Column
    values: int
    candidate_types: tuple[str, ...]

    def __str__(self) -> str:
        """In words."""
        types = _listed(self.candidate_types, "or")
        return f"has at least {self.values} {self.column.label}s, if the candidate is of type {types}"


Validity = Has | AtLeast | Spans


class Many(Expression, phrase="all qualifying exposures that have the same"):
    """A group is any number of exposures: all that agree. It has the fields of `OneSeed`, empty."""

    role: ClassVar[str] = ""
    fitting: ClassVar[tuple[str, ...]] = ()
    fitting_as: ClassVar[str | None] = None
    differing: ClassVar[tuple[Column, ...]] = ()
    lone: ClassVar[tuple[str, ...]] = ()


class OneSeed(
    Expression, written="one_seed(role, fitting=fitting?, fitting_as=fitting_as?, differing=differing?, lone=lone?)"
):
    """A group is one exposure, the *seed*, with everything that fits it.

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
        """In words."""
        lone = f" (or one {_listed(self.lone, 'or')} exposure that no other group needs)" if self.lone else ""
        differing = f" of a different {_listed(self.differing)}" if self.differing else ""
        fitting_as = f", as {self.fitting_as}," if self.fitting_as else ""
        fitting = f"{_listed(self.fitting)} exposures{differing}{fitting_as}" if self.fitting else ""
        return f"one {self.role} exposure{lone}{fitting and f' and all qualifying {fitting} that have the same'}"


Cardinality = Many | OneSeed


class Without(Expression, written="without(*constraints)"):
    """Removes inherited constraints."""

    constraints: tuple[Constraint, ...]


Constraint = Predicate | Same | Near | Join | Validity


def require(*constraints: Constraint | Without) -> tuple[Constraint | Without, ...]:
    """What a class states; a rule has the constraints of all classes that it inherits.

    The result is a plain tuple, which a class may also write. For type checkers all results are of one type, so
    that a class can inherit from several that state different constraints.

    >>> require(same("program"), has("science"))
    (same('program'), has('science'))
    """
    return constraints


def words(given: Words) -> tuple[str, ...]:
    """One word, or several."""
    return (given,) if isinstance(given, str) else tuple(given)


def columns(given: Columns) -> tuple[Column, ...]:
    """One column, or several, by name in any case."""
    return tuple(map(column_of, (given,) if isinstance(given, (str, Column)) else given))


def same(
    given: str | Comparable, *, optional: bool = False, unless: Words | Predicate | None = None, only: str | None = None
) -> Same:
    """All exposures of a group share one value of the attribute.

    Args:
        given: a pool column, or `first_given(…)`, `mapped(…)`, `in_candidate(…)`.
        optional: an exposure without a value agrees with any; else it does not qualify.
        unless: exposures that agree with any: a role, several roles, or a predicate.
        only: the one role that needs to agree; the rest agree with any.

    Raises:
        TypeError: both `unless` and `only` are given.

    >>> print(same("filter", optional=True))
    same filter, if it is given
    >>> print(same("targetid", unless="background"))
    same target, except for background exposures
    """
    if unless is not None and only is not None:
        raise TypeError("unless and only exclude each other; give one of them")
    if only is not None:
        unless = not_(one_of("role", only))
    elif isinstance(unless, Iterable):
        unless = one_of("role", *words(unless))
    return Same(attribute(given), optional, unless)


def within(column: str | Column, most: float) -> Within:
    """The numbers in `column` of any two exposures of a group differ by no more than `most`.

    >>> print(within("expstart", 0.5))
    start of the exposure within 0.5 of each other
    """
    return Within((column_of(column),), float(most))


def close_on_sky(
    longitude: str | Column = "targ_ra", latitude: str | Column = "targ_dec", *, arcseconds: float
) -> CloseOnSky:
    """The positions of any two exposures of a group are no farther apart than `arcseconds`.

    Args:
        longitude: the column with the right ascension, in degrees.
        latitude: the column with the declination, in degrees.
        arcseconds: the largest distance on the sky.

    >>> print(close_on_sky(arcseconds=10))
    positions within 10 arcseconds of each other
    """
    return CloseOnSky((column_of(longitude), column_of(latitude)), float(arcseconds))


def join(role: str, *, sharing: Columns, else_sharing: Columns = (), when: Predicate | None = None) -> Join:
    """Exposures in `role` join the groups that have an agreeing member with their values of `sharing`.

    Args:
        role: the role of the exposures that join.
        sharing: columns that the exposure and the member have the same, given values of.
        else_sharing: the same for groups in which the first finds none.
        when: a condition on the exposures that join.

    >>> print(join("target_acquisition", sharing=("program", "obs_num")))
    target_acquisition exposures with the same program and observation as a member
    """
    return Join(role, columns(sharing), columns(else_sharing), when)


def has(role: str, *, in_candidates: Words = ()) -> Has:
    """The group has a member in `role`; if candidate types are named, in those only."""
    return Has(role, tuple(kind.lower() for kind in words(in_candidates)))


def at_least(members: int) -> AtLeast:
    """The group has at least this many members, of any role."""
    return AtLeast(members)


def spans(column: str | Column, values: int, *, in_candidates: Words) -> Spans:
    """The agreeing exposures have at least `values` values of `column`, in candidates of these types."""
    return Spans(column_of(column), values, tuple(kind.lower() for kind in words(in_candidates)))


def without(*constraints: Constraint) -> Without:
    """The class does not inherit these constraints (stated as the base class states them)."""
    return Without(constraints)


def many() -> Cardinality:
    """A group is any number of exposures: all that agree."""
    return Many()


def one_seed(
    role: str, *, fitting: Words = (), fitting_as: str | None = None, differing: Columns = (), lone: Words = ()
) -> Cardinality:
    """A group is one exposure in `role`, the seed, with everything that fits it.

    Args:
        role: role of the seed.
        fitting: roles of the exposures that fit if they qualify and agree with the seed.
        fitting_as: the role that they have in the group; None for their own.
        differing: columns in which they must differ from the seed, with given values.
        lone: roles, out of `fitting`, whose exposures are seeds themselves where they fit none.
    """
    return OneSeed(role, words(fitting), fitting_as, columns(differing), words(lone))
