"""What a run made, in numbers that can be added up without keeping all associations in memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from solver.associations import Associations
from solver.pools import number_rows
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
    def of(cls, associations: Associations, result: Result) -> Summary:
        """The summary of a result and its associations as they will be written."""
        words = [associations.words[word] for word in ("asn_rule", "asn_type", "asn_id", "program")]
        number, count = number_rows([word.codes for word in words], len(associations))
        first = np.zeros(count, dtype=np.int64)
        first[number] = np.arange(len(associations))
        sizes = np.bincount(number[associations.owners], minlength=count).tolist()
        summary = cls(
            orphans=len(result.reasons),
            dropped=Counter(result.dropped.whys),
            tried={each.rule: each for each in result.tried},
        )
        alike = zip(*(word.take(first) for word in words), np.bincount(number).tolist(), sizes, strict=True)
        for rule, kind, identifier, program, many, members in alike:
            summary.made[rule, kind, identifier] += many
            summary.members[rule] += members
            summary.names.add((program, identifier, kind))
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
