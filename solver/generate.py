"""Generation: the one path from a pool to its associations.

pool → sub-pools → compile → solve → join → validity → expand and name → prune → number
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np

from solver import groups
from solver.assemble import Assembler
from solver.associations import Association, numbered
from solver.attach import joined
from solver.candidates import SubPools
from solver.compile import Compiled, Solution, compile_rule
from solver.evaluate import Evaluation
from solver.pool import Pool
from solver.prune import Dropped, prune
from solver.version import CODE_VERSION

if TYPE_CHECKING:
    from rules.rule import Rule, RuleSpec

Engine = Literal["signatures", "constraint"]
_Solve = Callable[[Compiled, SubPools], list[Solution]]


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
        tried: what became of each rule.
        dropped: the associations that others stand for.
    """

    associations: tuple[Association, ...]
    orphans: Pool
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
        progress: is called with the name of each rule before it is solved.

    Raises:
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
    specs = sorted((rule.spec for rule in (_default_rules() if rules is None else rules)), key=lambda each: each.name)
    sub_pools = pool.sub_pools(candidates, discover=candidates is None if discover is None else discover)
    evaluation = Evaluation(pool)
    found: list[Association] = []
    tried: list[Trial] = []
    for spec in specs:
        if progress is not None:
            progress(spec.name)
        made, trial = _solve_rule(spec, pool, evaluation, sub_pools, _engine(engine), version_id)
        found += made
        tried.append(trial)
    kept, dropped = prune(found)
    associations = numbered(kept)
    used = {member.row for each in associations for product in each.products for member in product.members}
    orphans = pool.select(row for row in range(len(pool)) if row not in used)
    return Result(associations, orphans, tuple(tried), tuple(dropped))


def _solve_rule(
    spec: RuleSpec, pool: Pool, evaluation: Evaluation, sub_pools: SubPools, solve: _Solve, version_id: str | None
) -> tuple[list[Association], Trial]:
    compiled = compile_rule(spec, evaluation, sub_pools)
    solutions = solve(compiled, sub_pools)
    assembler = Assembler(compiled, pool, evaluation, (version_id, CODE_VERSION))
    made: list[Association] = []
    invalid: Counter[str] = Counter()
    for solution, rows in zip(solutions, joined(compiled, solutions, evaluation, sub_pools), strict=True):
        group = assembler.group(sub_pools.candidates[solution.candidate], solution, rows)
        failures = assembler.failures(group)
        if failures:
            invalid.update(map(str, failures))
        else:
            made += assembler.associations(group)
    eligible = len(np.unique(compiled.exposure))
    return made, Trial(spec.name, eligible, len(solutions), MappingProxyType(dict(invalid)))


def _default_rules() -> Iterable[type[Rule]]:
    from rules import LEVEL3  # only this default knows a rule set; the solver does not

    return LEVEL3


def _engine(name: Engine) -> _Solve:
    if name == "constraint":
        from solver import csp  # python-constraint is needed by this engine only

        return csp.solve
    return groups.solve
