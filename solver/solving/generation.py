"""Generation: the one path from a pool to its associations.

pool → sub-pools → compile → solve → join → validity → expand and name → prune → number
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import chain
from typing import Literal

import numpy as np

from rules.rule import Rule, RuleSpec, is_own
from rules.vocabulary import COLUMNS
from solver.associations import Associations, exposure_name
from solver.errors import MissingColumnError, PoolError, UsageError
from solver.pools import (
    DISCOVERED_ID,
    Evaluation,
    Pool,
    SubPools,
    check_ids,
    distinct,
    number_rows,
    number_texts,
    with_backgrounds,
)
from solver.progress import Reporter
from solver.solving import groups
from solver.solving.attachment import joined
from solver.solving.compilation import compile_rule, eligible_exposures
from solver.solving.garbage_collection import uncollected
from solver.solving.orphans import Reasons
from solver.solving.pairwise import needed_numbers
from solver.solving.products import Groups, PoolTexts, assemble
from solver.solving.pruning import prune
from solver.solving.result import Result, Trial
from solver.solving.selfcal import with_selfcal
from solver.words import few, nearest

Engine = Literal["signatures", "constraint"]

#: At which level background exposures are members.
BackgroundAt = Literal["2", "3", "both", "none"]

_NONE = Associations.of(())


@dataclass(frozen=True, slots=True)
class Request:
    """What to find in a pool; see `generate` for the meaning of the attributes.

    Attributes:
        candidates: ids in lower case; None for all.
        discover: whether to group across candidates, too.
        version_id: the version in the names of associations.
        engine: how solutions are found.
        finalize: False for the groups as they were found.
        backgrounds: whether to solve the background candidates of the exposures of `candidates`, too.
        selfcal: whether to add exposures that reveal bad pixels of the science exposures of Level 2 products.
        background_at: at which level background exposures are members.
        former: the associations of an earlier run, whose numbers are kept.
    """

    candidates: tuple[str, ...] | None = None
    discover: bool = True
    version_id: str | None = None
    engine: Engine = "signatures"
    finalize: bool = True
    backgrounds: bool = False
    selfcal: bool = False
    background_at: BackgroundAt = "both"
    former: Associations | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Refuse a version that no file name can have."""
        if self.version_id and not re.fullmatch(r"[A-Za-z0-9.-]{1,40}", self.version_id):
            problem = "becomes part of file names; use letters, digits, '.' and '-'"
            raise UsageError(f"--version-id {self.version_id!r} {problem}")


def check_request(pool: Pool, rules: Iterable[type[Rule]], request: Request) -> None:
    """Refuse a request that a pool cannot answer, as `generate` does.

    Raises:
        CandidateError: no exposure of the pool lists one of the candidates.
        MissingColumnError: the pool lacks a column that the rule's author declared, or the numbers that a rule's
            pairwise condition needs.
    """
    check_ids(pool["asn_candidate"], request.candidates or ())
    evaluation = Evaluation(pool)
    for rule in rules:
        for column in rule.spec.own_columns:
            if column.name not in pool:
                name, known = column.name.upper(), map(str.upper, {**pool.columns, **COLUMNS})
                hint = nearest(name, known, f"asnsolve pool --keyword {name} makes it from FITS files")
                # the mission's rules ask for known columns
                who, asks = (rule.spec.name, "uses") if is_own(rule) else ("--split-by", "names")
                raise MissingColumnError(who, column.name, asks, hint)
        for name, numbers in needed_numbers(rule.spec, evaluation).items():
            if np.isnan(numbers).all():
                raise MissingColumnError(rule.spec.name, name)


def solve_unchecked(
    pool: Pool, rules: Iterable[type[Rule]], request: Request, *, reporter: Reporter | None = None
) -> Result:
    """`generate` without the check, for the parts of a pool that was checked as a whole.

    A candidate or column that the part lacks is not an error: another part has it.

    Raises:
        PoolError: two rows are files of one exposure.
        TooManyGroupsError: as `generate`.
    """
    _refuse_twins(pool)
    with uncollected():
        run = _Run(pool, request, reporter or Reporter())
        ordered = sorted(rules, key=lambda rule: rule.spec.name)
        solved = [_solve_rule(rule.spec, run, 1 / len(ordered)) for rule in ordered]
        made, tried = [each for each, _ in solved], [each for _, each in solved]
        kinds = ([f"{rule.spec.level} {_origin(rule)}"] * len(own) for rule, own in zip(ordered, made, strict=True))
        return _finish(run, Associations.joined(made), list(chain.from_iterable(kinds)), tried)


def _origin(rule: type[Rule]) -> str:
    """The origin of a rule, within which associations replace each other; a rule that replaces one has its origin."""
    return rule.__module__ if is_own(rule) and not rule.replaces else Rule.__module__


def _refuse_twins(pool: Pool) -> None:
    """Refuse several files of one exposure: their products would have the same names."""
    is_plain = all(name.endswith("_uncal.fits") for name in pool.file_names)  # and the pool has no name twice
    exposures = Counter(() if is_plain else zip(pool["program"], map(exposure_name, pool.file_names), strict=True))
    if twins := [f"{name} ({count} rows)" for (_, name), count in exposures.items() if count > 1]:
        problem = f"several files of one exposure are in it: {few(twins)}; keep one row for each exposure"
        raise PoolError(problem, source=pool.name)


