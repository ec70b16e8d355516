"""The report's views as a reader uses them: the first screen, observations, flows, the sky, and why not."""

from __future__ import annotations

import json
from collections.abc import Callable

import msgspec
import pytest

from benchmarks.simulator import COLUMNS, POSITION_COLUMNS, simulate, with_positions
from rules import MISSION
from solver import Pool, generate
from solver.reports import contents_of, page_data
from tests.browser.conftest import Opened, simulated

pytestmark = pytest.mark.browser

Opener = Callable[..., Opened]

#: An image with a filter of its own, and a background that no candidate links, in a pool with two more images.
UNLINKED = [
    {
        "filename": f"jw00001{number}001_02101_0000{place}_mirimage_uncal.fits", "program": "1", "obs_num": number[-1],
        "visit": "1", "visitgrp": "02", "seq_id": "1", "act_id": "01", "exposure": str(place), "instrume": "MIRI",
        "detector": "MIRIMAGE", "exp_type": "MIR_IMAGE", "pntgtype": "SCIENCE", "targetid": number[-1],
        "targprop": f"T{number[-1]}", "subarray": "FULL", "filter": name, "bkgdtarg": "T" if number == "002" else "F",
        "asn_candidate": f"[('o{number}', 'OBSERVATION')]",
    }
    for number, place, name in [("001", 1, "F770W"), ("001", 2, "F770W"), ("001", 3, "F560W"), ("002", 1, "F770W")]
]  # fmt: skip


@pytest.fixture
def unlinked() -> Pool:
    return Pool.from_rows(UNLINKED, name="pool.csv")


def test_the_first_screen_answers(open_report: Opener, unlinked: Pool) -> None:
    report = open_report(unlinked, viewport={"width": 1280, "height": 720})
    cards = report.page.locator(".card")
    assert cards.locator("h2").all_inner_texts() == ["What is in it", "What was made", "What is odd", "What to do"]
    assert "MIRI imaging: o001, o002, 4 exposures" in cards.nth(0).inner_text()
    assert "Level 3: 3 products" in cards.nth(1).inner_text()
    box = cards.nth(3).bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 720


def test_what_to_do_is_copied(open_report: Opener, unlinked: Pool) -> None:
    report = open_report(unlinked)
    option = report.page.locator("#answer [data-statement]")
    assert option.get_attribute("data-statement") == "--background o002"
    option.get_by_role("button").click()
    assert report.page.locator("#status").inner_text() == "copied: --background o002"
    report.page.locator("#sought").focus()
    report.page.keyboard.press("Control+V")
    assert report.page.locator("#sought").input_value() == "--background o002"


def test_a_row_for_each_observation(open_report: Opener, small: Pool) -> None:
    report = open_report(small)
    rows = report.page.locator("#observations tbody tr")
    cells = [rows.nth(place).locator("th, td").all_inner_texts() for place in range(3)]
    assert [each[:5] + each[6:] for each in cells] == [
        ["o001", "MIRI MRS", "WASP-8664", "LONG", "7", "6 science, 1 acquisition", "c1000 (background)"],
        ["o002", "MIRI MRS", "SN-4762", "LONG", "7", "6 background, 1 acquisition", "c1000 (background)"],
        ["o003", "NIRISS imaging", "HD-179", "F200W, F277W/CLEARP", "4", "4 science", "c1001 (group)"],
    ]
    assert rows.first.get_by_role("img").get_attribute("aria-label") == "7 in Level 3"
    rows.nth(2).get_by_role("button").click()
    assert report.texts("#place li")[-1] == "observation 3"
    assert rows.nth(2).get_attribute("class") == "taken"


