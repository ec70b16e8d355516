"""The report as one page for the browser: it needs no network, and nothing in a pool is taken as markup.

The page's own script (`static/`) draws the charts: an icicle over rows in order is a sum, and the pixels bound what is
drawn. So a page of thousands of exposures opens at once; chart libraries would add megabytes and draw every node.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Any

import msgspec
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from solver.batch import generate
from solver.default import Rules, rule_set
from solver.drawing import COLOURS, NEUTRAL, ROLE_HUES, type_hue
from solver.markup import environment
from solver.pools import Pool
from solver.reports.contents import Contents, contents_of
from solver.reports.reasons import explained
from solver.solving import Result

#: The parts of the page's script, in the order in which they need each other.
SCRIPTS = (
    "dom.js", "model.js", "state.js", "answer.js", "observations.js", "flow.js", "sky.js", "icicle.js", "matrix.js",
    "table.js", "details.js", "main.js",
)  # fmt: skip


def report(pool: Pool, rules: Rules = None, *, result: Result | None = None) -> str:
    """What becomes of a pool, as the text of a page for the browser.

    Args:
        pool: the exposures.
        rules: the rules, as in `generate`; by default the mission's.
        result: what `generate` made of the pool by these rules, if it is at hand.

    Cost: that of `generate`, and of an explanation for each exposure.

    >>> from solver import Pool
    >>> pool = Pool.from_rows([{"filename": "a_uncal.fits", "program": "1", "instrume": "miri", "exp_type": "mir_image",
    ...                         "asn_candidate": "[('o001', 'observation')]"}])
    >>> report(pool).startswith("<!doctype html>")
    True
    """
    chosen = rule_set(rules)
    made = generate(pool, chosen) if result is None else result
    return page(contents_of(pool, made, chosen, why=explained(pool, made, chosen)))


def page(contents: Contents, *, live: str = "", style: str = "") -> str:
    """The page, the same for the same contents.

    Args:
        contents: what is shown.
        live: a further script, which sees what the page's own scripts define and runs after them; the page may then
            ask the server that it came from.
        style: further rules of its style sheet.

    Cost: linear in the number of members; about 0.7 kB for each exposure.
    """
    template, style, script = environment("solver.reports").get_template("page.html"), _style(style), _script(live)
    return template.render(
        contents=contents,
        data=htmlsafe_json_dumps(page_data(contents), dumps=lambda found: msgspec.json.encode(found).decode()),
        live=bool(live),
        style=Markup(style),  # noqa: S704 (a file of ours)
        style_hash=_source(style),
        script=Markup(script),  # noqa: S704 (files of ours)
        script_hash=_source(script),
    )


def page_data(contents: Contents) -> dict[str, Any]:
    """What the page's `render` shows, to be encoded as JSON."""
    types = {each["type"]: type_hue(each["type"]) for each in contents["associations"]}
    return {"contents": contents, "hues": {role: ROLE_HUES.get(role) for role in contents["roles"]} | types}


def _style(more: str) -> str:
    colours = {f"hue-{number}": colour for number, colour in enumerate(COLOURS)} | {"no-hue": NEUTRAL}
    hues = "".join(f".{name} {{ --hue: {colour}; }}\n" for name, colour in colours.items())
    return f"{static_file('report.css')}\n{hues}{more}"


def _script(live: str) -> str:
    parts = "\n".join([*map(static_file, SCRIPTS), live])
    return f'"use strict";\n{{\n{parts}}}\n'


@cache
def static_file(name: str, package: str = "solver.reports") -> str:
    """The text of a style sheet or a script of a package."""
    return resources.files(package).joinpath("static", name).read_text(encoding="utf-8")


def _source(text: str) -> str:
    """What a content security policy calls a script or a style with exactly this text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
