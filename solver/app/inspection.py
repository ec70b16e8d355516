"""The command `asnsolve inspect`: what is in a pool, and what is missing or odd."""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator

import networkx as nx
import numpy as np
from rich.tree import Tree

from solver.app import console
from solver.app.generation import read_pool
from solver.default import default_rules
from solver.pools import HIERARCHY, Evaluation, Mask, Node, Pool, natural, walk_hierarchy
from solver.solving import compile_rule

#: Columns that most rules look at; without them, most rules cannot tell exposures apart.
_TELLING = ("obs_num", "targetid", "pntgtype", "subarray", "filter", "detector")

_LISTED = 12


def run(options: argparse.Namespace) -> int:
    """Show the pool."""
    pool = read_pool(options)
    out = console.output()
    out.print(
        console.inert(
            f"{pool.name}: {console.plural(len(pool), 'exposure')} in {console.plural(len(pool.columns), 'column')}"
        )
    )
    for made in (_modes(pool), _candidates(pool), _targets(pool)):
        out.print()
        out.print(made)
    out.print()
    out.print(_tree(pool.hierarchy(), options.level, pool.name))
    odd = list(oddities(pool))
    out.print()
    out.print("Missing or odd:" if odd else "Nothing is missing or odd.")
    for each in odd:
        out.print(console.inert(f"  {each}"))
    return 0


def _modes(pool: Pool) -> object:
    made = console.table("Program", "Instrument", "Exposure type", "Exposures", numbers=("Exposures",))
    names = ("program", "instrume", "exp_type")
    counts = Counter(zip(*([pool[name][row] for row in range(len(pool))] for name in names), strict=True))
    for (program, instrument, kind), count in sorted(
        counts.items(), key=lambda each: (natural(each[0][0]), each[0][1:])
    ):
        console.add(made, program, instrument or "not given", kind or "not given", f"{count:,}")
    return made


def _candidates(pool: Pool) -> object:
    made = console.table("Program", "Candidate", "Type", "Exposures", numbers=("Exposures",))
    sub_pools = pool.sub_pools(discover=False)
    for candidate, size in zip(sub_pools.candidates, sub_pools.sizes.tolist(), strict=True):
        console.add(made, candidate.program, candidate.id, candidate.type, f"{size:,}")
    return made


def _targets(pool: Pool) -> object:
    made = console.table("Program", "Target", "Name", "Exposures", numbers=("Exposures",))
    found: Counter[tuple[str, str]] = Counter()
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in range(len(pool)):
        key = (pool["program"][row], pool["targetid"][row])
        found[key] += 1
        named[key].add(pool["targprop"][row] or pool["targname"][row])
    for key in sorted(found, key=lambda each: (natural(each[0]), natural(each[1]))):
        names = ", ".join(sorted(named[key] - {""}))
        console.add(made, key[0], key[1] or "not given", names, f"{found[key]:,}")
    return made


def _tree(graph: nx.DiGraph[Node], level: str, title: str) -> Tree:
    """The hierarchy down to a level, with the number of exposures below each node."""
    depth = list(HIERARCHY).index(level)
    top = Tree(console.inert(title))
    branches: dict[Node, Tree] = {(): top}
    for node in walk_hierarchy(graph):
        data = graph.nodes[node]
        if list(HIERARCHY).index(data["level"]) <= depth:
            leaf = data["level"] == "exposure"
            label = node[-1] if leaf else f"{node[-1]}  ({console.plural(data['exposures'], 'exposure')})"
            branches[node] = branches[node[:-1]].add(console.inert(label))
    return top


def oddities(pool: Pool) -> Iterator[str]:
    """What is missing or odd, one sentence each."""
    for column in (*HIERARCHY.values(), *_TELLING[1:]):
        given = pool[column].given()
        if column not in pool.columns:
            yield f"there is no column {column.upper()}"
        elif column in {"obs_num", "targetid", "pntgtype", "detector"} and not given.all():
            yield f"{_have(~given)} no {column.upper()}"
    loose = ~pool["asn_candidate"].given()
    if loose.any():
        yield f"{_have(loose)} no candidate, and so can be grouped by discovery only"
    wrong = pool["exposerr"].given()
    if wrong.any():
        yield f"{_have(wrong)} an error noted (EXPOSERR)"
    yield from _unruled(pool)


def _unruled(pool: Pool) -> Iterator[str]:
    """Exposure types with exposures that no rule takes."""
    evaluation, sub_pools = Evaluation(pool), pool.sub_pools()
    taken = np.zeros(len(pool), dtype=np.bool_)
    for rule in default_rules():
        compiled = compile_rule(rule.spec, evaluation, sub_pools)
        taken[compiled.exposure] = True
        for join in rule.spec.joins:
            taken |= compiled.roles.where(join.role.__eq__)
    kinds = Counter(pool["exp_type"][row] or "not given" for row in np.flatnonzero(~taken).tolist())
    if kinds:
        listed = ", ".join(f"{kind} ({count:,})" for kind, count in kinds.most_common(_LISTED))
        more = f" and {len(kinds) - _LISTED} more types" if len(kinds) > _LISTED else ""
        verb = "qualifies" if kinds.total() == 1 else "qualify"
        yield f"{console.plural(kinds.total(), 'exposure')} {verb} for no rule: {listed}{more}"


def _have(rows: Mask) -> str:
    count = int(rows.sum())
    return f"{console.plural(count, 'exposure')} {'has' if count == 1 else 'have'}"
