"""The report of a check, and its codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

from solver.findings import Findings

#: The codes of findings, with the meaning of each.
CODES: Mapping[str, str] = MappingProxyType({
    "unreadable": "the file cannot be read as an association",
    "file-name": "the file name is malformed, or its program, candidate or type is not that of the content",
    "unknown-rule": "the rule is unknown or left out; only the checks that do not depend on it were made",
    "unknown-candidate": "no exposure of the pool lists the candidate",
    "wrong-candidate": "the rule is not for candidates of this type",
    "empty": "a product without members, or an association without products",
    "wrong-type": "the asn_type is not the rule's",
    "wrong-name": "the product's name is not the one that the rule gives it",
    "wrong-target": "the target is not the one that the rule gives it",
    "repeated-member": "a file is listed more than once in a product",
    "unknown-member": "a member is neither an exposure of the pool nor made by the rule",
    "not-in-candidate": "a member is not an exposure of the candidate",
    "unqualified": "a member does not qualify for the rule",
    "disagreement": "a member does not agree with the others",
    "surplus": "a member qualifies, but the rule does not take it",
    "wrong-role": "a member has the wrong exptype",
    "wrong-file": "a member is not the file that the rule names",
    "left-out": "a file that belongs in the association is not in it",
    "invalid": "the members do not make a valid association of the rule",
    "same-members": "two associations have the same members in the same roles",
    "same-name": "two products have the same name, so one file overwrites the other",
    "outranked": "an association with the same members takes precedence",
    "missing": "an association that the rules make is missing",
    "unaccounted": "exposures are in no association, and a candidate that could include them has no associations",
    "not-calibrated": "a Level 3 member is the product of no Level 2 association",
    "no-level-2": "there are no Level 2 associations, so the members of Level 3 cannot be traced",
})  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Report(Findings):
    """The findings of a check.

    Attributes:
        findings: errors first, then warnings, then notes; sorted by code and association.
        associations: number of associations that were checked.
        members: number of their members.
        exposures: number of exposures of the pool, or of the candidates that were asked for.
        in_none: those of them in no association.
        absent: the number of those in no association of a level, by level.
    """

    associations: int
    members: int
    exposures: int
    in_none: tuple[str, ...]
    absent: Mapping[int, int] = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON."""
        keys = ("code", "severity", "association", "exposures", "message")
        rows = ((each.code, each.severity, each.about, list(each.exposures), each.message) for each in self.findings)
        shown = [dict(zip(keys, row, strict=True)) for row in rows]
        absent = {f"level{level}": count for level, count in sorted(self.absent.items())}
        return asdict(self) | {"findings": shown, "in_none": list(self.in_none), "absent": absent}
