"""The roles of members (`exptype`) that rules give and pipelines look for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rules.vocabulary import ROLES
from solver.errors import AssociationError
from solver.words import nearest

#: The roles of members and their meanings. Roles that no exposure has are for files that the pipeline made.
MEMBER_TYPES: Mapping[str, str] = MappingProxyType({
    **ROLES,
    "sourcecat": "the catalogue of the sources in a direct image",
    "segmap": "a map of the pixels of each source in a direct image",
    "selfcal": "an exposure that only helps to find bad pixels",
})  # fmt: skip

#: Those of them without which a product is still the same.
HELPING = frozenset({"selfcal"})


def member_type(text: str) -> str:
    """The role that a text names, in lower case, as the pipelines compare it.

    Raises:
        AssociationError: the role is unknown.

    >>> member_type("Target_Acquisition")
    'target_acquisition'
    """
    name = text.strip().lower()
    if name not in MEMBER_TYPES:
        hint = nearest(name, MEMBER_TYPES, f"choose from {', '.join(MEMBER_TYPES)}")
        raise AssociationError(f"{text!r} is not a role; {hint}")
    return name
