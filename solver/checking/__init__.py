"""An independent check: are these associations what the rules make of this pool?

The vocabulary is read literally over plain dictionaries, one exposure at a time. Nothing here is shared
with the solver but the rules and the pool, so that the two can only agree by both being right.

`interpret` says what an expression means, `groups` what a group is, `products` what it becomes; `explain`
holds one association against that, and `results` all of them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.late import late

if TYPE_CHECKING:
    from solver.checking.checking import check
    from solver.checking.findings import CODES, Report

__all__ = [
    "CODES", "Report", "check",
]  # fmt: skip

__getattr__, __dir__ = late(__name__, __file__)
