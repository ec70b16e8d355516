"""The garbage collector is on again whatever happens to what paused it."""

from __future__ import annotations

import gc
import sys
from itertools import count
from threading import Thread
from typing import Any

import pytest

from solver.solving import uncollected


class Interrupt(BaseException):
    """As from the keyboard."""


def interrupted_at(step: int) -> bool:
    """Pause the collector, and be interrupted at the n-th step meanwhile; whether it came to that.

    As signals do, it comes when a function has begun, or compiled code is done.
    """
    steps = count()

    def follow(_frame: Any, event: str, _argument: Any) -> None:
        if event in {"call", "c_return"} and next(steps) == step:
            sys.setprofile(None)
            raise Interrupt

    before = sys.getprofile()
    sys.setprofile(follow)
    try:
        with uncollected():
            assert not gc.isenabled()
    except Interrupt:
        return True
    finally:
        sys.setprofile(before)
    return False


def pause() -> None:
    with uncollected():
        pass


def test_an_interrupt_at_any_step_leaves_the_collector_on_and_no_thread_waiting() -> None:
    assert gc.isenabled()
    for step in count():
        came = interrupted_at(step)
        assert gc.isenabled(), step
        other = Thread(target=pause, daemon=True)
        other.start()
        other.join(timeout=10)
        assert not other.is_alive(), step
        if not came:
            break
    assert step > 10


@pytest.mark.parametrize("on", [True, False])
def test_the_last_of_several_leaves_it_as_the_first_found_it(*, on: bool) -> None:
    try:
        if not on:
            gc.disable()
        first, second = uncollected(), uncollected()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert not gc.isenabled()
        second.__exit__(None, None, None)
        assert gc.isenabled() is on
    finally:
        gc.enable()
