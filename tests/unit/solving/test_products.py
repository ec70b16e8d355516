"""From a group to an association: validity, expansion, names, texts."""

from __future__ import annotations

import pytest

from rules.rule import Rule
from rules.vocabulary import (
    Constraint,
    Field,
    MemberName,
    at_least,
    choose,
    first_given,
    has,
    join,
    mapped,
    nods_as_background,
    present,
    product_name,
    same,
    spans,
)
from solver import generate
from solver.associations.association import Member
from solver.associations.texts import Texts
from solver.solving import product_names as naming
from solver.solving.expansion import Entry, in_order
from tests.unit.small import Row, agreeing, candidates, found, pool_of, row

PSF = {"is_psf": "T"}
GROUP = {"asn_candidate": candidates("c1000 group")}
TWO = spans("obs_num", 2, in_candidates=("group",))

#: what the group must show, exposures, whether it does
VALIDITY: list[tuple[Constraint, list[Row], bool]] = [
    (has("science"), [row("a")], True),
    (has("psf"), [row("a")], False),
    (has("psf"), [row("a"), row("b", **PSF)], True),
    (has("psf", in_candidates=("group",)), [row("a")], True),
    (has("psf", in_candidates=("group",)), [row("a", **GROUP)], False),
    (has("psf", in_candidates=("group", "mosaic")), [row("a", **GROUP), row("b", **GROUP | PSF)], True),
    (at_least(2), [row("a")], False),
    (at_least(2), [row("a"), row("b", **PSF)], True),
    (at_least(1), [row("a")], True),
    (TWO, [row("a", **GROUP)], False),
    (TWO, [row("a", **GROUP), row("b", **GROUP)], False),
    (TWO, [row("a", **GROUP), row("b", obs_num="2", **GROUP)], True),
    (TWO, [row("a", **GROUP), row("b", obs_num="", **GROUP)], False),
    (TWO, [row("a")], True),
]


@pytest.mark.parametrize(("validity", "rows", "valid"), VALIDITY)
def test_what_a_group_must_show(validity: Constraint, rows: list[Row], *, valid: bool) -> None:
    result = generate(pool_of(*rows), [agreeing(validity)])
    assert bool(result.associations) == valid
    (trial,) = result.tried
    assert (trial.groups, trial.invalid) == (1, {} if valid else {str(validity): 1})


@pytest.mark.parametrize(("validity", "valid"), [(has("psf"), True), (at_least(2), True), (TWO, False)])
def test_what_joins_counts_but_not_for_the_observations_spanned(validity: Constraint, *, valid: bool) -> None:
    rule = agreeing(same("filter"), join("psf", sharing=("program",)), validity)
    rows = [row("a", **GROUP), row("b", obs_num="2", filter="", **PSF, **GROUP)]
    assert bool(found(pool_of(*rows), rule)) == valid


def test_each_group_spans_the_observations_of_its_own_members() -> None:
    rows = [
        row("a", filter="F1", **GROUP), row("b", filter="F1", obs_num="2", **GROUP),
        row("c", filter="F2", obs_num="2", **GROUP), row("d", filter="F2", obs_num="2", **GROUP),
        row("e", filter="F3", obs_num="3", **GROUP), row("f", filter="F3", obs_num="1", **GROUP),
        row("g", obs_num="", asn_candidate=candidates("c1001 group")),
    ]  # fmt: skip
    assert found(pool_of(*rows), agreeing(same("filter"), TWO)) == [
        ("c1000", "a b"), ("c1000", "e f"),
    ]  # fmt: skip


def test_every_failure_is_counted() -> None:
    rule = agreeing(same("filter"), has("psf"), at_least(2))
    result = generate(pool_of(row("a"), row("b", filter="F2"), row("c", filter="F2")), [rule])
    assert result.tried[0].invalid == {"has a psf exposure": 2, "has at least 2 exposures": 1}


