"""asnsolve: the associations of JWST exposures, found by solving the rules' constraints."""

from solver.associations import Association, Member, Product
from solver.compare import Comparison, compare
from solver.editing import edit
from solver.errors import AsnsolveError, CandidateError, PoolError, TooManyGroupsError
from solver.from_list import from_list
from solver.gathering import gather
from solver.generate import Result, generate
from solver.member_files import missing_members
from solver.merge import merge
from solver.pool import Pool
from solver.reading import load
from solver.version import __version__

__all__ = [
    "AsnsolveError",
    "Association",
    "CandidateError",
    "Comparison",
    "Member",
    "Pool",
    "PoolError",
    "Product",
    "Result",
    "TooManyGroupsError",
    "__version__",
    "compare",
    "edit",
    "from_list",
    "gather",
    "generate",
    "load",
    "merge",
    "missing_members",
]
