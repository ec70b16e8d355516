"""What the rules make of candidates, or why nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from solver.default import Rules
from solver.explanation.explained import Explanation
from solver.explanation.solved import SolvedProgram
from solver.pools import DISCOVERED, Candidate, Pool, check_ids
from solver.solving import Request, cut_into_shards, solve_unchecked
from solver.words import few, plural


def explain_candidates(pool: Pool, ids: Iterable[str], *, rules: Rules = None) -> Explanation:
    """What the rules make of candidates, or why nothing.

    Args:
        pool: the exposures.
        ids: ids of the candidates, such as o001 and c1000.
        rules: the rules that are solved; by default the mission's.

    Raises:
        CandidateError: no exposure lists one of the candidates.
    """
    wanted = {each.strip().lower() for each in ids}
    check_ids(pool["asn_candidate"], wanted)
    outcomes = []
    for rows in cut_into_shards(pool, 1):
        solved = SolvedProgram(pool, rules, rows)
        for each in solved.candidates:
            if each.type != DISCOVERED and each.id in wanted:
                name = f"{each.id} of program {each.program}" if solved.several else each.id
                outcomes.append(f"{name} ({each.type}): {_outcome(solved, each)}")
    return Explanation(pool.name, tuple(outcomes))


def _outcome(solved: SolvedProgram, candidate: Candidate) -> str:
    """What the rules make of a candidate's exposures, in words."""
    rows = solved.candidates[candidate]
    run = solve_unchecked(solved.pool, solved.rules, Request((candidate.id,), discover=False))
    if run:
        gone = (each for each in solved.result.dropped if each.association.asn_id == candidate.id)
        ids, kept = {each.kept.asn_id for each in gone}, len(solved.result.select(candidate=candidate.id))
        replaced = f"{len(run) - kept:,} replaced by those of {few(sorted(ids - {candidate.id}))}"
        return plural(len(run), "association") + (f" found, {kept:,} kept ({replaced})" if kept < len(run) else "")
    took = [each for row in rows for each in solved.with_rows(row)]
    names, ids = ({getattr(each, name) for each in took} for name in ("asn_rule", "asn_id"))
    others = {rule.spec.name for rule in solved.rules if candidate not in solved.admits[rule]}
    if took and names <= others:
        why = f"{few(sorted(names))} take them in {few(sorted(ids))}, but not in {candidate.type} candidates"
    else:
        ((why, _),) = Counter(run.reasons[solved.pool.file_names[row]] for row in rows).most_common(1)
    return f"no association of its {plural(len(rows), 'exposure')}; {why}"
