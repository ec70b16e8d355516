"""The vocabulary: how expressions look and read, and when they are equal."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from rules import vocabulary
from rules.vocabulary import (
    COLUMNS,
    DERIVED,
    Column,
    Contains,
    Field,
    absent,
    all_of,
    any_of,
    at_least,
    case,
    choose,
    close_on_sky,
    combination,
    contains,
    first_given,
    has,
    in_candidate,
    join,
    many,
    mapped,
    nod_pairs,
    nods_as_background,
    not_,
    one_of,
    one_product,
    one_seed,
    present,
    product_name,
    same,
    spans,
    within,
    without,
)
from rules.vocabulary.expressions import Expression
from solver.pools.columns import encode
from solver.pools.evaluation import Evaluation

SLIT = mapped("side", "fxd_slit", {"S200B1": "B"}, otherwise="a")
TABLE = combination("pairs", ("grating", "filter"), [("G1", "F1"), ("G2", "F2")])

#: expression, as it is written, as a phrase
EXPRESSIONS = [
    (Column("exp_type"), "'exp_type'", "'exp_type'"),
    (first_given("pupil", "grating"), "first_given('pupil', 'grating')", "first_given('pupil', 'grating')"),
    (
        mapped("slit", "fxd_slit", {"S2": "s1", "S1": "s1"}),
        "mapped('slit', 'fxd_slit', {'s1': 's1', 's2': 's1'})",
        "mapped('slit', 'fxd_slit', {'s1': 's1', 's2': 's1'})",
    ),
    (
        SLIT,
        "mapped('side', 'fxd_slit', {'s200b1': 'b'}, otherwise='a')",
        "mapped('side', 'fxd_slit', {'s200b1': 'b'}, otherwise='a')",
    ),
    (
        in_candidate("DIRECT_IMAGE", "000", otherwise="targetid"),
        "in_candidate('direct_image', '000', otherwise='targetid')",
        "in_candidate('direct_image', '000', otherwise='targetid')",
    ),
    (one_of("exp_type", "MIR_IMAGE"), "one_of('exp_type', 'mir_image')", "exposure type is mir_image"),
    (one_of("band", "short", "long"), "one_of('band', 'long', 'short')", "band is one of long, short"),
    (one_of(SLIT, "a"), f"one_of({SLIT!r}, 'a')", "side is a"),
    (present("is_psf"), "present('is_psf')", "the PSF flag is set"),
    (absent("bkgdtarg"), "absent('bkgdtarg')", "the background flag is not set"),
    (contains("visitype", "WFSC"), "contains('visitype', 'wfsc')", "visit type contains wfsc"),
    (
        TABLE,
        "combination('pairs', ('grating', 'filter'), 2 rows)",
        "grating, filter are one of the combinations in the table 'pairs'",
    ),
    (
        all_of(present("band"), any_of(present("lamp"), absent("module"))),
        "all_of(present('band'), any_of(present('lamp'), absent('module')))",
        "(band is given and (lamp is given or module is not given))",
    ),
    (not_(one_of("band", "long")), "not_(one_of('band', 'long'))", "band is not long"),
    (not_(one_of("band", "long", "short")), "not_(one_of('band', 'long', 'short'))", "band is not one of long, short"),
    (not_(contains("visitype", "wfsc")), "not_(contains('visitype', 'wfsc'))", "visit type does not contain wfsc"),
    (not_(absent("band")), "not_(absent('band'))", "band is given"),
    (
        not_(all_of(present("band"), present("lamp"))),
        "not_(all_of(present('band'), present('lamp')))",
        "not (band is given and lamp is given)",
    ),
    (case("psf", present("is_psf")), "case('psf', present('is_psf'))", "psf if the PSF flag is set"),
    (
        choose(case(Column("pntgtype"), present("pntgtype")), otherwise="science"),
        "choose(case('pntgtype', present('pntgtype')), otherwise='science')",
        "choose(case('pntgtype', present('pntgtype')), otherwise='science')",
    ),
    (same("program"), "same('program')", "same program"),
    (same("filter", optional=True), "same('filter', optional=True)", "same filter, if it is given"),
    (
        same("targetid", unless="background"),
        "same('targetid', unless='background')",
        "same target, except for background exposures",
    ),
    (
        same("targetid", optional=True, unless=one_of("role", "background", "psf")),
        "same('targetid', optional=True, unless=one_of('role', 'background', 'psf'))",
        "same target, if it is given, unless role is one of background, psf",
    ),
    (
        same("mostilno", unless=present("bkgdtarg")),
        "same('mostilno', unless=present('bkgdtarg'))",
        "same mosaic tile, unless the background flag is set",
    ),
    (
        same("targetid", only="science"),
        "same('targetid', only='science')",
        "same target, for science exposures only",
    ),
    (
        same(first_given("pupil", "grating")),
        "same(first_given('pupil', 'grating'))",
        "same pupil or grating",
    ),
    (
        join("target_acquisition", sharing=("program", "obs_num")),
        "join('target_acquisition', sharing=('program', 'obs_num'))",
        "target_acquisition exposures with the same program and observation as a member",
    ),
    (
        join("imprint", sharing=("program",), when=absent("is_psf")),
        "join('imprint', sharing=('program',), when=absent('is_psf'))",
        "imprint exposures with the same program as a member, if the PSF flag is not set",
    ),
    (
        join("psf", sharing=("visit",), else_sharing=("obs_num",)),
        "join('psf', sharing=('visit',), else_sharing=('obs_num',))",
        "psf exposures with the same visit as a member (or else those with the same observation)",
    ),
    (
        join("psf", sharing=("visit",), else_sharing=("obs_num",), when=present("band")),
        "join('psf', sharing=('visit',), else_sharing=('obs_num',), when=present('band'))",
        ("psf exposures with the same visit as a member (or else those with the same observation), "
        "if band is given"),
    ),
    (has("science"), "has('science')", "has a science exposure"),
    (
        has("background", in_candidates=("BACKGROUND", "group")),
        "has('background', in_candidates=('background', 'group'))",
        "has a background exposure, if the candidate is of type background or group",
    ),
    (at_least(2), "at_least(2)", "has at least 2 exposures"),
    (
        spans("obs_num", 2, in_candidates=("GROUP", "mosaic")),
        "spans('obs_num', 2, in_candidates=('group', 'mosaic'))",
        "has at least 2 observations, if the candidate is of type group or mosaic",
    ),
    (
        without(same("program"), has("psf")),
        "without(same('program'), has('psf'))",
        "without(same('program'), has('psf'))",
    ),
    (within("expstart", 30), "within('expstart', 30.0)", "start of the exposure within 30 of each other"),
    (
        close_on_sky(arcseconds=10),
        "close_on_sky('targ_ra', 'targ_dec', arcseconds=10.0)",
        "positions within 10 arcseconds of each other",
    ),
    (one_product(), "OneProduct()", "one product"),
    (many(), "Many()", "all qualifying exposures that have the same"),
    (
        nod_pairs("science"),
        "NodPairs(role='science', overlap=None)",
        "one product for each science exposure, with the others as background",
    ),
    (
        nods_as_background("science", suffix="x1d"),
        "NodsAsBackground(role='science', suffix='x1d')",
        "one product; of two or more science exposures, each is background for the others (x1d)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "written", "phrase"), EXPRESSIONS, ids=[written for _, written, _ in EXPRESSIONS]
)
def test_an_expression_shows_what_was_written_and_reads_as_a_sentence(
    expression: object, written: str, phrase: str
) -> None:
    assert repr(expression) == written
    assert str(expression) == phrase


def test_expressions_of_different_structure_are_different() -> None:
    assert len({expression for expression, _, _ in EXPRESSIONS}) == len(EXPRESSIONS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (one_of("band", "LONG", "short"), one_of("band", "short", "long")),
        (one_of("band", "a", "A", "a"), one_of(Column("band"), "a")),
        (contains("visitype", "WFSC"), contains("visitype", "wfsc")),
        (absent("band"), not_(present("band"))),
        (
            combination("t", ("a", "b"), [("2", "Y"), ("1", "X"), ("1", "x")]),
            combination("t", ("a", "b"), [("1", "x"), ("2", "y")]),
        ),
        (mapped("m", "band", {"B": "Y", "A": "X"}), mapped("m", "band", {"a": "x", "b": "y"})),
        (in_candidate("GROUP", "X", "band"), in_candidate("group", "x", "band")),
        (same("targetid", unless="psf"), same("targetid", unless=one_of("role", "PSF"))),
        (spans("obs_num", 2, in_candidates=["GROUP"]), spans("obs_num", 2, in_candidates=("group",))),
        (join("psf", sharing=["program"]), join("psf", sharing=("program",))),
        (has("psf", in_candidates=["GROUP"]), has("psf", in_candidates=("group",))),
        (same("targetid", only="psf"), same("targetid", unless=not_(one_of("role", "psf")))),
        (
            one_seed("science", fitting=["psf"], differing=["visit"]),
            one_seed("science", fitting=("psf",), differing=("visit",)),
        ),
    ],
    ids=repr,
)
def test_equality_is_structure_whatever_case_order_and_repetition(one: object, other: object) -> None:
    assert one == other
    assert hash(one) == hash(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (one_of("band", "a"), one_of("band", "b")),
        (one_of("band", "a"), one_of("lamp", "a")),
        (present("band"), absent("band")),
        (all_of(present("band")), any_of(present("band"))),
        (first_given("pupil", "grating"), first_given("grating", "pupil")),
        (mapped("m", "band", {"a": "b"}), mapped("m", "band", {"a": "b"}, otherwise="c")),
        (combination("t", ("a",), [("1",)]), combination("u", ("a",), [("1",)])),
        (same("band"), same("band", optional=True)),
        (same("targetid", only="science"), same("targetid", unless="psf")),
        (at_least(1), at_least(2)),
        (has("psf"), has("psf", in_candidates=("group",))),
        (join("psf", sharing=("visit",)), join("psf", sharing=("visit",), else_sharing=("obs_num",))),
        (one_seed("science", fitting=("psf",)), one_seed("science", fitting=("psf",), fitting_as="background")),
        (one_seed("science", fitting=("psf",)), one_seed("science", fitting=("psf",), lone=("psf",))),
        (nod_pairs("science"), nod_pairs("psf")),
        (many(), one_seed("science")),
    ],
    ids=repr,
)
def test_what_differs_in_one_part_is_not_equal(one: object, other: object) -> None:
    assert one != other


def test_what_a_translation_makes_of_other_values_is_lower_case_too() -> None:
    assert mapped("side", "fxd_slit", {"S200B1": "B"}, otherwise="A") == SLIT


@pytest.mark.parametrize(
    ("given", "label"),
    [
        (Column("exp_type"), "exposure type"),
        (Column("detector"), "detector"),
        (first_given("pupil", "obs_num"), "pupil or observation"),
        (SLIT, "side"),
        (in_candidate("group", "0", "targetid"), "target"),
    ],
    ids=repr,
)
def test_the_label_is_the_word_for_an_attribute(given: vocabulary.Comparable, label: str) -> None:
    assert given.label == label
    assert same(given).label == label


BY_CANDIDATE: Any = in_candidate("direct_image", "000", otherwise="targetid")


@pytest.mark.parametrize(
    "make",
    [
        lambda: one_of(BY_CANDIDATE, "1"),
        lambda: present(BY_CANDIDATE),
        lambda: absent(BY_CANDIDATE),
        lambda: contains(BY_CANDIDATE, "1"),
        lambda: combination("table", ["band", BY_CANDIDATE], [("1", "2")]),
    ],
    ids=["one_of", "present", "absent", "contains", "combination"],
)
def test_a_predicate_refuses_what_depends_on_the_candidate(make: Callable[[], object]) -> None:
    message = (
        "in_candidate('direct_image', '000', otherwise='targetid') is not an attribute of an exposure alone; "
        "use it in same(…)"
    )
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        make()


@pytest.mark.parametrize(
    ("agreement", "exempt"),
    [
        (same("targetid", unless="psf"), "psf"),
        (same("targetid", unless="PSF"), "psf"),
        (same("targetid", unless=one_of("role", "psf", "background")), "background psf"),
        (same("targetid", only="science"), "background psf"),
    ],
    ids=repr,
)
def test_roles_that_need_not_agree(agreement: vocabulary.Same, exempt: str) -> None:
    roles = ("background", "psf", "science")
    assert agreement.unless is not None
    free = Evaluation({"role": encode(roles)}).holds(agreement.unless)
    assert " ".join(role for role, each in zip(roles, free.tolist(), strict=True) if each) == exempt


def test_unless_and_only_exclude_each_other() -> None:
    with pytest.raises(TypeError, match=r"^unless and only exclude each other; give one of them$"):
        same("targetid", unless="psf", only="science")


def test_expressions_are_frozen_and_closed() -> None:
    exported: list[Any] = [getattr(vocabulary, name) for name in dir(vocabulary)]
    classes = [each for each in exported if isinstance(each, type) and dataclasses.is_dataclass(each)]
    assert len(classes) > 20
    for each in classes:
        assert issubclass(each, Expression), each
        made: Expression = each(**dict.fromkeys(each.__match_args__, "x"))
        with pytest.raises(dataclasses.FrozenInstanceError):
            made.label = "y"
        with pytest.raises(dataclasses.FrozenInstanceError):
            del made.label  # type: ignore[attr-defined]
        with pytest.raises(TypeError, match=f"^{each.__name__} is a kind of expression by itself; inherit from Expres"):
            type("Own", (each,), {})


def test_expressions_take_their_fields_in_order_or_by_name() -> None:
    field = Field(("a",), width=3)
    assert field == Field(labels=("a",), prefix="", width=3) == dataclasses.replace(Field(("a",)), width=3)
    assert repr(Field(("a",), "t")) == "Field(labels=('a',), prefix='t', width=0, drop=(), otherwise='', plain=False)"


@pytest.mark.parametrize(
    ("values", "named"),
    [((), {}), (("a", "b", "c"), {}), (("a",), {"attribute": "b"}), ((), {"tex": "a"}), (("a",), {"tex": "a"})],
)
def test_an_expression_refuses_other_fields(values: tuple[Any, ...], named: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="Contains"):
        Contains(*values, **named)


SHOWN = [
    one_seed("science", fitting="psf", fitting_as="background", differing="visit", lone="psf"),
    *(
        expression
        for expression, written, _ in EXPRESSIONS
        if " rows)" not in written and "case('pntgtype'" not in written
    ),
]


@pytest.mark.parametrize("expression", SHOWN, ids=repr)
def test_what_an_expression_shows_makes_it_anew(expression: object) -> None:
    words = {name: getattr(vocabulary, name) for name in dir(vocabulary)}
    made = eval(repr(expression), words)  # noqa: S307 (what it shows is a rule's text)
    assert made == (expression.name if isinstance(expression, Column) else expression)


def test_an_expression_asks_for_the_columns_that_it_names_each_once_in_order() -> None:
    asked = all_of(one_of(first_given("pupil", "Grating"), "x"), TABLE, present("pupil"), absent(SLIT))
    assert asked.column_names == ("pupil", "grating", "filter", "fxd_slit")
    assert same(BY_CANDIDATE, unless="psf").column_names == ("targetid", "role")
    assert choose(case(Column("pntgtype"), present("lamp")), otherwise="x").column_names == ("pntgtype", "lamp")
    assert all_of().column_names == ()


@pytest.mark.parametrize("expression", [all_of(one_of("band", "a"), TABLE), same("filter", unless="psf")], ids=repr)
def test_a_hash_does_not_go_to_another_process_where_texts_have_others(expression: Expression) -> None:
    assert hash(expression) == hash(copy.deepcopy(expression))
    script = "import pickle, sys; one = pickle.load(sys.stdin.buffer); print(len({one, type(one)(*one.field_values)}))"
    ended = subprocess.run(
        [sys.executable, "-c", script], input=pickle.dumps(expression), capture_output=True, check=True
    )
    assert ended.stdout.strip() == b"1"


def test_columns_are_lower_case_and_read_as_their_labels() -> None:
    assert all(name == name.lower() and text for name, text in (dict(COLUMNS) | dict(DERIVED)).items())
    assert not set(COLUMNS) & set(DERIVED)


@pytest.mark.parametrize(
    ("field", "values", "text"),
    [
        (Field(("filter",)), {"filter": "f1"}, "f1"),
        (Field(("filter",)), {"filter": "f1-f2"}, "f1-f2"),
        (Field(("filter", "pupil")), {"pupil": "a", "filter": "b"}, "a-b"),
        (Field(("filter", "pupil")), {"filter": "b"}, "b"),
        (Field(("filter",), otherwise="clear"), {}, "clear"),
        (Field(("filter",), otherwise="clear"), {"filter": ""}, "clear"),
        (Field(("filter",), prefix="-"), {}, ""),
        (Field(("filter",), prefix="-"), {"filter": "f1"}, "-f1"),
        (Field(("subarray",), prefix="-", drop=("full",)), {"subarray": "full"}, ""),
        (Field(("subarray",), prefix="-", drop=("full",)), {"subarray": "sub64"}, "-sub64"),
        (Field(("target",), prefix="t", width=3), {"target": "7"}, "t007"),
        (Field(("target",), prefix="t", width=3), {"target": "1234"}, "t1234"),
        (Field(("target",), prefix="t", width=3, otherwise="t000"), {}, "t000"),
    ],
)
def test_the_text_of_a_field(field: Field, values: dict[str, str], text: str) -> None:
    assert field.text(values) == text


def test_a_product_name_takes_text_fields_and_placeholders() -> None:
    one, two = Field(("a",)), Field(("b",))
    made = product_name("jw{one}-{source_id}_{two}", {"one": one, "two": two}, ("source_id",))
    assert made.parts == ("jw", one, "-", "{source_id}", "_", two)
    with pytest.raises(ValueError, match=r"^product name 'jw\{three\}': there is no field 'three'; there are one$"):
        product_name("jw{three}", {"one": one})
    with pytest.raises(ValueError, match=r"it cannot have folders$"):
        product_name("jw/{one}", {"one": one})
