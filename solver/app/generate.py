"""The command `asnsolve generate`."""

from __future__ import annotations

from argparse import SUPPRESS, Namespace
from pathlib import Path

from solver.app.options import CHOICE, FOLDER, FORMAT, READING, STATEMENTS, VERSION, flag, option

SUMMARY = "find the associations of pools and write them"
DESCRIPTION = """\
Find the Level 2 and Level 3 associations of each pool and write one file for each of them.

Without options it solves every candidate that the pool lists, and each program across its
candidates (discovery); of associations with the same members it keeps one."""
OPTIONS = (
    option(
        "pools POOL",
        "a pool, which is a table with one row per exposure, or a folder with pools, each solved by itself; "
        "or exposures, as FITS files or folders with such, of which one pool is made",
        type=Path,
        nargs="+",
    ),
    *READING,
    STATEMENTS,
    *CHOICE,
    option(
        "--engine",
        "how solutions are found; both find the same (default: %(default)s)",
        choices=("signatures", "constraint"),
        default="signatures",
    ),
    flag("--per-pool-algorithm", "accepted; there is one algorithm, and it finds the same"),
    flag("--DMS", "with -i: leave out what the background candidates of the same exposures stand for", dest="dms"),
    flag("--merge", "put the Level 2 products of a candidate in one file"),
    flag("--no-merge", SUPPRESS),
    flag("--no-finalize", "write the groups as found: unchecked, unexpanded, with duplicates"),
    *FOLDER,
    flag("--existing", "leave out members whose files are not there yet, and say which associations need them"),
    option(
        "--archive FILE",
        "write all associations to this one file instead: .jsonl, .jsonl.gz, .jsonl.zst or .parquet",
        type=Path,
    ),
    option(
        "--save-orphans FILE",
        "also write the exposures that are in no association, as a pool (default: orphaned.csv)",
        nargs="?",
        const="orphaned.csv",
    ),
    option(
        "--version-id VERSION",
        "a version for the associations' names; without a value, the time of the run",
        nargs="?",
        const="",
    ),
    option("--format", FORMAT, choices=("json",), default="json"),
    flag("--dry-run", "write nothing"),
    flag("--json", "print what was made as JSON"),
    flag("-v --verbose", "print every association with its members"),
    flag("-D --debug", "also print what became of each rule and of what was not kept"),
    option("--workers N", "number of processes that solve (default: %(default)s)", type=int, default=1),
    option("--dask ADDRESS", "let the workers of this dask scheduler solve, such as tcp://10.0.0.1:8786"),
    flag("--profile", "print where the time went"),
    VERSION,
)


def run(options: Namespace) -> int:
    """Find and write; 0, or 2 if a pool has no results, or 1 if files of exposures had to be skipped."""
    from solver.app import generation

    return generation.run(options)
