"""What a change of a rule does: a small witness pool on which two versions differ, or a proof that none exists.

The whole domain is searched for exposures that only one version takes, or that the versions take in different roles
or by different products, and for pairs that only one version keeps apart. Where none exist and nothing else was
changed, the versions are equal. Otherwise both versions solve the trial pools, those with such exposures first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, islice, product
from typing import NamedTuple, get_args

from rules.rule import RuleSpec, as_rule
from rules.vocabulary import (
    TRUE,
    Cardinality,
    Column,
    Expansion,
    Given,
    Has,
    InCandidate,
    Join,
    OneOf,
    Predicate,
    Select,
    Spans,
    Validity,
)
from rules.vocabulary.algebra import columns_of, conjunction, except_for, leaves
from rules.vocabulary.expressions import walk
from solver.solving import as_anchor, considered, fields_in, is_in, labels_in
from solver.verification.axes import Exposure
from solver.verification.normal_form import SCIENCE_TARGET
from solver.verification.search import Space
from solver.verification.trial_pools import unique
from solver.verification.version_change import ABOUT_ONE, Change
from solver.verification.witnesses import WitnessPool, tried

#: Pools of at most this many exposures are edited.
_SMALL = 2


class Verdict(NamedTuple):
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
    change = _Search(old, new, space)
    return Verdict(None, proved=True) if change.is_none else Verdict(change.search(), proved=False)


class _Search(Change):
    """A change, and the search for a pool on which its two versions differ."""

    def search(self) -> WitnessPool | None:
        """The first pool, smallest first in each stage, on which they differ."""
        old, new = self.versions
        seen: set[tuple[object, ...]] = set()
        for stage in self._stages():
            unseen = (pool for pool in stage if pool.key not in seen)
            for pool, (before, after) in tried(unseen, [as_rule(old)], [as_rule(new)]):
                seen.add(pool.key)
                if not before.equals(after) or (before.kept and old.level != new.level):
                    return pool
        return None

    def _stages(self) -> Iterator[Iterator[WitnessPool]]:
        yield (WitnessPool((each,), kind) for kind in self._types for each in self.affected)
        yield self._of_affected()
        yield self._of_seeds(self.pair or ())
        yield self._edited(pool for pool in self._of_seeds() if len(pool) <= _SMALL)
        if any(isinstance(part, (*get_args(Expansion), Select)) for part in self.changed):
            yield self._edited(self._threes())

    @cached_property
    def _types(self) -> tuple[str, ...]:
        """The types of candidates in the pools."""
        old, new = self.versions
        about = any(isinstance(part, (Has, Spans, InCandidate)) for part in walk(self.changed))
        about |= (old.candidates, old.discovered) != (new.candidates, new.discovered)
        return self.trials.candidate_types if about else (self.trials.usual_type,)

    @cached_property
    def _columns(self) -> tuple[str, ...]:
        """The columns that the change is about."""
        labels = labels_in(*self.changed)
        named = [same.attribute for spec in self.versions for same in spec.agreements if same.label in labels]
        named += [Column("targetid")] if SCIENCE_TARGET in labels else []
        return tuple(sorted(columns_of(*self.changed, *named) - {"program", "role", "candidate_type"}))

    @property
    def _roles(self) -> Iterator[str]:
        """The roles that changes of groups and products are about."""
        kinds = get_args(Cardinality | Expansion | Validity | Join | Select)
        about = [part.field_values for part in self.changed if isinstance(part, kinds)]
        words = set(chain.from_iterable(each if isinstance(each, tuple) else (each,) for each in chain(*about)))
        return (role for role in self.trials.roles if role in words)

    def _of_affected(self) -> Iterator[WitnessPool]:
        """The pools of the affected exposures, and of those that a product could be about with them."""
        for each in self.affected:
            yield from self.trials.pools(each, self._types)
            for spec in self.versions:
                for seed in islice(self.trials.seeds_with(spec, each), 1):
                    yield from self.trials.pools(seed, self._types, [each])

    def _of_seeds(self, more: Iterable[Exposure] = ()) -> Iterator[WitnessPool]:
        for seed in self._seeds:
            yield from self.trials.pools(seed, self._types, more)

    @cached_property
    def _seeds(self) -> tuple[Exposure, ...]:
        """Exposures that a product could be about, such that the columns of the change have a choice of values."""
        changed = self.changed
        found: list[Exposure | None] = [*(self.pair or ())[:1]]
        groups = [part for part in changed if not isinstance(part, ABOUT_ONE)]
        given = [Given(Column(column)) for column in self._columns]
        for spec in self.versions:
            lacked = (is_in(spec.roles, part.role) for part in changed if isinstance(part, Has))
            found += [self.space.first(except_for(considered(spec), role)) for role in lacked]
            for role in self._roles:
                other = self.space.first(considered(spec), is_in(spec.roles, role))
                found += [] if other is None else islice(self.trials.seeds_with(spec, other), 1)
            asked = (*dict.fromkeys(leaves(*groups)), *self._dropped(spec), TRUE, conjunction(given), *given)
            found += [self.space.first(as_anchor(spec), each) for each in asked]
        return tuple(unique(found))

    def _dropped(self, spec: RuleSpec) -> Iterator[Predicate]:
        """Exposures with values that names do not show."""
        for field in (each for each in fields_in(*self.changed) if each.drop):
            for same in spec.agreements:
                if same.label in field.labels and not isinstance(same.attribute, InCandidate):
                    yield OneOf(same.attribute, field.drop)

    def _threes(self) -> Iterator[WitnessPool]:
        """Pools of three exposures, for changes of which of several is chosen."""
        for seed in self._seeds:
            kinds, companions = self.trials.kinds(seed), self.trials.companions(seed)
            yield from (WitnessPool((seed, *others), kind) for *others, kind in product(kinds, companions, self._types))

    def _edited(self, pools: Iterator[WitnessPool]) -> Iterator[WitnessPool]:
        return chain.from_iterable(self.trials.edited(pool, self._columns) for pool in pools)
