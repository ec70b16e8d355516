"""The command line: `asnsolve COMMAND …`."""

from __future__ import annotations

import argparse
import atexit
import gc
import importlib
import re
import signal
import sys
import time
from collections.abc import Sequence
from itertools import dropwhile
from typing import Any, NoReturn

from solver.app import console
from solver.app.completion import Completion
from solver.app.options import BAD_INPUT, LOG, VERSION, add_options, option
from solver.app.streams import let_go_of_output, open_streams, orderly_end
from solver.errors import AsnsolveError

#: The commands in the order of the help. Each is a module of this package, which imports what its run needs late; its
#: docstring is the help: a line for the list of commands, and the description.
COMMANDS = (
    "generate", "status", "pool", "extract", "compare", "check", "explain", "inspect", "report", "open", "rules",
    "verify", "from-list", "edit", "gather", "plan", "show",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: as on the command line; by default those of this process.

    Returns:
        0, or 2 if the input is not what it should be; a message says what and where.
    """
    called, started = "asnsolve", time.perf_counter()
    gc.set_threshold(100_000)  # new objects before a search for cycles: what is imported has none
    atexit.register(gc.freeze)  # looking for cycles at the end would take a tenth of a short run's time
    open_streams()
    console.loggers.clear()  # of an earlier command in this process
    words = sys.argv[1:] if arguments is None else arguments
    try:
        with orderly_end():
            options = _parse(words)
            called = f"asnsolve {options.command}"
            if options.log_level or options.log_json:
                from solver.app.logs import begin_log  # logging takes as long to import as a small pool to solve

                begin_log(options.log_level, options.log_json)
            console.log("info", "begun", arguments=words)
            code: int = options.run(options) or 0
            sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 (what is a bug is raised again)
        code = _report(called, error)
    console.log("info", "ended", code=code, seconds=round(time.perf_counter() - started, 3))
    return code


def _report(called: str, error: BaseException) -> int:
    """Report what ended a command; returns the exit code. Raises what is a bug."""
    match error:
        case BrokenPipeError():
            let_go_of_output()  # the reader of our output has gone, which is not an error here
            return 0
        case KeyboardInterrupt():
            number = signal.Signals(*(error.args or [signal.SIGINT]))
            console.warn(f"{called}: {f'ended by {number.name}' if error.args else 'interrupted'}")
            return 128 + number  # as shells do
        case MemoryError():
            message = "there is not enough memory; take a larger machine, or fewer --workers"
        case FileNotFoundError(filename=None) if not isinstance(error, AsnsolveError):
            message = "the current folder no longer exists; change to another folder"
        case OSError() if not isinstance(error, AsnsolveError):
            let_go_of_output()
            what = "the output cannot be written" if error.filename is None else f"{error.filename} cannot be opened"
            message = f"{what}: {error.strerror or error}"
        case AsnsolveError():
            message = str(error)
        case _:
            raise error
    console.log("error", message)
    sys.stderr.write(f"{called}: error: {console.message(message)}\n")
    return BAD_INPUT


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options. A command that takes a list of names takes them before, between and after its options."""
    options, more = parser([each for each in arguments[:1] if each in COMMANDS]).parse_known_args(arguments)
    names: str | None = getattr(options, "names_in", None)
    if unknown := more if names is None else list(dropwhile(lambda name: not name.startswith("-"), more)):
        options.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    if names is not None:
        setattr(options, names, [*getattr(options, names), *more])
        if "" in getattr(options, names):
            options.parser.error(f"argument {names.upper()}: an empty text names nothing")
    return options


def parser(asked: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """The parser of the requested commands; if none is, each command has a line of help and no options."""
    description = "Group JWST exposures into associations, the lists of files that the\ncalibration pipeline combines."
    made = _Parser(prog="asnsolve", description=description)
    VERSION(made)
    option("--print-completion {bash,zsh,tcsh}", "print a completion script", action=Completion, const=parser)(made)
    # without `prog` the parser would format a usage text to find it, which takes as long as reading a small pool
    commands = made.add_subparsers(dest="command", metavar="COMMAND", required=True, prog="asnsolve")
    for name in asked or COMMANDS:
        command: Any = importlib.import_module(f"solver.app.{name.replace('-', '_')}")
        summary, _, description = (command.__doc__ or "").partition("\n\n")
        line = summary[:1].lower() + summary[1:].removesuffix(".")
        below = commands.add_parser(name, help=line, description=description.strip())
        below.set_defaults(run=command.run, parser=below, incomplete=False)
        add_options(below, (*command.OPTIONS, *LOG) if asked else ())
    return made


class _Parser(argparse.ArgumentParser):
    """A parser whose messages are safe to print: file names on a command line are untrusted data."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how, formatter_class=_formatter, allow_abbrev=False)

    def parse_known_args(self, args: Any = (), namespace: Any = None) -> Any:
        """Parse; an error may be due to an option that took names."""
        lists = [name for each in self._actions if each.nargs == "+" for name in each.option_strings]
        self._lists = [name for name in lists if name in args]
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """End with the error alone; the help has the usage, and long lists of choices."""
        if "are required" in message and self._lists:
            message += f"; {self._lists[0]} takes every word after it, so put it last"
        problem = re.sub(r" \(choose from .{80,}\)", "", console.message(message))
        self.exit(BAD_INPUT, f"{self.prog}: error: {problem}; see {self.prog} --help\n")


def _formatter(prog: str) -> argparse.HelpFormatter:
    """Lays out a help page; on a terminal in colours, which take as long to import as everything else."""
    if not sys.stdout.isatty():
        return _Plain(prog)
    from rich_argparse import RawDescriptionRichHelpFormatter

    return RawDescriptionRichHelpFormatter(prog)


class _Plain(argparse.RawDescriptionHelpFormatter):
    """The same pages without colours, and without rich."""

    def start_section(self, heading: str | None) -> None:
        super().start_section(heading and heading.title())

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, prefix or "Usage: ")

    def _format_action_invocation(self, action: argparse.Action) -> str:
        """`-o, --output FILE`: the value appears once, not after each spelling."""
        if not action.option_strings or action.nargs == 0:
            return super()._format_action_invocation(action)
        value = self._format_args(action, self._get_default_metavar_for_optional(action))
        return f"{', '.join(action.option_strings)} {value}"
