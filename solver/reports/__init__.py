"""Reports: what became of a pool, as one page for the browser, as a figure, and as tables in a notebook.

pool, result, rules → contents → page, figure
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.reports.contents import Contents as Contents, Why as Why, contents_of as contents_of
    from solver.reports.figures import figure as figure, rendered as rendered
    from solver.reports.inspection import oddities as oddities
    from solver.reports.reasons import explained as explained
    from solver.reports.rule_figure import svg as svg
    from solver.reports.rule_graph import dot as dot, inheritance as inheritance, lineage as lineage
    from solver.reports.web_page import (
        page as page,
        page_data as page_data,
        report as report,
        static_file as static_file,
    )

__getattr__, __dir__ = late(__name__, __file__)
