"""The garbage collector, and when to do without it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()

#: Whether the collector was on when each of the threads that do without it began; only the first can find it on.
_was_on: list[bool] = []


@contextmanager
def uncollected() -> Iterator[None]:
    """Do without the garbage collector where very many objects are made and none of them is in a cycle.

    It would take a third of the time to find that there is nothing to collect. It is on again when the last of the
    threads that do without it is done.
    """
    with _lock:
        _was_on.append(gc.isenabled())
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            if _was_on.pop():  # what the first found is popped last
                gc.enable()
