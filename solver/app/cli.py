"""The command line: `asnsolve COMMAND …`."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from rich_argparse import RawDescriptionRichHelpFormatter

from rules.errors import RuleError
from solver.columns import HIERARCHY
from solver.errors import AsnsolveError
from solver.version import __version__

#: Exit code where the input is not what it should be.
BAD_INPUT = 2

#: Exit code where the user interrupts, as shells have it.
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: as on the command line; by default those of this process.

    Returns:
        0, or 2 where the input is not what it should be; a message tells what and where.
    """
    called = "asnsolve"
    try:
        options = parser().parse_args(arguments)
        called = f"asnsolve {options.command}"
        # each command's module is loaded when it is run, and with it the libraries that it alone needs
        code: int = importlib.import_module(f"solver.app.{options.module}").run(options)
    except (AsnsolveError, RuleError) as error:
        message = "".join(char if char.isprintable() else repr(char)[1:-1] for char in str(error))
        sys.stderr.write(f"{called}: error: {message}\n")
        return BAD_INPUT
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone, which is no error of ours
        return 0
    except OSError as error:
        sys.stderr.write(f"{called}: error: cannot write the output: {error.strerror or error}\n")
        return BAD_INPUT
    except KeyboardInterrupt:
        sys.stderr.write(f"{called}: interrupted\n")
        return INTERRUPTED
    return code


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    made = argparse.ArgumentParser(
        prog="asnsolve",
        description="Group JWST exposures into associations, the lists that the calibration pipeline combines.",
        formatter_class=RawDescriptionRichHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--version", action="version", version=f"asnsolve {__version__}")
    commands = made.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_generate(commands)
    _add_compare(commands)
    _add_check(commands)
    _add_explain(commands)
    _add_inspect(commands)
    _add_rules(commands)
    return made


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, summary: str, description: str
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name, help=summary, description=description, formatter_class=RawDescriptionRichHelpFormatter, allow_abbrev=False
    )


def _add_pool(command: argparse.ArgumentParser) -> None:
    command.add_argument("pool", metavar="POOL", type=Path, help="the pool: a table with one row per exposure")
    command.add_argument(
        "-d", "--delimiter", default="|", metavar="CHAR", help="what stands between the cells (default: %(default)s)"
    )
    command.add_argument(
        "--pool-format", metavar="FORMAT", help="a table format of astropy, such as ascii.ecsv (default: found out)"
    )
    command.add_argument(
        "--keep-first", action="store_true", help="of rows that repeat a FILENAME keep the first, instead of refusing"
    )


def _add_generate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "generate",
        "find the associations of a pool and write them",
        "Find the Level 2 and Level 3 associations of a pool and write one file for each.\n\n"
        "Without options it solves every candidate that the pool lists, and each program across its\n"
        "candidates (discovery); of associations with the same members it keeps one.",
    )
    _add_pool(command)
    _add_what_is_solved(command)
    _add_what_is_kept(command)
    _add_output(command)
    command.add_argument("--version", action="version", version=f"asnsolve {__version__}")
    command.set_defaults(module="generation")


def _add_what_is_solved(command: argparse.ArgumentParser) -> None:
    which = command.add_mutually_exclusive_group()
    which.add_argument("-i", "--ids", nargs="+", metavar="ID", help="solve only these candidates, such as o001 c1000")
    which.add_argument("--discover", action="store_true", help="solve only across candidates")
    which.add_argument("--all-candidates", action="store_true", help="solve all candidates, and not across them")
    command.add_argument(
        "--level", choices=("2", "3", "both"), default="both", help="which levels to make (default: %(default)s)"
    )
    _add_rule_files(command)
    command.add_argument("--ignore-default", action="store_true", help="use the rules of -r alone")
    command.add_argument(
        "--engine",
        choices=("signatures", "constraint"),
        default="signatures",
        help="how solutions are found; both find the same (default: %(default)s)",
    )
    command.add_argument(
        "--per-pool-algorithm", action="store_true", help="accepted; there is one algorithm, and it finds the same"
    )


def _add_what_is_kept(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--DMS",
        dest="dms",
        action="store_true",
        help="with -i: leave out what the background candidates of the same exposures stand for",
    )
    command.add_argument("--merge", action="store_true", help="put the Level 2 products of a candidate in one file")
    command.add_argument("--no-merge", action="store_true", help=argparse.SUPPRESS)
    command.add_argument(
        "--no-finalize", action="store_true", help="write the groups as found: unchecked, unexpanded, with duplicates"
    )


def _add_output(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-p", "--path", type=Path, default=Path(), metavar="DIR", help="folder for the files (default: this folder)"
    )
    command.add_argument(
        "--save-orphans",
        nargs="?",
        const="orphaned.csv",
        metavar="FILE",
        help="also write the exposures that are in no association, as a pool (default: orphaned.csv)",
    )
    command.add_argument(
        "--version-id",
        nargs="?",
        const="",
        metavar="VERSION",
        help="a version for the associations' names; without a value, the time of the run",
    )
    command.add_argument("--format", choices=("json",), default="json", help="file format; only JSON is written")
    command.add_argument("--overwrite", action="store_true", help="replace files that no earlier run made")
    command.add_argument("--dry-run", action="store_true", help="write nothing")
    command.add_argument("--json", action="store_true", help="print what was made as JSON")
    command.add_argument("-v", "--verbose", action="store_true", help="print every association with its members")
    command.add_argument(
        "-D", "--debug", action="store_true", help="also print what became of each rule and of what was not kept"
    )


def _add_rule_files(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-r", "--rules", action="append", type=Path, metavar="FILE", help="a Python file with rules of your own"
    )


def _add_compare(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "compare",
        "tell how two sets of associations differ",
        "Compare two sets of association files: the same products with the same members?\n"
        "Order, file names and sequence numbers do not matter. Exit code 0 if they are the same, 1 if not.",
    )
    command.add_argument("first", metavar="A", type=Path, help="a file, or a folder with files *_asn.json")
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
    _add_pool(command)
    command.add_argument("results", metavar="RESULTS", type=Path, nargs="+", help="files, or folders with *_asn.json")
    _add_rule_files(command)
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
    _add_pool(command)
    command.add_argument(
        "exposure", nargs="?", metavar="EXPOSURE", help="a file name, or a part of it that no other exposure has"
    )
    command.add_argument("other", nargs="?", metavar="OTHER", help="another exposure")
    command.add_argument("--association", metavar="NAME", help="explain this association; a product's or file's name")
    command.add_argument("--orphans", action="store_true", help="explain why exposures are in no association")
    command.add_argument("--rule", metavar="RULE", help="explain this rule only")
    command.add_argument("--candidate", metavar="ID", help="explain this candidate only, such as o001")
    _add_rule_files(command)
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
    _add_pool(command)
    command.add_argument(
        "--level",
        choices=tuple(HIERARCHY),
        default="observation",
        help="how deep to show the hierarchy (default: %(default)s)",
    )
    command.set_defaults(module="inspection")


def _add_rules(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "rules",
        "list the rules, or show one",
        "List the rules; with a name, show what that rule states and which class each constraint comes from.",
    )
    command.add_argument("rule", nargs="?", metavar="RULE", help="a rule's name or older name")
    _add_rule_files(command)
    command.add_argument("--tree", action="store_true", help="draw how the rules inherit from base class and mixins")
    command.add_argument("--dot", type=Path, metavar="FILE", help="write the inheritance for graphviz")
    command.set_defaults(module="rulebook")
