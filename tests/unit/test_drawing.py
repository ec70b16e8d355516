"""Colours that distinguish associations and roles."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from rules import MISSION
from rules.vocabulary import ROLES
from solver.drawing import COLOURS, ROLE_HUES, type_hue

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


def test_types_of_one_kind_share_a_hue_at_both_levels() -> None:
    """Each type that the mission's rules make has a hue, and those of several kinds have different ones."""
    kinds = {rule.spec.asn_type: rule.spec.asn_type.rstrip("23").removeprefix("nrslamp-") for rule in MISSION}
    hues = {kind: {type_hue(each) for each, of in kinds.items() if of == kind} for kind in kinds.values()}
    assert all(len(each) == 1 and None not in each for each in hues.values())
    assert hues.pop("tso") == hues.pop("tso-image") == hues.pop("tso-spec")
    assert len(set().union(*hues.values())) == len(hues)
    assert type_hue("mosaic3") is None
