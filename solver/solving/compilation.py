"""Compilation: a rule over the sub-pools of all candidates, as a constraint satisfaction problem.

The *variables* are the rule's agreements. *Node consistency*, the constraints on one exposure alone,
leaves the *entries*: eligible exposures, each with the candidate it is considered in. An entry's
*signature* is the tuple of its values for the agreements, with `ANY` where it agrees with any value.
What the signatures of a candidate hold are the *domains*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from rules.rule import RuleSpec
from rules.vocabulary import Column, InCandidate, MemberName, Same
from solver.pools import (
    Codes,
    EncodedColumn,
    Evaluation,
    Mask,
    SubPools,
    Table,
    constant_column,
    distinct,
    merge_columns,
)
from solver.solving.distances import near, needed_numbers

#: The code of a signature's value that agrees with any other.
ANY = -1

#: A value for each agreement: a signature, or what a group agrees on.
Key = tuple[int, ...]

#: Pairs of a seed and an entry that fits it.
Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, eq=False)
class Compiled:
    """A rule over sub-pools: what the engines solve.

    Attributes:
        spec: the rule.
        roles: the role of every exposure of the pool under this rule.
        suffix: for every exposure of the pool the product suffix of the member that it would be.
        differing: for each column in which a seed and what fits it differ, its values in the pool.
        exposure: for each entry the row of its exposure.
        candidate: for each entry the index of its candidate; ascending.
        signatures: for each entry and agreement the code of its value, or `ANY`.
        values: for each agreement what its codes stand for.
        numbers: for each column of a pairwise condition the numbers of the entries.
        shown: for each agreement the values of its entries before they are translated, for names.
    """

    spec: RuleSpec
    roles: EncodedColumn
    suffix: EncodedColumn
    differing: tuple[EncodedColumn, ...]
    exposure: NDArray[np.int32]
    candidate: NDArray[np.int32]
    signatures: NDArray[np.int32]
    values: tuple[tuple[str, ...], ...]
    numbers: Mapping[str, NDArray[np.float64]]
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
        seed: the entry that it is about, where a group is about one exposure.
    """

    candidate: int
    key: Key
    entries: NDArray[np.int64]
    seed: int | None = None

    @property
    def anchors(self) -> NDArray[np.int64]:
        """The entries that the group is about: its seed, or all that agree."""
        return self.entries if self.seed is None else np.array([self.seed])


