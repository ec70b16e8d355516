"""What joins a group."""

from __future__ import annotations

from typing import Any

import pytest

from rules import MISSION
from rules.rule import Rule
from rules.vocabulary import absent, join, one_of, present, same
from solver import generate
from tests.unit.small import Row, candidates, found, make_rule, members, pool_of, row

ROLE = {"pntgtype": "TARGET_ACQUISITION"}
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
VISIT = joining("obs_num", "visit", otherwise=("obs_num",))

#: rule, exposures, groups
CASES: dict[str, tuple[type[Rule], list[Row], list[str]]] = {
    "the same observation": (OBSERVATION, [row("a"), row("b", **ROLE)], ["a b"]),
    "another observation": (OBSERVATION, [row("a"), row("b", obs_num="2", **ROLE)], ["a"]),
    "any observation of a member": (
        OBSERVATION, [row("a"), row("b", obs_num="2"), row("c", obs_num="2", **ROLE)], ["a b c"],
    ),
    "it need not agree": (OBSERVATION, [row("a"), row("b", filter="F2", **ROLE)], ["a b"]),
    "it joins every group": (
        OBSERVATION, [row("a"), row("b", filter="F9"), row("c", filter="", **ROLE)], ["a c", "b c"],
    ),
    "another program": (joining("obs_num"), [row("a"), row("b", program="2", **ROLE)], ["a"]),
    "another candidate": (
        OBSERVATION, [row("a"), row("b", asn_candidate=candidates("o002 observation"), **ROLE)], ["a"],
    ),
    "no value": (OBSERVATION, [row("a", obs_num=""), row("b", obs_num="", **ROLE)], ["a"]),
    "a condition that does not hold": (OBSERVATION, [row("a"), row("b", band="1", **ROLE)], ["a"]),
    "another role": (OBSERVATION, [row("a"), row("b", pntgtype="OTHER")], ["a"]),
    "what joins brings in no more": (
        joining("obs_num", "filter"),
        [row("a"), row("b", **ROLE), row("c", obs_num="2", **ROLE)],
        ["a b"],
    ),
    "nothing to join": (OBSERVATION, [row("b", **ROLE)], []),
    "else: there are some": (
        VISIT, [row("a", visit="1"), row("b", visit="1", **ROLE), row("c", visit="2", **ROLE)], ["a b"],
    ),
    "else: there are none": (VISIT, [row("a", visit="1"), row("c", visit="2", **ROLE)], ["a c"]),
    "else: none of these either": (VISIT, [row("a", visit="1"), row("c", visit="2", obs_num="2", **ROLE)], ["a"]),
    "else: for each group": (
        VISIT,
        [
            row("a", visit="1"), row("b", visit="1", **ROLE), row("c", visit="2", filter="F2"),
            row("d", visit="3", **ROLE),
        ],
        ["b c d", "a b"],
    ),
    "else: one that does not satisfy the condition does not count": (
        VISIT, [row("a", visit="1"), row("b", visit="1", band="1", **ROLE), row("c", visit="2", **ROLE)], ["a c"],
    ),
    "else: no visit at all": (VISIT, [row("a"), row("b", **ROLE), row("c", obs_num="2", **ROLE)], ["a b"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_joins_a_group(case: str) -> None:
    rule, rows, expected = CASES[case]
    assert [names for _, names in found(pool_of(*rows), rule, discover=False)] == expected


def test_in_discovery_it_joins_across_candidates() -> None:
    pool = pool_of(row("a"), row("b", asn_candidate=candidates("o002 observation"), **ROLE))
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
    rows = [row("a", visit="1"), row("b", is_psf="T", pntgtype=""), row("c", visit="2", **ROLE)]
    (made,) = generate(pool_of(*rows), [rule]).associations
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
    rows = [
        row("a"), row("b", filter="", **ROLE), row("c", obs_num="", **ROLE), row("d", **ROLE),
        row("e", is_psf="T", pntgtype=""),
    ]  # fmt: skip
    (made,) = generate(pool_of(*rows), [rule]).associations
    assert members(made) == {
        "a": "science", "b": "target_acquisition", "c": "target_acquisition", "d": "target_acquisition", "e": "psf",
    }  # fmt: skip
