"""Columns of one's own, which rules compare, join by and name products by."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rules.rule import Rule
from rules.vocabulary import (
    Column,
    Field,
    Predicate,
    ProductName,
    absent,
    column,
    contains,
    first_given,
    has,
    join,
    mapped,
    one_of,
    present,
    same,
    spans,
    within,
)
from solver import explain, generate
from solver.batch import Batch, Job, PoolRun, Sink
from solver.checking import check
from solver.errors import MissingColumnError
from solver.solving import Engine, Request
from tests.unit.small import agreeing, as_text, exposures, found, make_rule, pool_of, row

NUMBER, WORD = column("YOffset", "y offset", number=True), column("mood", "mood")

#: Numbers are written differently, or missing, or no numbers; words are in any case.
ROWS = exposures(
    "a yoffset=1.50 mood=Good; b yoffset=1.5 mood=bad; c yoffset=+2 mood=GOOD; d yoffset= mood=good; e yoffset=x mood="
)

NAME = ProductName((Field(("program",)), Field(("y offset",), prefix="-y", plain=True), Field(("mood",), prefix="-")))

both_engines = pytest.mark.parametrize("engine", ["signatures", "constraint"])


def of(*constraints: object, **declared: object) -> type[Rule]:
    """A rule with products that are named apart by the two columns."""
    return agreeing(*constraints, **({"product_name": NAME} | declared))  # type: ignore[arg-type]


@both_engines
@pytest.mark.parametrize(
    ("constraints", "groups"),
    [
        ((same(NUMBER),), ["a b", "c", "e"]),
        ((same(WORD),), ["a c d", "b"]),
        ((same(NUMBER), same(WORD)), ["a", "b", "c"]),
        ((same(NUMBER, optional=True),), ["a b d", "c d", "d e"]),
        ((same(first_given(NUMBER, "filter")),), ["a b"]),  # one name: the largest stays
        ((one_of(NUMBER, "1.500", "3"),), ["a b"]),
        ((one_of(WORD, "GOOD"),), ["a c d"]),
        ((present(NUMBER),), ["a b c e"]),
        ((absent(WORD),), ["e"]),
        ((contains(WORD, "oo"),), ["a c d"]),
        ((one_of(mapped("half", NUMBER, {"1.5": "yes"}, "no"), "no"),), ["c e"]),
        ((within(NUMBER, 0.5),), ["a b c"]),
        ((within(NUMBER, 0.5), same(WORD)), ["a c", "b"]),
        ((spans(NUMBER, 2, in_candidates="observation"), same(WORD)), ["a c d"]),
    ],
    ids=lambda given: "-".join(map(str, given)),
)
def test_what_rules_ask_of_a_column_of_ones_own(
    constraints: tuple[object, ...], groups: list[str], engine: Engine
) -> None:
    made = found(pool_of(*ROWS), of(*constraints), engine=engine, discover=False)
    assert sorted(group for _, group in made) == groups


@both_engines
def test_exposures_join_those_with_the_same_number(engine: Engine) -> None:
    text = "a yoffset=1.50; b yoffset=2; p yoffset=1.5 background; q yoffset=2.000 background; r background yoffset="
    rule = make_rule(absent("bkgdtarg"), same("program"), same(NUMBER), join("background", sharing=NUMBER))
    named = make_rule(bases=(rule,), product_name=NAME)
    assert found(pool_of(*exposures(text)), named, engine=engine) == [("o001", "a p"), ("o001", "b q")]


def test_product_names_have_the_values_in_one_form() -> None:
    made = generate(pool_of(*ROWS), [of(same(NUMBER), same(WORD))]).associations
    assert [each.products[0].name for each in made] == ["1-y1p5-bad", "1-y1p5-good", "1-y2-good"]
    assert made[0].constraints == "program = 1; y offset = 1.5; mood = bad"


@pytest.mark.parametrize("constraint", [same(NUMBER), one_of(NUMBER, "1.50"), within(NUMBER, 0.5), same(WORD)])
def test_results_are_checked_by_the_same_values(constraint: object) -> None:
    pool, rule = pool_of(*ROWS), of(constraint)
    assert check(pool, generate(pool, [rule]).associations, [rule]).errors == ()


@pytest.mark.parametrize(
    ("constraint", "name", "why"),
    [
        (same(NUMBER), "d", "YOFFSET is missing"),
        (one_of(NUMBER, "1.50"), "c", "its y offset is +2, but this rule takes 1.5"),
        (within(NUMBER, 0.5), "e", "its y offset is X, which is not a number"),
    ],
)
def test_explanations_have_the_label_and_the_value_as_it_is_written(constraint: object, name: str, why: str) -> None:
    explanation = str(explain(pool_of(*ROWS), f"{name}_uncal.fits", rules=[of(constraint)]))
    assert f"Asn_Test rejects it: {why}" in explanation


def test_the_texts_have_the_label() -> None:
    assert str(same(NUMBER)) == "same y offset"
    assert str(one_of(NUMBER, "1.50")) == "y offset is 1.5"
    assert str(within(NUMBER, 1)) == "y offset within 1 of each other"
    assert repr(same(NUMBER)) == "same(column('yoffset', 'y offset', number=True))"
    assert repr(same(WORD)) == "same(column('mood', 'mood'))"


@pytest.mark.parametrize(
    ("value", "form"), [("1.50", "1.5"), ("-0.10", "-0.1"), ("1e2", "100"), ("", ""), ("x", "x"), ("1.5.0", "1.5.0")]
)
def test_equal_numbers_have_one_form(value: str, form: str) -> None:
    assert NUMBER.in_one_form(value) == form
    assert WORD.in_one_form(value) == value


@pytest.mark.parametrize(
    ("name", "label"),
    [("visit", "my visit"), ("mood", "target"), ("mood", "visit"), ("mood", ""), ("", "x"), (" ", "x")],
)
def test_a_name_or_label_of_another_column_is_refused(name: str, label: str) -> None:
    with pytest.raises(ValueError, match="take a name and a label that no column of the archive's pools has"):
        column(name, label)


# --- Pools without the column ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        same,
        present,
        lambda own: one_of(own, "1"),
        lambda own: within(own, 1),
        lambda own: join("background", sharing=own),
        lambda own: same(first_given("filter", own)),
    ],
)
@pytest.mark.parametrize(
    ("own", "further", "message"),
    [
        (column("mood", "mood"), {}, "uses the column MOOD, which the pool does not have; did you mean OPMODE?"),
        (
            column("mood", "mood"),
            {"moods": "x"},
            "uses the column MOOD, which the pool does not have; did you mean MOODS?",
        ),
        (
            column("q_q", "q", number=True),
            {},
            "uses the column Q_Q, which the pool does not have; asnsolve pool --keyword Q_Q makes it from FITS files",
        ),
    ],
)
def test_a_pool_without_the_column_is_refused(
    make: Callable[[Column], object], own: Column, further: dict[str, str], message: str
) -> None:
    with pytest.raises(MissingColumnError) as caught:
        generate(pool_of(row("a", **further)), [of(make(own))])
    assert str(caught.value) == f"Asn_Test {message}"
    assert caught.value.column == own.name


class Asn_Mood(agreeing()):  # type: ignore[misc]
    """Exposures of one mood."""

    constraints = (same(WORD),)


@pytest.mark.parametrize("has_it", [True, False])
def test_a_pool_of_several_programs_is_read_whole(has_it: bool, tmp_path: Path) -> None:  # noqa: FBT001 (a case)
    """Each part would lack the column as well, but only the pool as a whole is refused for it."""
    from rules import RuleSet

    rows = [row(f"a{number}", program=str(number)) | ({"mood": "x"} if has_it else {}) for number in range(1, 4)]
    path = tmp_path / "pool.csv"
    path.write_text(as_text(rows))
    failed: list[str] = []
    runs = [PoolRun(path)]
    Batch(runs, Job(RuleSet((Asn_Mood,)), Request()), Sink(), failed=failed.append).run()
    if has_it:
        assert failed == []
        assert runs[0].summary.associations == 3
    else:
        assert [each.partition("Asn_Mood ")[2] for each in failed] == [
            "uses the column MOOD, which the pool does not have; did you mean OPMODE?"
        ]


def test_a_part_without_a_value_is_no_error(tmp_path: Path) -> None:
    """Of three programs, one has it."""
    from rules import RuleSet

    rows = [row(f"a{number}", program=str(number), mood="x" if number == 2 else "") for number in range(1, 4)]
    path = tmp_path / "pool.csv"
    path.write_text(as_text(rows))
    failed: list[str] = []
    runs = [PoolRun(path)]
    Batch(runs, Job(RuleSet((Asn_Mood,)), Request()), Sink(), failed=failed.append).run()
    assert (failed, runs[0].summary.associations) == ([], 1)


@pytest.mark.parametrize("condition", [one_of(NUMBER, "1.5"), one_of(mapped("half", NUMBER, {"1.5": "yes"}), "yes")])
def test_explanations_take_equal_numbers_for_equal(condition: Predicate) -> None:
    pool = pool_of(*exposures("a yoffset=1.5; b yoffset=1.50"))
    for name in "ab":
        explanation = str(explain(pool, f"{name}_uncal.fits", rules=[of(condition, has("psf"))]))
        assert "Asn_Test rejects it: no PSF exposure is grouped with it" in explanation
