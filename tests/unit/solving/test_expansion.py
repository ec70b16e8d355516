"""What a valid group becomes: which exposures stay, and what products are made of them."""

from __future__ import annotations

from typing import Any

import pytest

from rules import naming
from rules.rule import Rule
from rules.vocabulary import (
    DitherOverlap,
    OneProduct,
    case,
    choose,
    contains,
    direct_image,
    dither_overlap,
    has,
    nod_pairs,
    one_of,
    one_seed,
    present,
    same,
    select,
)
from solver import generate
from solver.pools.evaluation import Evaluation
from solver.solving.expansion import Entry, expand
from tests.unit.small import Row, agreeing, cases, exposures, members, pool_of, row

ROLES = choose(
    case("imprint", present("is_imprt")),
    case("psf", present("is_psf")),
    case("background", present("bkgdtarg")),
    case("direct_image", one_of("exp_type", "mir_image")),
    otherwise="science",
)
SPECTRUM = {"exp_type": "MIR_WFSS"}
PSF, BACKGROUND = {"is_psf": "T"}, {"bkgdtarg": "T"}
SELECTIONS, KINDS, OVERLAPS, IMAGES = cases(__file__).values()


def products(rule: type[Rule], *rows: Row) -> list[str]:
    """The members of each product, science first: name and role's first letter."""
    made = generate(pool_of(*rows), [rule]).associations
    return [" ".join(f"{name}:{role[:3]}" for name, role in members(each).items()) for each in made]


# --- Selection ----------------------------------------------------------------------------------


SELECTING = agreeing(
    roles=ROLES,
    selection=select("imprint", about="science", kind=one_of("bkgdtarg", "t"), target="targetid", index="dithptin"),
)


@pytest.mark.parametrize("which", SELECTIONS)
def test_which_exposures_stay(which: str) -> None:
    pool, stay = SELECTIONS[which]
    (made,) = generate(pool_of(*exposures(pool, **SPECTRUM)), [SELECTING]).associations
    assert " ".join(sorted(members(made))) == stay


@pytest.mark.parametrize("which", KINDS)
def test_one_exposure_of_the_kind_decides_which_kind_is_selected_from(which: str) -> None:
    pool, stay = KINDS[which]
    roles = choose(case("imprint", present("is_imprt")), otherwise="science")
    rule = agreeing(roles=roles, selection=SELECTING.spec.selection)
    (made,) = generate(pool_of(*exposures(pool, **SPECTRUM)), [rule]).associations
    assert " ".join(sorted(members(made))) == stay


def test_other_roles_are_not_selected_from_and_validity_comes_first() -> None:
    rule = agreeing(has("imprint"), roles=ROLES, selection=SELECTING.spec.selection)
    rows = exposures("a; i imprint; j imprint targetid=2; b targetid=2 background", **SPECTRUM)
    (made,) = generate(pool_of(*rows), [rule]).associations
    assert members(made) == {"a": "science", "b": "background", "i": "imprint"}


def test_one_product_has_all_members_in_a_list_of_its_own() -> None:
    given = [Entry("science", 0, "a"), Entry("psf", 0, "b")]
    (made,) = expand(OneProduct(), given, {}, Evaluation(pool_of(row("a"))))
    assert made == given
    assert made is not given


# --- Nods ---------------------------------------------------------------------------------------


def overlap(*, unknown: bool, **more: Any) -> DitherOverlap:
    return dither_overlap(
        target="targetid", position="patt_num", subpixels=("subpxpts", "subpxpns"), points="numdthpt", unknown=unknown,
        **more,
    )  # fmt: skip


#: As for NIRSpec's fixed slits, and for its micro-shutters.
SLIT = overlap(unknown=True, neighbours=one_of("fxd_slit", "s1600a1"), of=5)
SHUTTERS = overlap(unknown=False)


def nod(name: str, dither: str) -> Row:
    """An exposure at a dither position such as `"2 points=5"`; `-` for none."""
    position, *values = dither.replace("-", "").split(" ")
    usual = {"target": "1", "sub": "1", "old": "", "points": "4", "slit": ""}
    given = usual | {key: value for key, _, value in (each.partition("=") for each in values)}
    columns = dict(zip(("targetid", "subpxpts", "subpxpns", "numdthpt", "fxd_slit"), given.values(), strict=True))
    return row(name, patt_num=position, **columns)


