"""What a report shows, as data: the exposures, where they are in the hierarchy, and the associations they are in.

Rows are those of the pool, in canonical order, so every node of the observing hierarchy is a run of rows. Repeated
texts are kept once and referred to by number, since all of this is written into the page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from rules.vocabulary import ROLES
from solver.batch import hints_of, united
from solver.default import rule_set
from solver.drawing import type_hue
from solver.multimap import grouped
from solver.pools import HIERARCHY, Statements
from solver.reports.inspection import oddities
from solver.reports.observations import Observation, observations
from solver.version import CODE_VERSION
from solver.words import inert

if TYPE_CHECKING:
    from rules.rule import RuleSpec
    from solver.associations import Association, Product
    from solver.batch import Hint
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
    """Exposures that are not in a product for the same reasons.

    Attributes:
        ground: the reasons, as a number of `Contents.grounds`.
        fix: the statements with which they are in, as options; "" if none are known.
        rows: the exposures.
    """

    ground: int
    fix: str
    rows: tuple[int, ...]


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
        hue: the colour of its type, a number of the palette; None for types that have none.
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
    hue: int | None
    rows: tuple[int, ...]
    roles: tuple[int, ...]
    files: tuple[int, ...]
    grounds: tuple[int, ...]
    absent: tuple[Absent, ...]


class RuleLine(Struct, frozen=True):
    """What a rule made: how many associations with how many members, and what it groups."""

    rule: str
    summary: str
    level: int
    type: str
    associations: int
    members: int


class Orphans(Struct, frozen=True):
    """The exposures in no association for one reason, as rows."""

    reason: str
    rows: tuple[int, ...]


class Advice(Struct, frozen=True):
    """A hint: what was noticed, the option or command that helps, the exposures concerned, and what is assumed."""

    what: str
    action: str
    rows: tuple[int, ...]
    provided: str


class Contents(Struct, frozen=True):
    """What a report shows.

    Attributes:
        pool: name of the pool.
        software: what made the report.
        levels: the levels of the hierarchy, program first, exposure last.
        columns: the columns of the pool in which something is given.
        associations: the products of the associations, in canonical order.
        rules: the rules that made any.
        observations: the observations, in order.
        hints: what a person may want to state or look into, as `generate` prints it.
        oddities: what is missing or odd in the pool, in sentences.
        orphans: the exposures in no association, by reason, the most frequent first.
        dropped: how many associations were not kept, by why.
        roles: the roles that occur, science first.
        texts: texts that are referred to by number.
        grounds: lists of sentences, each a number of `texts`.
        outside: for each exposure, why it is in no association or in no further one, as a number of `grounds`.
    """

    pool: str
    software: str
    levels: tuple[Level, ...]
    columns: tuple[Column, ...]
    associations: tuple[Listed, ...]
    rules: tuple[RuleLine, ...]
    observations: tuple[Observation, ...]
    hints: tuple[Advice, ...]
    oddities: tuple[str, ...]
    orphans: tuple[Orphans, ...]
    dropped: Mapping[str, int]
    roles: tuple[str, ...]
    texts: tuple[str, ...]
    grounds: tuple[tuple[int, ...], ...]
    outside: tuple[int, ...]


#: The rows of exposures that are not in a product, the reasons, and the options with which they are; "" for none.
Kept: TypeAlias = tuple[Sequence[int], Sequence[str], str]


class Why(NamedTuple):
    """Why exposures are where they are, in sentences.

    Attributes:
        inside: by row, why an exposure is in each of its associations, by the association's file name.
        outside: by file, why an exposure is in no association, or in no further one.
        absent: by the association's file name, the exposures that are not in it.
    """

    inside: dict[int, dict[str, Sequence[str]]]
    outside: Mapping[str, str]
    absent: Mapping[str, Sequence[Kept]] = MappingProxyType({})


def contents_of(
    pool: Pool,
    result: Result,
    rules: Rules = None,
    *,
    why: Why | None = None,
    request: Request | None = None,
    statements: Statements | None = None,
) -> Contents:
    """What a report shows of a pool and its associations.

    Args:
        pool: the exposures.
        result: what `generate` made of them.
        rules: the rules that made it.
        why: why each exposure is where it is; by default what the associations and the reasons of the orphans say by
            themselves.
        request: what was asked of the pool; by default everything.
        statements: what is stated of the pool, for the commands on the page.

    Raises:
        ValueError: the rule of an association is not among the rules.

    Cost: a few steps for each member.
    """
    every = rule_set(rules)
    specs = {rule.spec.name: rule.spec for rule in every}
    unknown = sorted({*result.associations.words["asn_rule"]} - set(specs))
    if unknown:
        raise ValueError(f"there are associations of {', '.join(unknown)}, but no such rule was given")
    why = why or known(result)
    listing = _Listing(result, why)
    listed = listing.associations(specs)
    made = Counter(each.rule for each in listed)
    members = Counter(each.rule for each in listed for _ in each.rows)
    used = [specs[name] for name in sorted(made, key=lambda name: (-specs[name].level, name))]
    lines = [RuleLine(s.name, inert(s.summary), s.level, s.asn_type, made[s.name], members[s.name]) for s in used]
    given = {name: column for name, column in pool.columns.items() if name != "filename" and column.given().any()}
    return Contents(
        pool=inert(pool.name),
        software=CODE_VERSION,
        levels=tuple(_levels(pool, [each.rows for each in listed])),
        columns=tuple(Column(inert(name), _seen(of.values), tuple(of.codes.tolist())) for name, of in given.items()),
        associations=listed,
        rules=tuple(lines),
        observations=tuple(observations(pool)),
        hints=tuple(_advice(pool, hints_of(pool, every, request, result), statements or Statements())),
        oddities=_seen(oddities(pool, every)),
        orphans=tuple(_orphans(pool, result)),
        dropped=dict(sorted(Counter(each.why for each in result.dropped).items())),
        roles=_seen(listing.roles),
        outside=tuple(listing.ground([why.outside[file]] if file in why.outside else []) for file in pool.file_names),
        grounds=tuple(listing.grounds),
        texts=_seen(listing.texts),
    )


class _Listing:
    """Makes the list of associations, and keeps each text and each list of sentences once."""

    def __init__(self, result: Result, why: Why) -> None:
        """Begin with no text."""
        self.texts: dict[str, int] = defaultdict(count().__next__)
        self.grounds: dict[tuple[int, ...], int] = defaultdict(count().__next__)
        self._result, self._why = result, why
        found = set(result.associations.members["exptype"].values)
        self.roles = (*(role for role in ROLES if role in found), *sorted(found - set(ROLES)))

    def ground(self, sentences: Iterable[str]) -> int:
        """The number of a list of sentences."""
        return self.grounds[tuple(self.texts[each] for each in sentences)]

    def associations(self, specs: Mapping[str, RuleSpec]) -> tuple[Listed, ...]:
        """The products of the associations."""
        return tuple(
            self._listed(each, product, specs[each.asn_rule].level)
            for each in self._result.associations
            for product in each.products
        )

    def _listed(self, association: Association, product: Product, level: int) -> Listed:
        file, inside = association.file_name, self._why.inside
        rows = tuple(NO_ROW if member.row is None else member.row for member in product.members)
        return Listed(
            product=inert(product.name),
            file=inert(file),
            rule=association.asn_rule,
            type=association.asn_type,
            level=level,
            program=inert(association.program),
            candidate=inert(association.asn_id),
            target=inert(association.target),
            hue=type_hue(association.asn_type),
            rows=rows,
            roles=tuple(self.roles.index(member.exptype) for member in product.members),
            files=tuple(self.texts[member.expname] for member in product.members),
            grounds=tuple(self.ground(inside.get(row, {}).get(file, ())) for row in rows),
            absent=tuple(
                Absent(self.ground(reasons), inert(fix), tuple(which))
                for which, reasons, fix in self._why.absent.get(file, ())
            ),
        )


def known(result: Result) -> Why:
    """What the associations say that their exposures share, and the reasons of the orphans."""
    inside: dict[int, dict[str, Sequence[str]]] = defaultdict(dict)
    for association in result.associations:
        constraints, file = association.constraints.split("; "), association.file_name
        for row in association.rows:
            inside[row][file] = constraints
    return Why(inside, result.reasons)


def _levels(pool: Pool, associations: Sequence[Sequence[int]]) -> Iterator[Level]:
    """The hierarchy, from its columns; a level for which the pool has none is skipped, except the exposures."""
    pairs = [(number, row) for number, rows in enumerate(associations) for row in set(rows) - {NO_ROW}]
    members = np.array(pairs, dtype=np.int64).reshape(len(pairs), 2)
    begins = np.arange(len(pool)) == 0
    for name, column in HIERARCHY.items():
        if name == "exposure":
            begins[:] = True
            labels: Sequence[str] = pool.file_names
        elif column in pool.columns:
            codes = pool[column].codes
            begins[1:] |= codes[1:] != codes[:-1]
            labels = [pool[column][row] or "not given" for row in np.flatnonzero(begins).tolist()]
        else:
            continue
        yield Level(name, tuple(np.flatnonzero(begins).tolist()), _seen(labels), tuple(_held(begins, members)))


def _held(begins: NDArray[np.bool_], members: NDArray[np.int64]) -> Iterator[tuple[int, ...]]:
    """For each node the associations that hold all of its exposures.

    Args:
        begins: whether a node begins in a row.
        members: pairs of an association and a row, each once.
    """
    node = np.cumsum(begins) - 1
    sizes = np.bincount(node)
    pairs, counts = np.unique(np.stack([node[members[:, 1]], members[:, 0]], axis=1), axis=0, return_counts=True)
    whole = pairs[counts == sizes[pairs[:, 0]]]
    bounds = np.searchsorted(whole[:, 0], np.arange(len(sizes) + 1))
    for first, last in pairwise(bounds.tolist()):
        yield tuple(whole[first:last, 1].tolist())


def _advice(pool: Pool, hints: Iterable[Hint], statements: Statements) -> Iterator[Advice]:
    rows = {file: row for row, file in enumerate(pool.file_names)}
    for each in united(hints, set(pool["program"])):
        action = each.action(Path(pool.name), statements)
        yield Advice(inert(each.what), inert(action), tuple(map(rows.__getitem__, each.exposures)), each.provided)


def _orphans(pool: Pool, result: Result) -> Iterator[Orphans]:
    given = ((result.reasons[file], row) for row, file in enumerate(pool.file_names) if file in result.reasons)
    for reason, rows in sorted(grouped(given).items(), key=lambda each: (-len(each[1]), each[0])):
        yield Orphans(inert(reason), tuple(rows))


def _seen(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(inert, texts))
