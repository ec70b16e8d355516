"""The command `asnsolve check`."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from solver.app import console
from solver.app.generation import read_pool
from solver.associations import Association, without_paths
from solver.checking import CODES, Report, check
from solver.default import chosen_rules
from solver.errors import AssociationError
from solver.findings import Finding, lines
from solver.storage import association_files, load_named

#: Exit code where there are errors.
WRONG = 1

#: Most findings that are shown of one code.
_FINDINGS = 20


def run(options: argparse.Namespace) -> int:
    """Check and tell; 0 if there are no errors, else 1."""
    rules = chosen_rules(options.rules or ())
    pool = read_pool(options)
    associations: dict[str, Association] = {}
    unreadable = []
    for path in options.results:
        for file in association_files(path):
            try:
                associations |= {str(name): without_paths(association) for name, association in load_named(file)}
            except AssociationError as error:
                problem = str(error).removeprefix(str(file)).strip()
                unreadable.append(Finding("unreadable", "error", str(file), (), f"it {problem}"))
    report = check(pool, associations, rules)
    report = replace(report, findings=(*unreadable, *report.findings))
    if options.json:
        sys.stdout.write(json.dumps(report.to_dict(), indent=1) + "\n")
    else:
        _tell(report)
    return WRONG if report.errors else 0


def _tell(report: Report) -> None:
    out = console.output()
    for line in lines(report.findings, CODES, most=_FINDINGS):
        out.print(console.inert(line))
    out.print(_summary(report))


def _summary(report: Report) -> str:
    """`77 associations with 310 members checked: no errors, 2 notes; 11 of 74 exposures in none`."""
    associations = console.plural(report.associations, "association")
    members = console.plural(report.members, "member")
    found = ", ".join(_counted(Counter(each.severity for each in report.findings)))
    exposures = console.plural(report.exposures, "exposure")
    return f"{associations} with {members} checked: {found}; {len(report.in_none):,} of {exposures} in none"


def _counted(severities: Counter[str]) -> Iterator[str]:
    yield console.plural(severities["error"], "error") if severities["error"] else "no errors"
    for severity in ("warning", "note"):
        if severities[severity]:
            yield console.plural(severities[severity], severity)
