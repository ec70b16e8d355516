"""How a notebook shows pools, associations, results, explanations and ingested files."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from markupsafe import escape

from benchmarks.simulated_files import rows_of, write
from solver import Pool, explain, explain_orphans, explain_pair, generate, ingest
from tests.unit.small import candidates, pool_of, row

POOL = pool_of(row("a"), row("b"))


def html(shown: object) -> str:
    """What a notebook shows of an object, on one line."""
    made = shown._repr_html_()  # type: ignore[attr-defined] # whatever has it
    return re.sub(r"\s*\n\s*", "", str(made))


def test_a_small_pool_is_shown_whole() -> None:
    shown = html(pool_of(row("a"), row("b", filter="F560W"), row("c", asn_candidate="NULL")))
    assert shown == (
        "<div><p><b>in-memory</b>: 3 exposures</p><table><thead><tr>"
        + "".join(
            f'<th scope="col">{name}</th>' for name in ("filename", "exp_type", "filter", "targetid", "asn_candidate")
        )
        + "</tr></thead><tbody>"
        "<tr><td>a_uncal.fits</td><td>mir_image</td><td>f770w</td><td>1</td><td>o001</td></tr>"
        "<tr><td>b_uncal.fits</td><td>mir_image</td><td>f560w</td><td>1</td><td>o001</td></tr>"
        "<tr><td>c_uncal.fits</td><td>mir_image</td><td>f770w</td><td>1</td><td></td></tr>"
        "</tbody></table></div>"
    )


def test_after_type_optics_target_and_candidates_a_pool_shows_what_differs() -> None:
    varied = [
        row(name, grating="NULL", pupil="F405N", detector=name[0], obs_num=name[1]) for name in ("a1", "b1", "b2")
    ]
    headings = re.findall(r'<th scope="col">([^<]*)</th>', html(pool_of(*varied, row("c"))))
    assert headings == [
        "filename", "exp_type", "filter", "pupil", "targetid", "asn_candidate", "obs_num", "detector"
    ]  # fmt: skip


def test_columns_in_which_all_exposures_differ_are_left_out_and_so_are_those_beyond_the_eighth() -> None:
    varied = [dict.fromkeys([f"own{number}" for number in range(20)], value) for value in "xxy"]
    pool = pool_of(
        *(row(name, visit=f"{visit}", **own) for visit, (name, own) in enumerate(zip("abc", varied, strict=True)))
    )
    headings = re.findall(r'<th scope="col">([^<]*)</th>', html(pool))
    assert headings == ["filename", "exp_type", "filter", "targetid", "asn_candidate", "own0", "own1", "own2"]


def test_all_candidates_of_an_exposure_are_shown() -> None:
    assert "<td>c1000, o001</td>" in html(
        pool_of(row("a", asn_candidate=candidates("o001 observation", "c1000 group")))
    )


@pytest.mark.parametrize(("count", "shown"), [(10, 10), (11, 11), (12, 10)])
def test_no_single_row_is_left_out(count: int, shown: int) -> None:
    assert (
        len(re.findall("_uncal.fits</td>", html(pool_of(*(row(f"a{number:02}") for number in range(count)))))) == shown
    )


def test_of_a_large_pool_the_beginning_and_the_end() -> None:
    shown = html(pool_of(*(row(f"a{number:04}") for number in range(2000))))
    assert re.findall(r"<td[^>]*>(a[^<]*|…[^<]*)</td>", shown) == [
        *(f"a{number:04}_uncal.fits" for number in range(5)),
        "… 1,990 more …",
        *(f"a{number:04}_uncal.fits" for number in range(1995, 2000)),
    ]


def test_an_association_is_shown_with_its_members() -> None:
    (association,) = [each for each in generate(pool_of(row("a"), row("b"))).associations if each.asn_type == "image3"]
    assert html(association) == (
        "<div><p><b>jw00001-o001_image3_00001_asn</b>: image3, Asn_Lv3Image, candidate o001, target t001</p>"
        "<details open><summary>jw00001-o001_t001_miri_f770w: 2 members</summary>"
        '<table><thead><tr><th scope="col">role</th><th scope="col">file</th></tr></thead><tbody>'
        "<tr><td>science</td><td>a_cal.fits</td></tr><tr><td>science</td><td>b_cal.fits</td></tr>"
        f"</tbody></table></details><p>{association.constraints}</p></div>"
    )


def test_many_members_are_folded() -> None:
    result = generate(pool_of(*(row(f"a{number}") for number in range(21))))
    assert "<details><summary>" in html(next(each for each in result.associations if each.asn_type == "image3"))


def test_a_result_is_shown_by_rule_and_the_orphans_by_reason() -> None:
    shown = html(
        generate(pool_of(*(row(name, detector="MIRIMAGE") for name in "ab"), row("x", exp_type="MIR_DARKIMG")))
    )
    assert shown.startswith("<div><p>3 associations; 1 exposure in no association</p><table>")
    assert "<tr><td>Asn_Lv3Image</td><td>image3</td><td>o001</td><td>1</td><td>2</td></tr>" in shown
    assert "<summary>1 exposure in no association: no rule fits</summary><ul><li>x_uncal.fits</li>" in shown


def test_the_reason_of_most_orphans_is_shown_first_and_of_candidates_the_first_four() -> None:
    images = [
        row(f"a{number}", detector="MIRIMAGE", asn_candidate=f"[('o00{number}', 'OBSERVATION')]") for number in range(5)
    ]
    lost = [row(name, exp_type="MIR_DARKIMG") for name in "xyz"]
    of_group = row("zz", detector="MIRIMAGE", asn_candidate="[('c1000', 'GROUP')]")
    shown = html(generate(pool_of(*images, *lost, row("w", targetid=""), of_group), level=3, discover=False))
    assert "<td>o000, o001, o002, o003, … 1 more</td><td>5</td>" in shown
    assert [line.partition("<")[0] for line in shown.split("<summary>")[1:]] == [
        "3 exposures in no association: no rule fits",
        "1 exposure in no association: Asn_Lv3Image in candidate c1000: fewer than 2 observations",
        "1 exposure in no association: Asn_Lv3ImageMosaic: in no candidate of this run whose type is mosaic",
    ]


def test_an_explanation_is_its_text_with_parts_to_unfold() -> None:
    explanation = explain_orphans(pool_of(row("a"), row("x", exp_type="MIR_DARKIMG"), row("y", exp_type="MIR_DARKIMG")))
    heading = "2 of 3 exposures in no association, 1 more in no Level 2 association"
    assert html(explanation).startswith(f"<div><p><b>{heading}</b></p><ul><li>")
    for made in (explanation, explain(pool_of(row("a"), row("b")), "b"), explain_pair(POOL, "a_", "b_")):
        said = re.sub("<[^>]*>", "\n", html(made))
        lines = [line.strip() for line in str(made.line(every=True)).splitlines()]
        assert [line.strip() for line in unescape(said).splitlines() if line.strip()] == lines


def test_many_facts_are_folded() -> None:
    explanation = explain(POOL, "b")
    assert len(explanation.refusals) > 5
    shown = html(explanation)
    assert f"<details><summary>{len(explanation.refusals)} rules came close" in shown
    assert "<details open><summary>in 1 association</summary>" in shown


def test_ingested_files_are_shown_with_what_was_assumed(tmp_path: Path) -> None:
    (tmp_path / "<b>.fits").write_text("no FITS")
    made = ingest([*write(tmp_path / "some", rows_of("image_dithers")), tmp_path / "<b>.fits"])
    shown = html(made)
    assert shown.startswith("<div><p><b>jw01001_pool.csv</b>: 12 exposures from 12 files</p><table>")
    first = made.notes[0]
    cells = ("asn_candidate", "12", escape(first.assumed), escape(first.effect))
    assert f"<tr>{''.join(f'<td>{each}</td>' for each in cells)}</tr>" in shown
    assert "<summary>1 file could not be used</summary>" in shown
    assert "&lt;b&gt;.fits" in shown
    assert "<b>.fits" not in shown


def test_names_are_escaped_everywhere() -> None:
    name = "<script>alert(1)</script>&\"'"
    escaped = "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&#34;&#39;"
    rows = [row(name), row("b", filter=name), row(f"x{name}", exp_type=name)]
    pool = Pool.from_rows(rows, name=name)
    result = generate(pool)
    explanations = explain(pool, f"{name}_uncal.fits"), explain_orphans(pool)
    for shown in (pool, result, *result.associations, *explanations):
        text = html(shown)
        assert "<script" not in text
    assert f"<b>{escaped.rpartition('/')[2]}</b>" in html(pool)
    assert f"<td>{escaped}</td>" in html(pool)
    assert f"<li>x{escaped}_uncal.fits</li>" in html(result)
    assert any(f"<td>{escaped}_cal.fits</td>" in html(each) for each in result.associations)
    assert any(f"{escaped}: 1 member" in html(each) for each in result.associations)
    assert all(escaped in html(each) for each in explanations)
