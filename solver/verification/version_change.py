"""The change of a rule: what only one of two versions declares, and the exposures that they treat differently."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from functools import cached_property
from itertools import permutations
from typing import get_args

from rules.rule import RuleSpec
from rules.vocabulary import Field, OneOf, Predicate, Same
from rules.vocabulary.algebra import conjunction, disjunction, except_for
from rules.vocabulary.expressions import walk
from solver.solving import as_anchor, as_partner, compared, considered, is_in, joining
from solver.verification.axes import Exposure
from solver.verification.exposure_conditions import admits, has_suffix, suffixes
from solver.verification.normal_form import can_show, normal
from solver.verification.search import Space
from solver.verification.trial_pools import TrialPools, unique


class Change:
    """The change of a rule from one version to another, in a domain.

    Attributes:
        old: the version before, in its normal form.
        new: the version after, in its normal form.
        space: the domain.
        trials: the trial pools of both.
    """

    def __init__(self, old: RuleSpec, new: RuleSpec, space: Space) -> None:
        """Compare two versions."""
        self.old, self.new = normal(old, new, space)
        self.space = space
        self.trials = TrialPools(space, (self.old, self.new))

    # --- What was changed ---------------------------------------------------------------------------

    @cached_property
    def changed(self) -> tuple[object, ...]:
        """The declarations of each version that the other does not have."""
        parts: list[object] = []
        for field in dataclasses.fields(RuleSpec):
            one, other = getattr(self.old, field.name), getattr(self.new, field.name)
            if field.name == "stated":
                before, after = ([each.constraint for each in stated] for stated in (one, other))
                parts += [each for each in before if each not in after] + [each for each in after if each not in before]
            elif one != other:
                parts += [one, other]
        return tuple(parts)

    @cached_property
    def agreements(self) -> tuple[Same, ...]:
        """The agreements among these."""
        return tuple(part for part in self.changed if isinstance(part, Same))

    @property
    def _about_exposures(self) -> bool:
        """Whether only conditions on single exposures and on pairs were changed."""
        kinds = (*get_args(Predicate), Same)
        versions = (self.old, self.new)
        free: list[object] = [part for spec in versions for part in (spec.roles, spec.member_name, spec.candidates)]
        shares = [{(join.role, join.sharing, join.else_sharing) for join in spec.joins} for spec in versions]
        if shares[0] == shares[1]:  # then only the conditions differ
            free += [join for spec in versions for join in spec.joins]
        about = all(isinstance(part, kinds) or part in free for part in self.changed)
        admit_alike = all(admits(self.old, kind) == admits(self.new, kind) for kind in self.trials.candidate_types)
        return about and admit_alike and not any(map(self._names, self.agreements))

    def _names(self, same: Same) -> bool:
        """Whether a name can show what only one of the versions agrees on."""
        specs = (self.old, self.new)
        named = walk(tuple((spec.product_name, spec.target, spec.expansion) for spec in specs))
        fields = [each for each in named if isinstance(each, Field) and same.label in each.labels]
        if not any(can_show(spec, self.space, same.label, field.drop) for spec in specs for field in fields):
            return False
        alike = [each for spec in specs for each in spec.agreements if each.attribute == same.attribute]
        if len(alike) == len(specs):
            exempt = [compared(each, self.old.roles)[1] for each in alike]
            both = conjunction(map(considered, specs))
            return any(self.space.first(both, except_for(*pair)) is not None for pair in permutations(exempt))
        return True

    @cached_property
    def equal(self) -> bool:
        """Whether it is proved that they do not differ."""
        if not self.changed:
            return True
        return self._about_exposures and not self.affected and not self.loose_pair

    # --- Exposures that are affected ----------------------------------------------------------------

    @cached_property
    def conditions(self) -> tuple[tuple[Predicate, ...], ...]:
        """Conditions on an exposure under which the versions treat it differently: by what, and in which way."""
        old, new = versions = self.old, self.new
        every: list[Iterable[tuple[Predicate, ...]]] = [permutations(map(considered, versions))]
        by_both = conjunction(disjunction([considered(spec), self._joining(spec)]) for spec in versions)
        if old.roles != new.roles:
            pairs = ([is_in(spec.roles, role) for spec in versions] for role in self.trials.roles)
            every.append([(conjunction([by_both, one]), other) for one, other in pairs])
        if (old.roles, old.member_name) != (new.roles, new.member_name):
            words = dict.fromkeys(word for spec in versions for word in suffixes(spec.member_name))
            pairs = ([has_suffix(spec.member_name, word, spec.roles) for spec in versions] for word in words)
            every.append([(conjunction([by_both, one]), other) for one, other in pairs])
        if (old.roles, old.joins) != (new.roles, new.joins):
            every.append(permutations(map(self._joining, versions)))
        return tuple(tuple(except_for(one, other) for one, other in pairs) for pairs in every)

    def _joining(self, spec: RuleSpec) -> Predicate:
        """The exposure could join a group of exposures of the domain."""
        found = []
        for join in spec.joins:
            shared = [
                (column, self.space.values(column, considered(spec))) for column in join.else_sharing or join.sharing
            ]
            known = (OneOf(column, tuple(sorted(values))) for column, values in shared if values is not None)
            found.append(conjunction([*known, joining(spec, join)]))
        return disjunction(found)

    @cached_property
    def affected(self) -> tuple[Exposure, ...]:
        """Exposures that the versions treat differently: one for each way."""
        found: list[Exposure | None] = []
        for ways in self.conditions:
            if self.space.first(disjunction(ways)) is not None:  # usually none: then one search is enough
                found += [self.space.first(way) for way in ways]
        return tuple(unique(found))

    @cached_property
    def pair(self) -> tuple[Exposure, ...] | None:
        """An exposure that a product is about and another one that only one of the versions keeps apart from it."""
        return self._apart(
            conjunction([as_anchor(self.old), as_anchor(self.new)]),
            conjunction([as_partner(self.old), as_partner(self.new)]),
        )

    @cached_property
    def loose_pair(self) -> tuple[Exposure, ...] | None:
        """Two exposures, in whatever roles, that only one of the versions keeps apart."""
        if self.old.anchor or self.new.anchor:
            return self.pair
        both = conjunction([considered(self.old), considered(self.new)])
        return self.pair or self._apart(both, both)

    def _apart(self, one: Predicate, other: Predicate) -> tuple[Exposure, ...] | None:
        for spec, rest in ((self.old, self.new), (self.new, self.old)):
            agreeing = [compared(same, spec.roles) for same in spec.agreements]
            for same in rest.agreements:
                if same in self.agreements:
                    found = self.space.pair(one, other, agreeing, compared(same, rest.roles))
                    if found is not None:
                        return found
        return None
