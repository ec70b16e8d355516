"""The command line: `asnsolve COMMAND …`."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from functools import partial
from itertools import dropwhile
from pathlib import Path
from typing import NoReturn

from rich_argparse import RawDescriptionRichHelpFormatter

from solver.app import console, option_groups
from solver.app.caller import EndedError, let_go_of_output, open_streams, orderly_end
from solver.app.file_tools import add_file_tools
from solver.errors import AsnsolveError
from solver.pools import HIERARCHY
from solver.version import __version__

#: Exit code where the input is not what it should be.
BAD_INPUT = 2

#: Exit code where the user interrupts, and what is added to the number of any other signal, as shells have it.
INTERRUPTED = 130
SIGNALLED = 128


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: as on the command line; by default those of this process.

    Returns:
        0, or 2 where the input is not what it should be; a message tells what and where.
    """
    called = "asnsolve"
    open_streams()
    try:
        with orderly_end():
            options = _parse(arguments)
            called = f"asnsolve {options.command}"
            # each command's module is loaded when it is run, and with it the libraries that it alone needs
            code: int = importlib.import_module(f"solver.app.{options.module}").run(options)
            sys.stdout.flush()
    except (AsnsolveError, OSError, MemoryError, KeyboardInterrupt) as error:
        return _told(called, error)
    return code


def _told(called: str, error: BaseException) -> int:
    """Tell what ended a command; the exit code."""
    match error:
        case BrokenPipeError():
            let_go_of_output()  # the reader of our output has gone, which is no error of ours
            return 0
        case EndedError():
            sys.stderr.write(f"{called}: ended by {error.signal.name}\n")
            return SIGNALLED + error.signal
        case KeyboardInterrupt():
            sys.stderr.write(f"{called}: interrupted\n")
            return INTERRUPTED
        case MemoryError():
            message = "there is not enough memory; take a larger machine, or fewer --workers"
        case OSError() if not isinstance(error, AsnsolveError):
            let_go_of_output()
            what = "the output cannot be written" if error.filename is None else f"{error.filename} cannot be used"
            message = f"{what}: {error.strerror or error}"
        case _:
            message = str(error)
    sys.stderr.write(f"{called}: error: {console.message(message)}\n")
    return BAD_INPUT


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a command line; names of files stand in it, and they are data."""

    def error(self, message: str) -> NoReturn:
        """End, as the parser of the standard library does."""
        super().error(console.message(message))


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options. A command that takes a list of names takes them before, between and after its options alike."""
    made = parser()
    options, more = made.parse_known_args(arguments)
    names: str | None = getattr(options, "names_in", None)
    unknown = more if names is None else list(dropwhile(lambda name: not name.startswith("-"), more))
    if unknown:
        made.error(f"unrecognized arguments: {' '.join(unknown)}")
    if names is not None:
        setattr(options, names, [*getattr(options, names), *more])
    return options


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    made: argparse.ArgumentParser = _Parser(
        prog="asnsolve",
        description="Group JWST exposures into associations, the lists that the calibration pipeline combines.",
        formatter_class=RawDescriptionRichHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--version", action="version", version=f"asnsolve {__version__}")
    # without `prog` the parser would write a usage to find it, which takes as long as reading a small pool
    commands = made.add_subparsers(dest="command", metavar="COMMAND", required=True, prog="asnsolve")
    _add_generate(commands)
    _add_pool_of_exposures(commands)
    _add_extract(commands)
    _add_compare(commands)
    _add_check(commands)
    _add_explain(commands)
    _add_inspect(commands)
    _add_report(commands)
    _add_rules(commands)
    _add_verify(commands)
    add_file_tools(partial(_command, commands))
    return made


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, summary: str, description: str
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name, help=summary, description=description, formatter_class=RawDescriptionRichHelpFormatter, allow_abbrev=False
    )


