"""The workbench: a pool in the browser, what a person states of it, and what that changes.

`session` is a library: pool, statements, choices → result, changes, command line. `server` answers a page with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.workbench.server import application as application, serve as serve
    from solver.workbench.session import Choices as Choices, Session as Session, Step as Step

__getattr__, __dir__ = late(__name__, __file__)
