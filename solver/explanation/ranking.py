"""Ranking: which rules an asker means who finds an exposure left out.

First come rules that took exposures of the same type, or of the same observation, then those for few exposure types.
Rules that are only for exposures with a flag that this one does not have come last.
"""

from __future__ import annotations

from math import inf

import numpy as np

from rules.rule import Rule
from rules.vocabulary import OneOf
from rules.vocabulary.algebra import columns_of, truth
from solver.explanation.facts import FLAGS, Refusal
from solver.explanation.places import Place
from solver.explanation.reasons import failing
from solver.explanation.solved import SolvedProgram
from solver.memory import remembered
from solver.solving import Result, as_anchor, requirements_of

#: Columns that show the purpose of an exposure.
PURPOSE = frozenset({*FLAGS, "pntgtype", "visitype", "dms_note"})


class Ranking:
    """Ranks the rules that did not take an exposure.

    Attributes:
        places: for each rule a place where nothing but itself matters of an exposure.
    """

    def __init__(self, solved: SolvedProgram, result: Result) -> None:
        """Rank by what was made of the exposures."""
        self._solved, self._result = solved, result
        asked = ((rule, requirements_of(rule.spec, pool=solved.table)) for rule in solved.rules)
        self.places = {rule: Place(rule, None, tuple(own)) for rule, own in asked}

    def ordered(self, row: int) -> list[type[Rule]]:
        """All rules, those first that an asker means."""
        return sorted(self._solved.rules, key=lambda rule: self.key(rule, row))

    def key(self, rule: type[Rule], row: int) -> tuple[object, ...]:
        """A sort key: rules that an asker means come first."""
        spec, pool, exposure = rule.spec, self._solved.pool, self._solved.exposure(row)
        missing = [each for each in self.places[rule].missing(exposure) if each.kind != "nearness"]
        atoms = [atom for each in missing for atom in failing(each.shown, exposure)]
        flags = {holds for leaf, holds in atoms if not columns_of(leaf).isdisjoint(PURPOSE)}
        codes = ((each, pool["program"].codes[row], pool[each].codes[row]) for each in ("exp_type", "obs_num"))
        took = [(spec.name, program, value) in self._took(column) for column, program, value in codes]
        noted = self._result.reasons.get(pool.file_names[row], "").startswith((f"{spec.name}:", f"{spec.name} "))
        explained = any(each.predicate in self._solved.notes for each in missing)
        meant = bool(missing) or not noted, True in flags, not took[0], not took[1], not explained, False in flags
        of_type = (each for each in spec.eligibility if columns_of(each) == {"exp_type"} and isinstance(each, OneOf))
        return *meant, len(columns_of(*atoms)), min((len(each.values) for each in of_type), default=inf), spec.name

    def is_likely(self, rule: type[Rule], row: int, refusal: Refusal) -> bool:
        """Whether a rule took the exposure's like or, in a candidate of the exposure, could be about it."""
        _, lacking, unlike, *_ = self.key(rule, row)
        kinds = {each.kind for each in refusal.reasons}
        own = "candidate" not in kinds and truth(as_anchor(rule.spec), self._solved.exposure(row))
        roles = {each.exptype for made in self._solved.with_rows(row) for each in made.members if each.row == row}
        # nobody misses what has joined its own group in another, or what only joins in other candidates
        elsewhere = "join" in kinds and (roles - {"science"} or "candidate" in kinds)
        return not (refusal.superseded or lacking or elsewhere) and (own or not unlike)

    @remembered
    def _took(self, column: str) -> frozenset[tuple[str, np.int32, np.int32]]:
        """The rules that took exposures, with the program of these and their values of a column, both as codes."""
        pool, made = self._solved.pool, self._result.associations
        programs, values = pool["program"].codes, pool[column].codes
        members = zip(made.words["asn_rule"].take(made.owners), made.rows[made.member].tolist(), strict=True)
        # files that a rule makes have row -1
        return frozenset((rule, programs[row], values[row]) for rule, row in members if row >= 0)
