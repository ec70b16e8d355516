"""Figures: the hierarchy and the matrix, as files."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from benchmarks.simulator import COLUMNS, simulate
from rules import MISSION
from solver import Pool, generate
from solver.drawing import COLOURS
from solver.reports import Contents, contents_of, figure, rendered
from tests.unit.small import pool_of, row

pytest.importorskip("matplotlib")


def contents(pool: Pool) -> Contents:
    return contents_of(pool, generate(pool), MISSION)


def texts(svg: bytes) -> list[str]:
    """The texts of an SVG."""
    tree = ET.fromstring(svg)  # noqa: S314 (a file that we wrote)
    return ["".join(each.itertext()) for each in tree.iter("{http://www.w3.org/2000/svg}text")]


def test_a_png_is_one_and_the_same_every_time() -> None:
    shown = contents(pool_of(row("a"), row("b")))
    assert rendered(shown, "png").startswith(b"\x89PNG\r\n\x1a\n")
    assert rendered(shown, "png") == rendered(shown, "png")


def test_an_svg_says_what_is_shown() -> None:
    shown = contents(pool_of(row("a"), row("b"), row("x", exp_type="MIR_DARKIMG")))
    svg = rendered(shown, "svg")
    assert svg == rendered(shown, "svg")
    said = {text.strip() for text in texts(svg)}
    assert said == {
        "in-memory: 3 exposures", "program", "observation", "exposure", "1", "a_uncal.fits", "b_uncal.fits",
        "x_uncal.fits", "jw00001-o001_t001_miri_f770w", "1 association of level 3", "science",
    }  # fmt: skip


def test_a_level_can_be_chosen() -> None:
    shown = contents(pool_of(row("a", detector="MIRIMAGE"), row("b", detector="MIRIMAGE")))
    assert "2 associations of level 2" in texts(rendered(shown, "svg", level=2))


@pytest.mark.parametrize("name", ["<script>alert(1)</script>&\"'", "$\\frac{$", "]]>--><!--", "名前"])
def test_a_name_is_neither_markup_nor_a_formula(name: str) -> None:
    shown = contents(Pool.from_rows([row(name), row("b", filter=name)], name=name))
    said = texts(rendered(shown, "svg"))
    assert f"{name}_uncal.fits" in said
    assert f"{shown['pool']}: 2 exposures" in said
    assert rendered(shown, "png")


def test_a_mark_for_each_member_in_the_colour_of_its_role() -> None:
    shown = contents(pool_of(row("a"), row("b"), row("t", exp_type="MIR_TACQ", pntgtype="TARGET_ACQUISITION")))
    left, right = figure(shown).axes
    assert len(left.collections) > 0
    drawn = {each.get_label(): len(each.get_paths()) for each in right.collections if each.get_facecolor() is not None}
    assert {label: count for label, count in drawn.items() if not str(label).startswith("_")} == {
        "science": 2,
        "target acquisition": 1,
    }


def test_hundreds_of_exposures() -> None:
    pool = Pool.from_rows(dict(zip(COLUMNS, each, strict=True)) for each in simulate(1, exposures=500))
    svg = rendered(contents(pool), "svg").decode()
    assert set(re.findall(r"#[0-9a-f]{6}", svg)) & set(COLOURS)
    assert len(svg) < 2_000_000


def test_no_association() -> None:
    assert "0 associations" in texts(rendered(contents(pool_of(row("x", exp_type="MIR_DARKIMG"))), "svg"))
