"""Options: how a command states its own, and once each those that several commands share.

A command is a module with `OPTIONS` and `run`, whose docstring is the help.
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from solver.version import __version__

#: Exit codes: a command did its work and there is something to look at; the input is not what it should be.
ATTENTION, BAD_INPUT = 1, 2

#: Adds itself to the parser of a command, or to a group of its options.
Option = Callable[[Any], object]


def option(shown: str, text: str, **how: Any) -> Option:
    """An option, or a positional argument.

    Args:
        shown: the option as help shows it, such as `-d --delimiter CHAR`, `--level {2,3,both}`, or, where the value
            may be left out, `--save-orphans [FILE]`; for a positional argument, its attribute and its name in the help.
        text: what it does; help adds the default if that is a word or a number.
        how: any other arguments of `add_argument`.
    """
    words = shown.split(" ")
    names = [word for word in words if word.startswith("-")] or words[:1]
    value = " ".join(words[len(names) :])
    if value.startswith("{"):
        how["choices"] = value.strip("{}").split(",")
    elif value.startswith("["):
        how = {"metavar": value[1:-1], "nargs": "?", "const": "", **how}
    elif value:
        how["metavar"] = value
    default = how.get("default") or how.get("const")
    if default and isinstance(default, (str, int)):
        text = f"{text} (default: {default})"
    return lambda command: command.add_argument(*names, help=text, **how)


def path(text: str) -> Path:
    """The path that a text names; an empty text would be the current folder, and is more often a mistake in a script.

    Raises:
        ArgumentTypeError: the text is empty.
    """
    if not text:
        raise ArgumentTypeError("an empty text names no file or folder")
    return Path(text)


def workers(text: str) -> int:
    """A number of processes or threads; raises `ArgumentTypeError` for one that is a mistake in the command."""
    if not (text.isdecimal() and int(text) in range(1, 257)):
        raise ArgumentTypeError(f"{text}: give a number from 1 to 256")
    return int(text)


#: An option whose value is a path.
path_to = partial(option, type=path)

#: An option that may be repeated.
several = partial(option, action="append", default=[])

#: An option that takes several values, and may be repeated.
list_of = partial(option, nargs="+", action="extend", default=[])

#: An option without a value.
flag = partial(option, action="store_true")


def names(shown: str, text: str, *, nargs: str = "+") -> Option:
    """The names that a command works on, which may come before, between and after its options."""

    def add(command: Any) -> None:
        command.set_defaults(names_in=shown.partition(" ")[0])
        option(shown, text, nargs=nargs, default=[])(command)  # else argparse calls even `*` required

    return add


def one_of(*options: Option, required: bool = False) -> Option:
    """Options that exclude each other."""
    return lambda command: add_options(command.add_mutually_exclusive_group(required=required), options)


def group(title: str, text: str, *options: Option) -> Option:
    """Options under a heading of their own."""
    return lambda command: add_options(command.add_argument_group(title, text), options)


def add_options(command: Any, options: tuple[Option, ...]) -> None:
    """Add options to the parser of a command, or to a group."""
    for each in options:
        each(command)


VERSION = option("--version", "show the version and exit", action="version", version=f"asnsolve {__version__}")

STATEMENTS = group(
    "statements",
    "Facts about the exposures that the pool does not record, or has wrong. WHICH\n"
    "and FOR list observations (o004, or jw07973-o004 if there are several\n"
    "programs) or file name patterns, separated by commas.",
    several("--exclude WHICH", "leave these exposures out before anything is grouped"),
    several("--set COLUMN=VALUE:WHICH", "give a column this value, whatever it has: band=short:o003"),
    several(
        "--background WHICH[:FOR]",
        "WHICH is background, of FOR only (FOR is needed if the matching science has several targets)",
    ),
    several("--psf WHICH[:FOR]", "WHICH is a PSF reference, for FOR only (FOR is needed as above)"),
    several("--imprint WHICH", "WHICH is an imprint"),
    several("--candidate ID=TYPE:WHICH", "a candidate, such as c1001=mosaic:o001,o003"),
    several("--statements --candidate-file FILE", "a TOML file with any of these", type=path),
)

SUFFIX = several("--suffix SUFFIX[=LEVEL]", "also use files such as _crf, in associations of LEVEL (2 or 3)")

#: How a pool is read, and what is stated of its exposures.
READING = (
    option("-d --delimiter CHAR", "the delimiter of a text pool (default: detected)"),
    option("--pool-format FORMAT", "a table format of astropy, such as ascii.ecsv (default: detected)"),
    flag("--keep-first", "if a FILENAME is repeated, keep the first row instead of stopping"),
    STATEMENTS,
    SUFFIX,
)

#: A pool or exposures.
POOL = (
    path_to(
        "pool POOL",
        "a pool (a table with one row per exposure); a FITS file, a folder of FITS files or a table of MAST; or "
        "results of generate (a folder or an --archive file), to use the pool, statements and options of that run",
    ),
    option("--run RUN", "the run to use, by number or name, if POOL has the results of several", dest="of_run"),
    *READING,
)

LEVEL = option("--level {2,3,both}", "use only the rules of this level (default: both)")
BACKGROUND_AT = option("--background-at {2,3,both,none}", "level at which background is used (default: both)")

RULES = (
    several("-r --rules FILE", "a Python file with rules of your own", type=path),
    flag("--ignore-default", "use only the rules of -r"),
    several("--without RULE", "leave out this rule"),
    several("--split-by COLUMN[:RULE]", "separate Level 3 products, or those of RULE, for each value of a pool column"),
    option("--rules-version VERSION", "version: mission (default), 2.0.1, development, corrected, or a folder"),
)
CHOICE = (
    one_of(
        list_of("-i --ids ID", "look only within these candidates, such as o001 c1000"),
        flag("--discover", "find associations only across candidates"),
        flag("--all-candidates", "find associations only within candidates"),
    ),
    LEVEL,
    BACKGROUND_AT,
    *RULES,
)

#: Attributes of the options of `generate` that the record of a run keeps: those that make a run another one of its pool
#: (which are part of its name, in this order), and those that do not.
_VALUES = ("ids", "level", "version_id", "rules", "rules_version", "suffix", "without", "split_by")
_FLAGS = ("existing", "discover", "all_candidates", "dms", "merge", "selfcal", "no_finalize", "ignore_default")
DISTINCT = (*_VALUES, *_FLAGS)
ALIKE = ("delimiter", "pool_format", "keep_first", "keep_numbers", "relative", "background_at")
RECORDED = (*_FLAGS, *ALIKE, *_VALUES)

LOG = (
    option("--log-level {debug,info,warning,error}", "log from this level on, to standard error or the log file"),
    path_to("--log-json FILE", "append the log to FILE, a JSON object on each line (level: info by default)"),
)

FOLDER = (
    path_to("-p --path DIR", "folder for the files (default: this folder)", default=Path()),
    flag("--overwrite", "also replace files that this command did not write before, or that were changed since"),
)
OVERWRITE = flag("--overwrite", "replace a file that was not made by asnsolve")
FORMAT = "file format; only JSON is written"
