"""Solving: compile rules to constraint problems, solve them for groups, make products, and prune duplicates.

`generation` is the whole path: `compilation` states a rule over sub-pools, `groups` or `constraint_engine` solves it,
`attachment` adds exposures that join, `products`, `expansion` and `product_names` make associations, `pruning` drops
those that would make the same product, `orphans` gives the reason for each exposure that is left. `requirements`
states what a rule requires of one exposure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.solving.compilation import (
        admitted as admitted,
        compile_rule as compile_rule,
        eligible_exposures as eligible_exposures,
    )
    from solver.solving.garbage_collection import uncollected as uncollected
    from solver.solving.generation import (
        BackgroundAt as BackgroundAt,
        Engine as Engine,
        Request as Request,
        check_request as check_request,
        solve_unchecked as solve_unchecked,
        sub_pools_of as sub_pools_of,
    )
    from solver.solving.pairwise import near as near
    from solver.solving.product_names import fields_in as fields_in, labels_in as labels_in
    from solver.solving.pruning import (
        SAME_NAME as SAME_NAME,
        Dropped as Dropped,
        Superseded as Superseded,
        DroppedAssociations as DroppedAssociations,
    )
    from solver.solving.requirements import (
        CANDIDATES as CANDIDATES,
        SCIENCE as SCIENCE,
        Requirement as Requirement,
        admits as admits,
        agreeing_with as agreeing_with,
        as_anchor as as_anchor,
        as_partner as as_partner,
        compared as compared,
        considered as considered,
        differing as differing,
        having_role as having_role,
        in_roles as in_roles,
        is_in as is_in,
        joining as joining,
        listing as listing,
        requirements_of as requirements_of,
        resolved as resolved,
        sharing as sharing,
    )
    from solver.solving.result import Result as Result, Trial as Trial
    from solver.solving.shards import cut_into_shards as cut_into_shards

__getattr__, __dir__ = late(__name__, __file__)
