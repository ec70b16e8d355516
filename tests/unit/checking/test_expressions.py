"""What expressions mean for one exposure and for two."""

from __future__ import annotations

import pytest

from rules.vocabulary import (
    Column,
    Comparable,
    MemberName,
    Predicate,
    absent,
    all_of,
    any_of,
    case,
    choose,
    close_on_sky,
    combination,
    contains,
    dither_overlap,
    first_given,
    in_candidate,
    mapped,
    not_,
    one_of,
    present,
    same,
    within,
)
from solver.checking import expressions

EXPOSURE = {"filter": "f1", "pupil": "", "grating": "g", "role": "background", "candidate_type": "group"}

VALUES: list[tuple[Comparable, str]] = [
    (Column("filter"), "f1"),
    (Column("pupil"), ""),
    (Column("nowhere"), ""),
    (first_given("pupil", "grating", "filter"), "g"),
    (first_given("pupil", "nowhere"), ""),
    (mapped("side", "filter", {"f1": "a"}), "a"),
    (mapped("side", "grating", {"f1": "a"}), "g"),
    (mapped("side", "grating", {"f1": "a"}, otherwise="b"), "b"),
    (mapped("side", "pupil", {"f1": "a"}, otherwise="b"), ""),
    (in_candidate("group", "000", otherwise="filter"), "000"),
    (in_candidate("mosaic", "000", otherwise="filter"), "f1"),
]


@pytest.mark.parametrize(("attribute", "expected"), VALUES, ids=repr)
def test_the_value_of_an_attribute(attribute: Comparable, expected: str) -> None:
    assert expressions.value(attribute, EXPOSURE) == expected


TABLE = combination("t", ("filter", "grating"), [("f1", "g"), ("f2", "h")])
TRUTHS: list[tuple[Predicate, bool]] = [
    (one_of("filter", "f1", "f2"), True),
    (one_of("filter", "f"), False),
    (one_of("pupil", "p"), False),
    (present("filter"), True),
    (present("pupil"), False),
    (absent("pupil"), True),
    (contains("filter", "1"), True),
    (contains("pupil", ""), False),
    (TABLE, True),
    (combination("t", ("filter", "grating"), [("f1", "h")]), False),
    (combination("t", ("pupil",), [("p",)]), False),
    (all_of(present("filter"), present("pupil")), False),
    (any_of(present("filter"), present("pupil")), True),
    (not_(one_of("pupil", "p")), True),
]


@pytest.mark.parametrize(("predicate", "expected"), TRUTHS, ids=repr)
def test_the_truth_of_a_predicate(predicate: Predicate, expected: bool) -> None:  # noqa: FBT001
    assert expressions.holds(predicate, EXPOSURE) is expected


def test_the_first_case_that_holds_decides() -> None:
    table = choose(
        case("no", present("pupil")), case(Column("filter"), present("grating")), case("late", present("filter")),
        otherwise="other",
    )  # fmt: skip
    assert expressions.choose(table, EXPOSURE) == "f1"
    assert expressions.choose(table, {}) == "other"


def test_the_suffix_shows_whether_integrations_are_apart() -> None:
    names = MemberName(choose(case("x1d", one_of("role", "background")), otherwise="cal"), one_of("filter", "f1"))
    assert expressions.suffix(names, EXPOSURE) == "x1dints"
    assert expressions.suffix(names, {"role": "science"}) == "cal"


def test_agreement() -> None:
    strict, optional = same("pupil"), same("pupil", optional=True)
    exempt = same("filter", unless="background")
    assert not expressions.meets(strict, EXPOSURE)
    assert expressions.meets(optional, EXPOSURE)
    assert expressions.meets(same("pupil", unless="background"), EXPOSURE)
    assert [expressions.shown(each, EXPOSURE) for each in (optional, exempt, same("filter"))] == ["", "", "f1"]
    assert expressions.agree("a", "a")
    assert expressions.agree("a", expressions.ANY)
    assert not expressions.agree("a", "b")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("1", "1.5", True), ("1", "1.6", False), ("1", "", False), ("nan", "1", False), ("x", "1", False)],
)
def test_numbers_near_each_other(one: str, other: str, expected: bool) -> None:  # noqa: FBT001
    assert expressions.are_near(within("expstart", 0.5), {"expstart": one}, {"expstart": other}) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("10", "0"), ("10.0027", "0"), True),
        (("10", "0"), ("10.0028", "0"), False),
        (("10", "60"), ("10.0055", "60"), True),
        (("10", "60"), ("10.0056", "60"), False),
        (("0.001", "0"), ("359.999", "0"), True),
        (("10", "90"), ("190", "90"), True),
    ],
)
def test_positions_near_each_other(one: tuple[str, str], other: tuple[str, str], expected: bool) -> None:  # noqa: FBT001
    places = [dict(zip(("targ_ra", "targ_dec"), place, strict=True)) for place in (one, other)]
    assert expressions.are_near(close_on_sky(arcseconds=10), places[0], places[1]) is expected


OVERLAP = dither_overlap(
    target="targetid",
    position="patt_num",
    subpixels=("subpxpts", "subpxpns"),
    points="numdthpt",
    unknown=True,
    neighbours=one_of("fxd_slit", "s"),
    of=5,
)


@pytest.mark.parametrize(
    ("one", "other", "changes", "expected"),
    [
        ("1", "2", {}, True),  # two subpixel positions of one
        ("1", "3", {}, False),
        ("1", "3", {"fxd_slit": "s"}, True),  # neighbours, and five positions
        ("1", "5", {"fxd_slit": "s"}, False),
        ("1", "3", {"fxd_slit": "s", "numdthpt": "4"}, False),
        ("1", "3", {"subpxpts": "", "subpxpns": "1"}, False),
        ("1", "3", {"subpxpts": "0"}, True),  # not known
        ("1", "x", {}, True),
        pytest.param("1", "2" * 5_000, {}, True, id="no number has so many digits"),
    ],
)
def test_overlap_of_dithers(one: str, other: str, changes: dict[str, str], expected: bool) -> None:  # noqa: FBT001
    usual = {"targetid": "1", "subpxpts": "2", "numdthpt": "10"} | changes
    nod, second = usual | {"patt_num": one}, usual | {"patt_num": other}
    assert expressions.overlap(OVERLAP, nod, second) is expected
    assert expressions.overlap(OVERLAP, nod, second | {"targetid": "2"})
