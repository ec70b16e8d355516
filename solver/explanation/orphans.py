"""Why exposures are in no association: every reason, with its exposures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

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

_NO_RULE, _NO_GROUP = "no rule fits", "no rule fits, and there is no group to join"


def explain_orphans(
    pool: Pool,
    *,
    rules: Rules = None,
    result: Result | None = None,
    request: Asked = None,
    reporter: Reporter | None = None,
) -> Explanation:
    """Why exposures are in no association; if each is in one, why some are in no association of a level.

    Args:
        pool: the exposures.
        rules: the rules that are solved; by default the mission's.
        result: what the rules made of the pool; by default it is solved here.
        request: as in `explain`.
        reporter: follows the solving of the pool; each rule is a step.

    Cost: a run, array operations over the exposures for each rule, and a step for each way to qualify for none.

    >>> explanation = explain_orphans(Pool.read("benchmarks/demo_pool.csv"))
    >>> explanation.heading
    '11 of 74 exposures in no association'
    >>> [(len(each.exposures), each.rule) for each in explanation.groups]
    [(7, ''), (2, 'Asn_Lv2NRSLAMPSpectral'), (2, 'Asn_Lv2NRSLAMPSpectral')]
    """
    every = rule_set(rules)
    made = solve_unchecked(pool, every, request or Request(), reporter=reporter) if result is None else result
    absent, names, groups = made.absent(len(pool), {rule.spec.level for rule in every}), pool.file_names, list[Alike]()
    if not made.reasons:
        for level in (each for each, count in absent.items() if count):
            lacking = explain_orphans(pool, rules=every.of_level(level), request=request).groups
            groups += [replace(each, reason=f"at Level {level}, {each.reason}") for each in lacking]
        return Explanation(left_out(absent, 0), groups=tuple(groups))
    finder, index = _Finder(pool, every, made), {name: row for row, name in enumerate(names)}
    found = grouped((finder.reason(index[file], noted), index[file]) for file, noted in made.reasons.items())
    for reason, rows in sorted(found.items(), key=lambda each: (-len(each[1]), each[1])):
        types = tuple(sorted({pool["exp_type"][row] for row in rows}))
        groups.append(Alike(*reason, types, tuple(names[row] for row in rows)))
    return Explanation(f"{len(made.reasons):,} of {len(pool):,} exposures in no association", groups=tuple(groups))


class _Finder:
    """Finds the closest rule for exposures that no rule fits."""

    def __init__(self, pool: Pool, rules: Rules, result: Result) -> None:
        """Test every exposure against the rules."""
        self._solved = solved = SolvedProgram(pool, rules)
        self._ranking, table = Ranking(solved, result), solved.table
        unmet = [place.unmet(table) for place in self._ranking.places.values()]
        self._qualifies = np.any([~each.any(axis=1) for each in unmet], axis=0)
        joins = (joining(rule.spec, join) for rule in solved.rules for join in rule.spec.joins)
        self._joins = table.holds(disjunction(joins))
        asked = {(each.predicate, each.shown) for place in self._ranking.places.values() for each in place.requirements}
        leaves = {part for pair in asked for each in pair for part in walk(each) if isinstance(part, Leaf)}
        about = [pool[name].codes for name in ("program", "obs_num", *KIND)]
        alike = number_rows([*about, *(table.holds(each).astype(np.int64) for each in leaves)], len(pool))
        self._like = first_rows(*alike)[alike[0]].tolist()

    def reason(self, row: int, noted: str) -> tuple[str, str, Reasons]:
        """The reason for an orphan, given what the run noted of it, the closest rule, and what it requires."""
        kind = self._solved.pool["exp_type"][row]
        alone = noted if self._qualifies[row] else _NO_GROUP if self._joins[row] else self._solved.unexpected(kind)
        closest = None if alone else self._closest(self._like[row])
        if closest is None:
            return alone or f"no rule takes {kind.upper() or 'exposures without a type'}", "", ()
        return _NO_RULE, closest.rule.spec.name, reasons(self._solved, closest, row)

    @remembered
    def _closest(self, row: int) -> Place | None:
        """The place that ranks first for an exposure; None if none does."""
        fixed = fixed_values(self._solved.pool, row)
        possible = (each for each in self._ranking.places.values() if each.is_open(fixed))
        return min(possible, key=lambda each: self._ranking.key(each.rule, row), default=None)
