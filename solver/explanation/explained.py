"""Whole explanations: their facts, and these in lines of text, in short or all of them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from solver.brief import Brief
from solver.explanation.facts import FLAGS, Alike, Membership, Reason, Refusal, Superseded, by_class, with_classes
from solver.multimap import grouped
from solver.words import few, plural

#: Most lines of an explanation in short, its heading and the note that there is more included.
MOST = 8

#: Kinds of grounds, by what they make of an exposure.
_GROUNDS: Mapping[str, tuple[str, ...]] = {
    "it qualifies": ("condition",), "it agrees": ("agreement", "nearness"), "it joins": ("join",),
    "it has its role": ("role",), "the rule makes": ("expansion",),
}  # fmt: skip

#: Most rules that did not take an exposure are explained in short.
_LIKELY = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, and the lines that say more about it."""

    text: str
    below: tuple[Line, ...] = ()

    def __str__(self) -> str:
        """All lines, indented by their depth."""
        below = (f"  {line}" for each in self.below for line in str(each).split("\n"))
        return "\n".join((self.text, *below))

    def __len__(self) -> int:
        """Number of lines."""
        return 1 + sum(map(len, self.below))


class Explained(Brief):
    """Facts that can be printed."""

    @abstractmethod
    def lines(self, *, every: bool) -> Iterator[Line]:
        """What is explained, then the facts in sentences: all, or those that matter most."""

    def line(self, *, every: bool = False) -> Line:
        """The facts in sentences, below what is explained: all, or those that matter most in up to `MOST` lines."""
        heading, *facts = self.lines(every=every)
        kept = sum(lines < MOST - 1 for lines in accumulate(map(len, facts)))
        more = len(facts) - kept
        if more and not every:
            facts[kept:] = [Line(f"{more:,} more; -v shows all")]
        return Line(heading.text, tuple(facts))

    def __str__(self) -> str:
        """The facts that matter most, one a line."""
        return str(self.line())

    def _repr_html_(self) -> str:
        """As a notebook shows it: all facts, in parts to unfold."""
        from solver.markup import notebook  # only notebooks need it

        return notebook("explanation", self.line(every=True))


@dataclass(frozen=True, slots=True, repr=False)
class Explanation(Explained):
    """Why an exposure is in some associations and not in others.

    Attributes:
        exposure: its file.
        about: the values that identify it, by column.
        memberships: the associations that it is in.
        refusals: the rules that did not take it, those first that took exposures like it.
        other_types: the rules for other exposure types, and those that make nothing in its program that it could join.
        asked: the rule, candidate or product that alone is explained, in words; "" for all.
    """

    exposure: str
    about: Mapping[str, str] = field(repr=False)
    memberships: tuple[Membership, ...]
    refusals: tuple[Refusal, ...]
    other_types: tuple[str, ...] = ()
    asked: str = field(default="", repr=False)

    def lines(self, *, every: bool) -> Iterator[Line]:
        """What is explained, then the facts in sentences: all, or those that matter most."""
        has = {name: value.upper() or "unknown" for name, value in self.about.items()}
        flags = "".join(f", {word}" for column, word in FLAGS.items() if self.about.get(column))
        target = self.about["targprop"].upper() or has["targetid"]
        place = f"program {has['program']}, observation {has['obs_num']}, target {target}"
        yield Line(self.exposure)
        listed = self.about["asn_candidate"] or "no candidate"
        yield Line(f"{has['exp_type']} of {has['instrume']}{flags}; {place}; in {listed}")
        inside = f"{_inside(self.memberships)}{self.asked}"
        if every:
            yield Line(inside, tuple(_membership_lines(self.memberships)))
            refused = tuple(_refusal_line(each, "it", every=True) for each in self.refusals)
            if refused:
                yield Line(_not_taken(len(refused), "rule"), refused)
            if self.other_types:
                yield Line(f"{plural(len(self.other_types), 'rule')} for other exposures")
            return
        products = dict.fromkeys(f"{each.product} ({each.rule}, as {each.role})" for each in self.memberships)
        yield Line(f"{inside}: {few(products, 2)}" if products else inside)
        likely = [each for each in self.refusals if each.likely] or ([] if self.memberships else self.refusals)
        yield from (_refusal_line(each, "it") for each in likely[:_LIKELY])
        more = len(self.refusals) - len(likely[:_LIKELY])
        if more:
            yield Line(f"{_not_taken(more, 'other rule' if likely else 'rule')}; -v says why")


