"""`python -m benchmarks.clicks [EXPOSURES]`: from a click in the workbench to the changed page, in Chromium.

Each round leaves out an exposure and takes that back. The time runs from the click to the frame that shows every view
drawn anew; what the server needs, from its request to its last byte, is part of that.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.browser import chromium
from benchmarks.simulator import COLUMNS, simulate
from solver import Pool

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROUNDS = 10

#: Clicks, and waits until the list of statements has changed, which comes last, and that is painted.
_CLICK = """async (selector) => {
    performance.clearResourceTimings();
    const changed = new Promise((resolve) => {
        const watcher = new MutationObserver(() => (watcher.disconnect(), resolve()));
        watcher.observe(document.querySelector("#stated"), { childList: true });
    });
    const started = performance.now();
    [...document.querySelectorAll("button")].find((each) => each.textContent === selector).click();
    await changed;
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const asked = performance.getEntriesByType("resource").filter(({ name }) => /step|undo/.test(name));
    return [performance.now() - started, asked[0].duration];
}"""


def main(exposures: int = 1000) -> None:
    """Measure, and print the median, the quickest and the slowest."""
    rows = (dict(zip(COLUMNS, row, strict=True)) for row in simulate(1, exposures=exposures))
    pool = Pool.from_rows(rows, name="pool.csv")
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        (Path(folder) / "pool.csv").write_text(pool.to_text(), encoding="utf-8")
        words = [sys.executable, "-m", "asnsolve", "open", "pool.csv", "--no-browser"]
        with subprocess.Popen(words, cwd=folder, text=True, stdout=subprocess.PIPE) as server:  # noqa: S603 (our own)
            try:
                page = browser.new_page(viewport={"width": 1400, "height": 1000})
                page.goto(server.stdout.readline().split()[-1] if server.stdout else "")
                page.wait_for_selector("#stated li")
                times = [_round(page, pool.file_names[number * len(pool) // ROUNDS]) for number in range(ROUNDS)]
            finally:
                server.terminate()
    load = os.getloadavg()[0]
    print(f"{len(pool):,} exposures, {ROUNDS} rounds, load {load:.1f}: median (quickest to slowest), in milliseconds")
    for name, found in zip(("Leave it out", "Undo"), zip(*times, strict=True), strict=True):
        whole, server_part = (sorted(each) for each in zip(*found, strict=True))
        shown = f"{median(whole):.0f} ({whole[0]:.0f} to {whole[-1]:.0f})"
        print(f"{name:14}{shown:22}of which the server {median(server_part):.0f}")


def _round(page: Page, file: str) -> list[list[float]]:
    """The times of leaving out an exposure and of undoing that."""
    page.locator("#sought").fill(file)
    page.get_by_role("button", name="Find").click()
    return [page.evaluate(_CLICK, name) for name in ("Leave it out", "Undo")]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
