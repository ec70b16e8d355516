"""The analysis of rules over a domain."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from math import prod
from types import MappingProxyType

from rules.rule import Rule, RuleSpec
from rules.vocabulary import Column, Given, Predicate
from rules.vocabulary.algebra import columns_of, conjunction
from rules.vocabulary.domains import Domain
from rules.vocabulary.intentions import Gap, Intention, Overlap, Spare, Unmade
from solver.findings import Finding, in_order
from solver.progress import Reporter
from solver.verification.constraints import needed, needless, satisfied, unreal, unsatisfied
from solver.verification.coverage import gaps, misfits
from solver.verification.exposure_conditions import taken
from solver.verification.findings import CODES, Needed, Report, rule_finding
from solver.verification.overlaps import overlaps
from solver.verification.search import Space
from solver.verification.witnesses import WitnessPool

#: The levels whose products have to fit.
_LOWER, _UPPER = 2, 3


def verify(
    rules: Iterable[type[Rule]],
    domain: Domain,
    intended: Iterable[Intention] = (),
    *,
    only: Collection[str] = (),
    reporter: Reporter | None = None,
) -> Report:
    """Analyse rules without a pool, over all exposures that there can be.

    Args:
        rules: all rules that there are.
        domain: the exposures that there can be.
        intended: what is meant to be so.
        only: names of the rules to analyse; by default all. Gaps and the fit of levels are about all rules
            together, and looked at only if all are analysed.
        reporter: follows the analysis; each rule is a step, and what is about all rules is some more.

    Returns:
        the findings, and what they are proved over.

    Cost: some 20 seconds for the mission's rules.
    """
    every = tuple(rules)
    chosen = tuple(rule for rule in every if not only or rule.spec.name in only)
    space, levels = Space(domain), (_LOWER, _UPPER)
    reporter = reporter or Reporter()
    steps = len(chosen) + (len(levels) if only else 2 * len(levels) + 1)

    def tell(step: str) -> None:
        reporter.step(step, 1 / steps)

    meant = tuple(intended)
    pools: dict[str, WitnessPool] = {}
    judged = []
    spares = [each for each in meant if isinstance(each, Spare)]
    findings = list(unreal([rule.spec for rule in chosen], spares, space))
    for rule in chosen:
        tell(rule.spec.name)
        pool = satisfied(rule.spec, space)
        if pool is None:
            findings.append(unsatisfied(rule.spec, space))
        else:
            pools[rule.spec.name] = pool
            judged += [(rule.spec, stated, each) for stated, each in needed(rule.spec, space)]
    findings += needless(judged, spares, [rule.spec for rule in every], space)
    names = {rule.spec.name for rule in chosen}
    overlapping = [each for each in meant if isinstance(each, Overlap)]
    for level in levels:
        tell(f"overlaps of level {level}")
        together = [rule for rule in every if rule.spec.level == level]
        complete = _complete([rule.spec for rule in together], domain)
        findings += overlaps(together, overlapping, complete, space, names)
    if not only:
        findings += _all_together(every, meant, space, tell)
        findings += _unknown(every, meant)
    return report(chosen, findings, pools, [each for _, _, each in judged], space)


def _unknown(rules: Iterable[type[Rule]], meant: Iterable[Intention]) -> Iterator[Finding]:
    """Intentions about rules and classes that there are not."""
    every = tuple(rules)
    names = {rule.spec.name for rule in every}
    classes = {stated.by for rule in every for stated in rule.spec.stated}
    for each in meant:
        about = each.rules if isinstance(each, Overlap) else (each.by,) if isinstance(each, Spare) else ()
        for name in about:
            if name not in (classes if isinstance(each, Spare) else names):
                what = "class that states anything" if isinstance(each, Spare) else "rule"
                yield rule_finding("V901", (name,), f"an intention is about {name}, but there is no such {what}")


def _complete(specs: Iterable[RuleSpec], domain: Domain) -> Predicate:
    """The exposure has a value in each column that complete pools fill, as far as the rules ask for it."""
    asked = columns_of(*map(taken, specs))
    return conjunction(Given(Column(column)) for column in domain.filled if column in asked)


def _all_together(
    rules: Iterable[type[Rule]], meant: Iterable[Intention], space: Space, tell: Callable[[str], None]
) -> Iterator[Finding]:
    """What is about all rules of a level, or of both."""
    meant = tuple(meant)
    levels = {level: [rule.spec for rule in rules if rule.spec.level == level] for level in (_LOWER, _UPPER)}
    for level, specs in levels.items():
        tell(f"coverage of level {level}")
        if specs:
            complete = _complete(specs, space.domain)
            yield from gaps(level, specs, [each for each in meant if isinstance(each, Gap)], complete, space)
    tell("fit of the levels")
    if all(levels.values()):
        complete = _complete([spec for specs in levels.values() for spec in specs], space.domain)
        unmade = [each for each in meant if isinstance(each, Unmade)]
        yield from misfits(levels[_LOWER], levels[_UPPER], unmade, complete, space)


def report(
    rules: Iterable[type[Rule]],
    findings: Iterable[Finding],
    pools: Mapping[str, WitnessPool],
    judged: Iterable[Needed],
    space: Space,
) -> Report:
    """The findings in order, with what they were found over."""
    chosen = tuple(rules)
    domain = space.domain
    columns = sorted(columns_of(*(rule.spec for rule in chosen)) - {"role", "candidate_type"})
    return Report(
        rules=len(chosen),
        findings=in_order(findings, CODES),
        satisfied=MappingProxyType(dict(pools)),
        constraints=tuple(judged),
        exp_types=sum(len(mode.exp_types) for mode in domain.modes),
        columns=MappingProxyType({column: len(domain.values(column)) for column in columns}),
        combinations=sum(len(m.exp_types) * prod(len(table.rows) for table in m.tables) for m in domain.modes),
        problems=space.problems,
    )
