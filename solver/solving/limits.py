"""What a rule may make of a pool: pairs of exposures are counted before they are made, so that memory is bounded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.errors import TooManyGroupsError
from solver.solving.compilation import Compiled

#: Most members that the associations of a rule get by what goes with what; no program comes near.
MEMBERS = 4_000_000

#: Most pairs of signatures that agree because values are missing; far fewer make too many groups.
PAIRS = 2_000_000

#: What to do about members that are too many.
DIVIDE = "divide the candidate, correct the pool, or leave the rule out"


def refuse_beyond(
    limit: int,
    compiled: Compiled,
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
        compiled: the rule over sub-pools.
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
        raise too_many(limit, compiled, most, what, remedy)


def too_many(limit: int, compiled: Compiled, candidate: int, what: str, remedy: str) -> TooManyGroupsError:
    """The error that says of which candidate, by its index, a rule makes more than `limit` of something."""
    place = str(compiled.sub_pools.candidates[candidate])
    return TooManyGroupsError(compiled.spec.name, place, limit, what, remedy)
