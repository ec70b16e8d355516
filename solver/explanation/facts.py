"""Facts: what an explanation consists of, as data that can also be read as sentences.

Values are those of the pool, in lower case; "" means that a value is missing. Constraints are worded as in
`asnsolve rules`, each with the class that states it.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from solver.multimap import grouped
from solver.solving import Superseded
from solver.words import few, plural, role_in_words, with_article

#: What exposures with a flag are.
FLAGS: Mapping[str, str] = {"bkgdtarg": "background", "is_psf": "PSF", "is_imprt": "imprint", "tsovisit": "time-series"}

#: Columns that show what belongs together, which candidates and links can change.
LINKED = frozenset({"asn_candidate", "targetid", "targprop", "obs_num"})

#: How what an exposure has relates to the values listed, each with its wording; what is in capitals here is so there.
#: `a` is `has` with an article. Where the relation is "equal", the values are those of others; where it is "theirs",
#: `has` is what exposures outside the group have, `values` what the group has.
_WORDS: Mapping[str, str] = {
    "met": "{attribute} {HAS}",
    "free": "{attribute}",
    "one of": "its {attribute} is {HAS}, but {where}this rule takes {VALUES}",
    "equal": "its {attribute} is {HAS}, not {VALUES}",
    "different": "its {attribute} is also {HAS}, but this rule combines different ones",
    "none of": "its {attribute} is {HAS}, but this rule does not take {HAS}",
    "given": "{COLUMNS} is missing",
    "a number": "its {attribute} is {HAS}, which is not a number",
    "containing": "its {attribute} is {HAS}, but this rule takes {attribute}s with {VALUES}",
    "not containing": "its {attribute} is {HAS}, but this rule does not take {attribute}s with {VALUES}",
    "near": "its {attribute} is {HAS}, too far from {VALUES}",
    "theirs": "the nearest {where} exposures have {attribute} {HAS}, not {VALUES}",
    "role": "it is {a} exposure, but this rule takes {values} exposures",
    "seed": "each association of this rule has exactly one {where} exposure",
    "including": "no {values} exposure is grouped with it in {where}",
    "needing": "{a} exposure needs a {values} exposure, and none is grouped with it",
    "at least": "its group has only {has} and needs at least {values}",
    "listed": "it is in {has}, not in {values}",
    "unlisted": "it is in no candidate; --candidate makes one",
    "not asked": "this rule works only within {has}, which was not asked for",
    "linked": "it is {a} exposure, and no {where} links it to {values}",
    "shared": "it joins only members of its own {attribute} ({HAS}), and these are of {VALUES}",
    "in its place": "{values} is used in its place",
    "elsewhere": "{has} links it, but this product was made within {values}",
}


@dataclass(frozen=True, slots=True)
class Need:
    """What an exposure or its group has, and what it would need.

    Attributes:
        attribute: the word for it, such as "exposure type".
        columns: the pool columns that decide it; empty where it is a matter of other exposures.
        has: the value it has.
        relation: how it relates to `values`, as in `_WORDS`; "met" and "free" are of constraints that are fulfilled.
        values: the values in question; empty where the relation names none.
        where: in a table, the values of other columns to which these belong, in words; or the role in question.
    """

    attribute: str
    columns: tuple[str, ...]
    has: str
    relation: str
    values: tuple[str, ...] = ()
    where: str = ""

    def __str__(self) -> str:
        """In words."""
        flags = " or ".join(FLAGS[each] for each in self.columns if each in FLAGS)
        relation = "given" if self.relation in {"equal", "shared"} and not self.has else self.relation
        if flags and relation in {"met", "none of", "given", "one of"}:
            is_set = self.has not in {"", "f"}
            what = f"{'' if is_set else 'not '}{with_article(flags)} exposure"
            takes = "does not take" if is_set else "takes"
            return what if self.relation == "met" else f"it is {what}, but this rule {takes} {flags} exposures"
        if self.relation == "met" and not self.has:
            return f"no {self.attribute}"
        has, columns = role_in_words(self.has or "missing"), " or ".join(map(str.upper, self.columns))
        values, in_capitals = (few(map(written, self.values), 6) for written in (role_in_words, str.upper))
        where = f"with {self.where}, " if self.relation == "one of" and self.where else role_in_words(self.where)
        words = {"attribute": self.attribute, "where": where, "has": has, "a": with_article(has), "values": values}
        return _WORDS[relation].format(**words, COLUMNS=columns, HAS=self.has.upper() or has, VALUES=in_capitals)


@dataclass(frozen=True, slots=True)
class Reason:
    """A constraint of a rule, or another of its declarations, that keeps an exposure out or that it fulfils.

    Attributes:
        kind: `condition`, `agreement`, `nearness`, `join` and `validity` for constraints of the vocabulary;
            `candidate`, `role`, `difference`, `selection` and `expansion` for further declarations; `request` for
            what was asked.
        constraint: the constraint in words.
        by: the class that states it.
        needs: what the exposure has and would need.
        note: why the constraint is stated, where that is known.
    """

    kind: str
    constraint: str
    by: str
    needs: tuple[Need, ...] = ()
    note: str = ""

    @property
    def columns(self) -> frozenset[str]:
        """The columns that decide it."""
        return frozenset(column for need in self.needs for column in need.columns)

    def __str__(self) -> str:
        """In words."""
        needs = "; ".join(map(str, self.needs))
        better = ": ".join(filter(None, ("others match better", needs)))
        others = {"selection": better, "expansion": needs or f"the rule makes {self.constraint}"}
        reason = others.get(self.kind, needs) or self.constraint
        return f"{reason}{' ' if self.note.startswith('for ') else ': '}{self.note}" if self.note else reason

    def follows_from(self, other: Reason) -> bool:
        """Whether it says nothing more of a value that a rule does not take, or of one out of those that it takes."""
        relations, others = ({need.relation for need in each.needs} for each in (self, other))
        repeated = relations == {"none of"} and "one of" in others and self.columns <= other.columns
        unlike = self.kind in {"agreement", "role"} and other.kind == "condition" and self.columns & other.columns
        return repeated or bool(unlike)


#: What keeps an exposure out, or what it lacks.
Reasons: TypeAlias = tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Fix:
    """Statements with which a rule takes the exposure; proved by solving the pool with exactly these.

    Attributes:
        statements: the options to add.
        provided: what must be true for that, such as "BAND is SHORT"; "" where nothing is assumed.
        rule: the rule that takes it then.
        role: its role there.
        beside: the number of other members.
        instead: whether that is another rule than the one that does not take it, or an association without members of
            the product in question.
    """

    statements: tuple[str, ...]
    provided: str
    rule: str
    role: str
    beside: int
    instead: bool = False

    @property
    def option(self) -> str:
        """The options as a shell takes them."""
        return shlex.join(word for each in self.statements for word in each.split(" ", 1))

    def __str__(self) -> str:
        """In words."""
        given = ("instead: " if self.instead else "") + (f"if {self.provided}, " if self.provided else "")
        made = f"an {self.rule} association of {plural(self.beside + 1, 'member')}"
        return f"{given}add {self.option} to use it as {role_in_words(self.role)} in {made}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a rule did not take an exposure, or not into a product that it made, or not together with another one.

    Attributes:
        exposure: its file.
        rule: name of the rule.
        summary: what the rule groups.
        product: the product that the reasons keep it out of; "" for a group of its own.
        reasons: what keeps it out. They are minimal: without exactly these constraints the rule would take it, and
            without only some of them it would not. Empty only where an association was left out.
        fix: the fix closest to the practice of proposals; None if no statement helps.
        superseded: the association with it that was left out.
        likely: whether an asker means this rule: it took exposures of the same type, or would with a statement.
    """

    exposure: str
    rule: str
    summary: str
    product: str
    reasons: Reasons
    fix: Fix | None = None
    superseded: Superseded | None = None
    likely: bool = True

    def __str__(self) -> str:
        """The reasons in words."""
        return str(self.superseded) if self.superseded else in_words(self.reasons)


