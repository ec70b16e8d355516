"""The results of a run in numbers, which add up without keeping all associations in memory; details on request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Self

import numpy as np

from solver.associations import Associations, Collision
from solver.batch.available_files import Lacking
from solver.batch.hints import Hint
from solver.default import ROLES
from solver.pools import Evaluation, Pool
from solver.solving import SCIENCE, DroppedAssociations, Result, Trial

#: Maximum number of Level 3 associations to compare.
_COMPARED = 40


@dataclass(slots=True)
class Summary:
    """The results of a pool or a part of one.

    Attributes:
        made: number of associations of each program, candidate id, type and rule.
        members: number of members of the associations of each rule.
        dropped: number of associations left out in favour of another, by reason.
        tried: the outcome of each rule.
        exposures: number of exposures, or of those in the requested candidates.
        absent: the number of these in no association of a level, by level, for the requested levels.
        orphans: the number of these in no association.
        science: number of exposures in no association that are science by their type, pointing and flags.
        reasons: all exposures in no association, with the reason for each.
        lacking: the associations that lack files, if only files that exist count.
        kept: the associations of each part as they are written, if details were requested.
        replaced: the associations of each part that were left out in favour of another, if details were requested.
        programs: the programs of the exposures.
        hints: the hints, if requested.
        collisions: products for which the pipeline would write the same files.
        own: the rule and the candidate of each product of users' own rules, by its name.
        nested: the ids of two candidates: a product of the second has all science exposures of one of the first.
    """

    made: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    members: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    tried: dict[str, Trial] = field(default_factory=dict)
    exposures: int = 0
    absent: Counter[int] = field(default_factory=Counter)
    orphans: int = 0
    science: int = 0
    reasons: dict[str, str] = field(default_factory=dict)
    lacking: list[Lacking] = field(default_factory=list)
    kept: list[Associations] = field(default_factory=list)
    replaced: list[DroppedAssociations] = field(default_factory=list)
    programs: frozenset[str] = frozenset()
    hints: list[Hint] = field(default_factory=list)
    collisions: list[Collision] = field(default_factory=list)
    own: dict[str, tuple[str, str]] = field(default_factory=dict)
    nested: tuple[str, str] | None = None

    @property
    def associations(self) -> int:
        """Number of associations."""
        return self.made.total()

    @classmethod
    def of(cls, made: Associations, result: Result, lacking: Iterable[Lacking] = (), *, details: bool = False) -> Self:
        """The summary of a result and its associations as they will be written."""
        words = (made.words[word] for word in ("program", "asn_id", "asn_type", "asn_rule"))
        rules = made.words["asn_rule"]
        sizes = np.bincount(rules.codes[made.owners], minlength=len(rules.values)).tolist()
        return cls(
            made=Counter(zip(*words, strict=True)),
            members=Counter(dict(zip(rules.values, sizes, strict=True))),
            dropped=Counter(result.dropped.whys),
            tried={each.rule: each for each in result.tried},
            science=int(Evaluation(result.orphans).choose(ROLES).where(SCIENCE.__eq__).sum()),
            reasons=dict(result.reasons),
            lacking=list(lacking),
            kept=[made] if details else [],
            replaced=[result.dropped] if details else [],
        )

    def add(self, other: Summary) -> None:
        """Add the summary of another part."""
        self.made.update(other.made)
        self.members.update(other.members)
        self.dropped.update(other.dropped)
        for name, trial in other.tried.items():
            self.tried[name] = self.tried[name] + trial if name in self.tried else trial
        self.exposures += other.exposures
        self.absent.update(other.absent)
        self.orphans += other.orphans
        self.science += other.science
        self.reasons |= other.reasons
        self.lacking += other.lacking
        self.kept += other.kept
        self.replaced += other.replaced
        self.programs |= other.programs
        self.hints += other.hints
        self.nested = self.nested or other.nested
        self.collisions += other.collisions
        for name in self.own.keys() & other.own.keys():
            rules, candidates = zip(self.own[name], other.own[name], strict=True)
            self.collisions.append(Collision(name, rules, candidates, ("program",)))  # parts are of different programs
        self.own |= other.own

    def result(self, pool: Pool, parts: Sequence[range]) -> Result:
        """The result of a pool, from the details of its parts, which have these rows, in the order of the pool."""
        starts = [rows.start for rows in parts]
        return Result(
            Associations.joined([made.moved(start) for made, start in zip(self.kept, starts, strict=True)]),
            pool.select(row for row, name in enumerate(pool.file_names) if name in self.reasons),
            self.reasons,
            tuple(self.tried.values()),
            DroppedAssociations.joined([each.moved(start) for each, start in zip(self.replaced, starts, strict=True)]),
        )


def nested(made: Associations) -> tuple[str, str] | None:
    """The candidates of a Level 3 product and of another one of its rule that has all its science exposures.

    One example is enough, so only the first products are compared.
    """
    level3 = made.words["asn_type"].where(lambda kind: kind.endswith("3"))
    first = made.take(np.flatnonzero(level3)[:_COMPARED])
    science = [(each, {member.row for member in each.members if member.exptype == SCIENCE}) for each in first]
    for (one, inside), (other, around) in permutations(science, 2):
        larger = inside <= around and len(one.members) < len(other.members)
        if larger and (one.program, one.asn_rule) == (other.program, other.asn_rule):
            return one.asn_id, other.asn_id
    return None
