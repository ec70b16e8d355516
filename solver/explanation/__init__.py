"""Explanations: why an exposure is in an association or not, and what orphans lack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.explanation.explained import AnyExplanation
    from solver.explanation.explanations import explain, explain_association, explain_orphans, explain_pair
    from solver.explanation.grounds import memberships
    from solver.explanation.orphans import orphans_explanation
    from solver.explanation.solved import SolvedProgram
    from solver.explanation.text import Line, ground_lines, orphan_text

__all__ = [
    "AnyExplanation", "Line", "SolvedProgram", "explain", "explain_association", "explain_orphans", "explain_pair",
    "ground_lines", "memberships", "orphan_text", "orphans_explanation",
]  # fmt: skip

__getattr__, __dir__ = late(__name__, __file__)
