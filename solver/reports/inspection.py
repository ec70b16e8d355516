"""What is missing or odd in a pool."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import compress

import numpy as np

from rules.rule import Rule
from solver.pools import HIERARCHY, Evaluation, Mask, Pool
from solver.solving import compile_rule
from solver.words import few, plural


def oddities(pool: Pool, rules: Iterable[type[Rule]], known: Collection[str] = ()) -> Iterator[str]:
    """What is missing or odd, one sentence each.

    Args:
        pool: the exposures.
        rules: the rules.
        known: files of exposures of which the reader knows why no rule of one level takes them.
    """
    # without the latter, most rules cannot distinguish exposures
    for column in (*HIERARCHY.values(), "targetid", "pntgtype", "subarray", "filter", "detector"):
        if column not in pool.columns:
            yield f"no column {column.upper()}"
        elif column in {"obs_num", "targetid", "pntgtype", "detector"} and (lacking := ~pool[column].given()).any():
            yield f"no {column.upper()} in {_count(lacking)}"
    if (loose := ~pool["asn_candidate"].given()).any():
        yield f"no candidate in {_count(loose)}: grouped by discovery only"
    if (wrong := pool["exposerr"].given()).any():
        named = few(f"{pool.file_names[row]}: {pool['exposerr'][row]}" for row in np.flatnonzero(wrong).tolist())
        yield f"an error is noted in {_count(wrong)} (EXPOSERR); use --exclude to leave exposures out: {named}"
    yield from _unruled(pool, rules, known)


def _unruled(pool: Pool, rules: Iterable[type[Rule]], known: Collection[str]) -> Iterator[str]:
    """Exposure types with exposures that no rule takes, or no rule of a level."""
    evaluation, sub_pools = Evaluation(pool), pool.sub_pools()
    left = defaultdict[int, Mask](lambda: np.ones(len(pool), dtype=np.bool_))
    for rule in rules:
        compiled = compile_rule(rule.spec, evaluation, sub_pools)
        left[rule.spec.level][compiled.exposure] = False
        for join in rule.spec.joins:
            left[rule.spec.level] &= ~compiled.roles.where(join.role.__eq__)
    nowhere = np.all(list(left.values()), axis=0)
    unknown = np.array([name not in known for name in pool.file_names])
    by_level = {f"Level {level} rule": mask & ~nowhere & unknown for level, mask in sorted(left.items())}
    types = [kind.upper() or "no type" for kind in pool["exp_type"]]
    every = Counter(types)
    for what, mask in {"rule": nowhere, **by_level}.items():
        if kinds := Counter(compress(types, mask)).most_common():
            named = (f"{kind} ({count:,}{f' of {every[kind]:,}' * (count < every[kind])})" for kind, count in kinds)
            yield f"no {what} takes {_count(mask)}: {few(named, 12)}"


def _count(rows: Mask) -> str:
    return plural(int(rows.sum()), "exposure")
