"""Hints at what a person may want to state of a pool or to look into, each with the option or the command for it.

They come from array operations on a part of a pool; only exposures that give rise to a hint cost more. A part does not
show whether its pool has several programs, so hints name observations with their program, which `united` leaves out.
"""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rules.errors import most_similar
from rules.rule import RuleSpec
from rules.rule_set import RuleSet
from rules.vocabulary import CANDIDATE_TYPES, TRUE, Contains, Predicate
from rules.vocabulary.algebra import columns_in_order, disjunction, truth
from solver.associations import Associations, exposure_name
from solver.multimap import grouped
from solver.pools import (
    MARKS,
    SCIENCE,
    Evaluation,
    Mask,
    Pool,
    Statements,
    link_texts,
    marked,
    number_rows,
    observation_name,
    parse_cell,
    whole_number_of,
)
from solver.solving import CANDIDATES, Request, Result, eligible_exposures, requirements_of
from solver.words import few, option_words, plural, role_in_words, with_article

#: The words for an exposure with a flag.
_SERVING = {"background": "background", "psf": "a PSF reference"}

#: Options that an explanation has to repeat.
_EXPLAINED = ("delimiter", "pool_format", "level", "rules", "ignore_default", "rules_version", "without", "split_by")

#: Whether a pointing type is not that of science.
_ACQUIRING = SCIENCE.lower().__ne__

#: Columns of flags; a missing value means that the flag is not set.
_FLAGS = frozenset(column for column, _ in MARKS.values())

#: Columns that decide which exposures a background or PSF reference may serve.
_LINKING = ("program", "obs_num", "exp_type", "pntgtype", "targetid", "asn_candidate", *_FLAGS)

_TARGET = "targetid"
_PLACE = ("program", "obs_num")

#: Exposures that lack the same values share a hint if they agree in these columns.
_KIND = (*_PLACE, "exp_type", "detector")

#: Maximum number of exposures of a part, or groups of them, that give rise to hints of a kind; more would repeat them.
_MOST = 1_000

Rows: TypeAlias = NDArray[np.integer]

#: By row, the columns of which at least one would have to have a value.
Lacking: TypeAlias = Mapping[int, tuple[str, ...]]


class Hint(NamedTuple):
    """Something to state or to look into.

    Attributes:
        what: what was noticed, a clause.
        exposures: the files concerned, in order, if it is about some.
        option: the option that settles it, such as `--background jw07973-o004`; or, without dashes, what
            `asnsolve explain POOL` takes to say why; "" where neither applies.
        provided: what has to be true for the option, such as "BAND is SHORT"; "" where nothing is assumed.
    """

    what: str
    exposures: tuple[str, ...] = ()
    option: str = ""
    provided: str = ""

    @classmethod
    def about(cls, pool: Pool, what: str, rows: Iterable[int], option: str | None = None, provided: str = "") -> Hint:
        """A hint at exposures, by their rows; without an option, `asnsolve explain` says more of the first."""
        files = tuple(dict.fromkeys(map(pool.file_names.__getitem__, rows)))
        return cls(what, files, files[0] if option is None else option, provided)

    def action(self, pool: Path, statements: Statements, options: Mapping[str, Any]) -> str:
        """The option as a shell takes it, or the command that explains it, with what was stated and the rules."""
        if not self.option or self.option.startswith("-"):
            return shlex.join(filter(None, self.option.split(" ", 1)))
        stated = (word for each in statements for word in str(each).split(" ", 1))
        same = option_words({name: options[name] for name in _EXPLAINED if options.get(name)})
        return shlex.join(["asnsolve", "explain", str(pool), *self.option.split(" "), *stated, *same])


def united(hints: Iterable[Hint], programs: Collection[str]) -> list[Hint]:
    """Each distinct hint once, with the exposures of all its copies; without the program if there is only one."""
    plainly = partial(re.sub, r"\bjw\d{5}-(?=[oc]\d)", "") if len(programs) == 1 else str
    alike = grouped(((each.what, each.option if each.option[:1] == "-" else ""), each) for each in hints)
    every = ((what, tuple(chain(*(each.exposures for each in same))), same[0]) for (what, _), same in alike.items())
    return [Hint(plainly(what), files, plainly(first.option), first.provided) for what, files, first in every]


def hints_of(pool: Pool, rules: RuleSet, request: Request | None = None, result: Result | None = None) -> list[Hint]:
    """What a person may want to state of a pool or to look into.

    Args:
        pool: the exposures.
        rules: the rules.
        request: what was asked of the pool; by default everything.
        result: its associations; without them, only hints that need none.

    Cost: array operations over the exposures that are in no association of a level, for each rule.
    """
    made = Associations.of([]) if result is None else result.associations
    return list(_Finder(pool, rules, request or Request(), result, made).hints())


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
        if mixed := [{*values} for values in found.values() if len({*values}) > 1]:
            what = f"{plural(len(mixed), 'association')} of files of different {keyword}"
            yield Hint(f"{what} ({few(sorted(set().union(*mixed)))}); calibrate all with one")