@dataclass(frozen=True, slots=True)
class Membership:
    """Membership of an exposure in an association, with its grounds.

    Attributes:
        association: file name of the association.
        product: name of its product.
        rule: the rule that made it.
        candidate: the candidate in which it was found.
        file: the member's file.
        role: what the exposure is in it.
        others: number of the other members.
        grounds: the constraints by which it is in, which it fulfils.
    """

    association: str
    product: str
    rule: str
    candidate: str
    file: str
    role: str
    others: int
    grounds: Reasons

    def __str__(self) -> str:
        """In words."""
        return f"{self.product} of {plural(self.others + 1, 'member')} (in {self.candidate}, {self.association})"


@dataclass(frozen=True, slots=True)
class Alike:
    """Exposures that are left out for one reason.

    Attributes:
        reason: the reason in a sentence.
        rule: the rule that comes closest; "" where none does.
        reasons: what it requires and they do not have.
        types: their exposure types.
        exposures: their files.
    """

    reason: str
    rule: str
    reasons: Reasons
    types: tuple[str, ...]
    exposures: tuple[str, ...]


def by_class(grounds: Iterable[Reason]) -> str:
    """`program 1, instrument MIRI (AsnMixin_Base); filter F770W (AsnMixin_OpticalPath)`."""
    # a constraint that would go on with a list of agreements has none here
    said = (each.needs or (each.constraint.replace("have the same", "agree"),) for each in grounds)
    words = grouped((each.by, map(str, parts)) for each, parts in zip(grounds, said, strict=True))
    return "; ".join(f"{', '.join(dict.fromkeys(chain(*parts)))} ({by})" for by, parts in words.items())


def in_words(reasons: Reasons, *, every: bool = False) -> str:
    """Those of the reasons that decide, in words; or all, each with the class that states it."""
    if every:
        return "; ".join(f"{each} ({each.by})" if each.by else str(each) for each in reasons)
    # what a rule makes of its groups is clear where these lack something
    decisive = [each for each in reasons if each.kind != "expansion"] or reasons
    return "; ".join(str(each) for each in decisive if not any(map(each.follows_from, decisive)))
