"""Notes on conditions, for explanations."""

from __future__ import annotations

from rules import MISSION, RuleSet


def test_every_note_is_about_a_condition_that_a_rule_states() -> None:
    stated = {each.constraint for rule in MISSION for each in rule.spec.stated}
    assert MISSION.notes
    assert MISSION.notes.keys() <= stated


def test_a_set_has_the_notes_of_its_sources() -> None:
    assert MISSION.of_level(3).notes == MISSION.notes
    assert RuleSet(MISSION.rules).notes == {}
