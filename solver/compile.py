"""Compilation: a rule over the sub-pools of all candidates, as a constraint satisfaction problem.

The *variables* are the rule's agreements. *Node consistency*, the constraints on one exposure alone,
leaves the *entries*: eligible exposures, each with the candidate it is considered in. An entry's
*signature* is the tuple of its values for the agreements, with `ANY` where it agrees with any value.
What the signatures of a candidate hold are the *domains*.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.rule import RuleSpec
from rules.vocabulary import Column, InCandidate, Same
from solver.candidates import SubPools
from solver.columns import Codes, EncodedColumn, Mask, constant, encode, merge
from solver.evaluate import Evaluation, Table

#: The code of a signature's value that agrees with any other.
ANY = -1

#: A value for each agreement: a signature, or what a group agrees on.
Key = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Compiled:
    """A rule over sub-pools: what the engines solve.

    Attributes:
        spec: the rule.
        roles: the role of every exposure of the pool under this rule.
        exposure: for each entry the row of its exposure.
        candidate: for each entry the index of its candidate; ascending.
        signatures: for each entry and agreement the code of its value, or `ANY`.
        values: for each agreement what its codes stand for.
        shown: for each agreement the values of its entries before they are translated, for names.
    """

    spec: RuleSpec
    roles: EncodedColumn
    exposure: NDArray[np.int32]
    candidate: NDArray[np.int32]
    signatures: NDArray[np.int32]
    values: tuple[tuple[str, ...], ...]
    shown: tuple[EncodedColumn, ...]

    def __len__(self) -> int:
        """Number of entries."""
        return len(self.exposure)


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """One maximal group of a rule in a candidate: a solution of the constraint problem and its support.

    Attributes:
        candidate: index of the candidate.
        key: for each agreement the code of its value, `ANY` where no member has one.
        entries: the entries that support it, ascending.
    """

    candidate: int
    key: Key
    entries: NDArray[np.int64]


def in_order(solutions: Iterable[Solution]) -> list[Solution]:
    """The solutions in order of candidate and of their exposures."""
    return sorted(solutions, key=lambda each: (each.candidate, each.entries.tolist()))


def compile_rule(spec: RuleSpec, pool: Evaluation, sub_pools: SubPools) -> Compiled:
    """State a rule over sub-pools.

    Args:
        spec: the rule.
        pool: the evaluation of expressions over the pool.
        sub_pools: the candidates with their exposures.

    Cost: a few array operations over the pool's rows and the sub-pools' entries.
    """
    eligible = np.logical_and.reduce([pool.holds(each) for each in spec.eligibility])
    entries = sub_pools.entries(eligible, admitted(spec, sub_pools))
    roles = pool.choose(spec.roles)
    exposure, candidate = sub_pools.exposure[entries], sub_pools.candidate[entries]
    types = encode(each.type for each in sub_pools.candidates).take(candidate)
    columns = [_values(same, pool, exposure, types) for same in spec.agreements]
    exempt = [_exempt(same, roles)[exposure] for same in spec.agreements]
    consistent = np.ones(len(entries), dtype=np.bool_)
    codes: list[Codes] = []
    for same, column, free in zip(spec.agreements, columns, exempt, strict=True):
        if not same.optional:
            consistent &= column.given() | free
        codes.append(np.where(free | ~column.given(), np.int32(ANY), column.codes))
    kept = np.flatnonzero(consistent)
    return Compiled(
        spec=spec,
        roles=roles,
        exposure=exposure[kept],
        candidate=candidate[kept],
        signatures=np.stack(codes, axis=1)[kept],
        values=tuple(column.values for column in columns),
        shown=tuple(_shown(same, pool, exposure, types).take(kept) for same in spec.agreements),
    )


def admitted(spec: RuleSpec, sub_pools: SubPools) -> Mask:
    """The candidates that the rule is for."""
    if not sub_pools.candidates:
        return np.zeros(0, dtype=np.bool_)
    table = Table({"candidate_type": encode(each.type for each in sub_pools.candidates)})
    wanted = np.ones(len(table), dtype=np.bool_)
    if spec.candidates is not None:
        wanted = Evaluation(table).holds(spec.candidates)
    if not spec.discovered:
        wanted &= ~table["candidate_type"].where("discovered".__eq__)
    return wanted


def _values(same: Same, pool: Evaluation, exposure: Codes, types: EncodedColumn) -> EncodedColumn:
    match same.attribute:
        case InCandidate(candidate_type, value, otherwise):
            usual = pool.values(otherwise).take(exposure)
            return merge(constant(value, len(exposure)), usual, types.where(candidate_type.__eq__))
        case attribute:
            return pool.values(attribute).take(exposure)


def _shown(same: Same, pool: Evaluation, exposure: Codes, types: EncodedColumn) -> EncodedColumn:
    """What names show of an agreement: the pool's own values, even where a translation is compared."""
    column = getattr(same.attribute, "column", None)
    if isinstance(column, Column):
        return pool.values(column).take(exposure)
    return _values(same, pool, exposure, types)


def _exempt(same: Same, roles: EncodedColumn) -> Mask:
    table = np.array([same.exempts(role) for role in roles.values], dtype=np.bool_)
    return table[roles.codes]
