"""The workbench in a real browser: what a person states, what it changes, and the command that says the same."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import simulated_files
from solver import Pool, load
from solver.app.cli import main
from tests.browser.conftest import simulated
from tests.fuzz.test_inert import evil

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

pytestmark = pytest.mark.browser

pytest.importorskip("uvicorn", reason="the server is not installed: pip install 'asnsolve[workbench]'")
pytest.importorskip("starlette", reason="the server is not installed: pip install 'asnsolve[workbench]'")

#: What the browser itself says of an answer that is an error, and of a server that is gone.
EXPECTED = ("Failed to load resource",)


@dataclass
class Workbench:
    """`asnsolve open` in a folder, and a page of it."""

    process: subprocess.Popen[str]
    address: str
    page: Page
    complaints: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> Page:
        """Note what a page complains of, and wait until it is ready."""
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("dialog", self.dismiss)
        page.goto(self.address)
        page.wait_for_selector("#stated li")
        return page

    def dismiss(self, dialog: Dialog) -> None:
        """Close a message that the page shows."""
        self.complaints.append(dialog.message)
        dialog.dismiss()

    def state(self, kind: str, **fields: str) -> None:
        """Fill in the form and send it."""
        self.page.locator("#state [name=kind]").select_option(kind)
        for name, text in fields.items():
            self.page.locator(f"#state [name={name}]").fill(text)
        self.page.get_by_role("button", name="State it").click()

    def stated(self, *texts: str) -> None:
        """Wait until these are the statements that are listed."""
        listed = "[...document.querySelectorAll('#stated code')].map(each => each.textContent).join('|')"
        self.until(f"{listed} === {json.dumps('|'.join(texts))}")

    def until(self, condition: str, page: Page | None = None) -> None:
        """Wait until something is so; the page's policy forbids Playwright's own way."""
        place, end = page or self.page, time.monotonic() + 15
        while not place.evaluate(condition):
            assert time.monotonic() < end, condition
            place.wait_for_timeout(30)

    def problems(self) -> list[str]:
        """The sentences that are shown as problems."""
        return self.page.locator(".problem:visible").all_text_contents()

    @property
    def command(self) -> str:
        return self.page.get_by_label("Command line").inner_text()


@pytest.fixture
def open_bench(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Workbench]]:
    """Opens a pool, or the simulated MRS folder; at the end the page may have complained of nothing unexpected."""
    opened: list[Workbench] = []

    def opener(pool: Pool | None = None) -> Workbench:
        name = "pool.csv"
        if pool is None:
            name = "mastDownload"
            simulated_files.main(str(tmp_path / name))
        else:
            (tmp_path / name).write_text(pool.to_text(), encoding="utf-8")
        words = [sys.executable, "-m", "asnsolve", "open", name, "--no-browser"]
        process = subprocess.Popen(words, cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout is not None
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        made = Workbench(process, process.stdout.readline().split()[-1], context.new_page())
        opened.append(made)
        made.follow(made.page)
        return made

    yield opener
    for each in opened:
        each.page.context.close()
        each.process.kill()
        each.process.communicate()
    assert [text for each in opened for text in each.complaints if not text.startswith(EXPECTED)] == []


def test_a_person_links_a_background_leaves_out_an_exposure_and_runs_the_command(
    open_bench: Callable[..., Workbench], tmp_path: Path
) -> None:
    """The session of the workbench: nobody explains anything, and what is written is what was shown."""
    bench = open_bench()
    assert bench.command == "asnsolve generate mastDownload -p asn"
    bench.state("background", which="o002", served="o001")
    bench.stated("--background o002:o001")
    assert bench.page.locator("#bench-summary").inner_text() == "Products: 1 new, 1 gone, 8 with other members."
    assert bench.page.locator("#changes .change").count() > 1
    bench.page.locator("#sought").fill("jw01001001001_03101_00002_mirifulong")
    bench.page.get_by_role("button", name="Find").click()
    bench.page.get_by_role("button", name="Leave it out").click()
    bench.stated("--exclude jw01001001001_03101_00002_mirifulong", "--background o002:o001")
    bench.page.get_by_label("Compared with").select_option("last")
    bench.until("document.querySelector('#bench-summary').textContent.startsWith('Products: 1 gone')")
    assert bench.page.locator("#changes s").all_inner_texts() == ["jw01001001001_03101_00002_mirifulong"]
    bench.page.get_by_role("button", name="Copy the command").click()
    with chdir(tmp_path):
        assert main(shlex.split(bench.command)[1:]) in {0, 1}
        made = {product.name for each in load("asn") for product in each.products}
    assert "jw01001-c1000_t001_miri" in made
    assert not {"jw01001-a3001_t001_miri", "jw01001001001_03101_00002_mirifulong"} & made
    bench.page.get_by_role("button", name="Undo").click()
    bench.stated("--background o002:o001")
    bench.page.get_by_role("button", name="Take back --background o002:o001").click()
    bench.stated()


def test_what_is_left_out_stays_in_place_and_can_be_taken_back(open_bench: Callable[..., Workbench]) -> None:
    bench = open_bench()
    assert bench.page.locator("h1").inner_text() == "mastDownload"
    file = "jw01001001001_03101_00002_mirifulong"
    bench.page.locator("#sought").fill(file)
    bench.page.get_by_role("button", name="Find").click()
    top = "document.querySelector('#icicle').getBoundingClientRect().top"
    scrolled, place = bench.page.evaluate("scrollY"), bench.page.evaluate(top)
    assert scrolled > 500
    bench.page.get_by_role("button", name="Leave it out").click()
    bench.stated(f"--exclude {file}")
    assert abs(bench.page.evaluate(top) - place) < 1
    details = bench.page.locator("#details")
    assert details.locator("h2").inner_text().startswith(file)
    assert details.locator("h3").first.inner_text() == "Left out"
    assert details.get_by_text("Products: 1 gone, ").is_visible()
    assert bench.page.locator("#icicle .taken text").text_content() == f"\N{MULTIPLICATION X} {file}"
    details.get_by_role("button", name=f"Take back --exclude {file}").click()
    bench.stated()
    assert details.locator("h2").inner_text().startswith(file)
    assert details.locator("h3").first.inner_text() != "Left out"
    assert abs(bench.page.evaluate("scrollY") - scrolled) < 2


def test_an_error_stands_beside_the_form(open_bench: Callable[..., Workbench]) -> None:
    bench = open_bench()
    bench.state("background", which="o077", served="o001")
    bench.until("document.querySelector('#state + .problem:not([hidden])') !== null")
    what = "--background o077:o001: no exposure belongs to observation o077 (observations: o001, o002)"
    assert bench.problems() == [what]
    assert bench.page.locator("#state [name=which]").input_value() == "o077"
    bench.state("background", which="o002", served="o001")
    bench.stated("--background o002:o001")
    assert bench.problems() == []


def test_levels_and_rules_are_chosen(open_bench: Callable[..., Workbench]) -> None:
    bench = open_bench()
    bench.page.get_by_text("Levels and rules").click()
    bench.page.locator("#choices [name=level]").select_option("3")
    bench.until("document.querySelector('#workbench pre').textContent.includes('--level 3')")
    bench.page.locator("#choices [name=without]").fill("Asn_Nope")
    bench.page.locator("#choices [name=without]").press("Enter")
    bench.until("document.querySelectorAll('#choices + .problem:not([hidden])').length === 1")
    assert "Asn_Nope" in bench.problems()[0]


def test_what_helps_is_one_click(open_bench: Callable[..., Workbench]) -> None:
    """Of the hints that the page shows, and of an explanation."""
    rows = [
        row | {"asn_candidate": f"[('o00{row['obs_num']}', 'OBSERVATION')]"} for row in simulated_files.rows_of("mrs")
    ]
    bench = open_bench(Pool.from_rows(rows))
    hint = bench.page.locator("#answer [data-statement] code").first
    assert hint.inner_text() == "--background o002"
    hint.click()
    bench.stated("--background o002")
    bench.page.get_by_role("button", name="Undo").click()
    bench.stated()
    bench.page.locator("#sought").fill("jw01001002001_03101_00001_mirifulong")
    bench.page.get_by_role("button", name="Find").click()
    bench.page.get_by_role("button", name="Why, and what helps?").click()
    bench.page.locator("#bench-offer [data-statement]").first.click()
    bench.until("document.querySelectorAll('#stated code').length === 1")


def test_observations_are_combined_and_a_value_is_set(open_bench: Callable[..., Workbench]) -> None:
    """The other forms; a candidate gets an id that no exposure has."""
    bench = open_bench(simulated(4, modes=["mrs", "image_dithers"], exposures=20))  # it has c1000 and c1001
    bench.page.locator("#state [name=kind]").select_option("candidate")
    bench.page.locator("#state [name=which]").fill("o001,o002")
    bench.page.locator("#state [name=type]").select_option("mosaic")
    bench.page.get_by_role("button", name="State it").click()
    combined = "--candidate c1002=mosaic:o001,o002"
    bench.stated(combined)
    bench.state("set", which="o003", column="filter", value="F090W")
    bench.stated("--set filter=F090W:o003", combined)


def test_two_tabs_are_in_step(open_bench: Callable[..., Workbench]) -> None:
    bench = open_bench()
    other = bench.follow(bench.page.context.new_page())
    bench.state("exclude", which="o002")
    bench.stated("--exclude o002")
    bench.until("document.querySelector('#stated code')?.textContent === '--exclude o002'", other)
    other.get_by_role("button", name="Undo").click()
    bench.stated()


def test_a_server_that_is_gone_is_said(open_bench: Callable[..., Workbench]) -> None:
    bench = open_bench()
    bench.process.send_signal(signal.SIGKILL)
    bench.until("!document.querySelector('#bench-gone').hidden")
    bench.state("exclude", which="o002")
    bench.until("document.querySelectorAll('.problem:not([hidden])').length === 2")
    assert all("asnsolve open has ended" in each for each in bench.problems())
    assert bench.command == "asnsolve generate mastDownload -p asn"


def test_a_pool_that_changes_is_offered_to_be_read_again(open_bench: Callable[..., Workbench], tmp_path: Path) -> None:
    pool = simulated(4, modes=["image_dithers"])
    bench = open_bench(pool)
    number = len(pool)
    time.sleep(0.01)
    (tmp_path / "pool.csv").write_text(pool.select(range(number - 1)).to_text(), encoding="utf-8")
    bench.until("!document.querySelector('#bench-stale').hidden")
    bench.page.get_by_role("button", name="Read them again").click()
    bench.until(f"document.querySelector('#answer').textContent.includes('{number - 1} exposures')")
    bench.until("document.querySelector('#bench-stale').hidden")


def test_hostile_names_are_only_names(open_bench: Callable[..., Workbench]) -> None:
    bench = open_bench(evil())
    bench.page.locator("#sought").fill("owned")
    bench.page.get_by_role("button", name="Find").click()
    bench.page.get_by_role("button", name="Leave it out").click()
    bench.until("document.querySelectorAll('#stated code, #bench-offer .problem:not([hidden])').length > 0")
    found: Any = bench.page.evaluate("document.body.innerText")
    assert not {char for char in found if not char.isprintable()} - {"\n", "\t"}
