"""Tell why an exposure is in its associations, and why in no others.

Tell why an exposure is in its associations, and for every rule that did not take it, what keeps it
out and what would let it in. With two exposures, tell why they are together, or not.
"""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from solver import explanation
from solver.app import console
from solver.app.inputs import read_pool, rules_of
from solver.app.options import POOL, RULES, flag, option
from solver.errors import UsageError

if TYPE_CHECKING:
    from rich.tree import Tree

OPTIONS = (
    *POOL,
    option("exposure [EXPOSURE]", "a file name, or a part of it that no other exposure has"),
    option("other [OTHER]", "another exposure"),
    option("--association NAME", "explain this association; a product's or file's name"),
    flag("--orphans", "explain why exposures are in no association"),
    option("--rule RULE", "explain this rule only"),
    option("-i --id ID", "explain this candidate only, such as o001"),
    RULES,
    flag("--json", "print the explanation as JSON"),
)


def run(options: Namespace) -> int:
    """Explain."""
    from dataclasses import asdict

    _check(options)
    rules = rules_of(options)
    rule = None if options.rule is None else rules.find(options.rule)
    pool = read_pool(options)
    found: explanation.AnyExplanation
    if options.orphans:
        found = explanation.explain_orphans(pool, rules=rules)
    elif options.association is not None:
        found = explanation.explain_association(pool, options.association, rules=rules)
    elif options.other is not None:
        found = explanation.explain_pair(pool, options.exposure, options.other, rules=rules)
    else:
        found = explanation.explain(pool, options.exposure, rules=rules, rule=rule, candidate=options.id)
    console.show_either(asdict(found), map(_tree, [found.line()]), json=options.json)
    return 0


def _check(options: Namespace) -> None:
    """Refuse a command that does not request exactly one thing, or restricts what cannot be restricted."""
    asked = [options.exposure is not None, options.association is not None, options.orphans]
    if sum(asked) != 1:
        raise UsageError("name an exposure, or two, or an association with --association, or say --orphans")
    if (options.rule or options.id) and (options.exposure is None or options.other is not None):
        raise UsageError("--rule and -i narrow the explanation of one exposure; name one")


def _tree(line: explanation.Line) -> Tree:
    from rich.tree import Tree

    made = Tree(console.inert(line.text))
    made.children += map(_tree, line.below)
    return made