def _add_generate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "generate",
        "find the associations of pools and write them",
        "Find the Level 2 and Level 3 associations of each pool and write one file for each of them.\n\n"
        "Without options it solves every candidate that the pool lists, and each program across its\n"
        "candidates (discovery); of associations with the same members it keeps one.",
    )
    command.add_argument(
        "pools",
        metavar="POOL",
        type=Path,
        nargs="+",
        help="a pool, which is a table with one row per exposure, or a folder with pools, each solved by itself; "
        "or exposures, as FITS files or folders with such, of which one pool is made",
    )
    option_groups.add_reading(command)
    option_groups.add_by_hand(command)
    option_groups.add_what_is_solved(command)
    option_groups.add_engine(command)
    option_groups.add_what_is_kept(command)
    option_groups.add_output(command)
    option_groups.add_scale(command)
    command.add_argument("--version", action="version", version=f"asnsolve {__version__}")
    command.set_defaults(module="generation")


def _add_pool_of_exposures(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "pool",
        "make a pool of downloaded exposures",
        "Make a pool of exposures: of FITS files, by their primary headers; of folders with such; of tables\n"
        "that the archive (MAST) gives. Says what no keyword tells and had to be assumed.\n"
        "Exit code 1 if files had to be skipped.",
    )
    command.add_argument(
        "files", metavar="FILES", type=Path, nargs="+", help="FITS files, folders with such, tables of the archive"
    )
    command.add_argument("-o", "--output", metavar="POOL", type=Path, required=True, help="the pool to write")
    option_groups.add_by_hand(command)
    command.add_argument(
        "--keyword", action="append", metavar="KEYWORD", help="a further keyword that becomes a column"
    )
    command.add_argument(
        "--asn-candidate", metavar="LIST", help="further candidates of every exposure, such as \"[('c1000', 'GROUP')]\""
    )
    command.add_argument("--dms-note", metavar="TEXT", help="DMS_NOTE of every exposure, such as wfsc_los_jitter")
    command.add_argument("--is-imprt", metavar="T_OR_F", help="IS_IMPRT of every exposure, whatever headers say")
    command.add_argument("--pntgtype", metavar="TYPE", help="PNTGTYPE of every exposure, whatever its type")
    command.add_argument(
        "--workers", type=int, default=8, metavar="N", help="number of threads that read (default: %(default)s)"
    )
    command.add_argument("--json", action="store_true", help="print what was found and assumed as JSON")
    command.add_argument("-v", "--verbose", action="count", default=0, help="print every exposure")
    option_groups.add_overwrite(command)
    command.set_defaults(module="ingestion")


def _add_extract(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "extract",
        "write the associations of an archive as files",
        "Write the associations of an archive, which `asnsolve generate --archive` made, as the files that\n"
        "`asnsolve generate` would have written: all of them, or those that are chosen.",
    )
    command.add_argument("archive", metavar="ARCHIVE", type=Path, help="the archive")
    command.add_argument(
        "names", metavar="NAME", nargs="*", help="file names of associations; * and ? stand for any characters"
    )
    command.add_argument("--program", action="append", metavar="PROGRAM", help="only those of this program")
    command.add_argument("--rule", action="append", metavar="RULE", help="only those of this rule")
    option_groups.add_folder(command)
    command.set_defaults(module="extraction")


def _add_compare(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "compare",
        "tell how two sets of associations differ",
        "Compare two sets of association files: the same products with the same members?\n"
        "Order, file names and sequence numbers do not matter. Exit code 0 if they are the same, 1 if not.",
    )
    command.add_argument("first", metavar="A", type=Path, help="a file, an archive, or a folder with *_asn.json")
    command.add_argument("second", metavar="B", type=Path, help="the same")
    command.add_argument("--json", action="store_true", help="print the comparison as JSON")
    command.set_defaults(module="comparison")


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "check",
        "judge associations by the rules, independently of how they were found",
        "Check association files against the pool they were made from: every member qualifies and agrees,\n"
        "nobody is left out, names are unique, every exposure is accounted for. Exit code 1 if there are errors.",
    )
    option_groups.add_pool(command)
    command.add_argument(
        "results", metavar="RESULTS", type=Path, nargs="+", help="files, archives, or folders with *_asn.json"
    )
    option_groups.add_rule_files(command)
    command.add_argument("--json", action="store_true", help="print the findings as JSON")
    command.set_defaults(module="checking")


