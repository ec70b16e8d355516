"""Judge associations by the rules, independently of how they were found.

Check association files against the pool they were made from: every member qualifies and agrees,
nobody is left out, names are unique, every exposure is accounted for. Exit code 1 if there are errors.
"""

from __future__ import annotations

from argparse import Namespace
from collections import Counter

from solver import associations, checking, storage
from solver.app import console
from solver.app.inputs import read_pool, rules_of
from solver.app.options import POOL, RULES, flag, path_to
from solver.errors import AssociationError
from solver.words import left_out, plural

OPTIONS = (
    *POOL,
    path_to("results RESULTS", "files, archives, or folders with *_asn.json", nargs="+"),
    RULES,
    flag("--json", "print the findings as JSON"),
)

#: Exit code if there are errors.
WRONG = 1

#: Maximum number of findings shown for a code.
_FINDINGS = 20


def run(options: Namespace) -> int:
    """Check, and show the findings; 0 without errors, else 1."""
    from dataclasses import replace

    from solver.findings import Finding, lines

    rules = rules_of(options)
    pool = read_pool(options)
    found: dict[str, associations.Association] = {}
    unreadable = []
    for path in options.results:
        for file in storage.association_files(path):
            try:
                found |= {str(name): associations.without_paths(each) for name, each in storage.load_named(file)}
            except AssociationError as error:
                problem = str(error).removeprefix(str(file)).strip()
                unreadable.append(Finding("unreadable", "error", str(file), (), f"it {problem}"))
    report = checking.check(pool, found, rules)
    report = replace(report, findings=(*unreadable, *report.findings))
    shown = (*lines(report.findings, checking.CODES, most=_FINDINGS), *_summary(report))
    console.show_either(report.to_dict(), shown, json=options.json)
    return WRONG if report.errors else 0


def _summary(report: checking.Report) -> tuple[str, str]:
    """`77 associations with 310 members checked: no errors, 2 notes`, and how many exposures are left out."""
    found = Counter(each.severity for each in report.findings)
    counts = [plural(found["error"], "error") if found["error"] else "no errors"]
    counts += [plural(found[severity], severity) for severity in ("warning", "note") if found[severity]]
    what = f"{plural(report.associations, 'association')} with {plural(report.members, 'member')}"
    return f"{what} checked: {', '.join(counts)}", left_out(report.absent, len(report.in_none))
