"""The terminal: one hand for tables, messages and the progress bar. Data from files is shown inert."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, Self

from solver.progress import Reporter

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.table import Table as RichTable

#: Runs that take longer, in seconds, show how far they are.
_PATIENCE = 1.0

#: Width of the lines, in characters, where no terminal breaks them.
_UNBROKEN = 10_000

#: Most characters of a message that are shown: a cell that it quotes may have millions.
_LONGEST = 1_500


class Output(Protocol):
    """Where results are printed."""

    def print(self, *what: object) -> None:
        """Print a line, a table, or whatever rich can render."""
        ...


class Plain:
    """A file or another program. Lines are as long as they are, and rich is needed for trees alone."""

    def __init__(self, *, errors: bool) -> None:
        """Print results, or print to standard error."""
        self._errors = errors

    def print(self, *what: object) -> None:
        """Print."""
        if all(isinstance(each, (str, Table)) for each in what):
            (sys.stderr if self._errors else sys.stdout).write(" ".join(map(str, what)) + "\n")
        else:
            _console(errors=self._errors, width=_UNBROKEN).print(*what)


def output(*, errors: bool = False) -> Output:
    """Where results are printed, or what goes to standard error."""
    stream = sys.stderr if errors else sys.stdout
    return _console(errors=errors) if stream.isatty() else Plain(errors=errors)


def _console(*, errors: bool, width: int | None = None) -> Console:
    from rich import console  # takes as long to import as a small pool to solve

    class Console(console.Console):
        def on_broken_pipe(self) -> None:
            raise  # noqa: PLE0704 (it is called where the error is handled; rich would end the program with exit code 1)

    return Console(highlight=False, emoji=False, markup=False, stderr=errors, width=width)


def inert(text: str) -> str:
    """Text from data, with control characters made visible, so that it cannot steer the terminal."""
    return text if text.isprintable() else "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def message(text: str) -> str:
    """A message about data: inert, and of a long one the beginning and the end, which has the remedy."""
    shown = inert(text)
    if len(shown) <= _LONGEST:
        return shown
    return f"{shown[: _LONGEST // 2]} … {len(shown) - _LONGEST:,} characters … {shown[-_LONGEST // 2 :]}"


@dataclass(slots=True)
class Table:
    """A table for the terminal: rich's there, aligned lines elsewhere.

    Attributes:
        headings: names of the columns.
        numbers: names of those columns that are set flush right.
        rows: the cells.
    """

    headings: tuple[str, ...]
    numbers: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def __str__(self) -> str:
        """The aligned lines."""
        lines = [self.headings, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        right = [heading in self.numbers for heading in self.headings]
        return "\n".join(
            "".join(
                f"{cell.rjust(width) if flush else cell.ljust(width)}  "
                for cell, width, flush in zip(line, widths, right, strict=True)
            )
            for line in lines
        )

    def __rich__(self) -> RichTable:
        """The table that fits the terminal."""
        from rich import table, text

        made = table.Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for heading in self.headings:
            made.add_column(heading, justify="right" if heading in self.numbers else "left", overflow="fold")
        for row in self.rows:
            made.add_row(*map(text.Text, row))
        return made


def table(*headings: str, numbers: tuple[str, ...] = ()) -> Table:
    """An empty table; the columns named in `numbers` are set flush right."""
    return Table(headings, numbers)


def add(made: Table, *cells: object) -> None:
    """Add a row of data to a table."""
    made.rows.append(tuple(inert(str(cell)) for cell in cells))


def plural(count: int, what: str) -> str:
    """`1 file`, `2 files`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


class Progress(Reporter):
    """Shows how far a run is, on standard error: only on a terminal, and only if it takes a while."""

    def __init__(self) -> None:
        """Start the clock."""
        super().__init__()
        self._started = time.monotonic()
        self._bar: Bar | None = None

    def tell(self, line: str) -> None:
        """Print a line on standard error, above what is shown."""
        if self._bar is not None:
            self._bar.console.print(message(line))
        else:
            sys.stderr.write(f"{message(line)}\n")

    def show(self, step: str) -> None:
        """Show the bar, with the step that begins."""
        if self._bar is None and sys.stderr.isatty() and time.monotonic() - self._started > _PATIENCE:
            self._bar = _bar()
            self._bar.add_task("", total=1.0, rate="")
            self._bar.start()
        if self._bar is not None:
            rate = f"{self.exposures / (time.monotonic() - self._started):,.0f} exposures/s" if self.exposures else ""
            self._bar.update(self._bar.task_ids[0], description=step, completed=min(self.done, 1.0), rate=rate)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *error: object) -> None:
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
        console=_console(errors=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
