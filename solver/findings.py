"""Findings: what a check of associations and an analysis of rules report, in which order, and as which lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from solver.words import few

Severity = Literal["error", "warning", "note"]

#: The worst first.
SEVERITIES: Sequence[Severity] = ("error", "warning", "note")

#: So many exposures of a finding are listed.
_EXPOSURES = 4


class Witness(Protocol):
    """A small pool on which a finding shows."""

    @property
    def candidate_type(self) -> str:
        """The type of the candidate that lists its exposures."""

    def rows(self, program: int = 1) -> tuple[dict[str, str], ...]:
        """Its rows, as those of a program."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be, or that a reader should know.

    Attributes:
        code: what kind of thing; the room that reports it lists its codes in `CODES`.
        severity: an error is against the rules; a warning may be intended; a note is for information.
        about: the association, its file, or the rule; "" where the message names it, or for all of them.
        exposures: the files concerned, in order.
        message: one sentence.
        rules: the rules concerned, or the class that states something for them.
        pool: a small pool on which it shows; None where nothing can show it.
        shown: what the rules make of the pool, in lines.
        intended: why it is intended; "" if nobody declared that it is.
    """

    code: str
    severity: Severity
    about: str
    exposures: tuple[str, ...]
    message: str
    rules: tuple[str, ...] = ()
    pool: Witness | None = None
    shown: tuple[str, ...] = ()
    intended: str = ""

    @property
    def counts(self) -> bool:
        """Whether somebody has to do something about it."""
        return not self.intended and self.severity != "note"


@dataclass(frozen=True, slots=True)
class Findings:
    """What a report has of its findings, whatever else it says.

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
        """The findings that somebody has to do something about."""
        return tuple(finding for finding in self.findings if finding.counts)

    def of(self, *codes: str) -> tuple[Finding, ...]:
        """The findings with one of these codes."""
        return tuple(finding for finding in self.findings if finding.code in codes)


def in_order(findings: Iterable[Finding], codes: Iterable[str], *, worst_first: bool = False) -> tuple[Finding, ...]:
    """Each finding once, in the order of the codes, and of one code what is intended last.

    Args:
        findings: the findings; those that are alike in all that counts keep their order.
        codes: the codes.
        worst_first: whether all errors come before all warnings, and these before the notes.
    """
    places = list(codes)

    def place(finding: Finding) -> tuple[int, int, bool]:
        severity = SEVERITIES.index(finding.severity) if worst_first else 0
        return severity, places.index(finding.code), bool(finding.intended)

    return tuple(sorted(dict.fromkeys(findings), key=place))


def lines(
    findings: Iterable[Finding],
    codes: Mapping[str, str],
    *,
    most: int | None = None,
    details: Callable[[Finding], Iterable[str]] = lambda _: (),
) -> Iterator[str]:
    """Findings as a command prints them: a heading for each code and severity, then what was found, then a blank line.

    Args:
        findings: the findings, in order.
        codes: what each code says.
        most: so many findings of one heading are shown; by default all.
        details: further lines about a finding.
    """
    groups: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.severity, finding.code), []).append(finding)
    for (severity, code), alike in groups.items():
        yield f"{severity} {code} ({len(alike):,}): {codes[code]}"
        for finding in alike[:most]:
            subject = f"{finding.about}: " if finding.about else ""
            files = f": {few(finding.exposures, _EXPOSURES)}" if finding.exposures else ""
            yield f"  {subject}{finding.message}{files}"
            if finding.intended:
                yield f"    intended: {finding.intended}"
            yield from (f"    {line}" for line in details(finding))
        if most is not None and len(alike) > most:
            yield f"  … {len(alike) - most:,} more; --json lists all"
        yield ""
