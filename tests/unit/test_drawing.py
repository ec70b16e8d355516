"""Colours that distinguish associations and roles."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rules.vocabulary import ROLES
from solver.drawing import COLOURS, ROLE_HUES, assigned

#: What people see to whom one kind of cone is missing, in linear light (Machado, Oliveira and Fernandes 2009).
SIGHT: dict[str, list[list[float]]] = {
    "all cones": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "no long-wave cones": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "no middle-wave cones": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "no short-wave cones": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}

#: Differences in CIE L*a*b* from which colours are distinguished at a glance.
CLEAR = 12


def lab(colour: str, sight: list[list[float]]) -> NDArray[np.float64]:
    """A colour in CIE L*a*b* as it is seen."""
    parts = np.frombuffer(bytes.fromhex(colour[1:]), dtype=np.uint8) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(sight) @ linear, 0, 1)
    white = np.array([0.9505, 1, 1.089])
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(to_xyz @ seen / white)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("sight", SIGHT)
def test_every_two_colours_differ_for_everybody(sight: str) -> None:
    for one, other in combinations(COLOURS, 2):
        assert np.linalg.norm(lab(one, SIGHT[sight]) - lab(other, SIGHT[sight])) > CLEAR, (one, other)


def test_roles_with_a_hue_have_one_of_their_own() -> None:
    assert set(ROLE_HUES) < set(ROLES)
    assert sorted(ROLE_HUES.values()) == list(range(len(COLOURS)))
    assert ROLE_HUES["science"] == 0


ROWS = st.lists(st.integers(0, 30), min_size=1, max_size=5, unique=True).map(sorted)


@given(st.lists(ROWS, max_size=40))
def test_one_that_meets_another_has_its_hue_only_where_all_hues_are_met(rows: list[list[int]]) -> None:
    hues = assigned(rows, [3] * len(rows))
    order = sorted(range(len(rows)), key=lambda each: rows[each][0])
    for place, one in enumerate(order):
        near = {each + step for each in rows[one] for step in (-1, 0, 1)}
        met = {hues[other] for other in order[:place] if near & set(rows[other])}
        assert hues[one] not in met or met == set(range(len(COLOURS)))


@given(st.lists(ROWS, max_size=40))
def test_levels_are_coloured_each_for_itself(rows: list[list[int]]) -> None:
    hues = assigned(rows, [3] * len(rows))
    both = assigned([each for one in rows for each in (one, one)], [3, 2] * len(rows))
    for place, other in combinations(range(len(rows)), 2):
        if set(rows[place]) & set(rows[other]) and len(rows) <= len(COLOURS):
            assert hues[place] != hues[other]
            assert both[2 * place] != both[2 * other]
            assert both[2 * place + 1] != both[2 * other + 1]


def test_exposures_of_an_association_that_has_none_are_no_trouble() -> None:
    assert assigned([[], [0]], [2, 2]) == [0, 1]
