"""The nearest fix: the smallest change of an exposure's columns by which a rule takes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from rules.vocabulary import DirectImage, OneOf
from rules.vocabulary.algebra import columns_in_order, columns_of
from solver.explanation.facts import Change, Fix
from solver.explanation.places import Place
from solver.explanation.smallest_change import MOST, Changes, Domains, fewest, sufficient_changes
from solver.explanation.untaken import Untaken
from solver.solving import having_role

#: So many variants of an exposure are solved for one rule, at most.
_TRIES = 20


def nearest_fix(case: Untaken, places: Sequence[Place]) -> Fix | None:
    """The smallest change of columns by which the rule takes the exposure; of equal ones into what is there first.

    By fewer changes it joins nothing that is there. A new product it may begin by fewer in some other way, such as
    by values that keep its name apart from another's.

    Cost: a search for each place whose conditions leave it open, and a solution of the surroundings for each
    variant that meets all of them.
    """
    for place, changes in islice(_variants(case, [_as_listed(place) for place in places]), _TRIES):
        landing = case.solved.landing(place.rule, place.candidate, place.association, case.row, changes)
        if landing is not None:
            return _fix(case, place, changes, *landing)
    return None


def _variants(case: Untaken, places: Sequence[Place]) -> Iterator[tuple[Place, Changes]]:
    """The changes by which the exposure meets all that a place requires, the smallest first."""
    spec = case.rule.spec
    # of what selects exposures, the place in the pattern is more likely wrong than the target, and that than a flag
    selecting = (*reversed(columns_in_order(spec.selection)), *columns_in_order(spec.expansion))
    bounds = [
        fewest([columns_of(each.predicate) - case.fixed for each in place.missing(case.exposure)]) for place in places
    ]
    for size in range(1, MOST + 1):
        for place in (place for place, bound in zip(places, bounds, strict=True) if bound <= size):
            domain = Domains(case.solved.pool, place, case.row)
            found = sufficient_changes(place, case.exposure, domain, most=size, fixed=case.fixed, selecting=selecting)
            yield from ((place, changes) for changes in found if len(changes) == size)


def _fix(case: Untaken, place: Place, changes: Changes, product: str, role: str) -> Fix:
    pool, domain = case.solved.pool, Domains(case.solved.pool, place, case.row)
    changed = (
        Change(name, pool[name][case.row], value, value == domain.other(name)) for name, value in changes.items()
    )
    joins = any(each.products[0].name == product for each in case.solved.kept(case.rule, place.candidate))
    return Fix(tuple(changed), product, place.candidate.id, role, joins)


def _as_listed(place: Place) -> Place:
    """The place as it is for exposures that its products list, so not for direct images."""
    spec = place.rule.spec
    if not isinstance(spec.expansion, DirectImage):
        return place
    image = spec.expansion.role
    asked = (
        having_role(spec, [role for role in each.shown.values if role != image], each.stated, each.by)
        if each.kind == "role" and isinstance(each.shown, OneOf)
        else each
        for each in place.requirements
    )
    return replace(place, requirements=tuple(asked))
