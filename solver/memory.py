"""Methods that remember their results: they run once for the same arguments."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, TypeVarTuple

Owner = TypeVar("Owner")
Arguments = TypeVarTuple("Arguments")
Made = TypeVar("Made")


def remembered(method: Callable[[Owner, *Arguments], Made]) -> Callable[[Owner, *Arguments], Made]:
    """Make a method remember its results by its arguments, which have to be hashable.

    Unlike with `functools.cache`, the object itself keeps the results, so they are freed with it.

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

    @wraps(method)
    def recall(owner: Owner, *arguments: *Arguments) -> Made:
        known: dict[tuple[*Arguments], Made] = vars(owner).setdefault(f"results of {method.__name__}", {})
        if arguments not in known:
            known[arguments] = method(owner, *arguments)
        return known[arguments]

    return recall
