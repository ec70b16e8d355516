"""Why an exposure is in some associations and not in others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rules.rule import Rule
from rules.vocabulary.algebra import columns_of
from solver.associations import exposure_named
from solver.default import Rules
from solver.errors import CandidateError
from solver.explanation.explained import Explanation, in_associations
from solver.explanation.facts import Membership, Refusal
from solver.explanation.grounds import memberships
from solver.explanation.places import places_in
from solver.explanation.ranking import Ranking
from solver.explanation.refusals import kept_from, refusal
from solver.explanation.solved import Asked, SolvedProgram, solved_at
from solver.explanation.untaken import Untaken
from solver.pools import Pool
from solver.progress import Reporter
from solver.words import few

#: Columns that identify an exposure for a reader.
_ABOUT = ("exp_type", "instrume", "program", "obs_num", "targetid")


def explain(
    pool: Pool,
    exposure: str,
    *,
    rules: Rules = None,
    rule: type[Rule] | str | None = None,
    candidate: str | None = None,
    association: str | None = None,
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
        association: the name of the only association to explain, or of its product or file.
        request: the candidates, level and options of the run, as its result keeps them; by default everything.
        reporter: follows the solving of the program; each rule is a step.

    Raises:
        UnknownNameError: no exposure has such a name, or no association of its program, or several have.
        CandidateError: no exposure of its program lists the candidate.
        UnknownRuleError: `rule` is not among the rules.

    Cost: a solution of the exposure's program, and of some variants of each rule for its exposure type.

    >>> from solver import Pool
    >>> pool = Pool.from_rows([
    ...     {"filename": f"{name}_uncal.fits", "program": "1", "obs_num": "1", "instrume": "MIRI", "targetid": "1",
    ...      "exp_type": "MIR_IMAGE", "pntgtype": "SCIENCE", "subarray": "FULL", "filter": "F770W", "bkgdtarg": flag,
    ...      "asn_candidate": "[('o001', 'OBSERVATION')]"} for name, flag in [("a", ""), ("b", "T")]])
    >>> explanation = explain(pool, "b", rule="Asn_Lv3Image")
    >>> [(str(each), each.by) for each in explanation.refusals[0].reasons]
    [('it is a background exposure, but this rule does not take background exposures', 'AsnMixin_NotBackground')]
    """
    solved, row = solved_at(pool, exposure_named(exposure, pool.file_names, pool.name), rules, reporter, request)
    if association is not None:
        product = solved.named(association)
        inside = tuple(memberships(solved, product, row))
        outside = () if inside else (kept_from(Untaken(solved, solved.rule(product.asn_rule), row), [product]),)
        return _answer(solved, row, f"{'in' if inside else 'not in'} {product.file_name}", inside, outside)
    rule = None if rule is None else solved.rule(rule if isinstance(rule, str) else rule.spec.name)
    only, known = candidate and candidate.strip().lower(), dict.fromkeys(each.id for each in solved.candidates)
    if only is not None and only not in known:
        raise CandidateError(f"program {solved.pool['program'][row]} has no candidate {only}; it has {few(known, 8)}")
    found, refused, ranking = [], [], Ranking(solved, solved.result)
    for each in ranking.ordered(row) if rule is None else [rule]:
        case = Untaken(solved, each, row, only, asked=rule is not None)
        kept = case.took(row)
        found += [membership for made in kept for membership in memberships(solved, made, row)]
        if why := _apart(case) if kept else refusal(case):
            refused.append(replace(why, likely=bool(kept or why.fix or ranking.is_likely(each, row, why))))
    inside = tuple(sorted(found, key=lambda each: (each.product, each.candidate, each.role)))
    asked = (f" of {rule.spec.name}" if rule else "") + (f" in {only}" if only else "")
    return _answer(solved, row, in_associations(inside) + asked, inside, tuple(refused))


def _answer(solved: SolvedProgram, row: int, found: str, inside: tuple[Membership, ...], *others: Any) -> Explanation:
    """What identifies an exposure for a reader, and the facts about it."""
    pool = solved.pool
    kind, instrument, program, number, target = (pool[each][row].upper() or "not given" for each in _ABOUT)
    target = pool["targprop"][row].upper() or target
    about = f"{instrument}, {kind}; program {program}, observation {number}, target {target}; in {pool.listed(row)}"
    note = filter(None, [solved.unexpected(kind.lower())] if found == in_associations(()) else [])
    return Explanation(pool.file_names[row], (about, *note), found, inside, *others)


def _apart(case: Untaken) -> Refusal | None:
    """Why an exposure that a rule took is not with those of what may be the same target under another name."""
    solved, spec, together = case.solved, case.rule.spec, case.companions()
    others = frozenset() if spec.anchor else solved.pool.of_one_place(case.row)
    for made in solved.result.select(rule=spec.name) if others else ():
        if made.rows & others and not made.rows & together:
            missing = next(places_in(solved, made)).missing(case.exposure)
            if {each.kind for each in missing if columns_of(each.shown) != {"targetid"}} <= {"candidate"}:
                return kept_from(case, [made])
    return None
