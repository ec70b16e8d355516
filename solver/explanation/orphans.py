"""Why exposures are in no association: every reason, with its exposures."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import compress

import numpy as np

from rules.rule import Rule
from rules.vocabulary.algebra import columns_of
from solver.batch import generate
from solver.default import Rules, rule_set
from solver.explanation.explained import OrphansExplanation
from solver.explanation.facts import Obstacle, OrphanGroup
from solver.explanation.obstacles import obstacles
from solver.explanation.places import NOWHERE, Place, joins_of
from solver.explanation.solved import KIND, fixed_values
from solver.multimap import grouped
from solver.pools import Evaluation, Pool, SubPools
from solver.progress import Reporter
from solver.solving import admitted, requirements_of

_FOR_NONE = "qualifies for no rule"

#: What the orphans of a group share: the reason, the nearest rule, and its obstacles.
_Reason = tuple[str, str, tuple[Obstacle, ...]]


def explain_orphans(pool: Pool, *, rules: Rules = None, reporter: Reporter | None = None) -> OrphansExplanation:
    """Why exposures are in no association: every reason, with its exposures.

    Args:
        pool: the exposures.
        rules: the rules that are solved; by default the mission's.
        reporter: follows the solving of the pool; each rule is a step.
    """
    return orphans_explanation(pool, rule_set(rules), reporter=reporter)


def orphans_explanation(
    pool: Pool, rules: Iterable[type[Rule]], reasons: Mapping[str, str] | None = None, reporter: Reporter | None = None
) -> OrphansExplanation:
    """Why exposures are in no association.

    Args:
        pool: the exposures.
        rules: the rules.
        reasons: what was noted of each orphan when the pool was solved, by file name; by default it is solved here.
        reporter: follows the solving.

    Cost: a run, array operations over the exposures for each rule, and a search for each way to qualify for none.
    """
    rows = {name: row for row, name in enumerate(pool.file_names)}
    noted = generate(pool, rules, reporter=reporter).reasons if reasons is None else reasons
    finder = _Finder(pool, sorted(rules, key=lambda rule: rule.spec.name))
    groups = grouped((finder.reason(rows[file], of_run), rows[file]) for file, of_run in noted.items())
    made = (
        OrphanGroup(
            *reason,
            types=tuple(sorted({pool["exp_type"][row] for row in members})),
            exposures=tuple(pool.file_names[row] for row in members),
        )
        for reason, members in sorted(groups.items(), key=lambda each: (-len(each[1]), each[1]))
    )
    return OrphansExplanation(pool.name, len(pool), tuple(made))


class _Finder:
    """Finds the nearest rule for exposures that qualify for none."""

    def __init__(self, pool: Pool, rules: Sequence[type[Rule]]) -> None:
        """Test every exposure against the rules."""
        table, sub_pools = Evaluation(pool), pool.sub_pools()
        self._pool = pool
        self._asked = [_Asked(rule, table, sub_pools) for rule in rules]
        self._unmet = np.array([each.unmet.sum(axis=1) for each in self._asked]).reshape(len(rules), len(pool))
        self._joins = [exposures for rule in rules for _, exposures in joins_of(rule.spec, table)]
        self._possible: dict[Hashable, list[int]] = {}
        self._known: dict[Hashable, _Reason] = {}

    def reason(self, row: int, noted: str) -> _Reason:
        """The reason for an orphan, given what the run noted of it."""
        qualifies = [each for each, unmet in zip(self._asked, self._unmet[:, row], strict=True) if not unmet]
        for each in qualifies:
            if each.admitted[row]:  # the note counts, unless it says that some rule is for other candidates
                return each.left if noted in {other.no_candidate for other in self._asked} else noted, "", ()
        if qualifies:
            return qualifies[0].no_candidate, "", ()
        if any(exposures[row] for exposures in self._joins):
            return f"{_FOR_NONE}, and there is no group that it could join", "", ()
        fixed, kind = fixed_values(self._pool, row), tuple(self._pool[name][row] for name in KIND)
        if kind not in self._possible:
            self._possible[kind] = [i for i, each in enumerate(self._asked) if each.place.is_open(fixed)]
        if not self._possible[kind]:
            return f"{_FOR_NONE}: there is none for exposure type {self._pool['exp_type'][row] or 'not given'}", "", ()
        nearest = min(self._possible[kind], key=lambda i: int(self._unmet[i, row]))
        place, unmet = self._asked[nearest].place, self._asked[nearest].unmet[row]
        missing = list(compress(place.requirements, unmet.tolist()))
        # exposures with the same values in the columns that decide what is missing have one reason
        columns = sorted(columns_of(*(each.predicate for each in missing)))
        key = nearest, tuple(missing), tuple(self._pool[name][row] for name in columns)
        if key not in self._known:
            told = obstacles(self._pool, place, row, missing, fixed)
            self._known[key] = _FOR_NONE, place.rule.spec.name, told
        return self._known[key]


class _Asked:
    """What a rule requires of each exposure of a pool by itself.

    Attributes:
        place: a place that requires it.
        unmet: for each exposure and constraint, whether it is not fulfilled.
        admitted: the exposures that are in a candidate that the rule is for.
        no_candidate: why all other exposures are orphans, if they qualify.
        left: why admitted exposures are, if they are in no group.
    """

    def __init__(self, rule: type[Rule], table: Evaluation, sub_pools: SubPools) -> None:
        """Test every exposure."""
        name, anchor = rule.spec.name, rule.spec.anchor
        self.place = Place(rule, NOWHERE, None, tuple(requirements_of(rule.spec, pool=table)))
        self.unmet = self.place.unmet(table)
        self.admitted = np.zeros(len(table), dtype=np.bool_)
        self.admitted[sub_pools.exposure[admitted(rule.spec, sub_pools)[sub_pools.candidate]]] = True
        self.no_candidate = f"{name}: is in no candidate of which the {rule.spec.candidates}"
        self.left = f"{name}: is needed for no {anchor} exposure" if anchor else f"{name}: is left out"
