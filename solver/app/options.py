"""Options: how a command states its own, and once each those that several commands share.

A command is a module with `OPTIONS` and `run`, whose docstring is the help.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from solver.version import __version__

#: Adds itself to the parser of a command, or to a group of its options.
Option = Callable[[Any], object]


def option(shown: str, text: str, **how: Any) -> Option:
    """An option, or a positional argument.

    Args:
        shown: the option as help shows it, such as `-d --delimiter CHAR`, `--level {2,3,both}`, or, where the value
            may be left out, `--save-orphans [FILE]`; for a positional argument, its attribute and its name in the help.
        text: what it does; help adds the default if that is a word or a number.
        how: any other arguments of `add_argument`. An option that may be repeated has no values by default.
    """
    words = shown.split(" ")
    names = [word for word in words if word.startswith("-")] or words[:1]
    value = " ".join(words[len(names) :])
    if value.startswith("{"):
        how["choices"] = value.strip("{}").split(",")
    elif value:
        how["metavar"] = value.strip("[]")
    if value.startswith("["):
        how["nargs"] = "?"
    if how.get("action") == "append":
        how["default"] = []
    default = how.get("default") or how.get("const")
    if default and isinstance(default, (str, int)):
        text = f"{text} (default: {default})"
    return lambda command: command.add_argument(*names, help=text, **how)


def path_to(shown: str, text: str, **how: Any) -> Option:
    """An option whose value is a path."""
    return option(shown, text, type=Path, **how)


def flag(shown: str, text: str, **how: Any) -> Option:
    """An option without a value."""
    return option(shown, text, action="store_true", **how)


def names(shown: str, text: str, *, nargs: str = "+") -> Option:
    """The names that a command works on, which may come before, between and after its options."""

    def add(command: Any) -> None:
        command.set_defaults(names_in=shown.partition(" ")[0])
        option(shown, text, nargs=nargs)(command)

    return add


def one_of(*options: Option, required: bool = False) -> Option:
    """Options of which only one may be given."""
    return lambda command: add_options(command.add_mutually_exclusive_group(required=required), options)


def group(title: str, text: str, *options: Option) -> Option:
    """Options under a heading of their own."""
    return lambda command: add_options(command.add_argument_group(title, text), options)


def add_options(command: Any, options: tuple[Option, ...]) -> None:
    """Add options to the parser of a command, or to a group."""
    for each in options:
        each(command)


VERSION = option(
    "--version", "show program's version number and exit", action="version", version=f"asnsolve {__version__}"
)

READING = (
    option("-d --delimiter CHAR", "the delimiter of a text pool (default: recognised)"),
    option("--pool-format FORMAT", "a table format of astropy, such as ascii.ecsv (default: recognised)"),
    flag("--keep-first", "of rows that repeat a FILENAME keep the first, instead of refusing"),
)
POOL = (path_to("pool POOL", "the pool: a table with one row per exposure"), *READING)

RULES = path_to("-r --rules FILE", "a Python file with rules of your own", action="append")
CHOICE = (
    one_of(
        option("-i --ids ID", "solve only these candidates, such as o001 c1000", nargs="+"),
        flag("--discover", "solve only across candidates"),
        flag("--all-candidates", "solve all candidates, and not across them"),
    ),
    option("--level {2,3,both}", "which levels to make", default="both"),
    RULES,
    flag("--ignore-default", "use the rules of -r alone"),
)
STATEMENTS = group(
    "candidates of exposures",
    "What headers do not tell. An observation is o002, or jw01234-o002 where there are several programs;\n"
    "patterns of file names do, too.",
    option("--candidate ID=TYPE:OBS,…", "a candidate, such as c1001=background:o001,o002", action="append"),
    option("--background OBS", "these exposures are background", action="append"),
    option("--psf OBS", "these exposures are a PSF reference", action="append"),
    option("--imprint OBS", "these exposures are imprints", action="append"),
    path_to("--candidate-file FILE", "the same, from a TOML file", action="append"),
)

FOLDER = (
    path_to("-p --path DIR", "folder for the files (default: this folder)", default=Path()),
    flag("--overwrite", "replace files that no earlier run made"),
)
OVERWRITE = flag("--overwrite", "replace a file of another kind that is in the way")
FORMAT = "file format; only JSON is written"
