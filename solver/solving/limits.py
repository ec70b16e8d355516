"""Limits on what a rule makes of a pool: pairs of exposures are counted before they are made, to bound memory."""

from __future__ import annotations

from typing import SupportsIndex

import numpy as np

from solver.errors import TooManyGroupsError
from solver.pools import Codes, Numbers
from solver.solving.compilation import Compiled

#: Maximum number of members that the associations of a rule may get by pairing exposures; programs have far fewer.
MEMBERS = 4_000_000

#: Maximum number of pairs of signatures that agree because values are missing; far fewer make too many groups.
PAIRS = 2_000_000

#: What to do about too many members.
DIVIDE = "divide the candidate, correct the pool, or leave the rule out"


def refuse_beyond(
    limit: int, compiled: Compiled, candidate: Codes, counts: Numbers, what: str, remedy: str = DIVIDE, before: int = 0
) -> None:
    """Refuse a rule that would make more of something than a limit allows.

    Args:
        limit: the largest number allowed.
        compiled: the rule over sub-pools.
        candidate: the index of a candidate for each count.
        counts: how many there would be.
        what: what they are, for the message.
        remedy: what to do about it.
        before: how many there are already.

    Raises:
        TooManyGroupsError: there would be more; the error names the candidate with the most.
    """
    if before + int(counts.sum()) > limit:
        raise too_many(limit, compiled, np.argmax(np.bincount(candidate, weights=counts)), what, remedy)


def too_many(limit: int, compiled: Compiled, candidate: SupportsIndex, what: str, remedy: str) -> TooManyGroupsError:
    """The error that names the candidate, given by its index, of which a rule makes more than `limit` of something."""
    return TooManyGroupsError(compiled.spec.name, str(compiled.sub_pools.candidates[candidate]), limit, what, remedy)
