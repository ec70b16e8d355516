"""What a run made, in numbers that can be added up, so that not all associations need to be at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from solver.associations import Association
from solver.solving import Result, Trial

#: Program, id and type of an association: together with a number they name its file.
AssociationName = tuple[str, str, str]


@dataclass(slots=True)
class RuleCount:
    """What a rule made.

    Attributes:
        types: the types of its associations.
        ids: number of associations of each candidate id.
        members: number of members of all of them.
    """

    types: set[str] = field(default_factory=set)
    ids: Counter[str] = field(default_factory=Counter)
    members: int = 0


@dataclass(slots=True)
class Summary:
    """What was made of a pool or of a part of one.

    Attributes:
        orphans: number of exposures in no association.
        rules: what each rule made, of those that made something.
        dropped: number of associations that others stand for, by the reason.
        tried: what became of each rule.
        names: the names of all associations.
    """

    orphans: int = 0
    rules: dict[str, RuleCount] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)
    tried: dict[str, Trial] = field(default_factory=dict)
    names: set[AssociationName] = field(default_factory=set)

    @property
    def associations(self) -> int:
        """Number of associations."""
        return sum(made.ids.total() for made in self.rules.values())

    @classmethod
    def of(cls, associations: Iterable[Association], result: Result) -> Summary:
        """The summary of a result, and of its associations as they are to be written."""
        made = cls(
            orphans=len(result.reasons),
            dropped=Counter(each.why for each in result.dropped),
            tried={each.rule: replace(each, invalid=dict(each.invalid)) for each in result.tried},  # to be pickled
        )
        for each in associations:
            rule = made.rules.setdefault(each.asn_rule, RuleCount())
            rule.types.add(each.asn_type)
            rule.ids[each.asn_id] += 1
            rule.members += sum(len(product.members) for product in each.products)
            made.names.add((each.program, each.asn_id, each.asn_type))
        return made

    def add(self, other: Summary) -> None:
        """Add what was made of another part."""
        self.orphans += other.orphans
        self.dropped += other.dropped
        self.names |= other.names
        for name, count in other.rules.items():
            rule = self.rules.setdefault(name, RuleCount())
            rule.types |= count.types
            rule.ids += count.ids
            rule.members += count.members
        for name, trial in other.tried.items():
            self.tried[name] = self.tried[name] + trial if name in self.tried else trial
