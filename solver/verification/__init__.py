"""Rules analysed without a pool, over all exposures that there can be.

Two things are done. What is about exposures one by one, or two by two, is *searched for* in a domain with
python-constraint, after the domain was cut by what can be decided without search; if nothing is found, nothing is
there. What is about groups is *tried*: small pools are built from the exposures that were found, smallest first, and
solved by `generate`, so every witness of what a rule makes is one by having been run.

`logic` and `conditions` say what a rule asks of one exposure, `agreement` of two; `scopes` and `space` search;
`family` and `pools` build and solve; `difference` holds two versions against each other; and `constraints`,
`overlaps`, `coverage` and `versions` are the analyses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.verification.findings import CODES, Finding, Needed, Report
    from solver.verification.pools import WitnessPool, pool_of
    from solver.verification.verifying import verify
    from solver.verification.versions import compare_versions

__all__ = [
    "CODES", "Finding", "Needed", "Report", "WitnessPool", "compare_versions", "pool_of", "verify",
]  # fmt: skip

__getattr__, __dir__ = late(__name__, __file__)
