"""asnsolve: the associations of JWST exposures, found by solving the rules' constraints."""

from solver.associations import Association, Member, Product
from solver.compare import Comparison, compare
from solver.errors import AsnsolveError, CandidateError, PoolError, TooManyGroupsError, UnknownNameError
from solver.explain import explain, explain_association, explain_orphans, explain_pair
from solver.generate import Result, generate
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
    "UnknownNameError",
    "__version__",
    "compare",
    "explain",
    "explain_association",
    "explain_orphans",
    "explain_pair",
    "generate",
    "load",
    "merge",
]
