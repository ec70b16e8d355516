"""Overlap: pairs of rules that make products about the same exposure, and products of one rule that have one name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, combinations, groupby, islice, permutations, product
from types import MappingProxyType

from rules.rule import Rule, RuleSpec, Stated
from rules.vocabulary import TRUE, CloseOnSky, Given, OneOf, Predicate, Same, Within
from rules.vocabulary.algebra import Whole, conjunction, negation, value
from rules.vocabulary.intentions import Intentions, Overlap, Unnamed
from solver.associations import Association, exposure_name
from solver.findings import Finding
from solver.solving import SCIENCE, agreeing_with, as_anchor, as_partner, compared
from solver.verification.axes import Exposure
from solver.verification.exposure_conditions import admits, complete, has_suffix, suffixes
from solver.verification.findings import bounded, rule_finding
from solver.verification.normal_form import fields_in
from solver.verification.search import Space
from solver.verification.trial_pools import TrialPools, unique
from solver.verification.witnesses import Outcome, WitnessPool, as_rule, described, file_name, tried

#: Exposures are taken from this many modes for each way in which two rules overlap.
_MODES = 4

#: The label of an exposure by itself.
_EXPOSURE = "exposure"

#: A label, what states that exposures agree on it, and two exposures that differ in it alone.
_Apart = tuple[str, Stated | None, Sequence[Exposure]]

#: What the products of two rules have in common, by the code of the finding.
_SHARED = MappingProxyType({"V301": "the same members", "V302": "one product name", "V303": "products of their own"})


def overlaps(rules: Sequence[type[Rule]], meant: Intentions, space: Space, only: AbstractSet[str]) -> Iterator[Finding]:
    """The overlaps of rules of one level, and the intentions that nothing fulfils.

    Args:
        rules: the rules. Associations of rules of one module replace each other; those of other modules do not.
        meant: what is intended; here overlaps matter.
        space: the domain.
        only: names of rules; one of them must be in the pair.
    """
    among = complete([rule.spec for rule in rules], space.domain)
    declared = [each for each in meant if isinstance(each, Overlap)]
    by_name = {rule.spec.name: rule for rule in rules}
    pairs = list(combinations(sorted(by_name), 2))
    for names in pairs:
        if not only.isdisjoint(names):
            pair = [by_name[name] for name in names]
            both = conjunction([*(as_anchor(rule.spec) for rule in pair), among])
            mine = [each for each in declared if each.rules == names]
            undeclared = conjunction([both, *(negation(each.where) for each in mine)])
            yield from bounded(names, _found(pair, undeclared, "", space))
            for each in mine:
                found = _found(pair, conjunction([both, each.where]), each.because, space)
                yield from list(bounded(names, found)) or [_stale(each)]
    yield from (_stale(each) for each in declared if each.rules not in pairs and by_name.keys() >= {*each.rules})


def _stale(each: Overlap) -> Finding:
    names, where = " and ".join(each.rules), "" if each.where == TRUE else f" where {each.where}"
    return rule_finding("V901", each.rules, f"{names} are declared to overlap{where}, but they do not")


def _found(pair: Sequence[type[Rule]], both: Predicate, because: str, space: Space) -> Iterator[Finding]:
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
                code = _collision(specs, exposure, outcome)
                if code is not None and code not in seen:
                    seen.add(code)
                    message = f"{one.name} and {other.name} both take {exposure['exp_type']}, with {_SHARED[code]}"
                    shown = described(pair, pool)
                    yield rule_finding(code, (one.name, other.name), message, pool, *shown, intended=because)
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
    for words in product(*map(suffixes, specs)):
        yield from islice(space.by_scope(both, *map(has_suffix, specs, words)), _MODES)


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
    if members[0] == members[1]:
        return "V301"
    return "V302" if _file(one) == _file(other) else "V303"


def _file(association: Association) -> tuple[object, ...]:
    """What the pipeline names files by; what it completes by itself, it completes for each association."""
    name = association.products[0].name
    by_integration = any(member.expname.endswith("ints.fits") for member in association.members)
    return name, by_integration, association.members if "{" in name else ()


# --- One rule -------------------------------------------------------------------------------------


def collisions(
    specs: Sequence[RuleSpec], pools: Mapping[str, WitnessPool], meant: Intentions, space: Space, *, whole: bool
) -> Iterator[Finding]:
    """The products of one rule that have one name, and the intentions that nothing fulfils.

    Args:
        specs: the rules.
        pools: for each rule that makes an association a pool of which it does.
        meant: what is intended; here statements that names do not show matter.
        space: the domain.
        whole: whether these are all rules, so that an intention that is about none of them is a finding.
    """
    declared = {Stated(each.constraint, each.by): each.because for each in meant if isinstance(each, Unnamed)}
    used: set[Stated | None] = set()
    for spec in specs:
        if spec.name in pools:
            yield from bounded((spec.name,), _colliding(spec, pools[spec.name], declared, used, space))
    for stated in declared:
        if whole and stated not in used:
            message = f"names are declared not to show {stated.constraint}, but no products of one name differ in it"
            yield rule_finding("V901", (stated.by,), message)


def _colliding(
    spec: RuleSpec, pool: WitnessPool, declared: Mapping[Stated, str], used: set[Stated | None], space: Space
) -> Iterator[Finding]:
    trials, rules = TrialPools(space, [spec]), [as_rule(spec)]
    shown = {label for field in fields_in(spec.product_name) for label in field.labels}
    if _EXPOSURE in shown:  # no other product has the name of the exposure
        return
    files = [set(map(_file, outcome.kept)) for _, (outcome,) in tried([pool, pool], rules)]  # as programs 1 and 2
    if not files[0].isdisjoint(files[1]):
        yield _one_name(spec, "program", pool)
    seen: set[str] = set()
    for label, stated, pair in _apart(spec, pool.exposures[0], shown, trials, space):
        for both in _together(pair, pool.candidate_type, trials, rules) if label not in seen else ():
            ((_, (outcome,)),) = tried([both], rules)
            if any(_kind(*each) == "V302" for each in combinations(outcome.made, 2)):
                seen.add(label)
                used.add(stated)
                yield _one_name(spec, label, both, "" if stated is None else declared.get(stated, ""))


def _one_name(spec: RuleSpec, label: str, pool: WitnessPool, because: str = "") -> Finding:
    message = f"{spec.name} makes products of one name that differ in their {label}; distinguish them in product_name"
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
                found = space.pair(anchor, anchor, rest, compared(same, spec.roles))
                if found is not None:
                    yield same.label, stated, found
            case Within(columns=columns) | CloseOnSky(columns=columns):
                label = " and ".join(column.label for column in columns)
                yield from (
                    (label, stated, (first, each)) for each in trials.varied(first, [column.name for column in columns])
                )
    if "candidate" not in shown:  # each observation is a candidate
        yield from (("candidate", None, (first, each)) for each in trials.varied(first, ["obs_num"]))


def _together(
    pair: Sequence[Exposure], candidate_type: str, trials: TrialPools, rules: Sequence[type[Rule]]
) -> list[WitnessPool]:
    """The exposures of the smallest group about each of two; [] if one of them is in none."""
    tries = (tried(trials.pools(each, [candidate_type]), rules) for each in pair)
    groups = [next((pool.exposures for pool, (outcome,) in each if outcome.kept), ()) for each in tries]
    return [WitnessPool(tuple(chain(*groups)), candidate_type)] if all(groups) else []
