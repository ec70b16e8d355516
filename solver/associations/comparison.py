"""Comparison of two sets of associations: the same products with the same members?

Associations are compared product by product. Order, file names, sequence numbers and free texts do not
matter, nor does it matter whether products are in one file or in several. Of members, all keys matter.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import Any, NamedTuple

from solver.associations.association import Association, Member, Product
from solver.associations.names import file_parts, uncompressed
from solver.brief import Brief
from solver.multimap import grouped
from solver.pools import normalise

#: What identifies a product in the other set: program, id, type and name.
ProductKey = tuple[str, str, str, str]
MemberKey = tuple[str, str]
KeyDifference = tuple[str, str, str, Any, Any]


@dataclass(frozen=True, slots=True, repr=False)
class ProductDifference(Brief):
    """A product that both sets have, but with different members, keys of members, targets, or candidates.

    Attributes:
        product: the product, in the candidate of the second set.
        only_first: members, as (name, role), that only the first set has.
        only_second: those that only the second has.
        keys: what else members say differently, as (name, role, key, value in the first set, value in the second); a
            value that is not given is None.
        targets: the two targets, if they differ.
        files: the names of the two files, if these matter and differ.
        candidates: the ids of the two candidates, if they differ.
    """

    product: ProductKey
    only_first: tuple[MemberKey, ...]
    only_second: tuple[MemberKey, ...]
    keys: tuple[KeyDifference, ...]
    targets: tuple[str, str] | None
    files: tuple[str, str] | None
    candidates: tuple[str, str] | None = None

    @property
    def changed(self) -> bool:
        """Whether more differs than the file and the candidate."""
        return bool(self.only_first or self.only_second or self.keys or self.targets)

    def lines(self) -> Iterator[str]:
        """One a line: candidates, files, targets, members that only the first set has (-) or the second (+), keys."""
        for what, both in (("candidate", self.candidates), ("file", self.files), ("target", self.targets)):
            if both is not None:
                yield f"{what} {both[0] or 'none'} → {both[1] or 'none'}"
        for sign, members in (("-", self.only_first), ("+", self.only_second)):
            yield from (f"{sign} {role} {name}" for name, role in members)
        for name, role, key, *values in self.keys:
            yield f"{role} {name}: {key} {' → '.join('none' if value is None else str(value) for value in values)}"


@dataclass(frozen=True, slots=True)
class MovedProduct:
    """A product that is found in another candidate than before.

    Attributes:
        product: the product, in the candidate in which it is found now.
        was: the id of the candidate in which it was found.
    """

    product: ProductKey
    was: str


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(Brief):
    """How two sets of associations differ.

    Attributes:
        same: number of products that are the same.
        only_first: products that only the first set has.
        only_second: those that only the second has.
        different: products that both have and that differ; some are of another candidate in the second set.
    """

    same: int
    only_first: tuple[ProductKey, ...]
    only_second: tuple[ProductKey, ...]
    different: tuple[ProductDifference, ...]

    @property
    def equal(self) -> bool:
        """Whether the sets do not differ."""
        return not (self.only_first or self.only_second or self.different)

    def by_kind(self) -> dict[str, Sequence[ProductKey | ProductDifference | MovedProduct]]:
        """What changed between two runs on a pool; the first set is of the former run."""
        return {
            "new": self.only_second,
            "changed": [each for each in self.different if each.changed],
            "moved": [MovedProduct(each.product, each.candidates[0]) for each in self.different if each.candidates],
            "renumbered": [each for each in self.different if each.files],
            "gone": self.only_first,
        }


class _Content(NamedTuple):
    """A product: its members, the other keys of each as JSON, its target, and its file where that matters."""

    product: ProductKey
    members: tuple[MemberKey, ...]
    keys: tuple[str, ...]
    target: str
    file: str


def compare(first: Iterable[Association], second: Iterable[Association], *, files: bool = False) -> Comparison:
    """Compare two sets of associations by their products.

    Of several products with the same name, those with the same content are matched first, then those that share
    the most members; the rest are matched with those of another candidate. The order of associations does not matter.

    Args:
        first: one set, such as a `Result`, or what `load` returns.
        second: the other.
        files: whether products in files of different names are different.

    Cost: a step per member; for products with the same name and other content, one for each member that two share.

    >>> from dataclasses import replace
    >>> from solver.associations.association import Member, Product
    >>> made = Association("image3", "Asn_A", None, "", "", "00001", "", "o001", "t001", "p.csv",
    ...                    (Product("jw00001-o001", (Member("a_cal.fits", "science"),)),))
    >>> compare([made], [made]).equal
    True
    >>> compare([made], [replace(made, target="t002")])
    <Comparison: 0 same, 0 only first, 0 only second, 1 different>
    """
    found = list(matched(first, second, files=files))
    gone = grouped((_without_candidate(one), one) for one, other in found if one and not other)
    new = grouped((_without_candidate(other), other) for one, other in found if other and not one)
    rest = (zip_longest(gone.get(name, ()), new.get(name, ())) for name in gone | new)
    pairs = [*filter(all, found), *chain.from_iterable(rest)]
    different = [_difference(one, other) for one, other in pairs if one and other and one != other]
    return Comparison(
        sum(one == other for one, other in pairs),
        tuple(sorted(one.product for one, other in pairs if one and not other)),
        tuple(sorted(other.product for one, other in pairs if other and not one)),
        tuple(sorted(different, key=lambda each: each.product)),
    )


def matched(
    first: Iterable[Association], second: Iterable[Association], *, files: bool
) -> Iterator[tuple[_Content | None, _Content | None]]:
    """Each product of both sets with that of the other set, if it has one."""
    every, others = (grouped((each.product, each) for each in _contents(some, files=files)) for some in (first, second))
    for key in sorted(every.keys() | others.keys()):
        ours, theirs = Counter(every.get(key)), Counter(others.get(key))
        yield from ((each, each) for each in (ours & theirs).elements())
        left, right = (dict(enumerate(sorted(some.elements()))) for some in (ours - theirs, theirs - ours))
        for one, other in _alike(left, right):
            if one in left and other in right:
                yield left.pop(one), right.pop(other)
        yield from zip_longest(left.values(), right.values())


def _contents(associations: Iterable[Association], *, files: bool) -> Iterator[_Content]:
    for association in associations:
        file = association.file_name if files else ""
        for product in association.products:
            members = sorted((member.expname, member.exptype, _keys(member)) for member in product.members)
            names, keys = tuple(each[:2] for each in members), tuple(each[2] for each in members)
            yield _Content(_key(association, product), names, keys, association.target, file)


def _key(association: Association, product: Product) -> ProductKey:
    return association.program, association.asn_id, association.asn_type, product.name


def _without_candidate(content: _Content) -> tuple[str, ...]:
    return content.product[0], *content.product[2:]


def _keys(member: Member) -> str:
    """The other keys of a member that have a value, as JSON."""
    error = member.exposerr if normalise(member.exposerr or "") else None
    keys = {"exposerr": error, "asn_candidate": member.asn_candidate, **member.extra}
    return json.dumps({key: value for key, value in keys.items() if value is not None}, sort_keys=True)


def _alike(left: Mapping[int, _Content], right: Mapping[int, _Content]) -> list[tuple[int, int]]:
    """The numbers of two that share all but the file, or members; those that share the most first."""
    having = grouped((part, number) for number, each in right.items() for part in _parts(each))
    pairs = ((one, other) for one, each in left.items() for part in _parts(each) for other in having.get(part, ()))
    shared = Counter(pairs)
    return sorted(shared, key=lambda pair: (left[pair[0]][:-1] != right[pair[1]][:-1], -shared[pair], pair))


def _parts(content: _Content) -> Iterator[object]:
    """What another product may share: all but the file, and each member as often as it is there."""
    yield content[:-1]
    yield from ((member, time) for member, times in Counter(content.members).items() for time in range(times))


def _difference(one: _Content, other: _Content) -> ProductDifference:
    first, second = Counter(one.members), Counter(other.members)
    only_first, only_second = (tuple(each.elements()) for each in (first - second, second - first))
    words = ((each.product[1], each.target, each.file) for each in (one, other))
    candidates, targets, files = (None if a == b else (a, b) for a, b in zip(*words, strict=True))
    files = None if candidates else files  # the name of a file has the candidate
    keys = tuple(_keys_that_differ(one, other))
    return ProductDifference(other.product, only_first, only_second, keys, targets, files, candidates)


def _keys_that_differ(one: _Content, other: _Content) -> Iterator[KeyDifference]:
    """What members of the same name and role say differently."""
    left, right = (dict(zip(each.members, map(json.loads, each.keys), strict=True)) for each in (one, other))
    for member in sorted(left.keys() & right.keys()):
        ours, theirs = left[member], right[member]
        for key in sorted(ours.keys() | theirs.keys()):
            if ours.get(key) != theirs.get(key):
                yield *member, key, ours.get(key), theirs.get(key)


def without_paths(association: Association) -> Association:
    """The association with plain, uncompressed file names: where its files are does not matter for comparison."""
    products = [replace(each, members=tuple(map(_without_path, each.members))) for each in association.products]
    return replace(association, products=tuple(products))


def _without_path(member: Member) -> Member:
    extra = {key: _plain_name(value) if isinstance(value, str) else value for key, value in member.extra.items()}
    return replace(member, expname=_plain_name(member.expname), extra=extra)


def _plain_name(path: str) -> str:
    return uncompressed(path.replace("\\", "/").rsplit("/", 1)[-1])


def changes(first: Iterable[Association], second: Iterable[Association]) -> dict[tuple[str, str], list[str]]:
    """How two sets differ, by rule and kind of change: the names of the products.

    >>> from solver.associations import Member, Product
    >>> def association(name, *files):
    ...     members = tuple(Member(file, "science") for file in files)
    ...     return Association("image3", "Asn_A", None, "", "", "1", "", "o001", "", "", (Product(name, members),))
    >>> changes([association("p", "a_cal.fits")], [association("p", "a_crf.fits"), association("q", "a_cal.fits")])
    {('Asn_A', 'new'): ['q'], ('Asn_A', 'members change from cal to crf'): ['p']}
    """
    one, other = list(first), list(second)
    rules = {_key(each, product): each.asn_rule for each in (*one, *other) for product in each.products}
    found = compare(one, other)
    kinds = [(key, "gone") for key in found.only_first]
    kinds += [(key, "new") for key in found.only_second]
    kinds += [(each.product, _change(each)) for each in found.different]
    return grouped(((rules[key], kind), key[-1]) for key, kind in kinds)


def _change(difference: ProductDifference) -> str:
    """What kind of change a difference is."""
    both = difference.only_first, difference.only_second
    gone, come = ([file_parts(name)[:2] for name, _ in members] for members in both)
    if gone and sorted(name for name, _ in gone) == sorted(name for name, _ in come):
        suffixes = ("/".join(sorted({suffix for _, suffix in each})) for each in (gone, come))
        return "members change from {} to {}".format(*suffixes)
    place = "another candidate" if difference.candidates else "other keys of members"
    return "other members" if gone or come else "another target" if difference.targets else place
