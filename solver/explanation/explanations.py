"""Explanations: why an exposure is in an association or not, why an association is as it is, and what orphans lack.

An explanation is a tree of facts (`solver.explanation.facts`), to be used as data or printed. What it says would let
an exposure in was solved, not inferred: without those constraints, or with those values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.default import Rules, rule_set
from solver.errors import UnknownNameError

if TYPE_CHECKING:
    from rules.rule import Rule
    from solver.explanation.explained import AssociationExplanation, Explanation, OrphansExplanation, PairExplanation
    from solver.pools import Pool
    from solver.progress import Reporter


def explain(
    pool: Pool,
    exposure: str,
    *,
    rules: Rules = None,
    rule: type[Rule] | str | None = None,
    candidate: str | None = None,
    reporter: Reporter | None = None,
) -> Explanation:
    """Why an exposure is in some associations and not in others.

    Args:
        pool: the exposures.
        exposure: its FILENAME, the name of one of its products, or a part of its FILENAME that no other has.
        rules: the rules that are solved, as in `generate`; by default the mission's.
        rule: the only one of the rules to explain, as a class or by name; also one for other exposure types.
        candidate: the id of the only candidate to explain.
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
    from solver.explanation.exposure import exposure_explanation
    from solver.explanation.names import find_candidate, find_exposure, program_of

    chosen = _chosen(rules)
    if isinstance(rule, str):
        rule = rule_set(rules).find(rule)
    if rule is not None and rule not in chosen:
        raise ValueError(f"{rule.__name__} is none of the rules that are solved")
    solved, row = program_of(pool, find_exposure(pool, exposure), chosen, reporter)
    only = None if candidate is None else find_candidate(solved, candidate)
    return exposure_explanation(solved, row, rule, only)


def explain_pair(
    pool: Pool, first: str, second: str, *, rules: Rules = None, reporter: Reporter | None = None
) -> PairExplanation:
    """Why two exposures are together, or not.

    Args:
        pool: the exposures.
        first: one exposure, named as in `explain`.
        second: the other.
        rules: the rules that are solved; by default the mission's.
        reporter: follows the solving of the program; each rule is a step.

    Raises:
        UnknownNameError: no exposure has one of the names, or several have; or both are names of one exposure.
    """
    from solver.explanation.names import find_exposure, program_of
    from solver.explanation.pairs import pair_explanation, strangers

    rows = find_exposure(pool, first), find_exposure(pool, second)
    if rows[0] == rows[1]:
        raise UnknownNameError(f"{pool.name}: {first!r} and {second!r} are one exposure; name two")
    if pool["program"][rows[0]] != pool["program"][rows[1]]:
        return strangers(pool, rows)
    solved, one = program_of(pool, rows[0], _chosen(rules), reporter)
    return pair_explanation(solved, (one, one + rows[1] - rows[0]))


def explain_association(
    pool: Pool, name: str, *, rules: Rules = None, reporter: Reporter | None = None
) -> AssociationExplanation:
    """Why an association is as it is: its members, the exposures nearly in it, and the associations that it replaces.

    Args:
        pool: the exposures.
        name: the name of its product, of the association, or of its file.
        rules: the rules that are solved; by default the mission's.
        reporter: follows the solving of the programs; each rule is a step.

    Raises:
        UnknownNameError: no association has such a name, or several have.
    """
    from solver.explanation.association import association_explanation
    from solver.explanation.names import find_association

    return association_explanation(*find_association(pool, name, _chosen(rules), reporter))


def explain_orphans(pool: Pool, *, rules: Rules = None, reporter: Reporter | None = None) -> OrphansExplanation:
    """Why exposures are in no association: every reason, with its exposures.

    Args:
        pool: the exposures.
        rules: the rules that are solved; by default the mission's.
        reporter: follows the solving of the pool; each rule is a step.
    """
    from solver.explanation.orphans import orphans_explanation

    return orphans_explanation(pool, _chosen(rules), reporter=reporter)


def _chosen(rules: Rules) -> tuple[type[Rule], ...]:
    return tuple(sorted(rule_set(rules), key=lambda rule: rule.spec.name))
