"""What a change of a rule does: a small witness pool on which two versions differ, or a proof that there is none.

Exposures that one version takes and the other does not, or takes in another role or by another product, and pairs of
exposures that only one version keeps apart, are searched for in the whole domain; where there are none and nothing
else was changed, the versions are equal. Otherwise the pools of the family are solved with both versions, those with
such exposures first.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations, product
from typing import get_args

from rules.rule import RuleSpec, walk
from rules.vocabulary import (
    Choice,
    Column,
    DirectImage,
    Expansion,
    Field,
    Given,
    Has,
    InCandidate,
    Join,
    MemberName,
    NodPairs,
    NodsAsBackground,
    OneOf,
    OneSeed,
    Predicate,
    Same,
    Select,
    Spans,
)
from solver.verify.agreement import Agreement
from solver.verify.conditions import (
    admits,
    agreeing_with,
    as_anchor,
    as_partner,
    considered,
    has_suffix,
    is_in,
    joining,
    resolved,
    role_words,
    sharing,
    suffixes,
    told_apart,
)
from solver.verify.family import Family, unique
from solver.verify.logic import ALWAYS, NEVER, columns_of, conjunction, disjunction, except_for, leaves
from solver.verify.normal import SCIENCE_TARGET, can_show, labels_shown, normal
from solver.verify.pools import Outcome, WitnessPool, pool_of, solve
from solver.verify.space import Exposure, Space

#: Sizes of the batches in which pools are solved: small ones first, since most differences show at once.
_BATCHES = (8, 64, 512)

@dataclass(frozen=True, slots=True)
class Difference:
    """A pool on which two versions of a rule differ.

    Attributes:
        pool: the pool.
        before: what the old version makes of it.
        after: what the new version makes of it.
    """

    pool: WitnessPool
    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two versions of a rule differ.

    Attributes:
        difference: a pool on which they do; None if none was found.
        proved: whether, if none was found, there is none.
    """

    difference: Difference | None
    proved: bool


def difference(old: RuleSpec, new: RuleSpec, space: Space) -> Verdict:
    """Whether two versions of a rule differ on any pool of exposures of a domain.

    Cost: some ten milliseconds where they do; up to seconds where no proof is possible that they do not.
    """
    comparison = _Comparison(*normal(old, new, space), space)
    if comparison.equal:
        return Verdict(None, proved=True)
    return Verdict(comparison.search(), proved=False)


