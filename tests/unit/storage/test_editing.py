"""Changes to the content of association files."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any
from unittest.mock import Mock

import pytest

from solver.associations.association import DEGRADED, NOT_DEGRADED
from solver.errors import AssociationError
from solver.pools import normalise
from solver.storage import editing
from solver.storage.editing import edit, members_in, problems
from tests.unit.small import cases

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

BEFORE = {"ONE": ONE, "TWO": TWO}
CASES, REFUSED = (
    {
        name: (BEFORE[of] if isinstance(of, str) else of | {"products": content(**of["products"])["products"]}, *rest)
        for name, (of, *rest) in table.items()
    }
    for table in cases(__file__).values()
)


@pytest.mark.parametrize(("before", "changes", "expected"), CASES.values(), ids=CASES)
def test_what_an_edit_makes(before: Content, changes: dict[str, Any], expected: dict[str, str]) -> None:
    kept = json.dumps(before)
    assert products(edit(before, **changes)) == expected
    assert json.dumps(before) == kept


@pytest.mark.parametrize(("before", "changes", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(before: Content, changes: dict[str, Any], message: str) -> None:
    kept = json.dumps(before)
    with pytest.raises(AssociationError) as error:
        edit(before, **changes)
    assert str(error.value) == message
    assert json.dumps(before) == kept


def test_all_other_keys_keep_their_order() -> None:
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


def is_found(asked: str, name: str, *, ignore_suffix: bool = False) -> bool:
    """Whether a file is found among the members of an association; of another one it always is."""
    one, other = Path("one"), Path("other")
    return (
        asked in members_in({one: content(p=name), other: content(p=asked)}, [asked], ignore_suffix=ignore_suffix)[one]
    )


@pytest.mark.parametrize(("asked", "name", "meant"), NAMES)
def test_a_file_is_found_by_name_and_by_folder_if_both_have_one(asked: str, name: str, meant: object) -> None:
    assert is_found(asked, name) is meant


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
    assert is_found(asked, name, ignore_suffix=True) is meant


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
def test_the_note_of_an_error_is_removed_with_the_last_member_that_has_one(
    errors: tuple[str | None, str | None], status: str, expected: str
) -> None:
    before = content(p="a.fits b.fits") | {"degraded_status": status}
    for member, error in zip(before["products"][0]["members"], errors, strict=True):
        member["exposerr"] = error
    assert edit(before, remove=["b.fits"])["degraded_status"] == expected


def test_members_are_not_gone_through_for_each_file(monkeypatch: pytest.MonkeyPatch) -> None:
    size, few = 50, 20
    kept, files = ([f"{letter}{number}_cal.fits" for number in range(size)] for letter in "ab")
    before = content(p=" ".join(kept + files)) | {"degraded_status": DEGRADED}
    for member in before["products"][0]["members"][size:]:
        member["exposerr"] = "late"
    paths, errors = Mock(wraps=PurePosixPath), Mock(wraps=normalise)
    monkeypatch.setattr(editing, "PurePosixPath", paths)
    monkeypatch.setattr(editing, "normalise", errors)
    made = edit(
        before, retype=dict.fromkeys(kept, "psf"), suffixes=dict.fromkeys(kept, "crf"), remove=files, force=True
    )
    assert products(made) == {"p": " ".join(f"p:a{number}_crf.fits" for number in range(size))}
    assert made["degraded_status"] == NOT_DEGRADED
    one_each = {Path(file): content(p=file) for file in files}
    assert members_in(one_each, files, ignore_suffix=False) == {Path(file): [file] for file in files}
    assert max(paths.call_count, errors.call_count) < few * 2 * size


def test_problems_are_listed_one_by_one() -> None:
    made = content("image2", p="a.fits b.fits a.fits", q="b:c.fits")
    made["products"].append(made["products"][1])
    assert problems(made) == (
        "several products are named q",
        "product p has several science members; a Level 2 product has one",
        "product p has a.fits twice",
        "product q has no science member",
        "product q has no science member",
    )
    assert problems(ONE) == problems(TWO) == ()