def test_a_thread_is_followed_by_mouse_and_keyboard(open_report: Opener, small: Pool) -> None:
    report = open_report(small)
    product = report.page.locator("#flow .node", has_text="c1000_t001_miri")
    product.hover()
    lit = ["o001  MIRI MRS, WASP-8664", "o002  MIRI MRS, SN-4762", "c1000_t001_miri"]
    assert report.texts("#flow .lit text") == lit
    roles = report.run("[...document.querySelectorAll('#flow .band.lit')].map((each) => each.dataset.role)")
    assert sorted(roles) == ["background", "science", "target acquisition", "target acquisition"]
    assert "6 as background" in report.page.locator("#tip").inner_text()
    report.page.mouse.move(0, 0)
    assert report.texts("#flow .lit text") == []
    report.page.locator("#flow [tabindex='0']").focus()
    for key in ("ArrowDown", "ArrowRight"):
        report.page.keyboard.press(key)
    assert report.run("document.activeElement.getAttribute('aria-label')") == "c1000_t001_miri"
    report.page.keyboard.press("Enter")
    assert report.page.locator("#details h2").inner_text() == "jw01001-c1000_t001_miri"
    assert report.run("document.activeElement.getAttribute('aria-label')") == "c1000_t001_miri"


def test_three_hundred_observations_are_grouped_and_opened(open_report: Opener) -> None:
    report = open_report(simulated(1, exposures=2700))
    assert report.page.locator("#observations tbody tr").count() > 250
    assert report.page.locator("#flow .node").count() < 40
    group = report.page.locator("#flow .node[aria-expanded=false]").first
    label = group.get_attribute("aria-label") or ""
    group.click()
    opened = report.page.locator("#flow .node[aria-expanded=true]")
    assert opened.get_attribute("aria-label") == label
    assert report.page.locator("#flow .node").count() < 80
    opened.click()
    assert report.page.locator("#flow .node[aria-expanded=true]").count() == 0


def test_bands_between_groups_have_the_colours_of_their_types(open_report: Opener) -> None:
    report = open_report(simulated(3, exposures=600, programs=2))
    bands = report.run("[...document.querySelectorAll('#flow .band')].map((each) => each.classList[1])")
    assert {"hue-0", "hue-1", "hue-3"} <= set(bands)
    assert report.page.locator("#flow .node").count() <= 5


@pytest.mark.parametrize("width", [400, 1400])
def test_no_text_is_wider_than_its_block(open_report: Opener, width: int) -> None:
    report = open_report(simulated(3, exposures=120), viewport={"width": width, "height": 900})
    wide = report.run(
        """[...document.querySelectorAll('#icicle .block, #flow .node')].filter((each) =>
        each.querySelector('text').getBBox().width > each.querySelector('rect').getBBox().width - 4)
        .map((each) => each.textContent)"""
    )
    assert wide == []


def placed(**more: str) -> Pool:
    rows = list(with_positions(simulate(2, modes=["image_mosaic"])))
    names = (*COLUMNS, *POSITION_COLUMNS)
    return Pool.from_rows((dict(zip(names, row, strict=True)) | more for row in rows), name="pool.csv")


def test_on_the_sky_tiles_are_apart_and_north_is_up(open_report: Opener) -> None:
    pool = placed()
    report = open_report(pool)
    assert report.page.locator("#sky").is_visible()
    across = report.run("[...document.querySelectorAll('#sky circle')].map((each) => each.getAttribute('cx'))")
    assert len(set(across)) == 2  # the tiles of the first field
    assert report.page.locator("#field option").count() == 2
    assert {"N", "E"} < set(report.texts("#sky text"))
    report.page.locator("#sky circle").first.click(force=True)
    shown = report.page.locator("#details h2").inner_text()
    assert shown in pool.file_names
    report.page.locator("#sky [tabindex='0']").focus()
    report.page.keyboard.press("ArrowRight")
    report.page.keyboard.press("Enter")
    assert report.page.locator("#details h2").inner_text() in set(pool.file_names) - {shown}


def test_footprints_and_dithers(open_report: Opener) -> None:
    corners = "POLYGON ICRS 10.0 20.0 10.1 20.0 10.1 20.1 10.0 20.1"
    report = open_report(placed(s_region=corners))
    assert report.page.locator("#sky polygon").count() == 1
    assert report.page.locator("#sky-hint").inner_text().startswith("Footprints.")
    moved = open_report(placed(targ_ra="10", targ_dec="20", xoffset="1.5", yoffset="0", gs_v3_pa="90"))
    assert moved.page.locator("#sky-hint").inner_text().startswith("Pointings: the target, with the offsets")


