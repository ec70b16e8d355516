"""Which products the pipeline would write over each other's: those of one name whose files have the same suffixes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from solver.associations import Association, Member, Product, colliding

USUAL = Association(
    "image3", "Asn_A", None, "", "", "00001", "target = 1; filter = f1", "o001", "", "",
    (Product("p", (Member("e_cal.fits", "science"),)),),
)  # fmt: skip


def named(name: str, file: str = "e_cal.fits") -> tuple[Product, ...]:
    return (Product(name, (Member(file, "science"),)),)


@pytest.mark.parametrize(
    ("changes", "differing"),
    {
        "two candidates": ({"asn_id": "c1000"}, ("candidate",)),
        "two programs": ({"program": "00002"}, ("program",)),
        "another target": ({"constraints": "target = 2; filter = f1"}, ("target",)),
        "a further agreement": ({"constraints": "target = 1; filter = f1; visit = 1"}, ("visit",)),
        "two rules": ({"asn_rule": "Asn_B"}, ()),
        "both write i2d files": ({"asn_type": "coron3"}, ()),
        "one of several products": ({"products": named("q") + named("p")}, ()),
    }.values(),
)
def test_products_of_one_name_collide(changes: dict[str, object], differing: tuple[str, ...]) -> None:
    other = replace(USUAL, **changes)  # type: ignore[arg-type] # a table of any fields
    (found,) = colliding([USUAL, other])
    assert (found.product, found.differing) == ("p", differing)
    assert (found.rules, found.candidates) == (("Asn_A", other.asn_rule), ("o001", other.asn_id))


@pytest.mark.parametrize(
    ("one", "other"),
    {
        "another name": ({}, {"products": named("q")}),
        "another type": ({}, {"asn_type": "spec3"}),
        "slits complete the name": ({"products": named("p-{slit_name}")}, {"products": named("p-{slit_name}")}),
        "twins": (
            {"asn_type": "image2", "products": named("p", "e_rate.fits")},
            {"asn_type": "tso-image2", "products": named("p", "e_rateints.fits")},
        ),
    }.values(),
)
def test_products_whose_files_differ_do_not(one: dict[str, object], other: dict[str, object]) -> None:
    assert not colliding([replace(USUAL, **one), replace(USUAL, **other)])  # type: ignore[arg-type] # see above
    assert not colliding([])
