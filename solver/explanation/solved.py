"""A solved program: its exposures, what the rules make of them, and what they would make of changed ones.

What rules would make is solved, not inferred: without some constraints of a rule, or with other values of an
exposure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cache, cached_property, partial
from itertools import compress
from typing import TypeAlias, cast

import numpy as np

from rules.rule import Rule
from rules.vocabulary import Constraint
from rules.vocabulary.algebra import Whole
from solver.associations import Association
from solver.pools import Candidate, Evaluation, Pool
from solver.progress import Reporter
from solver.solving import Dropped, Request, Result, admitted, listing, numbers_of, solve_unchecked, sub_pools_of

#: What is asked of exposures; None for everything.
Asked: TypeAlias = "Request | None"

#: Constraints that a rule is solved without; None stands for what it cannot do without.
Waived = Collection[Constraint | None]

#: Columns that make an exposure what it is: with other values it would be another exposure.
IDENTITY = ("filename", "program")

#: Columns that decide the kind of an exposure: with other values it would be of another observing mode.
KIND = ("instrume", "exp_type", "pntgtype")


def fixed_values(pool: Pool, row: int, *, any_kind: bool = False) -> dict[str, str]:
    """The values without which an exposure would be another one or, unless `any_kind`, one of another kind."""
    # an exposure without a pointing type may have any
    kind = () if any_kind else [name for name in KIND if pool[name][row] or name != "pntgtype"]
    return {name: pool[name][row] for name in (*IDENTITY, *kind)}


def whole(pool: Pool, row: int) -> Whole:
    """The values of an exposure."""
    return Whole({name: column[row] for name, column in pool.columns.items()})


class SolvedProgram:
    """The exposures of one program, and what becomes of them.

    Attributes:
        pool: the program's exposures.
        rules: the rules, in order of their names.
        request: what is asked of the exposures.
        table: what holds for the exposures.
        exposure: gives the values of the exposure in a row.
        listing: gives the requirement that an exposure lists a candidate.
        candidates: the candidates with the rows of their exposures.
        admits: for each rule the candidates that it is for.
    """

    def __init__(
        self, pool: Pool, rules: Iterable[type[Rule]], reporter: Reporter | None = None, request: Asked = None
    ) -> None:
        """Prepare a pool of one program, of which everything is asked by default."""
        self.pool = pool
        self.request = replace(request or Request(), finalize=True)
        self._reporter = reporter
        self.rules = tuple(sorted(rules, key=lambda rule: rule.spec.name))
        self.table = Evaluation(pool)
        self.exposure = cache(partial(whole, pool))
        self.listing = cache(partial(listing, pool=self.table))
        every = sub_pools_of(pool, self.request)
        self.candidates: dict[Candidate, frozenset[int]] = {
            each: frozenset(every.exposure[every.candidate == code].tolist())
            for code, each in enumerate(every.candidates)
        }
        self.admits = {rule: list(compress(every.candidates, admitted(rule.spec, every))) for rule in self.rules}

    @cached_property
    def result(self) -> Result:
        """What the rules make of the exposures. Programs never share associations, so it is as in the whole pool."""
        return solve(self.pool, self.rules, self.request, self._reporter)

    @cached_property
    def replaced(self) -> tuple[Dropped, ...]:
        """All that was made and not kept, with what was preferred."""
        return tuple(self.result.dropped)

    def rule(self, name: str) -> type[Rule]:
        """The rule of this name."""
        return next(rule for rule in self.rules if rule.spec.name == name)

    def candidate_of(self, association: Association, rule: type[Rule]) -> Candidate:
        """The candidate in which an association was found."""
        found = [each for each in self.admits[rule] if each.id == association.asn_id]
        return next((each for each in found if association.rows <= self.candidates[each]), found[0])

    def kept(self, rule: type[Rule], only: Candidate | None = None) -> list[Association]:
        """The associations that a rule made, in any candidate or this one, and that were kept."""
        return list(self.result.select(rule=rule.spec.name, candidate=only.id if only else None))

    def dropped(self, rule: type[Rule], only: Candidate | None = None) -> list[Dropped]:
        """The associations that a rule made, in any candidate or this one, and that were not kept."""
        made = (each for each in self.replaced if each.association.asn_rule == rule.spec.name)
        return [each for each in made if only is None or each.association.asn_id == only.id]

    # --- What would become of them --------------------------------------------------------------

    def without(
        self, rule: type[Rule], waived: Waived, rows: Collection[int], *, finalize: bool = False
    ) -> list[Association]:
        """What a rule would make with these exposures if it did not state some of its constraints, duplicates included.

        Args:
            rule: the rule.
            waived: the constraints that it would not state.
            rows: the exposures.
            finalize: whether to make products of valid groups; else all groups are given as they are.
        """
        stated = tuple(each for each in rule.spec.stated if each.constraint not in waived)
        relaxed = cast("type[Rule]", type(rule.spec.name, (), {"spec": replace(rule.spec, stated=stated)}))
        result = solve(self.pool, [relaxed], replace(self.request, finalize=finalize))
        return [each for each in (*result, *result.dropped.associations) if each.rows.issuperset(rows)]


def solve(pool: Pool, rules: Iterable[type[Rule]], request: Request, reporter: Reporter | None = None) -> Result:
    """What rules make, without those that need numbers that a program lacks; another one of a pool may have them."""

    def has_numbers(rule: type[Rule]) -> bool:
        columns = (column.name for near in rule.spec.nearness for column in near.columns)
        return not any(np.isnan(numbers_of(pool[name])).all() for name in columns)

    return solve_unchecked(pool, filter(has_numbers, rules), request, reporter=reporter)
