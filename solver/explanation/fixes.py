"""Fixes: statements with which a rule would take an exposure, each proved by solving the pool with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from operator import itemgetter

import numpy as np

from solver.associations import exposure_name
from solver.errors import AsnsolveError
from solver.explanation.facts import FLAGS, LINKED, Fix, Need, Reason
from solver.explanation.untaken import Untaken
from solver.pools import Statements

#: Roles of exposures that statements link with those that they serve, and what they are for these.
_SERVING = {"background": "background", "psf": "PSF reference"}

#: Exposures.
Rows = frozenset[int]

#: A kind of statement, its texts, and what must be true for them.
Proposal = tuple[str, list[str], str]


def first_fix(case: Untaken, reasons: Iterable[Reason], beside: Rows, partners: Rows = frozenset()) -> Fix | None:
    """The first statement that makes the rule take the exposure, or combines it with other exposures.

    Links that a proposal makes come first, then candidates, then values.

    Args:
        case: the exposure under the rule.
        reasons: what keeps it out.
        beside: the exposures of the product in question.
        partners: the exposures that it should be in an association with, by any rule; there is no fix if it is with
            all of them already. Without any it must be in an association of this rule.
    """
    missed = partners - case.companions()
    if partners and not missed:
        return None
    everything = frozenset(range(len(case.solved.pool)))
    for kind, texts, provided in _proposals(case, reasons, beside):
        with suppress(AsnsolveError):  # an exposure has a name or an observation that no statement can name
            stated = Statements.of({kind: texts})
            taken = partial(_taken, case, stated, provided, beside, missed)
            # what takes it among few exposures is proved among all
            if any(taken(_surroundings(case, stated, beside))) and (found := [*taken(everything)]):
                return min(found, key=lambda each: each.instead)
    return None


def _proposals(case: Untaken, reasons: Iterable[Reason], beside: Rows) -> Iterator[Proposal]:
    needs = [need for each in reasons for need in each.needs]
    yield from _links(case, [need.values[0] for need in needs if need.relation == "including"], beside)
    if any(LINKED.issuperset(need.columns) for need in needs if need.columns):
        yield from _candidates(case, beside)
    yield from _values(case, needs)


def _links(case: Untaken, lacking: Sequence[str], beside: Rows) -> Iterator[Proposal]:
    """Links of the exposure with what it is marked to serve, and of what its group lacks with it."""
    place, mine, pool = case.solved.observation, case.solved.observation(case.row), case.solved.pool
    roles, target = case.solved.table.choose(case.rule.spec.roles), pool["targetid"].codes
    like = np.flatnonzero(pool["exp_type"].codes == pool["exp_type"].codes[case.row]).tolist()
    if beside and case.role in _SERVING:
        served = dict.fromkeys(place(row) for row in like if target[row] == target[min(beside)])
        yield case.role, [f"{mine}:{','.join(each for each in served if each != mine)}"], ""
    for role in filter(_SERVING.__contains__, lacking):
        places = {place(row): roles[row] == role for row in like}
        # not too many are tried as what the group lacks
        for other in sorted(places.keys() - {mine}, key=lambda each: (not places[each], each))[:3]:
            yield role, [f"{other}:{mine}"], "" if places[other] else f"{other} is its {_SERVING[role]}"


def _candidates(case: Untaken, beside: Rows) -> Iterator[Proposal]:
    """Candidates that have the observation of the exposure and those of others."""
    places = sorted(set(map(case.solved.observation, {case.row, *beside})))
    taken, program = {each.id for each in case.solved.candidates}, places[0].rpartition("o")[0]
    free = next((each for number in range(1000, 9999) if (each := f"c{number}") not in taken), None)
    for kind in ("mosaic", "group", "background") if free and len(places) > 1 else ():
        yield "candidate", [f"{program}{free}={kind}:{','.join(places)}"], ""


def _values(case: Untaken, needs: Sequence[Need]) -> Iterator[Proposal]:
    """All values that are missing: those that are needed, or that similar exposures have."""
    pool, domain, kind, found = case.solved.pool, case.solved.every.domain, case.exposure["exp_type"], dict[str, str]()
    for need in needs:
        if need.columns and not need.has and need.relation in {"given", "equal", "shared", "one of"}:
            known = [(need.columns[0], value) for value in need.values if need.relation in {"equal", "shared"}]
            known += [(each, pool.usual(each, case.row) or domain.first(kind, each)) for each in need.columns]
            found |= [next(filter(itemgetter(1), known), (need.columns[0], ""))]
    if found and all(found.values()) and FLAGS.keys().isdisjoint(found):
        provided = " and ".join(f"{name.upper()} is {value.upper()}" for name, value in found.items())
        yield "set", [f"{name}={value}:{exposure_name(case.file)}" for name, value in found.items()], provided


# --- Proof ----------------------------------------------------------------------------------------


def _surroundings(case: Untaken, stated: Statements, beside: Rows) -> Rows:
    """The exposures in the observations that statements name, and in candidates with these and some exposures."""
    named = {name for each in stated for name in (*each.which, *each.served)}
    here = (row for row in range(len(case.solved.pool)) if case.solved.observation(row) in named)
    return frozenset(case.solved.beside([case.row, *beside, *here]))


def _taken(case: Untaken, stated: Statements, given: str, beside: Rows, missed: Rows, around: Rows) -> Iterator[Fix]:
    """The associations that take the exposure with statements: with some that it missed, or of this rule."""
    spec, names = case.rule.spec, case.solved.pool.file_names
    # a rule that takes it elsewhere already has to take it in the candidate in question
    where = case.only if any(each.asn_rule == spec.name for each in case.solved.with_rows(case.row)) else None
    solved = case.solved.with_statements(stated, tuple(sorted(around)))
    before, now = {names[each]: each for each in around}, solved.pool.file_names  # statements change their order
    row = now.index(case.file)
    for made in solved.with_rows(row):
        is_own = made.asn_rule == spec.name and where in {None, made.asn_id}
        with_it = {before[now[each]] for each in made.rows}
        if made.level == spec.level and missed & with_it if missed else is_own:
            role = next(each.exptype for each in made.members if each.row == row)
            instead = not is_own or (bool(beside) and beside.isdisjoint(with_it))
            yield Fix(tuple(map(str, stated)), given, made.asn_rule, role, len(made.members) - 1, instead)
