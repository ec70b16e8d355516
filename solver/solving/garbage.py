"""The garbage collector, and when to do without it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock


@dataclass(slots=True)
class _Doing:
    """How many threads do without the collector at the moment, and whether it was on before the first."""

    lock: Lock = field(default_factory=Lock)
    threads: int = 0
    collecting: bool = False


_doing = _Doing()


@contextmanager
def uncollected() -> Iterator[None]:
    """Do without the garbage collector where very many objects are made and none of them is in a cycle.

    It would take a third of the time to find that there is nothing to collect. It is on again when the last of the
    threads that do without it is done.
    """
    with _doing.lock:
        if _doing.threads == 0:
            _doing.collecting = gc.isenabled()
            gc.disable()
        _doing.threads += 1
    try:
        yield
    finally:
        with _doing.lock:
            _doing.threads -= 1
            if _doing.threads == 0 and _doing.collecting:
                gc.enable()
