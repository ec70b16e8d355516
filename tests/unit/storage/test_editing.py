"""Changes to the content of association files."""

from __future__ import annotations

import json
from typing import Any

import pytest

from solver.associations.association import DEGRADED, NOT_DEGRADED
from solver.errors import AssociationError
from solver.storage.editing import edit, has_member, problems

Content = dict[str, Any]

#: Abbreviations of the members' types.
TYPES = {"s": "science", "b": "background", "p": "psf"}


def content(asn_type: str = "image3", /, **products: str) -> Content:
    """An association; members are written as `a.fits` for science and `b:a.fits` for background."""
    made = []
    for name, members in products.items():
        parts = [each.rpartition(":") for each in members.split()]
        made.append(
            {"name": name, "members": [{"expname": file, "exptype": TYPES[kind or "s"]} for kind, _, file in parts]}
        )
    return {"asn_type": asn_type, "products": made}


def products(made: Content) -> dict[str, str]:
    """The other way round."""
    short = {kind: letter for letter, kind in TYPES.items()}
    return {
        product["name"]: " ".join(
            member["expname"] if member["exptype"] == "science" else f"{short[member['exptype']]}:{member['expname']}"
            for member in product["members"]
        )
        for product in made["products"]
    }


ONE = content(p="a_cal.fits b_cal.fits b:s_cal.fits")
TWO = content("image2", a="a_rate.fits b:s_rate.fits", b="b_rate.fits b:s_rate.fits")

#: What is edited, how, and the products that it gives.
CASES: dict[str, tuple[Content, dict[str, Any], dict[str, str]]] = {
    "nothing": (ONE, {}, products(ONE)),
    "add": (
        ONE,
        {"add": {"c_cal.fits": "science", "t.fits": "Background"}},
        {"p": "a_cal.fits b_cal.fits b:s_cal.fits c_cal.fits b:t.fits"},
    ),
    "add to each product": (
        TWO,
        {"add": {"t.fits": "background"}},
        {"a": "a_rate.fits b:s_rate.fits b:t.fits", "b": "b_rate.fits b:s_rate.fits b:t.fits"},
    ),
    "add to one product": (
        TWO,
        {"add": {"t.fits": "background"}, "products": ["b"]},
        {"a": "a_rate.fits b:s_rate.fits", "b": "b_rate.fits b:s_rate.fits b:t.fits"},
    ),
    "remove": (ONE, {"remove": ["a_cal.fits", "s_cal.fits"]}, {"p": "b_cal.fits"}),
    "remove by another suffix": (
        ONE,
        {"remove": ["a_rate.fits"], "ignore_suffix": True},
        {"p": "b_cal.fits b:s_cal.fits"},
    ),
    "remove from each product": (TWO, {"remove": ["s_rate.fits"]}, {"a": "a_rate.fits", "b": "b_rate.fits"}),
    "remove from one product": (
        TWO,
        {"remove": ["s_rate.fits"], "products": ["a"]},
        {"a": "a_rate.fits", "b": "b_rate.fits b:s_rate.fits"},
    ),
    "a level 2 product goes with its science exposure": (
        TWO,
        {"remove": ["a_rate.fits"]},
        {"b": "b_rate.fits b:s_rate.fits"},
    ),
    "a product goes with its last member": (content(p="a.fits", q="b.fits"), {"remove": ["a.fits"]}, {"q": "b.fits"}),
    "retype": (ONE, {"retype": {"b_cal.fits": "psf"}}, {"p": "a_cal.fits p:b_cal.fits b:s_cal.fits"}),
    "an exchange": (
        TWO,
        {"add": {"c_rate.fits": "science"}, "remove": ["a_rate.fits"], "products": ["a"]},
        {"a": "b:s_rate.fits c_rate.fits", "b": "b_rate.fits b:s_rate.fits"},
    ),
    "rename": (ONE, {"product_name": "q"}, {"q": "a_cal.fits b_cal.fits b:s_cal.fits"}),
    "rename one of two": (
        TWO,
        {"product_name": "c", "products": ["b"]},
        {"a": "a_rate.fits b:s_rate.fits", "c": "b_rate.fits b:s_rate.fits"},
    ),
    "what was wrong before may stay so": (
        content(p="b:s.fits"),
        {"add": {"t.fits": "background"}},
        {"p": "b:s.fits b:t.fits"},
    ),
    "fewer of too many are no new mistake": (
        content("image2", p="a.fits b.fits c.fits"),
        {"remove": ["c.fits"]},
        {"p": "a.fits b.fits"},
    ),
    "forced, all is done": (
        ONE,
        {"add": {"a_cal.fits": "psf"}, "remove": ["b_cal.fits"], "force": True},
        {"p": "a_cal.fits b:s_cal.fits p:a_cal.fits"},
    ),
    "forced, nothing may be left": (content(p="a.fits"), {"remove": ["a.fits"], "force": True}, {}),
}


@pytest.mark.parametrize(("before", "changes", "expected"), CASES.values(), ids=CASES)
def test_what_an_edit_makes(before: Content, changes: dict[str, Any], expected: dict[str, str]) -> None:
    kept = json.dumps(before)
    assert products(edit(before, **changes)) == expected
    assert json.dumps(before) == kept


NOT_VALID = "the association would not be valid any more: {}; with force it is made all the same"

