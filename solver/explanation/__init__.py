"""Explanations: why an exposure is in an association or not, why an association is as it is, and what orphans lack.

An explanation is a tree of facts (`solver.explanation.facts`), to be used as data or printed. What it says would let
an exposure in was solved, not inferred: without those constraints, or with those values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.explanation.association import explain_association
    from solver.explanation.explained import AnyExplanation
    from solver.explanation.exposure import explain
    from solver.explanation.grounds import memberships
    from solver.explanation.orphans import explain_orphans, orphans_explanation
    from solver.explanation.pairs import explain_pair
    from solver.explanation.solved import SolvedProgram
    from solver.explanation.text import Line, ground_lines, orphan_text

__all__ = [
    "AnyExplanation", "Line", "SolvedProgram", "explain", "explain_association", "explain_orphans", "explain_pair",
    "ground_lines", "memberships", "orphan_text", "orphans_explanation",
]  # fmt: skip

__getattr__, __dir__ = late(__name__, __file__)