@pytest.mark.parametrize("which", OVERLAPS)
def test_which_dither_positions_overlap(which: str) -> None:
    one, other, in_slit, in_shutters = OVERLAPS[which]
    for kind, expected in ((SLIT, in_slit), (SHUTTERS, in_shutters)):
        rule = agreeing(expansion=nod_pairs("science", kind))
        alone, pairs = ["a:sci", "b:sci"], ["a:sci b:bac", "b:sci a:bac"]
        assert products(rule, nod("a", one), nod("b", other)) == (alone if expected else pairs)


def test_a_position_of_too_many_digits_is_not_known() -> None:
    rule = agreeing(expansion=nod_pairs("science", SLIT))
    assert products(rule, nod("a", "9" * 5_000), nod("b", "2")) == ["a:sci", "b:sci"]


WITHOUT_OVERLAP = agreeing(expansion=nod_pairs("science"))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("a")], ["a:sci"]),
        ([row("a"), row("b")], ["a:sci b:bac", "b:sci a:bac"]),
        ([row("a"), row("b"), row("c")], ["a:sci b:bac c:bac", "b:sci a:bac c:bac", "c:sci a:bac b:bac"]),
        (
            [row("a"), row("b"), row("p", **PSF), row("z", **BACKGROUND)],
            ["a:sci b:bac z:bac p:psf", "b:sci a:bac z:bac p:psf"],
        ),
        ([row("p", **PSF)], []),
    ],
)
def test_each_nod_has_a_product_with_the_others_as_background(rows: list[Row], expected: list[str]) -> None:
    assert products(WITHOUT_OVERLAP, *rows) == expected


def test_some_of_three_nods_overlap() -> None:
    rule = agreeing(expansion=nod_pairs("science", SLIT))
    rows = [nod("a", "1"), nod("b", "1"), nod("c", "2")]
    assert products(rule, *rows) == ["a:sci c:bac", "b:sci c:bac", "c:sci a:bac b:bac"]


def test_the_nods_of_a_group_share_what_it_agrees_on() -> None:
    rule = agreeing(same("filter"), expansion=nod_pairs("science"))
    assert products(rule, row("a"), row("b", filter="F1"), row("c")) == ["b:sci", "a:sci c:bac", "c:sci a:bac"]


# --- Direct images ------------------------------------------------------------------------------

FILES = {"_i2d.fits": "direct_image", "_cat.ecsv": "sourcecat"}


def with_image(*constraints: Any, lists_candidates: bool = False, **options: Any) -> type[Rule]:
    """A seed with one of the direct images."""
    expansion = direct_image(
        "direct_image",
        about="science",
        root=naming.DIRECT_IMAGE,
        files=FILES,
        **{"optics": (("filter", "band"), ("pupil", "grating"))} | options,
    )
    return agreeing(
        *(constraints or (same("targetid"), same("instrume"), has("direct_image"))),
        roles=ROLES,
        cardinality=one_seed("science", fitting=("direct_image", "background")),
        expansion=expansion,
        lists_candidates=lists_candidates,
    )


def test_files_of_an_image_are_in_no_candidate_and_have_no_error() -> None:
    rule = with_image(has("direct_image"), lists_candidates=True)
    in_both = "[('c1000', 'group'), ('o001', 'observation')]"
    pool = pool_of(
        row("i", filter="F1", exposerr="lost"),
        row("j", filter="F2", exposerr="lost", asn_candidate="[('c1000', 'group')]"),
        row("a", **SPECTRUM, asn_candidate=in_both),
        row("z", exposerr="lost", asn_candidate="[('c1000', 'group')]"),
    )
    made = generate(pool, [rule], discover=False).associations
    assert [[(each.exptype, each.asn_candidate, each.exposerr) for each in one.members] for one in made] == [
        [("science", f"[{cell}]", None), ("direct_image", None, None), ("sourcecat", None, None)]
        for cell in ("('c1000', 'group')", "('o001', 'observation')")
    ]


