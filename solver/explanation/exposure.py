"""Why an exposure is in some associations and not in others."""

from __future__ import annotations

from dataclasses import replace

from rules.rule import Rule
from solver.default import Rules, rule_set
from solver.explanation.explained import Explanation
from solver.explanation.grounds import memberships
from solver.explanation.names import find_candidate, find_exposure, program_of
from solver.explanation.places import listed
from solver.explanation.refusals import nearness, refusal
from solver.explanation.solved import Asked
from solver.explanation.untaken import Untaken
from solver.pools import Pool
from solver.progress import Reporter

#: Columns that identify an exposure for a reader.
_ABOUT = ("program", "obs_num", "instrume", "detector", "exp_type", "targetid", "asn_candidate")


def explain(
    pool: Pool,
    exposure: str,
    *,
    rules: Rules = None,
    rule: type[Rule] | str | None = None,
    candidate: str | None = None,
    request: Asked = None,
    reporter: Reporter | None = None,
) -> Explanation:
    """Why an exposure is in some associations and not in others.

    Args:
        pool: the exposures.
        exposure: its FILENAME, the name of one of its products, or a part of its FILENAME that no other has.
        rules: the rules that are solved, as in `generate`; by default the mission's.
        rule: the only one of the rules to explain, as a class or by name; also one for other exposure types.
        candidate: the id of the only candidate to explain.
        request: what was asked of the pool, if it was not everything.
        reporter: follows the solving of the program; each rule is a step.

    Raises:
        UnknownNameError: no exposure has such a name, or several have.
        CandidateError: no exposure of its program lists the candidate.
        ValueError: `rule` is not among the rules; of a name, as `UnknownRuleError`.

    Cost: a solution of the exposure's program, and of some variants of each rule for its exposure type.

    >>> from solver import Pool
    >>> pool = Pool.from_rows([
    ...     {"filename": f"{name}_uncal.fits", "program": "1", "obs_num": "1", "instrume": "MIRI", "targetid": "1",
    ...      "exp_type": "MIR_IMAGE", "pntgtype": "SCIENCE", "subarray": "FULL", "filter": "F770W", "bkgdtarg": flag,
    ...      "asn_candidate": "[('o001', 'OBSERVATION')]"} for name, flag in [("a", ""), ("b", "T")]])
    >>> explanation = explain(pool, "b", rule="Asn_Lv3Image")
    >>> [(each.constraint, each.by) for each in explanation.refusals[0].obstacles]
    [('background flag is not given', 'AsnMixin_NotBackground')]
    >>> explanation.refusals[0].fix.product
    'jw00001-o001_t001_miri_f770w'
    """
    solved, row = program_of(pool, find_exposure(pool, exposure), rules, reporter, request)
    if isinstance(rule, str):
        rule = rule_set(rules).find(rule)
    if rule is not None and rule not in solved.rules:
        raise ValueError(f"{rule.__name__} is none of the rules that are solved")
    only = None if candidate is None else find_candidate(solved, candidate)
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
    about = {name: solved.pool[name][row] for name in _ABOUT}
    return Explanation(
        solved.pool.file_names[row],
        about | {"asn_candidate": listed(about["asn_candidate"])},
        tuple(sorted(found, key=lambda each: (each.product, each.candidate, each.role))),
        tuple(sorted(refused, key=nearness)),
        tuple(other_types),
    )
