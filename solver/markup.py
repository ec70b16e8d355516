"""HTML from templates that escape all text from a pool, for pages and notebooks."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from solver.words import inert, plural


@cache
def environment(package: str) -> Environment:
    """The templates in a package's folder `templates`. Values are escaped and inert unless marked as markup."""
    made = Environment(loader=PackageLoader(package), autoescape=True, undefined=StrictUndefined)
    made.trim_blocks = made.lstrip_blocks = True
    made.finalize = lambda value: inert(value) if type(value) is str else value  # markup is another type
    made.filters["thousands"] = "{:,}".format
    made.filters["count"] = lambda items, what: plural(items if isinstance(items, int) else len(items), what)
    return made


def notebook(kind: str, *contents: object) -> str:
    """The HTML of a pool, an association or a result in a notebook.

    Args:
        kind: the macro of `templates/notebook.html` that makes it.
        contents: the arguments of the macro.
    """
    return str(getattr(environment("solver").get_template("notebook.html").module, kind)(*contents))
