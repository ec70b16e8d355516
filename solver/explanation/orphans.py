"""Why exposures are in no association: every reason, with its exposures."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from rules.vocabulary.algebra import disjunction
from solver.batch import generate
from solver.default import Rules, rule_set
from solver.explanation.explained import Explanation
from solver.explanation.facts import Alike, Reasons
from solver.explanation.places import Place
from solver.explanation.ranking import PURPOSE, Ranking
from solver.explanation.reasons import reasons
from solver.explanation.solved import KIND, SolvedProgram, fixed_values
from solver.multimap import grouped
from solver.pools import Pool
from solver.progress import Reporter
from solver.solving import Result, joining
from solver.words import left_out

_NO_RULE, _NO_GROUP = "no rule fits", "no rule fits, and there is no group to join"


def explain_orphans(
    pool: Pool, *, rules: Rules = None, result: Result | None = None, reporter: Reporter | None = None
) -> Explanation:
    """Why exposures are in no association: every reason, with its exposures.

    Args:
        pool: the exposures.
        rules: the rules that are solved; by default the mission's.
        result: what the rules made of the pool; by default it is solved here.
        reporter: follows the solving of the pool; each rule is a step.

    Cost: a run, array operations over the exposures for each rule, and a step for each way to qualify for none.

    >>> explanation = explain_orphans(Pool.read("benchmarks/demo_pool.csv"))
    >>> explanation.heading
    '11 of 74 exposures in no association'
    >>> [(len(each.exposures), each.rule) for each in explanation.groups]
    [(7, ''), (2, 'Asn_Lv2NRSLAMPImage'), (2, 'Asn_Lv2NRSLAMPImage')]
    """
    every = rule_set(rules)
    made = generate(pool, every, reporter=reporter) if result is None else result
    names, groups = pool.file_names, []
    if made.reasons:
        heading, finder = f"{len(made.reasons):,} of {len(pool):,} exposures in no association", _Finder(pool, every, made)
        index = {name: row for row, name in enumerate(names)}
        found = grouped((finder.reason(index[file], noted), index[file]) for file, noted in made.reasons.items())
    else:
        used = {level: made.associations.used(len(pool), level) for level in {rule.spec.level for rule in every}}
        heading = left_out(made.absent(len(pool), used), 0)
        absent = ((level, int(row)) for level, mask in sorted(used.items()) for row in np.flatnonzero(~mask))
        why = "in no Level {} association; give a name to see why"
        found = grouped(((why.format(level), "", ()), row) for level, row in absent)
    for reason, rows in sorted(found.items(), key=lambda each: (-len(each[1]), each[1])):
        types = tuple(sorted({pool["exp_type"][row] for row in rows}))
        groups.append(Alike(*reason, types, tuple(names[row] for row in rows)))
    return Explanation(heading, groups=tuple(groups))


class _Finder:
    """Finds the closest rule for exposures that no rule fits."""

    def __init__(self, pool: Pool, rules: Rules, result: Result) -> None:
        """Test every exposure against the rules."""
        self._solved = solved = SolvedProgram(pool, rules)
        self._ranking, table = Ranking(solved, result), solved.table
        self._unmet = [place.unmet(table) for place in self._ranking.places.values()]
        self._qualifies = np.any([~each.any(axis=1) for each in self._unmet], axis=0)
        joins = (joining(rule.spec, join) for rule in solved.rules for join in rule.spec.joins)
        self._joins = table.holds(disjunction(joins))
        self._closest: dict[Hashable, Place | None] = {}

    def reason(self, row: int, noted: str) -> tuple[str, str, Reasons]:
        """The reason for an orphan, given what the run noted of it, the closest rule, and what it requires."""
        kind = self._solved.pool["exp_type"][row]
        alone = noted if self._qualifies[row] else _NO_GROUP if self._joins[row] else self._solved.unexpected(kind)
        closest = None if alone else self._closest_of(row)
        if closest is None:
            return alone or f"no rule takes {kind.upper() or 'exposures without a type'}", "", ()
        return _NO_RULE, closest.rule.spec.name, reasons(self._solved, closest, row)

    def _closest_of(self, row: int) -> Place | None:
        """The place that ranks first for an exposure, and for all that are alike to the rules; None if none does."""
        pool = self._solved.pool
        about = tuple(pool[name][row] for name in ("program", "obs_num", *KIND, *sorted(PURPOSE)))
        key = about, tuple(each[row].tobytes() for each in self._unmet)
        if key not in self._closest:
            fixed = fixed_values(pool, row)
            possible = (each for each in self._ranking.places.values() if each.is_open(fixed))
            self._closest[key] = min(possible, key=lambda each: self._ranking.key(each.rule, row), default=None)
        return self._closest[key]
