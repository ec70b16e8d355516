"""Explain why an exposure is in some associations and not in others.

For an exposure: the associations that it is in, why the closest other rules
reject it, and what to add to the command to change that. For two exposures:
why they are together, or not. For an exposure and an association: why the one
is not in the other. With -i alone: the associations of each candidate, or why
it has none.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from solver import batch, explanation, pools, solving
from solver.app import console
from solver.app.inputs import read_once, reading_stated, recall, request_of, rules_of, stated
from solver.app.options import LEVEL, POOL, RULES, flag, list_of, names, option
from solver.associations import exposure_named
from solver.errors import UnknownNameError, UsageError
from solver.words import inert

if TYPE_CHECKING:
    from rich.tree import Tree

    from solver.lines import Line

#: The most exposures that are explained together.
_PAIR = 2

OPTIONS = (
    *POOL,
    names("exposures EXPOSURE", "one exposure or two, each by a part of its file name that no other has", nargs="*"),
    option("--association NAME", "explain an association, by product or file, or why the exposure is not in it"),
    flag("--orphans", "explain why exposures are in no association"),
    option("--rule RULE", "explain this rule only"),
    list_of("-i --id --ids ID", "the candidates to explain, such as o001; beside an exposure, only one"),
    LEVEL,
    *RULES,
    flag("-v --verbose --all", "explain every rule that came close, and name the classes that state the constraints"),
    flag("--json", "print the whole explanation as JSON"),
)


def run(options: Namespace) -> None:
    """Explain."""
    from dataclasses import asdict

    _check(options)
    found = _explanation(options)
    console.show_either(asdict(found), map(_tree, [found.line(every=options.verbose)]), json=options.json)


def _explanation(options: Namespace) -> explanation.Explanation:
    recall(options)
    rules, request = rules_of(options), request_of(options)
    rule = None if options.rule is None else rules.find(options.rule)
    read, exposures, association = read_once(options), options.exposures, options.association
    if exposures and (gone := _left_out(read(pools.Statements()), stated(options), exposures)):
        return gone
    for each in stated(options).kind("set"):
        for _, near, what in batch.misspelt([each.value.lower()], each.what.lower(), rules):
            console.warn(f"asnsolve explain: {each}: {what}; did you mean {near.upper()}?")
    pool = read(stated(options))
    solving.check_request(pool, rules, solving.Request())  # that it has the columns which rules name
    asked: dict[str, Any] = {"rules": rules, "request": request}
    if options.orphans:
        return explanation.explain_orphans(pool, **asked)
    if len(exposures) > 1:
        return explanation.explain_pair(pool, *exposures, **asked)
    if exposures:
        only = next(iter(options.id), None)
        return explanation.explain(pool, *exposures, rule=rule, candidate=only, association=association, **asked)
    if association is not None:
        return explanation.explain_association(pool, association, **asked)
    return explanation.explain_candidates(pool, options.id, rules=rules)


def show_why_empty(runs: Iterable[batch.PoolRun], options: Namespace) -> None:
    """Print a line for each candidate that a run was asked for, if nothing came of it."""
    for run in runs:
        if options.ids and not run.summary.associations:
            pool = reading_stated(options)(run.path) if run.made is None else run.made.pool
            found = explanation.explain_candidates(pool, batch.ids_of(options.ids) or (), rules=rules_of(options))
            console.show(*found.about)


def _left_out(pool: pools.Pool, statements: pools.Statements, names: Sequence[str]) -> explanation.Explanation | None:
    """That a statement leaves out one of the exposures of these names; None if none does."""
    out = statements.left_out([*pool])
    for name in names if out else ():
        with suppress(UnknownNameError):
            row = exposure_named(name, pool.file_names, pool.name)
            if row in out:
                return explanation.Explanation(pool.file_names[row], (f"left out by {out[row]}",))
    return None


def _check(options: Namespace) -> None:
    """Refuse a command that does not request exactly one thing, or restricts what cannot be restricted."""
    number, association, ids, orphans = len(options.exposures), options.association, options.id, options.orphans
    named, alone = bool(number or association is not None), number == 1 and association is None
    wrong = {
        "name exposures (one or two), --association, candidates (-i) or --orphans": not (named or ids or orphans),
        "--orphans cannot be combined with exposures, --association or -i": orphans and (named or ids),
        f"{number} exposures are named; name one or two, or one with --association": number + bool(association) > _PAIR,
        "-i takes every word after it, so put it last": any(each.startswith("jw") for each in ids or ()),
        "use --rule with one exposure only": options.rule and not alone,
        "use -i with one exposure and one candidate, or alone": ids and named and not (alone and len(ids) == 1),
    }
    for problem in (each for each, holds in wrong.items() if holds):
        raise UsageError(problem)


def _tree(line: Line) -> Tree:
    from rich.tree import Tree

    made = Tree(inert(line.text))
    made.children += map(_tree, line.below)
    return made
