"""Associations and their members brought together in one folder, as copies or links: all of them or nothing."""

from __future__ import annotations

import filecmp
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Literal, NamedTuple

from solver.associations import RATES, file_parts
from solver.brief import Brief
from solver.errors import AssociationError, MissingMembersError, OutputError, UsageError, errors_as
from solver.guards import real
from solver.headers import shutters_file
from solver.storage.json_files import Content, content_text, read_content
from solver.storage.loading import association_files
from solver.storage.member_files import find_member, is_data, named_files, where_to_search
from solver.whole_files import output_errors, refuse_reserved, write_files
from solver.words import few

Link = Literal["hard", "symbolic"]


@dataclass(frozen=True, slots=True, repr=False)
class Gathered(Brief):
    """The files in the folder after gathering.

    Attributes:
        associations: the association files.
        members: the files of their members, and the files that these name, such as a `tweakreg_catalog`, or that
            their headers name, such as a shutter file of NIRSpec.
        new: those of either kind that were not in the folder before.
    """

    associations: tuple[Path, ...]
    members: tuple[Path, ...]
    new: frozenset[Path]


class _File(NamedTuple):
    """A file to copy or link: that of a member, or an association with its new content."""

    origin: Path
    content: Content | None = None


#: The files of the new folder, by name.
_Plan = dict[str, _File]


def gather(
    associations: str | Path | Iterable[str | Path],
    destination: str | Path,
    *,
    exp_types: Collection[str] | None = None,
    exclude_types: Collection[str] = (),
    source_folder: str | Path | None = None,
    link: Link | None = None,
    command: str | None = None,
    overwrite: bool = False,
) -> Gathered:
    """Bring associations and their members to a folder, where they run as they are: members lose their folders.

    Files that a member names in other keys come along, and identical copies of a file count as one. From outside the
    folder of the association, or `source_folder`, come only data files: FITS, ASDF, and ECSV.
    Everything is checked first: nothing is written if a member is missing or another file is in the way.
    Files that are already there are left alone. Associations are written last, so each one in the folder is complete.

    Args:
        associations: association files, or folders of them.
        destination: the folder; it is made if need be.
        exp_types: types of members to gather, such as science; by default all.
        exclude_types: types of members to leave out.
        source_folder: where the members are, if not where the associations say.
        link: make hard or symbolic links to the members instead of copies.
        command: the program, with arguments, that copies a member; the file and its destination are appended.
        overwrite: replace files that are in the way.

    Raises:
        UsageError: both `link` and `command` are given, or the command is not valid.
        AssociationError: a file is not an association, no member is of a wanted type, two files share a name, or a
            member is an association that is gathered, too, or a file elsewhere that is not data.
        MissingMembersError: a member does not exist.
        BusyError: other processes gather into this folder.
        OutputError: files are in the way, have reserved names, or cannot be written.

    >>> import tempfile
    >>> from solver import Association, Member, Product
    >>> product = Product("deep", (Member("night/a_cal.fits", "science"),))
    >>> made = Association("image3", "A_Rule", None, "", "", "00001", "", "o001", "t001", "p.csv", (product,))
    >>> folder = Path(tempfile.mkdtemp())
    >>> (folder / "night").mkdir()
    >>> (folder / "night" / "a_cal.fits").touch()
    >>> gather(made.save(folder), folder / "run")
    <Gathered: 1 association, 1 member, 2 new>
    """
    bring = _method(link, command)
    given = [associations] if isinstance(associations, str | Path) else associations
    plan, missing, science = _Plan(), dict[str, list[Path]](), set[str]()
    for file in (file for path in given for file in association_files(Path(path))):
        content = _wanted(read_content(file), file, exp_types, exclude_types)
        science |= {each["expname"] for each in _members(content) if each["exptype"] == "science"}
        for name in _take(plan, content, file, None if source_folder is None else Path(source_folder)):
            missing.setdefault(name, []).append(file)
    if missing:
        remedy = where_to_search("these files", source_folder)
        remedy += ", or leave them out with -x" * science.isdisjoint(missing)
        raise MissingMembersError(few(dict.fromkeys(chain(*missing.values()))), tuple(missing), remedy)
    folder = Path(destination)
    with output_errors(folder):
        places = {folder / name: file for name, file in plan.items()}
        new = {place: file for place, file in places.items() if not _is_there(file, place)}
        refuse_to_lose = partial(_refuse_to_lose, folder, {} if overwrite else new)
        refuse_to_lose()
        folder.mkdir(parents=True, exist_ok=True)
        brought = {place: partial(bring, file.origin) for place, file in new.items() if file.content is None}
        texts = {place: content_text(file.content) for place, file in new.items() if file.content is not None}
        write_files({**brought, **texts}, refuse_to_lose)  # associations last
    associated = tuple(place for place, file in places.items() if file.content is not None)
    members = tuple(place for place, file in places.items() if file.content is None)
    return Gathered(associated, members, frozenset(new))


