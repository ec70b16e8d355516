"""What joins a group."""

from __future__ import annotations

from typing import Any

import pytest

from rules import MISSION
from rules.rule import Rule
from rules.vocabulary import absent, join, one_of, present, same
from solver import generate
from tests.unit.small import cases, exposures, found, make_rule, members, pool_of, row

CHIEF = MISSION.find("Asn_Lv3Image").spec.roles


def joining(*sharing: str, otherwise: tuple[str, ...] = (), **declared: Any) -> type[Rule]:
    """Exposures in the science role agree; acquisitions join by what they share."""
    return make_rule(
        one_of("pntgtype", "science"),
        same("program"),
        same("filter"),
        join("target_acquisition", sharing=sharing, else_sharing=otherwise, when=absent("band")),
        roles=CHIEF,
        **declared,
    )


OBSERVATION = joining("program", "obs_num")

#: What the cases call the rules.
RULES = {
    "OBSERVATION": OBSERVATION,
    "OBSERVATION_ALONE": joining("obs_num"),
    "OBSERVATION_AND_FILTER": joining("obs_num", "filter"),
    "VISIT": joining("obs_num", "visit", otherwise=("obs_num",)),
}
CASES = cases(__file__)["groups"]


@pytest.mark.parametrize("case", CASES)
def test_what_joins_a_group(case: str) -> None:
    rule, pool, expected = CASES[case]
    assert "; ".join(names for _, names in found(pool_of(*exposures(pool)), RULES[rule], discover=False)) == expected


def test_in_discovery_it_joins_across_candidates() -> None:
    pool = pool_of(*exposures("a; b in=o002.observation acquisition"))
    rule = joining("program", "obs_num", discovered=True)
    assert found(pool, rule, candidates=(), discover=True) == [("a3001", "a b")]


def test_what_agrees_already_does_not_join_once_more() -> None:
    rule = make_rule(present("filename"), same("program"), join("science", sharing=("program",)), roles=CHIEF)
    (made,) = generate(pool_of(row("a"), row("b")), [rule]).associations
    assert members(made) == {"a": "science", "b": "science"}


def test_each_join_looks_elsewhere_for_itself() -> None:
    rule = make_rule(
        one_of("pntgtype", "science"),
        same("program"),
        join("psf", sharing=("obs_num",)),
        join("target_acquisition", sharing=("visit",), else_sharing=("obs_num",)),
        roles=CHIEF,
    )
    pool = pool_of(*exposures("a visit=1; b psf pntgtype=; c visit=2 acquisition"))
    (made,) = generate(pool, [rule]).associations
    assert members(made) == {"a": "science", "b": "psf", "c": "target_acquisition"}


def test_several_joins_unite() -> None:
    rule = make_rule(
        one_of("pntgtype", "science"),
        same("program"),
        join("target_acquisition", sharing=("obs_num",)),
        join("target_acquisition", sharing=("filter",)),
        join("psf", sharing=("obs_num",)),
        roles=CHIEF,
    )
    pool = pool_of(*exposures("a; b filter= acquisition; c obs_num= acquisition; d acquisition; e psf pntgtype="))
    (made,) = generate(pool, [rule]).associations
    assert members(made) == {"a": "science", **dict.fromkeys("bcd", "target_acquisition"), "e": "psf"}
