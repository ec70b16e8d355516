"""Attachment: exposures that join a group because they share values with the exposures that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from rules.vocabulary import TRUE, AllOf, Column, Given, Join
from solver.pools import Mask, Numbers, first_rows, matching, number_rows
from solver.solving.compilation import Compiled, Solutions, admitted
from solver.solving.limits import MEMBERS, refuse_beyond

#: For each membership the index of its solution times the number of exposures of the pool, plus the exposure's row.
Joined = Numbers


def joined(compiled: Compiled, solutions: Solutions) -> Joined:
    """The exposures that join each solution; they may be in it already.

    Cost: a sort of the entries for each `join` of the rule, and one step per exposure that joins.
    """
    found = [np.zeros(0, dtype=np.int64)]
    for join in compiled.spec.joins:
        wanting = np.ones(len(solutions), dtype=np.bool_)  # those for which this join has found nothing yet
        for sharing in filter(None, (join.sharing, join.else_sharing)):
            found.append(_joining(join, sharing, compiled, solutions, wanting))
            wanting[found[-1] // len(compiled.pool)] = False
    return np.concatenate(found)


def _joining(join: Join, sharing: Sequence[Column], compiled: Compiled, solutions: Solutions, wanting: Mask) -> Joined:
    """The exposures that join the solutions still without any, by sharing these columns."""
    pool, sub_pools = compiled.pool, compiled.sub_pools
    columns = [pool.values(column) for column in sharing]
    joins = compiled.roles.where(join.role.__eq__) & pool.holds(AllOf((*map(Given, sharing), join.when or TRUE)))
    entries = sub_pools.entries(joins, admitted(compiled.spec, sub_pools))
    owner, anchor = (each[wanting[solutions.anchors[0]]] for each in solutions.anchors)
    theirs, row = sub_pools.candidate[entries], sub_pools.exposure[entries]
    about = compiled.exposure[anchor]
    shared = [compiled.candidate[anchor], *(column.codes[about] for column in columns)]
    once = first_rows(*number_rows([owner, *shared], len(owner)))
    what = "members, because so many exposures join so many groups"
    check = partial(refuse_beyond, MEMBERS, compiled, compiled.candidate[anchor][once], what=what)
    ours = [each[once] for each in shared]
    which, found = matching(ours, [theirs, *(column.codes[row] for column in columns)], check)
    return owner[once][which] * len(pool) + row[found]
