"""The terminal: one hand for tables, messages and the progress bar. Data from files is shown inert."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from solver.progress import Reporter
from solver.words import inert, plural

if TYPE_CHECKING:
    from logging import Logger

    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.table import Table as RichTable
    from rich.text import Text
    from rich.tree import Tree

    from solver.storage import Written

#: Runs that take longer, in seconds, show their progress.
_PATIENCE = 1.0

#: Line width, in characters, where no terminal breaks lines.
_UNBROKEN = 10_000

#: Maximum number of characters shown of a message: a cell that it quotes may have millions.
_LONGEST = 1_500

#: The log, if one was asked for.
loggers: list[Logger] = []


def show(*things: object) -> None:
    """Print texts, tables and whatever rich can render, one below the other; texts are shown inert.

    In a file or a pipe, lines are as long as they are, unless COLUMNS says how long they may be; only trees need rich.
    Nowhere is a word broken, so that names can be copied.
    """
    fitted = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdecimal()
    for each in things:
        if isinstance(each, str):
            sys.stdout.write(f"{_wrapped(each) if fitted else inert(each)}\n")
        elif isinstance(each, Table) and not fitted:
            sys.stdout.write(f"{each}\n")
        else:
            _console(width=None if fitted else _UNBROKEN).print(each, crop=False)


def log(level: str, line: str, **fields: object) -> None:
    """Write a line to the log, if one was asked for."""
    for logger in loggers:
        getattr(logger, level)(inert(line), extra={"fields": fields})


def warn(line: str) -> None:
    """Print a line on standard error, and log it; only the beginning and end of a long one."""
    log("error" if ": error: " in line else "warning", line)
    sys.stderr.write(f"{message(line)}\n")


def show_either(data: object, things: Iterable[object], *, json: bool) -> None:
    """Print what was found: as data for machines, or as texts, tables and trees, which are made only then."""
    if json:
        from json import dumps

        sys.stdout.write(dumps(data, indent=1) + "\n")
    else:
        show(*things)


def show_advice(sentence: str, action: str = "") -> None:
    """Print a sentence in lines that fit the terminal, and what to do, which is on one line and can be copied.

    In a file or a pipe, lines have 80 characters, unless COLUMNS says otherwise.
    """
    shown = _wrapped(f"{sentence} {action}".rstrip())
    if action and "\n" in shown:
        shown = f"{_wrapped(sentence)}\n    {inert(action)}"
    sys.stdout.write(f"{shown}\n")


def _wrapped(text: str) -> str:
    width = shutil.get_terminal_size().columns
    return textwrap.fill(inert(text), width, break_long_words=False, break_on_hyphens=False)


def show_written(written: Sequence[Written]) -> None:
    """Report what happened to the files of a folder."""
    show(f"written to {written[0].folder.resolve()}: {plural(sum(len(each.files) for each in written), 'file')}")
    if removed := sum(len(each.removed) for each in written):
        show(f"removed {plural(removed, 'file')} left from an earlier run")
    if kept := [name for each in written for name in each.kept]:
        show(f"left alone, because they are not as an earlier run wrote them here: {', '.join(kept)}")


def _console(*, errors: bool = False, width: int | None = None) -> Console:
    from rich import console  # takes as long to import as a small pool takes to solve

    class Console(console.Console):
        def on_broken_pipe(self) -> None:
            raise  # noqa: PLE0704 (it is called where the error is handled; rich would end the program with exit code 1)

    return Console(highlight=False, emoji=False, markup=False, stderr=errors, width=width)


def message(text: str) -> str:
    """A message about data, inert; only the beginning and end of a long one, since the remedy comes last."""
    shown = inert(text)
    if len(shown) <= _LONGEST:
        return shown
    return f"{shown[: _LONGEST // 2]} … {len(shown) - _LONGEST:,} characters … {shown[-_LONGEST // 2 :]}"


class Table:
    """A table: drawn by rich on a terminal, aligned lines elsewhere."""

    def __init__(self, *headings: str, rows: Iterable[Sequence[object]]) -> None:
        """A table of data; columns of integers, which have separators, are right-aligned."""
        self.columns: list[tuple[str, int, list[str]]] = []
        for column in zip(headings, *rows, strict=True):
            cells = [inert(f"{cell:,}" if isinstance(cell, int) else str(cell)) for cell in column]
            side = ">" if any(isinstance(cell, int) for cell in column) else "<"
            self.columns.append((side, max(map(len, cells)), cells))

    def __str__(self) -> str:
        """The aligned lines."""
        padded = ([f"{cell:{side}{width}}  " for cell in cells] for side, width, cells in self.columns)
        return "\n".join(map("".join, zip(*padded, strict=True)))

    def __rich__(self) -> RichTable:
        """The table that fits the terminal, as far as its words do."""
        from rich import table, text

        made = table.Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for side, _, (heading, *cells) in self.columns:
            longest = max(map(len, " ".join([heading, *cells]).split()))
            made.add_column(heading, justify="right" if side == ">" else "left", overflow="fold", min_width=longest)
        for row in zip(*(cells[1:] for *_, cells in self.columns), strict=True):
            made.add_row(*map(text.Text, row))
        return made


def tree(top: str | Text, labels: Iterable[tuple[tuple[str, ...], str | Text]]) -> Tree:
    """A tree of nodes with their labels; the last part of a node is its own, and its parent comes before it."""
    from rich.tree import Tree

    branches: dict[tuple[str, ...], Tree] = {(): Tree(top)}
    for node, label in labels:
        branches[node] = branches[node[:-1]].add(label)
    return branches[()]


class Progress(Reporter, AbstractContextManager["Progress"]):
    """Shows the progress of a run on standard error: only on a terminal without a log, and only if it takes a while."""

    def __init__(self) -> None:
        """Start the clock."""
        super().__init__()
        self._started = time.monotonic()
        self._bar: Bar | None = None

    def show(self, step: str) -> None:
        """Log the step that begins, and show the bar with it."""
        log("debug", step or "part done", done=round(self.done, 4))
        if self._bar is None and not loggers and sys.stderr.isatty() and time.monotonic() - self._started > _PATIENCE:
            self._bar = _bar()
            self._bar.add_task("", total=1.0, rate="")
            self._bar.start()
        if self._bar is not None:
            rate = f"{self.exposures / (time.monotonic() - self._started):,.0f} exposures/s" if self.exposures else ""
            self._bar.update(self._bar.task_ids[0], description=step, completed=min(self.done, 1.0), rate=rate)

    def __exit__(self, *error: object) -> None:
        """Remove the bar, and log where the time went."""
        for stage, seconds in self.seconds.items():
            log("info", "time of a stage", stage=stage, seconds=round(seconds, 6))
        if self._bar is not None:
            self._bar.stop()


def _bar() -> Bar:
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

    columns = (BarColumn(), TaskProgressColumn(), "{task.fields[rate]}", TimeRemainingColumn(), "{task.description}")
    return Progress(*columns, console=_console(errors=True), transient=True, redirect_stdout=False)
