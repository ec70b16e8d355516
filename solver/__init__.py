"""asnsolve: the associations of JWST exposures, found by solving the rules' constraints."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from solver.associations import Association, Member, Product
    from solver.compare import Comparison, compare
    from solver.editing import edit
    from solver.errors import AsnsolveError, CandidateError, PoolError, TooManyGroupsError, UnknownNameError
    from solver.explain import explain, explain_association, explain_orphans, explain_pair
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
    "UnknownNameError",
    "__version__",
    "compare",
    "edit",
    "explain",
    "explain_association",
    "explain_orphans",
    "explain_pair",
    "from_list",
    "gather",
    "generate",
    "load",
    "merge",
    "missing_members",
]

#: The modules of the names above: each is loaded when one of its names is used first.
_MODULES = {
    "associations": ("Association", "Member", "Product"),
    "compare": ("Comparison", "compare"),
    "editing": ("edit",),
    "errors": ("AsnsolveError", "CandidateError", "PoolError", "TooManyGroupsError", "UnknownNameError"),
    "explain": ("explain", "explain_association", "explain_orphans", "explain_pair"),
    "from_list": ("from_list",),
    "gathering": ("gather",),
    "generate": ("Result", "generate"),
    "member_files": ("missing_members",),
    "merge": ("merge",),
    "pool": ("Pool",),
    "reading": ("load",),
    "version": ("__version__",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    """A public name, from its module."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


class _Package(ModuleType):
    """Some functions have the names of their modules: then the name is the function's, whatever was loaded before."""

    def __setattr__(self, name: str, value: object) -> None:
        if _MODULE_OF.get(name) == name and isinstance(value, ModuleType):
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
