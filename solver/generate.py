"""Generation: the one path from a pool to its associations.

pool → sub-pools → compile → solve → join → validity → expand and name → prune → number
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from solver import groups
from solver.assemble import Assembler, Groups
from solver.associations import Association, numbered, sorted_canonically
from solver.attach import joined
from solver.candidates import SubPools, with_backgrounds
from solver.compile import Compiled, Solutions, compile_rule, eligible_exposures
from solver.evaluate import Evaluation
from solver.orphans import Reasons
from solver.pool import Pool
from solver.prune import Dropped, prune
from solver.version import CODE_VERSION

if TYPE_CHECKING:
    from rules.rule import Rule, RuleSpec

Engine = Literal["signatures", "constraint"]
_Engine = Callable[[Compiled, SubPools], Solutions]


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one rule.

    Attributes:
        rule: name of the rule.
        eligible: number of exposures that qualify on their own.
        groups: number of maximal groups.
        invalid: what groups failed to show, and how many did.
    """

    rule: str
    eligible: int
    groups: int
    invalid: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Result:
    """What a run made.

    Attributes:
        associations: the associations, in canonical order.
        orphans: the exposures that are in none of them, as a pool.
        reasons: why each orphan is one, by its file name.
        tried: what became of each rule.
        dropped: the associations that others stand for.
    """

    associations: tuple[Association, ...]
    orphans: Pool
    reasons: Mapping[str, str]
    tried: tuple[Trial, ...]
    dropped: tuple[Dropped, ...]


