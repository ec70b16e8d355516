"""Why two exposures are together, or not."""

from __future__ import annotations

from collections.abc import Iterator

from rules.rule import Rule
from rules.vocabulary import Column, Join, OneSeed
from solver.associations import Association
from solver.explanation.facts import Alone, Apart, Obstacle, PairExplanation, Separation, Together
from solver.explanation.needs import columns_of
from solver.explanation.places import Agrees, Condition, InRole, IsNear, View, kind_of, listed, met, said
from solver.explanation.placing import admission, conditions, declared_by, obstacles, places_of_its_own
from solver.explanation.scene import IDENTITY, Scene
from solver.explanation.superseded import standing_in
from solver.explanation.why_not import lacks
from solver.pools import Candidate

Pair = tuple[int, int]


def pair_explanation(scene: Scene, pair: Pair) -> PairExplanation:
    """Why two exposures of a program are together, or not."""
    together: list[Together] = []
    apart: list[Apart] = []
    only: tuple[list[Alone], list[Alone]] = ([], [])
    for rule in scene.rules:
        shared = [each for each in scene.kept(rule) if each.rows.issuperset(pair)]
        qualify = [_qualifies(scene, rule, row) for row in pair]
        takes = [
            mine or _join(rule, scene.view(rule), row) is not None for mine, row in zip(qualify, pair, strict=True)
        ]
        if shared:
            together += (_together(each, pair) for each in shared)
        elif any(qualify) and all(takes):
            apart.append(_apart(scene, rule, pair))
        elif any(qualify):
            which = qualify.index(True)
            only[which].append(Alone(rule.spec.name, _unqualified(scene, rule, pair[1 - which])))
    one, other = (scene.pool.file_names[row] for row in pair)
    return PairExplanation((one, other), tuple(together), tuple(apart), tuple(only[0]), tuple(only[1]))


def strangers(files: tuple[str, str], programs: tuple[str, str]) -> PairExplanation:
    """Why two exposures of different programs are never together."""
    never = Separation("agreement", "same program", "", {"program": programs})
    return PairExplanation(files, (), (Apart("", (never,), None),), (), ())


def _together(association: Association, pair: Pair) -> Together:
    (product,) = association.products
    one, other = (next(each.exptype for each in product.members if each.row == row) for row in pair)
    return Together(association.file_name, product.name, association.asn_rule, association.asn_id, (one, other))


def _qualifies(scene: Scene, rule: type[Rule], row: int) -> bool:
    """Whether an exposure qualifies in one of its candidates."""
    view = scene.view(rule)
    inside = (each for each in scene.admits(rule) if row in scene.candidates[each])
    return any(all(met(each, view)[row] for each in conditions(rule, where.type)) for where in inside)


def _unqualified(scene: Scene, rule: type[Rule], row: int) -> tuple[Obstacle, ...]:
    """What an exposure does not fulfil of what a rule asks of each by itself."""
    place = places_of_its_own(scene, rule, row)[0]
    missing = [each for each in place.missing(scene.view(rule), row) if not isinstance(each, InRole)]
    return obstacles(scene.pool, place, row, missing, IDENTITY)


def _join(rule: type[Rule], view: View, row: int) -> Join | None:
    """The relation by which an exposure may join groups."""
    joins = (each for each in rule.spec.joins if each.role == view.roles[row])
    return next((each for each in joins if each.when is None or view.plain.holds(each.when)[row]), None)


def _apart(scene: Scene, rule: type[Rule], pair: Pair) -> Apart:
    """What keeps two exposures apart that a rule takes."""
    name = rule.spec.name
    for each in scene.result.dropped:
        if each.association.asn_rule == name and each.association.rows.issuperset(pair):
            return Apart(name, (), standing_in(scene, each))
    both = [each for each in scene.admits(rule) if scene.candidates[each].issuperset(pair)]
    # what has to agree may depend on the type of the candidate: the least that keeps them apart tells it
    of_each_type = {each.type: each for each in reversed(both)}
    places: list[Candidate | None] = [each for each in both if of_each_type[each.type] is each]
    found = min((list(_between(scene, rule, pair, each)) for each in places or [None]), key=len)
    return Apart(name, tuple(found or _in_group(scene, rule, pair)), None)


