"""Attachment: exposures that join a group by what they share with what the group is about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rules.vocabulary import Column, Join
from solver.candidates import SubPools
from solver.columns import Mask, number_rows
from solver.compile import Compiled, Solution, admitted
from solver.evaluate import Evaluation

Rows = NDArray[np.int32]


def joined(compiled: Compiled, solutions: Sequence[Solution], pool: Evaluation, sub_pools: SubPools) -> list[Rows]:
    """For each solution the rows of the exposures that join it, without those that are in it already.

    Cost: a sort of the entries for each `join` of the rule, and one look-up per group.
    """
    nothing = np.zeros(0, dtype=np.int32)
    found = [nothing] * len(solutions)
    for join in compiled.spec.joins:
        wanted = list(range(len(solutions)))  # those for which this join has found nothing yet
        for sharing in filter(None, (join.sharing, join.else_sharing)):
            keys, rows_of = _joining(join, sharing, compiled, pool, sub_pools)
            left: list[int] = []
            for which in wanted:
                parts = [rows_of[key] for key in set(keys[solutions[which].anchors].tolist()) if key in rows_of]
                if parts:
                    found[which] = np.concatenate([found[which], *parts])
                else:
                    left.append(which)
            wanted = left
    return [
        np.setdiff1d(rows, compiled.exposure[solution.entries]) if len(rows) else nothing
        for solution, rows in zip(solutions, found, strict=True)
    ]


def _joining(
    join: Join, sharing: tuple[Column, ...], compiled: Compiled, pool: Evaluation, sub_pools: SubPools
) -> tuple[NDArray[np.int64], dict[int, Rows]]:
    """A key for every entry of the rule, and the rows of the exposures that join where it occurs."""
    columns = [pool.values(column) for column in sharing]
    joins: Mask = compiled.roles.where(join.role.__eq__)
    if join.when is not None:
        joins &= pool.holds(join.when)
    for column in columns:
        joins &= column.given()
    entries = sub_pools.entries(joins, admitted(compiled.spec, sub_pools))
    if len(entries) == 0:
        return np.zeros(len(compiled), dtype=np.int64), {}
    exposure = np.concatenate([compiled.exposure, sub_pools.exposure[entries]])
    candidate = np.concatenate([compiled.candidate, sub_pools.candidate[entries]])
    keys, _ = number_rows([candidate, *(column.codes[exposure] for column in columns)], len(exposure))
    own, theirs = keys[: len(compiled)], keys[len(compiled) :]
    order = np.argsort(theirs, kind="stable")
    distinct, starts = np.unique(theirs[order], return_index=True)
    rows = np.split(sub_pools.exposure[entries][order], starts[1:])
    return own, dict(zip(distinct.tolist(), rows, strict=True))
