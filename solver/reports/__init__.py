"""Reports: what became of a pool, as one page for the browser, as a figure, and as tables in a notebook.

pool, result, rules → contents → page, figure
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.reports.contents import Contents, Why, contents_of
    from solver.reports.figures import Format, figure, rendered
    from solver.reports.inspection import oddities
    from solver.reports.reasons import explained
    from solver.reports.rule_graph import dot, inheritance, lineage
    from solver.reports.web_page import page, report

__all__ = [
    "Contents", "Format", "Why", "contents_of", "dot", "explained", "figure", "inheritance", "lineage", "oddities",
    "page", "rendered", "report",
]  # fmt: skip

__getattr__, __dir__ = late(__name__, __file__)