@dataclass(frozen=True, slots=True, repr=False)
class PairExplanation(Explained):
    """Why two exposures are together, or not.

    Attributes:
        exposures: their files.
        together: the associations that have both, with the role and the grounds of the second.
        apart: why the second is not in associations of the first, those rules first that took exposures like it.
        only_second: why the first is not in associations of the second, by rules that did not take the first.
    """

    exposures: tuple[str, str]
    together: tuple[Membership, ...]
    apart: tuple[Refusal, ...]
    only_second: tuple[Refusal, ...]

    def lines(self, *, every: bool) -> Iterator[Line]:
        """What is explained, then the facts in sentences: all, or those that matter most."""
        first, second = self.exposures
        yield Line(f"{first} and {second}")
        together = f"together {_inside(self.together)}" if self.together else "not together in any association"
        yield Line(together, tuple(Line(str(each)) for each in self.together))
        if every or not self.together:
            for file, refused in ((second, self.apart), (first, self.only_second)):
                yield from (_refusal_line(each, file, every=every) for each in refused)


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
        stands_for: the associations that were left out for it.
    """

    association: str
    product: str
    rule: str
    summary: str = field(repr=False)
    candidate: str
    shared: tuple[Reason, ...]
    members: tuple[Membership, ...]
    near: tuple[Alike, ...]
    stands_for: tuple[Superseded, ...]

    def lines(self, *, every: bool) -> Iterator[Line]:
        """What is explained, then the facts in sentences: all, or those that matter most."""
        yield Line(self.product)
        yield Line(f"{self.association}, by {self.rule} in {self.candidate}: {self.summary.rstrip('.')}")
        if every:
            yield Line("all members", tuple(ground_lines(self.shared)))
        alike = grouped(((each.role, each.grounds if every else ()), each.file) for each in self.members)
        for (role, grounds), files in alike.items():
            about = (*ground_lines(grounds), *map(Line, files)) if every else ()
            yield Line(f"{len(files):,} {role}" + ("" if every else f": {few(files)}"), about)
        for each in self.near:
            yield Line(f"close, but left out: {few(each.exposures)}: {with_classes(each.reasons, every=every)}")
        for gone in self.stands_for:
            yield Line(f"kept in place of {gone.product} ({gone.rule} in {gone.candidate}): {gone.why}")


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
    groups: tuple[Alike, ...]

    def lines(self, *, every: bool) -> Iterator[Line]:
        """What is explained, then the facts in sentences."""
        orphans = sum(len(group.exposures) for group in self.groups)
        yield Line(f"{orphans:,} of {plural(self.exposures, 'exposure')} in no association")
        for each in self.groups:
            types, count = few(kind.upper() or "no type" for kind in each.types), len(each.exposures)
            files = few(each.exposures, count if every else 3)
            yield Line(f"{plural(count, 'exposure')} of {types}: {orphan_text(each)} ({files})")


@dataclass(frozen=True, slots=True, repr=False)
class CandidatesExplanation(Explained):
    """What came of candidates.

    Attributes:
        pool: name of the pool.
        outcomes: for each candidate what came of it, or why nothing did, in a sentence.
    """

    pool: str
    outcomes: tuple[str, ...]

    def lines(self, *, every: bool) -> Iterator[Line]:
        """The pool, then a line a candidate."""
        del every
        return map(Line, (self.pool, *self.outcomes))


#: An explanation of any kind.
AnyExplanation = Explanation | PairExplanation | AssociationExplanation | OrphansExplanation | CandidatesExplanation

# --- Lines ----------------------------------------------------------------------------------------


def _membership_lines(memberships: Sequence[Membership]) -> Iterator[Line]:
    """The products, grouped by the constraints that put the exposure in them."""
    alike = grouped(((each.rule, each.role, each.grounds), Line(str(each))) for each in memberships)
    for (rule, role, grounds), products in alike.items():
        yield Line(f"as {role} by {rule}", (*products, *ground_lines(grounds)))


def ground_lines(grounds: Sequence[Reason]) -> Iterator[Line]:
    """The constraints that put an exposure in an association."""
    for heading, kinds in _GROUNDS.items():
        told = [each for each in grounds if each.kind in kinds]
        if told:
            yield Line(f"{heading}: {by_class(told)}")


def _refusal_line(refusal: Refusal, exposure: str, *, every: bool = False) -> Line:
    """Why a rule did not take an exposure, and the statement with which it does; in full with summary and classes."""
    heading = f"{refusal.rule} does not take {exposure}" if refusal.rule else "no association crosses programs"
    heading += f" into {refusal.product}" if refusal.product else ""
    fix = (Line(str(refusal.fix)),) if refusal.fix else ()
    if not every:
        return Line(f"{heading}: {refusal}", fix)
    told = [with_classes([each], every=True) for each in refusal.reasons] or [str(refusal)]
    none = () if refusal.superseded else (Line("no option such as --background or --set changes this"),)
    return Line(f"{heading} ({refusal.summary.rstrip('.')})", (*map(Line, told), *(fix or none)))


def orphan_text(group: Alike) -> str:
    """Why these exposures are in no association."""
    told = f"closest is {group.rule}: {with_classes(group.reasons)}" if group.rule else ""
    return "; ".join(filter(None, (group.reason, told)))


def _not_taken(count: int, what: str) -> str:
    return f"{plural(count, what)} {'does' if count == 1 else 'do'} not take it"


def _inside(memberships: Sequence[Membership]) -> str:
    count = len({each.association for each in memberships})
    return f"in {plural(count, 'association') if count else 'no association'}"
