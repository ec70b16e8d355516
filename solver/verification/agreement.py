"""Agreement between two exposures of which only some values are known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rules.rule import RuleSpec
from rules.vocabulary import FALSE, Attribute, Column, Predicate, Same
from rules.vocabulary.algebra import Known, Values, columns_of, possible, truth, value
from solver.solving import compared

#: What an exposure shows where it agrees with any value.
_ANY = ""


@dataclass(frozen=True)
class Agreement:
    """Whether two exposures agree on everything required; or, negated, whether they disagree on something.

    In candidates of a type that an agreement names, the answer may differ; this is about all other candidates.

    Attributes:
        spec: the rule, which gives the roles.
        same: what they have to agree on.
        negated: whether it is about exposures that disagree on something.
    """

    spec: RuleSpec
    same: tuple[Same, ...]
    negated: bool = False

    @cached_property
    def _parts(self) -> tuple[tuple[Attribute, Predicate], ...]:
        """What is compared, and the condition under which an exposure agrees with any value."""
        return tuple(compared(same, self.spec.roles) for same in self.same)

    @cached_property
    def compared(self) -> frozenset[str]:
        """The columns whose values are compared."""
        return columns_of(*(attribute for attribute, _ in self._parts))

    @cached_property
    def strict(self) -> frozenset[str]:
        """The columns in which given values have to be equal, whatever else holds."""
        parts = () if self.negated else self._parts
        return frozenset(each.name for each, exempt in parts if isinstance(each, Column) and exempt == FALSE)

    @cached_property
    def asked(self) -> tuple[Predicate, ...]:
        """The conditions on each of the exposures."""
        return tuple(exempt for _, exempt in self._parts if exempt != FALSE)

    def can_differ(self, one: Values, other: Values) -> bool:
        """Whether exposures with these values can show different ones at all."""
        for attribute, _ in self._parts:
            first, second = possible(attribute, one), possible(attribute, other)
            if first is None or second is None or len((first | second) - {_ANY}) > 1:
                return True
        return False

    def __call__(self, one: Known, other: Known) -> bool | None:
        """Whether they do; None where the known values do not decide it."""
        found: bool | None = True
        for attribute, exempt in self._parts:
            first, second = _shown(attribute, exempt, one), _shown(attribute, exempt, other)
            if _ANY in (first, second):
                continue
            if first is None or second is None:
                found = None
            elif first != second:
                return self.negated
        return None if found is None else not self.negated


def _shown(attribute: Attribute, exempt: Predicate, known: Known) -> str | None:
    """The value by which an exposure agrees; None where that is not known."""
    free = truth(exempt, known)
    if free:
        return _ANY
    shown = value(attribute, known)
    return _ANY if shown == "" else None if free is None else shown
