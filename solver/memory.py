"""Results that are remembered: a method is run once for each of its arguments."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, TypeVarTuple

Owner = TypeVar("Owner")
Arguments = TypeVarTuple("Arguments")
Made = TypeVar("Made")


def remembered(method: Callable[[Owner, *Arguments], Made]) -> Callable[[Owner, *Arguments], Made]:
    """The method, with what it returned for arguments, which have to be hashable, kept in its object.

    Unlike `functools.cache`, it keeps no object alive.

    >>> class Circle:
    ...     @remembered
    ...     def area(self, radius: float) -> float:
    ...         print(f"computed for {radius}")
    ...         return 3.14 * radius**2
    >>> circle = Circle()
    >>> circle.area(2) + circle.area(2)
    computed for 2
    25.12
    """
    place = f"_{method.__name__}_remembered"

    @wraps(method)
    def recall(self: Owner, *arguments: *Arguments) -> Made:
        known: dict[tuple[*Arguments], Made] = vars(self).setdefault(place, {})
        if arguments not in known:
            known[arguments] = method(self, *arguments)
        return known[arguments]

    return recall
