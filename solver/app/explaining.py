"""The command `asnsolve explain`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from rich.tree import Tree

from solver.app import console
from solver.app.generation import read_pool
from solver.default import chosen_rules
from solver.errors import UsageError
from solver.explanation import AnyExplanation, Line, explain, explain_association, explain_orphans, explain_pair


def run(options: argparse.Namespace) -> int:
    """Explain."""
    _check(options)
    rules = chosen_rules(options.rules or ())
    rule = None if options.rule is None else rules.find(options.rule)
    pool = read_pool(options)
    found: AnyExplanation
    if options.orphans:
        found = explain_orphans(pool, rules=rules)
    elif options.association is not None:
        found = explain_association(pool, options.association, rules=rules)
    elif options.other is not None:
        found = explain_pair(pool, options.exposure, options.other, rules=rules)
    else:
        found = explain(pool, options.exposure, rules=rules, rule=rule, candidate=options.candidate)
    if options.json:
        sys.stdout.write(json.dumps(asdict(found), indent=1) + "\n")
    else:
        console.output().print(_tree(found.line()))
    return 0


def _check(options: argparse.Namespace) -> None:
    """Whether exactly one thing is asked for, and only what goes with it."""
    asked = [options.exposure is not None, options.association is not None, options.orphans]
    if sum(asked) != 1:
        raise UsageError("name an exposure, or two, or an association with --association, or say --orphans")
    if (options.rule or options.candidate) and (options.exposure is None or options.other is not None):
        raise UsageError("--rule and --candidate narrow the explanation of one exposure; name one")


def _tree(line: Line) -> Tree:
    made = Tree(console.inert(line.text))
    for each in line.below:
        made.children.append(_tree(each))
    return made
