"""Why exposures are in no association: every reason, with the exposures that have it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from rules.rule import Rule
from rules.vocabulary.algebra import columns_of
from solver.explanation.explained import OrphansExplanation
from solver.explanation.facts import Obstacle, OrphanGroup
from solver.explanation.obstacles import obstacles
from solver.explanation.places import NOWHERE, Place, admission, joins_of
from solver.explanation.solved import KIND, fixed_columns
from solver.pools import Evaluation, Pool, SubPools
from solver.progress import Reporter
from solver.solving import admitted, generate, requirements_of

_FOR_NONE = "qualifies for no rule"

#: A reason, the nearest rule, and what it asks for: what makes a group.
_Reason = tuple[str, str, tuple[Obstacle, ...]]


def orphans_explanation(
    pool: Pool, rules: Sequence[type[Rule]], reasons: Mapping[str, str] | None = None, reporter: Reporter | None = None
) -> OrphansExplanation:
    """Why exposures are in no association.

    Args:
        pool: the exposures.
        rules: the rules.
        reasons: what was noted of each orphan when they were solved, by file name; by default they are solved here.
        reporter: follows the solving.

    Cost: a run, array operations over the exposures for each rule, and a search for each way to qualify for none.
    """
    rows = {name: row for row, name in enumerate(pool.file_names)}
    finder = _Finder(pool, rules)
    groups: dict[str, tuple[_Reason, list[int]]] = {}
    for file, noted in (generate(pool, rules, reporter=reporter).reasons if reasons is None else reasons).items():
        reason = finder.reason(rows[file], noted)
        groups.setdefault(str(reason), (reason, []))[1].append(rows[file])
    made = (
        OrphanGroup(
            *reason,
            types=tuple(sorted({pool["exp_type"][row] for row in members})),
            exposures=tuple(pool.file_names[row] for row in members),
        )
        for reason, members in sorted(groups.values(), key=lambda each: (-len(each[1]), each[1]))
    )
    return OrphansExplanation(pool.name, len(pool), tuple(made))


class _Finder:
    """Finds for exposures that qualify for no rule the one that they are nearest to."""

    def __init__(self, pool: Pool, rules: Sequence[type[Rule]]) -> None:
        """Ask every exposure what the rules ask."""
        table = Evaluation(pool)
        self._pool = pool
        sub_pools = pool.sub_pools()
        self._asked = [_Asked(rule, pool, table, sub_pools) for rule in rules]
        self._unmet = np.array([each.unmet.sum(axis=1) for each in self._asked]).reshape(len(rules), len(pool))
        self._known: dict[Hashable, _Reason] = {}

    def reason(self, row: int, noted: str) -> _Reason:
        """The reason of an orphan, of which something was noted in the run."""
        qualifies = [each for each, unmet in zip(self._asked, self._unmet[:, row], strict=True) if not unmet]
        if qualifies:
            return self._of_candidates(row, qualifies, noted), "", ()
        if any(exposures[row] for each in self._asked for exposures in each.joins):
            return f"{_FOR_NONE}, and there is no group that it could join", "", ()
        possible = [i for i, each in enumerate(self._asked) if each.is_possible(row)]
        if not possible:
            return f"{_FOR_NONE}: there is none for exposure type {self._pool['exp_type'][row] or 'not given'}", "", ()
        nearest = min(possible, key=lambda i: int(self._unmet[i, row]))
        asked = self._asked[nearest]
        key = nearest, asked.profile(row)
        if key not in self._known:
            self._known[key] = _FOR_NONE, asked.name, asked.obstacles(row)
        return self._known[key]

    def _of_candidates(self, row: int, qualifies: Sequence[_Asked], noted: str) -> str:
        """The reason of an exposure that qualifies for rules: their candidates, unless something else was noted."""
        solved = [each for each in qualifies if each.admitted[row]]
        if not solved:
            return qualifies[0].no_candidate
        of_candidates = {each.no_candidate for each in self._asked}
        return solved[0].left if noted in of_candidates else noted


class _Asked:
    """What a rule asks of each exposure of a pool by itself.

    Attributes:
        name: name of the rule.
        joins: for each of its joins, the exposures that would join groups that have what it asks of them.
        unmet: for each exposure and constraint, whether it is not fulfilled.
        admitted: the exposures that are in a candidate that the rule is for.
        no_candidate: why the others are orphans, if they qualify.
        left: why those are, if they are in no group.
    """

    def __init__(self, rule: type[Rule], pool: Pool, table: Evaluation, sub_pools: SubPools) -> None:
        """Ask every exposure."""
        self.name = rule.spec.name
        self._pool = pool
        self.joins = [exposures for _, exposures in joins_of(rule.spec, table)]
        self._place = Place(rule, NOWHERE, None, tuple(requirements_of(rule.spec, pool=table)))
        self.unmet = self._place.unmet(table)
        self.admitted = np.zeros(len(pool), dtype=np.bool_)
        self.admitted[sub_pools.exposure[admitted(rule.spec, sub_pools)[sub_pools.candidate]]] = True
        stated, _ = admission(rule)
        self.no_candidate = f"{self.name}: is in no candidate of which the {stated}"
        about = f"is needed for no {rule.spec.anchor} exposure" if rule.spec.anchor else "is left out"
        self.left = f"{self.name}: {about}"
        self._possible: dict[tuple[str, ...], bool] = {}

    def is_possible(self, row: int) -> bool:
        """Whether the rule is for exposures of this kind."""
        kind = tuple(self._pool[name][row] for name in KIND)
        if kind not in self._possible:
            fixed = {name: self._pool[name][row] for name in fixed_columns(self._pool, row)}
            self._possible[kind] = self._place.is_open(fixed)
        return self._possible[kind]

    def profile(self, row: int) -> Hashable:
        """What is not fulfilled, and the values that decide it: exposures alike in these have one reason."""
        missing = [i for i, fails in enumerate(self.unmet[row].tolist()) if fails]
        columns = columns_of(*(self._place.requirements[i].predicate for i in missing))
        return tuple(missing), tuple(self._pool[name][row] for name in sorted(columns))

    def obstacles(self, row: int) -> tuple[Obstacle, ...]:
        """What keeps an exposure from qualifying."""
        missing = [each for each, fails in zip(self._place.requirements, self.unmet[row], strict=True) if fails]
        return obstacles(self._pool, self._place, row, missing, fixed_columns(self._pool, row))
