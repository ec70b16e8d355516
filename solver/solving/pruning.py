"""Pruning: where associations of a program would make the same product, one stays.

* Same members with the same roles: an observation's association is preferred to a higher candidate's, and that
  to a discovered one; within a kind the greater id stays; within a candidate the rule that sorts last.
* Same product name, different numbers of members, and shared members in the same roles: the larger
  stays, since one name is one file. A name that only the pipeline completes never equals another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile

from solver.associations import Association, Product, canonical
from solver.brief import Brief
from solver.pools import natural


@dataclass(frozen=True, slots=True, repr=False)
class Dropped(Brief):
    """An association that was not kept.

    Attributes:
        association: the one that was dropped.
        kept: the one that was kept instead.
        why: "same members" or "same product name".
    """

    association: Association
    kept: Association
    why: str


def prune(associations: Iterable[Association]) -> tuple[list[Association], list[Dropped]]:
    """The associations that stay, and those that do not.

    Cost: linear in the number of members, except for associations that share a product name.
    """
    dropped: list[Dropped] = []
    by_members: dict[tuple[str, frozenset[tuple[str, str]]], list[Association]] = defaultdict(list)
    for association in associations:
        members = association.products[0].members
        key = association.program, frozenset([(each.expname, each.exptype) for each in members])
        by_members[key].append(association)
    by_name: dict[tuple[str, str], list[Association]] = defaultdict(list)
    for equal in by_members.values():
        kept = max(equal, key=_precedence) if len(equal) > 1 else equal[0]
        by_name[kept.program, kept.products[0].name].append(kept)
        dropped += [Dropped(each, kept, "same members") for each in equal if each is not kept]
    stay: list[Association] = []
    for (_, name), rivals in by_name.items():
        if len(rivals) == 1 or "{" in name:
            stay += rivals
            continue
        kept_here: list[tuple[Association, dict[str, str]]] = []
        for association in sorted(rivals, key=_size):
            product = association.products[0]
            larger = takewhile(lambda each: len(each[0].products[0].members) > len(product.members), kept_here)  # noqa: B023 (is used up here)
            other = next((each for each, types in larger if _compatible(types, product)), None)
            if other is None:
                types = {member.expname: member.exptype for member in product.members}
                kept_here.append((association, types))
            else:
                dropped.append(Dropped(association, other, "same product name"))
        stay += [each for each, _ in kept_here]
    return stay, dropped


def _precedence(association: Association) -> tuple[object, ...]:
    """Ids sort as o over c over a, and by number within a kind."""
    return (association.asn_id[:1], natural(association.asn_id[1:]), association.asn_rule, canonical(association))


def _size(association: Association) -> tuple[object, ...]:
    return (-len(association.products[0].members), canonical(association))


def _compatible(types: Mapping[str, str], product: Product) -> bool:
    """Whether the members that a product shares with another one, which has these types, have the same types."""
    return all(types.get(member.expname, member.exptype) == member.exptype for member in product.members)
