"""The analysis of rules over a domain."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import partial
from math import prod

from rules.rule import LEVELS, RuleSpec
from rules.rule_set import RuleSet
from rules.vocabulary.algebra import columns_of
from rules.vocabulary.intentions import Gap
from solver.default import default_rules
from solver.findings import Finding, in_order
from solver.progress import Reporter
from solver.verification.constraints import needed, needless, satisfied, undecided, unreal, unsatisfied
from solver.verification.coverage import gaps, misfits
from solver.verification.findings import CODES, Declared, Needed, Report, bounded
from solver.verification.overlaps import collisions, overlaps
from solver.verification.search import Space
from solver.verification.witnesses import WitnessPool


def verify(rules: RuleSet | None = None, *, only: Collection[str] = (), reporter: Reporter | None = None) -> Report:
    """Analyse rules without a pool, over all exposures of their domain.

    Args:
        rules: the rules, with their domain and their intentions; by default the mission's.
        only: names of the rules to analyse; by default all. Gaps and the fit of levels concern all
            rules together and are checked only if all are analysed.
        reporter: follows the analysis; each rule is a step; the analyses of all rules together are a few more.

    Returns:
        the findings, and the domain over which they are proved.

    Cost: about 20 seconds and 100 MiB for the mission's rules.

    >>> from solver.default import rule_set
    >>> found = verify(rule_set("Asn_Lv2WFSC"), only=["Asn_Lv2WFSC"]).findings[0]
    >>> found.severity, found.code, found.message  # a condition without which the rule would be the same
    ('warning', 'V201', 'same program (stated by DMSLevel2bBase)')
    """
    every = default_rules() if rules is None else rules
    meant = (each for each in every.intentions if not isinstance(each, Gap) or every.of_level(each.level))
    declared, space = Declared(meant), Space(every.domain)
    classes = [rule for rule in every if not only or rule.spec.name in only]
    chosen = [rule.spec for rule in classes]
    lower, upper = ([rule.spec for rule in every.of_level(level)] for level in LEVELS)
    reporter = reporter or Reporter()
    step = partial(reporter.step, share=1 / (len(chosen) + len(LEVELS) + 1))
    pools: dict[str, WitnessPool] = {}
    judged: list[Needed] = []
    findings = [*unreal(chosen, declared, space), *undecided(classes)]
    for spec in chosen:
        step(spec.name)
        findings += bounded((spec.name,), _alone(spec, space, pools, judged))
        if spec.name in pools:
            findings += bounded((spec.name,), collisions(spec, pools[spec.name], declared, space))
    findings += needless(judged, declared, [rule.spec for rule in every], space)
    idle = {spec.name for spec in chosen} - pools.keys()
    for level, specs in zip(LEVELS, (lower, upper), strict=True):
        step(f"overlaps and coverage of level {level}")
        making = [rule for rule in every.of_level(level) if rule.spec.name not in idle]
        findings += overlaps(making, declared, space, {spec.name for spec in chosen})
        if specs and not only:
            findings += bounded((f"Level {level}",), gaps(level, specs, declared, space))
    if not only:
        step("fit of the levels")
        if lower and upper:
            findings += bounded(("Level 3",), misfits(lower, upper, declared, space))
        findings += () if any(each.code == "V902" for each in findings) else declared.missing()
    return report(chosen, findings, pools, judged, space)


def _alone(spec: RuleSpec, space: Space, pools: dict[str, WitnessPool], judged: list[Needed]) -> Iterator[Finding]:
    """Whether a rule makes any association, and the effect of each of its constraints."""
    if (pool := satisfied(spec, space)) is None:
        yield unsatisfied(spec, space)
    else:
        pools[spec.name] = pool
        judged += needed(spec, space)


def report(
    specs: list[RuleSpec], found: Iterable[Finding], pools: dict[str, WitnessPool], judged: list[Needed], space: Space
) -> Report:
    """The findings in order, with the domain over which they were found."""
    domain = space.domain
    return Report(
        rules=len(specs),
        findings=in_order(found, CODES),
        satisfied=pools,
        constraints=tuple(judged),
        exp_types=sum(len(mode.exp_types) for mode in domain.modes),
        columns={name: len(domain.values(name)) for name in sorted(columns_of(*specs) - {"role", "candidate_type"})},
        combinations=sum(len(m.exp_types) * prod(len(table.rows) for table in m.tables) for m in domain.modes),
        problems=space.problems,
    )
