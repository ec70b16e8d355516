"""What a rule may make of a pool: pairs of exposures are counted before they are made, so that memory is bounded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rules.rule import RuleSpec
from solver.errors import TooManyGroupsError
from solver.pools import SubPools

#: Most members that the associations of a rule get by what goes with what; no program comes near.
MEMBERS = 4_000_000

#: Most pairs of signatures that agree because values are missing; far fewer make too many groups.
PAIRS = 2_000_000

#: What to do about members that are too many.
DIVIDE = "divide the candidate, correct the pool, or leave the rule out"


def refuse_beyond(
    limit: int,
    spec: RuleSpec,
    sub_pools: SubPools,
    candidate: NDArray[np.integer],
    counts: NDArray[np.integer],
    what: str,
    remedy: str = DIVIDE,
    *,
    before: int = 0,
) -> None:
    """Refuse a rule that would make more of something than there may be.

    Args:
        limit: how many there may be.
        spec: the rule.
        sub_pools: the candidates.
        candidate: the index of a candidate for each count.
        counts: how many there would be.
        what: what they are, for the message.
        remedy: what to do about it.
        before: how many there are already.

    Raises:
        TooManyGroupsError: there would be more; it names the candidate with the most.
    """
    if before + int(counts.sum()) > limit:
        most = int(np.argmax(np.bincount(candidate, weights=counts)))
        raise TooManyGroupsError(spec.name, str(sub_pools.candidates[most]), limit, what, remedy)
