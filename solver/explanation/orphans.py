"""Why exposures are in no association: every reason, with its exposures."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np

from rules.rule_set import RuleSet
from rules.vocabulary.algebra import Leaf, disjunction
from rules.vocabulary.expressions import walk
from solver.default import Rules, rule_set
from solver.explanation.explained import Explanation
from solver.explanation.facts import Alike, Reasons
from solver.explanation.places import Place
from solver.explanation.ranking import Ranking
from solver.explanation.reasons import reasons
from solver.explanation.solved import KIND, Asked, SolvedProgram, fixed_values
from solver.memory import remembered
from solver.multimap import grouped
from solver.pools import Pool, first_rows, number_rows
from solver.progress import Reporter
from solver.solving import Request, Result, joining, solve_unchecked
from solver.words import left_out


def explain_orphans(
    pool: Pool,
    *,
    rules: Rules = None,
    result: Result | None = None,
    request: Asked = None,
    reporter: Reporter | None = None,
    each_level: bool = True,
) -> Explanation:
    """Why exposures are in no association, and why further ones are in no association of a level.

    Args:
        pool: the exposures.
        rules: the rules that are solved; by default the mission's.
        result: what the rules made of the pool; by default it is solved here.
        request: as in `explain`.
        reporter: follows the solving of the pool; each rule is a step.
        each_level: whether to explain the further ones.

    Cost: a run, another for a level that further ones lack, array operations over the exposures for each rule, and a
    step for each way to qualify for none.

    >>> explanation = explain_orphans(Pool.read("benchmarks/demo_pool.csv"))
    >>> explanation.heading
    '11 of 74 exposures in no association, 16 more in no Level 3 association'
    >>> [(len(each.exposures), each.rule) for each in explanation.groups[:3]]
    [(7, ''), (2, 'Asn_Lv2NRSLAMPSpectral'), (2, 'Asn_Lv2NRSLAMPSpectral')]
    """
    every, asked = rule_set(rules), request or Request()
    made = solve_unchecked(pool, every, asked, reporter=reporter) if result is None else result
    groups, orphans = [*_alike(pool, every, made)], len(made.reasons)
    absent = made.absent(len(pool), {rule.spec.level for rule in every}) if each_level else {}
    further = {level: count - orphans for level, count in absent.items() if count > orphans}
    for level, there in ((each, every.of_level(each)) for each in further):
        lacking = _alike(pool, there, solve_unchecked(pool, there, asked), without=made.reasons)
        groups += [replace(each, reason=f"at Level {level}, {each.reason}") for each in lacking]
    more = (f", {count:,} more in no Level {level} association" for level, count in further.items())
    found = f"{orphans:,} of {len(pool):,} exposures in no association{''.join(more)}"
    return Explanation(found if orphans else left_out(further, 0), groups=tuple(groups))


def _alike(pool: Pool, rules: RuleSet, result: Result, without: Collection[str] = ()) -> Iterator[Alike]:
    """The orphans of a result by reason, the largest groups first, without some files."""
    names, files = pool.file_names, result.reasons.keys() - without
    noted = {row: result.reasons[each] for row, each in enumerate(names) if each in files}
    if not noted:
        return
    finder = _Finder(pool, rules, result)
    found = grouped((finder.reason(row, note), row) for row, note in noted.items())
    for reason, rows in sorted(found.items(), key=lambda each: (-len(each[1]), each[1])):
        types = tuple(sorted({pool["exp_type"][row] for row in rows}))
        yield Alike(*reason, types, tuple(names[row] for row in rows))


class _Finder:
    """Finds the closest rule for exposures that no rule fits."""

    def __init__(self, pool: Pool, rules: Rules, result: Result) -> None:
        """Test every exposure against the rules."""
        self._solved = solved = SolvedProgram(pool, rules)
        self._ranking, table = Ranking(solved, result), solved.table
        places = self._ranking.places.values()
        self._qualifies = np.any([~each.unmet(table).any(axis=1) for each in places], axis=0)
        joins = (joining(rule.spec, join) for rule in solved.rules for join in rule.spec.joins)
        self._joins = table.holds(disjunction(joins))
        asked = {(each.predicate, each.shown) for place in places for each in place.requirements}
        leaves = {part for pair in asked for each in pair for part in walk(each) if isinstance(part, Leaf)}
        about = [pool[name].codes for name in ("program", "obs_num", *KIND)]
        alike = number_rows([*about, *(table.holds(each).astype(np.int64) for each in leaves)], len(pool))
        self._like = first_rows(*alike)[alike[0]].tolist()

    def reason(self, row: int, noted: str) -> tuple[str, str, Reasons]:
        """The reason for an orphan, given what the run noted of it, the closest rule, and what it requires."""
        kind = self._solved.pool["exp_type"][row]
        no_group = "no rule takes it by itself, and it matches no association to join" * bool(self._joins[row])
        alone = noted if self._qualifies[row] else no_group or self._solved.unexpected(kind)
        closest = None if alone else self._closest(self._like[row])
        if closest is None:
            return alone or f"no rule takes {kind.upper() or 'exposures without a type'}", "", ()
        return "no rule fits", closest.rule.spec.name, reasons(self._solved, closest, row)

    @remembered
    def _closest(self, row: int) -> Place | None:
        """The place that ranks first for an exposure; None if none does."""
        fixed = fixed_values(self._solved.pool, row)
        kind = ((name, fixed[name]) for name in KIND if name in fixed)
        possible = (each for each in self._open(*kind) if each.is_open(fixed))
        return min(possible, key=lambda each: self._ranking.key(each.rule, row), default=None)

    @remembered
    def _open(self, *kind: tuple[str, str]) -> list[Place]:
        """The places for exposures of a kind."""
        return [each for each in self._ranking.places.values() if each.is_open(dict(kind))]
