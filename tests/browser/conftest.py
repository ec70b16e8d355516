"""A real browser, and reports opened in it. Where there is no browser, these tests are skipped and say so."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.browser import NoBrowserError, chromium
from benchmarks.simulator import COLUMNS, simulate
from rules import MISSION
from solver import Pool, Statements, generate
from solver.reports import Why, contents_of, explained, page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page


def pytest_itemcollected(item: pytest.Item) -> None:
    """Run all tests here in one process, with one browser."""
    item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; where there is none, the tests are skipped, or fail if `ASNSOLVE_REQUIRE_BROWSER` is set."""
    with ExitStack() as stack:
        try:
            opened = stack.enter_context(chromium())
        except NoBrowserError as error:
            (pytest.fail if os.environ.get("ASNSOLVE_REQUIRE_BROWSER") else pytest.skip)(str(error))
        yield opened


@dataclass
class Opened:
    """A report in the browser, with what must not happen there.

    Attributes:
        page: the page.
        requests: what it asked for, beside itself.
        errors: what it complained of.
        dialogs: the messages that it showed.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def dismiss(self, dialog: Dialog) -> None:
        """Close a message that the page shows."""
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def run(self, script: str) -> Any:
        """Run a script in the page."""
        return self.page.evaluate(script)

    def texts(self, selector: str) -> list[str]:
        """The texts of all elements that a selector finds."""
        return self.page.locator(selector).all_text_contents()

    def block(self, label: str) -> Any:
        """The block of the hierarchy that has this written on it."""
        return self.page.locator("#icicle .block", has=self.page.get_by_text(label, exact=True)).first


@pytest.fixture
def open_report(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Opens the report of a pool. At the end, it may have asked for nothing and complained of nothing."""
    opened: list[Opened] = []

    def opener(
        pool: Pool, *, explain: bool = False, live: str = "", exclude: Sequence[str] = (), **options: Any
    ) -> Opened:
        statements, unstated = Statements.of(exclude=exclude), pool
        pool = pool.with_statements(statements) if statements else pool
        file, result = tmp_path / f"report{len(opened)}.html", generate(pool)
        why = explained(pool, result, MISSION) if explain else Why()
        contents = contents_of(pool, result, MISSION, why=why, statements=statements, unstated=unstated)
        file.write_text(page(contents, live=live), encoding="utf-8")
        context = browser.new_context(**{"viewport": {"width": 1400, "height": 1000}} | options)
        context.set_default_timeout(5000)
        made = Opened(context.new_page())
        opened.append(made)
        made.page.on("request", lambda request: made.requests.append(request.url))
        made.page.on("pageerror", lambda error: made.errors.append(str(error)))
        made.page.on("console", lambda message: made.errors.append(message.text))
        made.page.on("dialog", made.dismiss)
        made.page.goto(file.as_uri())
        made.page.wait_for_selector("html[data-ready=yes]")
        made.requests.remove(file.as_uri())
        return made

    yield opener
    for each in opened:
        each.page.context.close()
    assert [(each.requests, each.errors, each.dialogs) for each in opened] == [([], [], [])] * len(opened)


def simulated(seed: int, **options: Any) -> Pool:
    """A simulated pool."""
    return Pool.from_rows((dict(zip(COLUMNS, row, strict=True)) for row in simulate(seed, **options)), name="pool.csv")


@pytest.fixture(scope="session")
def small() -> Pool:
    """Spectra of one target with a background, and images of another, 22 exposures in all."""
    return simulated(4, modes=["mrs", "image_dithers"], exposures=20)
