"""asnsolve: the associations of JWST exposures, found by solving the rules' constraints."""

from solver.associations import Association, Member, Product
from solver.errors import AsnsolveError, CandidateError, PoolError, TooManyGroupsError
from solver.generate import Result, generate
from solver.pool import Pool
from solver.version import __version__

__all__ = [
    "AsnsolveError",
    "Association",
    "CandidateError",
    "Member",
    "Pool",
    "PoolError",
    "Product",
    "Result",
    "TooManyGroupsError",
    "__version__",
    "generate",
]
