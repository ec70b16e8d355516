"""Exposures that reveal each other's bad pixels, as members of Level 2 products."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solver import Association, Member, Pool, check, compare, generate
from solver.associations.association_table import Associations
from solver.pools import Evaluation
from solver.solving.selfcal import with_selfcal
from tests.unit.small import exposures, members, pool_of

MRS = {"exp_type": "MIR_MRS", "detector": "MIRIFULONG", "channel": "34", "band": "SHORT", "mostilno": "1"}
IFU = {
    "instrume": "NIRSPEC",
    "exp_type": "NRS_IFU",
    "detector": "NRS1",
    "filter": "F100LP",
    "grating": "G140H",
    "mostilno": "1",
}
IMAGE = {"detector": "MIRIMAGE"}

#: Usual values, exposures, and the exposures that help to find bad pixels in the first one, `a`.
HELPERS = {
    "one channel": (MRS, "a; b; c channel=12", "b"),
    "any band, target and observation": (MRS, "a; b band=LONG; c targetid=2; d in=o002.observation obs_num=2", "b c d"),
    "no other program": (MRS, "a; b program=2; c", "c"),
    "no unknown channel": (MRS, "a channel=; b channel=", ""),
    "backgrounds": (MRS, "a; b background in=o002.observation obs_num=2; c", "b c"),
    "backgrounds that are members already": (
        MRS,
        "a in=c1000.background; b background in=c1000.background; c background band=LONG",
        "c",
    ),
    "no acquisitions, imprints or time series": (MRS, "a; b acquisition; c imprint; d tsovisit=T; e", "e"),
    "detector, filter and grating": (
        IFU,
        "a; b; c detector=NRS2; d filter=F170LP; e grating=G140M; f targetid=2",
        "b f",
    ),
    "nods that are background already": (
        IFU | {"patttype": "4-POINT-NOD"},
        "a dithptin=1; b dithptin=2; c patttype=NONE",
        "c",
    ),
    "no images": (IMAGE, "a; b", ""),
}


def product_of_a(made: Associations) -> Association:
    """The Level 2 association about exposure `a`; of several, the one with most members."""
    return max(made.select(product="a"), key=lambda each: len(each.members))


@pytest.mark.parametrize("case", HELPERS)
def test_which_exposures_help(case: str) -> None:
    usual, text, helpers = HELPERS[case]
    pool = pool_of(*exposures(text, **usual))
    plain, made = (generate(pool, selfcal=selfcal) for selfcal in (False, True))
    expected = members(product_of_a(plain.associations)) | dict.fromkeys(helpers.split(), "selfcal")
    assert members(product_of_a(made.associations)) == expected
    assert all(each.expname.endswith("_rate.fits") for each in product_of_a(made.associations).members)
    assert check(pool, made.associations).findings == check(pool, plain.associations).findings
    assert made.orphans.file_names == plain.orphans.file_names
    assert compare(made.associations.select(type="spec3"), plain.associations.select(type="spec3")).equal


def test_helpers_have_their_row_and_error() -> None:
    pool = pool_of(*exposures("a; b; c", **MRS) + exposures("d", **MRS, exposerr="lost"))
    found = [
        (each.expname[:1], each.row, each.exposerr)
        for each in product_of_a(generate(pool, selfcal=True).associations).members
    ]
    assert found == [("a", 0, None), ("b", 1, None), ("c", 2, None), ("d", 3, "lost")]


def test_products_without_rows_or_science_are_left_as_they_are() -> None:
    pool = pool_of(*exposures("a; b", **MRS))
    made = generate(pool, selfcal=False, level=2).associations
    for changes in ({"row": None}, {"exptype": "psf", "row": None}):
        first = made[0]
        (product,) = first.products
        first = replace(
            first, products=(replace(product, members=tuple(replace(each, **changes) for each in product.members)),)
        )
        assert [*with_selfcal(Associations.of([first]), pool, Evaluation(pool))] == [first]


POOL = pool_of(*exposures("a; b; c channel=12; d", **MRS))


def damaged(pool: Pool, drop: str = "", add: str = "") -> set[tuple[str, tuple[str, ...]]]:
    made = [*generate(pool, selfcal=True, level=2).associations]
    (product,) = made[0].products
    kept = [each for each in product.members if not drop or not each.expname.startswith(drop)]
    kept += [Member(name, "selfcal") for name in add.split()]
    made[0] = replace(made[0], products=(replace(product, members=tuple(kept)),))
    return {(each.code, each.exposures) for each in check(pool, made).findings}


def test_wrong_helpers_are_found() -> None:
    assert damaged(POOL, add="c_rate.fits") == {("surplus", ("c_rate.fits",))}
    assert damaged(POOL, add="unknown_rate.fits") == {("surplus", ("unknown_rate.fits",))}
    assert not damaged(POOL, drop="d_")  # without helpers a product is the same


def test_helpers_that_are_missing_make_no_association_another_one() -> None:
    made = generate(POOL, selfcal=True, level=2).associations
    there = [name[0] == "a" for name in made.members["expname"]]
    kept, whole = made.where(np.array(there))
    assert [members(each) for each in kept.take(whole.nonzero()[0])] == [{"a": "science"}]
