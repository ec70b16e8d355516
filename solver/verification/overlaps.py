"""Overlap: pairs of rules that make products about the same exposure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations, groupby, product

from rules.rule import Rule, RuleSpec
from rules.vocabulary import TRUE, Given, OneOf, Predicate
from rules.vocabulary.algebra import Whole, conjunction, negation, value
from rules.vocabulary.intentions import Intention, Overlap
from solver.associations import Association, exposure_name
from solver.findings import Finding
from solver.solving import SCIENCE, agreeing_with, as_anchor, as_partner, compared
from solver.verification.axes import Exposure
from solver.verification.exposure_conditions import admits, complete, has_suffix, suffixes
from solver.verification.findings import bounded, rule_finding
from solver.verification.search import Space
from solver.verification.trial_pools import TrialPools, size, unique
from solver.verification.witnesses import Outcome, described, file_name, tried

#: Exposures are taken from this many modes for each way in which two rules overlap.
_MODES = 4


def overlaps(
    rules: Sequence[type[Rule]], intended: Iterable[Intention], space: Space, only: AbstractSet[str]
) -> Iterator[Finding]:
    """The overlaps of rules of one level, and the intentions that nothing fulfils.

    Args:
        rules: the rules. Associations of rules of one module replace each other; those of other modules do not.
        intended: what is intended; here overlaps matter.
        space: the domain.
        only: names of rules; one of them must be in the pair.
    """
    among = complete([rule.spec for rule in rules], space.domain)
    declared = [each for each in intended if isinstance(each, Overlap)]
    pairs = list(combinations(sorted(rules, key=lambda rule: rule.spec.name), 2))
    for one, other in pairs:
        names = (one.spec.name, other.spec.name)
        if not only.isdisjoint(names):
            both = conjunction([as_anchor(one.spec), as_anchor(other.spec), among])
            mine = [each for each in declared if each.rules == names]
            meant = [negation(each.where) for each in mine]
            yield from bounded(names, _found(one, other, conjunction([both, *meant]), "", space))
            for each in mine:
                found = _found(one, other, conjunction([both, each.where]), each.because, space)
                shown = list(bounded(names, found))
                yield from shown or [_stale(each)]
    known = {(one.spec.name, other.spec.name) for one, other in pairs}
    every = {rule.spec.name for rule in rules}
    yield from (_stale(each) for each in declared if each.rules not in known and set(each.rules) <= every)


def _stale(each: Overlap) -> Finding:
    where = "" if each.where == TRUE else f" where {each.where}"
    return rule_finding("V901", each.rules, f"they are declared to overlap{where}, but they do not")


def _found(first: type[Rule], second: type[Rule], both: Predicate, because: str, space: Space) -> Iterator[Finding]:
    if space.first(both) is None:
        return
    one, other = first.spec, second.spec
    trials = TrialPools(space, [one, other])
    types = [kind for kind in trials.candidate_types if admits(one, kind) and admits(other, kind)]
    seen: set[str] = set()
    for exposure in _exposures(one, other, both, space) if types else ():
        parted = unique(_parted(one, other, exposure, space))
        for exposures, pools in groupby(trials.pools(exposure, types, parted), key=size):
            for pool, (outcome,) in tried(pools, [first, second]):
                code = _kind(one, other, exposure, outcome)
                if code is not None and code not in seen:
                    seen.add(code)
                    what = {"V301": "the same members", "V302": "one product name", "V303": "products of their own"}
                    message = f"{one.name} and {other.name} both take {exposure['exp_type']}, with {what[code]}"
                    yield rule_finding(
                        code, (one.name, other.name), message, pool, described([first, second], pool), because
                    )
            if seen and exposures > 1:
                break


def _parted(one: RuleSpec, other: RuleSpec, exposure: Exposure, space: Space) -> Iterator[Exposure | None]:
    """For each agreement of one rule only, an exposure that the other rule puts together with this one."""
    for spec, rest in ((one, other), (other, one)):
        for same in rest.agreements:
            attribute, _ = compared(same, rest.roles)
            shown = value(attribute, Whole(exposure))
            if same not in spec.agreements and shown:
                apart = conjunction([Given(attribute), negation(OneOf(attribute, (shown,)))])
                yield space.nearest(as_partner(spec), agreeing_with(spec, exposure), apart, like=exposure)


def _exposures(one: RuleSpec, other: RuleSpec, both: Predicate, space: Space) -> Iterator[Exposure]:
    """Exposures that both take, for each pair of product suffixes that they could have as members."""
    for first, second in product(suffixes(one.member_name), suffixes(other.member_name)):
        names = [has_suffix(one.member_name, first, one.roles), has_suffix(other.member_name, second, other.roles)]
        yield from space.one_of_each(conjunction([both, *names]), most=_MODES)


def _kind(one: RuleSpec, other: RuleSpec, exposure: Exposure, outcome: Outcome) -> str | None:
    """How the products of two rules about an exposure, the first of the pool, collide; None if one rule makes none."""
    made = [*outcome.kept, *(each.association for each in outcome.dropped)]
    first, second = ([each for each in made if _about(each, spec, exposure)] for spec in (one, other))
    kinds = [_collision(a, b) for a in first for b in second if a.asn_id == b.asn_id]
    return min(kinds, default=None)


def _about(association: Association, spec: RuleSpec, exposure: Exposure) -> bool:
    name = exposure_name(file_name(int(association.program), 1, exposure))
    return association.asn_rule == spec.name and any(
        exposure_name(member.expname) == name and member.exptype == (spec.anchor or SCIENCE)
        for member in association.members
    )


def _collision(one: Association, other: Association) -> str:
    members = [{(member.expname, member.exptype) for member in each.products[0].members} for each in (one, other)]
    if members[0] == members[1]:
        return "V301"
    return "V302" if one.products[0].name == other.products[0].name else "V303"