@dataclass(frozen=True)
class _Finder:
    """Finds the hints at a part of a pool and its associations."""

    pool: Pool
    rules: RuleSet
    request: Request
    result: Result | None
    made: Associations
    targets: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    given: dict[str, dict[tuple[str, ...], list[int]]] = field(default_factory=dict)

    def hints(self) -> Iterator[Hint]:
        """All hints. Gaps in a level show only where all candidates were solved."""
        if self.result is not None:
            yield from self._without_effect()
            yield from self._empty_candidates(self.result)
        for kind in _SERVING:
            yield from self._unlinked(kind)
        stated = [each.statement.what.lower() for each in self.pool.links if each.statement.kind == "set"]
        if stated or not self._used(2).all():
            yield from self._unknown_values(stated)
        if self.request.candidates is None:
            found = {level: self._left_out(level) for level in sorted({rule.spec.level for rule in self.rules})}
            yield from self._missing_values({level: lacking for level, (lacking, _) in found.items()})
            if self.result is not None and len(found) > 1:
                yield from self._between_levels(found[2][0], found[3][1])

    def _used(self, level: int | None, *roles: str) -> Mask:
        """The exposures in associations of a level, or of any, maybe only in some roles."""
        return self.made.used(len(self.pool), level, *roles)

    def _by(self, rows: Iterable[int], *columns: str) -> dict[tuple[str, ...], list[int]]:
        """Rows by their values in columns."""
        values = [self.pool[column] for column in columns]
        return grouped((tuple(column[row] for column in values), row) for row in rows)

    def _like(self, row: int, *columns: str) -> Rows:
        """The exposures that have the values of one in columns."""
        return np.flatnonzero(np.all([self.pool[name].codes == self.pool[name].codes[row] for name in columns], axis=0))

    # --- What was requested and stated --------------------------------------------------------------

    def _without_effect(self) -> Iterator[Hint]:
        """Stated backgrounds, PSF references and imprints that no association uses as such."""
        names, kinds = self.pool.file_names, self.pool["exp_type"].codes
        # acquisitions and other rare types last: an explanation takes the first
        order = np.lexsort([-np.bincount(kinds)[kinds], self.pool["pntgtype"].where(_ACQUIRING)]).tolist()
        for link in self.pool.links:
            stated, at = link.statement, self.request.background_at
            mine, served = ([row for row in order if names[row] in files] for files in (link.which, link.served))
            if not mine or stated.kind not in MARKS or self._used(None, stated.kind)[mine].any():
                continue
            chosen = " within the candidates given with -i" if self.request.candidates else ""
            only = chosen if at == "both" else f" with --background-at {at}"
            limited = only * (stated.kind == "background")
            effect = f" turns science into {_SERVING.get(stated.kind, 'imprints')}, but" if link.turned else ":"
            what = f"{stated}{effect} no association uses these exposures as {role_in_words(stated.kind)}{limited}"
            pair = " ".join(names[rows[0]] for rows in (mine, served) if rows) + " -v" * (not served)
            yield Hint.about(self.pool, what, mine, "" if limited else pair)

    def _empty_candidates(self, result: Result) -> Iterator[Hint]:
        """Requested or stated candidates that make no association."""
        stated = {link.statement.what.lower() for link in self.pool.links if link.statement.kind == "candidate"}
        if not (asked := {*(self.request.candidates or ()), *stated}):
            return
        words = [each.words for each in (result.associations, result.dropped.associations)]
        made = {pair for each in words for pair in zip(each["program"], each["asn_id"], strict=True)}
        every, levels = self.pool.sub_pools(discover=False), sorted({rule.spec.level for rule in self.rules})
        kind = "".join(f"Level {each} " for each in levels) * (len(levels) == 1) + "association"
        found = every.take(every.named(asked))
        for number, each in enumerate(found.candidates):
            program = each.program.zfill(5)
            if (program, each.id) not in made:
                mine = found.exposure[found.candidate == number].tolist()
                explained = f"{self.pool.file_names[mine[0]]} -i {each.id}"
                yield Hint.about(self.pool, f"candidate jw{program}-{each.id} makes no {kind}", mine, explained)

    # --- Links --------------------------------------------------------------------------------------

    def _unlinked(self, kind: str) -> Iterator[Hint]:
        """Observations flagged as background or PSF reference that share no candidate with what they may serve."""
        pool, (flag, of_type) = self.pool, map(str.lower, MARKS[kind])
        linking = pool["asn_candidate"].where(lambda cell: f"'{of_type}'" in cell)
        flagged = pool[flag].given() & ~pool["is_imprt"].given() & ~pool["pntgtype"].where(_ACQUIRING) & ~linking
        serving = self._taken_as(kind, np.flatnonzero(flagged))[:_MOST]
        alike, count = number_rows([pool[name].codes for name in ("program", "exp_type")], len(pool))
        near = np.flatnonzero(marked(alike[serving], count)[alike])
        columns = [pool[name].take(near) for name in _LINKING]
        rows = [dict(zip(_LINKING, cells, strict=True)) for cells in zip(*columns, strict=True)]
        which = np.searchsorted(near, serving).tolist()
        for text, mine in link_texts(rows, which, kind, unlinked=True).items():
            what = f"no {of_type} candidate links {text.partition(':')[0]} to science, though it is {_SERVING[kind]}"
            yield Hint.about(self.pool, what, near[mine].tolist(), f"--{kind} {text}")

    def _taken_as(self, kind: str, rows: Rows) -> Rows:
        """The exposures that some rule takes in this role, in candidates that link them; not those used where asked."""
        level = self.request.background_at if kind == "background" else "both"
        rows = rows[~self._used(int(level), kind)[rows]] if level.isdecimal() else rows
        table, known = Evaluation(self.pool.select(rows)), {"candidate_type": MARKS[kind][1].lower()}
        taken = np.zeros(len(rows), dtype=np.bool_)
        for spec in (rule.spec for rule in self.rules if len(rows) and level in {"both", str(rule.spec.level)}):
            if spec.candidates is None or truth(spec.candidates, known):
                taken |= eligible_exposures(spec, table) & table.choose(spec.roles).where(kind.__eq__)
        return rows[taken]

    # --- Values ---

    def _unknown_values(self, stated: Iterable[str]) -> Iterator[Hint]:
        """Values that the mission does not have, but similar ones; also in columns of which values are stated."""
        # all values of the first three columns are known
        for column in dict.fromkeys(("instrume", "exp_type", "band", *stated)):
            found = {value: rest for value, *rest in misspelt(self.pool[column].values, column, self.rules)}
            rows = self._by(np.flatnonzero(self.pool[column].where(found.__contains__)).tolist(), column)
            for value, (near, what) in found.items():
                mine = rows[(value,)]
                option = f"--set {column}={near}:{self._which(mine, column)}"
                yield Hint.about(self.pool, what, mine, option, f"it is {near.upper()}")
        kinds = [{kind for _, kind in parse_cell(cell)} for cell in self.pool["asn_candidate"].values]
        unknown = dict(_misspelt(chain(*kinds), CANDIDATE_TYPES))
        cells = self.pool["asn_candidate"].codes.tolist() if unknown else ()
        listing = grouped((kind, row) for row, cell in enumerate(cells) for kind in kinds[cell])
        for kind, near in unknown.items():
            what = f"candidate type {kind.upper()} is unknown; did you mean {near.upper()}?"
            yield Hint.about(self.pool, what, listing[kind])

    # --- Levels -------------------------------------------------------------------------------------

    def _left_out(self, level: int) -> tuple[Lacking, Mask]:
        """The exposures in no association of a level that lack only one value, and those that fit a rule as science."""
        rows = np.flatnonzero(~self._used(level))
        table, lacking = Evaluation(self.pool.select(rows)), dict[int, tuple[str, ...]]()
        fit, science = np.zeros((2, len(rows)), dtype=np.bool_)
        for spec in (rule.spec for rule in self.rules if rule.spec.level == level):
            if not (eligible := eligible_exposures(spec, table) & table.holds(_listed(spec))).any():
                continue  # saves a quarter of a small run
            needed = [each for each in requirements_of(spec) if each.kind == "agreement"]
            absent = [eligible & ~table.holds(each.predicate) for each in needed]
            count = np.sum(absent, axis=0)
            whole = eligible & (count == 0)
            fit |= whole
            science |= whole & table.choose(spec.roles).where("science".__eq__)
            for each, mask in zip(needed, absent, strict=True):
                if _FLAGS.isdisjoint(columns := columns_in_order(each.shown)):
                    lacking = dict.fromkeys(np.flatnonzero(mask & (count == 1)).tolist(), columns) | lacking
        wanting = {int(rows[place]): columns for place, columns in lacking.items() if not fit[place]}
        return wanting, marked(rows[science], len(self.pool))

    def _missing_values(self, found: Mapping[int, Lacking]) -> Iterator[Hint]:
        """Exposures that no rule of a level takes only because one value is missing."""
        levels = {(each, row): level for level in sorted(found, reverse=True) for row, each in found[level].items()}
        alike: list[tuple[tuple[str, int, str, str, str], list[int]]] = []
        for columns, rows in grouped(levels).items():
            for (program, number, kind, _), mine in islice(self._by(sorted(rows), *_KIND).items(), _MOST):
                place = f"{observation_name(program, number)} ({kind.upper()})"
                alike.append(((place, levels[columns, mine[0]], *self._usual(columns[::-1], mine[0])), mine))
        for (place, level, column, value, provided), some in grouped(alike).items():
            mine = sorted(chain(*some))
            what = f"{plural(len(mine), 'exposure')} of {place} without {column.upper()}, so no Level {level} rule fits"
            yield Hint.about(self.pool, what, mine, f"--set {column}={value}:{self._which(mine, column)}", provided)

    def _usual(self, names: Sequence[str], row: int) -> tuple[str, str, str]:
        """One of these columns, the value of similar exposures, or the most usual one, and what is assumed with it."""
        if _TARGET in names:
            return _TARGET, *self._target(row)
        similar = [(name, self.pool.usual(name, row)) for name in names]
        usual = [(name, self.rules.domain.first(self.pool["exp_type"][row], name)) for name in names]
        name, value = next((each for each in (*similar, *usual) if each[1]), (names[0], "1"))
        return name, value, f"{name.upper()} is {value.upper()}"

    def _target(self, row: int) -> tuple[str, str]:
        """The number of a target, and what is assumed: that of its name in the program, or one that no other has."""
        program, number, *names = (self.pool[each][row] for each in ("program", "obs_num", "targprop", "targname"))
        for name in ("targprop", "targname"):
            named = self.pool[_TARGET].take(self._like(row, "program", name)) if self.pool[name][row] else ()
            if found := next(filter(None, named), ""):
                return found, f"TARGETID is {found}"
        known = self.targets[program]
        taken = filter(None, map(whole_number_of, self.pool[_TARGET].take(self._like(row, "program"))))
        new = known.setdefault(next(filter(None, names), number), str(max(taken, default=0) + len(known) + 1))
        return new, "this is a target of its own"

    def _which(self, rows: Sequence[int], column: str) -> str:
        """Exposures of an observation as an option names them: by its number, if no other exposure has a value."""
        if column not in self.given:
            self.given[column] = self._by(np.flatnonzero(self.pool[column].given()).tolist(), *_PLACE)
        mine, place = {*rows}, tuple(self.pool[name][rows[0]] for name in _PLACE)
        if not mine.issuperset(self.given[column].get(place, ())):
            return ",".join(exposure_name(self.pool.file_names[row]) for row in rows)
        return observation_name(*place)

    def _between_levels(self, lacking: Lacking, fit: Mask) -> Iterator[Hint]:
        """Members of Level 3 that no Level 2 product makes, and science that fits a Level 3 rule and is in no product.

        Args:
            lacking: exposures without a Level 2 product, as a hint at a missing value explains.
            fit: exposures in no Level 3 association that some rule would take as science.
        """
        calibrated = self._used(2, "science")
        needed = self._used(3, "science", *_SERVING) & ~calibrated & ~marked(list(lacking), len(self.pool))
        acquiring = self.pool["pntgtype"].where(_ACQUIRING)
        flagged = np.any([acquiring, *(self.pool[flag].given() for flag in _FLAGS)], axis=0)
        for mask, what in (
            (needed, "Level 3 lists files that no Level 2 association makes"),
            (calibrated & fit & ~flagged, "science in Level 2 associations, but in no Level 3 association"),
        ):
            for (kind,), mine in self._by(np.flatnonzero(mask).tolist(), "exp_type").items():
                yield Hint.about(self.pool, f"{kind.upper()}: {what}", mine)


def _listed(spec: RuleSpec) -> Predicate:
    """The exposure is in a candidate of a type that a rule is for."""
    if spec.candidates is None or spec.discovered:
        return TRUE
    kinds = (kind for kind in CANDIDATE_TYPES if truth(spec.candidates, {"candidate_type": kind}))
    return disjunction(Contains(CANDIDATES, kind) for kind in kinds)


def misspelt(values: Iterable[str], column: str, rules: RuleSet) -> Iterator[tuple[str, str, str]]:
    """The values that a column does not have, but similar ones: value, similar value, and a clause that says so."""
    known = [each for each in rules.domain.values(column) if ".fits" not in each]  # any file may be named
    for value, near in _misspelt(values, known):
        yield value, near, f"{value.upper()} is not {with_article(column).replace(column, column.upper())}"


def _misspelt(values: Iterable[str], known: Collection[str]) -> Iterator[tuple[str, str]]:
    """The values that are not known but similar to one that is, with that."""
    for value in sorted({*values} - {*known, ""}):
        yield from ((value, near) for near in most_similar(value, known))