def generate(
    pool: Pool,
    rules: Iterable[type[Rule]] | None = None,
    *,
    candidates: Collection[str] | None = None,
    discover: bool | None = None,
    version_id: str | None = None,
    engine: Engine = "signatures",
    finalize: bool = True,
    backgrounds: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Result:
    """Find all associations of a pool.

    Args:
        pool: the exposures.
        rules: the rules to solve; by default the mission's.
        candidates: ids of the candidates to solve, such as ["o001", "c1000"]; None for all, () for none.
        discover: whether to group the exposures of a program across candidates, too; by default only
            where no candidates are named.
        version_id: a version that becomes part of the associations' names.
        engine: "signatures" reads the solutions off the exposures' values; "constraint" finds the same ones
            by search with python-constraint, slowly.
        finalize: False leaves the groups as they were found, in the candidates that each rule is for: valid or
            not, not expanded, with duplicates.
        backgrounds: also solve the background candidates of the exposures of `candidates`, so that what they
            stand for is left out, but do not keep what they make.
        progress: is called with the name of each rule before it is solved.

    Raises:
        TypeError, ValueError: `candidates` is a single text, or there is no such engine.
        CandidateError: no exposure of the pool lists one of `candidates`.
        TooManyGroupsError: missing values leave too many ways to group.

    Cost: array operations over the exposures for each rule, then one step per group and member.

    >>> pool = Pool.from_rows([
    ...     {"filename": f"jw00001001001_02101_0000{i}_mirimage_uncal.fits", "program": "1", "obs_num": "1",
    ...      "instrume": "MIRI", "exp_type": "MIR_IMAGE", "targetid": "1", "filter": "F770W", "subarray": "FULL",
    ...      "pntgtype": "SCIENCE", "asn_candidate": "[('o001', 'OBSERVATION')]"} for i in (1, 2)])
    >>> from rules import LEVEL3
    >>> result = generate(pool, LEVEL3)
    >>> [product.name for association in result.associations for product in association.products]
    ['jw00001-o001_t001_miri_f770w']
    >>> [member.expname for member in result.associations[0].products[0].members]
    ['jw00001001001_02101_00001_mirimage_cal.fits', 'jw00001001001_02101_00002_mirimage_cal.fits']
    """
    if isinstance(candidates, str):
        raise TypeError(f"candidates takes several ids; write [{candidates!r}]")
    if engine not in get_args(Engine):
        raise ValueError(f"there is no engine {engine!r}; take one of {', '.join(get_args(Engine))}")
    discover = candidates is None if discover is None else discover
    chosen = sorted(_default_rules() if rules is None else rules, key=lambda rule: rule.spec.name)
    asked = None if candidates is None else {each.strip().lower() for each in candidates}
    if backgrounds and candidates is not None:
        candidates = with_backgrounds(pool["asn_candidate"], candidates)
    sub_pools = pool.sub_pools(candidates, discover=discover)
    run = _Run(pool, Evaluation(pool), sub_pools, _engine(engine), version_id, finalize)
    with _uncollected():
        return _solve(chosen, run, asked if backgrounds else None, progress or _silent)


@dataclass(frozen=True, slots=True)
class _Run:
    """What all rules of a run are solved with."""

    pool: Pool
    evaluation: Evaluation
    sub_pools: SubPools
    solve: _Engine
    version_id: str | None
    finalize: bool


def _solve(
    rules: Iterable[type[Rule]], run: _Run, asked: Collection[str] | None, progress: Callable[[str], None]
) -> Result:
    """The associations of all rules; of those, where some are asked for, the ones in these candidates."""
    found: dict[tuple[int, str], list[Association]] = {}
    tried: list[Trial] = []
    reasons = Reasons(run.sub_pools, len(run.pool))
    for rule in rules:
        progress(rule.spec.name)
        made, trial = _solve_rule(rule.spec, run, reasons)
        # rules of one's own stand beside the mission's, whose products they never take away
        found.setdefault((rule.spec.level, rule.__module__), []).extend(made)
        tried.append(trial)
    kept: list[Association] = []
    dropped: list[Dropped] = []
    for made in found.values():
        stay, go = prune(made) if run.finalize else (made, [])
        kept += stay
        dropped += go
    unasked: dict[int, str] = {}
    if asked is not None:
        unasked = {
            row: f"only in candidate {each.asn_id}, which was not asked for" for each in kept for row in each.rows
        }
        kept = [association for association in kept if association.asn_id in asked]
    used = {member.row for each in kept for product in each.products for member in product.members}
    orphans = [row for row in range(len(run.pool)) if row not in used]
    why = reasons.of(orphans, dropped, unasked)
    return Result(
        associations=numbered(kept),
        orphans=run.pool.select(orphans),
        reasons=MappingProxyType({run.pool.file_names[row]: why[row] for row in orphans}),
        tried=tuple(tried),
        dropped=tuple(sorted_canonically(dropped, key=lambda each: each.association)),
    )


def _solve_rule(spec: RuleSpec, run: _Run, reasons: Reasons) -> tuple[list[Association], Trial]:
    """The associations of one rule. Notes for the exposures of invalid groups what the group lacks."""
    compiled = compile_rule(spec, run.evaluation, run.sub_pools)
    reasons.note_rule(compiled, eligible_exposures(spec, run.evaluation))
    if len(compiled) == 0:
        return [], Trial(spec.name, 0, 0, MappingProxyType({}))
    solutions = run.solve(compiled, run.sub_pools)
    groups = Groups.of(compiled, solutions, joined(compiled, solutions, run.evaluation, run.sub_pools))
    assembler = Assembler(compiled, run.pool, run.evaluation, run.sub_pools, (run.version_id, CODE_VERSION))
    lacking = {each: groups.lacking(each, run.sub_pools, compiled, run.evaluation) for each in spec.validity}
    invalid = np.zeros(len(solutions), dtype=np.bool_)
    counts: Counter[str] = Counter()
    if run.finalize:
        for each, mask in lacking.items():
            invalid |= mask
            counts[str(each)] += int(mask.sum())
        reasons.note_invalid(compiled, solutions, {each: mask for each, mask in lacking.items() if mask.any()})
    made = list(assembler.associations(groups, np.flatnonzero(~invalid), finished=run.finalize))
    failed = {text: count for text, count in counts.items() if count}
    eligible = len(np.unique(compiled.exposure))
    return made, Trial(spec.name, eligible, len(solutions), MappingProxyType(failed))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector: it takes a third of the time to find that of all that is made here nothing is."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _silent(what: str) -> None:
    del what


def _default_rules() -> Iterable[type[Rule]]:
    from rules import MISSION  # only this default knows a rule set; the solver does not

    return MISSION


def _engine(name: Engine) -> _Engine:
    if name == "constraint":
        from solver import csp  # python-constraint is needed by this engine only

        return csp.solve
    return groups.solve
