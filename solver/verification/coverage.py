"""Coverage and the fit of levels: what no rule takes, and what Level 3 needs but Level 2 does not make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rules.rule import RuleSpec
from rules.vocabulary import NodsAsBackground, Predicate
from rules.vocabulary.algebra import conjunction, disjunction, negation
from rules.vocabulary.intentions import Gap, Intention, Unmade
from solver.associations import exposure_name
from solver.findings import Finding
from solver.solving import as_anchor
from solver.verification.axes import Exposure
from solver.verification.exposure_conditions import has_suffix, suffixes, taken
from solver.verification.findings import rule_finding
from solver.verification.regions import regions
from solver.verification.search import Space
from solver.verification.trial_pools import TrialPools, unique
from solver.verification.witnesses import Outcome, WitnessPool, as_rule, described, file_name, solve


def gaps(
    level: int, specs: Sequence[RuleSpec], intended: Iterable[Intention], complete: Predicate, space: Space
) -> Iterator[Finding]:
    """The exposures that no rule of a level takes, and the intentions that nothing fulfils.

    Args:
        level: the level.
        specs: its rules.
        intended: what is intended; here gaps matter.
        complete: what the exposures have in any case.
        space: the domain.
    """
    free = conjunction(negation(taken(spec)) for spec in specs)
    meant = [each for each in intended if isinstance(each, Gap) and each.level == level]
    for region in regions(space, conjunction([free, *(negation(each.where) for each in meant)]), complete):
        message = f"no Level {level} rule takes {region}"
        yield rule_finding("V401", (f"Level {level}",), message, WitnessPool((region.example,)))
    for each in meant:
        example = space.first(each.where, free, complete)
        if example is None:
            message = f"a gap is declared where {each.where}, but there is none"
            yield rule_finding("V901", (f"Level {level}",), message)
        else:
            message = f"no Level {level} rule takes exposures where {each.where}"
            yield rule_finding("V401", (f"Level {level}",), message, WitnessPool((example,)), intended=each.because)


def misfits(
    level2: Sequence[RuleSpec],
    level3: Sequence[RuleSpec],
    intended: Iterable[Intention],
    complete: Predicate,
    space: Space,
) -> Iterator[Finding]:
    """The products that Level 3 rules need but no Level 2 rule makes, and the intentions that nothing fulfils.

    Args:
        level2: the rules of Level 2.
        level3: the rules of Level 3.
        intended: what is intended; here products that nothing makes matter.
        complete: what the exposures have in any case.
        space: the domain.
    """
    meant = [each for each in intended if isinstance(each, Unmade)]
    used: set[Unmade] = set()
    raw = {suffix for spec in level2 for suffix in suffixes(spec.member_name)}
    for spec in level3:
        for suffix, asked in _asked(spec):
            if suffix in raw:
                continue
            unmade = conjunction([asked, negation(disjunction(_makes(each, suffix, space) for each in level2))])
            mine = [each for each in meant if each.rule in ("", spec.name)]
            for region in regions(space, conjunction([unmade, *(negation(each.where) for each in mine)]), complete):
                found = _misfit(spec, suffix, region.example, str(region), space)
                if found is not None:
                    yield found
            for each in mine:
                example = space.first(each.where, unmade, complete)
                who = f"exposures where {each.where}"
                found = None if example is None else _misfit(spec, suffix, example, who, space)
                if found is not None:
                    used.add(each)
                    yield replace(found, intended=each.because)
    for each in meant:
        if each not in used:
            message = f"products where {each.where} are declared unmade, but they are made"
            yield rule_finding("V901", (each.rule or "Level 3",), message)


def _asked(spec: RuleSpec) -> Iterator[tuple[str, Predicate]]:
    """The product suffixes in members' names, and the exposures that have them."""
    for suffix in suffixes(spec.member_name):
        yield suffix, conjunction([taken(spec), has_suffix(spec.member_name, suffix, spec.roles)])
    if isinstance(spec.expansion, NodsAsBackground):
        yield spec.expansion.suffix, as_anchor(spec)


def _makes(spec: RuleSpec, suffix: str, space: Space) -> Predicate:
    """The rule makes the product with this suffix of the exposure."""
    ways = []
    for word in suffixes(spec.member_name):
        end = spec.member_name.integrations if word.endswith(spec.member_name.integrations) else ""
        if suffix in [made + end for made in space.domain.products.get(spec.asn_type, ())]:
            ways.append(conjunction([as_anchor(spec), has_suffix(spec.member_name, word, spec.roles)]))
    return disjunction(ways)


def _misfit(spec: RuleSpec, suffix: str, exposure: Exposure, who: str, space: Space) -> Finding | None:
    """The finding, with the smallest pool from which the rule makes an association that names the product."""
    trials = TrialPools(space, [spec])
    for seed in unique([exposure, *trials.seeds_with(spec, exposure)]):
        pools = [pool for pool in trials.pools(seed, [trials.usual_type], [exposure]) if exposure in pool.exposures]
        for pool, outcome in zip(pools, solve([as_rule(spec)], pools), strict=True):
            if _names(outcome, pool, exposure, suffix):
                message = f"{spec.name} asks for the {suffix} product of {who}, which no Level 2 rule makes"
                return rule_finding("V501", (spec.name,), message, pool, described([as_rule(spec)], pool))
    return None


def _names(outcome: Outcome, pool: WitnessPool, exposure: Exposure, suffix: str) -> bool:
    places = [number for number, each in enumerate(pool.exposures, start=1) if each == exposure]
    for association in outcome.kept:
        names = (exposure_name(file_name(int(association.program), number, exposure)) for number in places)
        wanted = {f"{name}_{suffix}.fits" for name in names}
        if any(member.expname in wanted for member in association.products[0].members):
            return True
    return False
