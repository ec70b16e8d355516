"""The levels of the observing hierarchy, in a module of their own so that help pages that list them need no numpy."""

from __future__ import annotations

from collections.abc import Mapping

#: The levels of the observing hierarchy, program first, and the columns that name them.
HIERARCHY: Mapping[str, str] = {
    "program": "program",
    "observation": "obs_num",
    "visit": "visit",
    "group": "visitgrp",
    "sequence": "seq_id",
    "activity": "act_id",
    "exposure": "exposure",
}
