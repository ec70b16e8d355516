"""Merging of Level 2 associations of one program, candidate and type into one with several products."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from solver.associations.association import Association, Product, canonical
from solver.associations.association_table import Associations


def merge(associations: Iterable[Association], rules: Collection[str]) -> tuple[Association, ...]:
    """The associations, with those of `rules` merged.

    Associations of the same program, id and type become one with all their products. Products of the same name
    become one with all their members. Everything else is taken from the first association.

    Args:
        associations: in canonical order, as `generate` makes them.
        rules: names of the rules whose associations are merged; the rest stay as they are.
    """
    merged: dict[tuple[str, ...], Association] = {}
    for association in associations:
        key: tuple[str, ...] = (association.program, association.asn_id, association.asn_type)
        if association.asn_rule not in rules:
            key = (*key, association.name)
        first = merged.setdefault(key, association)
        if first is not association:
            merged[key] = replace(first, products=_united((*first.products, *association.products)))
    ordered = sorted(merged.values(), key=canonical)
    numbers = Associations.of(ordered).numbered().sequence.tolist()
    return tuple(replace(each, sequence=number) for each, number in zip(ordered, numbers, strict=True))


def _united(products: Iterable[Product]) -> tuple[Product, ...]:
    by_name: dict[str, Product] = {}
    for product in products:
        known = by_name.setdefault(product.name, product)
        if known is not product:
            names = {member.expname for member in known.members}
            new = tuple(member for member in product.members if member.expname not in names)
            by_name[product.name] = Product(product.name, known.members + new)
    return tuple(by_name[name] for name in sorted(by_name))
