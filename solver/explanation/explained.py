"""Whole explanations: their facts, and the order of these in the text."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from solver.brief import Brief
from solver.explanation.facts import (
    Alone,
    Apart,
    Ground,
    Membership,
    NearMiss,
    OrphanGroup,
    Refusal,
    Superseded,
    Together,
)
from solver.explanation.text import (
    FILES,
    Line,
    alike,
    apart_line,
    ground_lines,
    member_lines,
    membership_lines,
    obstacles_text,
    orphan_line,
    refusal_line,
    together_line,
)
from solver.words import few, plural


class Explained(Brief):
    """Facts that can be printed."""

    @abstractmethod
    def lines(self) -> Iterator[Line]:
        """What is explained, then the facts in sentences."""

    def line(self) -> Line:
        """The facts in sentences, below what is explained."""
        heading, *facts = self.lines()
        return Line(heading.text, tuple(facts))

    def __str__(self) -> str:
        """The facts in sentences, one a line."""
        return str(self.line())

    def _repr_html_(self) -> str:
        """As a notebook shows it."""
        from solver.markup import notebook  # only notebooks need it

        return notebook("explanation", self.line())


@dataclass(frozen=True, slots=True, repr=False)
class Explanation(Explained):
    """Why an exposure is in some associations and not in others.

    Attributes:
        exposure: its file.
        about: the values that identify it, by column.
        memberships: the associations that it is in.
        refusals: the rules that did not take it, nearest first.
        other_types: the rules for other exposure types, and those that make nothing in its program that it could join.
    """

    exposure: str
    about: Mapping[str, str] = field(repr=False)
    memberships: tuple[Membership, ...]
    refusals: tuple[Refusal, ...]
    other_types: tuple[str, ...]

    def lines(self) -> Iterator[Line]:
        """What is explained, then the facts in sentences."""
        yield Line(self.exposure)
        has = {name: value or "not given" for name, value in self.about.items()}
        kind = f"{self.about['exp_type'] or 'no exposure type'} of {self.about['instrume'] or 'no instrument'}"
        place = f"program {has['program']}, observation {has['obs_num']}, target {has['targetid']}"
        yield Line(f"{kind}; {place}; in {self.about['asn_candidate'] or 'no candidate'}")
        products = {(each.product, each.association) for each in self.memberships}
        yield Line(f"it is in {_products(len(products))}", tuple(membership_lines(self.memberships)))
        if self.refusals:
            count = len(self.refusals)
            heading = "1 rule did not take it" if count == 1 else f"{count} rules did not take it, the nearest first"
            yield Line(heading, tuple(map(refusal_line, self.refusals)))
        if self.other_types:
            count = len(self.other_types)
            yield Line(f"{plural(count, 'rule')} {'is' if count == 1 else 'are'} for other exposure types")


@dataclass(frozen=True, slots=True, repr=False)
class PairExplanation(Explained):
    """Why two exposures are together, or not.

    Attributes:
        exposures: their files.
        together: the products that have both.
        apart: the rules that take both and make no product with both.
        only_first: the rules that take the first alone.
        only_second: the rules that take the second alone.
    """

    exposures: tuple[str, str]
    together: tuple[Together, ...]
    apart: tuple[Apart, ...]
    only_first: tuple[Alone, ...]
    only_second: tuple[Alone, ...]

    def lines(self) -> Iterator[Line]:
        """What is explained, then the facts in sentences."""
        yield Line(" and ".join(self.exposures))
        products = _products(len(self.together))
        yield Line(f"they are together in {products}", tuple(map(together_line, self.together)))
        if self.apart:
            yield Line("kept apart where both could be", tuple(map(apart_line, self.apart)))
        first, second = self.exposures
        for file, rules in ((first, self.only_second), (second, self.only_first)):
            if rules:
                lines = (Line(f"{each.rule}: {obstacles_text(each.obstacles)}") for each in rules)
                yield Line(f"kept out where the other could be: {file}", tuple(lines))


@dataclass(frozen=True, slots=True, repr=False)
class AssociationExplanation(Explained):
    """Why an association is as it is.

    Attributes:
        association: its file name.
        product: its product.
        rule: its rule.
        summary: what the rule groups.
        candidate: its candidate.
        shared: what its members agree on.
        members: each member, with the grounds that not all members share.
        near: the exposures that the fewest constraints keep out.
        stands_for: the associations that it replaces.
    """

    association: str
    product: str
    rule: str
    summary: str = field(repr=False)
    candidate: str
    shared: tuple[Ground, ...]
    members: tuple[Membership, ...]
    near: tuple[NearMiss, ...]
    stands_for: tuple[Superseded, ...]

    def lines(self) -> Iterator[Line]:
        """What is explained, then the facts in sentences."""
        yield Line(self.product)
        yield Line(f"{self.association}: {self.rule} in candidate {self.candidate}")
        yield Line(f"the rule is for: {self.summary}")
        yield Line("its members", tuple(ground_lines(self.shared)))
        yield Line(plural(len(self.members), "member"), tuple(member_lines(self.members)))
        if self.near:
            near = (
                Line(f"{obstacles_text(misses[0].obstacles)}: {few([each.exposure for each in misses], FILES)}")
                for misses in alike(self.near, lambda each: each.obstacles)
            )
            yield Line("close, but left out", tuple(near))
        if self.stands_for:
            stood = (
                Line(f"{each.product} ({each.rule} in candidate {each.candidate}): {each.why}; {each.because}")
                for each in self.stands_for
            )
            yield Line("it stands for", tuple(stood))


@dataclass(frozen=True, slots=True, repr=False)
class OrphansExplanation(Explained):
    """Why exposures are in no association.

    Attributes:
        pool: name of the pool.
        exposures: number of its exposures.
        groups: the orphans by reason, the most frequent first.
    """

    pool: str
    exposures: int
    groups: tuple[OrphanGroup, ...]

    def lines(self) -> Iterator[Line]:
        """What is explained, then the facts in sentences."""
        orphans = sum(len(group.exposures) for group in self.groups)
        yield Line(f"{orphans:,} of {plural(self.exposures, 'exposure')} in no association")
        yield from map(orphan_line, self.groups)


def _products(count: int) -> str:
    return plural(count, "product") if count else "no product"


#: An explanation of any kind.
AnyExplanation = Explanation | PairExplanation | AssociationExplanation | OrphansExplanation
