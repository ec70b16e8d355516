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
from solver.associations.association import Member
from solver.pools.evaluation import Evaluation
from solver.solving.expansion import expand
from tests.unit.small import Row, agreeing, members, pool_of, row

ROLES = choose(
    case("imprint", present("is_imprt")),
    case("psf", present("is_psf")),
    case("background", present("bkgdtarg")),
    case("direct_image", one_of("exp_type", "mir_image")),
    otherwise="science",
)
SPECTRUM = {"exp_type": "MIR_WFSS"}
IMPRINT, BACKGROUND, PSF = {"is_imprt": "T"}, {"bkgdtarg": "T"}, {"is_psf": "T"}


def products(rule: type[Rule], *rows: Row) -> list[str]:
    """The members of each product, science first: name and role's first letter."""
    made = generate(pool_of(*rows), [rule]).associations
    return [" ".join(f"{name}:{role[:3]}" for name, role in members(each).items()) for each in made]


# --- Selection ----------------------------------------------------------------------------------


def spectrum(name: str, **values: str) -> Row:
    return row(name, **SPECTRUM | values)


def imprint(name: str, **values: str) -> Row:
    return spectrum(name, **IMPRINT | values)


SELECTING = agreeing(
    roles=ROLES,
    selection=select("imprint", about="science", kind=one_of("bkgdtarg", "t"), target="targetid", index="dithptin"),
)

#: exposures, and those that stay
SELECTIONS: dict[str, tuple[list[Row], str]] = {
    "none to select from": ([spectrum("a"), spectrum("b")], "a b"),
    "one for one stays": ([spectrum("a"), imprint("i")], "a i"),
    "of another kind they stay in any case": (
        [spectrum("a", dithptin="1"), imprint("i", dithptin="1"), imprint("j", bkgdtarg="T", targetid="2")], "a i j",
    ),
    "of another kind only: all stay": (
        [spectrum("a"), imprint("i", bkgdtarg="T", targetid="2"), imprint("j", bkgdtarg="T", targetid="3")], "a i j",
    ),
    "of the rest those with the target": (
        [spectrum("a"), imprint("i"), imprint("j", targetid="2"), imprint("k", targetid="")], "a i",
    ),
    "if there are any with the target": (
        [spectrum("a"), imprint("j", targetid="2")], "a j",
    ),
    "a target that is not given is nobody's": (
        [spectrum("a", targetid=""), spectrum("b", targetid=""), imprint("j", targetid="2"), imprint("k", targetid="")],
        "a b j k",
    ),
    "with the target of any": (
        [spectrum("a"), spectrum("b", targetid="2"), imprint("i"), imprint("j", targetid="2"),
         imprint("k", targetid="3")],
        "a b i j",
    ),
    "as many as there are exposures: the index does not matter": (
        [spectrum("a", dithptin="1"), spectrum("b", dithptin="2"), imprint("i", dithptin="3"),
         imprint("j", dithptin="4")],
        "a b i j",
    ),
    "as many as there are exposures, one with an index of theirs": (
        [spectrum("a", dithptin="1"), spectrum("b", dithptin="2"), imprint("i", dithptin="1"),
         imprint("j", dithptin="4")],
        "a b i j",
    ),
    "fewer than exposures: the index does not matter": (
        [spectrum("a", dithptin="1"), spectrum("b", dithptin="2"), imprint("j", dithptin="2")], "a b j",
    ),
    "more than exposures: those with the index of one": (
        [spectrum("a", dithptin="2"), imprint("i", dithptin="1"), imprint("j", dithptin="2"),
         imprint("k", dithptin="3")],
        "a j",
    ),
    "all with the index stay, though there are more than exposures": (
        [spectrum("a", dithptin="2"), imprint("i", dithptin="2"), imprint("j", dithptin="2")], "a i j",
    ),
    "if there are any with the index": (
        [spectrum("a", dithptin="9"), imprint("i", dithptin="1"), imprint("j", dithptin="2")], "a i j",
    ),
    "an index that is not given is nobody's": ([spectrum("a"), imprint("i"), imprint("j")], "a i j"),
    "the target comes before the index": (
        [spectrum("a", dithptin="2"), imprint("i", dithptin="1"), imprint("j", dithptin="2", targetid="2")], "a i",
    ),
    "the target decides, then the index": (
        [spectrum("a", dithptin="2"), imprint("i", dithptin="1"), imprint("j", dithptin="2"),
         imprint("k", dithptin="2", targetid="2")],
        "a j",
    ),
    "what is of another kind does not count": (
        [spectrum("a", dithptin="2"), imprint("i", dithptin="1"), imprint("j", dithptin="1", bkgdtarg="T")], "a i j",
    ),
}  # fmt: skip