def _add_explain(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "explain",
        "tell why an exposure is in its associations, and why in no others",
        "Tell why an exposure is in its associations, and for every rule that did not take it, what keeps it\n"
        "out and what would let it in. With two exposures, tell why they are together, or not.",
    )
    option_groups.add_pool(command)
    command.add_argument(
        "exposure", nargs="?", metavar="EXPOSURE", help="a file name, or a part of it that no other exposure has"
    )
    command.add_argument("other", nargs="?", metavar="OTHER", help="another exposure")
    command.add_argument("--association", metavar="NAME", help="explain this association; a product's or file's name")
    command.add_argument("--orphans", action="store_true", help="explain why exposures are in no association")
    command.add_argument("--rule", metavar="RULE", help="explain this rule only")
    command.add_argument("--candidate", metavar="ID", help="explain this candidate only, such as o001")
    option_groups.add_rule_files(command)
    command.add_argument("--json", action="store_true", help="print the explanation as JSON")
    command.set_defaults(module="explaining")


def _add_inspect(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "inspect",
        "show what is in a pool",
        "Show what is in a pool: programs, modes, candidates, targets, the observing hierarchy, and\n"
        "what is missing or odd.",
    )
    option_groups.add_pool(command)
    command.add_argument(
        "--level",
        choices=tuple(HIERARCHY),
        default="observation",
        help="how deep to show the hierarchy (default: %(default)s)",
    )
    command.set_defaults(module="inspection")


def _add_report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "report",
        "show what becomes of a pool, as a page for the browser",
        "Find the associations of a pool and show them on one page for the browser, which needs no network:\n"
        "the observing hierarchy, which exposure is in which association as what, and what is in none, and why.\n"
        "No association files are written.",
    )
    option_groups.add_pool(command)
    option_groups.add_what_is_solved(command)
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="the page (default: report.html)")
    command.add_argument(
        "--png", type=Path, metavar="FILE", help="also draw the hierarchy and the matrix, as a PNG (needs matplotlib)"
    )
    command.add_argument("--svg", type=Path, metavar="FILE", help="the same, as an SVG")
    option_groups.add_overwrite(command)
    command.set_defaults(module="reporting")


def _add_rules(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "rules",
        "list the rules, or show one",
        "List the rules; with a name, show what that rule states and which class each constraint comes from.",
    )
    command.add_argument("rule", nargs="?", metavar="RULE", help="a rule's name or older name")
    option_groups.add_rule_files(command)
    command.add_argument("--tree", action="store_true", help="draw how the rules inherit from base class and mixins")
    command.add_argument("--dot", type=Path, metavar="FILE", help="write the inheritance for graphviz")
    option_groups.add_overwrite(command)
    command.set_defaults(module="rulebook")


def _add_verify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "verify",
        "analyse the rules over all exposures that there can be, or what a change of them does",
        "Analyse rules without a pool: can each make an association, does each constraint change anything, which\n"
        "rules overlap, what does no rule take, does Level 2 make what Level 3 asks for? Findings that are not\n"
        "declared as intended give exit code 1. With --against: what do these rules make otherwise than others?",
    )
    command.add_argument("names", nargs="*", metavar="RULE", help="analyse these rules only")
    option_groups.add_rule_files(command)
    command.add_argument(
        "--against",
        type=Path,
        metavar="OLD",
        help="tell how these rules differ from a rule file, or from the folder rules/ of another version",
    )
    command.add_argument(
        "--witness-pool", type=Path, metavar="FILE", help="write a pool on which the findings show, a program for each"
    )
    option_groups.add_overwrite(command)
    command.add_argument("--json", action="store_true", help="print everything that was found as JSON")
    command.add_argument("-v", "--verbose", action="store_true", help="print also what is intended, and witnesses")
    command.set_defaults(module="verification")