def _between(scene: Scene, rule: type[Rule], pair: Pair, candidate: Candidate | None) -> Iterator[Separation]:
    """The constraints between the two themselves."""
    view = scene.view(rule)
    stated, by = admission(rule)
    if candidate is None:
        one, other = (listed(cell) for cell in _values(view, "asn_candidate", pair))
        yield Separation("candidate", stated, by, {"candidates": (one, other)})
    joins = dict.fromkeys(join for row in pair if (join := _join(rule, view, row)))
    for each in rule.spec.stated:
        if isinstance(each.constraint, Join) and each.constraint in joins:
            shared = {column.label: _values(view, column.name, pair) for column in each.constraint.sharing}
            differing = {label: (one, other) for label, (one, other) in shared.items() if one != other or not one}
            if differing:
                yield Separation("join", str(each.constraint), each.by, differing)
    if joins:
        return
    kind = candidate.type if candidate else ""
    for condition in conditions(rule, kind, view, pair[:1]):
        if not met(condition, view)[pair[1]]:
            yield Separation(kind_of(condition), said(condition), condition.by, dict(_both(condition, view, pair)))
    yield from _cardinality(rule, view, pair)


def _both(condition: Condition, view: View, pair: Pair) -> Iterator[tuple[str, tuple[str, str]]]:
    """What the two have for what a condition asks for."""
    match condition:
        case Agrees(same, kind):
            values = view.values(same, kind)
            yield same.label, (values[pair[0]], values[pair[1]])
        case IsNear(near):
            yield from ((column.label, _values(view, column.name, pair)) for column in near.columns)
        case _:
            pass


def _cardinality(rule: type[Rule], view: View, pair: Pair) -> Iterator[Separation]:
    """Whether one of them may be the exposure that a group is about, and the other fit it."""
    cardinality = rule.spec.cardinality
    if not isinstance(cardinality, OneSeed):
        return
    by = declared_by(rule, "cardinality")
    one, other = view.roles[pair[0]], view.roles[pair[1]]
    if not any(
        seed == cardinality.role and fitting in cardinality.fitting for seed, fitting in ((one, other), (other, one))
    ):
        yield Separation("role", str(cardinality), by, {"role": (one, other)})
    for column in cardinality.differing:
        mine, theirs = _values(view, column.name, pair)
        if mine == theirs or not (mine and theirs):
            yield Separation("difference", f"another {column.label}", by, {column.label: (mine, theirs)})


def _in_group(scene: Scene, rule: type[Rule], pair: Pair) -> Iterator[Separation]:
    """What becomes of a group that has both: it lacks something, or its products have one of them each."""
    groups = [each for each in scene.without(rule, (), finalize=False) if each.rows.issuperset(pair)]
    if not groups:
        return
    lacking = min((list(lacks(scene, rule, group)) for group in groups), key=len)
    for stated, _ in lacking:
        yield Separation("validity", str(stated.constraint), stated.by, {})
    if not lacking:
        selection, expansion = rule.spec.selection, rule.spec.expansion
        roles = {each.exptype for each in groups[0].products[0].members if each.row in pair}
        selected = selection is not None and selection.role in roles
        declaration = selection if selected else expansion
        values = {Column(name).label: _values(scene.view(rule), name, pair) for name in columns_of(declaration)}
        differing = {label: each for label, each in values.items() if any(each)}
        by = declared_by(rule, "selection" if selected else "expansion")
        yield Separation("selection" if selected else "expansion", str(declaration), by, differing)


def _values(view: View, name: str, pair: Pair) -> tuple[str, str]:
    """What the two have in a column."""
    column = view.plain.values(Column(name))
    return column[pair[0]], column[pair[1]]
