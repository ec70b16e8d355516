"""Shards: parts of a pool, cut between programs, that can be solved anywhere and in any order.

Programs never share associations, and a pool keeps the exposures of a program together. So the results of the
parts, put together in the order of the pool, are the result of the whole. Where a pool is cut depends on the
pool alone, never on who solves the parts, so the results of a part are the same on every machine.

`solve_unchecked` solves a part. `check_request` comes first: it checks the whole pool, and refuses missing candidates
and columns as `generate` does.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from solver.pools import Pool, PoolText

#: Exposures of a shard: programs are added while there is room. A program with more is a shard of its own.
SHARD_SIZE = 25_000


def cut_into_shards(pool: Pool | PoolText, size: int | None = None) -> list[range]:
    """The rows of the shards of a pool: consecutive programs, which together have at most `size` exposures.

    A larger program is a shard of its own. The default size is `SHARD_SIZE`.

    Raises:
        ValueError: `size` is not positive.

    >>> rows = [{"filename": f"{program}{i}", "program": str(program), "instrume": "x", "exp_type": "x",
    ...          "asn_candidate": ""} for program in (1, 2, 3) for i in range(2)]
    >>> cut_into_shards(Pool.from_rows(rows), 4)
    [range(0, 4), range(4, 6)]
    """
    size = SHARD_SIZE if size is None else size
    if size < 1:
        raise ValueError(f"a shard of {size} exposures has none; give a size of at least 1")
    programs = pool.program if isinstance(pool, PoolText) else pool["program"]
    starts = [0]
    for begin, end in pairwise([0, *(np.flatnonzero(np.diff(programs.codes)) + 1).tolist(), len(pool)]):  # each program
        if begin and end - starts[-1] > size:
            starts.append(begin)
    return [range(*each) for each in pairwise([*starts, len(pool)])]
