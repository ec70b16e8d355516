"""The page is whole, needs nothing, and takes no name for markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

import solver.reports
from rules import MISSION
from solver import Pool, generate
from solver.reports import Contents, contents_of, page
from solver.reports.web_page import SCRIPTS
from tests.unit.small import Row, pool_of, row

STATIC = Path(solver.reports.__file__).parent / "static"

#: What would do something if it were taken for markup, and places of a pool where a user can write it.
HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</title></style></textarea>",
    "<!--<script>",
    "\"'><img src=x onerror=alert(1)>",
    "&lt;script&gt;",
    "{{ 7 * 7 }}{% raw %}",
    "line\u2028and\u2029line",
]
PLACES = ("filename", "targprop", "targetid", "filter", "instrume", "exp_type", "visit", "dms_note", "exposerr")


def image(name: str, **values: str) -> Row:
    """An exposure that both levels take."""
    return row(name, detector="MIRIMAGE", **values)


def contents(pool: Pool) -> Contents:
    return contents_of(pool, generate(pool), MISSION)


@dataclass
class Element:
    """An element of a page, and the text right after its beginning."""

    tag: str
    attributes: dict[str, str | None]
    text: str = ""


class Elements(HTMLParser):
    """The elements of a page, in their order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.all: list[Element] = []
        self._open = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append(Element(tag, dict(attrs)))
        self._open = True

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            self.all[-1].text += data

    def of(self, tag: str) -> list[Element]:
        """The elements with this tag."""
        return [each for each in self.all if each.tag == tag]

    def shape(self) -> list[tuple[str, list[str]]]:
        """What there is, without what it says."""
        return [(each.tag, sorted(each.attributes)) for each in self.all]


def named(name: str, place: str) -> Pool:
    """A pool with a name in a place."""
    mine = {} if place == "pool" else {place: f"{name}_uncal.fits" if place == "filename" else name}
    rows = [row("a"), row("b") | mine, row("x", exp_type="MIR_DARKIMG") | ({} if place == "filename" else mine)]
    return Pool.from_rows(rows, name=name if place == "pool" else "pool.csv")


@cache
def harmless(place: str) -> list[tuple[str, list[str]]]:
    """The shape of the page with a harmless name in a place."""
    return Elements(page(contents(named("word", place)))).shape()


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("place", [*PLACES, "pool"])
@pytest.mark.sampled(3)
def test_a_name_never_becomes_markup(value: str, place: str) -> None:
    """Whatever a name is, the page has the same elements with the same attributes, and the data say the name."""

    hostile = contents(named(value, place))
    found = Elements(page(hostile))
    assert found.shape() == harmless(place)
    (block,) = [each for each in found.of("script") if each.attributes.get("id") == "data"]
    assert json.loads(block.text)["contents"] == json.loads(msgspec.json.encode(hostile))


def test_the_data_have_no_character_that_a_page_could_take_for_its_own() -> None:
    text = page(contents(pool_of(row("a", targprop="".join(HOSTILE)))))
    (block,) = re.findall(r'<script type="application/json" id="data">(.*)</script>\n', text)
    assert not set(block) & set("<>&\u2028\u2029")


def test_nothing_is_fetched_and_only_our_script_and_style_run() -> None:
    text = page(contents(pool_of(row("a"))))
    found = Elements(text)
    attributes = [(name, value) for each in found.all for name, value in each.attributes.items()]
    (policy,) = [each.attributes["content"] for each in found.of("meta") if "http-equiv" in each.attributes]
    block, script = found.of("script")
    (style,) = found.of("style")
    assert policy == (
        f"default-src 'none'; script-src {source(script.text)}; style-src {source(style.text)}; img-src data:"
    )
    assert (block.attributes.get("type"), script.attributes) == ("application/json", {})
    assert not {"src", "action", "srcset", "style"} & {name for name, _ in attributes}
    assert {value for name, value in attributes if name == "href"} == {"data:,", "#table"}
    assert set(re.findall(r"https?://[^\s\"'<)]*", text)) == {"http://www.w3.org/2000/svg"}  # the name of SVG
    assert "@import" not in text
    assert not re.findall(r"url\((?!#)", text)


def source(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def test_the_script_never_makes_elements_from_texts() -> None:
    assert {path.name for path in STATIC.glob("*.js")} == set(SCRIPTS)
    for path in STATIC.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        found = re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|srcdoc", text)
        assert not found, path.name


def test_the_same_pool_gives_the_same_page() -> None:
    rows = [row("a"), row("b"), row("x", exp_type="MIR_DARKIMG")]
    assert page(contents(pool_of(*rows))) == page(contents(pool_of(*reversed(rows))))


def test_what_can_be_read_without_a_script() -> None:
    found = Elements(page(contents(pool_of(image("a"), image("b"), image("x", exp_type="MIR_DARKIMG")))))
    tiles = zip(found.of("dt"), found.of("dd"), strict=True)
    assert {name.text: int(number.text) for name, number in tiles} == {
        "exposures": 3,
        "Level 3 associations": 1,
        "Level 2 associations": 2,
        "exposures in no association": 1,
    }
    texts = [each.text for each in found.of("p")]
    assert "1 association left out: same members as another association" in texts
    assert [each for each in texts if each.startswith("no association is expected: darks") and each.endswith(" (1)")]
    assert "x_uncal.fits" in [each.text for each in found.of("li")]


def test_no_rule_made_anything() -> None:
    text = page(contents(pool_of(row("x", exp_type="MIR_DARKIMG"))))
    assert "All exposures are in associations." not in text
    assert "All exposures are in associations." in page(contents(pool_of(row("a"))))
