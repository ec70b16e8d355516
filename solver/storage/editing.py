"""Editing of an association file's content: members, their types, and product names. Everything else is kept."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from glob import has_magic
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from solver.associations import DEGRADED, NOT_DEGRADED, exposure_name, level_of, member_type, with_other_suffix
from solver.errors import AssociationError
from solver.multimap import grouped
from solver.pools import normalise
from solver.storage.file_lists import check_product_name

_LEVEL_2 = 2

_NONE: Mapping[str, str] = MappingProxyType({})

_EMPTY = "it has no product"
_SEVERAL = "several products are named {}"

#: A file's content, or a product or a member in it.
_Part = dict[str, Any]

#: A member, after its product or the path of its association.
_Owned = tuple[Any, _Part]


def edit(
    content: Mapping[str, Any],
    *,
    add: Mapping[str, str] = _NONE,
    retype: Mapping[str, str] = _NONE,
    suffixes: Mapping[str, str] = _NONE,
    remove: Iterable[str] = (),
    prune: bool = False,
    product_name: str | None = None,
    products: Iterable[str] = (),
    ignore_suffix: bool = False,
    force: bool = False,
) -> dict[str, Any]:
    """A changed copy of an association; changes are made in the order of the arguments.

    A file is found by its name, and by its folder if both it and the member have one; in names, `*` and `?` stand for
    any characters. A product is removed with its last member, and at Level 2, where it has one science exposure, with
    that exposure.

    Args:
        content: the association, as `Association.to_dict` gives it or a file has it.
        add: new members of each product, file to type.
        retype: members to change, file to new type.
        suffixes: members whose files get another suffix, file to suffix, such as `crf`. Files that are not a product of
            an exposure, such as catalogues, keep their names.
        remove: members to remove.
        prune: also remove products that are left without science, even all of them.
        product_name: a new name for the product.
        products: names of the products to change; by default all.
        ignore_suffix: also find other products of the same exposure, such as `_rate` for `_cal`.
        force: also make an association that is not valid.

    Raises:
        AssociationError: a file to remove or retype is not a member, a product does not exist or is not the only one
            to rename, or, without `force`, the association would no longer be valid or a type is unknown.

    >>> content = {"products": [{"name": "deep", "members": [{"expname": "a_cal.fits", "exptype": "science"}]}]}
    >>> edit(content, add={"b_cal.fits": "background"})["products"][0]["members"][1]
    {'expname': 'b_cal.fits', 'exptype': 'background'}
    """
    made = copy.deepcopy(dict(content))
    chosen = _chosen(made, tuple(products))
    for file, kind in add.items():
        for product in chosen:
            product["members"].append({"expname": file, "exptype": kind if force else member_type(kind)})
    members = _Members(zip(chosen, chosen, strict=True), ignore_suffix=ignore_suffix)
    for file, kind in retype.items():
        for _, member in members.named(file):
            member["exptype"] = kind if force else member_type(kind)
    for file, suffix in suffixes.items():
        members.rename(file, suffix)
    _remove(made, [each for file in remove for each in members.named(file)])
    if prune:
        made["products"] = [each for each in made["products"] if any(map(_is_science, each["members"]))]
    known = {*problems(content), _EMPTY if prune else ""}
    if product_name is not None:
        _rename(chosen, product_name)
        known.discard(_SEVERAL.format(product_name))
    if (wrong := [problem for problem in problems(made) if problem not in known]) and not force:
        remedy = "add --delete-empty to delete its file, or --force" if _EMPTY in wrong else "use --force"
        raise AssociationError(f"the association would become invalid: {'; '.join(wrong)}; {remedy} to write it anyway")
    return made


def members_in(contents: Mapping[Path, _Part], files: Sequence[str], *, ignore_suffix: bool) -> dict[Path, list[str]]:
    """Which of some files are members of each association; see `edit`.

    Raises:
        AssociationError: a file is not a member of any.
    """
    products = ((path, product) for path, content in contents.items() for product in content["products"])
    members = _Members(products, ignore_suffix=ignore_suffix)
    having = {file: {path for path, _ in members.find(file)} for file in files}
    if nowhere := [file for file in files if not having[file]]:
        raise AssociationError(f"{', '.join(nowhere)}: not a member of any of the {len(contents)} associations")
    found = grouped((path, file) for file in files for path in having[file])
    return {path: found.get(path, []) for path in contents}


def problems(content: Mapping[str, Any]) -> tuple[str, ...]:
    """The problems of an association on its own, in words; empty if it is valid.

    >>> problems({"products": []})
    ('it has no product',)
    """
    products = content["products"]
    found = [] if products else [_EMPTY]
    found += [_SEVERAL.format(name) for name, count in Counter(map(_name, products)).items() if count > 1]
    for product in products:
        science = sum(map(_is_science, product["members"]))
        if not science:
            found.append(f"product {_name(product)} has no science member")
        if science > 1 and _is_level2(content):
            found.append(f"product {_name(product)} has several science members; a Level 2 product has one")
        files = Counter(member["expname"] for member in product["members"])
        found += [f"product {_name(product)} has {file} twice" for file, count in files.items() if count > 1]
    return tuple(found)


def _is_level2(content: Mapping[str, Any]) -> bool:
    return level_of(content.get("asn_type", ""), content.get("asn_rule", "")) == _LEVEL_2


def _chosen(content: Mapping[str, Any], names: tuple[str, ...]) -> list[_Part]:
    every: list[_Part] = content["products"]
    if not every:
        raise AssociationError(f"{_EMPTY}, so there is nothing to change")
    known = {_name(each) for each in every}
    if unknown := [name for name in names if name not in known]:
        raise AssociationError(f"there is no product named {', '.join(unknown)}; the association has {_names(every)}")
    wanted = {*names} or known
    return [each for each in every if _name(each) in wanted]


def _remove(content: _Part, named: Sequence[tuple[_Part, _Part]]) -> None:
    """Remove members, products left without any, and the note of exposure errors if only they had errors."""
    removed, emptied, level2 = {id(member) for _, member in named}, set[int](), _is_level2(content)
    for product in {id(product): product for product, _ in named}.values():
        had_science = any(map(_is_science, product["members"]))
        product["members"] = [each for each in product["members"] if id(each) not in removed]
        if not product["members"] or (level2 and had_science and not any(map(_is_science, product["members"]))):
            emptied.add(id(product))
    content["products"] = [each for each in content["products"] if id(each) not in emptied]
    if content.get("degraded_status") == DEGRADED and any(_erroneous(member) for _, member in named):
        every = (each for product in content["products"] for each in product["members"])
        content["degraded_status"] = DEGRADED if any(map(_erroneous, every)) else NOT_DEGRADED


def _is_science(member: Mapping[str, Any]) -> bool:
    return bool(member["exptype"].lower() == "science")


def _rename(chosen: list[_Part], name: str) -> None:
    check_product_name(name)
    if len(chosen) != 1:
        raise AssociationError(f"only one product can get the name {name}; choose one of {_names(chosen)}")
    chosen[0]["name"] = name


def _erroneous(member: Mapping[str, Any]) -> bool:
    """Whether the member has an exposure error."""
    return bool(normalise(member.get("exposerr") or ""))


class _Members:
    """The members of products, each with what it belongs to; found by their files."""

    def __init__(self, products: Iterable[tuple[Any, _Part]], *, ignore_suffix: bool) -> None:
        self._called = exposure_name if ignore_suffix else str
        self._every = [(owner, member) for owner, product in products for member in product["members"]]
        self._by_name = grouped((self._name(member["expname"]), (owner, member)) for owner, member in self._every)

    def _name(self, file: str) -> str:
        return self._called(PurePosixPath(file).name)

    def find(self, file: str) -> Iterator[_Owned]:
        """Those that a file name matches."""
        name = self._name(file)
        return _matching(self._every if has_magic(name) else self._by_name.get(name, []), file, self._called)

    def named(self, file: str) -> list[_Owned]:
        """Those that a file name matches, one at least."""
        if not (found := list(self.find(file))):
            near = dict.fromkeys(member["expname"] for _, member in _matching(self._every, file, exposure_name))
            raise AssociationError(f"no member is named {file}" + f"; to find {', '.join(near)}, add -i" * bool(near))
        return found

    def rename(self, file: str, suffix: str) -> None:
        """Give those that a file name matches another suffix."""
        for owner, member in self.named(file):
            member["expname"] = with_other_suffix(member["expname"], suffix)
            self._by_name.setdefault(self._name(member["expname"]), []).append((owner, member))


def _matching(some: Iterable[_Owned], file: str, called: Callable[[str], str]) -> Iterator[_Owned]:
    wanted = PurePosixPath(file)
    for owner, member in some:
        path = PurePosixPath(member["expname"])
        one_place = PurePosixPath() in {path.parent, wanted.parent} or _like(str(path.parent), str(wanted.parent))
        if one_place and _like(called(path.name), called(wanted.name)):
            yield owner, member


def _like(name: str, wanted: str) -> bool:
    """Whether a name is the wanted one, or follows the wanted pattern."""
    return name == wanted or fnmatchcase(name, wanted)


def _name(product: Mapping[str, Any]) -> str:
    return str(product.get("name", "undefined"))


def _names(products: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(map(_name, products))
