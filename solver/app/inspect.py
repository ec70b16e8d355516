"""Show what is in a pool.

Show what is in a pool: programs, modes, candidates, targets, the observing hierarchy, and
what is missing or odd.
"""

from __future__ import annotations

from argparse import Namespace
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from solver import pools, reports
from solver.app import console
from solver.app.inputs import read_pool
from solver.app.options import POOL, option
from solver.pools import HIERARCHY
from solver.words import plural

if TYPE_CHECKING:
    import networkx as nx
    from rich.tree import Tree

OPTIONS = (*POOL, option("--level", "how deep to show the hierarchy", choices=tuple(HIERARCHY), default="observation"))


def run(options: Namespace) -> int:
    """Show the pool."""
    from solver.default import default_rules

    pool = read_pool(options)
    console.show(f"{pool.name}: {plural(len(pool), 'exposure')} in {plural(len(pool.columns), 'column')}")
    for made in (_modes(pool), _candidates(pool), _targets(pool), _tree(pool.hierarchy(), options.level, pool.name)):
        console.show("", made)
    odd = [f"  {each}" for each in reports.oddities(pool, default_rules())]
    console.show("", *(["Missing or odd:", *odd] if odd else ["Nothing is missing or odd."]))
    return 0


def _modes(pool: pools.Pool) -> console.Table:
    counts = Counter(zip(pool["program"], pool["instrume"], pool["exp_type"], strict=True))
    modes = sorted(counts, key=lambda mode: (pools.natural(mode[0]), mode))
    rows = ((*(cell or "not given" for cell in mode), f"{counts[mode]:,}") for mode in modes)
    return console.Table("Program", "Instrument", "Exposure type", "Exposures", rows=rows, numbers=("Exposures",))


def _candidates(pool: pools.Pool) -> console.Table:
    sub_pools = pool.sub_pools(discover=False)
    sizes = zip(sub_pools.candidates, sub_pools.sizes.tolist(), strict=True)
    rows = ((each.program, each.id, each.type, f"{size:,}") for each, size in sizes)
    return console.Table("Program", "Candidate", "Type", "Exposures", rows=rows, numbers=("Exposures",))


def _targets(pool: pools.Pool) -> console.Table:
    named: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    columns = ("program", "targetid", "targprop", "targname")
    for program, target, proposed, name in zip(*map(pool.__getitem__, columns), strict=True):
        named[program, target].append(proposed or name)
    targets = sorted(named.items(), key=lambda each: tuple(map(pools.natural, each[0])))
    rows = (
        (program, target or "not given", ", ".join(sorted({*names} - {""})), f"{len(names):,}")
        for (program, target), names in targets
    )
    return console.Table("Program", "Target", "Name", "Exposures", rows=rows, numbers=("Exposures",))


def _tree(graph: nx.DiGraph[pools.Node], level: str, title: str) -> Tree:
    """The hierarchy down to a level, with the number of exposures below each node."""
    from rich.tree import Tree

    depth = list(HIERARCHY).index(level)
    top = Tree(console.inert(title))
    branches: dict[pools.Node, Tree] = {(): top}
    for node in pools.walk_hierarchy(graph):
        data = graph.nodes[node]
        if list(HIERARCHY).index(data["level"]) <= depth:
            leaf = data["level"] == "exposure"
            label = node[-1] if leaf else f"{node[-1]}  ({plural(data['exposures'], 'exposure')})"
            branches[node] = branches[node[:-1]].add(console.inert(label))
    return top
