"""What an analysis of rules finds: data, and the words for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from solver.verification.witnesses import WitnessPool

Severity = Literal["error", "warning", "note"]

#: The codes of findings, with what each of them says. A code never changes its meaning.
CODES: Mapping[str, str] = MappingProxyType({
    "V101": "no exposure that there can be satisfies the rule",
    "V102": "exposures qualify, but none of their groups becomes an association",
    "V103": "the rule names a value that no exposure can have",
    "V201": "a constraint changes nothing: the others leave nothing for it to do",
    "V202": "no pool was found on which a constraint changes anything",
    "V203": "a constraint changes nothing in some of the rules that inherit it",
    "V301": "two rules make associations of the same members",
    "V302": "two rules make different products of one name",
    "V303": "two rules make products about one exposure",
    "V401": "no rule takes these exposures",
    "V501": "a Level 3 rule asks for products that no Level 2 rule makes",
    "V601": "two versions of a rule make different associations",
    "V602": "a rule is only in the new version",
    "V603": "a rule is only in the old version",
    "V604": "a declaration of a rule was changed, which changes no association",
    "V605": "a declaration of a rule was changed, and no pool was found on which it shows",
    "V901": "something is declared as intended that is not so",
})  # fmt: skip

SEVERITIES: Mapping[str, Severity] = MappingProxyType({
    "V101": "error", "V102": "error", "V103": "warning", "V201": "warning", "V202": "warning", "V203": "note",
    "V301": "warning", "V302": "error", "V303": "warning", "V401": "warning", "V501": "error", "V601": "warning",
    "V602": "warning", "V603": "warning", "V604": "note", "V605": "warning", "V901": "warning",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that holds for the rules and that a reviewer should know.

    Attributes:
        code: what kind of thing; a key of `CODES`.
        rules: names of the rules, or of the class, that it is about.
        message: one sentence.
        pool: a small pool on which it shows; None where nothing can show it.
        shown: what is made of the pool, in lines.
        intended: why it is meant to be so; "" if nothing says that it is.
    """

    code: str
    rules: tuple[str, ...]
    message: str
    pool: WitnessPool | None = None
    shown: tuple[str, ...] = ()
    intended: str = ""

    @property
    def severity(self) -> Severity:
        """An error is against what rules are for; a warning may be meant so; a note is for information."""
        return SEVERITIES[self.code]

    @property
    def counts(self) -> bool:
        """Whether somebody has to do something about it."""
        return not self.intended and self.severity != "note"

    def to_dict(self) -> dict[str, Any]:
        """The finding for machines."""
        return {
            "code": self.code,
            "severity": self.severity,
            "rules": list(self.rules),
            "message": self.message,
            "witness": [] if self.pool is None else [dict(row) for row in self.pool.rows()],
            "shown": list(self.shown),
            "intended": self.intended or None,
        }


@dataclass(frozen=True, slots=True)
class Needed:
    """What a constraint of a rule is for.

    Attributes:
        rule: name of the rule.
        constraint: the constraint, as it would be said.
        by: the class that states it.
        pool: a pool on which the rule makes something else without it; None if it changes nothing.
        proved: whether, if it changes nothing, that is proved.
    """

    rule: str
    constraint: str
    by: str
    pool: WitnessPool | None
    proved: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, and over what.

    Attributes:
        rules: number of rules.
        findings: in order of their codes.
        satisfied: for each rule the smallest pool of which it makes an association.
        constraints: what each constraint of each rule is for.
        exp_types: number of exposure types in the domain.
        columns: for each column that the rules ask for, how many values the domain has; 0 where it may be any word.
        combinations: number of combinations of these values, as far as they are listed.
        problems: number of constraint problems that were solved.
    """

    rules: int
    findings: tuple[Finding, ...]
    satisfied: Mapping[str, WitnessPool]
    constraints: tuple[Needed, ...]
    exp_types: int
    columns: Mapping[str, int]
    combinations: int
    problems: int

    @property
    def undeclared(self) -> tuple[Finding, ...]:
        """The findings that somebody has to do something about."""
        return tuple(finding for finding in self.findings if finding.counts)

    def of(self, code: str) -> tuple[Finding, ...]:
        """The findings with this code."""
        return tuple(finding for finding in self.findings if finding.code == code)

    @property
    def counts(self) -> Counter[str]:
        """How many findings there are of each code."""
        return Counter(finding.code for finding in self.findings)
