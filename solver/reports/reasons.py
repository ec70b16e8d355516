"""Why every exposure of a result is where it is, for the report: the explanations, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from solver.associations import Association
from solver.default import Rules, rule_set
from solver.explanation import SolvedProgram, Untaken, absent, ground_lines, kept_from, memberships
from solver.multimap import grouped
from solver.pools import Pool
from solver.reports.contents import Contents, Why
from solver.solving import Result, cut_into_shards
from solver.words import inert

#: For programs with more exposures the report says what associations share, not which constraints put each member in.
MOST = 1_200

#: Exposures that lack more of what a product requires have no reasons on the page.
NEAR = 2

#: Most reasons for which a report has a fix: each is found by solving.
FIXES = 6


def explained(pool: Pool, result: Result, rules: Rules) -> Why:
    """The constraints that put each exposure in its associations and keep it from others.

    Args:
        pool: the exposures.
        result: what `generate` made of them.
        rules: the rules that made it.

    Cost: array operations over a program's exposures for each member, so programs with more than `MOST` exposures
    get shorter answers; and up to `FIXES` solutions.
    """
    chosen, fixes = rule_set(rules), iter(range(FIXES))
    inside, kept = dict[tuple[str, int], Sequence[str]](), dict[str, list[Contents]]()
    made = result.associations
    places = grouped((program.lstrip("0"), place) for place, program in enumerate(made.words["program"]))
    lines = cache(lambda grounds: [line.text for line in ground_lines(grounds)])
    for rows in (each for each in cut_into_shards(pool, 1) if len(each) <= MOST):
        solved, first = SolvedProgram(pool.select(rows), chosen), rows.start
        own = np.array(places.get(pool["program"][first].lstrip("0"), ()), dtype=np.int64)
        for association in made.take(own).moved(-first):
            file = association.file_name
            for why, member in zip(memberships(solved, association), association.members, strict=True):
                if member.row is not None:
                    inside[file, member.row + first] = lines(why.grounds)
            if not solved.rule(association.asn_rule).spec.anchor:  # others are about one exposure
                kept[file] = list(_absent(association, solved, first, fixes))
    return Why(inside, kept)


def _absent(association: Association, solved: SolvedProgram, start: int, fixes: Iterator[int]) -> Iterator[Contents]:
    """The exposures of its type that are nearly in an association, why not, and while `fixes` are left, what helps."""
    types, first = solved.pool["exp_type"], min(association.rows)
    own = {types[each.row] for each in association.members if each.exptype == "science" and each.row is not None}
    for reasons, every in absent(solved, association, most=NEAR).items():
        if rows := [row for row in every if types[row] in own]:
            fix, shown = "", [inert(str(each)) for each in reasons]
            # a statement may remove these reasons; what an instrument measured it does not change
            apart = {each.kind for each in reasons} == {"candidate"} and not solved.together(rows[0], first)
            if apart and next(fixes, None) is not None:
                found = kept_from(Untaken(solved, solved.rule(association.asn_rule), rows[0]), [association]).fix
                fix = found.option if found else ""
            yield {"rows": [row + start for row in rows], "reasons": shown, "fix": inert(fix)}
