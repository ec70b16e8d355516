"""Associations that were made and not kept, with those that stand for them."""

from __future__ import annotations

from solver.explanation.cases import Case
from solver.explanation.facts import Superseded
from solver.explanation.scene import Scene
from solver.solving import Dropped


def superseded(case: Case) -> Superseded | None:
    """The first association of the rule with the exposure that was made and not kept."""
    for each in case.scene.result.dropped:
        if each.association.asn_rule == case.rule.spec.name and case.among([each.association]):
            return standing_in(case.scene, each)
    return None


def standing_in(scene: Scene, dropped: Dropped) -> Superseded:
    """An association that was not kept, with the one that was preferred to it."""
    made, kept = dropped.association, dropped.kept
    again = next((each for each in scene.result.dropped if each.association is kept), None)
    return Superseded(
        product=made.products[0].name,
        rule=made.asn_rule,
        candidate=made.asn_id,
        members=len(made.products[0].members),
        why=dropped.why,
        kept=kept.products[0].name,
        kept_rule=kept.asn_rule,
        kept_candidate=kept.asn_id,
        because=_because(dropped),
        again=None if again is None else standing_in(scene, again),
    )


def _because(dropped: Dropped) -> str:
    """What decided between two associations; see `solver.solving.pruning`."""
    made, kept = dropped.association, dropped.kept
    if dropped.why != "same members":
        more, fewer = (len(each.products[0].members) for each in (kept, made))
        return f"one name is one file, and {more} members are more than {fewer}"
    if made.asn_id[:1] != kept.asn_id[:1]:
        return "observations come before other candidates, and those before discovery"
    if made.asn_id != kept.asn_id:
        return "of candidates of one kind the greater number counts"
    return "of rules for one candidate the one that sorts last counts"