@dataclass(frozen=True, eq=False)
class Solutions:
    """All maximal groups of a rule, in order of candidate and of the exposures that they are about.

    Attributes:
        candidate: for each solution the index of its candidate.
        keys: for each solution and agreement the code of its value, `ANY` where no member has one.
        seeds: for each solution the entry that it is about; None where it is about all that agree.
        owner: for each support the index of its solution; ascending.
        entry: for each support the entry; ascending within a solution.
    """

    candidate: NDArray[np.int32]
    keys: NDArray[np.int32]
    seeds: NDArray[np.int64] | None
    owner: NDArray[np.int64]
    entry: NDArray[np.int64]

    def __len__(self) -> int:
        """Number of solutions."""
        return len(self.candidate)

    def __iter__(self) -> Iterator[Solution]:
        """Each solution by itself."""
        bounds = np.searchsorted(self.owner, np.arange(len(self) + 1)).tolist()
        for i, (candidate, key) in enumerate(zip(self.candidate.tolist(), self.keys.tolist(), strict=True)):
            seed = None if self.seeds is None else int(self.seeds[i])
            yield Solution(candidate, tuple(key), self.entry[bounds[i] : bounds[i + 1]], seed)

    @property
    def anchors(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The entries that the solutions are about: for each the index of its solution, and the entry."""
        return (self.owner, self.entry) if self.seeds is None else (np.arange(len(self)), self.seeds)

    @classmethod
    def of(cls, compiled: Compiled, found: Iterable[Solution]) -> Solutions:
        """Solutions without seeds, in any order."""
        solutions = sorted(found, key=lambda each: (each.candidate, each.entries.tolist()))
        sizes = [len(each.entries) for each in solutions]
        nothing = np.zeros(0, dtype=np.int64)
        return cls(
            candidate=np.array([each.candidate for each in solutions], dtype=np.int32),
            keys=np.array([each.key for each in solutions], dtype=np.int32).reshape(-1, len(compiled.values)),
            seeds=None,
            owner=np.repeat(np.arange(len(solutions)), sizes),
            entry=np.concatenate([nothing, *(each.entries for each in solutions)]),
        )


def solutions(
    compiled: Compiled,
    sub_pools: SubPools,
    *,
    maximal: Callable[[Compiled, SubPools], Solutions],
    near: Callable[[Compiled, SubPools], Iterable[Solution]],
    fitting: Callable[[Compiled, SubPools, NDArray[np.int64], NDArray[np.int64]], Pairs],
) -> Solutions:
    """All groups of a rule, by the way in which an engine finds each kind of them.

    Args:
        compiled: the rule over sub-pools.
        sub_pools: the candidates.
        maximal: finds the largest sets of entries that agree.
        near: finds the largest sets of entries that agree and are near each other.
        fitting: finds, for entries that are seeds and entries that may fit, all pairs of them that agree.
    """
    if compiled.spec.anchor:
        return _anchored(compiled, partial(fitting, compiled, sub_pools))
    if compiled.spec.nearness:
        return Solutions.of(compiled, near(compiled, sub_pools))
    return maximal(compiled, sub_pools)


def _anchored(compiled: Compiled, fits: Callable[[NDArray[np.int64], NDArray[np.int64]], Pairs]) -> Solutions:
    """The groups that are about one exposure each, the seed, with what fits it."""
    spec = compiled.spec
    roles = compiled.roles.take(compiled.exposure)
    seeds = np.flatnonzero(roles.where(spec.anchor.__eq__))
    seed, entry = fits(seeds, np.flatnonzero(roles.where(set(spec.fitting).__contains__)))
    different = differs(compiled, seed, entry)
    seed, entry = seed[different], entry[different]
    if len(spec.beginning) > 1:  # beside the anchors, exposures in these roles that fit none
        lone = roles.where(set(spec.beginning[1:]).__contains__)
        lone[entry] = False
        seeds = distinct(np.append(seeds, np.flatnonzero(lone)))
    entry = np.concatenate([seeds, entry])
    owner = np.searchsorted(seeds, np.concatenate([seeds, seed]))
    order = np.lexsort((entry, owner))
    return Solutions(compiled.candidate[seeds], compiled.signatures[seeds], seeds, owner[order], entry[order])


def differs(compiled: Compiled, seed: NDArray[np.int64], entry: NDArray[np.int64]) -> Mask:
    """Which entries are near their seeds and differ from them where they have to; never the seed itself."""
    different: Mask = np.not_equal(entry, seed)
    for column in compiled.differing:
        codes = column.codes[compiled.exposure[entry]]
        different &= (codes != 0) & (codes != column.codes[compiled.exposure[seed]])
    return different & near(compiled.spec.nearness, compiled.numbers, seed, entry)


def compile_rule(spec: RuleSpec, pool: Evaluation, sub_pools: SubPools) -> Compiled:
    """State a rule over sub-pools.

    Args:
        spec: the rule.
        pool: the evaluation of expressions over the pool.
        sub_pools: the candidates with their exposures.

    Cost: a few array operations over the pool's rows and the sub-pools' entries.
    """
    entries = sub_pools.entries(eligible_exposures(spec, pool), admitted(spec, sub_pools))
    if len(entries) == 0:
        return _nothing(spec, len(pool))
    roles = pool.choose(spec.roles)
    with_roles = pool.over({"role": roles})
    exposure, candidate = sub_pools.exposure[entries], sub_pools.candidate[entries]
    types = sub_pools.types.take(candidate)
    columns = [_values(same, pool, exposure, types) for same in spec.agreements]
    exempt = [
        np.zeros(len(exposure), dtype=np.bool_) if same.unless is None else with_roles.holds(same.unless)[exposure]
        for same in spec.agreements
    ]
    numbers = {name: values[exposure] for name, values in needed_numbers(spec, pool).items()}
    consistent = np.ones(len(entries), dtype=np.bool_)
    for values in numbers.values():
        consistent &= ~np.isnan(values)
    codes: list[Codes] = []
    for same, column, free in zip(spec.agreements, columns, exempt, strict=True):
        if not same.optional:
            consistent &= column.given() | free
        codes.append(np.where(free | ~column.given(), np.int32(ANY), column.codes))
    kept = np.flatnonzero(consistent)
    return Compiled(
        spec=spec,
        roles=roles,
        suffix=_suffix(spec.member_name, with_roles),
        differing=tuple(pool.values(column) for column in spec.differing),
        exposure=exposure[kept],
        candidate=candidate[kept],
        signatures=np.stack(codes, axis=1)[kept],
        values=tuple(column.values for column in columns),
        numbers={name: values[kept] for name, values in numbers.items()},
        shown=tuple(_shown(same, pool, exposure, types).take(kept) for same in spec.agreements),
    )


def _nothing(spec: RuleSpec, exposures: int) -> Compiled:
    """A rule that no exposure qualifies for; most rules are not about the exposures of a small pool."""
    none, nowhere = np.zeros(0, dtype=np.int32), constant_column("", 0)
    return Compiled(
        spec=spec,
        roles=constant_column("", exposures),
        suffix=constant_column("", exposures),
        differing=(),
        exposure=none,
        candidate=none,
        signatures=none.reshape(0, len(spec.agreements)),
        values=(("",),) * len(spec.agreements),
        numbers={},
        shown=(nowhere,) * len(spec.agreements),
    )


def eligible_exposures(spec: RuleSpec, pool: Evaluation) -> Mask:
    """The exposures that satisfy each of the rule's predicates."""
    eligible = np.ones(len(pool), dtype=np.bool_)
    for predicate in spec.eligibility:
        eligible &= pool.holds(predicate)
    return eligible


def admitted(spec: RuleSpec, sub_pools: SubPools) -> Mask:
    """The candidates that the rule is for."""
    if not sub_pools.candidates:
        return np.zeros(0, dtype=np.bool_)
    table = Table({"candidate_type": sub_pools.types})
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
            return merge_columns(constant_column(value, len(exposure)), usual, types.where(candidate_type.__eq__))
        case attribute:
            return pool.values(attribute).take(exposure)


def _suffix(names: MemberName, pool: Evaluation) -> EncodedColumn:
    plain = pool.choose(names.suffix)
    return merge_columns(plain.recode(lambda word: word + names.integrations), plain, pool.holds(names.by_integration))


def _shown(same: Same, pool: Evaluation, exposure: Codes, types: EncodedColumn) -> EncodedColumn:
    """What names show of an agreement: the pool's own values, even where a translation is compared."""
    column = getattr(same.attribute, "column", None)
    if isinstance(column, Column):
        return pool.values(column).take(exposure)
    return _values(same, pool, exposure, types)
