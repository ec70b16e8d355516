"""The terminal: one hand for tables, messages and the progress bar. Data from files is shown inert."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.progress import Progress

#: Runs that take longer, in seconds, show how far they are.
_PATIENCE = 1.0

#: Width of the lines, in characters, where no terminal breaks them.
_UNBROKEN = 10_000


def output() -> Console:
    """The console for results. Where it is no terminal, lines are as long as they are."""
    console = Console(highlight=False, emoji=False, markup=False)
    if not console.is_terminal:
        console = Console(highlight=False, emoji=False, markup=False, width=_UNBROKEN)
    return console


def inert(text: str) -> Text:
    """Text from data, with control characters made visible, so that it cannot steer the terminal."""
    return Text("".join(char if char.isprintable() else repr(char)[1:-1] for char in text))


def table(*headings: str, numbers: tuple[str, ...] = ()) -> Table:
    """An empty table; the columns named in `numbers` are set flush right."""
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        made.add_column(heading, justify="right" if heading in numbers else "left", overflow="fold")
    return made


def add(made: Table, *cells: object) -> None:
    """Add a row of data to a table."""
    made.add_row(*(inert(str(cell)) for cell in cells))


def plural(count: int, what: str) -> str:
    """`1 file`, `2 files`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


class Steps:
    """Shows how far a run is, on standard error: only on a terminal, and only if it takes a while."""

    def __init__(self, steps: int) -> None:
        """Expect so many steps."""
        self._steps = steps
        self._started = time.monotonic()
        self._done = 0
        self._bar: Progress | None = None

    def __call__(self, what: str) -> None:
        """The next step begins."""
        if self._bar is None and sys.stderr.isatty() and time.monotonic() - self._started > _PATIENCE:
            from rich.progress import Progress  # only long runs need it

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._bar.add_task(what, total=self._steps)
            self._bar.start()
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], description=what, completed=self._done)
        self._done += 1

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
