"""What a run made, in numbers that can be added up without keeping all associations in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from solver.associations import Association
from solver.solving import Result, Trial

#: Program, id and type of an association: together with a number they name its file.
AssociationName = tuple[str, str, str]


@dataclass(slots=True)
class Summary:
    """What was made from a pool or a part of one.

    Attributes:
        orphans: number of exposures in no association.
        made: number of associations of each rule, type and candidate id.
        members: number of members of the associations of each rule.
        dropped: number of associations left out in favour of another, by reason.
        tried: the outcome of each rule.
        names: the names of all associations.
    """

    orphans: int = 0
    made: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    members: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    tried: dict[str, Trial] = field(default_factory=dict)
    names: set[AssociationName] = field(default_factory=set)

    @property
    def associations(self) -> int:
        """Number of associations."""
        return self.made.total()

    @classmethod
    def of(cls, associations: Iterable[Association], result: Result) -> Summary:
        """The summary of a result and its associations as they will be written."""
        summary = cls(
            orphans=len(result.reasons),
            dropped=Counter(each.why for each in result.dropped),
            tried={each.rule: replace(each, invalid=dict(each.invalid)) for each in result.tried},  # to be pickled
        )
        for each in associations:
            summary.made[each.asn_rule, each.asn_type, each.asn_id] += 1
            summary.members[each.asn_rule] += sum(len(product.members) for product in each.products)
            summary.names.add((each.program, each.asn_id, each.asn_type))
        return summary

    def add(self, other: Summary) -> None:
        """Add what was made from another part."""
        self.orphans += other.orphans
        self.made.update(other.made)
        self.members.update(other.members)
        self.dropped.update(other.dropped)
        self.names |= other.names
        for name, trial in other.tried.items():
            self.tried[name] = self.tried[name] + trial if name in self.tried else trial
