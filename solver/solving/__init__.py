"""Solving: rules over sub-pools, compiled to constraint problems, solved to groups, and made into associations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.solving.compilation import admitted, compile_rule
    from solver.solving.distances import near, numbers_of
    from solver.solving.garbage import uncollected
    from solver.solving.generation import Request, Result, Trial, check_request, generate, solve_unchecked
    from solver.solving.pruning import Dropped
    from solver.solving.shards import cut_into_shards, shard_of, with_rows_moved

__all__ = [
    "Dropped", "Request", "Result", "Trial", "admitted", "check_request", "compile_rule", "cut_into_shards",
    "generate", "near", "numbers_of", "shard_of", "solve_unchecked", "uncollected", "with_rows_moved",
]  # fmt: skip

__getattr__, __dir__ = late(__name__, __file__)
