"""The report for everybody: by keyboard, in the dark, on paper, in narrow windows, with hostile names, when large."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from benchmarks.simulator import COLUMNS, simulate
from solver import Pool
from tests.browser.conftest import Opened, simulated

pytestmark = pytest.mark.browser

Opener = Callable[..., Opened]

#: Names that would do something if they were taken for markup or for a script.
HOSTILE = {
    "targprop": "<script>alert(1)</script>",
    "targname": "</script><script>alert(2)</script>",
    "filter": "<img src=x onerror=alert(3)>",
    "subarray": "\"'><svg onload=alert(4)>&amp;",
    "title": "${alert(5)}{{ 7 * 7 }}\u2028--><!--",
}


def focused(report: Opened) -> str:
    """What the keyboard is on, by its name for a screen reader or its text."""
    found = report.run("document.activeElement.getAttribute('aria-label') ?? document.activeElement.id ?? ''")
    return str(found)


def press(report: Opened, *keys: str) -> None:
    for key in keys:
        report.page.keyboard.press(key)


def test_the_hierarchy_by_keyboard(open_report: Opener, small: Pool) -> None:
    report = open_report(small)
    report.page.locator("#flow [tabindex='0']").focus()
    press(report, "Tab")
    assert focused(report).startswith("program 1001")
    press(report, "ArrowRight", "ArrowDown")
    assert focused(report).startswith("observation 2:")
    assert report.run("getComputedStyle(document.activeElement.querySelector('rect')).strokeWidth") == "3px"
    assert report.page.locator("#tip").is_visible()
    press(report, "Enter")
    assert report.texts("#place li")[-1] == "observation 2"
    assert focused(report).startswith("observation 2:")
    press(report, *["ArrowRight"] * 9, "End")
    assert focused(report).startswith(small.file_names[13])
    press(report, "Enter")
    assert report.page.locator("#details h2").inner_text() == small.file_names[13]
    assert focused(report).startswith(small.file_names[13])
    press(report, "Escape")
    assert report.texts("#place li") == ["whole pool", "program 1001"]


def test_the_tabulator_passes_the_hierarchy_in_one_step(open_report: Opener, small: Pool) -> None:
    report = open_report(small)
    assert report.page.locator("#icicle .block[tabindex='0']").count() == 1


def test_the_matrix_by_keyboard(open_report: Opener, small: Pool) -> None:
    report = open_report(small)
    report.page.locator("#matrix").focus()
    press(report, "ArrowDown")
    assert "target acquisition in jw01001-c1000_t001_miri" in report.page.locator("#status").inner_text()
    press(report, "ArrowDown", "ArrowRight")
    said = report.page.locator("#status").inner_text()
    assert said == f"{small.file_names[1]} science in jw01001-o001_t001_miri (spec3, o001)"
    assert report.page.locator("#tip").inner_text().replace("\n", " ") == said
    press(report, "Enter")
    assert report.page.locator("#details h2").inner_text() == small.file_names[1]


def test_everything_that_can_be_pressed_has_a_name(open_report: Opener, small: Pool) -> None:
    report = open_report(small)
    names = report.run("""
        [...document.querySelectorAll('button, input, select')].map((each) => each.getAttribute('aria-label')
          || each.textContent.trim() || [...each.labels].map((label) => label.textContent).join(''))
    """)
    assert len(names) > 20
    assert "" not in names


def test_dark_and_light(open_report: Opener, small: Pool) -> None:
    """Texts stand out from their ground, by 4.5 to 1 or more, in both schemes."""
    for scheme in ("light", "dark"):
        report = open_report(small, color_scheme=scheme)
        ground = brightness(report.run("getComputedStyle(document.body).backgroundColor"))
        assert (ground < 0.5) == (scheme == "dark")
        for selector in ("h1", "header p", ".card li", "#count", "button.link", "#icicle .block text", ".hint"):
            style = f"getComputedStyle(document.querySelector('{selector}'))"
            ink = brightness(report.run(f"'{selector}'.includes('text') ? {style}.fill : {style}.color"))
            assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) >= 4.5, (scheme, selector)


def brightness(colour: str) -> float:
    """The relative luminance of `rgb(r, g, b)`, as the accessibility guidelines define it."""
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").rstrip(")").split(",")]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_on_paper_there_is_nothing_to_press(open_report: Opener, small: Pool) -> None:
    report = open_report(small, color_scheme="dark")
    report.page.emulate_media(media="print")
    for selector in ("#find", "#filters", "#level", "#details", "#tip"):
        assert not report.page.locator(selector).is_visible(), selector
    for selector in ("#icicle", "#matrix", "#associations", "#answer", "#observations", "#flow"):
        assert report.page.locator(selector).is_visible(), selector
    assert report.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("width", [340, 700, 1200, 2200])
def test_nothing_sticks_out_of_the_window(open_report: Opener, small: Pool, width: int) -> None:
    report = open_report(small, viewport={"width": width, "height": 800})
    report.block("jw01001001001_03101_00001_mirifulong" if width > 400 else "1001").click()
    assert report.run("document.scrollingElement.scrollWidth") <= width
    assert report.run("document.querySelector('#icicle').getBoundingClientRect().width") <= width
    report.page.set_viewport_size({"width": 500, "height": 800})  # drawn anew for another width
    expect = pytest.importorskip("playwright.sync_api").expect
    expect(report.page.locator("#icicle")).to_have_attribute("viewBox", re.compile(r"0 0 4\d\d "))


def test_hostile_names_stay_names(open_report: Opener) -> None:
    """A name in the pool that is a script is shown and not run, wherever it is shown."""
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in simulate(4, modes=["image_dithers", "calibration"])]
    for number, row in enumerate(rows):
        row.update({key: value for key, value in HOSTILE.items() if key in row})
        row["filename"] = f"a'b\"&<script>alert(6)</script>{number}_uncal.fits"
    rows[0]["exp_type"] = rows[0]["instrume"] = "</title><script>alert(7)</script>"
    pool = Pool.from_rows(rows, name=f"{HOSTILE['title']}</title><script>alert(8)<!--")
    report = open_report(pool)
    page = report.page
    assert page.title() == f"{pool.name}: associations"
    assert page.locator("h1").inner_text() == pool.name.replace("\u2028", "\u2028")
    page.get_by_role("radio", name="Both").check()
    for button in page.locator(".unfold").all()[:3]:
        button.click()
    page.locator("#orphans summary").first.click(force=True)
    for node in page.locator("#flow .node").all():
        node.hover(force=True)
    for block in (page.locator("#icicle .block").first, page.locator("#icicle .block").last):
        block.hover(force=True)
        block.dispatch_event("click")
    page.locator("#details summary").last.click()
    for value in (HOSTILE["targprop"], HOSTILE["targname"], HOSTILE["subarray"]):
        assert value.lower() in page.locator("#details .values").inner_text().lower()
    assert pool.file_names[-1] in page.locator("#details").inner_text()
    page.get_by_label("Filter").fill("<script>alert(6)</script>1_")
    assert page.locator("#associations tbody tr").count() > 0
    page.locator("#associations tbody th button").first.click()
    counts = {tag: page.locator(tag).count() for tag in ("script", "img", "svg", "iframe", "link", "style")}
    assert counts == {"script": 2, "img": 0, "svg": 5, "iframe": 0, "link": 1, "style": 1}
    assert page.locator("[onerror], [onload], [onclick]").count() == 0


def test_a_script_that_got_in_would_not_run(open_report: Opener, small: Pool) -> None:
    report = open_report(small)
    report.run("""
        const added = document.createElement('script');
        added.textContent = 'window.ran = true';
        document.body.append(added);
    """)
    assert report.run("window.ran") is None
    assert [each for each in report.errors if "Content Security Policy" in each]
    report.errors.clear()


@pytest.mark.thorough
def test_five_thousand_exposures_open_in_two_seconds_and_stay_few_on_the_screen(open_report: Opener) -> None:
    report = open_report(simulated(3, exposures=5000, programs=4))
    seconds = report.run("performance.getEntriesByName('ready')[0].startTime") / 1000
    assert seconds < 2
    assert report.page.locator("#icicle .block").count() < 300
    assert report.run("document.querySelectorAll('*').length") < 10_000
    started = report.run("performance.now()")
    report.page.get_by_role("radio", name="Level 2").check()
    assert report.run("performance.now()") - started < 2000