NEXT = with_image(next_by="expspcin")
LONG = contains("filename", "long")
#: What the cases call the rules.
RULES = {
    "NEXT": NEXT,
    "PREFERRED": with_image(prefer=LONG),
    "PREFERRED_THEN_NEXT": with_image(next_by="expspcin", prefer=LONG),
}


def numbered(text: str) -> list[Row]:
    """A spectrum s and images with their numbers; the filter of each is its name."""
    made = [each | {"filter": each["filename"].removesuffix("_uncal.fits")} for each in exposures(text)]
    return [each | (SPECTRUM if each["filter"] in {"s", "t"} else {}) for each in made]


@pytest.mark.parametrize("which", IMAGES)
def test_which_direct_image_is_taken(which: str) -> None:
    rule, pool, image = IMAGES[which]
    (made,) = generate(pool_of(*numbered(pool)), [RULES[rule]]).associations
    assert [(each.expname, each.exptype) for each in made.products[0].members] == [
        ("s_cal.fits", "science"),
        (f"jw00001-o001_t001_miri_{image}_i2d.fits", "direct_image"),
        (f"jw00001-o001_t001_miri_{image}_cat.ecsv", "sourcecat"),
    ]


@pytest.mark.parametrize(
    ("values", "root"),
    [
        ({"filter": "F1"}, "f1"),
        ({"filter": "F1", "pupil": "P1"}, "f1-p1"),
        ({"filter": "Z1", "pupil": "P1"}, "p1-z1"),
        ({"filter": "", "band": "LONG"}, "long"),
        ({"filter": "F1", "band": "LONG"}, "f1"),
        ({"filter": "", "pupil": "", "grating": "G1"}, "g1"),
        ({"filter": "F1", "pupil": "P1", "grating": "G1"}, "f1-p1"),
        ({"filter": ""}, "clear"),
    ],
    ids=str,
)
def test_names_show_the_optics_of_the_direct_image_and_not_of_the_seed(values: dict[str, str], root: str) -> None:
    rows = [row("s", filter="GR", pupil="GR2", **SPECTRUM), row("x", **values)]
    (made,) = generate(pool_of(*rows), [NEXT]).associations
    assert [each.expname for each in made.products[0].members[1:]] == [
        f"jw00001-o001_t001_miri_{root}{ending}" for ending in FILES
    ]


def test_names_show_the_subarray_only_where_it_is_agreed_on() -> None:
    rows = [row("s", subarray="SUB64", **SPECTRUM), row("x", subarray="SUB64")]
    rule = with_image(same("targetid"), same("instrume"), same("subarray"), has("direct_image"), next_by="expspcin")
    (made,) = generate(pool_of(*rows), [rule]).associations
    assert made.products[0].members[1].expname == "jw00001-o001_t001_miri_f770w-sub64_i2d.fits"
    (made,) = generate(pool_of(*rows), [NEXT]).associations
    assert made.products[0].members[1].expname == "jw00001-o001_t001_miri_f770w_i2d.fits"


def test_other_roles_stay_and_no_direct_image_is_a_member_itself() -> None:
    rows = numbered("s expspcin=1; x expspcin=2; y expspcin=3; b exp_type=MIR_WFSS background")
    (made,) = generate(pool_of(*rows), [NEXT]).associations
    assert [each.exptype for each in made.products[0].members] == ["science", "background", "direct_image", "sourcecat"]
    assert [each.row for each in made.products[0].members[2:]] == [None, None]


def test_every_seed_has_an_image_of_its_own() -> None:
    rows = numbered("s expspcin=1; x expspcin=2; t expspcin=3; y expspcin=4")
    made = generate(pool_of(*rows), [NEXT]).associations
    names = [[member.expname for member in each.products[0].members[:2]] for each in made]
    assert sorted(names) == [
        ["s_cal.fits", "jw00001-o001_t001_miri_x_i2d.fits"], ["t_cal.fits", "jw00001-o001_t001_miri_y_i2d.fits"],
    ]  # fmt: skip


def test_a_group_without_a_direct_image_becomes_nothing() -> None:
    rule = with_image(same("targetid"), same("instrume"), next_by="expspcin")
    assert generate(pool_of(*numbered("s expspcin=1")), [rule]).associations == ()
