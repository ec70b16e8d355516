"""Members as files: their names in an association, and where they are.

The pipelines disagree on names with a folder: Level 3 resolves them from the association's folder, Level 2 from the
current one. Both take a name without a folder for a file beside the association.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solver.associations import MEMBER_TEXTS, Association
from solver.errors import UsageError
from solver.guards import real

#: Whether a file exists; False also for names that no file can have.
is_file = os.path.isfile

#: Endings of files that hold data, compressed or not.
DATA = re.compile(r"\.(fits?|fts|asdf|ecsv)(\.(gz|bz2|fz|z))?$", re.IGNORECASE)


def member_name(file: str, folder: Path) -> str:
    """The name to give a file in an association so that the pipelines of both levels find it.

    A file beside the association goes by its name. A file elsewhere goes by its absolute path, unless the association
    is in the current folder, where it is also run: then it keeps the given name. So does a file that does not exist.

    Args:
        file: the file, relative to the current folder.
        folder: where the association is.

    Raises:
        UsageError: it is a folder.
    """
    path = Path(file)
    if os.path.isdir(path):  # noqa: PTH112 (False also for names that no folder can have)
        raise UsageError(f"{file} is a folder; name its files, such as {path / '*_cal.fits'}")
    if not is_file(path):
        return file
    if real(path.parent) == real(folder):
        return path.name
    return file if real(folder) == Path.cwd() else str(path.absolute())


def find_member(expname: str, folder: Path, source_folder: Path | None = None) -> Path | None:
    """The file of a member, where the pipelines look for it; None if it does not exist.

    Args:
        expname: the member's name.
        folder: where the association is.
        source_folder: where the members are, if not there; their names count with and without their own folders.
    """
    base = Path(expname).name
    places = [source_folder / expname, source_folder / base] if source_folder is not None else [folder / expname]
    places += [Path(expname)] if source_folder is None and base != expname else []
    return next(filter(is_file, places), None)


def where_to_search(files: str, source_folder: str | Path | None) -> str:
    """What to do about missing files: the folder to name, or why the one that was named is not the right one."""
    if source_folder is None:
        return f"name the folder of {files} with -s"
    lacks = f"lacks {files}" if Path(source_folder).is_dir() else "does not exist"
    return f"{source_folder} {lacks}; name the folder that has them with -s"


def is_data(file: Path, folder: Path) -> bool:
    """Whether a file is in a folder, or holds data by the ending of its name; of a link, its target counts."""
    return file.resolve().is_relative_to(folder.resolve()) or DATA.search(str(file.resolve())) is not None


def named_files(member: Mapping[str, Any], folder: Path, source_folder: Path | None = None) -> dict[str, Path]:
    """The keys of a member in a file's content that name further files, such as `tweakreg_catalog`, and these files.

    Text that happens to name a file elsewhere is only text, unless that file holds data.
    """
    texts = {key: text for key, text in member.items() if key not in MEMBER_TEXTS and isinstance(text, str)}
    found = {key: find_member(text, folder, source_folder) for key, text in texts.items()}
    return {key: file for key, file in found.items() if file is not None and is_data(file, source_folder or folder)}


def missing_members(association: Association, folder: str | Path) -> tuple[str, ...]:
    """Names of the members that do not exist, each once.

    Args:
        association: the association.
        folder: its folder.

    >>> import tempfile
    >>> from solver import Association, Member, Product
    >>> product = Product("deep", (Member("a_cal.fits", "science"), Member("b_cal.fits", "science")))
    >>> made = Association("image3", "A_Rule", None, "", "", "00001", "", "o001", "t001", "p.csv", (product,))
    >>> folder = Path(tempfile.mkdtemp())
    >>> (folder / "a_cal.fits").touch()
    >>> missing_members(made, folder)
    ('b_cal.fits',)
    """
    names = dict.fromkeys(member.expname for member in association.members)
    return tuple(name for name in names if find_member(name, Path(folder)) is None)
