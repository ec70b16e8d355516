"""Why an exposure is in its associations, and why in no others."""

from __future__ import annotations

from rules.rule import Rule
from solver.explanation.cases import case_of
from solver.explanation.facts import Explanation
from solver.explanation.places import listed
from solver.explanation.scene import Scene
from solver.explanation.why import memberships
from solver.explanation.why_not import nearness, refusal
from solver.pools import Candidate

#: What tells an exposure apart for a reader.
_ABOUT = ("program", "obs_num", "instrume", "detector", "exp_type", "targetid", "asn_candidate")


def exposure_explanation(
    scene: Scene, row: int, rule: type[Rule] | None = None, only: Candidate | None = None
) -> Explanation:
    """Why an exposure is in its associations, and why in no others.

    Args:
        scene: the exposures of its program.
        row: the exposure.
        rule: the only rule to explain.
        only: the only candidate to explain.
    """
    found, refused, other_types = [], [], []
    for each in scene.rules if rule is None else (rule,):
        kept = [association for association in scene.kept(each, only) if row in association.rows]
        found += [membership for association in kept for membership in memberships(scene, association, row)]
        if not kept:
            why = refusal(case_of(scene, each, row, only))
            if why is None and rule is not None:
                why = refusal(case_of(scene, each, row, only, any_kind=True))
            if why is None:
                other_types.append(each.spec.name)
            else:
                refused.append(why)
    return Explanation(
        exposure=scene.pool.file_names[row],
        about={name: scene.pool[name][row] for name in _ABOUT}
        | {"asn_candidate": listed(scene.pool["asn_candidate"][row])},
        memberships=tuple(sorted(found, key=lambda each: (each.product, each.candidate, each.role))),
        refusals=tuple(sorted(refused, key=nearness)),
        other_types=tuple(other_types),
    )
