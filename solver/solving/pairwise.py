"""Pairwise conditions: the numbers in a pool, and which exposures are near each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.rule import RuleSpec
from rules.vocabulary import CloseOnSky, Near, Within
from solver.pools import Evaluation, Mask, numbers_of

Floats = NDArray[np.float64]


def needed_numbers(spec: RuleSpec, pool: Evaluation) -> dict[str, Floats]:
    """The numbers that a rule's pairwise conditions need, by column, for every exposure of the pool."""
    return {column.name: numbers_of(pool.values(column)) for condition in spec.nearness for column in condition.columns}


def near(conditions: Sequence[Near], numbers: Mapping[str, Floats], one: NDArray[Any], other: NDArray[Any]) -> Mask:
    """Whether exposures are near each other, by rows of `numbers`; the two arrays broadcast."""
    fulfilled: Mask = np.ones(np.broadcast_shapes(one.shape, other.shape), dtype=np.bool_)
    for condition in conditions:
        match condition:
            case Within((column,), most):
                values = numbers[column.name]
                fulfilled &= np.abs(values[one] - values[other]) <= most
            case CloseOnSky((longitude, latitude), arcseconds):
                from astropy.coordinates import angular_separation  # takes long to import, and few rules need it

                east, north = np.radians(numbers[longitude.name]), np.radians(numbers[latitude.name])
                angle = angular_separation(east[one], north[one], east[other], north[other])
                fulfilled &= np.degrees(angle) * 3600 <= arcseconds
    return fulfilled
