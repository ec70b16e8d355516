"""Predicates taken apart: what fails, what decides, what could hold."""

from __future__ import annotations

import pytest

from rules.vocabulary import (
    Predicate,
    absent,
    all_of,
    any_of,
    combination,
    contains,
    first_given,
    mapped,
    not_,
    one_of,
    present,
)
from rules.vocabulary.algebra import Whole
from solver.explanation.obstacles import decisive, failing, needs

IMAGE, SPECTRUM = one_of("exp_type", "mir_image"), one_of("exp_type", "mir_mrs")
F1, F2 = one_of("filter", "f1"), one_of("filter", "f2", "f3")
PATH = combination("paths", ("filter", "grating"), [("f1", "g1"), ("f1", "g2"), ("f2", "g2")])
EITHER = mapped("slit", "fxd_slit", {"s1": "s1-s2", "s2": "s1-s2"})
SIDE = mapped("side", "fxd_slit", {"s1": "b"}, otherwise="a")


def told(predicate: Predicate, now: dict[str, str], then: dict[str, str]) -> list[str]:
    """What would have to change, where the exposure could be another."""
    one, other = Whole(now), Whole(now | then)
    found = needs(failing(predicate, one, other), one, other)
    return [f"{each.attribute}: {each.has or '-'} {each.relation} {'/'.join(each.values)}".rstrip() for each in found]


#: predicate, what the exposure has, what it could have instead, what it needs
FAILING: list[tuple[Predicate, dict[str, str], dict[str, str], list[str]]] = [
    (F1, {"filter": "f2"}, {"filter": "f1"}, ["filter: f2 one of f1"]),
    (F2, {}, {"filter": "f3"}, ["filter: - one of f2/f3"]),
    (present("bkgdtarg"), {}, {"bkgdtarg": "t"}, ["background flag: - given"]),
    (absent("bkgdtarg"), {"bkgdtarg": "t"}, {"bkgdtarg": ""}, ["background flag: t not given"]),
    (not_(F2), {"filter": "f2"}, {"filter": ""}, ["filter: f2 none of f2/f3"]),
    (contains("visitype", "wfsc"), {"visitype": "x"}, {"visitype": "wfsc"}, ["visit type: x containing wfsc"]),
    (not_(contains("visitype", "w")), {"visitype": "w"}, {"visitype": ""}, ["visit type: w not containing w"]),
    (not_(not_(F1)), {"filter": "f2"}, {"filter": "f1"}, ["filter: f2 one of f1"]),
    # every part that fails has to change, and no other
    (all_of(F1, IMAGE, present("band")), {"filter": "f1"}, {"exp_type": "mir_image", "band": "x"},
     ["exposure type: - one of mir_image", "band: - given"]),
    # of alternatives, the one that could hold; of several such ones, the one that asks for least
    (any_of(F1, all_of(IMAGE, present("band"))), {"filter": "f2"}, {"filter": "f1"}, ["filter: f2 one of f1"]),
    (any_of(all_of(IMAGE, present("band")), F1), {"exp_type": "mir_image"}, {"band": "x"}, ["band: - given"]),
    (any_of(all_of(F1, present("band")), IMAGE), {}, {"filter": "f1", "band": "x", "exp_type": "mir_image"},
     ["exposure type: - one of mir_image"]),
    # what must not all hold may fail by any part, what must not hold at all by none
    (not_(all_of(IMAGE, F1)), {"exp_type": "mir_image", "filter": "f1"}, {"filter": ""}, ["filter: f1 none of f1"]),
    (not_(any_of(IMAGE, F1)), {"exp_type": "mir_image", "filter": "f1"}, {"exp_type": "", "filter": ""},
     ["exposure type: mir_image none of mir_image", "filter: f1 none of f1"]),
    # of a table, the rows that keep what need not change
    (PATH, {"filter": "f2", "grating": "g1"}, {"grating": "g2"}, ["grating: g1 one of g2"]),
    (PATH, {"filter": "f3", "grating": "g2"}, {"filter": "f2"}, ["filter: f3 one of f1/f2"]),
    (PATH, {}, {"filter": "f1", "grating": "g1"}, ["filter, grating: none, none one of f1, g1/f1, g2/f2, g2"]),
    (not_(PATH), {"filter": "f1", "grating": "g1"}, {"filter": ""},
     ["filter, grating: f1, g1 none of f1, g1/f1, g2/f2, g2"]),
    (one_of(first_given("pupil", "grating"), "g1"), {"pupil": "p"}, {"pupil": "", "grating": "g1"},
     ["pupil or grating: p one of g1"]),
    # of what is translated, the values of the pool
    (one_of(SIDE, "a"), {"fxd_slit": "s1"}, {"fxd_slit": "s2"}, ["fixed slit: s1 none of s1"]),
    (one_of(EITHER, "s1-s2", "s3"), {"fxd_slit": "s4"}, {"fxd_slit": "s1"}, ["fixed slit: s4 one of s1/s2/s3"]),
    (one_of(SIDE, "b"), {"fxd_slit": "s2"}, {"fxd_slit": "s1"}, ["fixed slit: s2 one of s1"]),
]  # fmt: skip


@pytest.mark.parametrize(("predicate", "now", "then", "expected"), FAILING)
def test_what_fails(predicate: Predicate, now: dict[str, str], then: dict[str, str], expected: list[str]) -> None:
    assert told(predicate, now, then) == expected


#: predicate, what the exposure has, the words of the attributes by which it holds
DECISIVE: list[tuple[Predicate, dict[str, str], list[str]]] = [
    (IMAGE, {"exp_type": "mir_image"}, ["exposure type"]),
    (not_(F1), {"filter": "f2"}, ["filter"]),
    (all_of(IMAGE, F1), {"exp_type": "mir_image", "filter": "f1"}, ["exposure type", "filter"]),
    (any_of(all_of(IMAGE, F1), present("band")), {"exp_type": "mir_image", "filter": "f1", "band": "x"}, ["band"]),
    (not_(all_of(IMAGE, F1)), {"filter": "f1"}, ["exposure type"]),
    (not_(any_of(IMAGE, F1)), {"band": "x"}, ["exposure type", "filter"]),
    (PATH, {"filter": "f1", "grating": "g1"}, ["filter", "grating"]),
]


@pytest.mark.parametrize(("predicate", "now", "expected"), DECISIVE)
def test_what_decides(predicate: Predicate, now: dict[str, str], expected: list[str]) -> None:
    assert [*decisive(predicate, Whole(now))] == expected
