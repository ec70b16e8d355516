"""An association of files that the user names, made without a pool and without grouping by rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rules.files import read_file
from rules.rule import Rule
from solver.associations import (
    NOT_DEGRADED,
    RATES,
    Association,
    Member,
    Product,
    exposure_name,
    file_parts,
    member_type,
)
from solver.default import default_base
from solver.errors import AssociationError, UsageError, errors_as
from solver.headers import is_text
from solver.multimap import grouped
from solver.storage.member_files import DATA, missing_members
from solver.storage.plans import PIPELINES
from solver.version import CODE_VERSION
from solver.words import few, plural

_LEVEL_2, _LEVEL_3 = 2, 3

#: The suffixes that each level takes, and the types of members that Level 3 makes and Level 2 takes.
_TAKEN = {_LEVEL_2: "_rate or _rateints", _LEVEL_3: "_cal or _calints"}
_OF_IMAGES = frozenset({"direct_image", "segmap", "sourcecat"})


def from_list(
    files: Iterable[str | tuple[str, str]],
    rule: type[Rule] | None = None,
    *,
    product_name: str | None = None,
    asn_id: str = "a3001",
    asn_type: str | None = None,
) -> Association:
    """The association of these files.

    At Level 3 all files are members of one product. At Level 2 each science exposure has a product, named after it,
    and all files of other types are members of every product. Exposures that are each other's background are given
    as both types; none is then background of itself.

    Args:
        files: names of files, which are science, or pairs of a name and a type such as background.
        rule: the rule, or base class of rules, that the association names; it sets the level.
            By default the base class of Level 3.
        product_name: name of the product; required at Level 3.
        asn_id: id of the candidate; pipelines put it into the names of their products.
        asn_type: what the pipeline does with it, such as image3, one that a pipeline runs; by default that of the rule.

    Raises:
        AssociationError: no file is science, a file is given twice, or an argument is not valid.

    >>> association = from_list(["a_cal.fits", ("sky_cal.fits", "background")], product_name="deep")
    >>> [(member.expname, member.exptype) for member in association.products[0].members]
    [('a_cal.fits', 'science'), ('sky_cal.fits', 'background')]
    """
    rule = rule or default_base(_LEVEL_3)
    if not hasattr(rule, "level"):
        raise AssociationError(f"{rule.__name__} is a mixin; name a rule, or a base class of rules")
    members = [_member(each) for each in files]
    _check_members(members, rule.level)
    if product_name is not None:
        check_product_name(product_name)
    elif rule.level != _LEVEL_2:
        raise AssociationError("a Level 3 association needs a product name (--product-name)")
    if not re.fullmatch(r"o\d{3}|[ca]\d{4}", asn_id):
        raise AssociationError(f"{asn_id!r} is not a candidate id, which looks like o001, c1001 or a3001")
    known = [each for _, types in PIPELINES.values() for each in types if each.endswith(str(rule.level))]
    if asn_type not in (None, *known):
        raise AssociationError(f"{asn_type!r} is not an asn_type of Level {rule.level}; choose from {', '.join(known)}")
    level2 = rule.level == _LEVEL_2
    return Association(
        asn_type=asn_type or str(getattr(rule, "asn_type", "user_built")),
        asn_rule=rule.__name__,
        version_id=None,
        code_version=CODE_VERSION,
        degraded_status=NOT_DEGRADED,
        program=_program(members),
        constraints="No constraints",
        asn_id=asn_id,
        target="" if level2 else "none",
        asn_pool="none",
        products=tuple(_level2(members, product_name)) if level2 else (Product(str(product_name), tuple(members)),),
    )


def remarks(association: Association, folder: Path) -> Iterator[str]:
    """Problems that would stop the pipeline: files that do not exist, and files of another level."""
    if missing := missing_members(association, folder):
        yield f"{plural(len(missing), 'member')} {'does' if len(missing) == 1 else 'do'} not exist: {few(missing)}"
    level = association.level
    if wrong := [member.expname for member in association.members if not _fits(member, level)]:
        yield f"not what Level {level} takes ({_TAKEN[level]}): {few(dict.fromkeys(wrong))}"


def _fits(member: Member, level: int) -> bool:
    """Whether a file is of the kind that a level takes, as far as its suffix shows it."""
    suffix = file_parts(member.expname)[1]
    taken = suffix != "uncal" and (suffix in RATES) == (level == _LEVEL_2)
    return DATA.search(member.expname) is not None and (taken or not suffix or member.exptype in _OF_IMAGES)


def check_product_name(name: str) -> None:
    """Refuse a text that cannot be the name of a product.

    Raises:
        AssociationError: it is empty, not valid text, or contains a folder, which the pipelines would ignore.
    """
    _check_text(name)
    if not name.strip() or "/" in name:
        raise AssociationError(f"{name!r} cannot be the name of a product; give a name without folders")


def read_list(path: Path) -> Iterator[tuple[str, str]]:
    """The files in a list, with their types: one name per line, followed by its type unless it is science.

    Raises:
        UsageError: it cannot be read, or a line has more than two words.
        AssociationError: a type is unknown.
    """
    with errors_as(lambda why: UsageError(f"--list {path} cannot be read: {why}"), OSError, UnicodeError):
        lines = read_file(path).decode().splitlines()
    for number, line in enumerate(lines, start=1):
        words = line.partition("#")[0].split()
        if len(words) > 2:  # noqa: PLR2004 (name and type)
            raise UsageError(f"--list {path}, line {number}: {line.strip()!r} is more than a file name and its type")
        if words:
            try:
                yield words[0], member_type(words[1]) if len(words) > 1 else "science"
            except AssociationError as error:
                raise AssociationError(f"--list {path}, line {number}: {error}") from error


def _member(given: str | tuple[str, str]) -> Member:
    name, kind = (given, "science") if isinstance(given, str) else given
    if not Path(name).name:
        raise AssociationError(f"{name!r} is not a file name")
    _check_text(name)
    return Member(name, member_type(kind or "science"))


def _check_text(name: str) -> None:
    """Refuse names that are not valid text, which JSON cannot hold."""
    if not is_text(name):
        raise AssociationError(f"the name {name!r} is not UTF-8 text; rename it")


def _check_members(members: Sequence[Member], level: int) -> None:
    """Refuse lists that cannot make an association."""
    types = grouped((member.expname, member.exptype) for member in members)
    if not any("science" in each for each in types.values()):
        raise AssociationError("name a science file; without one there is no product")
    nod = ["background", "science"] if level == _LEVEL_2 else None
    if twice := [name for name, each in types.items() if len(each) > 1 and sorted(each) != nod]:
        raise AssociationError(f"{', '.join(twice)}: named more than once; a file is one member of a product")
    if level == _LEVEL_2 and (stars := [member.expname for member in members if member.exptype == "psf"]):
        raise AssociationError(f"at Level 2 a PSF is calibrated as science; name {', '.join(stars)} as science")


def _program(members: Sequence[Member]) -> str:
    """The program, if the names of all science files agree on it."""
    names = [Path(member.expname).name for member in members if member.exptype == "science"]
    programs = {match[1] if (match := re.match(r"jw(\d{5})(\d{6}_|-)", name)) else "noprogram" for name in names}
    return programs.pop() if len(programs) == 1 else "noprogram"


def _level2(members: Sequence[Member], product_name: str | None) -> Iterator[Product]:
    science = [member for member in members if member.exptype == "science"]
    others = [member for member in members if member.exptype != "science"]
    if product_name is not None and len(science) > 1:
        raise AssociationError("Level 2 products are named after their exposures; for several, give no product name")
    # a product of all integrations is a separate file from that of their mean
    made = grouped(((exposure_name(each.expname), Path(each.expname).stem.endswith("ints")), each) for each in science)
    if same := [member.expname for each in made.values() if len(each) > 1 for member in each]:
        raise AssociationError(f"{', '.join(same)}: products of one exposure would overwrite each other; name one file")
    for (name, _), (member,) in made.items():
        yield Product(product_name or name, (member, *(each for each in others if each.expname != member.expname)))
