"""A solved program: its exposures, what the rules make of them, and what they would make of others.

What would become of them is not reasoned out but solved: without some constraints of a rule, or with other
values of an exposure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache, cached_property, partial
from itertools import compress
from typing import cast

import numpy as np

from rules.rule import Rule
from rules.vocabulary import Constraint
from rules.vocabulary.algebra import Whole
from solver.associations import Association
from solver.pools import DISCOVERED, HIERARCHY, REQUIRED, Candidate, Evaluation, Pool
from solver.progress import Reporter
from solver.solving import Dropped, Result, admitted, generate, numbers_of

#: Columns that make an exposure what it is: with other values it would be another exposure.
IDENTITY = frozenset({"filename", "program"})

#: Columns that make the kind of an exposure. With others that it has it would be of another observing mode.
KIND = ("instrume", "exp_type", "pntgtype")


def fixed_columns(pool: Pool, row: int) -> frozenset[str]:
    """The columns in which an exposure could not have another value and still be of its kind."""
    return IDENTITY | {"instrume", "exp_type"} | {name for name in KIND if pool[name][row]}


def whole(pool: Pool, row: int) -> Whole:
    """The values of an exposure."""
    return Whole({name: column[row] for name, column in pool.columns.items()})


class SolvedProgram:
    """The exposures of one program, and what becomes of them.

    Attributes:
        pool: the program's exposures.
        rules: the rules, in order of their names.
        table: what holds for the exposures.
        exposure: gives the values of the exposure in a row.
        candidates: the candidates with the rows of their exposures.
        admits: for each rule the candidates that it is for.
    """

    def __init__(self, pool: Pool, rules: Iterable[type[Rule]], reporter: Reporter | None = None) -> None:
        """Look at a pool of one program."""
        self.pool = pool
        self._reporter = reporter
        self.rules = tuple(sorted(rules, key=lambda rule: rule.spec.name))
        self.table = Evaluation(pool)
        self.exposure = cache(partial(whole, pool))
        sub_pools = pool.sub_pools()
        self.candidates: dict[Candidate, frozenset[int]] = {
            each: frozenset(sub_pools.exposure[sub_pools.candidate == code].tolist())
            for code, each in enumerate(sub_pools.candidates)
        }
        self.admits = {
            rule: list(compress(sub_pools.candidates, admitted(rule.spec, sub_pools))) for rule in self.rules
        }

    @cached_property
    def result(self) -> Result:
        """What the rules make of the exposures. Programs never share associations, so it is as in the whole pool."""
        return generate(self.pool, _solvable(self.rules, self.pool), reporter=self._reporter)

    def rule(self, name: str) -> type[Rule]:
        """The rule of this name."""
        return next(rule for rule in self.rules if rule.spec.name == name)

    def candidate_of(self, association: Association, rule: type[Rule]) -> Candidate:
        """The candidate in which an association was found."""
        found = [each for each in self.admits[rule] if each.id == association.asn_id]
        return next((each for each in found if association.rows <= self.candidates[each]), found[0])

    def kept(self, rule: type[Rule], only: Candidate | None = None) -> list[Association]:
        """The associations that a rule made, in any candidate or this one, and that were kept."""
        return [each for each in self.result.associations if _is_of(each, rule, only)]

    def dropped(self, rule: type[Rule], only: Candidate | None = None) -> list[Dropped]:
        """Those that were not kept."""
        return [each for each in self.result.dropped if _is_of(each.association, rule, only)]

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
        ids, rows = self._surroundings(around, candidate)
        pool = Pool.from_rows(
            (self._needed.row(each) | dict(changes if each == row else {}) for each in rows), name=self.pool.name
        )
        # only such associations are held against each other; see `solver.solving.generation`
        rivals = [
            each for each in self.rules if (each.spec.level, each.__module__) == (rule.spec.level, rule.__module__)
        ]
        files = {self.pool.file_names[each] for each in around}
        for made in generate(pool, _solvable(rivals, pool), candidates=ids, discover=ids is None).associations:
            (product,) = made.products
            roles = {pool.file_names[each.row]: each.exptype for each in product.members if each.row is not None}
            role = roles.get(self.pool.file_names[row])
            if role is None or (made.asn_rule, made.asn_id) != (rule.spec.name, candidate.id):
                continue
            if there is None or (product.name == there.products[0].name and len(files & roles.keys()) > 1):
                return product.name, role
        return None

    @cached_property
    def _needed(self) -> Pool:
        """The exposures with the columns that the solver looks at: of rules and hierarchy, and those each pool has."""
        asked = {name for rule in self.rules for name in rule.spec.column_names}
        asked |= {*HIERARCHY.values(), *REQUIRED, "exposerr"}
        columns = {name: column for name, column in self.pool.columns.items() if name in asked}
        return Pool(self.pool.name, columns, self.pool.file_names)

    def _surroundings(self, rows: frozenset[int], candidate: Candidate) -> tuple[list[str] | None, list[int]]:
        """The candidates of these exposures and another one, and all exposures in them; None for discovery."""
        if candidate.type == DISCOVERED:
            return None, list(range(len(self.pool)))
        listing = (each for each, inside in self.candidates.items() if each.type != DISCOVERED and inside & rows)
        ids = {candidate.id, *(each.id for each in listing)}
        inside = rows.union(*(inside for each, inside in self.candidates.items() if each.id in ids))
        return sorted(ids), sorted(inside)


def _is_of(association: Association, rule: type[Rule], only: Candidate | None) -> bool:
    return association.asn_rule == rule.spec.name and (only is None or association.asn_id == only.id)


def _solvable(rules: Iterable[type[Rule]], pool: Pool) -> list[type[Rule]]:
    """The rules without those that need numbers which some program of a whole pool may have, and this one has not."""
    return [
        rule
        for rule in rules
        if not any(
            np.isnan(numbers_of(pool[column.name])).all() for near in rule.spec.nearness for column in near.columns
        )
    ]
