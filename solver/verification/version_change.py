"""The change of a rule: what only one of two versions declares, and the exposures that they treat differently."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from itertools import chain, permutations
from types import NoneType
from typing import TypeVar, get_args

from rules.rule import RuleSpec
from rules.vocabulary import FALSE, Choice, Join, MemberName, Predicate, Same
from rules.vocabulary.algebra import conjunction, disjunction, except_for
from solver.solving import admits, as_anchor, as_partner, compared, considered, fields_in, is_in, joining
from solver.verification.axes import Exposure
from solver.verification.exposure_conditions import suffixes
from solver.verification.normal_form import can_show, normal
from solver.verification.problem import Found
from solver.verification.search import Space
from solver.verification.trial_pools import TrialPools, unique

T = TypeVar("T")

#: Declarations about each exposure by itself.
ABOUT_ONE = (*get_args(Predicate), Choice, MemberName)


def only_in(one: Iterable[T], other: Collection[T]) -> list[T]:
    """What the second does not have."""
    return [each for each in one if each not in other]


class Change:
    """The change of a rule from one version to another, in a domain.

    Attributes:
        versions: the version before and the one after, each in its normal form.
        space: the domain.
        trials: the trial pools of both.
    """

    def __init__(self, old: RuleSpec, new: RuleSpec, space: Space) -> None:
        """Compare two versions."""
        self.versions = normal(old, new, space), normal(new, old, space)
        self.space = space
        self.trials = TrialPools(space, self.versions)

    # --- What was changed ---------------------------------------------------------------------------

    @cached_property
    def changed(self) -> tuple[object, ...]:
        """The declarations of each version that the other does not have."""
        stated = [[each.constraint for each in spec.stated] for spec in self.versions]
        others = [replace(spec, stated=()).field_values for spec in self.versions]
        pairs = (pair for pair in zip(*others, strict=True) if pair[0] != pair[1])
        return (*only_in(*stated), *only_in(*reversed(stated)), *chain.from_iterable(pairs))

    @property
    def _about_exposures(self) -> bool:
        """Whether only conditions on single exposures and on pairs were changed."""
        one, other = ({(join.role, join.sharing, join.else_sharing) for join in spec.joins} for spec in self.versions)
        kinds = (*ABOUT_ONE, Same, NoneType, *([Join] if one == other else []))  # then only their conditions differ
        before, after = ([admits(spec, kind) for kind in self.trials.candidate_types] for spec in self.versions)
        if not all(isinstance(part, kinds) for part in self.changed) or before != after:
            return False
        return not any(isinstance(part, Same) and self._names(part) for part in self.changed)

    def _names(self, same: Same) -> bool:
        """Whether a name can show what only one of the versions agrees on."""
        named = fields_in(*((spec.product_name, spec.target, spec.expansion) for spec in self.versions))
        dropped = [field.drop for field in named if same.label in field.labels]
        if not any(can_show(spec, self.space, same.label, each) for spec in self.versions for each in dropped):
            return False
        alike = [each for spec in self.versions for each in spec.agreements if each.attribute == same.attribute]
        if len(alike) < len(self.versions):
            return True
        exempt = [compared(each, self.versions[0].roles)[1] for each in alike]
        both = conjunction(map(considered, self.versions))
        return any(self.space.first(both, except_for(*pair)) is not None for pair in permutations(exempt))

    @property
    def is_none(self) -> bool:
        """Whether it is proved that the versions do not differ."""
        return not self.changed or (self._about_exposures and not self.affected and not self._loose_pair)

    # --- Exposures that are affected ----------------------------------------------------------------

    @cached_property
    def affected(self) -> tuple[Exposure, ...]:
        """Exposures that the versions treat differently, by what and in which way: one for each."""
        old, new = versions = self.versions
        by_both = conjunction(disjunction([considered(spec), self._joining(spec)]) for spec in versions)
        before, after = map(suffixes, versions)
        by_role = ((is_in(old.roles, role), is_in(new.roles, role)) for role in self.trials.roles)
        by_suffix = ((before.get(word, FALSE), after.get(word, FALSE)) for word in {**before, **after})
        every: list[Iterable[tuple[Predicate, ...]]] = [permutations(map(considered, versions))]
        # of conditions that are the same in both, nothing is left
        every += ([(conjunction([by_both, one]), other) for one, other in each] for each in (by_role, by_suffix))
        if (old.roles, old.joins) != (new.roles, new.joins):
            every.append(permutations(map(self._joining, versions)))
        ways = ([except_for(one, other) for one, other in pairs] for pairs in every)
        occurring = (each for each in ways if self.space.first(disjunction(each)) is not None)  # usually none
        return tuple(unique(map(self.space.first, chain.from_iterable(occurring))))

    def _joining(self, spec: RuleSpec) -> Predicate:
        """The exposure could join a group of exposures of the domain."""
        ways = []
        for join in spec.joins:
            known = [self.space.among(column, considered(spec)) for column in join.else_sharing or join.sharing]
            ways.append(conjunction([*known, joining(spec, join)]))
        return disjunction(ways)

    @cached_property
    def pair(self) -> Found:
        """An exposure that a product is about and another one that only one of the versions keeps apart from it."""
        return next(self._apart(as_anchor, as_partner), None)

    @property
    def _loose_pair(self) -> Found:
        """Two exposures, in whatever roles, that only one of the versions keeps apart."""
        about_one = any(spec.anchor for spec in self.versions)
        return self.pair or (None if about_one else next(self._apart(considered, considered), None))

    def _apart(self, *asked: Callable[[RuleSpec], Predicate]) -> Iterator[tuple[Exposure, ...]]:
        """Pairs that only one version keeps apart; in both versions each exposure is what is `asked` of it."""
        one, other = (conjunction(map(each, self.versions)) for each in asked)
        for spec, rest in permutations(self.versions):
            agreeing = [compared(same, spec.roles) for same in spec.agreements]
            apart = [compared(same, rest.roles) for same in rest.agreements if same in self.changed]
            yield from filter(None, (self.space.pair(one, other, agreeing, each) for each in apart))
