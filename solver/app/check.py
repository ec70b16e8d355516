"""Check associations against the rules, independently of how they were made.

Check association files against the pool they were made from: every member
qualifies and matches the others, no association lacks an exposure that belongs
in it, names are unique, every exposure is accounted for. The exit code is 1 if
there are errors.
"""

from __future__ import annotations

import shlex
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from solver import associations, checking, pools, solving, storage
from solver.app import console
from solver.app.inputs import read_once, recall, request_of, rules_of, stated
from solver.app.options import ATTENTION, BACKGROUND_AT, POOL, RULES, flag, names
from solver.errors import AssociationError, OutputError, UsageError
from solver.words import left_out, plural

OPTIONS = (
    *POOL,
    names("results RESULTS", "files, archives, folders with *_asn.json (default: those in POOL)", nargs="*"),
    *RULES,
    BACKGROUND_AT,
    flag("--json", "print the findings as JSON"),
)

#: Findings that are notes if a run was asked to leave out files that do not exist.
_LEFT_OUT = frozenset({"left-out", "missing", "unaccounted"})


def run(options: Namespace) -> int:
    """Check, and show the findings; 0 without errors, else 1."""
    from dataclasses import replace

    from solver.findings import Finding, in_order, lines

    place, run = options.pool, recall(options)
    rules = rules_of(options)
    now = stated(options)
    pool = read_once(options)(now)
    solving.check_request(pool, rules, solving.Request())  # that it has the columns which rules name
    found: dict[str, associations.Association] = {}
    unreadable = []
    if run is None and not options.results:
        raise UsageError(f"{place} is not a result of a run; name the results as well: asnsolve check POOL RESULTS")
    for path in map(Path, options.results) if run is None or options.results else storage.files_of(place, run):
        for file in storage.association_files(path):
            try:
                every = {str(name): associations.without_paths(each) for name, each in storage.load_named(file)}
                found |= {name: each for name, each in every.items() if options.results or each.asn_pool == pool.name}
            except AssociationError as error:
                problem = str(error).removeprefix(str(file)).strip()
                unreadable.append(Finding("unreadable", "error", str(file), (), f"it {problem}"))
    request, lost = request_of(options), [each.about for each in unreadable]
    asked = {name: getattr(request, name) for name in ("candidates", "discover", "background_at")}
    report = checking.check(pool, found, rules, unreadable=lost, **asked)
    absent = {} if run is None else dict.fromkeys((rule.spec.level for rule in rules), report.exposures)
    findings, meant = [*unreadable, *report.findings], run is not None and _has_existing(place, run)
    findings = [replace(each, severity="note") if meant and each.code in _LEFT_OUT else each for each in findings]
    ordered = in_order(findings, checking.CODES, worst_first=True)
    report = replace(report, absent={**absent, **report.absent}, findings=ordered)
    existing = "; made with --existing, so what is left out is a note" if meant else ""
    shown = [*lines(report.findings, checking.CODES, most=20), *_summary(report, existing)]
    if report.errors:
        shown += _made_with(options, now)
    console.show_either(report.to_dict(), shown, json=options.json)
    return ATTENTION if report.errors else 0


def _made_with(options: Namespace, now: pools.Statements) -> Iterator[str]:
    """That results are of another pool, or what was stated of it when they were made and is not stated now."""
    known = {*now}
    for path in dict.fromkeys(map(Path, options.results)):
        with suppress(OutputError):  # a manifest that cannot be read
            for run, record in ((each, each.record) for each in storage.runs_in(path) if each.record is not None):
                lacking = [each for each in pools.Statements.of(record.statements) if each not in known]
                words = shlex.join(word for each in lacking for word in str(each).split(" ", 1))
                if options.pool.name not in {Path(run.pool).name, Path(record.pool).name}:
                    yield f"{path} was made from {run.pool}; run asnsolve check {shlex.quote(str(path))}"
                elif lacking:
                    yield f"{path} was made with {words}; add that, or run asnsolve check {shlex.quote(str(path))}"


def _has_existing(place: Path, run: storage.Run) -> bool:
    """Whether a run was asked to leave out files that do not exist, and all files that it wrote are still there."""
    asked = () if run.record is None else run.record.options
    return "existing" in asked and all((place / name).exists() for name in run.files)


def _summary(report: checking.Report, remark: str) -> tuple[str, str]:
    """`77 associations with 310 members checked: no errors, 2 notes`, and how many exposures are left out."""
    from solver.findings import SEVERITIES

    found = Counter(each.severity for each in report.findings)
    counts = ["no errors"] * (not report.errors) + [plural(found[each], each) for each in SEVERITIES if found[each]]
    what = f"{plural(report.associations, 'association')} with {plural(report.members, 'member')}"
    return f"{what} checked: {', '.join(counts)}{remark}", left_out(report.absent, len(report.in_none))
