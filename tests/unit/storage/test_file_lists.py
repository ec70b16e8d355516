"""Associations of files that the user names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from rules import MISSION, Rule
from rules.level2_base import DMSLevel2bBase
from rules.level3_base import AsnMixin_Image, DMS_Level3_Base
from rules.vocabulary import DirectImage
from solver import Association, from_list
from solver.associations.member_types import MEMBER_TYPES, member_type
from solver.errors import AssociationError

Files = Sequence[str | tuple[str, str]]


def products(association: Association) -> dict[str, str]:
    """Product name to its members, as in `a b/background`."""
    return {
        product.name: " ".join(
            member.expname if member.exptype == "science" else f"{member.expname}/{member.exptype}"
            for member in product.members
        )
        for product in association.products
    }


#: What is listed, under which rule and with what else, and the products that it gives.
MADE: dict[str, tuple[Files, type[Rule], dict[str, Any], dict[str, str]]] = {
    "level 3 is one product, in the order given": (
        [("s.fits", "background"), "b.fits", "a.fits"],
        DMS_Level3_Base,
        {"product_name": "p"},
        {"p": "s.fits/background b.fits a.fits"},
    ),
    "no type is science, and types are lower case": (
        [("a.fits", ""), ("b.fits", "PSF")],
        DMS_Level3_Base,
        {"product_name": "p"},
        {"p": "a.fits b.fits/psf"},
    ),
    "level 2 has a product for each science exposure": (
        ["a_rate.fits", "b_rateints.fits", "c_uncal.fits.gz", "d.fits"],
        DMSLevel2bBase,
        {},
        {"a": "a_rate.fits", "b": "b_rateints.fits", "c": "c_uncal.fits.gz", "d": "d.fits"},
    ),
    "level 2 names are without folders": (["x/a_rate.fits"], DMSLevel2bBase, {}, {"a": "x/a_rate.fits"}),
    "what is no science goes to each product": (
        [("s_rate.fits", "background"), "a_rate.fits", ("i_rate.fits", "imprint"), "b_rate.fits"],
        DMSLevel2bBase,
        {},
        {
            "a": "a_rate.fits s_rate.fits/background i_rate.fits/imprint",
            "b": "b_rate.fits s_rate.fits/background i_rate.fits/imprint",
        },
    ),
    "nods are each other's background": (
        ["a_rate.fits", "b_rate.fits", ("a_rate.fits", "background"), ("b_rate.fits", "background")],
        DMSLevel2bBase,
        {},
        {"a": "a_rate.fits b_rate.fits/background", "b": "b_rate.fits a_rate.fits/background"},
    ),
    "a single level 2 product may get a name": (
        ["a_rate.fits"],
        DMSLevel2bBase,
        {"product_name": "p"},
        {"p": "a_rate.fits"},
    ),
    "a rule tells the level": (["a_rate.fits"], MISSION.find("Asn_Lv2Image"), {}, {"a": "a_rate.fits"}),
}


@pytest.mark.parametrize(("files", "rule", "options", "expected"), MADE.values(), ids=MADE)
def test_products_and_members(
    files: Files, rule: type[Rule], options: dict[str, Any], expected: dict[str, str]
) -> None:
    assert products(from_list(files, rule, **options)) == expected


def test_the_mean_and_all_integrations_both_stay() -> None:
    assert len(from_list(["a_rate.fits", "a_rateints.fits"], DMSLevel2bBase).products) == 2


FILE = "jw01234001001_02101_00001_mirimage_rate.fits"

#: What is listed, and what is then known: rule, type, id, program, target.
KNOWN: dict[str, tuple[Files, dict[str, Any], tuple[str, str, str, str, str]]] = {
    "by default": (["a.fits"], {}, ("DMS_Level3_Base", "user_built", "a3001", "noprogram", "none")),
    "at level 2 there is no target": (
        ["a.fits"],
        {"rule": DMSLevel2bBase},
        ("DMSLevel2bBase", "user_built", "a3001", "noprogram", ""),
    ),
    "a rule has its type": (
        ["a.fits"],
        {"rule": MISSION.find("Asn_Image")},
        ("Asn_Lv3Image", "image3", "a3001", "noprogram", "none"),
    ),
    "a type that is given comes first": (
        ["a.fits"],
        {"rule": MISSION.find("Asn_Image"), "asn_type": "wfs-image3"},
        ("Asn_Lv3Image", "wfs-image3", "a3001", "noprogram", "none"),
    ),
    "the id is the one that is given": (
        ["a.fits"],
        {"asn_id": "c1001"},
        ("DMS_Level3_Base", "user_built", "c1001", "noprogram", "none"),
    ),
    "names tell the program": (
        ["x/" + FILE, ("jw09999-o001_t001_miri_cat.ecsv", "sourcecat")],
        {},
        ("DMS_Level3_Base", "user_built", "a3001", "01234", "none"),
    ),
    "two programs are none": (
        [FILE, FILE.replace("01234", "01235")],
        {},
        ("DMS_Level3_Base", "user_built", "a3001", "noprogram", "none"),
    ),
    "a program and an unknown one are none": (
        [FILE, "a.fits"],
        {},
        ("DMS_Level3_Base", "user_built", "a3001", "noprogram", "none"),
    ),
}


@pytest.mark.parametrize(("files", "options", "expected"), KNOWN.values(), ids=KNOWN)
def test_what_is_known_of_the_association(files: Files, options: dict[str, Any], expected: tuple[str, ...]) -> None:
    made = from_list(files, **options, product_name="p")
    assert (made.asn_rule, made.asn_type, made.asn_id, made.program, made.target) == expected
    assert Association.from_json(made.to_json()) == made


#: What is listed, with what else, and the whole message.
REFUSED: dict[str, tuple[Files, dict[str, Any], str]] = {
    "nothing": ([], {"product_name": "p"}, "there is no science file, so there would be no product; name one"),
    "no science": (
        [("a.fits", "psf")],
        {"product_name": "p"},
        "there is no science file, so there would be no product; name one",
    ),
    "no name": (["a.fits"], {}, "a Level 3 association needs a product name; give one"),
    "an empty name": (
        ["a.fits"],
        {"product_name": " "},
        "' ' cannot be the name of a product; give a name without folders",
    ),
    "a name with a folder": (
        ["a.fits"],
        {"product_name": "x/p"},
        "'x/p' cannot be the name of a product; give a name without folders",
    ),
    "a name for several level 2 products": (
        ["a.fits", "b.fits"],
        {"rule": DMSLevel2bBase, "product_name": "p"},
        (
            "the products of a Level 2 association are named after their science exposures; with more than one of "
            "them, give no product name"
        ),
    ),
    "a file twice": (
        ["a.fits", "b.fits", "a.fits"],
        {"product_name": "p"},
        "a.fits: named more than once; a file is one member of a product",
    ),
    "a file as two types at level 3": (
        ["a.fits", ("a.fits", "background")],
        {"product_name": "p"},
        "a.fits: named more than once; a file is one member of a product",
    ),
    "a file as background twice": (
        ["a.fits", ("a.fits", "background"), ("a.fits", "background")],
        {"rule": DMSLevel2bBase},
        "a.fits: named more than once; a file is one member of a product",
    ),
    "two science files of one exposure": (
        ["a_rate.fits", "x/a_rate.fits"],
        {"rule": DMSLevel2bBase},
        "a_rate.fits, x/a_rate.fits: products of one exposure would overwrite each other; name one file",
    ),
    "a psf at level 2": (
        ["a_rate.fits", ("p_rate.fits", "psf")],
        {"rule": DMSLevel2bBase},
        "at Level 2 a PSF is calibrated as science; name p_rate.fits as science",
    ),
    "an unknown type": (
        [("a.fits", "sience")],
        {"product_name": "p"},
        "no pipeline knows members of the type 'sience'; did you mean science?",
    ),
    "a type like no other": (
        [("a.fits", "xyzzy")],
        {"product_name": "p"},
        f"no pipeline knows members of the type 'xyzzy'; choose one of {', '.join(MEMBER_TYPES)}",
    ),
    "an odd id": (
        ["a.fits"],
        {"product_name": "p", "asn_id": "o1"},
        "'o1' is no id of a candidate, which looks like o001, c1001 or a3001",
    ),
    "a type of the other level": (
        ["a.fits"],
        {"product_name": "p", "asn_type": "image2"},
        "'image2' is no association type of Level 3; give a word such as image3",
    ),
    "a type that is no word": (
        ["a.fits"],
        {"rule": DMSLevel2bBase, "asn_type": "Image 2"},
        "'Image 2' is no association type of Level 2; give a word such as image2",
    ),
    "a mixin": (
        ["a.fits"],
        {"rule": AsnMixin_Image},
        "AsnMixin_Image is a mixin; name a rule, or a base class of rules",
    ),
    "no name of a file": ([""], {"product_name": "p"}, "'' is no name of a file"),
    "a file name that is no text": (
        ["a\udcff.fits"],
        {"product_name": "p"},
        "the name 'a\\udcff.fits' is no text in UTF-8; rename it",
    ),
    "a product name that is no text": (
        ["a.fits"],
        {"product_name": "p\udcff"},
        "the name 'p\\udcff' is no text in UTF-8; rename it",
    ),
}


@pytest.mark.parametrize(("files", "options", "message"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_association_is_refused(files: Files, options: dict[str, Any], message: str) -> None:
    with pytest.raises(AssociationError) as error:
        from_list(files, **options)
    assert str(error.value) == message


def test_every_rule_can_be_named() -> None:
    for rule in MISSION:
        made = from_list(["a_rate.fits"], rule, product_name="p")
        assert (made.asn_rule, made.asn_type) == (rule.spec.name, rule.spec.asn_type)
        assert made.products[0].name == "p"


def test_every_type_that_a_rule_gives_is_known() -> None:
    given = set[str]()
    for spec in (rule.spec for rule in MISSION):
        given |= {case.value for case in spec.roles.cases if isinstance(case.value, str)} | {spec.roles.otherwise}
        given |= {kind for _, kind in spec.expansion.files} if isinstance(spec.expansion, DirectImage) else set()
    assert {"science", "psf", "segmap", "target_acquisition"} <= given <= {*MEMBER_TYPES}
    assert all(member_type(each) == each for each in MEMBER_TYPES)