def test_what_changed_is_marked_on_the_sky(open_report: Opener) -> None:
    pool = placed()
    report = open_report(pool, live="window.render = render;")
    assert report.page.locator("#sky .changed").count() == 0
    data = json.loads(msgspec.json.encode(page_data(contents_of(pool, generate(pool), MISSION))))
    made = [each for each in data["contents"]["associations"] if each["level"] == 3]
    members = {each["product"]: [data["contents"]["texts"][file] for file in each["files"]] for each in made}
    report.run(f"window.render({json.dumps(data | {'changes': {'gained': members}})})")
    assert report.page.locator("#sky .changed").count() > 0


def test_without_positions_there_is_no_sky(open_report: Opener, small: Pool) -> None:
    assert not open_report(small).page.locator("#sky-section").is_visible()


def test_why_an_exposure_is_not_in_the_product_that_is_selected(open_report: Opener, unlinked: Pool) -> None:
    """Which exposures of observation 1 are not in its F770W image, and why?"""
    report = open_report(unlinked, explain=True)
    report.page.locator("#associations tbody th button", has_text="o001_t001_miri_f770w").click()
    absent = report.page.locator("#details .why li").first
    assert absent.inner_text() == "1 of o001: its filter is F560W, not F770W"
    absent.get_by_role("button").click()
    details = report.page.locator("#details")
    assert details.locator("h3").first.inner_text() == "Not in jw00001-o001_t001_miri_f770w"
    assert details.locator(".why").first.inner_text() == "its filter is F560W, not F770W"
    assert details.inner_text().count("its filter is F560W") == 1
    assert "--association jw00001-o001_t001_miri_f770w" in details.locator(".statement code").first.inner_text()
    report.page.get_by_role("button", name="Close").click()
    assert details.locator("h2").inner_text() == "jw00001-o001_t001_miri_f770w"


def test_an_empty_place_of_the_matrix_says_why_not(open_report: Opener, unlinked: Pool) -> None:
    report = open_report(unlinked, explain=True)
    ground = report.page.locator("#matrix .ground").bounding_box()
    assert ground is not None
    report.page.locator("#matrix").scroll_into_view_if_needed()
    report.page.locator("#matrix .ground").click(position={"x": 5, "y": ground["height"] - 5}, force=True)
    assert report.page.locator("#details h3").first.inner_text().startswith("Not in jw00001-o001")


def test_the_level_stays_and_the_page_says_which_has_products(open_report: Opener) -> None:
    incomplete = [*UNLINKED[:3], UNLINKED[3] | {"targetid": ""}]  # which Level 2 alone takes
    report = open_report(Pool.from_rows(incomplete, name="pool.csv"))
    report.page.locator("#observations tbody button").last.click()
    assert report.page.get_by_role("radio", name="Level 3 (0)").is_checked()
    said = "No Level 3 product has any of these exposures; Level 2 has 1."
    assert said in report.texts("#matrix text")
    report.page.get_by_role("radio", name="Level 2 (1)").check()
    assert report.page.locator("#associations tbody tr").count() > 0
    assert said not in report.texts("#matrix text")


@pytest.mark.parametrize("width", [400, 1400])
def test_what_is_clicked_stays_where_it_is(open_report: Opener, width: int) -> None:
    report = open_report(simulated(3, exposures=200), viewport={"width": width, "height": 900})
    for selector in ("#observations tbody button", "#flow .node", "#icicle .block", "#associations tbody th button"):
        clicked = report.page.locator(selector).last
        clicked.scroll_into_view_if_needed()
        part = report.page.locator("main > section", has=clicked)
        before, level = part.bounding_box(), report.page.locator("#level input:checked").get_attribute("value")
        clicked.click(force=True)
        after = part.bounding_box()
        assert before is not None
        assert after is not None
        assert abs(after["y"] - before["y"]) < 1, selector
        assert report.page.locator("#level input:checked").get_attribute("value") == level


