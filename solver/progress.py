"""The progress of a run: its current step, how much is done, the time of each stage; and its cancellation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter

from solver.errors import CancelledError


class Reporter:
    """Follows a run. By itself it only measures time; override `show` to display the progress.

    A run reports each step before it begins. Time is counted by stage; a stage within a stage counts only for
    itself, so the seconds of all stages add up to the time spent in them. A stage costs about a microsecond.

    Attributes:
        done: share of the work that is done, from 0 to 1.
        exposures: number of exposures that are done.
        seconds: stage to the seconds spent in it, in the order in which stages were first entered.

    >>> class Printed(Reporter):
    ...     def show(self, step):
    ...         print(f"{self.done:.0%} {step}")
    >>> reporter = Printed()
    >>> for name in ("Asn_A", "Asn_B"):
    ...     reporter.step(name, 1 / 2)
    ...     with reporter.stage("solve"):
    ...         pass
    0% Asn_A
    50% Asn_B
    >>> list(reporter.seconds)
    ['solve']
    """

    def __init__(self) -> None:
        """Start with nothing done."""
        self.done = 0.0
        self.exposures = 0
        self.seconds: dict[str, float] = {}
        self._scale = 1.0
        self._begun = 0.0
        self._inside = [0.0]  # for each stage that was entered, the seconds spent in stages within it
        self._cancelled = False

    def show(self, step: str) -> None:
        """Called with the name of a step that begins, or "" when a part is done; does nothing by default."""

    def cancel(self) -> None:
        """End the run before its next step, from another thread or from `show`: it raises `CancelledError`."""
        self._cancelled = True

    def step(self, name: str, share: float) -> None:
        """Begin a step that is this share of the work; the step before it is done.

        Raises:
            CancelledError: the run was cancelled.
        """
        if self._cancelled:
            raise CancelledError(f"cancelled before {name}")
        self.done += self._begun
        self._begun = share * self._scale
        self.show(name)

    @contextmanager
    def part(self, share: float, exposures: int = 0) -> Iterator[None]:
        """Make everything inside this share of the work: steps inside are shares of it, and at the end it is done."""
        self.done += self._begun
        self._begun = 0.0
        outer, end = self._scale, self.done + share * self._scale
        self._scale *= share
        try:
            yield
        finally:
            self._scale = outer
        self.done, self._begun = end, 0.0
        self.exposures += exposures
        self.show("")

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time spent inside for a stage, which may be entered many times."""
        self.seconds.setdefault(name, 0.0)
        self._inside.append(0.0)
        started = perf_counter()
        try:
            yield
        finally:
            spent = perf_counter() - started
            self.seconds[name] += spent - self._inside.pop()
            self._inside[-1] += spent

    def add(self, seconds: Mapping[str, float]) -> None:
        """Add the seconds that another reporter counted, such as one in another process."""
        for name, spent in seconds.items():
            self.seconds[name] = self.seconds.get(name, 0.0) + spent
