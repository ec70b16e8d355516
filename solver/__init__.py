"""asnsolve: the associations of JWST exposures, found by solving the rules' constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asnsolve import require_own

require_own("rules")

from rules.late import late  # noqa: E402 (after the check)

if TYPE_CHECKING:
    from solver.associations.association import Association, Member, Product
    from solver.associations.association_table import Associations
    from solver.associations.comparison import Comparison, compare
    from solver.associations.merging import merge
    from solver.batch.generation import generate
    from solver.checking.comparison import check
    from solver.errors import (
        ArchiveError,
        AsnsolveError,
        AssociationError,
        BusyError,
        CancelledError,
        CandidateError,
        DeclarationError,
        HeaderError,
        MissingColumnError,
        MissingMembersError,
        OutputError,
        PoolError,
        RuleError,
        RuleFileError,
        SolvingError,
        TooManyGroupsError,
        TwinRulesError,
        UnknownColumnError,
        UnknownNameError,
        UnknownRuleError,
        UsageError,
        WorkerError,
    )
    from solver.explanation.association import explain_association
    from solver.explanation.exposure import explain
    from solver.explanation.orphans import explain_orphans
    from solver.explanation.pairs import explain_pair
    from solver.headers.ingestion import ingest
    from solver.pools.pool import Pool
    from solver.pools.statements import Statements
    from solver.progress import Reporter
    from solver.reports.web_page import report
    from solver.solving.result import Result
    from solver.storage.archive import Archive
    from solver.storage.editing import edit
    from solver.storage.file_lists import from_list
    from solver.storage.gathering import gather
    from solver.storage.loading import load
    from solver.storage.member_files import missing_members
    from solver.storage.results import write
    from solver.verification.analysis import verify
    from solver.verification.version_comparison import compare_versions
    from solver.version import __version__

__all__ = [
    "Archive", "ArchiveError", "AsnsolveError", "Association", "AssociationError", "Associations", "BusyError",
    "CancelledError", "CandidateError", "Comparison", "DeclarationError", "HeaderError", "Member", "MissingColumnError",
    "MissingMembersError", "OutputError", "Pool", "PoolError", "Product", "Reporter", "Result", "RuleError",
    "RuleFileError", "SolvingError", "Statements", "TooManyGroupsError", "TwinRulesError", "UnknownColumnError",
    "UnknownNameError", "UnknownRuleError", "UsageError", "WorkerError", "__version__", "check", "compare",
    "compare_versions", "edit", "explain", "explain_association", "explain_orphans", "explain_pair", "from_list",
    "gather", "generate", "ingest", "load", "merge", "missing_members", "report", "verify", "write",
]  # fmt: skip

OWNER = "asnsolve"  # another distribution's package `solver` has none

__getattr__, __dir__ = late(__name__, __file__)
