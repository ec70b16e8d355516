"""What a change of a rule does: a small witness pool on which two versions differ, or a proof that none exists.

Exposures that one version takes and the other does not, or takes in another role or by another product, and pairs of
exposures that only one version keeps apart, are searched for in the whole domain; where none exist and nothing else
was changed, the versions are equal. Otherwise both versions solve the trial pools, those with such exposures first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice, product
from typing import get_args

from rules.rule import RuleSpec
from rules.vocabulary import (
    Cardinality,
    Choice,
    Column,
    Expansion,
    Field,
    Given,
    Has,
    InCandidate,
    Join,
    MemberName,
    OneOf,
    Predicate,
    Select,
    Spans,
    Validity,
)
from rules.vocabulary.algebra import columns_of, conjunction, except_for, leaves
from rules.vocabulary.expressions import walk
from solver.solving import agreeing_with, as_anchor, considered, is_in
from solver.verification.axes import Exposure
from solver.verification.normal_form import SCIENCE_TARGET, labels_shown
from solver.verification.search import Space
from solver.verification.trial_pools import unique
from solver.verification.version_change import Change
from solver.verification.witnesses import WitnessPool, as_rule, tried

#: Pools of at most this many exposures are edited.
_SMALL = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two versions of a rule differ.

    Attributes:
        pool: a pool on which they do; None if none was found.
        proved: if none was found, whether it is proved that none exists.
    """

    pool: WitnessPool | None
    proved: bool


def difference(old: RuleSpec, new: RuleSpec, space: Space) -> Verdict:
    """Whether two versions of a rule differ on any pool of exposures of a domain.

    Cost: some ten milliseconds where they do; up to seconds where it cannot be proved that they do not.
    """
    change = Change(old, new, space)
    if change.equal:
        return Verdict(None, proved=True)
    return Verdict(_Search(change).search(), proved=False)


