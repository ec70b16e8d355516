"""Explanations: why an exposure is in an association or not, why an association is as it is, and what orphans lack.

An explanation consists of facts (`solver.explanation.facts`), to be used as data or printed. What keeps an exposure out
is a *reason*; what a person can state so that a rule takes it is a *fix*. Both were solved, not inferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.explanation.association import explain_association
    from solver.explanation.candidates import explain_candidates
    from solver.explanation.explained import AnyExplanation, Line, ground_lines, orphan_text
    from solver.explanation.exposure import explain
    from solver.explanation.grounds import memberships
    from solver.explanation.orphans import explain_orphans
    from solver.explanation.pairs import explain_pair
    from solver.explanation.solved import SolvedProgram

__all__ = [
    "AnyExplanation", "Line", "SolvedProgram", "explain", "explain_association", "explain_candidates",
    "explain_orphans", "explain_pair", "ground_lines", "memberships", "orphan_text",
]  # fmt: skip

__getattr__, __dir__ = late(__name__, __file__)
