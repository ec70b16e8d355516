"""Options of `generate`, and the reasons why exposures are orphans."""

from __future__ import annotations

from typing import Any

import pytest

from rules import MISSION
from rules.rule import Rule
from rules.vocabulary import at_least, has, nod_pairs, one_of, one_seed, present, same, select
from solver import generate
from tests.unit.small import Row, agreeing, candidates, found, make_rule, members, pool_of, row

PSF, BACKGROUND = {"is_psf": "T"}, {"bkgdtarg": "T"}
NO_RULE = "qualifies for no rule"
NO_PSF = "no group that has a psf exposure"


def reasons(rules: list[type[Rule]], *rows: Row, **options: Any) -> dict[str, str]:
    result = generate(pool_of(*rows), rules, **options)
    assert tuple(result.reasons) == result.orphans.file_names
    return {name.removesuffix("_uncal.fits"): reason for name, reason in result.reasons.items()}


# --- Orphans ------------------------------------------------------------------------------------

BY_FILTER = agreeing(same("filter"), has("psf"), name="Asn_Filter")
BY_BOTH = agreeing(same("filter"), has("psf"), at_least(3), name="Asn_Both")
ONE_NAME = agreeing(
    same("filter"), product_name=MISSION.find("Asn_Lv3MIRMRS").spec.product_name, name="Asn_Name"
)  # fmt: skip

