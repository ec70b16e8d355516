"""Ranking: which rules an asker means who finds an exposure left out.

First come rules that took exposures of the same type, or of the same observation, then those for few exposure types.
Rules that are only for exposures with a flag that this one does not have come last.
"""

from __future__ import annotations

from functools import cached_property

from rules.rule import Rule
from rules.vocabulary import Column, OneOf
from rules.vocabulary.algebra import columns_of, truth
from solver.explanation.facts import FLAGS, Refusal
from solver.explanation.places import NOWHERE, Place
from solver.explanation.reasons import failing
from solver.explanation.solved import SolvedProgram
from solver.solving import Result, as_anchor, requirements_of

#: More exposure types than a rule names.
_MANY = 1_000

#: Columns that say what an exposure is for.
PURPOSE = frozenset({*FLAGS, "pntgtype", "visitype", "dms_note"})


class Ranking:
    """Ranks the rules that did not take an exposure."""

    def __init__(self, solved: SolvedProgram, result: Result) -> None:
        """Rank by what was made of the exposures."""
        self._solved, self._result = solved, result

    def key(self, rule: type[Rule], row: int) -> tuple[object, ...]:
        """A sort key: rules that an asker means come first."""
        spec, pool, exposure = rule.spec, self._solved.pool, self._solved.exposure(row)
        place = Place(rule, NOWHERE, None, tuple(requirements_of(spec)))
        missing = [each for each in place.missing(exposure) if each.kind != "nearness"]
        atoms = [atom for each in missing for atom in failing(each.shown, exposure)]
        flags = {holds for leaf, holds in atoms if not columns_of(leaf).isdisjoint(PURPOSE)}
        took = [(spec.name, pool["program"][row], each) in self._took for each in self._like(row)]
        noted = self._result.reasons.get(pool.file_names[row], "").startswith((f"{spec.name}:", f"{spec.name} "))
        explained = any(each.predicate in self._solved.notes for each in missing)
        meant = bool(missing) or not noted, True in flags, not took[0], not took[1], not explained, False in flags
        return *meant, _breadth(rule), len(missing), spec.name

    def is_likely(self, rule: type[Rule], row: int, refusal: Refusal) -> bool:
        """Whether a rule took the exposure's like or, in a candidate of the exposure, could be about it."""
        _, lacking, unlike, *_ = self.key(rule, row)
        listed = all(each.kind != "candidate" for each in refusal.reasons)
        own = listed and truth(as_anchor(rule.spec), self._solved.exposure(row))
        return refusal.superseded is None and not lacking and (own or not unlike)

    @cached_property
    def _took(self) -> set[tuple[str, str, str]]:
        """For rules and programs, the exposure types and the observations that they took."""
        made, pool = self._result.associations, self._solved.pool
        rules, rows = [*made.words["asn_rule"]], made.rows[made.member].tolist()
        pairs = {(rules[owner], row) for owner, row in zip(made.owners.tolist(), rows, strict=True) if row >= 0}
        return {(rule, pool["program"][row], each) for rule, row in pairs for each in self._like(row)}

    def _like(self, row: int) -> tuple[str, str]:
        """What exposures like one have."""
        pool = self._solved.pool
        return f"type {pool['exp_type'][row]}", f"observation {pool['obs_num'][row]}"


def _breadth(rule: type[Rule]) -> int:
    """The number of exposure types that a rule is for."""
    asked = (each for each in rule.spec.eligibility if isinstance(each, OneOf) and each.attribute == Column("exp_type"))
    return min((len(each.values) for each in asked), default=_MANY)
