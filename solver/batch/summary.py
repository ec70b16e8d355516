"""The results of a run in numbers, which add up without keeping all associations in memory; details on request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from itertools import permutations

import numpy as np

from solver.associations import Associations, Collision
from solver.batch.available_files import Lacking
from solver.batch.hints import Hint
from solver.pools import Pool
from solver.solving import SCIENCE, DroppedAssociations, Result, Trial


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
        nested: pairs of ids of candidates: a product of the second has all science exposures of one of the first.
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
    programs: set[str] = field(default_factory=set)
    hints: list[Hint] = field(default_factory=list)
    collisions: list[Collision] = field(default_factory=list)
    own: dict[str, tuple[str, str]] = field(default_factory=dict)
    nested: tuple[tuple[str, str], ...] = ()

    @property
    def associations(self) -> int:
        """Number of associations."""
        return self.made.total()

    def add(self, other: Summary) -> None:
        """Add the summary of another part."""
        for name in self.own.keys() & other.own.keys():
            rules, candidates = zip(self.own[name], other.own[name], strict=True)
            self.collisions.append(Collision(name, rules, candidates, ("program",)))  # parts are of different programs
        both = {rule: self.tried[rule] + trial for rule, trial in other.tried.items() if rule in self.tried}
        for name in (each.name for each in fields(self)):
            mine, theirs = getattr(self, name), getattr(other, name)
            if isinstance(mine, dict | set):
                mine.update(theirs)  # a counter adds
            else:
                mine += theirs
                setattr(self, name, mine)
        self.tried |= both

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


def nested(made: Associations) -> tuple[tuple[str, str], ...]:
    """The candidates of a Level 3 product and of another one of its rule that has all its science exposures.

    One example is enough, so only the first 40 products are compared.
    """
    first = made.take(np.flatnonzero(made.words["asn_type"].where(lambda kind: kind.endswith("3")))[:40])
    science = [(each, {member.row for member in each.members if member.exptype == SCIENCE}) for each in first]
    for (one, inside), (other, around) in permutations(science, 2):
        larger = inside <= around and len(one.members) < len(other.members)
        if larger and (one.program, one.asn_rule) == (other.program, other.asn_rule):
            return ((one.asn_id, other.asn_id),)
    return ()
