"""A solved program: its exposures, what the rules make of them, and what they would make of others.

What would become of them is not reasoned out but solved: without some constraints of a rule, or with other
values of an exposure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import cast

import numpy as np

from rules.rule import Rule
from rules.vocabulary import Constraint
from rules.vocabulary.algebra import Whole
from solver.associations import Association
from solver.pools import DISCOVERED, HIERARCHY, REQUIRED, Candidate, EncodedColumn, Evaluation, Pool
from solver.progress import Reporter
from solver.solving import Result, admitted, generate, numbers_of

#: Columns that make an exposure what it is: with other values it would be another exposure.
IDENTITY = frozenset({"filename", "program"})

#: Columns that make the kind of an exposure. With others that it has it would be of another observing mode.
KIND = ("instrume", "exp_type", "pntgtype")


def fixed_columns(pool: Pool, row: int) -> frozenset[str]:
    """The columns in which an exposure could not have another value and still be of its kind."""
    return IDENTITY | {"instrume", "exp_type"} | {name for name in KIND if pool[name][row]}


class SolvedProgram:
    """The exposures of one program, and what becomes of them.

    Attributes:
        pool: the program's exposures.
        rules: the rules, in order of their names.
        table: what holds for the exposures.
        candidates: the candidates with the rows of their exposures.
    """

    def __init__(self, pool: Pool, rules: Iterable[type[Rule]], reporter: Reporter | None = None) -> None:
        """Look at a pool of one program."""
        self.pool = pool
        self._reporter = reporter
        self.rules = tuple(sorted(rules, key=lambda rule: rule.spec.name))
        self.table = Evaluation(pool)
        self._exposures: dict[int, Whole] = {}
        sub_pools = pool.sub_pools()
        bounds = np.searchsorted(sub_pools.candidate, np.arange(len(sub_pools.candidates) + 1))
        rows = [sub_pools.exposure[bounds[i] : bounds[i + 1]].tolist() for i in range(len(sub_pools.candidates))]
        self.candidates: dict[Candidate, frozenset[int]] = dict(
            zip(sub_pools.candidates, map(frozenset, rows), strict=True)
        )
        self._admitted = {rule: admitted(rule.spec, sub_pools).tolist() for rule in self.rules}

    @cached_property
    def result(self) -> Result:
        """What the rules make of the exposures. Programs never share associations, so it is as in the whole pool."""
        return generate(self.pool, _solvable(self.rules, self.pool), reporter=self._reporter)

    def rule(self, name: str) -> type[Rule]:
        """The rule of this name."""
        return next(rule for rule in self.rules if rule.spec.name == name)

    def exposure(self, row: int) -> Whole:
        """The values of an exposure."""
        if row not in self._exposures:
            self._exposures[row] = Whole({name: column[row] for name, column in self.pool.columns.items()})
        return self._exposures[row]

    def roles(self, rule: type[Rule]) -> EncodedColumn:
        """What each exposure is under a rule."""
        return self.table.choose(rule.spec.roles)

    def admits(self, rule: type[Rule]) -> list[Candidate]:
        """The candidates that a rule is for."""
        return [each for each, wanted in zip(self.candidates, self._admitted[rule], strict=True) if wanted]

    def candidate_of(self, association: Association, rule: type[Rule]) -> Candidate:
        """The candidate in which an association was found."""
        found = [each for each in self.admits(rule) if each.id == association.asn_id]
        return next((each for each in found if association.rows <= self.candidates[each]), found[0])

    def kept(self, rule: type[Rule], only: Candidate | None = None) -> list[Association]:
        """The associations that a rule made and that were kept."""
        return _of(self.result.associations, rule, only)

    def dropped(self, rule: type[Rule], only: Candidate | None = None) -> list[Association]:
        """The associations that a rule made and that were not kept."""
        return _of((each.association for each in self.result.dropped), rule, only)

    # --- What would become of them --------------------------------------------------------------

    def without(self, rule: type[Rule], constraints: Collection[Constraint], *, finalize: bool) -> list[Association]:
        """What a rule would make if it did not state some of its constraints, before duplicates are dropped."""
        spec = rule.spec
        stated = tuple(each for each in spec.stated if each.constraint not in constraints)
        relaxed = cast("type[Rule]", type(spec.name, (), {"spec": replace(spec, stated=stated)}))
        result = generate(self.pool, _solvable([relaxed], self.pool), finalize=finalize)
        return [*result.associations, *(each.association for each in result.dropped)]

    def landing(
        self, rule: type[Rule], candidate: Candidate, there: Association | None, row: int, changes: Mapping[str, str]
    ) -> tuple[str, str] | None:
        """The product of a rule that an exposure is in with other values, and its role there; None if it is in none.

        Args:
            rule: the rule.
            candidate: the candidate in question.
            there: the association that it has to be in; None for any.
            row: the exposure.
            changes: its other values.

        Cost: the candidates of the exposure and of that association are solved, with the rules whose associations
        are held against each other.
        """
        around = frozenset({row}) | (there.rows if there else frozenset())
        ids = self._ids_around(around, candidate)
        rows = range(len(self.pool)) if ids is None else sorted(self._listing(ids) | {row})
        pool = Pool.from_rows(
            (self._row(each) | dict(changes if each == row else {}) for each in rows), name=self.pool.name
        )
        rivals = _solvable((each for each in self.rules if _rivals(each, rule)), pool)
        files = {self.pool.file_names[each] for each in around}
        for made in generate(pool, rivals, candidates=ids, discover=ids is None).associations:
            (product,) = made.products
            roles = {pool.file_names[each.row]: each.exptype for each in product.members if each.row is not None}
            role = roles.get(self.pool.file_names[row])
            if role is None or (made.asn_rule, made.asn_id) != (rule.spec.name, candidate.id):
                continue
            if there is None or (product.name == there.products[0].name and len(files & roles.keys()) > 1):
                return product.name, role
        return None

    def _row(self, row: int) -> dict[str, str]:
        """What the solver looks at of an exposure."""
        values = {name: self.pool[name][row] for name in self._columns}
        return values | {"filename": self.pool.file_names[row]}

    @cached_property
    def _columns(self) -> list[str]:
        """The columns that the solver looks at: of the rules, of the hierarchy, and those that a pool has to have."""
        asked = {name for rule in self.rules for name in rule.spec.column_names}
        return sorted((asked | {*HIERARCHY.values(), *REQUIRED, "exposerr"}) & self.pool.columns.keys())

    def _ids_around(self, rows: frozenset[int], candidate: Candidate) -> list[str] | None:
        """The candidates of these exposures, and another one; None for all where it is discovery."""
        if candidate.type == DISCOVERED:
            return None
        listing = (each for each, inside in self.candidates.items() if each.type != DISCOVERED and inside & rows)
        return sorted({candidate.id, *(each.id for each in listing)})

    def _listing(self, ids: Collection[str]) -> frozenset[int]:
        """The exposures that list one of these candidates."""
        return frozenset[int]().union(*(inside for each, inside in self.candidates.items() if each.id in ids))


def _of(associations: Iterable[Association], rule: type[Rule], only: Candidate | None) -> list[Association]:
    """Those of the associations that a rule made, in this candidate."""
    ids = None if only is None else only.id
    return [each for each in associations if each.asn_rule == rule.spec.name and ids in {None, each.asn_id}]


def _rivals(one: type[Rule], other: type[Rule]) -> bool:
    """Whether the associations of two rules are held against each other; see `solver.solving.generation`."""
    return (one.spec.level, one.__module__) == (other.spec.level, other.__module__)


def _solvable(rules: Iterable[type[Rule]], pool: Pool) -> list[type[Rule]]:
    """The rules without those that need numbers which some program of a whole pool may have, and this one has not."""
    return [
        rule
        for rule in rules
        if not any(
            np.isnan(numbers_of(pool[column.name])).all() for near in rule.spec.nearness for column in near.columns
        )
    ]
