"""Collisions: products whose files the pipeline would write over those of another one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np

from solver.associations.association import Association, Product
from solver.associations.association_table import Associations
from solver.associations.provenance import LEVEL_2, by_integration
from solver.associations.texts import any_between
from solver.brief import Brief
from solver.multimap import grouped

#: What the pipeline completes so that equal names become different.
_COMPLETED = "{slit_name}"


@dataclass(frozen=True, slots=True, repr=False)
class Collision(Brief):
    """Products with one name, for which the pipeline would write the same files.

    Attributes:
        product: the name.
        rules: the rule of each.
        candidates: the candidate of each.
        differing: what they differ in, in words, such as program, candidate, and the agreements of their rules.
    """

    product: str
    rules: tuple[str, ...]
    candidates: tuple[str, ...]
    differing: tuple[str, ...]


def colliding(associations: Iterable[Association]) -> list[Collision]:
    """The products whose files the pipeline would overwrite with each other's: of one name, with the same suffixes.

    Level 2 products of `rate` and of `rateints` files have different suffixes, as have most types at Level 3. Names
    that the pipeline completes by the slit are different.

    Cost: array operations, and a step per product that has the name of another one.
    """
    made = Associations.of(associations)
    shared = np.bincount(made.names.codes, minlength=1)[made.names.codes] > 1
    some = made.take(np.flatnonzero(any_between(shared, made.products)))
    alike = grouped(((product.name, _files(each, product)), each) for each in some for product in each.products)
    found = []
    for (name, _), same in alike.items():
        if len(same) > 1 and _COMPLETED not in name:
            rules, candidates, values = zip(*((one.asn_rule, one.asn_id, _values(one)) for one in same), strict=True)
            labels = dict.fromkeys(chain.from_iterable(values))
            differing = tuple(label for label in labels if len({each.get(label) for each in values}) > 1)
            found.append(Collision(name, rules, candidates, differing))
    return found


def _files(association: Association, product: Product) -> str | bool:
    """What distinguishes the files of a product from those of another one with its name."""
    if association.level == LEVEL_2:
        return by_integration(product)
    return association.asn_type.replace("coron3", "image3")  # whose files have the same suffixes


def _values(association: Association) -> dict[str, str]:
    """What the exposures of an association have in common, by what it is called."""
    agreed = (part.partition(" = ") for part in association.constraints.split("; "))
    own = {"program": association.program, "candidate": association.asn_id}
    return own | {label: value for label, equals, value in agreed if equals and label not in own}
