"""Evaluation of expressions over columns."""

from __future__ import annotations

import pytest

from rules.vocabulary import (
    Attribute,
    Choice,
    Column,
    Predicate,
    absent,
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
from solver.pools.columns import encode
from solver.pools.evaluation import Evaluation

#: Four exposures.
TABLE = {
    "filter": encode(["f1", "f2", "", "f3"]),
    "pupil": encode(["", "p1", "", "p2"]),
    "grating": encode(["g1", "g2", "", ""]),
}
FIRST = first_given("pupil", "grating")
MAPPED = mapped("kind", "filter", {"F1": "X", "F2": "x"})

ATTRIBUTES: list[tuple[Attribute, list[str]]] = [
    (Column("filter"), ["f1", "f2", "", "f3"]),
    (Column("nothing"), ["", "", "", ""]),
    (FIRST, ["g1", "p1", "", "p2"]),
    (first_given("grating", "pupil"), ["g1", "g2", "", "p2"]),
    (first_given("nothing", "pupil", "filter"), ["f1", "p1", "", "p2"]),
    (first_given("pupil", "grating", "filter"), ["g1", "p1", "", "p2"]),
    (MAPPED, ["x", "x", "", "f3"]),
    (mapped("kind", "filter", {"f1": "x"}, otherwise="y"), ["x", "y", "", "y"]),
    (mapped("kind", "filter", {"f1": ""}), ["", "f2", "", "f3"]),
]


@pytest.mark.parametrize(("attribute", "values"), ATTRIBUTES, ids=[repr(each[0]) for each in ATTRIBUTES])
def test_the_value_of_an_attribute(attribute: Attribute, values: list[str]) -> None:
    column = Evaluation(TABLE).values(attribute)
    assert [column[row] for row in range(4)] == values


YES, NO = True, False
PREDICATES: list[tuple[Predicate, list[bool]]] = [
    (one_of("filter", "F1", "f3"), [YES, NO, NO, YES]),
    (one_of("nothing", "f1"), [NO, NO, NO, NO]),
    (one_of(FIRST, "p1", "g1"), [YES, YES, NO, NO]),
    (one_of(MAPPED, "x"), [YES, YES, NO, NO]),
    (one_of("filter", "f"), [NO, NO, NO, NO]),
    (one_of("filter", ""), [NO, NO, NO, NO]),
    (not_(one_of("filter", "f1")), [NO, YES, YES, YES]),
    (present("pupil"), [NO, YES, NO, YES]),
    (absent("pupil"), [YES, NO, YES, NO]),
    (present("nothing"), [NO, NO, NO, NO]),
    (contains("filter", "F"), [YES, YES, NO, YES]),
    (contains("filter", "3"), [NO, NO, NO, YES]),
    (contains("filter", ""), [YES, YES, NO, YES]),
    (all_of(present("pupil"), present("grating")), [NO, YES, NO, NO]),
    (any_of(present("pupil"), present("grating")), [YES, YES, NO, YES]),
    (all_of(present("filter")), [YES, YES, NO, YES]),
    (not_(any_of(present("pupil"), present("grating"))), [NO, NO, YES, NO]),
    (combination("t", ("filter", "grating"), [("f1", "g1"), ("f2", "g1"), ("f1", "g2")]), [YES, NO, NO, NO]),
    (combination("t", (FIRST, "filter"), [("p2", "f3"), ("g1", "f1")]), [YES, NO, NO, YES]),
    (combination("t", ("filter",), [("f9",)]), [NO, NO, NO, NO]),
    (combination("t", ("nothing",), [("f1",)]), [NO, NO, NO, NO]),
]


@pytest.mark.parametrize(("predicate", "truth"), PREDICATES, ids=[repr(each[0]) for each in PREDICATES])
def test_whether_a_predicate_holds(predicate: Predicate, truth: list[bool]) -> None:
    assert Evaluation(TABLE).holds(predicate).tolist() == truth


CHOICES: list[tuple[Choice, list[str]]] = [
    (choose(otherwise="x"), ["x", "x", "x", "x"]),
    (choose(case("a", present("pupil")), case("b", present("grating")), otherwise="x"), ["b", "a", "x", "a"]),
    (choose(case("b", present("grating")), case("a", present("pupil")), otherwise="x"), ["b", "b", "x", "a"]),
    (choose(case(Column("pupil"), present("grating")), otherwise="x"), ["", "p1", "x", "x"]),
]


@pytest.mark.parametrize(("choice", "words"), CHOICES, ids=[repr(each[0]) for each in CHOICES])
def test_the_first_case_that_holds_decides(choice: Choice, words: list[str]) -> None:
    column = Evaluation(TABLE).choose(choice)
    assert [column[row] for row in range(4)] == words


def test_an_expression_is_evaluated_once() -> None:
    evaluation = Evaluation(TABLE)
    assert evaluation.holds(present("pupil")) is evaluation.holds(present(Column("pupil")))
    assert evaluation.values(first_given("pupil", "grating")) is evaluation.values(FIRST)
    assert evaluation.choose(choose(otherwise="x")) is evaluation.choose(choose(otherwise="x"))


def test_columns_may_lie_over_others() -> None:
    over = Evaluation(TABLE).over({"pupil": encode(["a", "b", "c", "d"])})
    assert [over.values(Column(name))[0] for name in ("pupil", "filter", "nothing")] == ["a", "f1", ""]
    assert len(over) == 4
