"""Why every exposure of a result is where it is, for the report: the explanations, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solver.associations import Association
from solver.default import Rules, rule_set
from solver.explanation import SolvedProgram, explain_orphans, ground_lines, memberships, orphan_text
from solver.pools import Pool
from solver.reports.contents import Why, known
from solver.solving import Result, cut_into_shards

#: For programs with more exposures the report says what associations share, not which constraints put each member in.
MOST = 1_200


def explained(pool: Pool, result: Result, rules: Rules) -> Why:
    """The constraints that put each exposure in its associations, or why it is an orphan.

    Args:
        pool: the exposures.
        result: what `generate` made of them.
        rules: the rules that made it.

    Cost: array operations over a program's exposures for each member, so programs with more than `MOST` exposures
    get shorter answers.
    """
    chosen = rule_set(rules)
    inside = known(result).inside
    for rows in cut_into_shards(pool, 1):
        if len(rows) <= MOST:
            solved = SolvedProgram(pool.select(rows), chosen)
            for association in result.select(program=pool["program"][rows.start]).moved(-rows.start):
                for row, told in _told(association, solved):
                    inside[row + rows.start][association.file_name] = told
    groups = explain_orphans(pool, rules=chosen, result=result).groups
    return Why(inside, {name: orphan_text(group) for group in groups for name in group.exposures})


def _told(association: Association, solved: SolvedProgram) -> Iterator[tuple[int, Sequence[str]]]:
    """For each exposure of an association, by its row, why it is in it."""
    for membership, member in zip(memberships(solved, association), association.members, strict=True):
        if member.row is not None:
            yield member.row, [f"as {membership.role}", *(line.text for line in ground_lines(membership.grounds))]
