"""Predicates taken apart: what fails, what decides, what could hold."""

from __future__ import annotations

import pytest

from rules import RuleSet
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
from solver.explanation.places import Place
from solver.explanation.reasons import decisive, reasons
from solver.explanation.solved import SolvedProgram
from solver.solving import requirements_of
from tests.unit.small import agreeing, pool_of, row

IMAGE, SPECTRUM = one_of("exp_type", "mir_image"), one_of("exp_type", "mir_mrs")
F1, F2 = one_of("filter", "f1"), one_of("filter", "f2", "f3")
PATH = combination("paths", ("filter", "grating"), [("f1", "g1"), ("f1", "g2"), ("f2", "g2")])
EITHER = mapped("slit", "fxd_slit", {"s1": "s1-s2", "s2": "s1-s2"})
SIDE = mapped("side", "fxd_slit", {"s1": "b"}, otherwise="a")


def needs(predicate: Predicate, now: dict[str, str]) -> list[str]:
    """What an exposure would need."""
    rule = agreeing(predicate)
    solved = SolvedProgram(pool_of(row("a", exp_type="", filter="", subarray="") | now), RuleSet((rule,)))
    place = Place(rule, None, tuple(requirements_of(rule.spec)))
    missing = [each for each in place.requirements if each.predicate == predicate]
    (found,) = reasons(solved, place, 0, missing)
    return list(map(str, found.needs))


#: predicate, what the exposure has, what it needs
FAILING: list[tuple[Predicate, dict[str, str], list[str]]] = [
    (F1, {"filter": "f2"}, ["its filter is F2, but this rule takes F1"]),
    (F2, {}, ["its filter is missing, but this rule takes F2, F3"]),
    (present("bkgdtarg"), {}, ["it is not a background exposure, but this rule takes background exposures"]),
    (absent("bkgdtarg"), {"bkgdtarg": "t"},
     ["it is a background exposure, but this rule does not take background exposures"]),
    (present("band"), {}, ["BAND is missing"]),
    (absent("band"), {"band": "short"}, ["its band is SHORT, but this rule does not take SHORT"]),
    (not_(F2), {"filter": "f2"}, ["its filter is F2, but this rule does not take F2"]),
    (contains("visitype", "wfsc"), {"visitype": "x"},
     ["its visit type is X, but this rule takes visit types with WFSC"]),
    (not_(contains("visitype", "w")), {"visitype": "w"},
     ["its visit type is W, but this rule does not take visit types with W"]),
    (not_(not_(F1)), {"filter": "f2"}, ["its filter is F2, but this rule takes F1"]),
    # every part that fails has to change, and no other
    (all_of(F1, IMAGE, present("band")), {"filter": "f1"},
     ["its exposure type is missing, but this rule takes MIR_IMAGE", "BAND is missing"]),
    # of alternatives, one that keeps the kind of exposure; of several such ones, the one that asks for least
    (any_of(F1, all_of(IMAGE, present("band"))), {"filter": "f2"}, ["its filter is F2, but this rule takes F1"]),
    (any_of(all_of(F1, present("band")), IMAGE), {},
     ["its filter is missing, but this rule takes F1", "BAND is missing"]),
    # of several that ask for as much, one of which more holds, one that asks for a missing value, or for a listed one
    (any_of(one_of("opmode", "x"), all_of(one_of("opmode", "y"), F1)), {"opmode": "y", "filter": "f2"},
     ["its filter is F2, but this rule takes F1"]),
    (any_of(not_(F1), present("band")), {"filter": "f1"}, ["BAND is missing"]),
    (any_of(absent("band"), one_of("band", "long")), {"band": "short"},
     ["its band is SHORT, but this rule takes LONG"]),
    # with the values of all alternatives
    (any_of(F1, all_of(F2, present("band"))), {"filter": "f4"}, ["its filter is F4, but this rule takes F1, F2, F3"]),
    # what must not all hold may fail by any part, what must not hold at all by none
    (not_(all_of(IMAGE, F1)), {"exp_type": "mir_image", "filter": "f1"},
     ["its filter is F1, but this rule does not take F1"]),
    (not_(any_of(IMAGE, F1)), {"exp_type": "mir_image", "filter": "f1"},
     ["its exposure type is MIR_IMAGE, but this rule does not take MIR_IMAGE",
      "its filter is F1, but this rule does not take F1"]),
    # of a table, the rows that have most of what it has
    (PATH, {"filter": "f2", "grating": "g1"}, ["its grating is G1, but with filter F2, this rule takes G2"]),
    (PATH, {"filter": "f3", "grating": "g2"}, ["its filter is F3, but with grating G2, this rule takes F1, F2"]),
    (PATH, {}, ["its filter/grating is missing, but this rule takes F1/G1, F1/G2, F2/G2"]),
    (not_(PATH), {"filter": "f1", "grating": "g1"}, ["its filter/grating is F1/G1, but this rule does not take F1/G1"]),
    (one_of(first_given("pupil", "grating"), "g1"), {"pupil": "p"}, ["its pupil is P, but this rule takes G1"]),
    (one_of(SIDE, "a"), {"fxd_slit": "s1"}, ["its side is B, but this rule takes A"]),
    (one_of(EITHER, "s1-s2", "s3"), {"fxd_slit": "s4"}, ["its slit is S4, but this rule takes S1-S2, S3"]),
]  # fmt: skip


@pytest.mark.parametrize(("predicate", "now", "expected"), FAILING)
def test_what_fails(predicate: Predicate, now: dict[str, str], expected: list[str]) -> None:
    assert needs(predicate, now) == expected


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
    assert [each.attribute for each in decisive(predicate, Whole(now))] == expected