def _wanted(content: Content, file: Path, types: Collection[str] | None, without: Collection[str]) -> Content:
    """The association with only members of the wanted types, and products that have any."""
    known = {member["exptype"].lower() for member in _members(content)}
    wanted = (known if types is None else {each.lower() for each in types}) - {each.lower() for each in without}
    for product in content["products"]:
        product["members"] = [member for member in product["members"] if member["exptype"].lower() in wanted]
    if not any(_members(content)):
        raise AssociationError(f"{file}: -t and -x leave no members; it has {', '.join(sorted(known))}")
    return {**content, "products": [product for product in content["products"] if product["members"]]}


def _members(content: Content) -> Iterator[dict[str, Any]]:
    return (member for product in content["products"] for member in product["members"])


def _take(plan: _Plan, content: Content, file: Path, source_folder: Path | None) -> list[str]:
    """Plan an association with its members and the files that these need; returns the names of missing files."""
    missing = []
    for member in _members(content):
        if (source := find_member(member["expname"], file.parent, source_folder)) is None:
            missing.append(member["expname"])
            continue
        if not is_data(source, source_folder or file.parent):
            raise AssociationError(f"{file}: {source} is elsewhere and not FITS, ASDF or ECSV; remove that member")
        for key, named in {"expname": source, **named_files(member, file.parent, source_folder)}.items():
            _claim(plan, _File(named))
            member[key] = named.name
        shutters = shutters_file(source)
        if shutters is not None and shutters.is_file() and is_data(shutters, source_folder or file.parent):
            _claim(plan, _File(shutters))
        elif shutters is not None and file_parts(source.name)[1] in RATES:
            missing.append(shutters.name)
    _claim(plan, _File(file, content))
    return missing


def _claim(plan: _Plan, file: _File) -> None:
    """Plan a file under its name, which no other file with other content may have."""
    refuse_reserved(file.origin)
    other = plan.setdefault(file.origin.name, file)
    same, members = other.origin.samefile(file.origin), other.content is file.content is None
    if same and (other.content is None) != (file.content is None):
        raise AssociationError(f"{file.origin} is a member of an association that is gathered, too; remove that member")
    if not (same or (members and filecmp.cmp(other.origin, file.origin, shallow=False))):
        raise AssociationError(f"{other.origin} and {file.origin} have one name; gather them into different folders")


def _is_there(file: _File, place: Path) -> bool:
    """Whether the file is in its place already."""
    if not place.is_file():
        return False
    if file.content is None:
        return place.samefile(file.origin) or filecmp.cmp(file.origin, place)
    with suppress(AssociationError):
        return read_content(place) == file.content
    return False


def _refuse_to_lose(folder: Path, new: Mapping[Path, _File]) -> None:
    taken = (place.name for place, file in new.items() if os.path.lexists(place) and not _is_there(file, place))
    if names := ", ".join(sorted(taken)):
        raise OutputError(f"{folder} has {names} with other content; choose another folder, or use --overwrite")


#: Copies or links a file to its destination.
_Method = Callable[[Path, Path], object]


def _method(link: Link | None, command: str | None) -> _Method:
    """How members are copied or linked."""
    if command is None:
        return _METHODS[link]
    if link is not None:
        raise UsageError("a command copies members and makes no links; give one of the two")
    with errors_as(lambda why: UsageError(f"the command {command!r} cannot be understood: {why}"), ValueError):
        words = shlex.split(command)
    if not words:
        raise UsageError("the command to copy members with is empty")
    return partial(_run, words)


_METHODS: Mapping[Link | None, _Method] = {
    None: shutil.copy2,  # also the times, so that a second run finds it in place
    "hard": lambda source, place: place.hardlink_to(real(source)),
    "symbolic": lambda source, place: place.symlink_to(source.absolute()),
}


def _run(words: list[str], source: Path, place: Path) -> None:
    call = [*words, str(source.absolute()), str(place.absolute())]
    with errors_as(lambda why: OutputError(f"the command {call[0]} cannot be run: {why}"), OSError):
        done = subprocess.run(call, capture_output=True, text=True, check=False, errors="replace")  # noqa: S603 (asked for)
    if done.returncode or not place.exists():
        why = done.stderr.strip().splitlines()[-1:] or ["it made no file"]
        raise OutputError(f"the command {call[0]} failed for {source}: {why[0]}")
