"""What a rule asks of one exposure at a place, as predicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from rules.rule import Rule
from rules.vocabulary import (
    TRUE,
    CloseOnSky,
    Column,
    Combination,
    OneOf,
    absent,
    at_least,
    close_on_sky,
    in_candidate,
    join,
    one_of,
    present,
    same,
    within,
)
from rules.vocabulary.algebra import Known, columns_of, conjunction, negation, truth
from solver.pools import DISCOVERED, DISCOVERED_ID, Candidate, Evaluation
from solver.solving import (
    CANDIDATES,
    Requirement,
    agreeing_with,
    differing,
    having_role,
    is_in,
    listing,
    requirements_of,
    sharing,
)
from tests.unit.small import Row, candidates, make_rule, pool_of, row

F1 = {"filter": "F1"}


def met(requirement: Requirement, *rows: Row) -> list[bool]:
    """Which of the exposures meet a requirement."""
    found: list[bool] = Evaluation(pool_of(*rows)).holds(requirement.predicate).tolist()
    return found


def only(rule: type[Rule], kind: str = "", rows: Sequence[Row] = (), anchors: Sequence[int] = ()) -> Requirement:
    """The only requirement of a rule, at a place where some of the exposures anchor a group."""
    (found,) = requirements_of(rule.spec, kind, Evaluation(pool_of(*rows)) if rows else None, anchors)
    return found


ROWS = [row("a", **F1), row("b"), row("c", filter=""), row("d", is_psf="T", filter="")]


@pytest.mark.parametrize(
    ("constraint", "alone", "with_a"),
    [
        (same("filter"), [True, True, False, False], [True, False, False, False]),
        (same("filter", optional=True), [True] * 4, [True, False, True, True]),
        (same("filter", unless="psf"), [True, True, False, True], [True, False, False, True]),
        (same("filter", only="psf"), [True] * 3 + [False], [True] * 3 + [False]),
    ],
)
def test_agreements(constraint: object, alone: list[bool], with_a: list[bool]) -> None:
    rule = make_rule(constraint)  # type: ignore[arg-type] # parameters of several types
    assert met(only(rule), *ROWS) == alone
    assert met(only(rule, "", ROWS, [0]), *ROWS) == with_a


def test_an_anchor_without_a_value_binds_nobody() -> None:
    assert met(only(make_rule(same("filter", optional=True)), "", ROWS, [2]), *ROWS) == [True] * 4


def test_in_some_candidates_nothing_has_to_agree() -> None:
    rule = make_rule(same(in_candidate("mosaic", "000", otherwise="filter")))
    assert met(only(rule, "mosaic", ROWS, [0]), *ROWS) == [True] * 4
    assert met(only(rule, "group", ROWS, [0]), *ROWS) == [True, False, False, False]


def test_constraints_about_groups_ask_nothing() -> None:
    condition = absent("is_psf")
    rule = make_rule(same("filter"), condition, at_least(2), join("psf", sharing="obs_num"))
    assert [each.kind for each in requirements_of(rule.spec)] == ["agreement", "condition"]
    assert [each.constraint for each in requirements_of(rule.spec)] == [same("filter"), condition]


def test_numbers_near_those_of_all_anchors() -> None:
    rows = [row(str(number), expstart=str(start)) for number, start in enumerate(["1", "1.5", "2.2", "x", "3"])]
    rule = make_rule(same("program"), within("expstart", 1))
    _, alone = requirements_of(rule.spec, "", Evaluation(pool_of(*rows)))
    _, near = requirements_of(rule.spec, "", Evaluation(pool_of(*rows)), [0, 1])
    assert met(alone, *rows) == [True, True, True, False, True]
    assert met(near, *rows) == [True, True, False, False, False]


def test_a_position_may_come_near_by_one_coordinate() -> None:
    rows = [row("a", targ_ra="10", targ_dec="20"), row("b", targ_ra="50", targ_dec="20.0001")]
    rule = make_rule(same("program"), close_on_sky(arcseconds=1))
    _, near = requirements_of(rule.spec, "", Evaluation(pool_of(*rows)), [0])
    assert isinstance(near.stated, CloseOnSky)
    assert met(near, *rows) == [True, False]
    assert met(near, row("b", targ_ra="10", targ_dec="20.0001")) == [True]


def test_listing_a_candidate() -> None:
    rows = [
        row("a", asn_candidate=candidates("c1000 group", "o001 observation")),
        row("b", asn_candidate="[(\"c1000\",'GROUP')]"),
        row("c", asn_candidate=candidates("c1000 background")),
        row("d", asn_candidate=""),
    ]
    table = Evaluation(pool_of(*rows))
    listed = listing(Candidate("1", "c1000", "group"), table, "in candidate c1000 (group)", "")
    assert met(listed, *rows) == [True, True, False, False]
    assert met(listed, row("e", asn_candidate=candidates("c1000 group", "o009 observation"))) == [True]
    discovered = Candidate("1", DISCOVERED_ID, DISCOVERED)
    assert met(listing(discovered, table, "", ""), *rows) == [True] * 4


def test_roles_and_differences() -> None:
    rule = make_rule(same("program"))
    assert met(having_role(rule.spec, ["science"], "", ""), *ROWS) == [True, True, True, False]
    assert met(differing(same("filter").attribute, "f1", ""), *ROWS) == [False, True, False, False]  # type: ignore[arg-type] # a column


def test_a_requirement_tells_what_states_it_and_how_it_is_shown() -> None:
    near, tile = within("expstart", 1), same(in_candidate("mosaic", "000", otherwise="targetid"))
    band = one_of("band", "short")
    rule = make_rule(same("filter"), band, near, tile)
    none = Combination(str(near), (Column("expstart"),), ())
    given, number = present("filter"), present("expstart")
    assert [*requirements_of(rule.spec, "mosaic")] == [
        Requirement("agreement", given, same("filter"), "Asn_Test", given),
        Requirement("condition", band, band, "Asn_Test", band),
        Requirement("nearness", number, near, "Asn_Test", none),
        Requirement("agreement", TRUE, tile, "Asn_Test", TRUE),
    ]
    assert [repr(each.predicate) for each in requirements_of(rule.spec)][3] == "present('targetid')"
    psf = same("filter", unless="psf")
    assert [str(each.shown) for each in requirements_of(make_rule(psf).spec)] == ["filter is given"]
    rows = [row(name, expstart=start) for name, start in zip("abc", "132", strict=True)]
    *_, found = requirements_of(make_rule(same("program"), near).spec, "", Evaluation(pool_of(*rows)), [1, 0, 1])
    assert found.shown == replace(none, rows=(("3",), ("1",)))
    assert found.predicate == replace(none, rows=(("2",),))
    *_, found = requirements_of(make_rule(same("program"), near).spec, "", Evaluation(pool_of(*rows)), [])
    assert [str(found.predicate), found.shown] == ["start of the exposure is one of 1, 2, 3", none]
    assert Requirement("nearness", number, near, "Asn_Test", none).constraint == near


def test_roles_candidates_and_differences_tell_what_they_are_and_how_they_are_shown() -> None:
    stated, spec = ("of its own", "Asn_Test"), make_rule(same("program")).spec
    table = Evaluation(pool_of(row("a", asn_candidate=candidates("c1000 group"))))
    group = listing(Candidate("1", "c1000", "group"), table, *stated)
    assert (group.kind, group.stated, group.by) == ("candidate", *stated)
    assert group.shown == OneOf(CANDIDATES, ("c1000 (group)",))
    assert listing(Candidate("1", "", DISCOVERED), table, *stated) == (
        "candidate", TRUE, *stated, OneOf(CANDIDATES, ()),
    )  # fmt: skip
    role = having_role(spec, ["psf"], *stated)
    assert role.constraint is None
    assert role == ("role", is_in(spec.roles, "psf"), *stated, one_of("role", "psf"))
    another = negation(one_of("filter", "f1"))
    assert differing(Column("filter"), "f1", "Asn_Test") == (
        "difference", conjunction([present("filter"), another]), "another filter", "Asn_Test", another,
    )  # fmt: skip


def test_who_agrees_with_an_exposure_and_who_shares_its_values() -> None:
    target = same(in_candidate("mosaic", "000", otherwise="targetid"))
    rule = make_rule(same("filter"), same("pupil", optional=True), same("band", unless="psf"), target)
    exposure = {"filter": "f1", "pupil": "", "band": "b", "targetid": "1", "obs_num": "2", "visit": ""}
    said = "((filter is f1 or filter is not given) and (band is b or band is not given or the PSF flag is set) and "
    assert str(agreeing_with(rule.spec, exposure)) == f"{said}(target is 1 or target is not given))"
    psf = agreeing_with(rule.spec, exposure | {"is_psf": "t"})
    assert str(psf) == "((filter is f1 or filter is not given) and (target is 1 or target is not given))"
    either = join("psf", sharing=("obs_num", "visit"), else_sharing=("filter", "pupil"))
    assert str(sharing(either, exposure)) == "filter is f1"
    assert str(sharing(join("psf", sharing=("obs_num", "filter")), exposure)) == "(observation is 2 and filter is f1)"


@pytest.mark.parametrize(
    ("known", "possible"), [({"exp_type": "mir_image"}, None), ({"exp_type": "mir_mrs"}, False), ({}, None)]
)
def test_what_is_fixed_may_decide(known: Known, possible: bool | None) -> None:  # noqa: FBT001 (a table)
    rule = make_rule(same("program"), one_of("exp_type", "mir_image"), one_of("filter", "f1"))
    found = [truth(each.predicate, known) for each in requirements_of(rule.spec)]
    assert (False if False in found else None if None in found else True) is possible
    assert columns_of(*(each.predicate for each in requirements_of(rule.spec))) == {"program", "exp_type", "filter"}
