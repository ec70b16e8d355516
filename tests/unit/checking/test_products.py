"""What a group becomes: the file names of members and products, and which direct image is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.simulator import COLUMNS, simulate
from rules import MISSION, naming
from rules.vocabulary import case, choose, contains, direct_image, has, one_of, one_seed, same
from solver import Pool, generate
from solver.checking import check
from tests.unit.small import agreeing, pool_of, row


@pytest.mark.parametrize(("was", "becomes"), [(".fits", ".fits.gz"), ("jw", "JW"), ("long", "LONG")])
@pytest.mark.parametrize("mode", ["image_dithers", "wfss_nircam"])
def test_files_may_be_compressed_and_have_any_letters(mode: str, was: str, becomes: str) -> None:
    rows = [dict(zip(COLUMNS, cells, strict=True)) for cells in simulate(1, modes=[mode])]
    pool = Pool.from_rows(each | {"filename": each["filename"].replace(was, becomes)} for each in rows)
    result = generate(pool, MISSION)
    report = check(pool, result.associations)
    assert report.findings == ()
    assert report.in_none == result.orphans.file_names


NEXT_UNLESS_LONG: Any = agreeing(
    same("targetid"),
    has("direct_image"),
    level=2,
    roles=choose(case("direct_image", one_of("exp_type", "mir_image")), otherwise="science"),
    cardinality=one_seed("science", fitting=("direct_image",)),
    expansion=direct_image(
        "direct_image",
        about="science",
        root=naming.DIRECT_IMAGE,
        files={"_i2d.fits": "direct_image"},
        optics=[("filter",)],
        next_by="expspcin",
        prefer=contains("filename", "long"),
    ),
)


@pytest.mark.parametrize(
    ("images", "taken"),
    [
        ({"x": "1", "y": "4", "z": "5"}, "y"),
        ({"x": "1", "y": "10", "z": "9"}, "z"),
        ({"x": "1", "y": "2"}, "x"),
        ({"x": "", "y": "4"}, "y"),
        ({"x": "4", "y_long": "1"}, "y_long"),
    ],
    ids=str,
)
def test_the_preferred_image_is_taken_else_the_next_else_the_first(images: dict[str, str], taken: str) -> None:
    rows = [row(name, filter=name, expspcin=number) for name, number in images.items()]
    pool = pool_of(row("s", exp_type="MIR_WFSS", expspcin="3"), *rows)
    (made,) = generate(pool, [NEXT_UNLESS_LONG]).associations
    assert check(pool, [made], [NEXT_UNLESS_LONG]).errors == ()
    wrong = next(name for name in images if name != taken)
    members = [replace(each, expname=each.expname.replace(taken, wrong)) for each in made.products[0].members]
    damaged = replace(made, products=(replace(made.products[0], members=tuple(members)),))
    assert [each.code for each in check(pool, [damaged], [NEXT_UNLESS_LONG]).errors] == ["wrong-file"]
