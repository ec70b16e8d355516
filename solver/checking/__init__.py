"""Checking: associations are compared with an independent, literal reading of what the rules make of their pool.

This room reads the vocabulary literally, over plain dictionaries, one exposure at a time. It shares only the rules
and the pool with the solver, so the two agree only if both are right.

The literal reading: `expressions` defines what an expression means, `groups` what a group is, `products` what a group
becomes. `comparison` compares results with it, each association alone and all of them together; `differences`
explains how and why a product differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.checking.comparison import check as check
    from solver.checking.findings import CODES as CODES, Report as Report

__getattr__, __dir__ = late(__name__, __file__)
