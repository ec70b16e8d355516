"""The nearest fix: the smallest change of an exposure's columns that makes a rule take it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from rules.vocabulary import DirectImage
from rules.vocabulary.algebra import columns_in_order, columns_of, negation
from solver.explanation.facts import Change, Fix
from solver.explanation.places import Place
from solver.explanation.smallest_change import MOST, Changes, Domains, fewest, sufficient_changes
from solver.explanation.solved import solve
from solver.explanation.untaken import Untaken
from solver.pools import DISCOVERED, HIERARCHY, REQUIRED, Pool
from solver.solving import Requirement, is_in

#: At most this many variants of an exposure are solved for one rule.
_TRIES = 20


def nearest_fix(case: Untaken, places: Sequence[Place]) -> Fix | None:
    """The smallest change of columns that makes the rule take the exposure; of equal ones, into an existing product.

    With fewer changes it joins no existing product. It may begin a new product with fewer in some other way, such as
    by values that give the product another name.

    Cost: a search for each place whose conditions leave it open, and a solution of the surroundings for each
    variant that meets all of them.
    """
    for place, changes in islice(_variants(case, [_as_listed(place) for place in places]), _TRIES):
        landing = _landing(case, place, changes)
        if landing is not None:
            pool, other = case.solved.pool, Domains(case.solved.pool, place, case.row).other
            changed = (Change(name, pool[name][case.row], new, new == other(name)) for name, new in changes.items())
            made = case.solved.kept(case.rule, place.candidate)
            joins = any(each.products[0].name == landing[0] for each in made)
            return Fix(tuple(changed), landing[0], place.candidate.id, landing[1], joins)
    return None


def _variants(case: Untaken, places: Sequence[Place]) -> Iterator[tuple[Place, Changes]]:
    """The changes by which the exposure meets all that a place requires, the smallest first."""
    spec = case.rule.spec
    # of what selects exposures, the place in the pattern is more likely wrong than the target, and that than a flag
    selecting = (*reversed(columns_in_order(spec.selection)), *columns_in_order(spec.expansion))
    bounds = [
        fewest([columns_of(each.predicate) - case.fixed.keys() for each in place.missing(case.exposure)])
        for place in places
    ]
    for size in range(1, MOST + 1):
        for place in [place for place, bound in zip(places, bounds, strict=True) if bound <= size]:
            domain = Domains(case.solved.pool, place, case.row)
            found = sufficient_changes(place, case.exposure, domain, most=size, fixed=case.fixed, selecting=selecting)
            yield from ((place, changes) for changes in found if len(changes) == size)


def _landing(case: Untaken, place: Place, changes: Changes) -> tuple[str, str] | None:
    """The product at a place that has the exposure with these changes, and its role there; None if no product has it.

    Cost: the candidates of the exposure and of the place are solved, with the rules whose associations may replace
    each other.
    """
    pool, spec = case.solved.pool, place.rule.spec
    around = frozenset({case.row}) | (place.association.rows if place.association else frozenset())
    ids, rows = _surroundings(case, place, around)
    needed = columns_of(*(each.spec for each in case.solved.rules)) | {*HIERARCHY.values(), *REQUIRED, "exposerr"}
    columns = {name: column for name, column in pool.columns.items() if name in needed}
    narrow = Pool(pool.name, columns, pool.file_names)
    variant = Pool.from_rows((narrow.row(row) | (changes if row == case.row else {}) for row in rows), name=pool.name)
    # only such associations may replace each other; see `solver.solving.generation`
    beside = spec.level, place.rule.__module__
    rivals = [each for each in case.solved.rules if (each.spec.level, each.__module__) == beside]
    files = {pool.file_names[row] for row in around}
    request = case.solved.request
    result = solve(variant, rivals, request if ids is None else replace(request, candidates=ids, discover=False))
    for made in result.select(rule=spec.name, candidate=place.candidate.id):
        roles = {variant.file_names[each.row]: each.exptype for each in made.members if each.row is not None}
        role, product = roles.get(pool.file_names[case.row]), made.products[0].name
        if role and (not place.association or (product == place.product and len(files & roles.keys()) > 1)):
            return product, role
    return None


def _surroundings(case: Untaken, place: Place, rows: frozenset[int]) -> tuple[tuple[str, ...] | None, list[int]]:
    """The candidates of the place and of these exposures, and all exposures in them; None and all for discovery."""
    if place.candidate.type == DISCOVERED:
        return None, list(range(len(case.solved.pool)))
    candidates = case.solved.candidates.items()
    ids = {each.id for each, inside in candidates if each.type != DISCOVERED and inside & rows} | {place.candidate.id}
    return tuple(sorted(ids)), sorted(rows.union(*(inside for each, inside in candidates if each.id in ids)))


def _as_listed(place: Place) -> Place:
    """The place as it is for exposures that its products list, so not for direct images."""
    spec = place.rule.spec
    if not isinstance(spec.expansion, DirectImage):
        return place
    another = negation(is_in(spec.roles, spec.expansion.role))
    return replace(place, requirements=(*place.requirements, Requirement("role", another, "", "", another)))
