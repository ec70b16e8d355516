"""Check the rules against every possible exposure, or show what a change to the rules does.

Check rules without a pool: whether each rule can make an association, whether
each constraint has an effect, which rules overlap, which exposures no rule
takes, and whether Level 2 makes the files that Level 3 needs. The exit code is
1 if an error or a warning has not been declared as intended. With --against:
compare these rules with another version of them.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from solver import verification, whole_files
from solver.app import console
from solver.app.inputs import refuse_to_lose, rules_of
from solver.app.options import ATTENTION, OVERWRITE, RULES, flag, names, path_to
from solver.errors import UsageError
from solver.words import few, plural

if TYPE_CHECKING:
    from rules.rule_set import RuleSet
    from solver.findings import Finding
    from solver.progress import Reporter

OPTIONS = (
    names("names RULE", "analyse these rules only", nargs="*"),
    *RULES,
    path_to("--against OLD", "show how these rules differ from OLD: a rule file, or a version (its name or folder)"),
    path_to("--witness-pool FILE", "write the examples of all findings to a pool, each as a program of its own"),
    OVERWRITE,
    flag("--json", "print all findings as JSON"),
    flag("-v --verbose", "also print intended findings, and for each rule the smallest pool that it needs"),
)

#: Instead of findings that concern all rules.
_NOT_CHECKED = "not checked; run verify without RULE"


def run(options: Namespace) -> int:
    """Analyse, and show the findings; 0 if all of them are declared, else 1."""
    refuse_to_lose(options, witness_pool=b"|finding")
    rules = rules_of(options)
    names = tuple(dict.fromkeys(rules.find(name).spec.name for name in options.names))
    with console.Progress() as progress:
        report = _report(rules, options, names, progress)
    if options.witness_pool is not None and report.witnessed:
        whole_files.write_file(options.witness_pool, report.witness_text())
    console.show_either(report.to_dict(), _lines(report, options), json=options.json)
    return ATTENTION if report.undeclared else 0


def _report(rules: RuleSet, options: Namespace, names: Sequence[str], reporter: Reporter) -> verification.Report:
    """An analysis, or how these rules differ from another version: the rules of a file, or all of the mission's."""
    from solver.default import chosen_rules, default_rules

    if options.against is None:
        return verification.verify(rules, only=names, reporter=reporter)
    old = verification.by_successor(chosen_rules(version=options.against), rules)
    if old.keys().isdisjoint(rule.spec.name for rule in rules):
        whose = f"its rules ({few(sorted(old))}) are not among those compared"
        raise UsageError(f"--against {options.against}: {whose}; add the new versions with -r")
    whole, mission = options.against.suffix != ".py", default_rules()
    new = {rule.spec.name: rule for rule in rules if whole or rule.spec.name in old or rule not in mission}
    if unknown := [name for name in names if name not in {**old, **new}]:
        raise UsageError(f"--against {options.against} has no rule {few(unknown)}; name one of {few(sorted(old), 6)}")
    before, after = ([rule for name, rule in each.items() if name in (names or each)] for each in (old, new))
    return verification.compare_versions(before, after, rules.domain, reporter=reporter)


def _lines(report: verification.Report, options: Namespace) -> Iterator[object]:
    from solver.findings import lines

    shown = [each for each in report.findings if each.counts or options.verbose]
    if options.against is not None and shown:
        base = [] if options.ignore_default else [options.rules_version or "mission"]
        before = [*base[: options.against.suffix == ".py"], str(options.against)]
        after = [*base, *map(str, options.rules)]
        yield from (f"before: {' + '.join(before)}; after: {' + '.join(after)}; rule by rule", "")
    yield from lines(shown, verification.CODES)
    if options.verbose and report.satisfied:
        yield "for each rule, the smallest pool from which it makes an association:"
        for rule, pool in report.satisfied.items():
            yield from (f"  {rule}", *(f"    {line}" for line in pool.lines()))
        yield ""
    yield from _summary(report, whole=not options.names) if options.against is None else _differences(report)
    listed = sum(map(bool, report.columns.values()))
    over = f"({listed} columns, {report.exp_types} exposure types; {len(report.columns) - listed} free-text columns)"
    yield f"checked for {report.combinations:,} combinations of values {over}; {report.problems:,} solver queries"
    if options.witness_pool is not None:
        done = f"{plural(len(report.witnessed), 'example')} written to {options.witness_pool}"
        yield done if report.witnessed else f"no examples, so {options.witness_pool} was not written"


def _differences(report: verification.Report) -> Iterator[str]:
    kinds = {"changed": ("V601", "V605"), "new": ("V602",), "gone": ("V603",)}
    apart = {what: {name for each in report.of(*codes) for name in each.rules} for what, codes in kinds.items()}
    counts = ", ".join(f"{len(names)} {what}" for what, names in apart.items())
    yield f"{plural(report.rules, 'rule')} compared: {counts}; changes without effect: {len(report.of('V604'))}"


def _summary(report: verification.Report, *, whole: bool) -> Iterator[object]:
    """What was analysed, and how many findings there are and are intended."""
    idle = [f"{each.constraint} (stated by {each.by})" for each in report.constraints if each.pool is None]
    spare = {each.message: bool(each.intended) for each in report.of("V201", "V202")}
    nowhere = [spare[each] for each in idle if each in spare]
    overlaps = {each.rules: each for each in report.of("V301", "V302", "V303")}
    found = {
        "rules that can make an association": f"{len(report.satisfied)} of {report.rules}",
        "constraints with an effect": f"{len(report.constraints) - len(idle)} of {len(report.constraints)}",
        "with an effect in other rules only": f"{len(idle) - len(nowhere)}",
        "with no effect in any rule": f"{len(nowhere)} ({sum(nowhere)} intended)",
        "pairs of rules that overlap": _counted(overlaps.values()),
        "products of one rule with the same name": _counted(report.of("V304")),
        "kinds of exposures that no rule accepts": _counted(report.of("V401")) if whole else _NOT_CHECKED,
        "Level 3 inputs that Level 2 does not make": _counted(report.of("V501")) if whole else _NOT_CHECKED,
    }
    yield from (console.Table("Check", "Result", rows=found.items()), "")
    yield plural(len(report.undeclared), "unexpected finding") if report.undeclared else "no unexpected findings"


def _counted(found: Collection[Finding]) -> str:
    return f"{len(found)} ({sum(1 for each in found if each.intended)} intended)"
