"""The command lines of the tools for association files."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from solver.app.option_groups import add_overwrite
from solver.associations import MEMBER_TYPES

#: Adds a command: its name, a summary and a description.
NewCommand = Callable[[str, str, str], argparse.ArgumentParser]


def add_file_tools(new: NewCommand) -> None:
    """Add the commands to those of the program."""
    _add_from_list(new)
    _add_edit(new)
    _add_gather(new)
    _add_show(new)


def _add_from_list(new: NewCommand) -> None:
    command = new(
        "from-list",
        "make an association of files that you name",
        "Make an association of files that you name, with what each of them is. At Level 3 they are one product;\n"
        "at Level 2 (-r DMSLevel2bBase) each science file is one, with all files that are not science.",
    )
    command.add_argument("files", metavar="FILE", nargs="*", help="science files")
    command.add_argument("-o", "--output-file", type=Path, required=True, metavar="ASN", help="the file to write")
    command.add_argument("--product-name", metavar="NAME", help="name of the product; needed at Level 3")
    for name, meaning in MEMBER_TYPES.items():
        command.add_argument(
            f"--{name.replace('_', '-')}",
            dest=f"as_{name}",
            nargs="+",
            action="extend",
            default=[],
            metavar="FILE",
            help=meaning,
        )
    command.add_argument(
        "--list",
        action="append",
        type=Path,
        default=[],
        metavar="TEXT",
        help="a text file with a file name a line, and after it, if that is no science file, its type",
    )
    command.add_argument(
        "-r",
        "--rule",
        default="DMS_Level3_Base",
        help="the rule, or base class of rules, that the association is said to be of (default: %(default)s)",
    )
    command.add_argument(
        "--ruledefs", action="append", type=Path, default=[], metavar="FILE", help="a file with rules of your own"
    )
    command.add_argument(
        "-i", "--id", dest="asn_id", default="a3001", metavar="ID", help="id of the candidate (default: %(default)s)"
    )
    command.add_argument("-t", "--type", metavar="TYPE", help="association type, such as image3 (default: the rule's)")
    command.add_argument("-f", "--format", choices=("json",), default="json", help="file format; only JSON is written")
    add_overwrite(command)
    command.set_defaults(module="from_list", names_in="files")


def _add_edit(new: NewCommand) -> None:
    command = new(
        "edit",
        "change members and product names of associations",
        "Add files to associations, remove them, change their types, or rename a product. Names that end with\n"
        ".json are associations, all others are members. What would not be valid any more is refused.",
    )
    command.add_argument("paths", metavar="NAME", nargs="+", help="associations (*.json), and the files in question")
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("-a", "--add", action="store_true", help="add the files to each product")
    what.add_argument("-r", "--remove", action="store_true", help="remove the files from each product that has them")
    what.add_argument("-c", "--change-type", action="store_true", help="give the files the type of -t")
    what.add_argument("--product-name", metavar="NAME", help="give the product this name")
    command.add_argument(
        "-t", "--type", metavar="TYPE", help="type of the files, such as background (default for -a: science)"
    )
    command.add_argument("--product", action="append", default=[], metavar="NAME", help="change only this product")
    command.add_argument(
        "-i", "--ignore", action="store_true", help="find files also by other suffixes: _rate stands for _cal, too"
    )
    command.add_argument("-o", "--output", type=Path, metavar="ASN", help="the file to write (default: in place)")
    command.add_argument("--force", action="store_true", help="also make what is no valid association")
    add_overwrite(command)
    command.set_defaults(module="editing", names_in="paths")


def _add_gather(new: NewCommand) -> None:
    command = new(
        "gather",
        "copy or link associations with all their members to a folder",
        "Copy associations and all their members to a folder, where they can be run as they are.\n"
        "Nothing is written if a member is missing, or if other files are in the way.",
    )
    command.add_argument(
        "paths",
        metavar="PATH",
        type=Path,
        nargs="+",
        help="associations, or folders with *_asn.json; the last path is the folder where to, made if need be",
    )
    command.add_argument(
        "-s", "--source", type=Path, metavar="FOLDER", help="where the members are (default: where associations say)"
    )
    command.add_argument(
        "-t", "--exp-types", action="append", metavar="TYPE", help="gather only members of this type, such as science"
    )
    command.add_argument(
        "-x", "--exclude-types", action="append", default=[], metavar="TYPE", help="leave out members of this type"
    )
    how = command.add_mutually_exclusive_group()
    how.add_argument("--link", choices=("hard", "symbolic"), help="make links to the members instead of copies")
    how.add_argument("-c", "--cmd", metavar="COMMAND", help="copy members with this command, such as 'cp -p'")
    command.add_argument("--overwrite", action="store_true", help="replace what is in the way")
    command.add_argument("-v", "--verbose", action="store_true", help="print every file")
    command.set_defaults(module="gathering", names_in="paths")


def _add_show(new: NewCommand) -> None:
    command = new(
        "show",
        "show associations: a table, or all members",
        "Show associations: one with all its members, several as a table with a line for each product.",
    )
    command.add_argument(
        "paths", metavar="ASN", nargs="+", help="files, archives, folders with *_asn.json, or patterns of names"
    )
    command.add_argument("-v", "--verbose", action="store_true", help="also show the members of several")
    command.add_argument(
        "--exists", action="store_true", help="tell which members are no files; exit code 1 if there are any"
    )
    command.add_argument("--json", action="store_true", help="print all as JSON")
    command.set_defaults(module="showing", names_in="paths")
