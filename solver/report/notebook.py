"""How pools, associations and results show in a notebook: as small tables, everything in them escaped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from solver.report.page import environment

if TYPE_CHECKING:
    from solver.associations import Association
    from solver.generate import Result
    from solver.pool import Pool

#: Most columns of a pool that are shown, most rows at its beginning and at its end, most members that are unfolded.
_COLUMNS, _ROWS, _MEMBERS = 8, 5, 20

#: Most candidates that are named for a rule.
_NAMED = 4


def pool_html(pool: Pool) -> str:
    """A pool: the columns that tell its exposures apart, of the first and the last ones."""
    telling = [
        name
        for name, column in pool.columns.items()
        if name != "filename" and 1 < len(set(column.codes.tolist())) < len(pool)
    ][: _COLUMNS - 1]
    rows = list(range(len(pool)))
    number = len(rows) - 2 * _ROWS
    if number > 1:
        rows = rows[:_ROWS] + rows[-_ROWS:]
    cells = [[pool.file_names[row], *(pool[name][row] for name in telling)] for row in rows]
    left_out = {"before": _ROWS if number > 1 else None, "number": number}
    return _macro("pool", pool.name, len(pool), ["filename", *telling], cells, left_out)


def association_html(association: Association) -> str:
    """An association with its members."""
    return _macro("association", association, _MEMBERS)


def result_html(result: Result) -> str:
    """What a run made: the rules with what came of them, and the exposures in no association by reason."""
    made: defaultdict[tuple[str, str], list[Association]] = defaultdict(list)
    for association in result.associations:
        made[association.asn_rule, association.asn_type].append(association)
    rules = [
        {
            "rule": rule,
            "type": kind,
            "candidates": _named(each.asn_id for each in mine),
            "associations": len(mine),
            "members": sum(len(product.members) for each in mine for product in each.products),
        }
        for (rule, kind), mine in sorted(made.items())
    ]
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for file, reason in result.reasons.items():
        reasons[reason].append(file)
    by_number = sorted(reasons.items(), key=lambda each: (-len(each[1]), each[0]))
    return _macro("result", len(result.associations), len(result.orphans), rules, by_number)


def _named(ids: Iterable[str]) -> str:
    """`o001, o002, … 4 more`."""
    found = sorted(set(ids))
    return ", ".join(found[:_NAMED]) + (f", … {len(found) - _NAMED} more" if len(found) > _NAMED else "")


def _macro(name: str, *arguments: object) -> str:
    made: str = getattr(environment().get_template("tables.html").module, name)(*arguments)
    return str(made)
