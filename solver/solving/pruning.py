"""Pruning: where associations of a program would make the same product, one stays.

* Same members with the same roles: an observation's association is preferred to a higher candidate's, and that
  to a discovered one; within a kind the greater id stays; within a candidate the rule that sorts last.
* Same product name, different numbers of members, and shared members in the same roles: the larger
  stays, since one name is one file. A name that only the pipeline completes never equals another.

A name of Level 3 has the candidate's id in it, so there no candidate takes the place of one with other members: an
incomplete coronagraphy candidate and the complete one both stay. A name of Level 2 is the exposure's: of two background
candidates with different backgrounds the larger stays, and what it lacks of the smaller is a hint of `solver.batch`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from solver.associations import Association, Associations, Views
from solver.brief import Brief
from solver.multimap import grouped
from solver.pools import Numbers, distinct, marked, natural, number_rows

SAME_MEMBERS, SAME_NAME = "same members", "same product name"


@dataclass(frozen=True, slots=True)
class Superseded:
    """An association that was left out, since another one was preferred.

    Attributes:
        product: its product.
        rule: its rule.
        candidate: its candidate.
        kept: the product of the one that was preferred, which has the same members, or the same name and more.
        kept_rule: its rule.
        kept_candidate: its candidate.
        why: what decided between the two.
        again: what that one was left out for, if it was.
    """

    product: str
    rule: str
    candidate: str
    kept: str
    kept_rule: str
    kept_candidate: str
    why: str
    again: Superseded | None

    def __str__(self) -> str:
        """In words."""
        again = f"; that was left out, too: {self.again}" if self.again else ""
        by = f"{self.kept_rule} in {self.kept_candidate}"
        other = f"the same product by {by}" if self.kept == self.product else f"{self.kept} ({by})"
        return f"{self.product} in {self.candidate} was left out for {other}: {self.why}{again}"


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

    def superseded(self, again: Superseded | None = None) -> Superseded:
        """The two as data; `again` if the one that was kept was then left out itself."""
        gone, kept = ((each.products[0].name, each.asn_rule, each.asn_id) for each in (self.association, self.kept))
        return Superseded(*gone, *kept, self.reason, again)

    @property
    def reason(self) -> str:
        """What decided between the two."""
        gone, kept = self.association, self.kept
        if self.why != SAME_MEMBERS:
            return f"{self.why}; the larger is preferred ({len(kept.members)} members, not {len(gone.members)})"
        if gone.asn_id[:1] != kept.asn_id[:1]:
            return f"{self.why}; observations are preferred to other candidates, and candidates to discovery"
        what = "rules in one candidate" if gone.asn_id == kept.asn_id else "candidates"
        return f"{self.why}; of two {what} the alphabetically later is preferred"


@dataclass(frozen=True, slots=True, eq=False)
class DroppedAssociations(Views[Dropped]):
    """The associations that were not kept, as columns.

    Attributes:
        found: the associations before pruning.
        gone: the places of those that were dropped.
        instead: for each the place of the one that was kept instead.
        whys: the reason for each; see `Dropped`.
    """

    found: Associations
    gone: Numbers
    instead: Numbers
    whys: Sequence[str]

    @property
    def associations(self) -> Associations:
        """Those that were dropped."""
        return self.found.take(self.gone)

    @classmethod
    def joined(cls, parts: Sequence[DroppedAssociations]) -> DroppedAssociations:
        """Those of all parts, one after the other."""
        shifts = np.repeat(np.cumsum([0, *(len(part.found) for part in parts[:-1])]), list(map(len, parts)))
        return cls(
            Associations.joined([part.found for part in parts]),
            np.concatenate([part.gone for part in parts]) + shifts,
            np.concatenate([part.instead for part in parts]) + shifts,
            [why for part in parts for why in part.whys],
        )

    def moved(self, by: int) -> DroppedAssociations:
        """The same with the rows of a part of a pool moved to those of the whole, or back."""
        return replace(self, found=self.found.moved(by))

    def take(self, which: Numbers) -> DroppedAssociations:
        """Those at these places, in this order."""
        whys = [self.whys[each] for each in which.tolist()]
        return replace(self, gone=self.gone[which], instead=self.instead[which], whys=whys)

    def __len__(self) -> int:
        """Number of associations that were dropped."""
        return len(self.whys)

    def __iter__(self) -> Iterator[Dropped]:
        """Each of them."""
        return map(Dropped, self.associations, self.found.take(self.instead), self.whys)


def prune(found: Associations, kinds: NDArray[np.integer] | None = None) -> tuple[Associations, DroppedAssociations]:
    """The associations that stay, and those that do not, both in canonical order.

    Args:
        found: the associations, of one product each.
        kinds: for each a number; only associations of the same kind take the place of each other.

    Cost: a sort of the names and one of the members, a step per association, and for associations that share a
    product name one per member.
    """
    order = found.canonical_order()
    rank = np.argsort(order)
    kinds = np.zeros(len(order), dtype=np.int64) if kinds is None else kinds
    place = number_rows([kinds, found.words["program"].codes], len(order))[0]
    replaced = dict(_same_members(found, place, rank))
    instead = replaced | dict(_same_name(found, place, rank, np.flatnonzero(~marked(list(replaced), len(order)))))
    dropped = marked(list(instead), len(order))[order]
    gone = order[dropped]
    whys = [SAME_MEMBERS if each in replaced else SAME_NAME for each in gone.tolist()]
    replacing = np.array([instead[each] for each in gone.tolist()], dtype=np.int64)
    return found.take(order[~dropped]), DroppedAssociations(found, gone, replacing, whys)


def _same_members(found: Associations, place: Numbers, rank: Numbers) -> Iterator[tuple[int, int]]:
    """Pairs of an association that is dropped and the one that has the same members and stays."""
    kinds, count = number_rows([found.members[each].codes for each in ("expname", "exptype")], len(found.rows))
    once = distinct(found.owners * max(1, count) + kinds[found.member])
    bounds = np.searchsorted(once, np.arange(len(found) + 1) * max(1, count))
    members = once % max(1, count)
    sums = np.diff(np.append(0, np.cumsum(members))[bounds])  # those of equal members are equal
    number, _ = number_rows([place, np.diff(bounds), sums], len(found))
    doubtful = np.flatnonzero(np.bincount(number)[number] > 1)
    keys = ((number[each], members[bounds[each] : bounds[each + 1]].tobytes()) for each in doubtful)
    ids, rules = found.words["asn_id"], found.words["asn_rule"]
    # ids sort as o over c over a, and by number within a kind
    precedence = (ids.ranks(lambda each: (each[:1], natural(each[1:]))), rules.ranks(), rank)
    for equal in grouped(zip(keys, doubtful.tolist(), strict=True)).values():
        if len(equal) > 1:
            best = max(equal, key=lambda each: tuple(int(key[each]) for key in precedence))
            yield from ((each, best) for each in equal if each != best)


def _same_name(found: Associations, place: Numbers, rank: Numbers, which: Numbers) -> Iterator[tuple[int, int]]:
    """Pairs of an association that is dropped and a larger one that makes a product of the same name."""
    names, sizes, bounds = found.names, np.diff(found.memberships), found.memberships.tolist()
    product, _ = number_rows([place[which], names.codes[which]], len(which))
    shared = np.bincount(product)[product] > 1
    files, roles = (found.members[each].codes[found.member].tolist() for each in ("expname", "exptype"))
    for numbers in grouped(zip(product[shared].tolist(), which[shared].tolist(), strict=True)).values():
        if "{" in names.values[names.codes[numbers[0]]]:
            continue
        kept: list[tuple[int, dict[int, int]]] = []
        for number in sorted(numbers, key=lambda each: (-int(sizes[each]), int(rank[each]))):
            mine = slice(bounds[number], bounds[number + 1])
            own = list(zip(files[mine], roles[mine], strict=True))
            larger = takewhile(lambda each: sizes[each[0]] > sizes[number], kept)  # noqa: B023 (is used up here)
            instead = next((each for each, types in larger if _compatible(types, own)), None)
            if instead is None:
                kept.append((number, dict(own)))
            else:
                yield number, instead


def _compatible(types: Mapping[int, int], members: Iterable[tuple[int, int]]) -> bool:
    """Whether those members that also occur among `types` have these types there."""
    return all(types.get(file, role) == role for file, role in members)
