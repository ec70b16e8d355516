"""Why two exposures are together, or not."""

from __future__ import annotations

from collections.abc import Iterator

from solver.default import Rules
from solver.errors import UnknownNameError
from solver.explanation.explained import PairExplanation
from solver.explanation.facts import Need, Reason, Refusal
from solver.explanation.grounds import memberships
from solver.explanation.names import find_exposure, program_of
from solver.explanation.ranking import Ranking
from solver.explanation.refusals import kept_from, refusal
from solver.explanation.solved import Asked, SolvedProgram
from solver.explanation.untaken import Untaken, superseded
from solver.pools import Pool
from solver.progress import Reporter


def explain_pair(
    pool: Pool, first: str, second: str, *, rules: Rules = None, request: Asked = None, reporter: Reporter | None = None
) -> PairExplanation:
    """Why two exposures are together, or not.

    Args:
        pool: the exposures.
        first: one exposure, named as in `explain`.
        second: the other.
        rules: the rules that are solved; by default the mission's.
        request: what was asked of the pool, if it was not everything.
        reporter: follows the solving of the program; each rule is a step.

    Raises:
        UnknownNameError: no exposure has one of the names, or several have; or both are names of one exposure.
    """
    one, other = find_exposure(pool, first), find_exposure(pool, second)
    if one == other:
        raise UnknownNameError(f"{pool.name}: {first!r} and {second!r} are one exposure; name two")
    files, programs = ((column[one], column[other]) for column in (pool.file_names, pool["program"]))
    if len(set(programs)) > 1:
        need = Need("program", ("program",), programs[1], "equal", programs[:1])
        never = Refusal("", "", "", (Reason("agreement", "same program", "", (need,)),))
        return PairExplanation(files, (), (never,), ())
    solved, row = program_of(pool, one, rules, reporter, request)
    pair = row, row + other - one
    shared = solved.with_rows(*pair)
    together = [each for made in shared for each in memberships(solved, made, pair[1])]
    taken = {made.asn_rule for made in shared}
    apart = [each for each in _apart(solved, *pair) if each.rule not in taken]
    taken |= {each.rule for each in apart}
    only_second = [each for each in _apart(solved, *pair[::-1]) if each.rule not in taken]
    return PairExplanation(files, tuple(together), tuple(apart), tuple(only_second))


def _apart(solved: SolvedProgram, first: int, second: int) -> Iterator[Refusal]:
    """Why the second exposure is in no association that the first is in, by rule."""
    for rule in Ranking(solved, solved.result).ordered(second):
        case = Untaken(solved, rule, second)
        lost, made = superseded(case, (first, second)), case.took(first)
        if lost is not None:
            yield lost
        elif made:
            yield kept_from(case, made, first)
        elif case.qualifies and Untaken(solved, rule, first).qualifies and not case.took(second):
            yield from filter(None, [refusal(case)])
