"""Copy or link associations with all their members to a folder.

Copy associations and all their members to one folder, ready for the pipeline.
Nothing is written if a member is missing, or if the folder already has
different files of the same names.
"""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from solver import storage
from solver.app import console
from solver.app.inputs import given
from solver.app.options import flag, names, one_of, option, path_to, several
from solver.errors import UsageError
from solver.words import plural

OPTIONS = (
    names("paths PATH", "associations, folders with *_asn.json; last, the destination folder (created if necessary)"),
    path_to("-s --source FOLDER", "where the members are (default: as the associations say)", dest="source_folder"),
    several("-t --exp-types TYPE", "gather only members in this role, such as science"),
    several("-x --exclude-types TYPE", "leave out members in this role"),
    one_of(
        option("--link {hard,symbolic}", "make links to the members instead of copies"),
        option("-c --cmd COMMAND", "copy members with this command, such as 'cp -p'"),
    ),
    flag("--overwrite", "replace existing files"),
    flag("-v --verbose", "print every file"),
)


def run(options: Namespace) -> None:
    """Gather, and report the files in the folder."""
    *associations, destination = map(Path, options.paths)
    if destination.is_file():
        raise UsageError(f"the last path is the destination, but {destination} is a file; name a folder after it")
    if not associations:
        raise UsageError(f"nothing to gather; name the associations before the folder {destination}")
    how = given(options, "exp_types", "exclude_types", "source_folder", "link", "overwrite")
    found = storage.gather(associations, destination, command=options.cmd, **how)
    every = (*found.associations, *found.members)
    if options.verbose:
        console.show(*(f"{path}{'' if path in found.new else '  (already there)'}" for path in every))
    what = f"{plural(len(found.associations), 'association')} with {plural(len(found.members), 'member')}"
    console.show(f"gathered in {destination.resolve()}: {what}; {plural(len(found.new), 'new file')}")