def test_what_is_left_out_is_shown(open_report: Opener, unlinked: Pool) -> None:
    """In every view, marked, and with what leaves it out; and it is not among what is odd."""
    report = open_report(unlinked, exclude=["o002", "*_00003_*"])
    out = ["jw00001001001_02101_00003_mirimage", "jw00001002001_02101_00001_mirimage"]
    cards = report.page.locator(".card")
    assert "4 exposures, 2 observations" in cards.nth(0).inner_text()
    assert "1 exposure left out: --exclude o002" in " ".join(cards.nth(0).inner_text().split())
    assert "left out" not in cards.nth(2).inner_text()
    assert report.texts("#observations tr.out th") == ["o002"]
    bars = report.page.locator("#observations .bar")
    assert bars.first.get_attribute("aria-label") == "2 in Level 3, 1 left out"
    marked = [f"\N{MULTIPLICATION X} {name}" for name in out]
    assert [text for text in report.texts("#icicle text") if "\N{MULTIPLICATION X}" in text] == marked
    assert [text for text in report.texts("#matrix text") if "\N{MULTIPLICATION X}" in text] == marked
    assert report.texts("#flow .node text")[-1] == "left out"
    assert report.page.locator("#orphans summary").all_inner_texts() == [
        "left out: --exclude o002 (1)",
        "left out: --exclude *_00003_* (1)",
    ]
    report.block(marked[0]).click()
    details = report.page.locator("#details")
    assert details.locator("h3").all_inner_texts() == ["Left out"]
    assert details.locator(".statement").inner_text() == "--exclude *_00003_*"


def test_colour_is_the_role_where_a_product_is_selected(open_report: Opener, small: Pool) -> None:
    report = open_report(small)
    assert report.texts("#key > span") == ["image3", "spec3", "in none of those shown"]
    kinds = (
        "[...new Set([...document.querySelectorAll('#matrix .marks path')].map((each) => each.classList[0]))].sort()"
    )
    assert report.run(kinds) == ["hue-0", "hue-1"]
    report.page.locator("#associations tbody th button", has_text="c1000").click()
    assert report.texts("#key > span")[1:] == ["Sscience", "Bbackground", "Ttarget acquisition", "not in it"]
    assert report.run(kinds) == ["faint", "hue-0", "hue-3", "hue-4"]


def test_a_table_that_scrolls_shows_it(open_report: Opener) -> None:
    report = open_report(simulated(3, exposures=200))
    boxes = report.run(
        "[...document.querySelectorAll('.scrolls')].map((each) => each.scrollHeight > each.clientHeight)"
    )
    assert boxes == [True, True]
    # the tests' browser hides all bars
    bar = "getComputedStyle(document.querySelector('.scrolls'), '::-webkit-scrollbar')"
    assert float(report.run(f"{bar}.width").removesuffix("px")) > 5
    assert "linear-gradient" in report.run("getComputedStyle(document.querySelector('.scrolls')).backgroundImage")


def test_the_page_is_drawn_anew_with_what_changed(open_report: Opener, unlinked: Pool) -> None:
    """What a live page does: a background is linked; what is selected stays, and every view marks what changed."""
    report = open_report(unlinked, live="window.render = render;")
    report.page.locator("#associations tbody th button", has_text="o001_t001_miri_f560w").click()
    stated = unlinked.with_statements({"background": "o002:o001"})
    data = page_data(contents_of(stated, generate(stated), MISSION))
    lost, gained = "jw00001-o009_t002_miri_f770w", "jw00001-o001_t001_miri_f560w"
    file = UNLINKED[1]["filename"].replace("_uncal", "_cal")
    changes = {"gained": {gained: [UNLINKED[2]["filename"]]}, "lost": {gained: [file], lost: [file]}}
    text = json.dumps(json.loads(msgspec.json.encode(data)) | {"changes": changes})
    report.run(f"window.render({text})")
    assert report.page.locator("#details h2").inner_text().startswith(gained)
    assert report.page.locator(".card h2").first.inner_text() == "What changed"
    assert lost in report.page.locator(".card s").inner_text()
    assert report.page.locator("#associations .change").inner_text() == "+1 \N{MINUS SIGN}1"
    assert report.page.locator("#flow .node.changed").count() == 1
    assert report.page.locator("#icicle .block.changed").count() > 0
    assert report.page.locator("#matrix .changes .came").count() == 1
    assert report.page.locator("#matrix .changes .gone").count() == 1
    assert report.page.locator("#observations tr.changed").count() == 1
    report.run(f"window.render({json.dumps(json.loads(msgspec.json.encode(data)))})")
    assert report.page.locator(".change, .changed").count() == 0
