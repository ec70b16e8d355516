"""Members as files: what an association calls them, and where they are.

The pipelines do not agree on names with a folder: those of Level 3 begin at the association's folder, those of
Level 2 at the current one. A name without a folder is a file beside the association for both.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from solver.associations import Association


def member_name(file: str, folder: Path) -> str:
    """What a file is called in an association, so that the pipelines of both levels find it.

    A file beside the association goes by its name. A file elsewhere has its absolute path, but for an association in
    the current folder, which is run there, too: then it keeps the name that was given. So does what does not exist.

    Args:
        file: the file, as seen from the current folder.
        folder: where the association is.
    """
    path = Path(file)
    if not is_file(path):
        return file
    if path.parent.resolve() == folder.resolve():
        return path.name
    return file if folder.resolve() == Path.cwd() else str(path.absolute())


def find_member(expname: str, folder: Path, source_folder: Path | None = None) -> Path | None:
    """The file of a member, looked for where the pipelines do; None if there is none.

    Args:
        expname: the member's name.
        folder: where the association is.
        source_folder: where the members are, if not there; also below it, without the folders of their names.
    """
    base = Path(expname).name
    places = [source_folder / expname, source_folder / base] if source_folder is not None else [folder / expname]
    if source_folder is None and base != expname:
        places.append(Path(expname))
    return next((place for place in places if is_file(place)), None)


def missing_members(association: Association, folder: str | Path) -> tuple[str, ...]:
    """Names of the members that are not there, each once.

    Args:
        association: the association.
        folder: the folder that it is in.
    """
    names = dict.fromkeys(member.expname for member in association.members)
    return tuple(name for name in names if find_member(name, Path(folder)) is None)


def is_file(path: Path) -> bool:
    """Whether there is a file, also for names that no file can have."""
    with suppress(OSError):
        return path.is_file()
    return False
