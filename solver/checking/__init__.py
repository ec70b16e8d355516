"""An independent check: are these associations what the rules make of this pool?

The vocabulary is read literally over plain dictionaries, one exposure at a time. Nothing here is shared
with the solver but the rules and the pool, so that the two can only agree by both being right.

`expressions` says what an expression means, `groups` what a group is, `products` what it becomes: the literal
reading. `comparison` holds results against that, each association alone and all of them together;
`differences` says how and why a product differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.checking.comparison import check
    from solver.checking.findings import CODES, Report

__all__ = ["CODES", "Report", "check"]

__getattr__, __dir__ = late(__name__, __file__)
