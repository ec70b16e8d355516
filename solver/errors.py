"""Errors, with one base class, so that a caller can catch everything that is not a bug."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rules.errors import (
    VERBS,
    AsnsolveError as AsnsolveError,
    DeclarationError as DeclarationError,
    RuleError as RuleError,
    RuleFileError as RuleFileError,
    TwinRulesError as TwinRulesError,
    UnknownRuleError as UnknownRuleError,
)


def reason(error: Exception) -> str:
    """The operating system's message for an error, without the file; for other errors, the message's first line."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if "set_int_max_str_digits" in str(error):
        return "it has a number that is too long"
    return getattr(error, "strerror", None) or next(iter(str(error).splitlines()), type(error).__name__)


@contextmanager
def errors_as(ours: Callable[[str], AsnsolveError], *kinds: type[Exception]) -> Iterator[None]:
    """Turn errors of these kinds into one of ours, made from their reason; lack of memory stays what it is."""
    try:
        yield
    except (AsnsolveError, MemoryError):
        raise
    except kinds as error:
        raise ours(reason(error)) from error


def require_path(path: Path, kind: Callable[[str], AsnsolveError]) -> None:
    """Raise an error of this kind, with the system's reason, if nothing can be read at a path."""
    with errors_as(lambda why: kind(f"{path} cannot be read: {why}"), OSError, ValueError):
        path.stat()


def require_library(name: str, what: str, install: str = "") -> None:
    """Refuse to go on without a library.

    Args:
        name: the name by which it is imported.
        what: what needs it.
        install: what pip has to install; by default the library.

    Raises:
        UsageError: it is not installed.
    """
    if importlib.util.find_spec(name) is None:
        raise UsageError(f"{what} needs {name}, which is not installed; run: pip install {install or name}")


class PoolError(AsnsolveError, ValueError):
    """A pool cannot be read, or its content cannot be used.

    Attributes:
        problem: what is wrong, and what to do about it.
        source: name of the file, or of whatever the pool was read from.
        line: line of the file, counted from 1, if one is at fault.
        column: name of the column, if one is at fault.
    """

    def __init__(self, problem: str, *, source: str = "", line: int | None = None, column: str | None = None) -> None:
        """Keep the parts and make the message."""
        self.problem, self.source, self.line, self.column = problem, source, line, column
        parts = (source or "pool", f"line {line}" if line else "", f"column {column.upper()}" if column else "")
        super().__init__(f"{', '.join(filter(None, parts))}{'' if problem.startswith(VERBS) else ':'} {problem}")


class CandidateError(AsnsolveError, ValueError):
    """A requested candidate is not in the pool."""


class HeaderError(AsnsolveError, ValueError):
    """A file has no readable primary header; the message gives the reason, without the name of the file."""


class MissingColumnError(AsnsolveError, ValueError):
    """A rule needs a column, or numbers in it, that the pool does not have.

    Attributes:
        rule: name of the rule.
        column: the column that it needs.
    """

    def __init__(self, rule: str, column: str, problem: str = "needs numbers in", remedy: str = "add them") -> None:
        """Keep the parts and make the message."""
        self.rule, self.column = rule, column
        super().__init__(f"{rule} {problem} the column {column.upper()}, which the pool does not have; {remedy}")


class TooManyGroupsError(AsnsolveError, ValueError):
    """A search was stopped because exposures can be grouped in too many ways.

    Attributes:
        rule: name of the rule.
        candidate: the candidate in which it happens.
        limit: the number at which the search stops.
        what: what exceeds the limit.
        remedy: what to do about it.
    """

    def __init__(self, rule: str, candidate: str, limit: int, what: str, remedy: str) -> None:
        """Keep the parts and make the message."""
        self.rule, self.candidate, self.limit, self.what, self.remedy = rule, candidate, limit, what, remedy
        super().__init__(f"{rule} on candidate {candidate}: more than {limit:,} {what}; {remedy}")


class SolvingError(AsnsolveError, RuntimeError):
    """A pool could not be solved, here or by a worker; the message is that of the original error."""


class WorkerError(AsnsolveError, RuntimeError):
    """A process or machine that was solving a part of a pool returned no result."""


class CancelledError(AsnsolveError, RuntimeError):
    """The reporter of a run cancelled it."""


class UnknownNameError(AsnsolveError, ValueError):
    """The name given for an exposure or an association matches none, or several."""


class UnknownColumnError(UnknownNameError, KeyError):
    """A column was requested that neither the pool nor the rules know.

    Attributes:
        name: the name asked for.
    """

    __str__ = Exception.__str__  # that of KeyError quotes the message

    def __init__(self, name: str, hint: str) -> None:
        """Keep the name and make the message."""
        self.name = name
        super().__init__(f"no column is named {name!r}; {hint}")


class UsageError(AsnsolveError, ValueError):
    """Options, or arguments of a function, are wrong or do not go together."""


class AssociationError(AsnsolveError, ValueError):
    """An association, or the file of one, is invalid."""


class ArchiveError(AsnsolveError, ValueError):
    """An archive cannot be read or written.

    Attributes:
        source: name of the file.
        problem: what is wrong, and what to do about it.
        line: line of the file, counted from 1, if one is at fault.
    """

    def __init__(self, source: str, problem: str, *, line: int | None = None) -> None:
        """Keep the parts and make the message."""
        self.source, self.problem, self.line = source, problem, line
        super().__init__(f"{source}{'' if line is None else f', line {line},'} {problem}")


class MissingMembersError(AsnsolveError, FileNotFoundError):
    """The files of some members do not exist.

    Attributes:
        source: the associations with these members, in words.
        members: their names.
    """

    def __init__(self, source: str, members: tuple[str, ...], remedy: str) -> None:
        """Keep the names and make the message."""
        self.source, self.members = source, members
        super().__init__(f"{source}: nothing was written, because of missing members: {', '.join(members)}; {remedy}")


class OutputError(AsnsolveError, OSError):
    """Results cannot be written to the requested place."""


class BusyError(AsnsolveError, OSError):
    """Another run is writing to the same place."""
