"""Tell why an exposure is in its associations, and why in no others.

Tell why an exposure is in its associations, and for every rule that did not take it, what keeps it
out and what would let it in. With two exposures, tell why they are together, or not.
"""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from solver import explanation, solving
from solver.app import console
from solver.app.inputs import read_pool, recall, request_of, rules_of
from solver.app.options import POOL, RULES, flag, names, option
from solver.errors import UsageError

if TYPE_CHECKING:
    from rich.tree import Tree

OPTIONS = (
    *POOL,
    names("exposures EXPOSURE", "a file name, or a part of it that no other exposure has; or two", nargs="*"),
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
    recall(options)
    rules, asked = rules_of(options), request_of(options)
    rule = None if options.rule is None else rules.find(options.rule)
    pool = read_pool(options)
    found: explanation.AnyExplanation
    if options.orphans:
        made = solving.solve_unchecked(pool, rules, asked)
        found = explanation.orphans_explanation(pool, rules, made.reasons)
    elif options.association is not None:
        found = explanation.explain_association(pool, options.association, rules=rules, request=asked)
    elif len(options.exposures) > 1:
        found = explanation.explain_pair(pool, *options.exposures, rules=rules, request=asked)
    else:
        (name,) = options.exposures
        found = explanation.explain(pool, name, rules=rules, rule=rule, candidate=options.id, request=asked)
    console.show_either(asdict(found), map(_tree, [found.line()]), json=options.json)
    return 0


def _check(options: Namespace) -> None:
    """Refuse a command that does not request exactly one thing, or restricts what cannot be restricted."""
    number = len(options.exposures)
    asked = [number > 0, options.association is not None, options.orphans]
    if sum(asked) != 1 or number > 2:  # noqa: PLR2004 (a pair)
        raise UsageError("name an exposure, or two, or an association with --association, or say --orphans")
    if (options.rule or options.id) and number != 1:
        raise UsageError("--rule and -i narrow the explanation of one exposure; name one")


def _tree(line: explanation.Line) -> Tree:
    from rich.tree import Tree

    made = Tree(console.inert(line.text))
    made.children += map(_tree, line.below)
    return made
