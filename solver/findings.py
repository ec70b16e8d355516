"""Findings of checks of associations and of analyses of rules: their order, and how they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from solver.brief import Brief
from solver.multimap import grouped
from solver.words import few

Severity = Literal["error", "warning", "note"]

#: The severities, worst first.
SEVERITIES: Sequence[Severity] = ("error", "warning", "note")

#: Maximum number of exposures listed for a finding.
_EXPOSURES = 4


class Witness(Protocol):
    """A small pool that shows a finding."""

    def rows(self, program: int = 1) -> tuple[dict[str, str], ...]:
        """Its rows, as those of a program."""

    def lines(self) -> Iterator[str]:
        """Its exposures, as lines of text."""


@dataclass(frozen=True, slots=True, repr=False)
class Finding(Brief):
    """Something that is wrong, or worth knowing.

    Attributes:
        code: its kind; the package that reports it lists its codes in `CODES`.
        severity: an error is against the rules; a warning may be intended; a note is for information.
        about: the association, its file, or the rule; "" if the message names it or it concerns all.
        exposures: the files concerned, in order.
        message: one sentence.
        rules: the rules concerned, or the class that states something for them.
        pool: a small pool that shows it; None if no pool can.
        shown: what the rules make of the pool, in lines.
        intended: why it is intended; "" if it is not declared as intended.
    """

    code: str
    severity: Severity
    about: str
    exposures: tuple[str, ...]
    message: str
    rules: tuple[str, ...] = ()
    pool: Witness | None = field(default=None, repr=False)
    shown: tuple[str, ...] = field(default=(), repr=False)
    intended: str = ""

    @property
    def counts(self) -> bool:
        """Whether it calls for action."""
        return not self.intended and self.severity != "note"


@dataclass(frozen=True, slots=True, repr=False)
class Findings(Brief):
    """The findings of a report.

    Attributes:
        findings: the findings, in order.
    """

    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that are against the rules."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def undeclared(self) -> tuple[Finding, ...]:
        """The findings that call for action."""
        return tuple(finding for finding in self.findings if finding.counts)

    def of(self, *codes: str) -> tuple[Finding, ...]:
        """The findings with one of these codes."""
        return tuple(finding for finding in self.findings if finding.code in codes)


def in_order(findings: Iterable[Finding], codes: Iterable[str], *, worst_first: bool = False) -> tuple[Finding, ...]:
    """Each finding once, in the order of the codes; within a code, intended ones last.

    Args:
        findings: the findings; ties keep their order.
        codes: the codes.
        worst_first: whether all errors come before all warnings, and these before the notes.
    """
    places = list(codes)
    ordered = sorted(dict.fromkeys(findings), key=lambda each: (places.index(each.code), bool(each.intended)))
    return tuple(sorted(ordered, key=lambda each: SEVERITIES.index(each.severity)) if worst_first else ordered)


def lines(findings: Iterable[Finding], codes: Mapping[str, str], *, most: int | None = None) -> Iterator[str]:
    """Findings as a command prints them: a heading for each code and severity, the findings, then a blank line.

    Args:
        findings: the findings, in order.
        codes: the text of each code.
        most: maximum number of findings under a heading; by default all.
    """
    for (severity, code), alike in grouped(((each.severity, each.code), each) for each in findings).items():
        yield f"{severity} {code} ({len(alike):,}): {codes[code]}"
        for finding in alike[:most]:
            subject = f"{finding.about}: " if finding.about else ""
            files = f": {few(finding.exposures, _EXPOSURES)}" if finding.exposures else ""
            yield f"  {subject}{finding.message}{files}"
            if finding.intended:
                yield f"    intended: {finding.intended}"
            yield from (f"    {line}" for line in (*(finding.pool.lines() if finding.pool else ()), *finding.shown))
        if most is not None and len(alike) > most:
            yield f"  … {len(alike) - most:,} more; --json lists all"
        yield ""
