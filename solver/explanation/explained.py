"""Explanations: a heading and the facts below it, in lines of text, in short or all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from solver.associations import exposure_name
from solver.brief import Brief
from solver.explanation.facts import FLAGS, LINKED, Alike, Membership, Reason, Refusal, by_class, in_words
from solver.lines import Line
from solver.multimap import grouped
from solver.solving import Superseded
from solver.words import few, plural

#: Most lines of an explanation in short, its heading and the note that there is more included.
MOST = 8

#: Headings for kinds of grounds, in their order.
_GROUNDS: Mapping[str, str] = {
    "condition": "it qualifies", "agreement": "it agrees in", "free": "may differ",
    "nearness": "near the other members", "join": "it joins by sharing", "role": "why this role",
    "expansion": "the rule makes",
}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Explanation(Brief):
    """What is explained, and facts of several kinds about it; any kind may be empty.

    Attributes:
        heading: the file that is explained, or both, the product, the pool, or how many exposures are orphans.
        about: more about it, in sentences; of candidates what came of each.
        inside: how many associations the exposures are in, in words; "" if no exposures are explained.
        memberships: the associations that an exposure is in, or the second of two with the first; or the members of
            an association.
        refusals: the rules that did not take an exposure, or not with another one, those first that took its like; none
            are for other exposure types, or make nothing in its program that it could join.
        groups: the orphans by reason, the most frequent first; without any, the exposures that a level lacks; or those
            that are close to an association.
        stands_for: the associations that were left out for an association.
    """

    heading: str
    about: tuple[str, ...] = field(default=(), repr=False)
    inside: str = field(default="", repr=False)
    memberships: tuple[Membership, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    groups: tuple[Alike, ...] = ()
    stands_for: tuple[Superseded, ...] = field(default=(), repr=False)

    def lines(self, *, every: bool) -> Iterator[Line]:
        """What is explained, then the facts in sentences: all, or those that matter most."""
        yield from map(Line, (self.heading, *self.about))
        yield from (self._inside_lines if self.inside else self._member_lines)(every=every)
        yield from self._refusal_lines(every=every)
        yield from (_group_line(each, every=every) for each in self.groups)
        replaced = ((f"{each.product} ({each.rule} in {each.candidate})", each.why) for each in self.stands_for)
        yield from (Line(f"kept in place of {product}: {why}") for product, why in replaced)

    def _inside_lines(self, *, every: bool) -> Iterator[Line]:
        """The products, in full by the constraints that put the exposures in them."""
        by_product = grouped(((each.association, each.product, each.rule), each) for each in self.memberships)
        products = [f"{name} ({rule}, {_roles(own)})" for (_, name, rule), own in by_product.items()]
        shown = f": {few(products, 2)}" if products and not every else ""
        whose = (("as" if self.about else f"{one.file} as", one) for one in self.memberships)
        alike = grouped(((f"{which} {one.role}, by {one.rule}", one.grounds), Line(str(one))) for which, one in whose)
        below = (Line(heading, (*made, *ground_lines(grounds))) for (heading, grounds), made in alike.items())
        yield Line(self.inside + shown, tuple(below) if every else ())

    def _member_lines(self, *, every: bool) -> Iterator[Line]:
        """The members of an association by their roles, in full with the constraints that put them there."""
        alike = grouped(((each.role, each.grounds if every else ()), each.file) for each in self.memberships)
        for (role, grounds), files in alike.items():
            about = (*ground_lines(grounds), *map(Line, files)) if every else ()
            yield Line(f"{len(files):,} {role}" + ("" if every else f": {few(files)}"), about)

    def _refusal_lines(self, *, every: bool) -> Iterator[Line]:
        """The rules that did not take what is explained; in short those that an asker means, and how many others."""
        # a second sentence about it is that no association is expected
        unclear = () if self.memberships or self.about[1:] else self.refusals
        likely = [each for each in self.refusals if each.likely] or unclear
        first = sorted(likely, key=lambda each: each.fix is None)[: 2 if self.about else None]  # of two exposures all
        shown = () if every else [each for each in likely if each in first]
        yield from (_refusal_line(each, self.heading) for each in shown)
        if more := len(self.refusals) - len(shown):
            close = f"{plural(more, 'other rule' if shown else 'rule')} came close"
            below = tuple(_refusal_line(each, self.heading, every=True) for each in self.refusals) if every else ()
            yield Line(close if every else f"{close}; -v shows why not", below)

    def line(self, *, every: bool = False) -> Line:
        """The facts in sentences, below what is explained: all, or those that matter most in up to `MOST` lines."""
        heading, *facts = self.lines(every=every)
        kept = sum(lines < MOST - 1 for lines in accumulate(str(each).count("\n") + 1 for each in facts))
        if not every and (more := len(facts) - kept):
            facts[kept:] = [Line(f"{plural(more, 'more line')}; -v shows all")]
        return Line(heading.text, tuple(facts))

    def __str__(self) -> str:
        """The facts that matter most, one a line."""
        return str(self.line())

    def _repr_html_(self) -> str:
        """As a notebook shows it: all facts, in parts to unfold."""
        from solver.markup import notebook  # only notebooks need it

        return notebook("explanation", self.line(every=True))


# --- Lines ----------------------------------------------------------------------------------------


def _roles(memberships: Sequence[Membership]) -> str:
    """What one exposure, or each of two, is in an association."""
    own = grouped((exposure_name(each.file), each.role) for each in memberships)
    one, *other = (" and ".join(dict.fromkeys(each)) for each in own.values())
    return f"the first as {one}, the second as {other[0]}" if {*other} - {one} else f"as {one}"


def ground_lines(grounds: Sequence[Reason]) -> Iterator[Line]:
    """The constraints that put an exposure in an association."""
    free = {each for each in grounds if any(need.relation == "free" for need in each.needs)}
    ways = grouped(("free" if each in free else each.kind, each) for each in grounds)
    return (Line(f"{heading}: {by_class(ways[kind])}") for kind, heading in _GROUNDS.items() if kind in ways)


def _refusal_line(refusal: Refusal, heading: str, *, every: bool = False) -> Line:
    """Why a rule did not take an exposure, and the statement with which it does; in full with summary and classes."""
    it = "it" if refusal.exposure == heading else refusal.exposure
    does = f"does not add {it} to {refusal.product}" if refusal.product else f"rejects {it}"
    rejecting = refusal.rule if refusal.superseded else f"{refusal.rule} {does}"
    if refusal.superseded or not every:
        return Line(f"{rejecting}: {refusal}", tuple(Line(str(each)) for each in (refusal.fix,) if each))
    reasons = [in_words((each,), every=True) for each in refusal.reasons]
    # a candidate, a link or a value may help where one is missing: not every one is tried
    needs = [need for each in refusal.reasons for need in each.needs if not FLAGS.keys() & need.columns]
    lacks = {need.relation for need in needs}.union(*(need.columns for need in needs))
    never = lacks.isdisjoint({"given", "needing", *LINKED}) and ("theirs" in lacks or "including" not in lacks)
    helps = [str(refusal.fix)] if refusal.fix else ["no option changes this if the pool is right"] * never
    return Line(f"{rejecting} ({refusal.summary.rstrip('.')})", tuple(map(Line, reasons + helps)))


def _group_line(group: Alike, *, every: bool) -> Line:
    """Exposures that are left out for one reason."""
    if not group.types:
        return Line(f"close, but left out: {few(group.exposures)}: {in_words(group.reasons, every=every)}")
    types, count = few(kind.upper() or "no type" for kind in group.types), len(group.exposures)
    files = few(group.exposures, count if every else 3)
    return Line(f"{plural(count, 'exposure')} of {types}: {orphan_text(group)} ({files})")


def orphan_text(group: Alike) -> str:
    """Why these exposures are in no association."""
    closest = f"the closest, {group.rule}, rejects each: {in_words(group.reasons)}" if group.rule else ""
    return "; ".join(filter(None, (group.reason, closest)))


def in_associations(memberships: Sequence[Membership]) -> str:
    """`in 2 associations`."""
    count = len({each.association for each in memberships})
    return f"in {plural(count, 'association') if count else 'no association'}"
