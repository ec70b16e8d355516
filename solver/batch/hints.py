"""Hints: what a person may want to state of a pool or to look into, each with the option or the command for it.

They come from array work over a part of a pool; only exposures that give rise to a hint cost more. A part does not show
whether its pool has several programs: observations are named with their program, which `united` leaves out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain, islice
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from rules.rule import RuleSpec
from rules.rule_set import RuleSet
from rules.vocabulary import CANDIDATE_TYPES, TRUE, Attribute, Contains, Predicate
from rules.vocabulary.algebra import columns_in_order, disjunction, truth
from solver.associations import Associations, exposure_name
from solver.multimap import grouped
from solver.pools import MARKS, SCIENCE, Evaluation, Mask, Pool, Table, link_texts, listed_ids, marked
from solver.solving import CANDIDATES, Request, Result, compared, eligible_exposures
from solver.words import few, plural

#: What an exposure with a flag is, in words.
_SERVING = {"background": "background", "psf": "a PSF reference"}

#: Columns in which no value means that a flag is not set.
_FLAGS = frozenset(column for column, _ in MARKS.values())

#: What decides what an exposure may serve.
_LINKING = ("program", "obs_num", "exp_type", "pntgtype", "targetid", "asn_candidate", *_FLAGS)

#: Columns in which other exposures are like one that lacks a value, the most similar first.
_ALIKE = (("program", "obs_num", "exp_type", "detector"), ("program", "exp_type"), ("exp_type",))

_TARGET = "targetid"

#: So many exposures of a part, or groups of such, may give rise to hints of a kind; further ones would say the same.
_MOST = 1_000

_PROGRAM = re.compile(r"\bjw\d{5}-(?=[oc]\d)")

Rows: TypeAlias = NDArray[np.integer]

#: The attribute that each exposure lacks, by row.
Lacking: TypeAlias = Mapping[int, Attribute]


@dataclass(frozen=True, slots=True)
class Hint:
    """Something to state or to look into.

    Attributes:
        what: what was noticed, a clause.
        exposures: the files concerned, in order, if it is about some.
        option: the option that settles it, such as `--background jw07973-o004`; or, without dashes, what
            `asnsolve explain POOL` takes to say why; "" where neither applies.
    """

    what: str
    exposures: tuple[str, ...] = ()
    option: str = ""


def united(hints: Iterable[Hint], programs: Collection[str]) -> list[Hint]:
    """Hints that say the same once, with all exposures; in a pool of one program, without the program."""
    plainly = partial(_PROGRAM.sub, "") if len(programs) == 1 else str
    alike = grouped(((each.what, each.option if each.option[:1] == "-" else ""), each) for each in hints)
    every = ((what, tuple(chain(*(each.exposures for each in same))), same[0]) for (what, _), same in alike.items())
    return [Hint(plainly(what), exposures, plainly(first.option)) for what, exposures, first in every]


def hints_of(pool: Pool, rules: RuleSet, request: Request | None = None, result: Result | None = None) -> list[Hint]:
    """What a person may want to state of a pool or to look into.

    Args:
        pool: the exposures.
        rules: the rules.
        request: what was asked of the pool; by default everything.
        result: what was made of it; without it, only hints that need none.

    Cost: array operations over the exposures that are in no association of a level, for each rule.
    """
    return list(_Finder(pool, rules, request or Request(), result).hints())


def mixed_versions(made: Associations, versions: Mapping[str, Mapping[str, str]]) -> Iterator[Hint]:
    """A warning if associations combine files that were calibrated in different ways.

    Args:
        made: the associations.
        versions: the keywords that say how a file was calibrated, with their values, by its name.
    """
    for keyword in sorted({keyword for each in versions.values() for keyword in each}):
        known = {name: each[keyword] for name, each in versions.items() if keyword in each}
        members = zip(made.owners.tolist(), made.members["expname"].at(made.member), strict=True)
        found = grouped((owner, known[name]) for owner, name in members if name in known)
        mixed = [{*values} for values in found.values() if len({*values}) > 1]
        if mixed:
            what = f"{plural(len(mixed), 'association')} of files of different {keyword}"
            yield Hint(f"{what} ({few(sorted(set().union(*mixed)))}); calibrate all with one")


@dataclass(frozen=True)
class _Finder:
    """A part of a pool, and what was made of it."""

    pool: Pool
    rules: RuleSet
    request: Request
    result: Result | None

    def hints(self) -> Iterator[Hint]:
        """All hints. What a level lacks shows only where all candidates were solved."""
        if self.result is not None:
            yield from self._without_effect()
            yield from self._fruitless(self.result)
        for kind in _SERVING:
            yield from self._unlinked(kind)
        if self.request.candidates is None:
            found = {level: self._left_out(level) for level in sorted({rule.spec.level for rule in self.rules})}
            yield from self._valueless({level: lacking for level, (lacking, _) in found.items()})
            if self.result is not None and len(found) > 1:
                yield from self._between_levels(found[2][0], found[3][1])

    def _used(self, level: int | None, *roles: str) -> Mask:
        """The exposures in associations of a level, or of any, maybe only in some roles."""
        made = Associations.of([]) if self.result is None else self.result.associations
        return made.used(len(self.pool), level, *roles)

    def _files(self, rows: Iterable[int]) -> tuple[str, ...]:
        return tuple(map(self.pool.file_names.__getitem__, rows))

    def _by(self, rows: Iterable[int], *columns: str) -> dict[tuple[str, ...], list[int]]:
        """Rows by their values in columns."""
        values = [self.pool[column] for column in columns]
        return grouped((tuple(column[row] for column in values), row) for row in rows)

    @cached_property
    def _acquiring(self) -> Mask:
        return self.pool["pntgtype"].where(SCIENCE.lower().__ne__)

    def _table(self, rows: Rows) -> Evaluation:
        return Evaluation(Table({name: column.take(rows) for name, column in self.pool.columns.items()}))

    # --- What was asked and stated ------------------------------------------------------------------

    def _without_effect(self) -> Iterator[Hint]:
        """Backgrounds and PSF references that were stated, and that no association has as such."""
        rows = {name: row for row, name in enumerate(self.pool.file_names)} if self.pool.links else {}
        for link in self.pool.links:
            kind, mine = link.statement.kind, sorted(map(rows.__getitem__, link.which & rows.keys()))
            if mine and kind in MARKS and not self._used(None, kind)[mine].any():
                what = f"{link.statement} has no effect: no association takes these exposures as {kind}"
                yield Hint(what, self._files(mine), self.pool.file_names[mine[0]])

    def _fruitless(self, result: Result) -> Iterator[Hint]:
        """Candidates that were asked for or stated, and that nothing comes of."""
        stated = {link.statement.what.lower() for link in self.pool.links if link.statement.kind == "candidate"}
        asked = {*(self.request.candidates or ()), *stated}
        if not asked:
            return
        words = [each.words for each in (result.associations, result.dropped.associations)]
        made = {pair for each in words for pair in zip(each["program"], each["asn_id"], strict=True)}
        found = self.pool.sub_pools(asked & listed_ids(self.pool["asn_candidate"]), discover=False)
        for number, each in enumerate(found.candidates):
            program = each.program.zfill(5)
            if (program, each.id) not in made:
                files = self._files(found.exposure[found.candidate == number].tolist())
                yield Hint(f"nothing comes of candidate jw{program}-{each.id}", files, f"{files[0]} -i {each.id}")

    # --- Links --------------------------------------------------------------------------------------

    def _unlinked(self, kind: str) -> Iterator[Hint]:
        """Observations flagged as background or PSF reference that share no candidate with what they may serve."""
        pool, (flag, of_type) = self.pool, MARKS[kind]
        linking = pool["asn_candidate"].where(lambda cell: f"'{of_type}'".lower() in cell)
        flagged = pool[flag].given() & ~pool["is_imprt"].given() & ~self._acquiring & ~linking
        serving = self._taken_as(kind, np.flatnonzero(flagged))[:_MOST]
        program, types = pool["program"], pool["exp_type"]
        alike = program.codes.astype(np.int64) * len(types.values) + types.codes
        near = np.flatnonzero(marked(alike[serving], len(program.values) * len(types.values))[alike])
        columns = [pool[name].take(near) for name in _LINKING]
        rows = [dict(zip(_LINKING, cells, strict=True)) for cells in zip(*columns, strict=True)]
        which = np.searchsorted(near, serving).tolist()
        for text, mine in link_texts(rows, which, kind, qualified=True, unlinked=True).items():
            what = f"{text.partition(':')[0]} is {_SERVING[kind]} by its headers, but is linked to no science"
            yield Hint(what, self._files(near[mine].tolist()), f"--{kind} {text}")

    def _taken_as(self, kind: str, rows: Rows) -> Rows:
        """The exposures that some rule takes in this role, in candidates that link them."""
        table, known = self._table(rows), {"candidate_type": str(MARKS[kind][1]).lower()}
        taken = np.zeros(len(rows), dtype=np.bool_)
        for spec in (rule.spec for rule in self.rules if len(rows)):
            if spec.candidates is None or truth(spec.candidates, known):
                taken |= eligible_exposures(spec, table) & table.choose(spec.roles).where(kind.__eq__)
        return rows[taken]

    # --- Levels -------------------------------------------------------------------------------------

    def _left_out(self, level: int) -> tuple[Lacking, Mask]:
        """Of the exposures in no association of a level, those that lack one value, and those that fit as science."""
        rows = np.flatnonzero(~self._used(level))
        table, lacking = self._table(rows), dict[int, Attribute]()
        fit, science = np.zeros((2, len(rows)), dtype=np.bool_)
        for spec in (rule.spec for rule in self.rules if rule.spec.level == level):
            eligible = eligible_exposures(spec, table) & table.holds(_listed(spec))
            if not eligible.any():
                continue
            needed = [compared(same, spec.roles) for same in spec.agreements if not same.optional]
            absent = [eligible & ~table.values(each).given() & ~table.holds(exempt) for each, exempt in needed]
            count = np.sum(absent, axis=0)
            whole = eligible & (count == 0)
            fit |= whole
            science |= whole & table.choose(spec.roles).where("science".__eq__)
            for (attribute, _), mask in zip(needed, absent, strict=True):
                if _FLAGS.isdisjoint(columns_in_order(attribute)):
                    lacking = dict.fromkeys(np.flatnonzero(mask & (count == 1)).tolist(), attribute) | lacking
        wanting = {int(rows[place]): attribute for place, attribute in lacking.items() if not fit[place]}
        return wanting, marked(rows[science], len(self.pool))

    def _valueless(self, found: Mapping[int, Lacking]) -> Iterator[Hint]:
        """Exposures that no rule of a level takes for want of one value."""
        levels = {(each, row): level for level in sorted(found, reverse=True) for row, each in found[level].items()}
        targets = defaultdict[str, dict[str, str]](dict)
        alike: list[tuple[tuple[str, ...], list[int]]] = []
        for attribute, rows in grouped(levels).items():
            for (program, number, kind, _), mine in islice(self._by(sorted(rows), *_ALIKE[0]).items(), _MOST):
                column, value = self._usual(columns_in_order(attribute)[::-1], mine[0])
                if column == _TARGET:
                    names = (self.pool[each][mine[0]] for each in ("targprop", "targname"))
                    known = targets[program]
                    value = known.setdefault(next(filter(None, names), number), str(int(value) + len(known) + 1))
                what = f"{_name(program, number)} ({kind.upper()}) has no {column.upper()}"
                alike.append(((f"{what}, so no Level {levels[attribute, mine[0]]} rule takes it", column, value), mine))
        for (what, column, value), some in grouped(alike).items():
            mine = sorted(chain(*some))
            yield Hint(what, self._files(mine), f"--set {column}={value}:{self._which(mine, column)}")

    def _usual(self, names: Sequence[str], row: int) -> tuple[str, str]:
        """One of these columns, and the value that similar exposures have there, else 1; of targets the last number."""
        pool = self.pool
        if _TARGET in names:
            taken = {*pool[_TARGET].take(pool["program"].codes == pool["program"].codes[row])}
            return _TARGET, str(max((int(each) for each in taken if each.isdecimal()), default=0))
        for columns in _ALIKE:
            same = np.all([pool[name].codes == pool[name].codes[row] for name in columns], axis=0)
            for name in names:
                counts = np.bincount(pool[name].codes[same])[1:]
                if counts.any():
                    return name, pool[name].values[int(counts.argmax()) + 1]
        return names[0], "1"

    def _which(self, rows: Sequence[int], column: str) -> str:
        """Exposures of an observation as an option names them: by its number, if no other exposure has a value."""
        places = [self.pool[name] for name in ("program", "obs_num")]
        same = np.all([each.codes == each.codes[rows[0]] for each in places], axis=0)
        others = same & self.pool[column].given() & ~marked(rows, len(self.pool))
        names = map(exposure_name, self._files(rows))
        return ",".join(names) if others.any() else _name(*(each[rows[0]] for each in places))

    def _between_levels(self, lacking: Lacking, fit: Mask) -> Iterator[Hint]:
        """Members of Level 3 that no Level 2 product makes, and science that fits a Level 3 rule and is in no product.

        Args:
            lacking: exposures of which a hint at a missing value says why Level 2 has no product.
            fit: exposures of no Level 3 association that fit some rule as science.
        """
        calibrated = self._used(2, "science")
        needed = self._used(3, "science", *_SERVING) & ~calibrated & ~marked(list(lacking), len(self.pool))
        flagged = np.any([self.pool[flag].given() for flag in _FLAGS], axis=0)
        for mask, what in (
            (needed, "Level 3 lists files that no Level 2 association makes"),
            (calibrated & fit & ~self._acquiring & ~flagged, "in Level 2 associations, but in no Level 3 association"),
        ):
            for (kind,), mine in self._by(np.flatnonzero(mask).tolist(), "exp_type").items():
                yield Hint(f"{kind.upper()}: {what}", self._files(mine), self.pool.file_names[mine[0]])


def _listed(spec: RuleSpec) -> Predicate:
    """The exposure is in a candidate of a type that a rule is for."""
    if spec.candidates is None or spec.discovered:
        return TRUE
    kinds = (kind for kind in CANDIDATE_TYPES if truth(spec.candidates, {"candidate_type": kind}))
    return disjunction(Contains(CANDIDATES, kind) for kind in kinds)


def _name(program: str, number: str) -> str:
    return f"jw{program.zfill(5)}-o{number.zfill(3)}"
