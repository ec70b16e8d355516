"""What the rules make of candidates, or why nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from solver.default import Rules
from solver.explanation.explained import Explanation
from solver.explanation.refusals import refusal
from solver.explanation.solved import SolvedProgram
from solver.explanation.untaken import Untaken
from solver.multimap import grouped
from solver.pools import DISCOVERED, DISCOVERED_ID, Candidate, Pool, check_ids
from solver.solving import Request, cut_into_shards, solve_unchecked
from solver.words import few, plural, role_in_words


def explain_candidates(pool: Pool, ids: Iterable[str], *, rules: Rules = None) -> Explanation:
    """What the rules make of candidates, or why nothing.

    Args:
        pool: the exposures.
        ids: ids of the candidates, such as o001 and c1000; a3001 for discovery.
        rules: the rules that are solved; by default the mission's.

    Raises:
        CandidateError: no exposure lists one of the candidates.
    """
    wanted = {each.strip().lower() for each in ids}
    check_ids(pool["asn_candidate"], wanted - {DISCOVERED_ID})
    programs = (SolvedProgram(pool, rules, rows) for rows in cut_into_shards(pool, 1))
    found = (_outcome(solved, each) for solved in programs for each in solved.candidates if each.id in wanted)
    return Explanation(pool.name, tuple(found))


def _outcome(solved: SolvedProgram, candidate: Candidate) -> str:
    """What the rules make of a candidate's exposures, in words."""
    rows, of = solved.candidates[candidate], f"of program {candidate.program} " * solved.several
    name = f"{candidate.id} {of}({candidate.type})"
    asked = Request((candidate.id,), discover=candidate.type == DISCOVERED)
    if run := solve_unchecked(solved.pool, solved.rules, asked):
        kept = len(made := solved.result.select(candidate=candidate.id))
        ids = {each.kept.asn_id for each in solved.result.dropped if each.association.asn_id == candidate.id}
        replaced = f"{len(run) - kept:,} replaced by those of {few(sorted(ids - {candidate.id}))}"
        count = plural(len(run), "association") + (f" found, {kept:,} kept ({replaced})" if kept < len(run) else "")
        by_rule = grouped((each.asn_rule, each.products[0].name) for each in made)
        products = few((f"{rule} ({few(names, 2)})" for rule, names in by_rule.items()), 4)
        return ": ".join(filter(None, (name, count, products)))
    places = sorted({place for row in rows for place in solved.together(row)})
    made = solved.result.associations.take(np.array(places, dtype=np.int64))
    names, ids = {each.asn_rule for each in made}, {each.asn_id for each in made}
    if names and not any(candidate in solved.admits[solved.rule(name)] for name in names):
        why = f"their rules ({few(sorted(names))}) are not for {candidate.type} candidates"
    else:
        ((noted, _),) = Counter(run.reasons[solved.pool.file_names[row]] for row in rows).most_common(1)
        why = _lacking(solved, candidate, noted) or noted
    of = plural(len(rows), "exposure") + (f", which are in associations of {few(sorted(ids))}" if ids else "")
    return f"{name}: no association is made from its {of}; {why}"


def _lacking(solved: SolvedProgram, candidate: Candidate, noted: str) -> str:
    """Why a candidate's exposures that its groups lack, by what was noted of these, are not in them."""
    name, _, lacks = noted.partition(f" in candidate {candidate.id}: ")
    cases = (Untaken(solved, solved.rule(name), row, candidate.id) for row in solved.candidates[candidate] if lacks)
    lacked = (refusal(case) for case in cases if f"no matching {role_in_words(case.role)} exposure" in lacks)
    return next((f"{name} rejects {each.exposure}: {each}" for each in lacked if each and each.reasons), "")
