"""How Sphinx builds the documentation; `make docs` runs it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

from solver.version import __version__

project = "asnsolve"
author = "the asnsolve developers"
project_copyright = author
version = release = __version__

extensions = [
    "myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton", "sphinx_design", "asnsolve_docs",
]  # fmt: skip
nb_execution_mode = "off"  # asnsolve_docs runs notebooks, and compares what they show
exclude_patterns = ["_ext", "_static"]

myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 4
smartquotes = False  # options begin with two hyphens
default_role = "py:obj"  # docstrings write code in single backquotes; names that have a page become links

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
napoleon_numpy_docstring = False
napoleon_use_ivar = True
python_maximum_signature_line_length = 88
python_display_short_literal_types = True

copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True

html_theme = "furo"
html_title = f"asnsolve {release}"
html_static_path = ["_static"]
html_search_scorer = str(Path(__file__).parent / "_static" / "scorer.js")
html_css_files = ["asnsolve.css"]
html_js_files = [("inheritance.js", {"defer": "defer"})]
html_show_sourcelink = False
