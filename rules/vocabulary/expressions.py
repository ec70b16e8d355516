"""Expressions: what rules are written in, and how they are walked through."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator


def walk(expression: object) -> Iterator[object]:
    """The expression and all its parts, outermost first."""
    if isinstance(expression, tuple):
        for part in expression:
            yield from walk(part)
    elif dataclasses.is_dataclass(expression) and not isinstance(expression, type):
        yield expression
        for field in dataclasses.fields(expression):
            yield from walk(getattr(expression, field.name))
