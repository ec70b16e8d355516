"""Repair: the fewest columns of an exposure to change so that it meets the conditions of a place.

A condition that is not met stays so until one of the columns that decide it is changed. So the search branches
on the columns of one unmet condition at a time, deeper by one change at each step, and finds the changes of
the least number. Values matter only as far as a rule and a place tell them apart: of all others one stands for
the rest, so that the search over the *domains* is a search over all values.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from solver.explanation.places import Place, deciding, variants

#: Columns to their other values.
Changes = dict[str, str]

#: More columns than this are not changed: an exposure that differs in more is another one.
MOST = 4

#: The search stops at so many variants of one exposure.
_LIMIT = 20_000


def repair(
    place: Place,
    exposure: Mapping[str, str],
    domain: Callable[[str], Sequence[str]],
    *,
    changes: int,
    fixed: frozenset[str],
    outcome: Callable[[Changes], bool] | None = None,
    selecting: Sequence[str] = (),
) -> Changes | None:
    """The first way to meet all conditions of a place by the fewest changes, in order of the columns; None if none.

    Args:
        place: the place.
        exposure: the exposure's values, by column.
        domain: the values to try for a column.
        changes: number of columns to change, at most.
        fixed: columns that cannot be changed.
        outcome: whether a variant that meets the conditions is taken indeed; the search goes on where it is not.
        selecting: the columns that may decide the outcome beside the conditions.
    """
    spec = place.rule.spec
    asked = [deciding(condition, spec) for condition in place.conditions]
    known = {name: exposure.get(name, "") for columns in (*asked, selecting) for name in columns}
    frontier: dict[tuple[tuple[str, str], ...], None] = {(): None}
    for left in range(changes, -1, -1):
        tried = [dict(each) for each in frontier]
        unmet = place.unmet(variants(spec, known, tried)).tolist()
        good = (each for each, row in zip(tried, unmet, strict=True) if not any(row))
        found = next((each for each in good if outcome is None or outcome(each)), None)
        if found is not None:
            return found
        frontier = {}
        for each, row in zip(tried, unmet, strict=True):
            given = fixed.union(each)
            failing = [columns for columns, fails in zip(asked, row, strict=True) if fails]
            open_ = [[name for name in columns if name not in given] for columns in failing or [tuple(selecting)]]
            if least(open_) > left:
                continue
            for name in min(open_, key=len):
                for value in domain(name):
                    if value != known[name]:
                        frontier[tuple(sorted((each | {name: value}).items()))] = None
        if not frontier or len(frontier) > _LIMIT:
            break
    return None


def least(open_: Sequence[Collection[str]]) -> int:
    """At least so many columns have to be changed: conditions without a common column need one each."""
    if not all(open_):
        return MOST + 1
    taken: set[str] = set()
    count = 0
    for columns in sorted(open_, key=len):
        if taken.isdisjoint(columns):
            taken.update(columns)
            count += 1
    return count
