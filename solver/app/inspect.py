"""Show what is in a pool.

Show what is in a pool: programs, modes, candidates, targets, the observing
hierarchy, and what is missing or odd.
"""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator

from solver import batch, pools, reports
from solver.app import console
from solver.app.inputs import read_once, recall, show_hints, stated
from solver.app.options import ATTENTION, POOL, option
from solver.multimap import grouped
from solver.pools import HIERARCHY
from solver.words import inert, plural

OPTIONS = (*POOL, option("--level", "how deep to show the hierarchy", choices=tuple(HIERARCHY), default="observation"))


def run(options: Namespace) -> int:
    """Show the pool; 1 if files there had to be skipped."""
    from solver.default import default_rules

    recall(options)
    pool = read_once(options)(stated(options))
    name = options.pool.resolve().name
    console.show(f"{name}: {plural(len(pool), 'exposure')} in {plural(len(pool.columns), 'column')}")
    tree = console.tree(inert(name), _nodes(pool, options.level))
    console.show("", _modes(pool), "", _candidates(pool), "", _targets(pool), "", tree)
    hints = batch.united(batch.hints_of(pool, default_rules()), pool["program"].values[1:])
    missing = {file for each in hints if each.option.startswith("--set ") for file in each.exposures}
    odd = [*reports.oddities(pool, default_rules(), missing)]
    console.show("", *(["Missing or odd:", *odd] if odd or hints else ["No value is missing or odd."]))
    show_hints({options.pool: hints}, options)
    return ATTENTION if options.incomplete else 0


def _modes(pool: pools.Pool) -> console.Table:
    counts = Counter(zip(pool["program"], pool["instrume"], pool["exp_type"], strict=True))
    modes = sorted(counts, key=lambda mode: (pools.natural(mode[0]), mode))
    rows = ((*(cell.upper() or "not given" for cell in mode), counts[mode]) for mode in modes)
    return console.Table("Program", "Instrument", "Exposure type", "Exposures", rows=rows)


def _candidates(pool: pools.Pool) -> console.Table:
    sub_pools = pool.sub_pools(discover=False)
    sizes = zip(sub_pools.candidates, sub_pools.sizes.tolist(), strict=True)
    rows = ((each.program, each.id, each.type, size) for each, size in sizes)
    return console.Table("Program", "Candidate", "Type", "Exposures", rows=rows)


def _targets(pool: pools.Pool) -> console.Table:
    every = zip(*map(pool.__getitem__, ("program", "targetid", "targprop", "targname")), strict=True)
    named = grouped(((program, target or "not given"), proposed or name) for program, target, proposed, name in every)
    targets = sorted(named.items(), key=lambda each: tuple(map(pools.natural, each[0])))
    rows = ((*place, ", ".join(sorted({*names} - {""})).upper(), len(names)) for place, names in targets)
    return console.Table("Program", "Target", "Name", "Exposures", rows=rows)


def _nodes(pool: pools.Pool, level: str) -> Iterator[tuple[pools.Node, str]]:
    """The hierarchy down to a level, with the number of exposures below each node."""
    shown = list(HIERARCHY)[: list(HIERARCHY).index(level) + 1]
    for node, data in pool.hierarchy().nodes(data=True):
        if data["level"] in shown:
            count = "" if data["level"] == "exposure" else f"  ({plural(data['exposures'], 'exposure')})"
            yield node, inert(node[-1] + count)
