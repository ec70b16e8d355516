"""Comparison of two sets of associations: the same products with the same members?

Associations are compared product by product. Order, file names, sequence numbers and free texts do not
matter, nor does it matter whether products are in one file or in several.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product as pairs_of

from solver.associations.association import Association
from solver.brief import Brief
from solver.headers import uncompressed

#: What identifies a product in the other set: program, id, type and name.
ProductKey = tuple[str, str, str, str]
MemberKey = tuple[str, str]


@dataclass(frozen=True, slots=True, repr=False)
class ProductDifference(Brief):
    """A product that both sets have, but with different members or targets.

    Attributes:
        product: the product.
        only_first: members, as (name, role), that only the first set has.
        only_second: those that only the second has.
        targets: the two targets, if they differ.
    """

    product: ProductKey
    only_first: tuple[MemberKey, ...]
    only_second: tuple[MemberKey, ...]
    targets: tuple[str, str] | None


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(Brief):
    """How two sets of associations differ.

    Attributes:
        same: number of products that are the same.
        only_first: products that only the first set has.
        only_second: those that only the second has.
        different: products that both have and that differ.
    """

    same: int
    only_first: tuple[ProductKey, ...]
    only_second: tuple[ProductKey, ...]
    different: tuple[ProductDifference, ...]

    @property
    def equal(self) -> bool:
        """Whether the sets do not differ."""
        return not (self.only_first or self.only_second or self.different)


#: Members of a product, and its target.
_Content = tuple[tuple[MemberKey, ...], str]


def compare(first: Iterable[Association], second: Iterable[Association]) -> Comparison:
    """Compare two sets of associations.

    Of several products with the same name, those with the same content are matched first, then those that share
    the most members.
    """
    one, other = _by_key(first), _by_key(second)
    same = 0
    missing: list[ProductKey] = []
    extra: list[ProductKey] = []
    different: list[ProductDifference] = []
    for key in sorted(one.keys() | other.keys()):
        both = one[key] & other[key]
        same += both.total()
        left, right = sorted((one[key] - both).elements()), sorted((other[key] - both).elements())
        while left and right:
            pair = max(pairs_of(left, right), key=_shared)
            left.remove(pair[0])
            right.remove(pair[1])
            different.append(_difference(key, *pair))
        missing += [key] * len(left)
        extra += [key] * len(right)
    return Comparison(same, tuple(missing), tuple(extra), tuple(different))


def _by_key(associations: Iterable[Association]) -> defaultdict[ProductKey, Counter[_Content]]:
    found: defaultdict[ProductKey, Counter[_Content]] = defaultdict(Counter)
    for association in associations:
        for product in association.products:
            key = (association.program, association.asn_id, association.asn_type, product.name)
            members = sorted((member.expname, member.exptype) for member in product.members)
            found[key][tuple(members), association.target] += 1
    return found


def _shared(pair: tuple[_Content, _Content]) -> int:
    return (Counter(pair[0][0]) & Counter(pair[1][0])).total()


def _difference(key: ProductKey, one: _Content, other: _Content) -> ProductDifference:
    first, second = Counter(one[0]), Counter(other[0])
    targets = None if one[1] == other[1] else (one[1], other[1])
    return ProductDifference(key, tuple((first - second).elements()), tuple((second - first).elements()), targets)


def without_paths(association: Association) -> Association:
    """The association with plain, uncompressed file names: where its files are does not matter for comparison."""
    products = (
        replace(product, members=tuple(replace(each, expname=_plain_name(each.expname)) for each in product.members))
        for product in association.products
    )
    return replace(association, products=tuple(products))


def _plain_name(path: str) -> str:
    return uncompressed(path.replace("\\", "/").rsplit("/", 1)[-1])