@pytest.mark.parametrize("which", SELECTIONS)
def test_which_exposures_stay(which: str) -> None:
    rows, stay = SELECTIONS[which]
    (made,) = generate(pool_of(*rows), [SELECTING]).associations
    assert " ".join(sorted(members(made))) == stay


@pytest.mark.parametrize(
    ("rows", "stay"),
    [
        ([spectrum("a", **BACKGROUND), imprint("i", **BACKGROUND), imprint("j")], "a i j"),
        (
            [spectrum("a", **BACKGROUND), imprint("i", **BACKGROUND), imprint("j", targetid="2", **BACKGROUND)],
            "a i",
        ),
        (
            [spectrum("a", **BACKGROUND), imprint("i", **BACKGROUND), imprint("j", targetid="2")],
            "a i j",
        ),
        (
            [spectrum("a"), spectrum("b", **BACKGROUND), imprint("i", targetid="2"), imprint("j", **BACKGROUND)],
            "a b i j",
        ),
        (
            [spectrum("a"), spectrum("b", **BACKGROUND), imprint("i", targetid="2", **BACKGROUND),
             imprint("j", **BACKGROUND)],
            "a b j",
        ),
    ],
)  # fmt: skip
def test_one_exposure_of_the_kind_decides_which_kind_is_selected_from(rows: list[Row], stay: str) -> None:
    roles = choose(case("imprint", present("is_imprt")), otherwise="science")
    rule = agreeing(roles=roles, selection=SELECTING.spec.selection)
    (made,) = generate(pool_of(*rows), [rule]).associations
    assert " ".join(sorted(members(made))) == stay


def test_other_roles_are_not_selected_from_and_validity_comes_first() -> None:
    rule = agreeing(has("imprint"), roles=ROLES, selection=SELECTING.spec.selection)
    rows = [spectrum("a"), imprint("i"), imprint("j", targetid="2"), spectrum("b", targetid="2", **BACKGROUND)]
    (made,) = generate(pool_of(*rows), [rule]).associations
    assert members(made) == {"a": "science", "b": "background", "i": "imprint"}


def test_one_product_has_all_members_in_a_list_of_its_own() -> None:
    given = [Member("a", "science"), Member("b", "psf")]
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


def nod(position: str, *, target: str = "1", sub: str = "1", old: str = "", points: str = "4", slit: str = "") -> Row:
    return {
        "patt_num": position, "targetid": target, "subpxpts": sub, "subpxpns": old, "numdthpt": points,
        "fxd_slit": slit,
    }  # fmt: skip


FIVE = {"slit": "S1600A1", "points": "5"}
TEN = {"slit": "S1600A1", "points": "10", "sub": "2"}

