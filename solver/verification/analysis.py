"""The analysis of rules over a domain."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from math import prod

from rules.rule import LEVELS, RuleSpec
from rules.rule_set import RuleSet
from rules.vocabulary import Column, Given, Predicate
from rules.vocabulary.algebra import columns_of, conjunction
from rules.vocabulary.domains import Domain
from rules.vocabulary.intentions import Intention, Overlap, Spare
from solver.default import default_rules
from solver.findings import Finding, in_order
from solver.progress import Reporter
from solver.verification.constraints import needed, needless, satisfied, unreal, unsatisfied
from solver.verification.coverage import gaps, misfits
from solver.verification.exposure_conditions import taken
from solver.verification.findings import CODES, Needed, Report, rule_finding
from solver.verification.overlaps import overlaps
from solver.verification.search import Space
from solver.verification.witnesses import WitnessPool


def verify(rules: RuleSet | None = None, *, only: Collection[str] = (), reporter: Reporter | None = None) -> Report:
    """Analyse rules without a pool, over all exposures of their domain.

    Args:
        rules: the rules, with their domain and their intentions; by default the mission's.
        only: names of the rules to analyse; by default all. Gaps and the fit of levels are about all rules
            together, and checked only if all are analysed.
        reporter: follows the analysis; each rule is a step, and what concerns all rules is a few more.

    Returns:
        the findings, and what they are proved over.

    Cost: about 40 seconds for the mission's rules.
    """
    every = default_rules() if rules is None else rules
    domain, meant = every.domain, every.intentions
    chosen = [rule.spec for rule in every if not only or rule.spec.name in only]
    space = Space(domain)
    reporter = reporter or Reporter()
    steps = len(chosen) + (len(LEVELS) if only else 2 * len(LEVELS) + 1)

    def step(what: str) -> None:
        reporter.step(what, 1 / steps)

    pools: dict[str, WitnessPool] = {}
    judged: list[Needed] = []
    findings = list(unreal(chosen, meant, space))
    for spec in chosen:
        step(spec.name)
        pool = satisfied(spec, space)
        if pool is None:
            findings.append(unsatisfied(spec, space))
        else:
            pools[spec.name] = pool
            judged += needed(spec, space)
    findings += needless(judged, meant, [rule.spec for rule in every], space)
    for level in LEVELS:
        step(f"overlaps of level {level}")
        together = [rule for rule in every if rule.spec.level == level]
        complete = _complete([rule.spec for rule in together], domain)
        findings += overlaps(together, meant, complete, space, {spec.name for spec in chosen})
    if not only:
        findings += _about_all(chosen, meant, space, step)
        findings += _unknown(chosen, meant)
    return report(chosen, findings, pools, judged, space)


def _about_all(
    specs: Sequence[RuleSpec], meant: Sequence[Intention], space: Space, step: Callable[[str], None]
) -> Iterator[Finding]:
    """What all rules of a level leave out, and whether the levels fit."""
    lower, upper = ([spec for spec in specs if spec.level == level] for level in LEVELS)
    for level, together in zip(LEVELS, (lower, upper), strict=True):
        step(f"coverage of level {level}")
        if together:
            yield from gaps(level, together, meant, _complete(together, space.domain), space)
    step("fit of the levels")
    if lower and upper:
        yield from misfits(lower, upper, meant, _complete([*lower, *upper], space.domain), space)


def _unknown(specs: Sequence[RuleSpec], meant: Iterable[Intention]) -> Iterator[Finding]:
    """Intentions about rules and classes that do not exist."""
    names = {spec.name for spec in specs}
    classes = {stated.by for spec in specs for stated in spec.stated}
    for each in meant:
        about = each.rules if isinstance(each, Overlap) else (each.by,) if isinstance(each, Spare) else ()
        for name in about:
            if name not in (classes if isinstance(each, Spare) else names):
                what = "class that states anything" if isinstance(each, Spare) else "rule"
                yield rule_finding("V901", (name,), f"an intention is about {name}, but there is no such {what}")


def _complete(specs: Iterable[RuleSpec], domain: Domain) -> Predicate:
    """The exposure has a value in each column that complete pools fill and the rules use."""
    asked = columns_of(*map(taken, specs))
    return conjunction(Given(Column(column)) for column in domain.filled if column in asked)


def report(
    specs: Sequence[RuleSpec],
    findings: Iterable[Finding],
    pools: Mapping[str, WitnessPool],
    judged: Iterable[Needed],
    space: Space,
) -> Report:
    """The findings in order, with what they were found over."""
    domain = space.domain
    columns = sorted(columns_of(*specs) - {"role", "candidate_type"})
    return Report(
        rules=len(specs),
        findings=in_order(findings, CODES),
        satisfied=dict(pools),
        constraints=tuple(judged),
        exp_types=sum(len(mode.exp_types) for mode in domain.modes),
        columns={column: len(domain.values(column)) for column in columns},
        combinations=sum(len(m.exp_types) * prod(len(table.rows) for table in m.tables) for m in domain.modes),
        problems=space.problems,
    )
