"""The command `asnsolve verify`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rules.rule_set import RuleSet
from solver.app import console
from solver.default import chosen_rules, default_rules
from solver.errors import UsageError
from solver.findings import Finding, Witness, lines
from solver.pools import Pool
from solver.progress import Reporter
from solver.storage import refuse_to_lose, write_file
from solver.verification import CODES, Report, compare_versions, pool_of, verify

#: Exit code where something was found that nobody declared.
FOUND = 1

#: What the first line of every witness pool has, and that of no other, in lower case.
_MARK = b"|finding"

#: Columns of a witness that are not shown in texts: they are the same in all, or follow from others.
_HIDDEN = ("program", "filename", "asn_candidate")


def run(options: argparse.Namespace) -> int:
    """Analyse and tell; 0 if nothing was found that is not declared, else 1."""
    if options.witness_pool is not None:
        refuse_to_lose(options.witness_pool, _MARK, overwrite=options.overwrite)
    every = chosen_rules(options.rules or ())
    names = tuple(dict.fromkeys(every.find(name).spec.name for name in options.names))
    with console.Progress() as progress:
        if options.against is None:
            report = verify(every, every.domain, every.intentions, only=names, reporter=progress)
        else:
            report = _compared(every, options, names, progress)
    if options.witness_pool is not None:
        _write_witnesses(report, options.witness_pool)
    if options.json:
        sys.stdout.write(json.dumps(report.to_dict(), indent=1) + "\n")
    else:
        _tell(report, options)
    return FOUND if report.undeclared else 0


def _compared(every: RuleSet, options: argparse.Namespace, names: Sequence[str], reporter: Reporter) -> Report:
    """The difference of these rules from another version: of the rules of a file, or of all the mission's."""
    old = RuleSet.from_version(options.against)
    there = {rule.spec.name for rule in old}
    new = [rule for rule in every if rule.spec.name in there or options.against.is_dir()]
    if not new:
        raise UsageError(f"--against {options.against}: none of its rules ({', '.join(sorted(there))}) is here")
    before, after = ([rule for rule in rules if not names or rule.spec.name in names] for rules in (old, new))
    return compare_versions(before, after, every.domain, reporter=reporter)


def _witnesses(report: Report) -> list[Finding]:
    """The findings that a pool can show, those that nobody declared first."""
    found = [finding for finding in report.findings if finding.pool is not None]
    return sorted(found, key=lambda finding: not finding.counts)


def _write_witnesses(report: Report, path: Path) -> None:
    """Write a pool of all witnesses, if there are any, with a column that says what each program shows."""
    found = _witnesses(report)
    if not found:
        return
    pool = pool_of(each.pool for each in found if each.pool is not None)
    told = {str(program): f"{each.code} {' '.join(each.rules)}" for program, each in enumerate(found, start=1)}
    write_file(path, pool.to_text({"finding": [told[program] for program in _cells(pool, "program")]}))


def _cells(pool: Pool, column: str) -> list[str]:
    return [pool[column][row] for row in range(len(pool))]


# --- Texts ----------------------------------------------------------------------------------------


def _tell(report: Report, options: argparse.Namespace) -> None:
    out = console.output()
    shown = [each for each in report.findings if each.counts or options.verbose]
    for line in lines(shown, CODES, details=lambda each: (*_rows(each.pool), *each.shown)):
        out.print(console.inert(line))
    if options.verbose and report.satisfied:
        out.print("the smallest pool of which each rule makes an association:")
        for rule, pool in report.satisfied.items():
            for line in (f"  {rule}", *(f"    {row}" for row in _rows(pool))):
                out.print(console.inert(line))
        out.print()
    if options.against is None:
        for line in _summary(report, whole=not options.names):
            out.print(line)
    else:
        changed = sorted({name for each in report.findings if each.code != "V604" for name in each.rules})
        idle = len(report.of("V604"))
        without = f"; {console.plural(idle, 'change')} without effect" if idle else ""
        out.print(f"{console.plural(report.rules, 'rule')} compared, {len(changed)} of them different{without}")
        out.print(_over(report))
    if options.witness_pool is not None:
        found = len(_witnesses(report))
        done = f"{found} witness{'' if found == 1 else 'es'} written to {options.witness_pool}"
        out.print(console.inert(done if found else f"no witnesses, so {options.witness_pool} was not written"))


def _rows(pool: Witness | None) -> Iterator[str]:
    """The exposures of a witness: the first in full, of the others what is not the same."""
    rows = () if pool is None else pool.rows()
    for number, row in enumerate(rows):
        told = [
            f"{column} {cell or 'not given'}"
            for column, cell in row.items()
            if column not in _HIDDEN and (_telling(column, cell) if number == 0 else cell != rows[0].get(column, ""))
        ]
        candidate = f" (candidate: {pool.candidate_type})" if pool is not None and number == 0 else ""
        yield f"{row['filename']}: {', '.join(told) or 'the same'}{candidate}"


def _telling(column: str, cell: str) -> bool:
    """Whether a value says something: not if it is the word that stands for any."""
    domain = default_rules().domain
    return bool(cell) and (bool(domain.values(column)) or cell != domain.examples.get(column, ("1",))[0])


def _summary(report: Report, *, whole: bool) -> Iterator[str]:
    """What was asked, and how much of it was found and meant."""
    idle = [f"{each.constraint} (stated by {each.by})" for each in report.constraints if each.pool is None]
    spare = {each.message: bool(each.intended) for code in ("V201", "V202") for each in report.of(code)}
    nowhere = [each for each in idle if each in spare]
    table = console.table("Asked", "Found")
    console.add(table, "rules that can make an association", f"{len(report.satisfied)} of {report.rules}")
    used = f"{len(report.constraints) - len(idle)} of {len(report.constraints)}"
    unused = f"{len(nowhere)} in none ({sum(map(spare.__getitem__, nowhere))} intended)"
    console.add(
        table, "constraints that change something", f"{used}; {len(idle) - len(nowhere)} in other rules only, {unused}"
    )
    console.add(table, "pairs of rules that overlap", _counted(report, ("V301", "V302", "V303")))
    if whole:
        console.add(table, "kinds of exposures that no rule takes", _counted(report, ("V401",)))
        console.add(table, "products asked for and not made", _counted(report, ("V501",)))
    yield str(table)
    yield ""
    undeclared = len(report.undeclared)
    yield f"{console.plural(undeclared, 'finding')} not declared" if undeclared else "all that was found is declared"
    yield _over(report)


def _counted(report: Report, codes: Sequence[str]) -> str:
    found = report.of(*codes)
    if codes[0] == "V301":
        found = tuple({each.rules: each for each in found}.values())
    return f"{len(found)} ({sum(1 for each in found if each.intended)} intended)"


def _over(report: Report) -> str:
    """Over what it was proved."""
    listed = sum(1 for size in report.columns.values() if size)
    return (
        f"proved over {report.combinations:,} combinations of the values of {listed} columns in {report.exp_types} "
        f"exposure types, any words in {len(report.columns) - listed} more; {report.problems:,} problems solved"
    )