#: two dither positions, and whether they overlap in a fixed slit and through the micro-shutters
OVERLAPS: dict[str, tuple[Row, Row, bool, bool]] = {
    "two positions": (nod("1"), nod("2"), False, False),
    "one position": (nod("1"), nod("1"), True, True),
    "two targets": (nod("1"), nod("2", target="2"), True, True),
    "two targets, and nothing else is known": (nod(""), nod("", target="2"), True, True),
    "one primary position": (nod("1", sub="2"), nod("2", sub="2"), True, True),
    "two primary positions": (nod("2", sub="2"), nod("3", sub="2"), False, False),
    "one primary position of three": (nod("4", sub="3"), nod("6", sub="3"), True, True),
    "the first subpixel column with a number counts": (
        nod("1", sub="1", old="2"), nod("2", sub="1", old="2"), False, False,
    ),
    "an older column": (nod("1", sub="", old="2"), nod("2", sub="", old="2"), True, True),
    "a word is no number": (nod("1", sub="none", old="2"), nod("2", sub="none", old="2"), True, True),
    "no position": (nod(""), nod("2"), True, False),
    "no position of the other": (nod("1"), nod(""), True, False),
    "a word as position": (nod("x"), nod("2"), True, False),
    "no number of subpixels": (nod("1", sub=""), nod("2", sub=""), True, False),
    "no number of subpixels of the other": (nod("1"), nod("2", sub=""), True, False),
    "zero subpixels": (nod("1", sub="0"), nod("2", sub="0"), True, False),
    "zero subpixels of the first": (nod("1", sub="0"), nod("2"), True, False),
    "zero points": (nod("1", points="0"), nod("2", points="0"), False, False),
    "position zero comes before the first": (nod("0"), nod("1"), False, False),
    "eleven points and two subpixels are five positions": (
        nod("1", slit="S1600A1", points="11", sub="2"), nod("3", slit="S1600A1", points="11", sub="2"), True, False,
    ),
    "no number of points": (nod("1", points=""), nod("2", points=""), True, False),
    "one position, no number of points": (nod("1", points=""), nod("1", points=""), True, False),
    "neighbours of five in a wide slit": (nod("1", **FIVE), nod("2", **FIVE), True, False),
    "neighbours downwards": (nod("4", **FIVE), nod("3", **FIVE), True, False),
    "no neighbours of five": (nod("1", **FIVE), nod("3", **FIVE), False, False),
    "neighbours of three": (
        nod("1", slit="S1600A1", points="3"), nod("2", slit="S1600A1", points="3"), False, False,
    ),
    "neighbours of five in another slit": (
        nod("1", slit="S200A1", points="5"), nod("2", slit="S200A1", points="5"), False, False,
    ),
    "five primary positions of two": (nod("2", **TEN), nod("3", **TEN), True, False),
    "five primary positions of two, further away": (nod("2", **TEN), nod("5", **TEN), False, False),
    "five points, but not five primary positions": (
        nod("2", slit="S1600A1", points="5", sub="2"), nod("3", slit="S1600A1", points="5", sub="2"), False, False,
    ),
    "first and last are no neighbours": (nod("1", **FIVE), nod("5", **FIVE), False, False),
}  # fmt: skip


@pytest.mark.parametrize("which", OVERLAPS)
def test_which_dither_positions_overlap(which: str) -> None:
    one, other, in_slit, in_shutters = OVERLAPS[which]
    for kind, expected in ((SLIT, in_slit), (SHUTTERS, in_shutters)):
        rule = agreeing(expansion=nod_pairs("science", kind))
        alone, pairs = ["a:sci", "b:sci"], ["a:sci b:bac", "b:sci a:bac"]
        assert products(rule, row("a", **one), row("b", **other)) == (alone if expected else pairs)


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
    rows = [row(name, **nod(position)) for name, position in (("a", "1"), ("b", "1"), ("c", "2"))]
    assert products(rule, *rows) == ["a:sci c:bac", "b:sci c:bac", "c:sci a:bac b:bac"]


def test_the_nods_of_a_group_share_what_it_agrees_on() -> None:
    rule = agreeing(same("filter"), expansion=nod_pairs("science"))
    assert products(rule, row("a"), row("b", filter="F1"), row("c")) == ["b:sci", "a:sci c:bac", "c:sci a:bac"]


# --- Direct images ------------------------------------------------------------------------------

FILES = {"_i2d.fits": "direct_image", "_cat.ecsv": "sourcecat"}


def with_image(*constraints: Any, **options: Any) -> type[Rule]:
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
    )


NEXT = with_image(next_by="expspcin")
PREFERRED = with_image(prefer=contains("filename", "long"))


def at(name: str, number: str, **values: str) -> Row:
    """An exposure with this number; its filter is its name."""
    return row(name, filter=name, expspcin=number, **values)


