"""Why a rule did not take an exposure, and the nearest fix.

What keeps it out is a *minimal correction set*: constraints without which the rule would take it, while it would
not if it lacked only some of them. The fix is the smallest change of the exposure's columns instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from rules.rule import Rule, Stated
from rules.vocabulary import AtLeast, Constraint, DirectImage, Has, OneSeed, Select, Spans
from solver.associations import Association
from solver.candidates import Candidate
from solver.explain.facts import Fix, Need, Obstacle, Refusal, Superseded
from solver.explain.needs import columns_of
from solver.explain.places import Agrees, Condition, InRole, IsNear, Place, Qualifies, Shares, View, can_meet, deciding
from solver.explain.placing import agreeing, declared_by, domains, obstacles, places_in, places_of_its_own, precedence
from solver.explain.repair import MOST, Changes, least, repair
from solver.explain.scene import IDENTITY, Scene, fixed_columns
from solver.prune import Dropped

#: So many variants of an exposure are solved for one rule, at most.
_TRIES = 20


@dataclass(frozen=True, eq=False)
class Case:
    """An exposure under a rule that did not take it.

    Attributes:
        scene: the exposures around it.
        rule: the rule.
        row: the exposure.
        only: the candidate in question; None for all.
        fixed: the columns that a fix cannot change.
    """

    scene: Scene
    rule: type[Rule]
    row: int
    only: Candidate | None
    fixed: frozenset[str]

    @cached_property
    def view(self) -> View:
        """The exposure by itself, in row 0: conditions on one exposure are soon found out."""
        return View(self.rule.spec, self.scene.alone(self.row))

    @cached_property
    def role(self) -> str:
        """What the exposure is under the rule."""
        return self.view.roles[0]

    @cached_property
    def may_join(self) -> bool:
        """Whether exposures in its role join groups."""
        return self.role in {join.role for join in self.rule.spec.joins}

    def is_open(self, place: Place) -> bool:
        """Whether a place is for exposures of this kind, whatever else they have."""
        return all(can_meet(condition, self.view, 0, self.fixed) for condition in place.conditions)

    def among(self, associations: Sequence[Association]) -> list[Association]:
        """Those of the associations that have the exposure, in the candidate in question."""
        ids = {self.only.id} if self.only else {each.asn_id for each in associations}
        return [each for each in associations if each.asn_id in ids and self.row in each.rows]

    def taken_without(self, constraints: Collection[Constraint]) -> bool:
        """Whether the rule would take the exposure if it did not state these constraints."""
        return bool(self.among(self.scene.without(self.rule, constraints, finalize=True)))

    def groups_without(self, constraints: Collection[Constraint]) -> list[Association]:
        """The groups that would have the exposure then, valid or not."""
        return self.among(self.scene.without(self.rule, constraints, finalize=False))


def case_of(scene: Scene, rule: type[Rule], row: int, only: Candidate | None = None, *, any_kind: bool = False) -> Case:
    """An exposure under a rule; with `any_kind` as if it might be of another kind, too."""
    return Case(scene, rule, row, only, IDENTITY if any_kind else fixed_columns(scene.pool, row))


def refusal(case: Case) -> Refusal | None:
    """Why the rule did not take the exposure; None if it is for other kinds of exposures."""
    spec = case.rule.spec
    lost = _superseded(case)
    if lost is not None:
        return Refusal(spec.name, spec.summary, (), lost.kept, None, lost)
    own, agree, join = _places(case)
    if not (own or join):
        return None
    told, product = _kept_out(case, own, agree, join)
    return Refusal(spec.name, spec.summary, told, product, _nearest_fix(case, [*agree, *own, *join]), None)


def nearness(found: Refusal) -> tuple[object, ...]:
    """Sort key of refusals: by the columns to change, the constraints in the way, the rule."""
    changes = 0 if found.superseded else len(found.fix.changes) if found.fix else MOST + 1
    return changes, len(found.obstacles), found.rule


# --- Associations that were not kept ------------------------------------------------------------


def _superseded(case: Case) -> Superseded | None:
    """The first association of the rule with the exposure that was made and not kept."""
    for each in case.scene.result.dropped:
        made = each.association
        if made.asn_rule == case.rule.spec.name and case.among([made]):
            return standing_in(case.scene, each)
    return None


def standing_in(scene: Scene, dropped: Dropped) -> Superseded:
    """An association that was not kept, with the one that stands for it in the end."""
    made, kept = dropped.association, dropped.kept
    again = {id(each.association): each.kept for each in scene.result.dropped}
    while id(kept) in again:
        kept = again[id(kept)]
    return Superseded(
        product=made.products[0].name,
        rule=made.asn_rule,
        candidate=made.asn_id,
        members=len(made.products[0].members),
        kept=kept.products[0].name,
        kept_rule=kept.asn_rule,
        kept_candidate=kept.asn_id,
        why=dropped.why,
        because=_because(dropped),
    )


def _because(dropped: Dropped) -> str:
    """What decided between two associations; see `solver.prune`."""
    made, kept = dropped.association, dropped.kept
    if dropped.why != "same members":
        more, fewer = (len(each.products[0].members) for each in (kept, made))
        return f"one name is one file, and {more} members are more than {fewer}"
    if made.asn_id[:1] != kept.asn_id[:1]:
        return "observations come before other candidates, and those before discovery"
    if made.asn_id != kept.asn_id:
        return "of candidates of one kind the greater number counts"
    return "of rules for one candidate the one that sorts last counts"


# --- Places -------------------------------------------------------------------------------------


def _places(case: Case) -> tuple[list[Place], list[Place], list[Place]]:
    """The places of its own, those where it would agree with others, and those where it would join them."""
    own = places_of_its_own(case.scene, case.rule, case.row, case.only)
    there = [
        place for each in case.scene.kept(case.rule, case.only) for place in places_in(case.scene, case.rule, each)
    ]
    join = [place for place in there if any(isinstance(each, Shares) for each in place.conditions)]
    if case.is_open(own[0]):
        return own, [place for place in there if place not in join], join
    return [], [], join if case.may_join else []


# --- What keeps it out --------------------------------------------------------------------------


def _kept_out(
    case: Case, own: Sequence[Place], agree: Sequence[Place], join: Sequence[Place]
) -> tuple[tuple[Obstacle, ...], str]:
    """What keeps the exposure out of the place that asks the least, and the product that is there."""
    within = kept_in_its_groups(case, ())
    if within:
        return within, ""
    cardinality = case.rule.spec.cardinality
    fits = isinstance(cardinality, OneSeed) and case.role in cardinality.fitting
    there = [*(agree if fits or not isinstance(cardinality, OneSeed) else ()), *(join if case.may_join else ())]
    nearest = min(there, key=lambda place: len(place.missing(case.view, 0)), default=None)
    if nearest is None or not (fits or case.may_join):
        place = min(own, key=lambda each: len(each.missing(case.view, 0)))
        told = _kept_from_its_own(case, place)
        if nearest is None or len(told) <= len(nearest.missing(case.view, 0)):
            return told, ""
    missing = _minimal(case, nearest.missing(case.view, 0))
    told = obstacles(case.scene.pool, nearest, case.row, missing, case.fixed)
    waived = _constraints(missing)
    if waived is not None:
        told += kept_in_its_groups(case, waived)
    return told, nearest.association.products[0].name if nearest.association else ""


def _kept_from_its_own(case: Case, place: Place) -> tuple[Obstacle, ...]:
    """What keeps the exposure from a group of its own: conditions, then what that group lacks."""
    missing = place.missing(case.view, 0)
    told = obstacles(case.scene.pool, place, case.row, missing, case.fixed)
    waived = _constraints(missing)
    return told if waived is None else (*told, *kept_in_its_groups(case, waived))


def kept_in_its_groups(case: Case, waived: Sequence[Constraint]) -> tuple[Obstacle, ...]:
    """What the groups that have the exposure lack, and what leaves it out of their products; nothing if none has it.

    Args:
        case: the exposure under the rule.
        waived: constraints that the rule is solved without.
    """
    if case.taken_without(waived):
        return ()
    groups = case.groups_without(waived)
    if not groups:
        return ()
    lacking = min((list(lacks(case.scene, case.rule, group)) for group in groups), key=len)
    told = tuple(obstacle for _, obstacle in lacking)
    if case.taken_without([*waived, *(stated.constraint for stated, _ in lacking)]):
        return told
    return (*told, left_out(case, groups[0]))


def _minimal(case: Case, missing: list[Condition]) -> list[Condition]:
    """The conditions without those that can stay: for each of them the rule is solved without the others."""
    kept = list(missing)
    for each in missing if len(missing) > 1 else ():
        rest = [other for other in kept if other is not each]
        waived = _constraints(rest)
        if waived is not None and case.taken_without(waived):
            kept = rest
    return kept


def _constraints(conditions: Sequence[Condition]) -> list[Constraint] | None:
    """The constraints that conditions come from; None if there is one that a rule cannot be without."""
    found: list[Constraint] = []
    for condition in conditions:
        match condition:
            case Qualifies(constraint) | Agrees(constraint) | IsNear(constraint):
                found.append(constraint)
            case _:
                return None
    return found


def lacks(scene: Scene, rule: type[Rule], group: Association) -> Iterator[tuple[Stated, Obstacle]]:
    """What a group would have to show and does not."""
    candidate = scene.candidate_of(group, rule)
    rows = agreeing(rule, candidate.type, scene.view(rule), sorted(group.rows))
    for stated in rule.spec.stated:
        need = _lack(scene, group, candidate, rows, stated.constraint)
        if need is not None:
            yield stated, Obstacle("validity", str(stated.constraint), stated.by, (need,))


def _lack(
    scene: Scene, group: Association, candidate: Candidate, rows: Sequence[int], asked: Constraint
) -> Need | None:
    members = group.products[0].members
    match asked:
        case Has(role, types) if not types or candidate.type in types:
            roles = sorted({member.exptype for member in members})
            return None if role in roles else Need("role", (), ", ".join(roles), "including", (role,))
        case AtLeast(number) if len(members) < number:
            return Need("members", (), str(len(members)), "at least", (str(number),))
        case Spans(column, number, types) if candidate.type in types:
            values = sorted({scene.pool[column.name][row] for row in rows} - {""})
            need = Need(column.label, (column.name,), ", ".join(values), "at least", (str(number),))
            return need if len(values) < number else None
        case _:
            return None


def left_out(case: Case, group: Association) -> Obstacle:
    """What leaves the exposure out of the products of a group that has it."""
    spec = case.rule.spec
    role = next(member.exptype for member in group.products[0].members if member.row == case.row)
    if spec.selection is not None and role == spec.selection.role:
        needs = tuple(_unlike(case, spec.selection, group))
        return Obstacle("selection", str(spec.selection), declared_by(case.rule, "selection"), needs)
    return Obstacle("expansion", str(spec.expansion), declared_by(case.rule, "expansion"), ())


def _unlike(case: Case, selection: Select, group: Association) -> Iterator[Need]:
    """In what an exposure that was not selected differs from those that the selection is for."""
    rows = [each.row for each in group.products[0].members if each.exptype == selection.about and each.row is not None]
    for column in (selection.target, selection.index):
        values = case.scene.pool[column.name]
        wanted = tuple(dict.fromkeys(values[row] for row in rows if values[row]))
        if wanted and values[case.row] not in wanted:
            yield Need(column.label, (column.name,), values[case.row], "one of", wanted)


# --- The nearest fix ----------------------------------------------------------------------------


def _nearest_fix(case: Case, places: Sequence[Place]) -> Fix | None:
    """The smallest change of columns by which the rule takes the exposure; of equal ones into what is there first.

    Cost: a search for each place whose conditions leave it open, and a solution of the surroundings for each
    variant that meets all of them.
    """
    spec, pool = case.rule.spec, case.scene.pool
    exposure = {name: column[case.row] for name, column in pool.columns.items()}
    selecting = (*columns_of(spec.selection), *columns_of(spec.expansion))
    open_ = [place for place in map(_as_listed, places) if place is not None]
    bounds = [
        least([frozenset(deciding(each, spec)) - case.fixed for each in place.missing(case.view, 0)]) for place in open_
    ]
    landed = _Landed(case)
    for size in range(1, MOST + 1):
        for place, bound in zip(open_, bounds, strict=True):
            found = None if bound > size else repair(
                place, exposure, domains(pool, place, case.row),
                changes=size, fixed=case.fixed, outcome=partial(landed.lands, place), selecting=selecting,
            )  # fmt: skip
            if found is not None:
                return landed.fix(place, found)
    return None


def _as_listed(place: Place) -> Place | None:
    """The place as it is for exposures that its products list; None if they list none."""
    expansion = place.rule.spec.expansion
    if not isinstance(expansion, DirectImage):
        return place
    asked: list[Condition] = []
    for each in place.conditions:
        if isinstance(each, InRole):
            roles = tuple(role for role in each.roles if role != expansion.role)
            if not roles:
                return None
            asked.append(replace(each, roles=roles))
        else:
            asked.append(each)
    return replace(place, conditions=tuple(asked))


class _Landed:
    """Solves variants of an exposure, each once, and no more than `_TRIES`."""

    def __init__(self, case: Case) -> None:
        """Nothing is solved yet."""
        self._case = case
        self._known: dict[tuple[Place, tuple[tuple[str, str], ...]], Fix | None] = {}

    def fix(self, place: Place, changes: Changes) -> Fix | None:
        """What becomes of the exposure with these changes, if it is taken at the place."""
        key = place, tuple(sorted(changes.items()))
        if key not in self._known:
            if not changes or len(self._known) == _TRIES:
                return None
            self._known[key] = self._case.scene.landing(place, self._case.row, changes)
        return self._known[key]

    def lands(self, place: Place, changes: Changes) -> bool:
        """Whether the exposure is taken then."""
        return self.fix(place, changes) is not None
