"""Where the time goes: seconds per stage of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter


class Profile:
    """A clock for the stages of a run. It costs about a microsecond a stage, so it is always on.

    A stage within a stage counts for itself alone, so the seconds of all stages add up to the time that was
    spent in them.

    Attributes:
        seconds: stage to the seconds spent in it, in the order in which stages were first entered.

    >>> profile = Profile()
    >>> with profile.stage("read"):
    ...     with profile.stage("parse"):
    ...         pass
    >>> list(profile.seconds)
    ['read', 'parse']
    """

    def __init__(self) -> None:
        """Start with no stages."""
        self.seconds: dict[str, float] = {}
        self._inside: list[float] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what runs inside for a stage; it may be entered many times."""
        self.seconds.setdefault(name, 0.0)
        self._inside.append(0.0)
        started = perf_counter()
        try:
            yield
        finally:
            spent = perf_counter() - started
            self.seconds[name] += spent - self._inside.pop()
            if self._inside:
                self._inside[-1] += spent

    def add(self, seconds: Mapping[str, float]) -> None:
        """Add what another clock has counted, such as that of another process."""
        for name, spent in seconds.items():
            self.seconds[name] = self.seconds.get(name, 0.0) + spent
