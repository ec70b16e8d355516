"""Predicates: whether one exposure qualifies. They never look at a second exposure."""

from __future__ import annotations

from collections.abc import Iterable

from rules.vocabulary.attributes import Attribute, Column, Comparable, InCandidate, attribute
from rules.vocabulary.expressions import Expression


class OneOf(Expression, written="one_of(attribute, *values)"):
    """The attribute is given and has one of these values."""

    attribute: Attribute
    values: tuple[str, ...]

    def __str__(self) -> str:
        """In words."""
        if self.values == ("t",):
            return f"the {self.attribute.label} is set"
        if len(self.values) == 1:
            return f"{self.attribute.label} is {self.values[0]}"
        return f"{self.attribute.label} is one of {', '.join(self.values)}"


class Given(Expression, written="present(attribute)"):
    """The attribute is given."""

    attribute: Attribute

    def __str__(self) -> str:
        """In words."""
        label = self.attribute.label
        return f"the {label} is set" if label.endswith(" flag") else f"{label} is given"


class Contains(Expression, written="contains(attribute, text)", phrase="{attribute.label} contains {text}"):
    """The attribute's value has this text in it."""

    attribute: Attribute
    text: str


class Combination(Expression):
    """Several attributes are all given and have, together, one of the rows of a table."""

    label: str
    attributes: tuple[Attribute, ...]
    rows: tuple[tuple[str, ...], ...]

    def __repr__(self) -> str:
        """As it is written in a rule, with the number of the rows."""
        return f"combination({self.label!r}, ({', '.join(map(repr, self.attributes))}), {len(self.rows)} rows)"

    def __str__(self) -> str:
        """In words."""
        names = ", ".join(each.label for each in self.attributes)
        return f"{names} are one of the combinations in the table {self.label!r}"


class AllOf(Expression, written="all_of(*parts)"):
    """Each of the parts holds."""

    parts: tuple[Predicate, ...]

    def __str__(self) -> str:
        """In words."""
        return "(" + " and ".join(map(str, self.parts)) + ")" if self.parts else "true"


class AnyOf(Expression, written="any_of(*parts)"):
    """At least one of the parts holds."""

    parts: tuple[Predicate, ...]

    def __str__(self) -> str:
        """In words."""
        return "(" + " or ".join(map(str, self.parts)) + ")" if self.parts else "false"


class Not(Expression, written="not_(part)"):
    """The part does not hold."""

    part: Predicate

    def __repr__(self) -> str:
        """As it is written in a rule."""
        return f"absent({self.part.attribute!r})" if isinstance(self.part, Given) else super().__repr__()

    def __str__(self) -> str:
        """In words."""
        match self.part:
            case Given(attribute) | OneOf(attribute):
                return str(self.part).replace(f"{attribute.label} is", f"{attribute.label} is not", 1)
            case Contains(attribute, text):
                return f"{attribute.label} does not contain {text}"
            case AnyOf(parts):
                return str(AllOf(tuple(map(Not, parts))))
            case Not(part):
                return str(part)
            case part:
                return f"not {part}"


Predicate = OneOf | Given | Contains | Combination | AllOf | AnyOf | Not

#: What holds for every exposure, and for none.
TRUE = AllOf(())
FALSE = AnyOf(())


def _asked(given: str | Attribute) -> Attribute:
    found: Comparable = attribute(given)
    if isinstance(found, InCandidate):
        raise TypeError(f"{found!r} is not an attribute of an exposure alone; use it in same(…)")
    return found


def one_of(given: str | Attribute, *values: str) -> Predicate:
    """The attribute has one of `values` (in any case); an exposure without a value does not qualify.

    >>> one_of("exp_type", "MIR_IMAGE", "NIS_IMAGE")
    one_of('exp_type', 'mir_image', 'nis_image')
    >>> print(one_of("exp_type", "MIR_IMAGE", "NIS_IMAGE"))
    exposure type is one of mir_image, nis_image
    """
    wrong = [value for value in values if not isinstance(value, str)]
    if wrong:
        raise TypeError(f"one_of({given!r}, …) takes words, not {wrong[0]!r}; pool values are texts, such as '1'")
    asked = _asked(given)
    words = (asked.in_one_form(value.lower()) if isinstance(asked, Column) else value.lower() for value in values)
    return OneOf(asked, tuple(sorted(set(words))))


def present(given: str | Attribute) -> Predicate:
    """The attribute has a value."""
    return Given(_asked(given))


def absent(given: str | Attribute) -> Predicate:
    """The attribute has no value."""
    return Not(Given(_asked(given)))


def contains(given: str | Attribute, text: str) -> Predicate:
    """The attribute's value has `text` in it; an exposure without a value does not qualify."""
    return Contains(_asked(given), text.lower())


def combination(label: str, attributes: Iterable[str | Attribute], rows: Iterable[tuple[str, ...]]) -> Predicate:
    """The attributes have, together, one of `rows`.

    Args:
        label: name of the table in texts.
        attributes: the columns of the table.
        rows: the combinations that qualify, values in the order of `attributes`.
    """
    known = tuple(sorted({tuple(value.lower() for value in row) for row in rows}))
    return Combination(label, tuple(map(_asked, attributes)), known)


def all_of(*parts: Predicate) -> Predicate:
    """Each of `parts` holds."""
    return AllOf(parts)


def any_of(*parts: Predicate) -> AnyOf:
    """At least one of `parts` holds."""
    return AnyOf(parts)


def not_(part: Predicate) -> Predicate:
    """`part` does not hold."""
    return Not(part)


class Case(Expression, written="case(value, when)", phrase="{value} if {when}"):
    """One line of a `Choice`: this value, where this holds. A `Column` gives its own value."""

    value: str | Column
    when: Predicate


class Choice(Expression, written="choose(*cases, otherwise=otherwise)"):
    """A word for each exposure: the value of the first case that holds, else `otherwise`."""

    cases: tuple[Case, ...]
    otherwise: str

    @property
    def words(self) -> tuple[str, ...]:
        """The words that it can give, each once, apart from values of columns."""
        every = (*(case.value for case in self.cases), self.otherwise)
        return tuple(dict.fromkeys(word for word in every if isinstance(word, str)))


def case(value: str | Column, when: Predicate) -> Case:
    """`value` where `when` holds; a `Column` as value gives the exposure's value of it."""
    return Case(value, when)


def choose(*cases: Case, otherwise: str) -> Choice:
    """A table that gives every exposure a word: the first case that holds decides.

    >>> choose(case("background", present("bkgdtarg")), otherwise="science")
    choose(case('background', present('bkgdtarg')), otherwise='science')
    """
    return Choice(cases, otherwise)
