"""Pausing the garbage collector."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import RLock

_lock = RLock()

#: Whoever has paused the collector, and whether it was on before the first of them did.
_paused: dict[object, bool] = {}


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the garbage collector while very many objects are made, none of them in a cycle.

    Finding nothing to collect would take a third of the time. It resumes when the last thread that paused it is done,
    also if an interrupt comes on the way in or out.
    """
    me = object()
    try:
        with _lock:
            _paused[me] = gc.isenabled() or any(_paused.values())
            gc.disable()
        yield
    finally:
        try:
            _resume(me)
        finally:
            _resume(me)  # an interrupt may have ended the first


def _resume(me: object) -> None:
    try:
        with _lock:
            if _paused.keys() == {me} and _paused[me]:
                gc.enable()
            _paused.pop(me, None)
    finally:  # an interrupt may have come when the lock was taken, but `with` had not begun
        with suppress(RuntimeError):
            while True:
                _lock.release()
