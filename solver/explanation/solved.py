"""A solved program: its exposures, what the rules make of them, and what they would make if stated otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, cached_property, partial
from itertools import compress
from pathlib import PureWindowsPath
from typing import TypeAlias

import numpy as np

from rules.vocabulary.algebra import Whole
from solver.associations import Association, Associations
from solver.default import Rules, rule_set
from solver.errors import UnknownNameError
from solver.memory import remembered
from solver.multimap import grouped
from solver.pools import DISCOVERED, Candidate, Evaluation, Pool, Statements, observation_name
from solver.progress import Reporter
from solver.solving import Dropped, Request, Result, admitted, cut_into_shards, listing, solve_unchecked, sub_pools_of
from solver.words import few

#: What is asked of exposures; None for everything.
Asked: TypeAlias = "Request | None"

#: Columns that decide the kind of an exposure: with other values it would be of another observing mode.
KIND = ("instrume", "exp_type", "pntgtype")


def fixed_values(pool: Pool, row: int) -> dict[str, str]:
    """The values without which an exposure would be another one or of another kind; without pointing type, of any."""
    return {name: pool[name][row] for name in ("filename", "program", *KIND) if pool[name][row] or name != "pntgtype"}


class SolvedProgram:
    """The exposures of one program, or of several, and what becomes of them.

    Attributes:
        pool: the program's exposures.
        rules: the rules, in order of their names.
        request: what is asked of the exposures.
        every: the rules as a set.
        notes: why some conditions are stated.
        several: whether the pool has several programs, so that statements have to name one.
        table: what holds for the exposures.
        candidates: the candidates with the rows of their exposures.
        exposure: gives the values of the exposure in a row.
        observation: gives the observation of the exposure in a row as statements name it.
        unexpected: gives the reason why no association of exposures of a type is expected, if there is one.
        listing: gives the requirement that an exposure lists a candidate.
        admits: for each rule the candidates that it is for.
        rule: gives the rule of a name.
    """

    def __init__(
        self, pool: Pool, rules: Rules, rows: range | None = None, reporter: Reporter | None = None, asked: Asked = None
    ) -> None:
        """Prepare the program in these rows of a pool, by default all; everything is asked of it by default."""
        self.several = several = bool(np.ptp(pool["program"].codes))
        self.pool = pool = pool if rows is None else pool.select(rows)
        self.every = every = rule_set(rules)
        self.notes, self.rule, self.unexpected = every.notes, every.find, cache(every.unexpected)
        self.rules = sorted(every, key=lambda rule: rule.spec.name)
        self.request = replace(asked or Request(), finalize=True)
        self.table = Evaluation(pool)
        self.exposure = cache(lambda row: Whole({name: column[row] for name, column in pool.columns.items()}))
        self.observation = cache(
            lambda row: observation_name(pool["program"][row], pool["obs_num"][row], several=several)
        )
        self.listing = cache(partial(listing, pool=self.table))
        self._reporter, found = reporter, sub_pools_of(pool, self.request)
        parts = np.split(found.exposure, np.cumsum(found.sizes)[:-1])
        self.candidates = {each: frozenset(own.tolist()) for each, own in zip(found.candidates, parts, strict=False)}
        self.admits = {rule: list(compress(self.candidates, admitted(rule.spec, found))) for rule in self.rules}

    @cached_property
    def result(self) -> Result:
        """What the rules make of the exposures. Programs never share associations, so it is as in the whole pool."""
        return solve_unchecked(self.pool, self.rules, self.request, reporter=self._reporter)

    def candidates_of(self, association: Association) -> list[Candidate]:
        """The candidate in which an association was found; each of those, if its id is listed with several types."""
        found = [each for each in self.admits[self.rule(association.asn_rule)] if each.id == association.asn_id]
        return [each for each in found if association.rows <= self.candidates[each]] or found

    def named(self, name: str) -> Association:
        """The association of a product or file with this name, in any case and any folder.

        Raises:
            UnknownNameError: no association has such a name, or several have.
        """
        try:
            return self.result[PureWindowsPath(name.strip()).name]
        except UnknownNameError as error:
            programs = f", program {few(sorted({*self.pool['program']}))}" * self.several
            raise UnknownNameError(f"{self.pool.name}{programs}: {error}") from error

    @cached_property
    def _places(self) -> dict[int, list[int]]:
        """For each exposure the places of the associations that have it."""
        made = self.result.associations
        return grouped(zip(made.rows[made.member].tolist(), made.owners.tolist(), strict=True))

    def together(self, *rows: int) -> set[int]:
        """The places of the associations that have all of some exposures."""
        return set.intersection(*({*self._places.get(row, ())} for row in rows))

    @remembered
    def with_rows(self, *rows: int) -> list[Association]:
        """The associations that have all of some exposures."""
        return list(self.result.associations.take(np.array(sorted(self.together(*rows)), dtype=np.int64)))

    @remembered
    def left_out_with(self, *rows: int) -> list[Dropped]:
        """The associations that had all of some exposures and were left out."""
        return list(self.result.dropped.take(self.result.dropped.associations.with_rows(*rows)))

    def nearest(self, made: Associations, row: int) -> list[Association]:
        """The associations, those first that have exposures of the closest observations; at most 40."""
        number = self.pool["obs_num"].codes.astype(np.int64)
        apart = np.minimum.reduceat(np.abs(number[made.rows] - number[row])[made.member], made.memberships[:-1])
        return list(made.take(np.argsort(apart, kind="stable")[:40]))

    @remembered
    def with_statements(self, stated: Statements, rows: tuple[int, ...]) -> SolvedProgram:
        """Some of the exposures with statements; everything is asked of them."""
        everything = replace(self.request, candidates=None, discover=True)
        return SolvedProgram(self.pool.select(rows).with_statements(stated), self.every, asked=everything)

    # --- What is usual and how it is called -------------------------------------------------------

    def beside(self, rows: Iterable[int]) -> list[int]:
        """Some exposures and those with which they share a candidate, other than by discovery."""
        asked = set(rows)
        shared = (each for kind, each in self.candidates.items() if kind.type != DISCOVERED and each & asked)
        return sorted(asked.union(*shared))


def solved_at(pool: Pool, row: int, rules: Rules, reporter: Reporter | None, asked: Asked) -> tuple[SolvedProgram, int]:
    """The program of an exposure, and its row in it."""
    rows = next(each for each in cut_into_shards(pool, 1) if row in each)
    return SolvedProgram(pool, rules, rows, reporter, asked), row - rows.start
