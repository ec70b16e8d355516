"""The report in a real browser: it shows what there is, and answers to mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from solver import Pool, generate
from tests.browser.conftest import Opened, simulated
from tests.fuzz.test_inert import evil

pytestmark = pytest.mark.browser

Opener = Callable[..., Opened]


def test_it_shows_every_level_and_exposure(open_report: Opener, small: Pool) -> None:
    report = open_report(small)
    assert report.page.title() == "pool.csv: associations"
    assert report.texts("#icicle .heads text") == [
        "program", "observation", "visit", "group", "sequence", "activity", "exposure",
    ]  # fmt: skip
    shown = report.texts("#icicle .block text.file")
    assert shown == [name.removesuffix("_uncal.fits") for name in small.file_names]
    assert report.texts("#matrix .labels .end") == shown
    level3 = [each for each in generate(small).associations if each.asn_type.endswith("3")]
    assert sorted(report.texts("#associations tbody th")) == sorted(each.products[0].name for each in level3)
    members = sum(len(each.products[0].members) for each in level3)
    assert report.page.locator("#matrix .letters text").count() == members


def test_a_block_is_looked_into_and_left(open_report: Opener, small: Pool) -> None:
    report = open_report(small)
    everything = report.page.locator("#icicle .block").count()
    report.page.get_by_role("treeitem", name="observation 2").click()
    assert report.texts("#place li") == ["whole pool", "program 1001", "observation 2"]
    assert len(report.texts("#matrix .labels .end")) == 7
    assert report.page.locator("#icicle .block").count() < everything
    assert "(observation 2)" in report.page.locator("#count").inner_text()
    report.page.get_by_role("button", name="whole pool").click()
    assert report.page.locator("#icicle .block").count() == everything


def test_a_clicked_exposure_tells_where_it_is_and_why(open_report: Opener, small: Pool) -> None:
    report = open_report(small)
    report.block("jw01001001001_03101_00001_mirifulong").click()
    told = report.page.locator("#details")
    assert told.locator("h2").inner_text() == "jw01001001001_03101_00001_mirifulong_uncal.fits"
    steps = told.locator(".steps").inner_text().split(" \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} ")
    assert steps == ["program 1001", "observation 1", "visit 1", "group 3", "sequence 1", "activity 01"]
    assert told.locator("h3").first.inner_text() == "In 3 products"
    first = told.locator(".membership").first
    assert first.locator("b").inner_text() == "as science by Asn_Lv3MIRMRS"
    assert first.locator(".files li").all_text_contents() == [
        "jw01001-c1000_t001_miri spec3 · c1000", "jw01001-o001_t001_miri spec3 · o001",
    ]  # fmt: skip
    assert first.locator(".why li").all_text_contents() == ["program = 1001", "instrument = miri", "target = WASP-8664"]
    told.get_by_text("Values in the pool").click()
    assert "mirifulong" in told.locator(".values dd").all_text_contents()
    report.page.get_by_role("button", name="Close").click()
    assert told.inner_text().startswith("Select an exposure")


def test_nothing_on_the_page_turns_or_hides_the_text_around_it(open_report: Opener) -> None:
    """Every text and every attribute, also of what is drawn and of what opens on a click, shows its characters."""
    opened = open_report(evil())
    for place in ("#associations tbody th button", "#orphans .files button", "#icicle .block", "#matrix rect"):
        if opened.page.locator(place).count():
            opened.page.locator(place).first.click(force=True)
        found = opened.run(
            """[document.title, ...Array.from(document.querySelectorAll("*"), each =>
            [each.textContent, each.value ?? "", ...Array.from(each.attributes, one => one.value)]).flat()].join("")"""
        )
        assert "owned" in found
        assert not {char for char in found if not char.isprintable()} - {"\n", "\t"}


def test_an_orphan_tells_why_it_is_one(open_report: Opener) -> None:
    pool = simulated(1, modes=["calibration"])
    report = open_report(pool)
    reasons = generate(pool).reasons
    listed = report.page.locator("#orphans .files button")
    assert sorted(listed.all_text_contents()) == sorted(reasons)
    file = listed.first.text_content() or ""
    listed.first.click()
    told = report.page.locator("#details")
    assert told.locator("h3").first.inner_text() == "In no product"
    assert told.locator(".why").inner_text().startswith("no association is expected: darks, flats and lamps")
    assert "is expected" not in report.page.locator(".card").nth(2).inner_text()  # this is not odd
    told.get_by_role("button", name="Show it in the hierarchy").click()
    assert file.removesuffix("_uncal.fits") in report.texts("#icicle .taken text")


def test_the_table_is_filtered(open_report: Opener, small: Pool) -> None:
    report = open_report(small)
    products = report.page.locator("#associations tbody th")
    assert products.count() == 9
    report.page.get_by_label("Filter").fill("f200w")
    assert products.count() == 3
    assert all("f200w" in each for each in products.all_text_contents())
    report.page.get_by_label("Filter").fill("o003 F200W")  # each of the words
    assert products.all_text_contents() == ["jw01001-o003_t003_niriss_clear-f200w"]
    report.page.get_by_label("Filter").fill("01001002001_03101_00003_mirifushort")  # a member's file
    assert products.all_text_contents() == ["jw01001-c1000_t001_miri", "jw01001-o002_t002_miri"]
    report.page.locator("#rule").select_option("Asn_Lv3MIRMRS")
    assert products.all_text_contents() == ["jw01001-c1000_t001_miri"]
    report.page.locator("#type").select_option("image3")
    assert products.count() == 0
    assert report.page.locator("#count").inner_text() == "No product of Level 3 fits (whole pool)."


def test_the_table_is_sorted(open_report: Opener, small: Pool) -> None:
    report = open_report(small)
    members = "#associations tbody td.number"
    for order in ("ascending", "descending"):
        report.page.get_by_role("button", name="Members", exact=False).first.click()
        numbers = [int(each) for each in report.texts(members)]
        assert numbers == sorted(numbers, reverse=order == "descending")
        assert report.page.locator("th[aria-sort]").get_attribute("aria-sort") == order


def test_members_unfold(open_report: Opener, small: Pool) -> None:
    report = open_report(small)
    report.page.get_by_label("Filter").fill("jw01001-c1000_t001_miri")
    unfold = report.page.get_by_role("button", name="Members of jw01001-c1000_t001_miri")
    unfold.click()
    assert unfold.get_attribute("aria-expanded") == "true"
    (association,) = [
        each for each in generate(small).associations if each.products[0].name == "jw01001-c1000_t001_miri"
    ]
    members = association.products[0].members
    assert sorted(report.texts("tr.members li")) == sorted(each.expname for each in members)
    assert report.texts("tr.members dt") == ["science (6)", "background (6)", "target acquisition (2)"]
    unfold.click()
    assert report.page.locator("tr.members").count() == 0


def test_a_chosen_association_is_marked_everywhere(open_report: Opener, small: Pool) -> None:
    report = open_report(small)
    report.page.locator("#associations tbody th button").nth(3).click()
    assert report.page.locator("#details h2").inner_text() == "jw01001-o001_t001_miri"
    assert report.page.locator("#associations tr.taken").count() == 1
    assert report.page.locator("#matrix .bands rect").count() == 1
    assert report.texts("#flow .taken") == ["o001_t001_miri"]
    assert report.texts("#flow .lit text") == ["o001  MIRI MRS, WASP-8664", "o001_t001_miri"]
    assert report.page.locator("#observations tr.linked").count() == 1
    assert report.texts("#key > span > .swatch") == ["S", "T", ""]
    report.page.get_by_role("button", name="All products").click()
    assert report.page.locator("#associations tr.taken").count() == 0


def test_levels_are_chosen(open_report: Opener, small: Pool) -> None:
    report = open_report(small)
    report.page.get_by_role("radio", name="Level 2 (22)").check()
    assert report.page.locator("#count").inner_text() == "22 products of Level 2 (whole pool)"
    report.page.get_by_role("radio", name="Both").check()
    assert report.page.locator("#count").inner_text() == "31 products (whole pool)"
    assert report.texts("#key > span")[:4] == ["spec2", "image2", "image3", "spec3"]


def test_an_exposure_is_found_by_its_name(open_report: Opener) -> None:
    pool = simulated(1, exposures=400)
    report = open_report(pool)
    file = pool.file_names[333]
    report.page.get_by_label("Find an exposure").fill(file[:-5].upper())
    report.page.get_by_role("button", name="Find").click()
    assert report.page.locator("#details h2").inner_text() == file
    assert report.page.locator("#icicle .taken").count() == 1
    report.page.get_by_label("Find an exposure").fill("nothing like it")
    report.page.get_by_role("button", name="Find").click()
    assert report.page.locator("#status").inner_text() == "no such exposure or observation"


@pytest.mark.parametrize("name", ["o002", "O2", "jw01002-o002"])
def test_an_observation_is_found_by_its_number(open_report: Opener, name: str) -> None:
    report = open_report(simulated(1, exposures=60, programs=2 if name.startswith("jw") else 1))
    report.page.get_by_label("Find an exposure").fill(name)
    report.page.get_by_role("button", name="Find").click()
    assert report.texts("#place li")[-1] == "observation 2"
    assert report.page.locator("#observations tr.taken").count() == 1


def test_a_mark_is_taken(open_report: Opener, small: Pool) -> None:
    report = open_report(small)
    report.page.locator("#matrix").scroll_into_view_if_needed()
    report.page.locator("#matrix .letters text").first.click(force=True)
    assert report.page.locator("#details h2").inner_text() == small.file_names[1]
    assert report.page.locator("#details h3").first.inner_text() == "In jw01001-c1000_t001_miri as science"


@pytest.mark.parametrize("pool", [simulated(1, modes=["calibration"]), simulated(2, exposures=300)], ids=len)
def test_the_blocks_of_each_level_hold_every_exposure_once_and_can_be_read(open_report: Opener, pool: Pool) -> None:
    report = open_report(pool)
    blocks = report.run(
        "[...document.querySelectorAll('#icicle .block')].map((each) =>"
        " [each.block.level, each.block.from, each.block.to, each.firstChild.getBoundingClientRect().height])"
    )
    for level in {level for level, *_ in blocks}:
        rows = [row for each, first, last, _ in blocks if each == level for row in range(first, last)]
        assert rows == list(range(len(pool)))
    assert min(height for *_, height in blocks) > 8


def test_no_association_at_all(open_report: Opener) -> None:
    pool = Pool.from_rows(
        [{"filename": "x_uncal.fits", "program": "1", "instrume": "nircam", "exp_type": "nrc_led", "asn_candidate": ""}]
    )
    report = open_report(pool)
    assert report.page.locator("#count").inner_text() == "No product fits (whole pool)."
    assert report.texts("#icicle .block text") == ["1", "x"]