class _Comparison:
    """Two versions of a rule in a domain."""

    def __init__(self, old: RuleSpec, new: RuleSpec, space: Space) -> None:
        self._old, self._new, self._space = old, new, space
        self._family = Family(space, (old, new))

    # --- What was changed ---------------------------------------------------------------------------

    @cached_property
    def _changed(self) -> tuple[object, ...]:
        """The declarations of each version that the other does not have."""
        parts: list[object] = []
        for field in dataclasses.fields(RuleSpec):
            one, other = getattr(self._old, field.name), getattr(self._new, field.name)
            if field.name == "stated":
                before, after = ([each.constraint for each in stated] for stated in (one, other))
                parts += [each for each in before if each not in after] + [each for each in after if each not in before]
            elif one != other:
                parts += [one, other]
        return tuple(parts)

    @cached_property
    def _agreements(self) -> tuple[Same, ...]:
        return tuple(part for part in self._changed if isinstance(part, Same))

    @property
    def _about_exposures(self) -> bool:
        """Whether nothing was changed but what is asked of exposures by themselves and two by two."""
        kinds = (*get_args(Predicate), Same)
        free = [self._old.roles, self._new.roles, self._old.member_name, self._new.member_name]
        shares = [{(join.role, join.sharing, join.else_sharing) for join in each.joins} for each in (self._old, self._new)]
        if shares[0] == shares[1]:  # then only the conditions differ
            free += [*self._old.joins, *self._new.joins]
        if self._old.candidates != self._new.candidates and self._admit_alike:
            free += [self._old.candidates, self._new.candidates]
        about = all(isinstance(part, kinds) or part in free for part in self._changed)
        return about and (self._admit_alike) and not any(map(self._names, self._agreements))

    @property
    def _admit_alike(self) -> bool:
        """Whether both are for the same types of candidates."""
        return all(admits(self._old, kind) == admits(self._new, kind) for kind in self._family.candidate_types)

    def _names(self, same: Same) -> bool:
        """Whether a name can show what only one of the versions agrees on."""
        specs = (self._old, self._new)
        fields = [each for spec in specs for each in walk((spec.product_name, spec.target, spec.expansion)) if isinstance(each, Field) and same.label in each.labels]
        if not any(can_show(spec, self._space, same.label, field.drop) for spec in specs for field in fields):
            return False
        alike = [each for spec in specs for each in spec.agreements if each.attribute == same.attribute]
        if len(alike) == len(specs):
            exempt = [NEVER if each.unless is None else resolved(each.unless, self._old.roles) for each in alike]
            both = conjunction(map(considered, specs))
            return any(self._space.first(both, except_for(*pair)) is not None for pair in permutations(exempt))
        return True

    @cached_property
    def equal(self) -> bool:
        """Whether it is proved that they do not differ."""
        if not self._changed:
            return True
        return self._about_exposures and not self._telling and not self._loose_pair

    # --- Exposures that tell ------------------------------------------------------------------------

    @cached_property
    def _conditions(self) -> tuple[tuple[Predicate, ...], ...]:
        """Conditions on an exposure under which the versions treat it differently: by what, and in which way."""
        old, new = self._old, self._new
        apart = told_apart((kind for mode in self._space.domain.modes for kind in mode.exp_types), old, new)
        by_both = conjunction([apart, *(disjunction([considered(spec), self._joining(spec)]) for spec in (old, new))])
        roles, names, joins = [], [], []
        if apart.values and old.roles != new.roles:
            roles = [(is_in(old.roles, role), is_in(new.roles, role)) for role in self._family.roles]
        if apart.values:
            names = [
                (has_suffix(old.member_name, each, old.roles), has_suffix(new.member_name, each, new.roles))
                for each in dict.fromkeys([*suffixes(old.member_name), *suffixes(new.member_name)])
            ]
        if (old.roles, old.joins) != (new.roles, new.joins):
            joins = list(permutations(map(self._joining, (old, new))))
        taken_alike = ([(conjunction([by_both, one]), other) for one, other in pairs] for pairs in (roles, names))
        every = ([*permutations([considered(old), considered(new)])], *taken_alike, joins)
        return tuple(tuple(except_for(one, other) for one, other in pairs) for pairs in every)

    def _joining(self, spec: RuleSpec) -> Predicate:
        """The exposure could join a group of exposures of the domain."""
        found = []
        for join in spec.joins:
            shared = [(column, self._space.values(column.name, considered(spec))) for column in join.else_sharing or join.sharing]
            known = (OneOf(column, tuple(sorted(values))) for column, values in shared if values is not None)
            found.append(conjunction([*known, joining(spec, join)]))
        return disjunction(found)

    @cached_property
    def _telling(self) -> tuple[Exposure, ...]:
        """Exposures that the versions treat differently: one for each way, none if there are none."""
        found: list[Exposure | None] = []
        for ways in self._conditions:
            if self._space.first(disjunction(ways)) is not None:  # one search where there are none, as is usual
                found += [self._space.first(way) for way in ways]
        return tuple(unique(each for each in found if each is not None))

    @cached_property
    def _pair(self) -> tuple[Exposure, Exposure] | None:
        """An exposure that a product is about and another one that only one of the versions keeps apart from it."""
        return self._apart(
            conjunction([as_anchor(self._old), as_anchor(self._new)]),
            conjunction([as_partner(self._old), as_partner(self._new)]),
        )

    @cached_property
    def _loose_pair(self) -> tuple[Exposure, Exposure] | None:
        """Two exposures, in whatever roles, that only one of the versions keeps apart."""
        if any(isinstance(spec.cardinality, OneSeed) for spec in (self._old, self._new)):
            return self._pair
        both = conjunction([considered(self._old), considered(self._new)])
        return self._pair or self._apart(both, both)

    def _apart(self, one: Predicate, other: Predicate) -> tuple[Exposure, Exposure] | None:
        for spec, rest in ((self._old, self._new), (self._new, self._old)):
            agreeing = [Agreement(spec, (same,)) for same in spec.agreements]
            for same in rest.agreements:
                if same in self._agreements:
                    found = self._space.pair(one, other, agreeing, Agreement(rest, (same,), negated=True))
                    if found is not None:
                        return found
        return None

    # --- Pools --------------------------------------------------------------------------------------

    def search(self) -> Difference | None:
        """The first pool, smallest first in each stage, on which they differ."""
        seen: set[tuple[object, ...]] = set()
        for stage in (self._alone, self._with_seeds, self._of_telling, self._of_seeds, self._edited, self._edited_threes, self._edited_twice):
            found = self._solve(stage(), seen)
            if found is not None:
                return found
        return None

    def _solve(self, pools: Iterator[WitnessPool], seen: set[tuple[object, ...]]) -> Difference | None:
        sizes = iter(_BATCHES)
        size = next(sizes)
        batch: list[WitnessPool] = []
        for pool in pools:
            key = pool.key
            if key not in seen:
                seen.add(key)
                batch.append(pool)
            if len(batch) == size:
                found = self._differing(batch)
                if found is not None:
                    return found
                batch, size = [], next(sizes, size)
        return self._differing(batch)

    def _differing(self, pools: list[WitnessPool]) -> Difference | None:
        if not pools:
            return None
        together = pool_of(pools)
        outcomes = (solve([spec], pools, together) for spec in (self._old, self._new))
        for pool, before, after in zip(pools, *outcomes, strict=True):
            if before.facts != after.facts or (before.kept and self._old.level != self._new.level):
                return Difference(pool, before, after)
        return None

    @cached_property
    def _types(self) -> tuple[str, ...]:
        """The types of candidates that the pools have."""
        about = any(isinstance(part, (Has, Spans)) for part in self._changed)
        about |= any(isinstance(same.attribute, InCandidate) for same in self._agreements)
        about |= (self._old.candidates, self._old.discovered) != (self._new.candidates, self._new.discovered)
        return self._family.candidate_types if about else (self._family.usual_type,)

    @cached_property
    def _columns(self) -> tuple[str, ...]:
        """The columns that the change is about."""
        labels = labels_shown(*self._changed)
        named = [same.attribute for spec in (self._old, self._new) for same in spec.agreements if same.label in labels]
        named += [Column("targetid")] if SCIENCE_TARGET in labels else []
        return tuple(sorted(columns_of(*self._changed, *named) - {"program", "role", "candidate_type"}))

    @property
    def _roles(self) -> frozenset[str]:
        """The roles that the change is about."""
        words = {word for part in self._changed for word in _words(part)}
        return frozenset(words) & frozenset(self._family.roles)

    def _alone(self) -> Iterator[WitnessPool]:
        for kind in self._types:
            yield from (WitnessPool((each,), kind) for each in self._telling)
            if self._pair is not None:
                yield WitnessPool(self._pair, kind)

    def _with_seeds(self) -> Iterator[WitnessPool]:
        """The exposures that tell, with one that a product could be about."""
        for each in self._telling:
            for spec in (self._old, self._new):
                seed = self._seed_for(spec, each)
                for kind in self._types if seed is not None else ():
                    yield WitnessPool((seed, each), kind)

    def _of_telling(self) -> Iterator[WitnessPool]:
        """The pools of the exposures that tell, and of those that a product could be about with them."""
        for each in self._telling:
            yield from self._pools_of(each, ())
            for spec in (self._old, self._new):
                seed = self._seed_for(spec, each)
                if seed is not None:
                    yield from self._pools_of(seed, [each])
        for spec in (self._old, self._new) if self._telling else ():
            seed = self._space.first(as_anchor(spec))
            if seed is not None:
                ways = [
                    conjunction([way, agreeing_with(spec, seed), is_in(spec.roles, role)])
                    for ways in self._conditions
                    for way in ways
                    for role in self._family.roles
                ]
                near = (self._space.nearest(way, like=seed) for way in dict.fromkeys(ways))
                yield from self._pools_of(seed, [each for each in near if each is not None])

    def _seed_for(self, spec: RuleSpec, exposure: Exposure) -> Exposure | None:
        """An exposure that a product could be about, and that another one could be with, if there is one."""
        ways = (agreeing_with(spec, exposure), *(sharing(join, exposure) for join in spec.joins), ALWAYS)
        found = (self._space.nearest(as_anchor(spec), way, like=exposure) for way in ways)
        return next((each for each in found if each is not None), None)

    def _of_seeds(self) -> Iterator[WitnessPool]:
        for seed in self._seeds:
            yield from self._pools_of(seed, self._pair or ())

    def _pools_of(self, seed: Exposure, more: Iterable[Exposure]) -> Iterator[WitnessPool]:
        yield from self._family.pools(seed, self._family.companions(seed, more), self._types)

    @cached_property
    def _seeds(self) -> tuple[Exposure, ...]:
        """Exposures that a product could be about, such that the columns of the change have a choice of values."""
        found: list[Exposure | None] = [*(self._pair or ())[:1]]
        for spec in (self._old, self._new):
            for part in self._changed:
                if isinstance(part, Has):
                    found.append(self._space.first(except_for(considered(spec), is_in(spec.roles, part.role))))
            for role in self._roles:
                other = self._space.first(considered(spec), is_in(spec.roles, role))
                if other is not None:
                    found.append(self._seed_for(spec, other))
            anchor = as_anchor(spec)
            inner = (part for part in self._changed if not isinstance(part, (*get_args(Predicate), Choice, MemberName)))
            found += [self._space.first(anchor, leaf) for leaf in dict.fromkeys(leaves(*inner))]
            found += [self._space.first(anchor, each) for each in self._dropped(spec)]
            given = [Given(Column(column)) for column in self._columns]
            found += [self._space.first(anchor), self._space.first(anchor, *given)]
            found += [self._space.first(anchor, each) for each in given]
        return tuple(unique(each for each in found if each is not None))

    def _dropped(self, spec: RuleSpec) -> Iterator[Predicate]:
        """Exposures with values that names do not show."""
        for field in (part for part in walk(self._changed) if isinstance(part, Field) and part.drop):
            for same in spec.agreements:
                if same.label in field.labels and not isinstance(same.attribute, InCandidate):
                    yield OneOf(same.attribute, field.drop)

    def _edited(self) -> Iterator[WitnessPool]:
        for seed in self._seeds:
            for pool in self._family.pools(seed, self._family.companions(seed), self._types):
                if len(pool.exposures) <= 2:  # noqa: PLR2004 (a pair)
                    yield from self._family.edited(pool, self._columns)

    def _edited_threes(self) -> Iterator[WitnessPool]:
        """Where it matters which of several exposures is chosen: three exposures, one of them with another value."""
        if not any(isinstance(part, (*get_args(Expansion), Select)) for part in self._changed):
            return
        for seed in self._seeds:
            kinds = self._family.kinds(seed)
            for one, other in product(kinds, self._family.companions(seed)):
                for kind in self._types:
                    yield from self._family.edited(WitnessPool((seed, one, other), kind), self._columns)

    def _edited_twice(self) -> Iterator[WitnessPool]:
        for seed in self._seeds:
            for pool in self._family.pools(seed, self._family.kinds(seed), self._types):
                if len(pool.exposures) <= 2:  # noqa: PLR2004
                    for once in self._family.edited(pool, self._columns):
                        yield from self._family.edited(once, self._columns)


def _words(declaration: object) -> Iterator[str]:
    """The roles that a declaration names, if it names any."""
    match declaration:
        case Select(role=role, about=about) | DirectImage(role=role, about=about):
            yield from (role, about)
        case OneSeed(role=role, fitting=fitting):
            yield from (role, *fitting)
        case Has(role=role) | Join(role=role) | NodPairs(role=role) | NodsAsBackground(role=role):
            yield role
        case _:
            return