def seed(number: str) -> Row:
    return at("s", number, **SPECTRUM)


#: exposures, and the direct image that is taken
IMAGES: dict[str, tuple[type[Rule], list[Row], str]] = {
    "the only one": (NEXT, [seed("1"), at("x", "2")], "x"),
    "the next one": (NEXT, [seed("3"), at("x", "1"), at("y", "4"), at("z", "5")], "y"),
    "the next one by number": (NEXT, [seed("9"), at("x", "11"), at("y", "10")], "y"),
    "not one with the same number": (NEXT, [seed("3"), at("x", "3"), at("y", "5")], "y"),
    "of two with the next number the first in place": (
        NEXT, [seed("1") | {"visit": "1"}, at("x", "2") | {"visit": "3"}, at("y", "2") | {"visit": "2"}], "y",
    ),
    "none later: the first in place": (NEXT, [seed("5"), at("x", "4") | {"act_id": "4"},
        at("y", "3") | {"act_id": "3"}], "y"),
    "the seed has no number": (NEXT, [seed(""), at("x", "2"), at("y", "1")], "x"),
    "no image has a number": (NEXT, [seed("1"), at("x", ""), at("y", "n/a")], "x"),
    "one image has no number": (NEXT, [seed("1"), at("x", ""), at("y", "2")], "y"),
    "a word is no number": (NEXT, [seed("1"), at("x", "two"), at("y", "2")], "y"),
    "preferred": (PREFERRED, [seed("1"), at("x", "2"), at("y_long", "0")], "y_long"),
    "the first that is preferred": (PREFERRED, [seed("1"), at("x", "2"), at("z_long", "1"), at("y_long", "9")],
        "y_long"),
    "none is preferred: the first in place": (PREFERRED, [seed("1"), at("y", "2"), at("x", "3")], "x"),
    "preferred before the next": (
        with_image(next_by="expspcin", prefer=contains("filename", "long")),
        [seed("3"), at("x", "4"), at("y_long", "1")],
        "y_long",
    ),
    "none is preferred: the next": (
        with_image(next_by="expspcin", prefer=contains("filename", "long")),
        [seed("3"), at("x", "1"), at("y", "4")],
        "y",
    ),
}  # fmt: skip


@pytest.mark.parametrize("which", IMAGES)
def test_which_direct_image_is_taken(which: str) -> None:
    rule, rows, image = IMAGES[which]
    (made,) = generate(pool_of(*rows), [rule]).associations
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
    rows = [seed("1"), at("x", "2"), at("y", "3"), row("b", **SPECTRUM | BACKGROUND)]
    (made,) = generate(pool_of(*rows), [NEXT]).associations
    assert [each.exptype for each in made.products[0].members] == ["science", "background", "direct_image", "sourcecat"]
    assert [each.row for each in made.products[0].members[2:]] == [None, None]


def test_every_seed_has_an_image_of_its_own() -> None:
    rows = [at("a", "1", **SPECTRUM), at("x", "2"), at("b", "3", **SPECTRUM), at("y", "4")]
    made = generate(pool_of(*rows), [NEXT]).associations
    names = [[member.expname for member in each.products[0].members[:2]] for each in made]
    assert sorted(names) == [
        ["a_cal.fits", "jw00001-o001_t001_miri_x_i2d.fits"], ["b_cal.fits", "jw00001-o001_t001_miri_y_i2d.fits"],
    ]  # fmt: skip


def test_a_group_without_a_direct_image_becomes_nothing() -> None:
    rule = with_image(same("targetid"), same("instrume"), next_by="expspcin")
    assert generate(pool_of(seed("1")), [rule]).associations == ()


def test_only_exposures_of_the_pool_can_be_expanded_further() -> None:
    pool = pool_of(seed("1"), at("x", "2"))
    (made,) = generate(pool, [NEXT]).associations
    from solver.pools.evaluation import Evaluation

    with pytest.raises(ValueError, match=r"^jw00001-o001_t001_miri_x_i2d\.fits is no exposure of the pool$"):
        expand(NEXT.spec.expansion, made.products[0].members, {}, Evaluation(pool))
