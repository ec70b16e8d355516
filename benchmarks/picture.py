"""`python -m benchmarks.picture`: the picture of a report in README, of a simulated program of 60 exposures."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image

from benchmarks.browser import chromium
from benchmarks.simulator import COLUMNS, simulate
from rules import MISSION
from solver import Pool, generate
from solver.reports import contents_of, explained, page

PICTURE = Path(__file__).parent / "pictures" / "report.png"

#: What is chosen in the picture.
ASSOCIATION = "jw01001-c1000_t001_nircam_clear-f200w"


def main() -> None:
    """Make the report, open it, choose an association, and take the picture."""
    rows = (dict(zip(COLUMNS, row, strict=True)) for row in simulate(1, exposures=60))
    pool = Pool.from_rows(rows, name="program.csv")
    result = generate(pool)
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        file = Path(name) / "report.html"
        contents = contents_of(pool, result, MISSION, why=explained(pool, result, MISSION))
        file.write_text(page(contents), encoding="utf-8")
        opened = browser.new_page(viewport={"width": 1440, "height": 1480}, color_scheme="light")
        opened.goto(file.as_uri())
        opened.get_by_role("button", name=ASSOCIATION, exact=True).click()
        opened.mouse.move(0, 0)
        opened.evaluate("scrollTo(0, 0)")
        shot = Image.open(io.BytesIO(opened.screenshot()))
    shot.convert("P", palette=Image.Palette.ADAPTIVE, colors=256).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
