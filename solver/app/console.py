"""The terminal: one hand for tables, messages and the progress bar. Data from files is shown inert."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

#: Runs that take longer, in seconds, show how far they are.
_PATIENCE = 1.0

#: Width of the lines, in characters, where no terminal breaks them.
_UNBROKEN = 10_000


def output(*, errors: bool = False) -> Console:
    """The console for results, or for what goes to standard error. Where it is no terminal, no line is broken."""
    console = Console(highlight=False, emoji=False, markup=False, stderr=errors)
    if not console.is_terminal:
        console = Console(highlight=False, emoji=False, markup=False, stderr=errors, width=_UNBROKEN)
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


class Progress:
    """Shows how far a run is, on standard error: only on a terminal, and only if it takes a while."""

    def __init__(self) -> None:
        """Start the clock."""
        self._started = time.monotonic()
        self._bar: Bar | None = None
        self._done = 0.0
        self._exposures = 0

    def advance(self, share: float, exposures: int) -> None:
        """So much of the work was done, which is that of so many exposures."""
        self._done += share
        self._exposures += exposures
        self._show(self._done, "")

    def steps(self, share: float, count: int) -> Callable[[str], None]:
        """For a part that has this share of the work and so many steps: what to call when a step begins."""
        begun = iter(range(count))

        def step(what: str) -> None:
            self._show(self._done + share * next(begun, count) / count, what)

        return step

    def tell(self, line: str) -> None:
        """Print a line on standard error, above what is shown."""
        if self._bar is not None:
            self._bar.console.print(inert(line))
        else:
            sys.stderr.write(f"{inert(line).plain}\n")

    def _show(self, done: float, what: str) -> None:
        if self._bar is None and sys.stderr.isatty() and time.monotonic() - self._started > _PATIENCE:
            self._bar = _bar()
            self._bar.add_task("", total=1.0, rate="")
            self._bar.start()
        if self._bar is not None:
            rate = f"{self._exposures / (time.monotonic() - self._started):,.0f} exposures/s" if self._exposures else ""
            self._bar.update(self._bar.task_ids[0], description=what, completed=min(done, 1.0), rate=rate)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()


def _bar() -> Bar:
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    return Progress(
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
