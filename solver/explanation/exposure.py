"""Why an exposure is in some associations and not in others."""

from __future__ import annotations

from dataclasses import replace

from rules.rule import Rule
from solver.explanation.explained import Explanation
from solver.explanation.grounds import memberships
from solver.explanation.places import listed
from solver.explanation.refusals import nearness, refusal
from solver.explanation.solved import SolvedProgram
from solver.explanation.untaken import Untaken
from solver.pools import Candidate

#: Columns that identify an exposure for a reader.
_ABOUT = ("program", "obs_num", "instrume", "detector", "exp_type", "targetid", "asn_candidate")


def exposure_explanation(
    solved: SolvedProgram, row: int, rule: type[Rule] | None = None, only: Candidate | None = None
) -> Explanation:
    """Why an exposure is in some associations and not in others.

    Args:
        solved: the exposures of its program.
        row: the exposure.
        rule: the only rule to explain.
        only: the only candidate to explain.
    """
    found, refused, other_types = [], [], []
    for each in solved.rules if rule is None else (rule,):
        kept = [association for association in solved.kept(each, only) if row in association.rows]
        found += [membership for association in kept for membership in memberships(solved, association, row)]
        if not kept:
            case = Untaken(solved, each, row, only)
            why = refusal(case) or (refusal(replace(case, any_kind=True)) if rule else None)
            if why is None:
                other_types.append(each.spec.name)
            else:
                refused.append(why)
    return Explanation(
        exposure=solved.pool.file_names[row],
        about={name: solved.pool[name][row] for name in _ABOUT}
        | {"asn_candidate": listed(solved.pool["asn_candidate"][row])},
        memberships=tuple(sorted(found, key=lambda each: (each.product, each.candidate, each.role))),
        refusals=tuple(sorted(refused, key=nearness)),
        other_types=tuple(other_types),
    )