def member_list(rule: type[Rule], *rows: Row) -> list[tuple[str, str]]:
    (made,) = generate(pool_of(*rows), [rule]).associations
    return [(member.expname, member.exptype) for member in made.products[0].members]


NODS = agreeing(expansion=nods_as_background("science", suffix="x1d"))


@pytest.mark.parametrize(
    ("rule", "rows", "expected"),
    [
        (agreeing(), [row("a"), row("b")], ["a_cal science", "b_cal science"]),
        (NODS, [row("a")], ["a_cal science"]),
        (NODS, [row("a"), row("b")], ["a_cal science", "b_cal science", "a_x1d background", "b_x1d background"]),
        (NODS, [row("a"), row("b", **PSF)], ["a_cal science", "b_cal psf"]),
        (
            NODS,
            [row("a"), row("b"), row("c", **PSF)],
            ["a_cal science", "b_cal science", "a_x1d background", "b_x1d background", "c_cal psf"],
        ),
        (
            NODS,
            [row("a"), row("b"), row("c", bkgdtarg="T")],
            ["a_cal science", "b_cal science", "a_x1d background", "b_x1d background", "c_x1d background"],
        ),
    ],
)
def test_what_a_group_becomes(rule: type[Rule], rows: list[Row], expected: list[str]) -> None:
    assert [f"{name.removesuffix('.fits')} {role}" for name, role in member_list(rule, *rows)] == expected


def test_members_are_in_canonical_order_science_first() -> None:
    rows = [row("d", obs_num="2"), row("c", obs_num="10"), row("b", **PSF), row("a", bkgdtarg="T")]
    assert [name[0] + " " + role for name, role in member_list(agreeing(), *rows)] == [
        "d science", "c science", "a background", "b psf",
    ]  # fmt: skip


def test_members_from_elsewhere_are_ordered_by_name() -> None:
    exposure = Entry("science", 0, "z")
    b, a, psf = Entry("science", -1, "b"), Entry("science", -1, "a"), Entry("psf", -1, "a")
    background = Entry("background", -1, "c")
    assert in_order([b, a, background, exposure, psf]) == [a, b, exposure, background, psf]


def test_only_exposures_that_are_kept_by_integration_are_called_so() -> None:
    rule = agreeing(member_name=MemberName(choose(otherwise="cal"), by_integration=present("tsovisit")))
    names = [name for name, _ in member_list(rule, row("a", tsovisit="T"), row("b"), row("c", tsovisit="F"))]
    assert names == ["a_calints.fits", "b_cal.fits", "c_cal.fits"]


def test_a_member_keeps_the_spelling_of_its_file_and_its_error() -> None:
    (made,) = generate(pool_of(row("ABC", exposerr="Lost_Lock")), [agreeing(lists_candidates=True)]).associations
    assert made.products[0].members == (Member("ABC_cal.fits", "science", "lost_lock", "[('o001', 'observation')]"),)


@pytest.mark.parametrize(
    ("options", "cell"),
    [
        ({"candidates": ["c1000"]}, "[('c1000', 'group')]"),
        ({"candidates": (), "discover": True}, "[('c1000', 'group'), ('o001', 'observation')]"),
    ],
)
def test_a_member_names_the_candidate_or_in_discovery_all(options: dict[str, object], cell: str) -> None:
    pool = pool_of(row("a", asn_candidate="[('c1000', 'group'), ('o001', 'OBSERVATION')]"))
    (made,) = generate(pool, [agreeing(discovered=True, lists_candidates=True)], **options).associations  # type: ignore[arg-type]
    assert made.products[0].members[0].asn_candidate == cell


def test_a_member_of_several_associations_names_the_candidate_of_each() -> None:
    both = candidates("c1000 group", "o001 observation")
    pool = pool_of(row("a", asn_candidate=both), row("b", asn_candidate=both), row("c", asn_candidate=both))
    for lists, cells in ((True, ["[('c1000', 'group')]"] * 3 + ["[('o001', 'observation')]"] * 3), (False, [None] * 6)):
        made = generate(pool, [agreeing(lists_candidates=lists)], discover=False, finalize=False).associations
        assert [member.asn_candidate for each in made for member in each.products[0].members] == cells