#: What is edited, how, and the whole message.
REFUSED: dict[str, tuple[Content, dict[str, Any], str]] = {
    "no science left": (
        ONE,
        {"remove": ["a_cal.fits", "b_cal.fits"]},
        NOT_VALID.format("product p has no science member"),
    ),
    "no science left by a new type": (
        TWO,
        {"retype": {"a_rate.fits": "background"}},
        NOT_VALID.format("product a has no science member"),
    ),
    "nothing left": (
        content("image2", a="a_rate.fits b:s_rate.fits"),
        {"remove": ["a_rate.fits"]},
        "no product would be left; delete the association's file instead",
    ),
    "a member twice": (ONE, {"add": {"a_cal.fits": "psf"}}, NOT_VALID.format("product p has a_cal.fits twice")),
    "two science exposures at level 2": (
        TWO,
        {"add": {"c_rate.fits": "science"}, "products": ["b"]},
        NOT_VALID.format("product b has several science members, and at Level 2 it is about one"),
    ),
    "two science exposures under the level 2 base": (
        {"asn_rule": "DMSLevel2bBase", "products": content(a="a_rate.fits")["products"]},
        {"add": {"c_rate.fits": "science"}},
        NOT_VALID.format("product a has several science members, and at Level 2 it is about one"),
    ),
    "an unknown type": (
        ONE,
        {"add": {"c.fits": "sky"}},
        (
            "no pipeline knows members of the type 'sky'; choose one of science, background, psf, imprint, "
            "target_acquisition, direct_image, autoflat, autowave, dark, flat, engineering, sourcecat, segmap, selfcal"
        ),
    ),
    "an unknown new type": (
        ONE,
        {"retype": {"a_cal.fits": "backgruond"}},
        "no pipeline knows members of the type 'backgruond'; did you mean background?",
    ),
    "no member": (ONE, {"remove": ["x.fits"]}, "no member is named x.fits"),
    "no member to retype": (ONE, {"retype": {"x.fits": "psf"}}, "no member is named x.fits"),
    "another suffix": (
        ONE,
        {"remove": ["a_rate.fits"]},
        "no member is named a_rate.fits; to find a_cal.fits, ignore the suffix",
    ),
    "no such product": (
        TWO,
        {"remove": ["s_rate.fits"], "products": ["x", "a"]},
        "there is no product named x; there is a, b",
    ),
    "a name for two": (TWO, {"product_name": "c"}, "only one product can get the name c; choose one of a, b"),
    "a name that is taken": (
        TWO,
        {"product_name": "a", "products": ["b"]},
        NOT_VALID.format("several products are named a"),
    ),
    "no name": (ONE, {"product_name": ""}, "'' cannot be the name of a product; give a name without folders"),
}


@pytest.mark.parametrize(("before", "changes", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(before: Content, changes: dict[str, Any], message: str) -> None:
    kept = json.dumps(before)
    with pytest.raises(AssociationError) as error:
        edit(before, **changes)
    assert str(error.value) == message
    assert json.dumps(before) == kept


def test_all_other_keys_stay_with_their_order() -> None:
    before = {
        "telescope": "jwst",
        "products": [
            {
                "members": [
                    {"tweakreg_catalog": "a.ecsv", "exptype": "science", "expname": "a.fits", "n": [1.5, None]},
                    {"exptype": "science", "expname": "b.fits"},
                ],
                "note": {"ü": "\ud800"},
            }
        ],
        "asn_type": "image3",
    }
    expected = json.dumps(before).replace(', {"exptype": "science", "expname": "b.fits"}', "")
    assert json.dumps(edit(before, remove=["b.fits"])) == expected


#: The name that is asked for, the member's name, and whether it is meant.
NAMES = [
    ("a.fits", "a.fits", True),
    ("x/a.fits", "a.fits", True),
    ("a.fits", "x/a.fits", True),
    ("./a.fits", "a.fits", True),
    ("x/a.fits", "x/a.fits", True),
    ("x/a.fits", "y/a.fits", False),
    ("a.fits", "b.fits", False),
    ("A.fits", "a.fits", False),
]


@pytest.mark.parametrize(("asked", "name", "meant"), NAMES)
def test_a_file_is_found_by_name_and_by_folder_if_both_have_one(asked: str, name: str, meant: object) -> None:
    assert has_member(content(p=name), asked) is meant


@pytest.mark.parametrize(
    ("asked", "name", "meant"),
    [
        ("a_rate.fits", "a_cal.fits", True),
        ("a", "a_cal.fits", True),
        ("a_cal.fits.gz", "a_rateints.fits", True),
        ("a_b.fits", "a_cal.fits", False),
    ],
)
def test_with_suffixes_ignored_an_exposure_is_found(asked: str, name: str, meant: object) -> None:
    assert has_member(content(p=name), asked, ignore_suffix=True) is meant


@pytest.mark.parametrize(
    ("errors", "status", "expected"),
    [
        ((None, "noisy"), DEGRADED, NOT_DEGRADED),
        (("late", "noisy"), DEGRADED, DEGRADED),
        (("null", "noisy"), DEGRADED, NOT_DEGRADED),
        ((None, None), DEGRADED, DEGRADED),
        ((None, "noisy"), "some words of mine", "some words of mine"),
    ],
)
def test_the_word_of_an_error_goes_with_the_last_member_that_has_one(
    errors: tuple[str | None, str | None], status: str, expected: str
) -> None:
    before = content(p="a.fits b.fits") | {"degraded_status": status}
    for member, error in zip(before["products"][0]["members"], errors, strict=True):
        member["exposerr"] = error
    assert edit(before, remove=["b.fits"])["degraded_status"] == expected


def test_problems_are_told_one_by_one() -> None:
    made = content("image2", p="a.fits b.fits a.fits", q="b:c.fits")
    made["products"].append(made["products"][1])
    assert problems(made) == (
        "several products are named q",
        "product p has several science members, and at Level 2 it is about one",
        "product p has a.fits twice",
        "product q has no science member",
        "product q has no science member",
    )
    assert problems(ONE) == problems(TWO) == ()
