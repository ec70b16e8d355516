"""Pages made from the code: the rule catalogue, the commands, and the tables of the reference.

Pages of their own are written into `docs/reference/rules` and `docs/reference/commands` before Sphinx reads. Elsewhere
a line `<!-- made: NAME -->` is replaced by what the function of that name in `TABLES` makes.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains.python import PyObject

from asnsolve_docs import commands, links, notebooks, rule_pages
from asnsolve_docs.markdown import as_rst, signature
from asnsolve_docs.tables import TABLES

_MADE = re.compile(r"^<!-- made: (\S+) -->$", re.MULTILINE)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register what runs before pages are read, while they are, and at the end."""
    app.connect("builder-inited", notebooks.start)
    app.connect("builder-inited", _write_pages)
    app.connect("source-read", _fill)
    app.connect("autodoc-process-docstring", as_rst, priority=100)  # before napoleon
    app.connect("autodoc-process-signature", signature)
    app.connect("doctree-resolved", _dash)
    app.connect("build-finished", links.check)
    app.connect("build-finished", notebooks.check)
    for field in PyObject.doc_field_types:
        if field.name == "variable":
            field.label = "Attributes"  # as docstrings call them
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _write_pages(app: Sphinx) -> None:
    """Write the pages that have changed, and remove those that no longer exist."""
    reference = Path(app.srcdir, "reference")
    for folder, pages in (("commands", commands.pages()), ("rules", rule_pages.pages(Path(app.srcdir).parent))):
        inside = reference / folder
        inside.mkdir(exist_ok=True)
        for old in {path.name for path in inside.iterdir()} - pages.keys():
            (inside / old).unlink()
        for name, text in pages.items():
            path = inside / name
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")


def _fill(_app: Sphinx, _name: str, source: list[str]) -> None:
    source[0] = _MADE.sub(lambda found: TABLES[found[1]](), source[0])


def _dash(_app: Sphinx, tree: nodes.document, _name: str) -> None:
    """A dash between a parameter and its text, for two hyphens."""
    for field in tree.findall(nodes.field):
        for text in [each for each in field.findall(nodes.Text) if each == " -- "]:
            text.parent.replace(text, nodes.Text(" – "))  # noqa: RUF001 (a dash)
