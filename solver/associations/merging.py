"""Merging of Level 2 associations of one program, candidate and type into one with several products."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from solver.associations.association import Association, Member, Product
from solver.associations.association_table import Associations
from solver.multimap import grouped


def merge(
    associations: Iterable[Association], rules: Collection[str], former: Associations | None = None
) -> tuple[Association, ...]:
    """The associations, with those of `rules` merged.

    Associations of the same program, id and type become one with all their products. Products of the same name
    become one with all their members. Everything else is taken from the first association.

    Args:
        associations: in canonical order, as `generate` makes them.
        rules: names of the rules whose associations are merged; the rest stay as they are.
        former: associations whose numbers are kept; see `Associations.numbered`.

    >>> from solver.associations.association import Member
    >>> one, two = [Association("image2", "Asn_A", None, "", "", "00001", "", "o001", "1", "p.csv",
    ...                         (Product(name, (Member(f"{name}_rate.fits", "science"),)),)) for name in ("a", "b")]
    >>> [[product.name for product in made.products] for made in merge([one, two], ["Asn_A"])]
    [['a', 'b']]
    """
    alike = grouped((_key(each, rules), each) for each in associations)
    merged = [replace(first, products=_united((first, *rest))) if rest else first for first, *rest in alike.values()]
    table = Associations.of(merged)
    order = table.canonical_order()
    numbers = table.take(order).numbered(former).sequence.tolist()
    return tuple(replace(merged[place], sequence=number) for place, number in zip(order, numbers, strict=True))


def _key(association: Association, rules: Collection[str]) -> tuple[str, ...]:
    """Equal for associations that become one."""
    name = () if association.asn_rule in rules else (association.name,)
    return association.program, association.asn_id, association.asn_type, *name


def _united(associations: Iterable[Association]) -> tuple[Product, ...]:
    alike = grouped((product.name, product) for association in associations for product in association.products)
    united = ((name, alike[name]) for name in sorted(alike))
    return tuple(same[0] if len(same) == 1 else Product(name, tuple(_members(same))) for name, same in united)


def _members(products: Iterable[Product]) -> Iterator[Member]:
    """The members of all, without those whose files an earlier product has."""
    known = set[str]()
    for product in products:
        yield from (member for member in product.members if member.expname not in known)
        known.update(member.expname for member in product.members)
