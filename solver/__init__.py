"""asnsolve: the associations of JWST exposures, found by solving the rules' constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asnsolve import require_own

require_own("rules")

from rules.late import late  # noqa: E402 (after the check)

if TYPE_CHECKING:
    from solver.associations.association import Association as Association, Member as Member, Product as Product
    from solver.associations.association_table import Associations as Associations
    from solver.associations.comparison import Comparison as Comparison, compare as compare
    from solver.associations.merging import merge as merge
    from solver.batch.generation import generate as generate
    from solver.checking.comparison import check as check
    from solver.errors import (
        ArchiveError as ArchiveError,
        AsnsolveError as AsnsolveError,
        AssociationError as AssociationError,
        BusyError as BusyError,
        CancelledError as CancelledError,
        CandidateError as CandidateError,
        DeclarationError as DeclarationError,
        HeaderError as HeaderError,
        MissingColumnError as MissingColumnError,
        MissingMembersError as MissingMembersError,
        OutputError as OutputError,
        PoolError as PoolError,
        RuleError as RuleError,
        RuleFileError as RuleFileError,
        SolvingError as SolvingError,
        TooManyGroupsError as TooManyGroupsError,
        TwinRulesError as TwinRulesError,
        UnknownColumnError as UnknownColumnError,
        UnknownNameError as UnknownNameError,
        UnknownRuleError as UnknownRuleError,
        UsageError as UsageError,
        WorkerError as WorkerError,
    )
    from solver.explanation.association import explain_association as explain_association
    from solver.explanation.exposure import explain as explain
    from solver.explanation.orphans import explain_orphans as explain_orphans
    from solver.explanation.pairs import explain_pair as explain_pair
    from solver.headers.ingestion import ingest as ingest
    from solver.pools.pool import Pool as Pool
    from solver.pools.statements import Statements as Statements
    from solver.progress import Reporter as Reporter
    from solver.reports.web_page import report as report
    from solver.solving.result import Result as Result
    from solver.storage.archive import Archive as Archive
    from solver.storage.editing import edit as edit
    from solver.storage.file_lists import from_list as from_list
    from solver.storage.gathering import gather as gather
    from solver.storage.loading import load as load
    from solver.storage.member_files import missing_members as missing_members
    from solver.storage.results import write as write
    from solver.verification.analysis import verify as verify
    from solver.verification.version_comparison import compare_versions as compare_versions
    from solver.version import __version__ as __version__

OWNER = "asnsolve"  # another distribution's package `solver` has none

__getattr__, __dir__ = late(__name__, __file__)
