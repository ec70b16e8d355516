"""Every link within the built pages leads somewhere, those in figures included."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sphinx.application import Sphinx
from sphinx.util import logging

_LOG = logging.getLogger(__name__)


class _Page(HTMLParser):
    """The links of a page, and the places in it that links can lead to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.places: set[str] = {""}
        self.links: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.places.add(value)
            elif tag == "a" and name == "href" and value:
                self.links.add(value)


def check(app: Sphinx, failure: Exception | None) -> None:
    """Warn of each link that leads nowhere."""
    if failure is not None or app.builder.format != "html":
        return
    root = Path(app.outdir).resolve()
    pages = {path.resolve(): _Page(path.read_text(encoding="utf-8")) for path in root.rglob("*.html")}
    for path, page in pages.items():
        for link in sorted(page.links):
            url = urlsplit(link)
            if url.scheme or url.netloc:
                continue
            target = (path.parent / unquote(url.path)).resolve() if url.path else path
            there = pages.get(target)
            if not target.exists() or (there and unquote(url.fragment) not in there.places):
                _LOG.warning("%s links to %s, which does not exist", path.relative_to(root), link, type="asnsolve")
