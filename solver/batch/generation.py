"""Generation: the associations of a pool, found by this process or by several."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Literal, cast, get_args

from solver.batch.arguments import ids_of, pool_of
from solver.batch.parts import Job
from solver.default import Rules, rule_set
from solver.pools import Pool, Statements, Texts
from solver.progress import Reporter
from solver.solving import BackgroundAt, Engine, Request, Result, check_request, cut_into_shards, solve_unchecked


def generate(  # noqa: PLR0913 (the options of the command, by keyword)
    pool: Pool | str | Path,
    rules: Rules = None,
    *,
    statements: Statements | Mapping[str, Texts] | None = None,
    level: int | None = None,
    candidates: str | Collection[str] | None = None,
    discover: bool | None = None,
    version_id: str | None = None,
    engine: Engine = "signatures",
    finalize: bool = True,
    backgrounds: bool = False,
    selfcal: bool = False,
    background_at: BackgroundAt | Literal[2, 3] = "both",
    workers: int = 1,
    reporter: Reporter | None = None,
) -> Result:
    """Find all associations of a pool.

    Args:
        pool: the exposures, or the path of their file.
        rules: the rules to solve: a `RuleSet`, or one rule or several, each a class, a name such as "Asn_Lv3Image", or
            the path of a rule file; by default the mission's.
        statements: what a person states of the exposures, such as `{"background": "o004:o003"}`; see
            `Pool.with_statements`.
        level: 2 or 3 for the rules of this level alone.
        candidates: ids of the candidates to solve, such as "o001" or ["o001", "c1000"]; None for all, () for none.
        discover: whether to group the exposures of a program across candidates, too; by default only
            where no candidates are named.
        version_id: a version that becomes part of the associations' names.
        engine: "signatures" reads the solutions off the exposures' values; "constraint" finds the same ones
            by search with python-constraint, slowly.
        finalize: False leaves the groups as they were found, in the candidates that each rule is for: valid or
            not, not expanded, with duplicates.
        backgrounds: also solve the background candidates of the exposures of `candidates`, to leave out the
            associations that theirs replace; do not keep theirs.
        selfcal: add the exposures that find bad pixels in each other as `selfcal` members of Level 2 products of
            integral field units. The pipeline uses them if its step `badpix_selfcal` is switched on.
        background_at: the level at which background exposures are members: 2, where each is subtracted from its
            exposures, 3, where they make a master background, "both", as the rules have it, or "none".
        workers: number of processes that solve a large pool, of which each takes some programs at a time. Rules that
            the script itself defines need them to run it: then put the call below `if __name__ == "__main__":`.
        reporter: follows the run; each rule is a step.

    Raises:
        TypeError, ValueError: `pool` or `rules` is of the wrong type, or the level, the engine or
            `background_at` is unknown.
        PoolError: the file cannot be read as a pool.
        UsageError: a statement does not have its form, matches no exposure, or is ambiguous, or a file name cannot have
            the version.
        UnknownRuleError: the mission has no rule of this name.
        CandidateError: no exposure of the pool lists one of `candidates`.
        MissingColumnError: a rule's pairwise condition needs numbers that the pool does not have.
        TooManyGroupsError: missing values leave too many ways to group; with workers, as a `SolvingError`.
        WorkerError: a worker died, or gave no sign of life.

    Cost: array operations over the exposures for each rule, then one step per group and member.

    >>> pool = Pool.from_rows([
    ...     {"filename": f"jw00001001001_02101_0000{i}_mirimage_uncal.fits", "program": "1", "obs_num": "1",
    ...      "instrume": "MIRI", "exp_type": "MIR_IMAGE", "targetid": "1", "filter": "F770W", "subarray": "FULL",
    ...      "pntgtype": "SCIENCE", "asn_candidate": "[('o001', 'OBSERVATION')]"} for i in (1, 2)])
    >>> result = generate(pool, level=3)
    >>> [product.name for association in result.associations for product in association.products]
    ['jw00001-o001_t001_miri_f770w']
    >>> [member.expname for member in result.associations[0].products[0].members]
    ['jw00001001001_02101_00001_mirimage_cal.fits', 'jw00001001001_02101_00002_mirimage_cal.fits']
    """
    if engine not in get_args(Engine):
        raise ValueError(f"there is no engine {engine!r}; take one of {', '.join(get_args(Engine))}")
    if str(background_at) not in get_args(BackgroundAt):
        raise ValueError(f"background_at={background_at!r}: take one of {', '.join(get_args(BackgroundAt))}")
    if workers < 1:
        raise ValueError(f"workers={workers}: give a number of processes of 1 or more")
    request = Request(
        candidates=ids_of(candidates),
        discover=candidates is None if discover is None else discover,
        version_id=version_id,
        engine=engine,
        finalize=finalize,
        backgrounds=backgrounds,
        selfcal=selfcal,
        background_at=cast("BackgroundAt", str(background_at)),
    )
    chosen, exposures = rule_set(rules, level), pool_of(pool)
    exposures = exposures.with_statements(statements) if statements else exposures
    parts = cut_into_shards(exposures)
    if workers == 1 or len(parts) == 1:
        check_request(exposures, chosen, request)
        return solve_unchecked(exposures, chosen, request, reporter=reporter)
    from solver.batch.many_pools import Batch  # most callers solve in this process
    from solver.batch.runs import PoolRun
    from solver.batch.sinks import Sink

    run, job = PoolRun(Path(exposures.name)), Job(chosen, request, details=True)
    Batch([run], job, Sink(), lambda _: exposures, reporter=reporter or Reporter()).run(workers=workers)
    return run.summary.result(exposures, parts)