class _Search:
    """The search for a pool on which two versions of a rule differ."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._old, self._new, self._space, self._trials = change.old, change.new, change.space, change.trials

    def search(self) -> WitnessPool | None:
        """The first pool, smallest first in each stage, on which they differ."""
        stages = (self._alone, self._of_affected, self._of_seeds, self._edited, self._edited_threes, self._edited_twice)
        levels = self._old.level != self._new.level
        seen: set[tuple[object, ...]] = set()
        for stage in stages:
            for pool, (before, after) in tried(_unseen(stage(), seen), [as_rule(self._old)], [as_rule(self._new)]):
                if before.facts != after.facts or (before.kept and levels):
                    return pool
        return None

    @cached_property
    def _types(self) -> tuple[str, ...]:
        """The types of candidates that the pools have."""
        about = any(isinstance(part, (Has, Spans)) for part in self._change.changed)
        about |= any(isinstance(same.attribute, InCandidate) for same in self._change.agreements)
        about |= (self._old.candidates, self._old.discovered) != (self._new.candidates, self._new.discovered)
        return self._trials.candidate_types if about else (self._trials.usual_type,)

    @cached_property
    def _columns(self) -> tuple[str, ...]:
        """The columns that the change is about."""
        labels = labels_shown(*self._change.changed)
        named = [same.attribute for spec in (self._old, self._new) for same in spec.agreements if same.label in labels]
        named += [Column("targetid")] if SCIENCE_TARGET in labels else []
        return tuple(sorted(columns_of(*self._change.changed, *named) - {"program", "role", "candidate_type"}))

    @property
    def _roles(self) -> Iterator[str]:
        """The roles that changes of groups and products are about."""
        kinds = get_args(Cardinality | Expansion | Validity | Join | Select)
        about = [part.field_values for part in self._change.changed if isinstance(part, kinds)]
        words = set(chain.from_iterable(each if isinstance(each, tuple) else (each,) for each in chain(*about)))
        return (role for role in self._trials.roles if role in words)

    def _alone(self) -> Iterator[WitnessPool]:
        for kind in self._types:
            yield from (WitnessPool((each,), kind) for each in self._change.affected)
            if self._change.pair is not None:
                yield WitnessPool(self._change.pair, kind)

    def _of_affected(self) -> Iterator[WitnessPool]:
        """The pools of the affected exposures, and of those that a product could be about with them."""
        for each in self._change.affected:
            yield from self._trials.pools(each, self._types)
            for seed in self._seeds_with(each):
                yield from self._trials.pools(seed, self._types, [each])
        for spec in (self._old, self._new) if self._change.affected else ():
            anchor = self._space.first(as_anchor(spec))
            if anchor is not None:
                ways = [
                    conjunction([way, agreeing_with(spec, anchor), is_in(spec.roles, role)])
                    for way in chain(*self._change.conditions)
                    for role in self._trials.roles
                ]
                near = unique(self._space.nearest(way, like=anchor) for way in dict.fromkeys(ways))
                yield from self._trials.pools(anchor, self._types, near)

    def _seeds_with(self, exposure: Exposure) -> Iterator[Exposure]:
        """For each version an exposure that a product could be about, and with it another one, if one exists."""
        for spec in (self._old, self._new):
            yield from islice(self._trials.seeds_with(spec, exposure), 1)

    def _of_seeds(self) -> Iterator[WitnessPool]:
        for seed in self._seeds:
            yield from self._trials.pools(seed, self._types, self._change.pair or ())

    @cached_property
    def _seeds(self) -> tuple[Exposure, ...]:
        """Exposures that a product could be about, such that the columns of the change have a choice of values."""
        found: list[Exposure | None] = [*(self._change.pair or ())[:1]]
        for spec in (self._old, self._new):
            asked = (is_in(spec.roles, part.role) for part in self._change.changed if isinstance(part, Has))
            found += [self._space.first(except_for(considered(spec), role)) for role in asked]
            for role in self._roles:
                other = self._space.first(considered(spec), is_in(spec.roles, role))
                found += [] if other is None else islice(self._trials.seeds_with(spec, other), 1)
            anchor = as_anchor(spec)
            tables = (*get_args(Predicate), Choice, MemberName)
            inner = leaves(*(part for part in self._change.changed if not isinstance(part, tables)))
            found += [self._space.first(anchor, leaf) for leaf in dict.fromkeys(inner)]
            found += [self._space.first(anchor, each) for each in self._dropped(spec)]
            given = [Given(Column(column)) for column in self._columns]
            found += [self._space.first(anchor), self._space.first(anchor, *given)]
            found += [self._space.first(anchor, each) for each in given]
        return tuple(unique(found))

    def _dropped(self, spec: RuleSpec) -> Iterator[Predicate]:
        """Exposures with values that names do not show."""
        for field in (part for part in walk(self._change.changed) if isinstance(part, Field) and part.drop):
            for same in spec.agreements:
                if same.label in field.labels and not isinstance(same.attribute, InCandidate):
                    yield OneOf(same.attribute, field.drop)

    def _edited(self) -> Iterator[WitnessPool]:
        for pool in self._small_pools(varied=True):
            yield from self._trials.edited(pool, self._columns)

    def _edited_threes(self) -> Iterator[WitnessPool]:
        """Where it matters which of several exposures is chosen: three exposures, one of them with another value."""
        if not any(isinstance(part, (*get_args(Expansion), Select)) for part in self._change.changed):
            return
        for seed in self._seeds:
            kinds, companions = self._trials.kinds(seed), self._trials.companions(seed)
            for one, other, candidate_type in product(kinds, companions, self._types):
                yield from self._trials.edited(WitnessPool((seed, one, other), candidate_type), self._columns)

    def _edited_twice(self) -> Iterator[WitnessPool]:
        for pool in self._small_pools(varied=False):
            for once in self._trials.edited(pool, self._columns):
                yield from self._trials.edited(once, self._columns)

    def _small_pools(self, *, varied: bool) -> Iterator[WitnessPool]:
        for seed in self._seeds:
            pools = self._trials.pools(seed, self._types, varied=varied)
            yield from (pool for pool in pools if len(pool.exposures) <= _SMALL)


def _unseen(pools: Iterator[WitnessPool], seen: set[tuple[object, ...]]) -> Iterator[WitnessPool]:
    for pool in pools:
        if pool.key not in seen:
            seen.add(pool.key)
            yield pool
