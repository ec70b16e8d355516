"""Coverage and the fit of levels: what no rule takes, and what Level 3 needs but Level 2 does not make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from rules.rule import RuleSpec, as_rule
from rules.vocabulary import Column, NodsAsBackground, OneOf, Predicate
from rules.vocabulary.algebra import Whole, conjunction, disjunction, except_for, leaves, negation, truth
from rules.vocabulary.intentions import Gap, Unmade
from solver.associations import exposure_name
from solver.findings import Finding
from solver.multimap import grouped
from solver.solving import as_anchor
from solver.verification.axes import Exposure
from solver.verification.exposure_conditions import complete, suffixes, taken
from solver.verification.findings import Declared, rule_finding
from solver.verification.search import Space
from solver.verification.trial_pools import TrialPools, unique
from solver.verification.witnesses import Outcome, WitnessPool, described, file_name, tried


def gaps(level: int, specs: Sequence[RuleSpec], declared: Declared, space: Space) -> Iterator[Finding]:
    """The exposures that no rule of a level takes.

    Args:
        level: the level.
        specs: its rules.
        declared: the intentions, of which those about gaps are used.
        space: the domain.
    """
    free = conjunction(negation(taken(spec)) for spec in specs)
    meant = [each for each in declared.of(Gap) if each.level == level]
    for who, example, gap in _where(free, meant, complete(specs, space.domain), space):
        message, because = f"no Level {level} rule takes {who}", declared.because(gap)
        yield rule_finding("V401", (f"Level {level}",), message, WitnessPool((example,)), intended=because)


def _where(
    condition: Predicate, meant: Sequence[Gap | Unmade], among: Predicate, space: Space
) -> Iterator[tuple[str, Exposure, Gap | Unmade | None]]:
    """The exposures that satisfy a condition: in words, one of them, and the intention that declares them."""
    undeclared = conjunction([condition, *(negation(each.where) for each in meant)])
    yield from ((words, example, None) for words, example in _regions(undeclared, among, space))
    for each in meant:
        if (example := space.first(each.where, condition, among)) is not None:
            yield f"exposures where {each.where}", example, each


def _regions(condition: Predicate, among: Predicate, space: Space) -> Iterator[tuple[str, Exposure]]:
    """The exposures among some that satisfy a condition: regions in words, each with one of its exposures.

    A region is some exposure types and no more of the condition's parts, met or not, than make the condition hold.
    Regions of several modes with the same words are one, such as `mir_image, nis_image if filter is opaque`. Together
    they are all of these exposures.
    """
    found = []
    whole = conjunction([condition, among])
    for exp_types, needed in space.where(whole) if space.first(whole) is not None else ():  # usually none
        here = OneOf(Column("exp_type"), exp_types)
        left = conjunction([here, needed])
        while (example := space.first(left)) is not None:
            parts = [each if truth(each, Whole(example)) else negation(each) for each in dict.fromkeys(leaves(needed))]
            region = space.contradiction(parts, here, among, negation(needed))
            found.append((" and ".join(map(str, region)), (exp_types, example)))
            left = except_for(left, conjunction(region))
    for words, alike in grouped(found).items():
        types = ", ".join(chain.from_iterable(exp_types for exp_types, _ in alike))
        yield f"{types} if {words}" if words else types, alike[0][1]


def misfits(level2: list[RuleSpec], level3: list[RuleSpec], declared: Declared, space: Space) -> Iterator[Finding]:
    """The products that Level 3 rules need but no Level 2 rule makes.

    Args:
        level2: the rules of Level 2.
        level3: the rules of Level 3.
        declared: the intentions, of which those about products that no rule makes are used.
        space: the domain.
    """
    among = complete([*level2, *level3], space.domain)
    raw = {suffix for spec in level2 for suffix in suffixes(spec)}
    for spec, suffix, asked in chain.from_iterable(map(_asked, level3)):
        if suffix not in raw:
            unmade = conjunction([asked, negation(disjunction(_makes(each, suffix, space) for each in level2))])
            meant = [each for each in declared.of(Unmade) if each.rule in ("", spec.name)]
            for who, example, intention in _where(unmade, meant, among, space):
                if (pool := _asking(spec, suffix, example, space)) is not None:
                    message = f"{spec.name} asks for the {suffix} product of {who}, which no Level 2 rule makes"
                    shown, because = described([as_rule(spec)], pool), declared.because(intention)
                    yield rule_finding("V501", (spec.name,), message, pool, *shown, intended=because)


def _asked(spec: RuleSpec) -> Iterator[tuple[RuleSpec, str, Predicate]]:
    """The rule, with the product suffixes in members' names and the exposures that have them."""
    for suffix, named in suffixes(spec).items():
        yield spec, suffix, conjunction([taken(spec), named])
    if isinstance(spec.expansion, NodsAsBackground):
        yield spec, spec.expansion.suffix, as_anchor(spec)


def _makes(spec: RuleSpec, suffix: str, space: Space) -> Predicate:
    """The rule makes the product with this suffix of the exposure."""
    made = space.domain.products.get(spec.asn_type, ())
    ints = spec.member_name.integrations
    members = ((ints if word.endswith(ints) else "", named) for word, named in suffixes(spec).items())
    making = [named for end, named in members if suffix in [each + end for each in made]]
    return conjunction([as_anchor(spec), disjunction(making)])


def _asking(spec: RuleSpec, suffix: str, exposure: Exposure, space: Space) -> WitnessPool | None:
    """The smallest pool for which an association of the rule names the product of an exposure."""
    trials = TrialPools(space, [spec])
    for seed in unique([exposure, *trials.seeds_with(spec, exposure)]):
        pools = [pool for pool in trials.pools(seed, [trials.usual_type], [exposure]) if exposure in pool.exposures]
        for pool, (outcome,) in tried(pools, [as_rule(spec)]):
            if _names(outcome, pool, exposure, suffix):
                return pool
    return None


def _names(outcome: Outcome, pool: WitnessPool, exposure: Exposure, suffix: str) -> bool:
    """Whether a member of a product is this product of the exposure."""
    named = {member.expname for each in outcome.kept for member in each.products[0].members}
    numbers = [number for number, each in enumerate(pool.exposures, start=1) if each == exposure]
    files = (file_name(int(each.program), number, exposure) for each in outcome.kept for number in numbers)
    return any(f"{exposure_name(file)}_{suffix}.fits" in named for file in files)
