"""Solving: compile rules to constraint problems, solve them for groups, make products, and prune duplicates.

`generation` is the whole path: `compilation` states a rule over sub-pools, `groups` or `constraint_engine` solves it,
`attachment` adds exposures that join, `products`, `expansion` and `product_names` make associations, `pruning` drops
those that would make the same product, `orphans` says what is left and why. `requirements` says what a rule requires
of one exposure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.solving.compilation import admitted, compile_rule, eligible_exposures
    from solver.solving.garbage_collection import uncollected
    from solver.solving.generation import BackgroundAt, Engine, Request, check_request, solve_unchecked, sub_pools_of
    from solver.solving.pairwise import near, numbers_of
    from solver.solving.pruning import SAME_NAME, Dropped, DroppedAssociations
    from solver.solving.requirements import (
        CANDIDATES,
        SCIENCE,
        Requirement,
        agreeing_with,
        as_anchor,
        as_partner,
        compared,
        considered,
        differing,
        having_role,
        in_roles,
        is_in,
        joining,
        listing,
        requirements_of,
        resolved,
        sharing,
    )
    from solver.solving.result import Result, Trial
    from solver.solving.shards import cut_into_shards, shard_of

__all__ = [
    "CANDIDATES", "SAME_NAME", "SCIENCE", "BackgroundAt", "Dropped", "DroppedAssociations", "Engine", "Request",
    "Requirement", "Result", "Trial", "admitted", "agreeing_with", "as_anchor", "as_partner", "check_request",
    "compared", "compile_rule", "considered", "cut_into_shards", "differing", "eligible_exposures", "having_role",
    "in_roles", "is_in", "joining", "listing", "near", "numbers_of", "requirements_of", "resolved", "shard_of",
    "sharing", "solve_unchecked", "sub_pools_of", "uncollected",
]  # fmt: skip

__getattr__, __dir__ = late(__name__, __file__)