def sub_pools_of(pool: Pool, request: Request) -> SubPools:
    """The candidates to solve for a request, with their exposures."""
    every, asked = pool.sub_pools(discover=request.discover), request.candidates
    if asked is None:
        return every
    return with_backgrounds(every, asked) if request.backgrounds else every.take(every.named(asked) | every.discovered)


class _Run:
    """What all rules of a run share."""

    def __init__(self, pool: Pool, request: Request, reporter: Reporter) -> None:
        """Find the candidates that the request is about."""
        self.pool, self.request, self.reporter = pool, request, reporter
        with reporter.stage("sub-pools"):
            self.sub_pools = sub_pools_of(pool, request)
        self.evaluation = Evaluation(pool)
        self.texts = PoolTexts(pool, self.evaluation, self.sub_pools, request.version_id)
        self.reasons = Reasons(self.sub_pools, self.evaluation)


def _solve_rule(spec: RuleSpec, run: _Run, share: float) -> tuple[Associations, Trial]:
    """The associations of one rule, and its outcome. Notes what invalid groups lack."""
    stage, finalize = run.reporter.stage, run.request.finalize
    run.reporter.step(spec.name, share)
    with stage("compile"):
        if not eligible_exposures(spec, run.evaluation).any():  # most rules are not about the exposures of a small pool
            return _NONE, Trial(spec.name, 0, 0, {})
        compiled = compile_rule(spec, run.evaluation, run.sub_pools)
    with stage("solve"):
        if run.request.engine == "constraint":
            from solver.solving import constraint_engine  # only this engine needs python-constraint

            solutions = constraint_engine.solve(compiled)
        else:
            solutions = groups.solve(compiled)
    with stage("join"):
        found = Groups.of(compiled, solutions, joined(compiled, solutions))
    with stage("validity"):
        lacking = {each: mask for each in spec.validity if finalize and (mask := found.lacking(each, compiled)).any()}
        valid = ~reduce(np.logical_or, lacking.values(), np.zeros(len(solutions), dtype=np.bool_))
        run.reasons.note(compiled, solutions, valid, lacking)
    with stage("assemble"):
        which = np.flatnonzero(valid)
        made = assemble(found, which, compiled, run.texts, finished=finalize) if len(which) else _NONE
    invalid = {str(each): int(mask.sum()) for each, mask in lacking.items()}
    return made, Trial(spec.name, len(distinct(compiled.exposure)), len(solutions), invalid)


def _finish(run: _Run, found: Associations, kinds: Sequence[str], tried: Iterable[Trial]) -> Result:
    """The result; associations of one kind may replace each other."""
    pool, asked, stage, finalize = run.pool, run.request.candidates, run.reporter.stage, run.request.finalize
    unasked: dict[int, str] = {}
    with stage("prune"):
        if finalize and run.request.background_at != "both":
            found, unasked = _without_backgrounds(run, found, kinds)
        # groups as they were found are of one kind each, so that none replaces another
        kept, dropped = prune(found, number_texts(kinds).codes if finalize else np.arange(len(found)))
    if run.request.backgrounds and asked is not None:
        only = "only in candidate {}, which was not asked for".format
        unasked |= {row: only(each.asn_id) for each in kept for row in each.rows}
        kept = kept.select(candidate={*asked, DISCOVERED_ID} if run.request.discover else asked)
    with stage("orphans"):
        orphans = np.flatnonzero(~kept.used(len(pool))).tolist()
        why = run.reasons.of(orphans, dropped, unasked)
        left = pool.select(orphans)
    with stage("number"):
        made = kept.numbered(run.request.former)
        if run.request.selfcal:
            made = with_selfcal(made, pool, run.evaluation)
        return Result(made, left, dict(zip(left.file_names, why, strict=True)), tuple(tried), dropped)


def _without_backgrounds(run: _Run, found: Associations, kinds: Sequence[str]) -> tuple[Associations, dict[int, str]]:
    """The associations with background members at one level or none, and the reason for exposures that are left out.

    Acquisitions that belong to background alone are left out, too. What is made of background alone stays.
    """
    at, roles = run.request.background_at, np.array([*found.members["exptype"]], dtype=np.str_)[found.member]
    observation = run.pool["obs_num"].codes[found.rows][found.member]
    place, _ = number_rows([found.owners, observation], len(observation))
    background = roles == "background"
    alone = np.isin(place, place[background]) & ~np.isin(place, place[roles == "science"])
    stay = np.array([kind[0] == at for kind in kinds], dtype=np.bool_)[found.owners]
    stay |= ~(background | (roles == "target_acquisition") & alone)
    stay |= np.bincount(found.owners, stay, len(found))[found.owners] == 0
    why = dict.fromkeys(found.rows[found.member[~stay]].tolist(), f"is left out, by background_at={at}")
    bounds = np.append(0, np.cumsum(stay))[found.memberships]
    return replace(found, member=found.member[stay], memberships=bounds), why
