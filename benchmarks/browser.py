"""Chromium, as the system has it, for the tests of the report and for its picture."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: What the packages of systems call it.
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")

#: Without these a browser looks for news of its own on the network as it starts.
_QUIET = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip


class NoBrowserError(Exception):
    """There is no browser to be had; the message says what to install."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium without a window, from the path or as `ASNSOLVE_CHROMIUM` names it.

    Raises:
        NoBrowserError: it or Playwright, which drives it, is not installed.
    """
    program = os.environ.get("ASNSOLVE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise NoBrowserError("no Chromium is on the path; install it, or name one with ASNSOLVE_CHROMIUM")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise NoBrowserError("Playwright is not installed: pip install playwright") from error
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_QUIET))
        try:
            yield browser
        finally:
            browser.close()
