"""What a report shows, as data: the exposures, where they are in the hierarchy, and the associations they are in.

Rows are those of the pool, in canonical order, so every node of the observing hierarchy is a run of rows. Repeated
texts are kept once and referred to by number, since all of this is written into the page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from rules.vocabulary import ROLES
from solver.batch import hints_of, united
from solver.default import rule_set
from solver.multimap import grouped
from solver.pools import HIERARCHY, Statements
from solver.reports.inspection import oddities
from solver.reports.observations import Observation, observations
from solver.version import CODE_VERSION
from solver.words import inert

if TYPE_CHECKING:
    from solver.associations import Association, Product
    from solver.default import Rules
    from solver.pools import Pool
    from solver.solving import Request, Result

#: The row of a file that is not an exposure of the pool, such as a catalog that the pipeline makes.
NO_ROW = -1


class Level(Struct, frozen=True):
    """A level of the observing hierarchy.

    Attributes:
        name: its name, such as observation.
        starts: the first row of each of its nodes, ascending.
        labels: what each node is called: its number, or for an exposure its file.
        held: for each node the associations that hold all of its exposures, by their numbers.
    """

    name: str
    starts: tuple[int, ...]
    labels: tuple[str, ...]
    held: tuple[tuple[int, ...], ...]


class Column(Struct, frozen=True):
    """A column of the pool: the distinct values, "" for "not given", and for each row which of them it has."""

    name: str
    values: tuple[str, ...]
    codes: tuple[int, ...]


class Absent(Struct, frozen=True):
    """Exposures that are not in a product for the same reasons, and the options with which they are; "" if unknown."""

    rows: tuple[int, ...]
    reasons: tuple[str, ...]
    fix: str


class Why(Struct, frozen=True):
    """Why exposures are where they are, in sentences.

    Attributes:
        inside: by an association's file name and a row, why this exposure is in it.
        outside: by file, why an exposure is in no association.
        absent: by an association's file name, the exposures that are not in it.
    """

    inside: Mapping[tuple[str, int], Sequence[str]] = {}
    outside: Mapping[str, str] = {}
    absent: Mapping[str, tuple[Absent, ...]] = {}


class Listed(Struct, frozen=True):
    """A product of an association, as the report lists it.

    Attributes:
        product: name of the product.
        file: name of the association's file.
        rule: the rule that made it.
        type: what the pipeline does with it, such as image3.
        level: its level, 2 or 3.
        program: its program.
        candidate: id of the candidate in which it was found.
        target: what the target is called in names.
        rows: the row of each member's exposure, `NO_ROW` for one that has none.
        roles: the role of each member, as a number of `Contents.roles`.
        files: the file of each member, as a number of `Contents.texts`.
        grounds: why each member is in it, as a number of `Contents.grounds`.
        absent: the exposures of its members' kind that are not in it.
    """

    product: str
    file: str
    rule: str
    type: str
    level: int
    program: str
    candidate: str
    target: str
    rows: tuple[int, ...]
    roles: tuple[int, ...]
    files: tuple[int, ...]
    grounds: tuple[int, ...]
    absent: tuple[Absent, ...]


class Advice(Struct, frozen=True):
    """A hint: what was noticed, the option or command that helps, the exposures concerned, and what is assumed."""

    what: str
    action: str
    rows: Sequence[int]
    provided: str


class Contents(Struct, frozen=True):
    """What a report shows.

    Attributes:
        pool: name of the pool.
        software: what made the report.
        levels: the levels of the hierarchy, program first, exposure last.
        columns: the columns of the pool in which something is given.
        associations: the products of the associations, in canonical order.
        rules: what each rule groups that made any.
        observations: the observations, in order.
        hints: what a person may want to state or look into, as `generate` prints it.
        oddities: what is missing or odd in the pool, in sentences.
        orphans: the exposures in no association, by reason, the most frequent first.
        dropped: how many associations were not kept, by why.
        roles: the roles that occur, science first.
        texts: the files of members.
        grounds: why members are where they are, each in sentences.
    """

    pool: str
    software: str
    levels: tuple[Level, ...]
    columns: tuple[Column, ...]
    associations: tuple[Listed, ...]
    rules: Mapping[str, str]
    observations: tuple[Observation, ...]
    hints: tuple[Advice, ...]
    oddities: tuple[str, ...]
    orphans: Mapping[str, list[int]]
    dropped: Mapping[str, int]
    roles: tuple[str, ...]
    texts: tuple[str, ...]
    grounds: tuple[tuple[str, ...], ...]

    @property
    def files(self) -> tuple[str, ...]:
        """The exposures."""
        return self.levels[-1].labels


_UNEXPLAINED = Why()


def contents_of(
    pool: Pool,
    result: Result,
    rules: Rules = None,
    *,
    why: Why = _UNEXPLAINED,
    request: Request | None = None,
    statements: Statements | None = None,
) -> Contents:
    """What a report shows of a pool and its associations.

    Args:
        pool: the exposures.
        result: what `generate` made of them.
        rules: the rules that made it.
        why: why each exposure is where it is; where it does not say, what the associations and the reasons of the
            orphans say by themselves.
        request: what was asked of the pool; by default everything.
        statements: what is stated of the pool, for the commands on the page.

    Raises:
        UnknownRuleError: the rule of an association is not among the rules.

    Cost: a few steps for each member.
    """
    every, listing = rule_set(rules), _Listing(result, why)
    given = {name: column for name, column in pool.columns.items() if name != "filename" and column.given().any()}
    rows, path = {file: row for row, file in enumerate(pool.file_names)}, Path(pool.name)
    stated, hints = statements or Statements(), united(hints_of(pool, every, request, result), set(pool["program"]))
    lost = grouped((inert(why.outside.get(file, reason)), rows[file]) for file, reason in result.reasons.items())
    return Contents(
        pool=inert(pool.name),
        software=CODE_VERSION,
        levels=tuple(_levels(pool, listing.products)),
        columns=tuple(Column(inert(name), _seen(of.values), tuple(of.codes.tolist())) for name, of in given.items()),
        associations=listing.products,
        rules={each: inert(every.find(each).spec.summary) for each in sorted({*result.associations.words["asn_rule"]})},
        observations=tuple(observations(pool)),
        hints=tuple(
            Advice(
                inert(each.what),
                inert(each.action(path, stated)),
                [rows[file] for file in each.exposures],
                each.provided,
            )
            for each in hints
        ),
        oddities=_seen(oddities(pool, every)),
        orphans=dict(sorted(lost.items(), key=lambda each: (-len(each[1]), each[0]))),
        dropped=dict(sorted(Counter(each.why for each in result.dropped).items())),
        roles=_seen(listing.roles),
        texts=tuple(listing.texts),
        grounds=tuple(listing.grounds),
    )


class _Listing:
    """The products of associations as the report lists them, with the roles and texts that they refer to."""

    def __init__(self, result: Result, why: Why) -> None:
        """List all products."""
        found = {*result.associations.members["exptype"].values}
        self.roles = (*(role for role in ROLES if role in found), *sorted(found.difference(ROLES)))
        self.texts: dict[str, int] = defaultdict(count().__next__)
        self.grounds: dict[tuple[str, ...], int] = defaultdict(count().__next__)
        self._why = why
        self.products = tuple(self._listed(each, product) for each in result.associations for product in each.products)

    def _listed(self, association: Association, product: Product) -> Listed:
        file, shared = association.file_name, association.constraints.split("; ")
        rows = tuple(NO_ROW if member.row is None else member.row for member in product.members)
        grounds = (self._why.inside.get((file, row), [] if row == NO_ROW else shared) for row in rows)
        return Listed(
            product=inert(product.name),
            file=inert(file),
            rule=association.asn_rule,
            type=association.asn_type,
            level=association.level,
            program=inert(association.program),
            candidate=inert(association.asn_id),
            target=inert(association.target),
            rows=rows,
            roles=tuple(self.roles.index(member.exptype) for member in product.members),
            files=tuple(self.texts[inert(member.expname)] for member in product.members),
            grounds=tuple(self.grounds[_seen(each)] for each in grounds),
            absent=self._why.absent.get(file, ()),
        )


def _levels(pool: Pool, products: Iterable[Listed]) -> Iterator[Level]:
    """The hierarchy, from its columns; a level for which the pool has none is skipped, except the exposures."""
    holding: list[set[int]] = [set() for _ in range(len(pool))]
    for number, each in enumerate(products):
        for row in {*each.rows} - {NO_ROW}:
            holding[row].add(number)
    begins = np.arange(len(pool)) == 0
    for name, column in HIERARCHY.items():
        if name == "exposure":
            begins[:] = True
        elif column in pool.columns:
            codes = pool[column].codes
            begins[1:] |= codes[1:] != codes[:-1]
        else:
            continue
        starts = np.flatnonzero(begins).tolist()
        labels = pool.file_names if name == "exposure" else [pool[column][row] or "not given" for row in starts]
        held = (set.intersection(*holding[first:end]) for first, end in pairwise([*starts, len(pool)]))
        yield Level(name, tuple(starts), _seen(labels), tuple(tuple(sorted(each)) for each in held))


def _seen(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(inert, texts))
