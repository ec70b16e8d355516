"""What an analysis of rules reports: its codes, the effects of constraints, and the report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from rules.vocabulary import TRUE, Constraint
from rules.vocabulary.intentions import Intention, Overlap
from solver.findings import Finding, Findings, Severity, Witness
from solver.verification.problem import BoundError
from solver.verification.witnesses import WitnessPool, pool_of

Kind = TypeVar("Kind", bound=Intention)

#: The codes of findings, with the severity and the meaning of each. A code never changes its meaning.
_KINDS: Mapping[str, tuple[Severity, str]] = MappingProxyType({
    "V101": ("error", "no possible exposure satisfies the rule"),
    "V102": ("error", "exposures qualify, but none of their groups becomes an association"),
    "V103": ("warning", "the rule names a value that no exposure can have"),
    "V104": ("warning", "the order of a rule's base classes decides its association type"),
    "V201": ("warning", "a constraint has no effect, given the rule's other constraints"),
    "V202": ("warning", "no pool was found on which a constraint changes anything"),
    "V203": ("note", "a constraint changes nothing in some of the rules that inherit it"),
    "V301": ("warning", "two rules make associations of the same members"),
    "V302": ("error", "two rules make different products with the same name"),
    "V303": ("warning", "two rules make products for the same exposure"),
    "V304": ("error", "one rule makes different products with the same name"),
    "V401": ("warning", "no rule takes these exposures"),
    "V501": ("error", "a Level 3 rule asks for products that no Level 2 rule makes"),
    "V601": ("warning", "two versions of a rule make different associations"),
    "V602": ("warning", "a rule is only in the new version"),
    "V603": ("warning", "a rule is only in the old version"),
    "V604": ("note", "a declaration of a rule was changed, which changes no association"),
    "V605": ("warning", "a declaration of a rule was changed, and no pool was found on which it shows"),
    "V901": ("warning", "something is declared as intended, but was not found"),
    "V902": ("warning", "a search was given up at its bound, so something may be missed"),
})  # fmt: skip

#: What each code says.
CODES: Mapping[str, str] = MappingProxyType({code: words for code, (_, words) in _KINDS.items()})


def rule_finding(
    code: str, rules: tuple[str, ...], message: str, pool: Witness | None = None, *shown: str, intended: str = ""
) -> Finding:
    """A finding about rules, or about a class that states something for them; for the rest see `Finding`."""
    about = "" if rules[0] in message else rules[0]
    return Finding(code, _KINDS[code][0], about, (), message, rules, pool, shown, intended)


def bounded(rules: tuple[str, ...], found: Iterable[Finding]) -> Iterator[Finding]:
    """The findings about some rules; the last one says so if a search met its bound."""
    try:
        yield from found
    except BoundError as met:
        yield rule_finding("V902", rules, str(met))


class Declared:
    """The intentions, and which of them were found."""

    def __init__(self, intentions: Iterable[Intention]) -> None:
        """Start with none of them found."""
        self._every = tuple(intentions)
        self._found: set[Intention | None] = set()

    def of(self, kind: type[Kind]) -> list[Kind]:
        """The intentions of a kind."""
        return [each for each in self._every if isinstance(each, kind)]

    def because(self, found: Intention | None) -> str:
        """Record that an intention was found, and return its reason; "" if there is no intention."""
        self._found.add(found)
        return "" if found is None else found.because

    def missing(self) -> Iterator[Finding]:
        """A finding for each intention that was not found."""
        for each in (each for each in self._every if each not in self._found):
            level = f"Level {getattr(each, 'level', 3)}"
            about = each.rules if isinstance(each, Overlap) else (getattr(each, "by", level),)
            yield rule_finding("V901", about, f"not found: {each}".removesuffix(f" where {TRUE}"))


class Needed(NamedTuple):
    """The effect of a constraint of a rule.

    Attributes:
        rule: name of the rule.
        constraint: the constraint.
        by: the class that states it.
        pool: a pool on which the rule makes something else without it; None if it has no effect.
        proved: if it has no effect, whether that is proved.
    """

    rule: str
    constraint: Constraint
    by: str
    pool: WitnessPool | None
    proved: bool


@dataclass(frozen=True, slots=True, repr=False)
class Report(Findings):
    """What was found, and in which domain.

    Attributes:
        findings: in order of their codes.
        rules: number of rules.
        satisfied: for each rule the smallest pool from which it makes an association.
        constraints: the effect of each constraint of each rule.
        exp_types: number of exposure types in the domain.
        columns: for each column that the rules use, the number of its values in the domain; 0 where any word will do.
        combinations: number of combinations of the listed values.
        problems: number of constraint problems that were solved.
    """

    rules: int
    satisfied: Mapping[str, WitnessPool] = field(repr=False)
    constraints: tuple[Needed, ...]
    exp_types: int
    columns: Mapping[str, int] = field(repr=False)
    combinations: int
    problems: int

    @property
    def witnessed(self) -> tuple[Finding, ...]:
        """The findings that a pool can show, those not declared as intended first."""
        found = (finding for finding in self.findings if finding.pool is not None)
        return tuple(sorted(found, key=lambda finding: not finding.counts))

    def witness_text(self) -> str:
        """A pool file that shows these findings, with a column for what each program shows."""
        pool = pool_of(each.pool for each in self.witnessed if each.pool is not None)
        shown = [f"{each.code} {' '.join(each.rules)}" for each in self.witnessed]
        return pool.to_text({"finding": [shown[int(program) - 1] for program in pool["program"]]})

    def to_dict(self) -> dict[str, Any]:
        """The report for machines."""
        return {
            "rules": self.rules,
            "domain": {"exposure_types": self.exp_types, "columns": self.columns, "combinations": self.combinations},
            "problems": self.problems,
            "findings": [
                {"code": each.code, "severity": each.severity, "rules": list(each.rules), "message": each.message}
                | {"witness": _rows(each.pool) or [], "shown": list(each.shown), "intended": each.intended or None}
                for each in self.findings
            ],
            "satisfied": {rule: _rows(pool) for rule, pool in self.satisfied.items()},
            "constraints": [
                {"rule": each.rule, "constraint": str(each.constraint), "by": each.by}
                | {"witness": _rows(each.pool), "proved": each.pool is None and each.proved}
                for each in self.constraints
            ],
        }


def _rows(pool: Witness | None) -> list[dict[str, str]] | None:
    return None if pool is None else list(pool.rows())
