"""Reports: what became of a pool, as one page for the browser, as a figure, and as tables in a notebook.

pool, result, rules → contents → page, figure
"""

from solver.reports.contents import Contents, Explainer, Why, contents_of
from solver.reports.figures import figure, rendered
from solver.reports.page import page

__all__ = ["Contents", "Explainer", "Why", "contents_of", "figure", "page", "rendered"]
