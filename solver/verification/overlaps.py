"""Overlap: pairs of rules that make products about the same exposure, and products of one rule that have one name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import chain, combinations, groupby, islice, permutations, product
from types import MappingProxyType

from rules.rule import Rule, RuleSpec, as_rule
from rules.vocabulary import TRUE, CloseOnSky, Constraint, Given, OneOf, Predicate, Same, Within
from rules.vocabulary.algebra import Whole, conjunction, negation, value
from rules.vocabulary.intentions import Overlap, Unnamed
from solver.associations import Association, exposure_name
from solver.findings import Finding
from solver.solving import SCIENCE, admits, agreeing_with, as_anchor, as_partner, compared, labels_in
from solver.verification.axes import Exposure
from solver.verification.exposure_conditions import complete, suffixes
from solver.verification.findings import Declared, bounded, rule_finding
from solver.verification.search import Space
from solver.verification.trial_pools import TrialPools, unique
from solver.verification.witnesses import Outcome, WitnessPool, described, file_name, tried

#: Exposures are taken from this many modes for each way in which two rules overlap.
_MODES = 4

#: A label, the class that states something about it with what it states, and two exposures that differ in it alone.
_Apart = tuple[str, tuple[str, Constraint], Sequence[Exposure]]

#: What the products of two rules have in common, by the code of the finding.
_SHARED = MappingProxyType({"V301": "the same members", "V302": "the same product name", "V303": "separate products"})


def overlaps(
    rules: Sequence[type[Rule]], declared: Declared, space: Space, only: AbstractSet[str]
) -> Iterator[Finding]:
    """The overlaps of rules of one level.

    Args:
        rules: the rules. Associations of rules of one module replace each other; those of other modules do not.
        declared: the intentions, of which those about overlaps are used.
        space: the domain.
        only: names of rules; one of them must be in the pair.
    """
    among = complete([rule.spec for rule in rules], space.domain)
    by_name = {rule.spec.name: rule for rule in rules}
    for names in combinations(sorted(by_name), 2):
        if not only.isdisjoint(names):
            pair = [by_name[name] for name in names]
            both = conjunction([*(as_anchor(rule.spec) for rule in pair), among])
            mine = [each for each in declared.of(Overlap) if each.rules == names]
            wheres = [conjunction(negation(each.where) for each in mine), *(each.where for each in mine)]
            for intention, where in zip([None, *mine], wheres, strict=True):
                found = bounded(names, _found(pair, conjunction([both, where]), space))
                yield from (replace(finding, intended=declared.because(intention)) for finding in found)


def _found(pair: Sequence[type[Rule]], both: Predicate, space: Space) -> Iterator[Finding]:
    if space.first(both) is None:
        return
    one, other = specs = [rule.spec for rule in pair]
    trials = TrialPools(space, specs)
    types = [kind for kind in trials.candidate_types if all(admits(spec, kind) for spec in specs)]
    seen: set[str] = set()
    for exposure in _exposures(specs, both, space) if types else ():
        parted = unique(_parted(specs, exposure, space))
        for exposures, pools in groupby(trials.pools(exposure, types, parted), key=len):
            for pool, (outcome,) in tried(pools, pair):
                if (code := _collision(specs, exposure, outcome)) is not None and code not in seen:
                    seen.add(code)
                    message = f"{one.name} and {other.name} both take {exposure['exp_type']}, with {_SHARED[code]}"
                    yield rule_finding(code, (one.name, other.name), message, pool, *described(pair, pool))
            if seen and exposures > 1:
                break


def _parted(specs: Sequence[RuleSpec], exposure: Exposure, space: Space) -> Iterator[Exposure]:
    """For each agreement of one rule only, an exposure that the other rule puts together with this one."""
    for spec, rest in permutations(specs):
        fitting = conjunction([as_partner(spec), agreeing_with(spec, exposure)])
        attributes = [compared(same, rest.roles)[0] for same in rest.agreements if same not in spec.agreements]
        shown = ((each, value(each, Whole(exposure))) for each in attributes)
        apart = ([Given(each), negation(OneOf(each, (one,)))] for each, one in shown if one)
        yield from space.nearest_each((conjunction([fitting, *each]) for each in apart), like=exposure)


def _exposures(specs: Sequence[RuleSpec], both: Predicate, space: Space) -> Iterator[Exposure]:
    """Exposures that both take, for each pair of product suffixes that they could have as members."""
    for named in product(*(suffixes(spec).values() for spec in specs)):
        yield from islice(space.by_scope(both, *named), _MODES)


def _collision(specs: Sequence[RuleSpec], exposure: Exposure, outcome: Outcome) -> str | None:
    """How the products of two rules about an exposure, the first of the pool, collide; None if one rule makes none."""
    about = ([each for each in outcome.made if _about(each, spec, exposure)] for spec in specs)
    return min((_kind(*pair) for pair in product(*about) if pair[0].asn_id == pair[1].asn_id), default=None)


def _about(association: Association, spec: RuleSpec, exposure: Exposure) -> bool:
    name = exposure_name(file_name(int(association.program), 1, exposure))
    members = {(exposure_name(member.expname), member.exptype) for member in association.members}
    return association.asn_rule == spec.name and (name, spec.anchor or SCIENCE) in members


def _kind(one: Association, other: Association) -> str:
    members = [{(member.expname, member.exptype) for member in each.products[0].members} for each in (one, other)]
    return "V301" if members[0] == members[1] else "V302" if _file(one) == _file(other) else "V303"


def _file(association: Association) -> tuple[object, ...]:
    """What the pipeline names files by; what it completes by itself, it completes for each association."""
    name = association.products[0].name
    by_integration = any(member.expname.endswith("ints.fits") for member in association.members)
    return name, by_integration, association.members if "{" in name else ()


# --- One rule -------------------------------------------------------------------------------------


def collisions(spec: RuleSpec, pool: WitnessPool, declared: Declared, space: Space) -> Iterator[Finding]:
    """The products of one rule that have the same name.

    Args:
        spec: the rule.
        pool: a pool from which it makes an association.
        declared: the intentions, of which those about agreements that names do not show are used.
        space: the domain.
    """
    unnamed = {(each.by, each.constraint): each for each in declared.of(Unnamed)}
    trials, rules = TrialPools(space, [spec]), [as_rule(spec)]
    shown = labels_in(spec.product_name)
    if "exposure" in shown:  # no other product has the name of the exposure
        return
    files = [set(map(_file, outcome.kept)) for _, (outcome,) in tried([pool, pool], rules)]  # as programs 1 and 2
    if not files[0].isdisjoint(files[1]):
        yield _one_name(spec, "program", pool)
    seen: set[str] = set()
    for label, by, pair in _apart(spec, pool.exposures[0], shown, trials, space):
        groups = _together(pair, pool.candidate_type, trials, rules) if label not in seen else ()
        for both, (outcome,) in tried(groups, rules):
            if any(_kind(*each) == "V302" for each in combinations(outcome.made, 2)):
                seen.add(label)
                yield _one_name(spec, label, both, declared.because(unnamed.get(by)))


def _one_name(spec: RuleSpec, label: str, pool: WitnessPool, because: str = "") -> Finding:
    message = f"{spec.name} gives the same name to products that differ in {label}; distinguish them in product_name"
    return rule_finding("V304", (spec.name,), message, pool, *described([as_rule(spec)], pool), intended=because)


def _apart(
    spec: RuleSpec, first: Exposure, shown: AbstractSet[str], trials: TrialPools, space: Space
) -> Iterator[_Apart]:
    """Pairs of exposures that differ in one thing that names do not show."""
    anchor = as_anchor(spec)
    for stated in spec.stated:
        match stated.constraint:
            case Same() as same if same.label not in shown:
                rest = [compared(each, spec.roles) for each in spec.agreements if each != same]
                if (found := space.pair(anchor, anchor, rest, compared(same, spec.roles))) is not None:
                    yield same.label, (stated.by, same), found
            case Within(columns=columns) | CloseOnSky(columns=columns) as near:
                for each in trials.varied(first, [column.name for column in columns]):
                    yield " and ".join(column.label for column in columns), (stated.by, near), (first, each)
    if "candidate" not in shown:  # each observation is a candidate
        yield from (("candidate", ("", TRUE), (first, each)) for each in trials.varied(first, ["obs_num"]))


def _together(
    pair: Sequence[Exposure], candidate_type: str, trials: TrialPools, rules: Sequence[type[Rule]]
) -> list[WitnessPool]:
    """The exposures of the smallest group about each of two; [] if one of them is in none."""
    tries = (tried(trials.pools(each, [candidate_type]), rules) for each in pair)
    groups = [next((pool.exposures for pool, (outcome,) in each if outcome.kept), ()) for each in tries]
    return [WitnessPool(tuple(chain(*groups)), candidate_type)] if all(groups) else []
