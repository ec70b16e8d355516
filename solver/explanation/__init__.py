"""Explanations: why an exposure is in an association or not, why an association is as it is, and what orphans lack.

An explanation consists of facts (`solver.explanation.facts`), to be used as data or printed. What keeps an exposure out
is a *reason*; what a person can state so that a rule takes it is a *fix*. Both were solved, not inferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.explanation.association import absent as absent, explain_association as explain_association
    from solver.explanation.candidates import explain_candidates as explain_candidates
    from solver.explanation.explained import (
        Explanation as Explanation,
        ground_lines as ground_lines,
        orphan_text as orphan_text,
    )
    from solver.explanation.exposure import explain as explain
    from solver.explanation.grounds import memberships as memberships
    from solver.explanation.orphans import explain_orphans as explain_orphans
    from solver.explanation.pairs import explain_pair as explain_pair
    from solver.explanation.refusals import kept_from as kept_from
    from solver.explanation.solved import SolvedProgram as SolvedProgram
    from solver.explanation.untaken import Untaken as Untaken

__getattr__, __dir__ = late(__name__, __file__)
