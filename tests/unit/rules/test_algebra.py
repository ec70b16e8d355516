"""Predicates as formulas: what holds where an exposure is known in part, which columns and values they name."""

from __future__ import annotations

import pytest

from rules.vocabulary import (
    TRUE,
    Column,
    Predicate,
    all_of,
    any_of,
    case,
    choose,
    combination,
    contains,
    first_given,
    mapped,
    not_,
    one_of,
    present,
)
from rules.vocabulary.algebra import Whole, chosen, columns_in_order, rewritten, truth, values_named

IMAGE, SPECTRUM = one_of("exp_type", "mir_image"), one_of("exp_type", "mir_mrs")
F1, F2 = one_of("filter", "f1"), one_of("filter", "f2", "f3")
PATH = combination("paths", ("filter", "grating"), [("f1", "g1"), ("f1", "g2"), ("f2", "g2")])
SIDE = mapped("side", "fxd_slit", {"s1": "b"}, otherwise="a")

#: predicate, exposure type, whether it holds where nothing else is known
PARTLY_KNOWN: list[tuple[Predicate, str, bool | None]] = [
    (IMAGE, "mir_image", True),
    (IMAGE, "mir_mrs", False),
    (not_(IMAGE), "mir_mrs", True),
    (F1, "mir_image", None),
    (not_(F1), "mir_image", None),
    (all_of(IMAGE, F1), "mir_image", None),
    (all_of(IMAGE, F1), "mir_mrs", False),
    (any_of(IMAGE, F1), "mir_image", True),
    (any_of(IMAGE, F1), "mir_mrs", None),
    (any_of(IMAGE, all_of(SPECTRUM, F1)), "nis_image", False),
    (not_(all_of(IMAGE, F1)), "mir_mrs", True),
    (PATH, "mir_image", None),
]


@pytest.mark.parametrize(("predicate", "kind", "expected"), PARTLY_KNOWN)
def test_what_holds_if_no_more_is_known(predicate: Predicate, kind: str, expected: bool | None) -> None:  # noqa: FBT001 (a table)
    assert truth(predicate, {"exp_type": kind}) is expected


def test_values_that_a_predicate_distinguishes() -> None:
    every = all_of(
        F2, not_(contains("filter", "x")), PATH, one_of(first_given("pupil", "grating"), "p"), one_of(SIDE, "b")
    )
    assert {name: [*values] for name, values in values_named(every).items()} == {
        "filter": ["f2", "f3", "x", "f1"],
        "grating": ["g1", "g2", "p"],
        "pupil": ["p"],
        "fxd_slit": ["s1"],
    }


def test_columns_are_named_once() -> None:
    assert columns_in_order(all_of(F1, IMAGE, F2)) == ("filter", "exp_type")
    assert columns_in_order(all_of(PATH, IMAGE)) == ("exp_type", "grating", "filter")
    assert columns_in_order(Column("filter")) == ("filter",)
    assert columns_in_order(None) == ()


def test_the_word_that_a_table_gives() -> None:
    table = choose(case("psf", present("is_psf")), case(Column("filter"), IMAGE), otherwise="science")
    assert chosen(table, Whole({"is_psf": "t", "exp_type": "mir_image"})) == "psf"
    assert chosen(table, Whole({"filter": "f1", "exp_type": "mir_image"})) == "f1"
    assert chosen(table, Whole()) == "science"


def test_a_rewritten_predicate_is_simplified() -> None:
    def for_images(predicate: Predicate) -> Predicate:
        return TRUE if predicate == IMAGE else rewritten(predicate, for_images)

    assert for_images(all_of(IMAGE, not_(F1))) == not_(F1)
    assert for_images(any_of(F1, not_(all_of(IMAGE, F2)))) == any_of(F1, not_(F2))
    assert for_images(any_of(F1, IMAGE)) == TRUE
