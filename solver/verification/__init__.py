"""Verification: rules are analysed without a pool, over all exposures that a domain allows.

Exposures and pairs of exposures are *searched for* in the domain: `scopes` finds where conditions can hold, `axes` has
the classes of exposures that they distinguish, and `problem` evaluates them on all combinations; what `search` does
not find does not exist. Groups are *tried*: `trial_pools` builds small pools from the exposures that were found,
smallest first, and `witnesses` solves them as `generate` does, so a witness of what a rule makes has always been run.
A search that meets its bound raises `BoundError`, which becomes a finding.

`exposure_conditions` says what a rule requires of one exposure. `normal_form`, `version_change` and
`difference_search` decide whether two versions of a rule differ. `constraints`, `overlaps`,
`coverage` and `version_comparison` are the analyses; `analysis` runs the first three.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.verification.analysis import verify as verify
    from solver.verification.findings import CODES as CODES, Needed as Needed, Report as Report
    from solver.verification.version_comparison import (
        by_successor as by_successor,
        compare_versions as compare_versions,
    )
    from solver.verification.witnesses import WitnessPool as WitnessPool

__getattr__, __dir__ = late(__name__, __file__)
