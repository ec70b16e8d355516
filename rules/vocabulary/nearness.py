"""Nearness: pairwise conditions that are not equality, such as a time window or a distance on the sky.

Nearness does not carry over: A may be near B and B near C, but A not near C. So the groups of a rule that
asks for it are maximal sets of exposures of which every two are near each other, and an exposure may be in
several of them. None of the mission's rules asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from rules.vocabulary.attributes import Column


@final
@dataclass(frozen=True, slots=True, repr=False)
class Within:
    """The numbers in a column differ by no more than this."""

    column: Column
    most: float

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that have to hold numbers."""
        return (self.column,)

    def __repr__(self) -> str:
        """As it is written in a rule."""
        return f"within({self.column!r}, {self.most!r})"

    def __str__(self) -> str:
        """As it would be said."""
        return f"{self.column.label} within {self.most:g} of each other"


@final
@dataclass(frozen=True, slots=True, repr=False)
class CloseOnSky:
    """The positions, in degrees, are no farther apart than this angle in arcseconds."""

    longitude: Column
    latitude: Column
    arcseconds: float

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that have to hold numbers."""
        return (self.longitude, self.latitude)

    def __repr__(self) -> str:
        """As it is written in a rule."""
        return f"close_on_sky({self.longitude!r}, {self.latitude!r}, arcseconds={self.arcseconds!r})"

    def __str__(self) -> str:
        """As it would be said."""
        return f"positions within {self.arcseconds:g} arcseconds of each other"


Near = Within | CloseOnSky


def within(column: str, most: float) -> Within:
    """The numbers in `column` of any two exposures of a group differ by no more than `most`.

    >>> print(within("expstart", 0.5))
    start of the exposure within 0.5 of each other
    """
    return Within(Column(column.lower()), float(most))


def close_on_sky(longitude: str = "targ_ra", latitude: str = "targ_dec", *, arcseconds: float) -> CloseOnSky:
    """The positions of any two exposures of a group are no farther apart than `arcseconds`.

    Args:
        longitude: the column with the right ascension, in degrees.
        latitude: the column with the declination, in degrees.
        arcseconds: the largest distance on the sky.

    >>> print(close_on_sky(arcseconds=10))
    positions within 10 arcseconds of each other
    """
    return CloseOnSky(Column(longitude.lower()), Column(latitude.lower()), float(arcseconds))
