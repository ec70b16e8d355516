"""Options that several commands have, and groups of those of `generate`."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_pool(command: argparse.ArgumentParser) -> None:
    """The pool that the command is about."""
    command.add_argument("pool", metavar="POOL", type=Path, help="the pool: a table with one row per exposure")
    add_reading(command)


def add_reading(command: argparse.ArgumentParser) -> None:
    """How pools are read."""
    command.add_argument(
        "-d", "--delimiter", default="|", metavar="CHAR", help="what stands between the cells (default: %(default)s)"
    )
    command.add_argument(
        "--pool-format", metavar="FORMAT", help="a table format of astropy, such as ascii.ecsv (default: found out)"
    )
    command.add_argument(
        "--keep-first", action="store_true", help="of rows that repeat a FILENAME keep the first, instead of refusing"
    )


def add_by_hand(command: argparse.ArgumentParser) -> None:
    """What no header of an exposure tells."""
    group = command.add_argument_group(
        "candidates of exposures",
        "What headers do not tell. An observation is o002, or jw01234-o002 where there are several programs;\n"
        "patterns of file names do, too.",
    )
    group.add_argument(
        "--candidate", action="append", metavar="ID=TYPE:OBS,…", help="a candidate, such as c1001=background:o001,o002"
    )
    for mark, what in (("background", "background"), ("psf", "a PSF reference"), ("imprint", "imprints")):
        group.add_argument(f"--{mark}", action="append", metavar="OBS", help=f"these exposures are {what}")
    group.add_argument(
        "--candidate-file", action="append", type=Path, metavar="FILE", help="the same, from a TOML file"
    )


def add_what_is_solved(command: argparse.ArgumentParser) -> None:
    """Which candidates, levels and rules are solved."""
    which = command.add_mutually_exclusive_group()
    which.add_argument("-i", "--ids", nargs="+", metavar="ID", help="solve only these candidates, such as o001 c1000")
    which.add_argument("--discover", action="store_true", help="solve only across candidates")
    which.add_argument("--all-candidates", action="store_true", help="solve all candidates, and not across them")
    command.add_argument(
        "--level", choices=("2", "3", "both"), default="both", help="which levels to make (default: %(default)s)"
    )
    add_rule_files(command)
    command.add_argument("--ignore-default", action="store_true", help="use the rules of -r alone")


def add_engine(command: argparse.ArgumentParser) -> None:
    """How solutions are found."""
    command.add_argument(
        "--engine",
        choices=("signatures", "constraint"),
        default="signatures",
        help="how solutions are found; both find the same (default: %(default)s)",
    )
    command.add_argument(
        "--per-pool-algorithm", action="store_true", help="accepted; there is one algorithm, and it finds the same"
    )


def add_what_is_kept(command: argparse.ArgumentParser) -> None:
    """Which associations stay."""
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


def add_folder(command: argparse.ArgumentParser) -> None:
    """Where files go."""
    command.add_argument(
        "-p", "--path", type=Path, default=Path(), metavar="DIR", help="folder for the files (default: this folder)"
    )
    command.add_argument("--overwrite", action="store_true", help="replace files that no earlier run made")


def add_output(command: argparse.ArgumentParser) -> None:
    """What is written and printed."""
    add_folder(command)
    command.add_argument(
        "--existing",
        action="store_true",
        help="leave out members whose files are not there yet, and say which associations need them",
    )
    command.add_argument(
        "--archive",
        type=Path,
        metavar="FILE",
        help="write all associations to this one file instead: .jsonl, .jsonl.gz, .jsonl.zst or .parquet",
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
    command.add_argument("--dry-run", action="store_true", help="write nothing")
    command.add_argument("--json", action="store_true", help="print what was made as JSON")
    command.add_argument("-v", "--verbose", action="store_true", help="print every association with its members")
    command.add_argument(
        "-D", "--debug", action="store_true", help="also print what became of each rule and of what was not kept"
    )


def add_scale(command: argparse.ArgumentParser) -> None:
    """Who does the work."""
    command.add_argument(
        "--workers", type=int, default=1, metavar="N", help="number of processes that solve (default: %(default)s)"
    )
    command.add_argument(
        "--dask", metavar="ADDRESS", help="let the workers of this dask scheduler solve, such as tcp://10.0.0.1:8786"
    )
    command.add_argument("--profile", action="store_true", help="print where the time went")


def add_rule_files(command: argparse.ArgumentParser) -> None:
    """The user's rules."""
    command.add_argument(
        "-r", "--rules", action="append", type=Path, metavar="FILE", help="a Python file with rules of your own"
    )


def add_overwrite(command: argparse.ArgumentParser) -> None:
    """Whether a file that the user names may take the place of one of another kind."""
    command.add_argument("--overwrite", action="store_true", help="replace a file of another kind that is in the way")
