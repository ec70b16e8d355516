"""The smallest change: the fewest columns of an exposure to change so that it meets what a place requires.

A requirement that is not met stays so until one of the columns that decide it is changed. So the search branches
on the columns of one unmet requirement at a time, deeper by one change at each step, and finds the changes of
the least number. Values matter only as far as a rule and a place distinguish them. One value represents all the
rest, so that the search over the *domains* is a search over all values.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from rules.vocabulary.algebra import columns_in_order, values_named
from solver.explanation.places import NOWHERE, Place
from solver.pools import Evaluation, Pool, Table, encode, parse_cell
from solver.solving import CANDIDATES

#: Columns to their other values.
Changes = dict[str, str]

#: More columns than this are not changed: an exposure that differs in more is another one.
MOST = 4

#: The search stops at this many variants of one exposure.
_LIMIT = 20_000

#: Values to try for a column where no exposure has another value: the one of flags, and one that never occurs.
_INVENTED = ("t", "x", "?")


def sufficient_changes(
    place: Place,
    exposure: Mapping[str, str],
    domain: Callable[[str], Sequence[str]],
    *,
    fixed: Collection[str],
    most: int = MOST,
    selecting: Sequence[str] = (),
) -> Iterator[Changes]:
    """The ways to meet all that a place requires, those by the fewest changes first, then in order of the columns.

    The first is a smallest change; the search is lazy, and goes only as far as its results are used.

    Args:
        place: the place.
        exposure: the exposure's values, by column.
        domain: the values to try for a column.
        fixed: columns that cannot be changed.
        most: number of columns to change, at most.
        selecting: further columns to change in an exposure that meets all requirements.
    """
    asked = [columns_in_order(each.predicate) for each in place.requirements]
    known = {name: exposure.get(name, "") for columns in (*asked, selecting) for name in columns}
    values = cache(domain)
    frontier: dict[tuple[tuple[str, str], ...], None] = {(): None}
    for left in range(most, -1, -1):
        tried = [dict(each) for each in frontier]
        variants = {name: encode(each.get(name, has) for each in tried) for name, has in known.items()}
        unmet = place.unmet(Evaluation(Table(variants or {"": encode([""])}))).tolist()
        yield from (each for each, row in zip(tried, unmet, strict=True) if not any(row))
        frontier = {}
        for each, row in zip(tried, unmet, strict=True):
            given = {*fixed, *each}
            failing = [columns for columns, fails in zip(asked, row, strict=True) if fails]
            open_ = [[name for name in columns if name not in given] for columns in failing or [tuple(selecting)]]
            if fewest(open_) <= left:
                others = ((name, value) for name in min(open_, key=len) for value in values(name))
                changed = (each | {name: value} for name, value in others if value != known[name])
                frontier.update(dict.fromkeys(tuple(sorted(changes.items())) for changes in changed))
        if not frontier or len(frontier) > _LIMIT:
            return


def fewest(open_: Sequence[Collection[str]]) -> int:
    """A lower bound on the columns to change: requirements without a common column need one each."""
    if not all(open_):
        return MOST + 1
    taken: set[str] = set()
    count = 0
    for columns in sorted(open_, key=len):
        if taken.isdisjoint(columns):
            taken.update(columns)
            count += 1
    return count


@dataclass(frozen=True, eq=False)
class Domains:
    """The values to try for the columns of an exposure that could be at a place.

    They are those that rule and place distinguish, and one that represents the rest.

    Attributes:
        pool: the exposures.
        place: the place.
        row: the exposure.
    """

    pool: Pool
    place: Place
    row: int

    def __call__(self, name: str) -> tuple[str, ...]:
        """The values for a column, the most likely ones first: those at the place, those of similar exposures, none."""
        if name == CANDIDATES.name:
            candidate, cell = self.place.candidate, self.pool[name][self.row]
            listed = {*(parse_cell(cell) if cell else ()), (candidate.id, candidate.type)}
            return () if candidate is NOWHERE else (str(sorted(listed)),)
        alike = self._alike(name)
        usual = [*alike[:1], *[value for value in alike if value][:1], ""]
        return tuple(dict.fromkeys((*self._there(name), *usual, self.other(name), *self._named(name))))

    def other(self, name: str) -> str:
        """The value that represents all that rule and place do not distinguish; if possible, of a similar exposure."""
        known = {"", *self._there(name), *self._named(name)}
        return next(value for value in (*self._alike(name), *self.pool[name].values, *_INVENTED) if value not in known)

    def _there(self, name: str) -> list[str]:
        """The values of a column that the exposures at the place have."""
        association = self.place.association
        return [self.pool[name][row] for row in sorted(association.rows)] if association else []

    def _named(self, name: str) -> tuple[str, ...]:
        return values_named(self.place.rule.spec).get(name, ())

    def _alike(self, name: str) -> list[str]:
        """The values that other exposures of the same type have for a column, the most frequent first; "" for none."""
        column, kinds = self.pool[name], self.pool["exp_type"].codes
        alike = kinds == kinds[self.row]
        alike[self.row] = False
        counts = np.bincount(column.codes[alike], minlength=1)
        return [column.values[code] for code in np.argsort(-counts, kind="stable").tolist() if counts[code]]
