"""Why two exposures are together, or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from solver.associations import exposure_named
from solver.default import Rules
from solver.errors import UnknownNameError
from solver.explanation.explained import Explanation, in_associations
from solver.explanation.facts import Refusal
from solver.explanation.grounds import memberships
from solver.explanation.ranking import Ranking
from solver.explanation.refusals import kept_from, refusal
from solver.explanation.solved import Asked, SolvedProgram, solved_at
from solver.explanation.untaken import Untaken, superseded
from solver.pools import Pool
from solver.progress import Reporter


def explain_pair(
    pool: Pool, first: str, second: str, *, rules: Rules = None, request: Asked = None, reporter: Reporter | None = None
) -> Explanation:
    """Why two exposures are together, or not.

    Args:
        pool: the exposures.
        first: one exposure, named as in `explain`.
        second: the other.
        rules: the rules that are solved; by default the mission's.
        request: as in `explain`.
        reporter: follows the solving of the program; each rule is a step.

    Raises:
        UnknownNameError: no exposure has one of the names, or several have; or both are names of one exposure.

    Cost: as `explain`.

    >>> pool = Pool.read("benchmarks/demo_pool.csv")
    >>> explanation = explain_pair(pool, "003001_03102_00001", "006001_03102_00001")
    >>> explanation.refusals[0].rule, explanation.refusals[0].fix.statements
    ('Asn_Lv2Image', ('--background o006:o003,o004',))
    """
    one, other = exposure_named(first, pool.file_names, pool.name), exposure_named(second, pool.file_names, pool.name)
    if one == other:
        raise UnknownNameError(f"{pool.name}: {first!r} and {second!r} are the same exposure; name two different ones")
    heading, programs = f"{pool.file_names[one]} and {pool.file_names[other]}", pool["program"]
    if programs[one] != programs[other]:
        return Explanation(heading, (f"programs {programs[one]} and {programs[other]} share no associations",))
    solved, row = solved_at(pool, one, rules, reporter, request)
    pair = row, row + other - one
    shared = solved.with_rows(*pair)
    together = tuple(each for made in shared for file in pair for each in memberships(solved, made, file))
    apart = dict[str, Refusal]()
    for each in chain(_apart(solved, *pair), _apart(solved, *pair[::-1])):
        apart.setdefault(each.rule, replace(each, likely=not together or each.fix is not None))
    refusals = tuple(why for rule, why in apart.items() if rule not in {made.asn_rule for made in shared})
    neither = "" if together or refusals else ": no rule takes both; explain each alone"
    return Explanation(heading, (), f"together {in_associations(together)}{neither}", together, refusals)


def _apart(solved: SolvedProgram, first: int, second: int) -> Iterator[Refusal]:
    """Why the second exposure is in no association that the first is in, by rule."""
    for rule in Ranking(solved, solved.result).ordered(second):
        case = Untaken(solved, rule, second)
        lost, made, taken = superseded(case, (first, second)), case.took(first), case.took(second)
        fits = case.role in rule.spec.fitting
        # what could only begin an association, and began none, lacks something by itself
        if lost or (made and (taken or fits or case.role != rule.spec.anchor)):
            yield lost or kept_from(case, made, first)
        elif made or ((fits or case.qualifies) and Untaken(solved, rule, first).qualifies and not taken):
            yield from filter(None, [refusal(case)])
