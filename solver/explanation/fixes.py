"""The nearest fix: the smallest change of an exposure's columns by which a rule takes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from rules.vocabulary import DirectImage, OneOf
from rules.vocabulary.algebra import columns_in_order, columns_of
from solver.explanation.facts import Change, Fix
from solver.explanation.places import Place
from solver.explanation.smallest_change import MOST, Changes, Domains, fewest, smallest_change
from solver.explanation.untaken import Untaken
from solver.solving import Requirement, having_role

#: So many variants of an exposure are solved for one rule, at most.
_TRIES = 20


def nearest_fix(case: Untaken, places: Sequence[Place]) -> Fix | None:
    """The smallest change of columns by which the rule takes the exposure; of equal ones into what is there first.

    By fewer changes it joins nothing that is there. A new product it may begin by fewer in some other way, such as
    by values that keep its name apart from another's.

    Cost: a search for each place whose conditions leave it open, and a solution of the surroundings for each
    variant that meets all of them.
    """
    spec, pool = case.rule.spec, case.solved.pool
    # of what selects exposures, the place in the pattern is more likely wrong than the target, and that than a flag
    selecting = (*reversed(columns_in_order(spec.selection)), *columns_in_order(spec.expansion))
    open_ = [place for place in map(_as_listed, places) if place is not None]
    bounds = [
        fewest([columns_of(each.predicate) - case.fixed for each in place.missing(case.exposure)]) for place in open_
    ]
    landings = _Landings(case)
    for size in range(1, MOST + 1):
        for place, bound in zip(open_, bounds, strict=True):
            domain = Domains(pool, place, case.row)
            found = None if bound > size else smallest_change(
                place, case.exposure, domain,
                changes=size, fixed=case.fixed, outcome=partial(landings.lands, place), selecting=selecting,
            )  # fmt: skip
            landing = None if found is None else landings.of(place, found)
            if found is not None and landing is not None:
                return _fix(case, place, found, landing, domain)
    return None


def _fix(case: Untaken, place: Place, found: Changes, landing: tuple[str, str], domain: Domains) -> Fix:
    product, role = landing
    changes = (
        Change(name, case.solved.pool[name][case.row], value, any_other=value == domain.other(name))
        for name, value in found.items()
    )
    joins = any(each.products[0].name == product for each in case.solved.kept(case.rule, place.candidate))
    return Fix(tuple(changes), product, place.candidate.id, role, joins)


def _as_listed(place: Place) -> Place | None:
    """The place as it is for exposures that its products list; None if they list none."""
    spec = place.rule.spec
    if not isinstance(spec.expansion, DirectImage):
        return place
    asked: list[Requirement] = []
    for each in place.requirements:
        if isinstance(each.shown, OneOf) and each.kind == "role":
            roles = [role for role in each.shown.values if role != spec.expansion.role]
            if not roles:
                return None
            asked.append(having_role(spec, roles, each.stated, each.by))
        else:
            asked.append(each)
    return replace(place, requirements=tuple(asked))


class _Landings:
    """Solves variants of an exposure, each once, and no more than `_TRIES`."""

    def __init__(self, case: Untaken) -> None:
        """Nothing is solved yet."""
        self._case = case
        self._known: dict[tuple[Place, tuple[tuple[str, str], ...]], tuple[str, str] | None] = {}

    def of(self, place: Place, changes: Changes) -> tuple[str, str] | None:
        """The product in which the exposure is at a place with these changes, and its role there."""
        key = place, tuple(sorted(changes.items()))
        if key not in self._known:
            if not changes or len(self._known) == _TRIES:
                return None
            self._known[key] = self._case.solved.landing(
                place.rule, place.candidate, place.association, self._case.row, changes
            )
        return self._known[key]

    def lands(self, place: Place, changes: Changes) -> bool:
        """Whether the exposure is taken then."""
        return self.of(place, changes) is not None
