"""What rules make of a pool, by definition: the associations that results are held against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rules.rule import RuleSpec
from solver.checking.exposures import Candidate, Exposures
from solver.checking.groups import Reading
from solver.checking.products import Expected, products

#: File and role of each member, in lower case.
Members = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Made:
    """A product among the results.

    Attributes:
        label: what its association is called in findings.
        rule: the rule of its association; None if it is not known.
        identifier: the candidate's id.
        name: name of the product, in lower case.
        members: its members.
        siblings: number of products of its association.
    """

    label: str
    rule: RuleSpec | None
    identifier: str
    name: str
    members: Members
    siblings: int


class Expectations:
    """What rules make of a pool's exposures, found for a rule and a candidate when it is asked for.

    Attributes:
        exposures: the pool.
        specs: the rules.
    """

    def __init__(self, specs: Iterable[RuleSpec], exposures: Exposures) -> None:
        """Remember what is found."""
        self.exposures = exposures
        self.specs = tuple(specs)
        self._found: dict[tuple[str, Candidate], tuple[Expected, ...]] = {}
        self._by_members: dict[tuple[str, Candidate], dict[Members, list[Expected]]] = {}
        self._readings: dict[tuple[str, Candidate], Reading] = {}

    def reading(self, spec: RuleSpec, candidate: Candidate) -> Reading:
        """The rule, read over the candidate's exposures."""
        key = spec.name, candidate
        if key not in self._readings:
            self._readings[key] = Reading(spec, candidate, self.exposures)
        return self._readings[key]

    def of(self, spec: RuleSpec, candidate: Candidate) -> tuple[Expected, ...]:
        """The associations of all groups of a rule in a candidate, also of those that are not valid."""
        key = spec.name, candidate
        if key not in self._found:
            reading = self.reading(spec, candidate)
            groups = reading.groups()
            self._found[key] = tuple(each for group in groups for each in products(reading, group, self.exposures))
        return self._found[key]

    def valid(self, specs: Iterable[RuleSpec], candidates: Iterable[Candidate]) -> Iterator[Expected]:
        """The associations of valid groups."""
        every = list(candidates)
        for spec in specs:
            for candidate in every:
                yield from (each for each in self.of(spec, candidate) if not each.group.lacks)

    def nearest(self, spec: RuleSpec, candidates: Iterable[Candidate], made: Made) -> Expected | None:
        """The association of a rule that a product most likely stands for; None if none has any of its exposures."""
        every = [each for candidate in candidates for each in self._near(spec, candidate, made)]
        rows = {self.exposures.find(file) for file, _ in made.members} - {None}

        def likeness(each: Expected) -> tuple[int, bool, int]:
            shared = len(made.members & each.members) + len(rows & {file.row for file in each.files})
            return (shared + (each.name == made.name) if shared else 0, not each.group.lacks, -len(each.files))

        best = max(every, key=likeness, default=None)
        return best if best is not None and likeness(best)[0] else None

    def _near(self, spec: RuleSpec, candidate: Candidate, made: Made) -> Sequence[Expected]:
        """Those with the same members; if there are none, all."""
        every = self.of(spec, candidate)
        key = spec.name, candidate
        if key not in self._by_members:
            self._by_members[key] = defaultdict(list)
            for each in every:
                self._by_members[key][each.members].append(each)
        return self._by_members[key].get(made.members, every)

    def standing_for(self, expected: Expected) -> Expected | None:
        """A larger association with the product's name, which goes where both are made."""
        row = expected.science
        candidates = [expected.reading.candidate] if row is None else self.exposures.listed[row]
        specs = [spec for spec in self.specs if spec.level == expected.reading.spec.level]
        every = self.valid(specs, candidates)
        return next((each for each in every if overwrites(each.name, each.members, expected)), None)


def overwrites(name: str, members: Members, expected: Expected) -> bool:
    """Whether a product with this name and these members stands for a smaller one of the same name.

    One name is one file, and so one product; but a name that the pipeline completes is not yet a name.
    """
    if name != expected.name or "{" in name or len(members) <= len(expected.members):
        return False
    return compatible(members, expected.members)


def compatible(members: Members, others: Members) -> bool:
    """Whether the files that both have are in the same roles."""
    roles = defaultdict(set)
    for file, role in members:
        roles[file].add(role)
    return all(role in roles.get(file, {role}) for file, role in others)