#: rules, exposures, why each orphan is one
ORPHANS: dict[str, tuple[list[type[Rule]], list[Row], dict[str, str]]] = {
    "none": ([agreeing()], [row("a")], {}),
    "no rules": ([], [row("a")], {"a": NO_RULE}),
    "no rule takes it": ([make_rule(present("band"), same("program"))], [row("a")], {"a": NO_RULE}),
    "it lacks a value": ([agreeing(same("band"))], [row("a")], {"a": NO_RULE}),
    "its group lacks something": (
        [BY_FILTER], [row("a"), row("b")],
        dict.fromkeys("ab", "Asn_Filter in candidate o001: no group that has a psf exposure"),
    ),
    "its group lacks more than one thing": (
        [BY_BOTH], [row("a")],
        {"a": f"Asn_Both in candidate o001: {NO_PSF} and no group that has at least 3 exposures"},
    ),
    "of several rules the first by name": (
        [BY_FILTER, BY_BOTH], [row("a")],
        {"a": f"Asn_Both in candidate o001: {NO_PSF} and no group that has at least 3 exposures"},
    ),
    "of several candidates the first": (
        [BY_FILTER], [row("a", asn_candidate=candidates("o002 observation", "c1000 group"))],
        {"a": "Asn_Filter in candidate c1000: no group that has a psf exposure"},
    ),
    "some are in an association": (
        [BY_FILTER], [row("a"), row("b", filter="F2"), row("c", filter="F2", **PSF), row("d", band="1", filter="")],
        {"a": "Asn_Filter in candidate o001: no group that has a psf exposure", "d": NO_RULE},
    ),
    "another rule takes it": ([BY_FILTER, agreeing(name="Asn_Z")], [row("a")], {}),
    "another product has the name": (
        [ONE_NAME], [row("a", filter="F1"), row("b", filter="F2"), row("c", filter="F2")],
        {"a": "Asn_Name: dropped, same product name as jw00001-o001_t000_"},
    ),
    "what was dropped comes before what is lacking": (
        [ONE_NAME, BY_FILTER], [row("a", filter="F1"), row("b", filter="F2"), row("c", filter="F2")],
        {"a": "Asn_Name: dropped, same product name as jw00001-o001_t000_"},
    ),
    "level 2: a background candidate": (
        list(MISSION.of_level(2)),
        [row("a", detector="MIRIMAGE", asn_candidate=candidates("c1000 background"))],
        {
            "a": (
                "Asn_Lv2Image in candidate c1000: no group that has a background exposure in candidates of type "
                "background"
            )
        },
    ),
    "level 3: a group of one observation": (
        list(MISSION.of_level(3)),
        [row("a", asn_candidate=candidates("c1000 group"))],
        {
            "a": (
                "Asn_Lv3Image in candidate c1000: no group that spans at least 2 values of observation in candidates "
                "of type group, background, mosaic"
            )
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ORPHANS)
def test_why_an_exposure_is_an_orphan(case: str) -> None:
    rules, rows, expected = ORPHANS[case]
    assert reasons(rules, *rows, discover=False) == expected


#: rules, exposures, options: the first exposure qualifies for a rule, and is in no association for another reason
QUALIFYING: dict[str, tuple[list[type[Rule]], list[Row], dict[str, Any]]] = {
    "not among the candidates asked for": (
        [agreeing()], [row("a"), row("b", asn_candidate=candidates("o002 observation"))], {"candidates": ["o002"]},
    ),
    "in no candidate of the rule": (
        [agreeing(candidates=one_of("candidate_type", "group"))], [row("a")], {},
    ),
    "fits no seed": ([agreeing(cardinality=one_seed("science", fitting=("psf",)))], [row("a", **PSF)], {}),
    "not selected": (
        [agreeing(selection=select(
            "psf", about="science", kind=present("band"), target="targetid", index="dithptin"))],
        [row("a", targetid="2", **PSF), row("b"), row("c", **PSF)], {},
    ),
    "in a candidate that is left out": (
        [agreeing(same("targetid"))],
        [
            row("a", targetid="2", asn_candidate=candidates("c1000 background")),
            row("b", asn_candidate=candidates("o001 observation", "c1000 background")),
        ],
        {"candidates": ["o001"], "backgrounds": True},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", QUALIFYING)
def test_what_qualifies_is_not_said_to_qualify_for_no_rule(case: str) -> None:
    rules, rows, options = QUALIFYING[case]
    given = reasons(rules, *rows, **options)
    assert "a" in given
    assert given["a"] != NO_RULE


# --- Unfinished groups --------------------------------------------------------------------------

UNFINISHED: dict[str, tuple[type[Rule], list[Row], list[str]]] = {
    "what is not valid": (BY_BOTH, [row("a")], ["o001: a"]),
    "duplicates": (agreeing(discovered=True), [row("a")], ["a3001: a", "o001: a"]),
    "candidates that the rule is not for": (
        agreeing(candidates=one_of("candidate_type", "group")), [row("a")], [],
    ),
    "no expansion": (agreeing(expansion=nod_pairs("science")), [row("a"), row("b")], ["o001: a b"]),
    "no selection": (
        agreeing(selection=select("psf", about="science", kind=present("band"), target="targetid", index="dithptin")),
        [row("a"), row("b", **PSF), row("c", targetid="2", **PSF)],
        ["o001: a b c"],
    ),
    "one name for two": (ONE_NAME, [row("a", filter="F1"), row("b", filter="F2"), row("c", filter="F2")],
        ["o001: b c", "o001: a"]),
    "seeds and what fits": (
        agreeing(cardinality=one_seed("science", fitting=("psf",))),
        [row("a"), row("b"), row("c", **PSF)],
        ["o001: a c", "o001: b c"],
    ),
    "only what qualifies": (make_rule(present("band"), same("program")), [row("a"), row("b", band="1")],
        ["o001: b"]),
}  # fmt: skip


@pytest.mark.parametrize("case", UNFINISHED)
def test_unfinished_groups_are_kept_as_they_were_found(case: str) -> None:
    rule, rows, expected = UNFINISHED[case]
    result = generate(pool_of(*rows), [rule], finalize=False)
    made = [f"{each.asn_id}: {' '.join(sorted(members(each)))}" for each in result.associations]
    assert sorted(made) == sorted(expected)
    assert result.dropped == ()
    assert all(not trial.invalid for trial in result.tried)


def test_without_discovery_unfinished_groups_are_those_of_the_candidates() -> None:
    assert found(pool_of(row("a")), BY_BOTH, finalize=False, discover=False) == [("o001", "a")]
    assert found(pool_of(row("a")), BY_BOTH, finalize=False, candidates=()) == []


# --- Background candidates ----------------------------------------------------------------------

IMAGE = {"detector": "MIRIMAGE"}
A = row("a", asn_candidate=candidates("o001 observation", "c1000 background"), **IMAGE)
B = row("b", asn_candidate=candidates("o001 observation"), **IMAGE)
X = row("x", targetid="2", asn_candidate=candidates("o003 observation", "c1000 background"), **IMAGE | BACKGROUND)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["c1000: a x", "o001: b", "o003: x"]),
        ({"backgrounds": True}, ["c1000: a x", "o001: b", "o003: x"]),
        ({"candidates": ["o001"]}, ["o001: a", "o001: b"]),
        ({"candidates": ["o001"], "backgrounds": True}, ["o001: b"]),
        ({"candidates": ["O001 "], "backgrounds": True}, ["o001: b"]),
        ({"candidates": ["o003"], "backgrounds": True}, ["o003: x"]),
        ({"candidates": ["c1000"], "backgrounds": True}, ["c1000: a x"]),
        ({"candidates": ["o001", "c1000"], "backgrounds": True}, ["c1000: a x", "o001: b"]),
        ({"candidates": (), "backgrounds": True}, []),
    ],
    ids=str,
)
def test_what_background_candidates_stand_for_is_left_out(options: dict[str, Any], expected: list[str]) -> None:
    result = generate(pool_of(A, B, X), MISSION.of_level(2), **options)
    made = [f"{each.asn_id}: {' '.join(sorted(members(each)))}" for each in result.associations]
    assert sorted(made) == expected


def test_other_candidates_of_the_same_exposures_are_not_solved() -> None:
    rows = [row("a", asn_candidate=candidates("o001 observation", "c1000 group")), row("b", obs_num="2",
        asn_candidate=candidates("c1000 group"))]  # fmt: skip
    rule = agreeing()
    assert found(pool_of(*rows), rule, candidates=["o001"], backgrounds=True) == [("o001", "a")]
    assert found(pool_of(*rows), rule, candidates=["c1000"], backgrounds=True) == [("c1000", "a b")]