def test_a_name_may_show_the_target_of_the_first_member_beside_what_the_group_shows() -> None:
    both = Field(("science target", "instrument"))
    rule = agreeing(
        same("instrume"), product_name=product_name("{both}_{mine}", {"both": both, "mine": Field(("science target",))})
    )
    (made,) = generate(pool_of(row("a", targetid="7"), row("b", targetid="9", **PSF)), [rule]).associations
    assert made.products[0].name == "7-miri_7"


@pytest.mark.parametrize(
    ("errors", "status"),
    [
        (["", "null"], "No known degraded exposures in association."),
        (
            ["", "x"],
            (
                "One or more members have an error associated with them.\n"
                "Details can be found in the member.exposerr attribute."
            ),
        ),
    ],
)
def test_whether_an_association_is_degraded(errors: list[str], status: str) -> None:
    pool = pool_of(*(row(f"a{i}", exposerr=error) for i, error in enumerate(errors)))
    (made,) = generate(pool, [agreeing()]).associations
    assert made.degraded_status == status


def test_the_constraints_text_has_the_shared_values() -> None:
    slit = mapped("fixed slit", "fxd_slit", {"s1": "s", "s2": "s"})
    rule = agreeing(
        same("filter", optional=True), same(first_given("pupil", "grating"), optional=True), same(slit, optional=True)
    )
    rows = [row("a", fxd_slit="S1", filter=""), row("b", fxd_slit="S2", filter="F1")]
    (made,) = generate(pool_of(*rows), [rule]).associations
    assert made.constraints == "program = 1; filter = f1; pupil or grating = not given; fixed slit = s"


def test_names_show_only_values_of_members_that_had_to_agree() -> None:
    rule = agreeing(same("targetid", only="science"), same("instrume"))
    (made,) = generate(pool_of(row("a"), row("b", targetid="2", **PSF)), [rule]).associations
    assert made.products[0].name == "jw00001-o001_t001_miri_clear"
    assert made.target == "t001"
    (made,) = generate(pool_of(row("b", targetid="2", **PSF)), [rule]).associations
    assert made.products[0].name == "jw00001-o001_t000_miri_clear"


def test_a_name_shows_every_value_that_is_one_to_the_rule() -> None:
    slit = mapped("slit", "fxd_slit", {"s1": "s", "s2": "s"})
    rule = agreeing(same(slit), product_name=product_name("{slit}", {"slit": Field(("slit",))}))
    rows = [row("a", fxd_slit="S2"), row("b", fxd_slit="S1"), row("c", fxd_slit="S2")]
    (made,) = generate(pool_of(*rows), [rule]).associations
    assert made.products[0].name == "s1-s2"


def test_a_name_shows_no_value_where_a_group_has_none() -> None:
    slit = mapped("slit", "fxd_slit", {"s1": "s", "s2": "s"})
    name = product_name("{candidate}-{slit}", {"slit": Field(("slit",)), "candidate": Field(("candidate",))})
    rule = agreeing(same(slit, optional=True), product_name=name)
    rows = [row("a", fxd_slit="S2"), row("b", fxd_slit="S1"), row("c", asn_candidate="[('o002', 'OBSERVATION')]")]
    made = generate(pool_of(*rows), [rule], discover=False).associations
    assert [each.products[0].name for each in made] == ["o001-s1-s2", "o002-"]


@pytest.mark.parametrize("parts", [("a", "b"), ("a", Field(("slit",)))])
def test_there_is_a_name_for_each_product(parts: tuple[str | Field, ...]) -> None:
    assert naming.names(parts, {"slit": Texts.of(["b", "b"])}, 2) == ["ab", "ab"]
