"""Options of `generate`, and the reasons why exposures are orphans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from rules import MISSION
from rules.rule import Rule
from rules.vocabulary import at_least, case, choose, has, nod_pairs, one_of, one_seed, present, same, select
from solver import check, generate
from solver.solving.generation import Request, solve_unchecked
from tests.unit.small import agreeing, cases, exposures, found, make_rule, members, pool_of, row

NO_RULE = "no rule fits"


def reasons(rules: str, pool: str, **options: Any) -> dict[str, str]:
    result = generate(pool_of(*exposures(pool)), [rule for name in rules.split() for rule in RULES[name]], **options)
    assert tuple(result.reasons) == result.orphans.file_names
    return {name.removesuffix("_uncal.fits"): reason for name, reason in result.reasons.items()}


# --- Orphans ------------------------------------------------------------------------------------

BY_FILTER = agreeing(same("filter"), has("psf"), name="Asn_Filter")
BY_BOTH = agreeing(same("filter"), has("psf"), at_least(3), name="Asn_Both")
ONE_NAME = agreeing(same("filter"), product_name=MISSION.find("Asn_Lv3MIRMRS").spec.product_name, name="Asn_Name")
SELECTION = select("psf", about="science", kind=present("band"), target="targetid", index="dithptin")

#: What the cases call rules.
RULES: Mapping[str, Sequence[type[Rule]]] = {
    "ANY": [agreeing()],
    "BAND": [make_rule(present("band"), same("program"))],
    "SAME_BAND": [agreeing(same("band"))],
    "BY_FILTER": [BY_FILTER],
    "BY_BOTH": [BY_BOTH],
    "BY_TARGET": [agreeing(same("targetid"))],
    "ONE_NAME": [ONE_NAME],
    "Z": [agreeing(name="Asn_Z")],
    "OF_GROUPS": [agreeing(candidates=one_of("candidate_type", "group"))],
    "DISCOVERED": [agreeing(discovered=True)],
    "WITH_PSF": [agreeing(cardinality=one_seed("science", fitting=("psf",)))],
    "SELECTING": [agreeing(selection=SELECTION)],
    "PAIRS": [agreeing(expansion=nod_pairs("science"))],
    "LEVEL2": MISSION.of_level(2).rules,
    "LEVEL3": MISSION.of_level(3).rules,
}
ORPHANS, QUALIFYING, UNFINISHED = cases(__file__).values()


@pytest.mark.parametrize("case", ORPHANS)
def test_why_an_exposure_is_an_orphan(case: str) -> None:
    rules, pool, expected = ORPHANS[case]
    assert reasons(rules, pool, discover=False) == expected


@pytest.mark.parametrize("case", QUALIFYING)
def test_an_exposure_that_qualifies_has_another_reason(case: str) -> None:
    rules, pool, options = QUALIFYING[case]
    given = reasons(rules, pool, **options)
    assert "a" in given
    assert given["a"] != NO_RULE


# --- Unfinished groups --------------------------------------------------------------------------


@pytest.mark.parametrize("case", UNFINISHED)
def test_unfinished_groups_are_kept_as_they_were_found(case: str) -> None:
    rule, pool, expected = UNFINISHED[case]
    result = generate(pool_of(*exposures(pool)), RULES[rule], finalize=False)
    made = [f"{each.asn_id}: {' '.join(sorted(members(each)))}" for each in result.associations]
    assert "; ".join(sorted(made)) == expected
    assert len(result.dropped) == 0
    assert all(not trial.invalid for trial in result.tried)


def test_without_discovery_unfinished_groups_are_those_of_the_candidates() -> None:
    assert found(pool_of(row("a")), BY_BOTH, finalize=False, discover=False) == [("o001", "a")]
    assert found(pool_of(row("a")), BY_BOTH, finalize=False, candidates=()) == []


# --- Background candidates ----------------------------------------------------------------------

POOL = """a detector=MIRIMAGE in=o001.observation,c1000.background; b detector=MIRIMAGE;
    x detector=MIRIMAGE targetid=2 background in=o003.observation,c1000.background"""


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
def test_associations_that_backgrounds_replace_are_left_out(options: dict[str, Any], expected: list[str]) -> None:
    result = generate(pool_of(*exposures(POOL)), MISSION.of_level(2), **options)
    made = [f"{each.asn_id}: {' '.join(sorted(members(each)))}" for each in result.associations]
    assert sorted(made) == expected


def test_what_is_left_out_and_what_is_not_asked_for_have_their_own_reasons() -> None:
    pool = pool_of(
        *exposures(POOL.replace("in=o003.observation,c1000", "in=c1000") + "; z detector=MIRIMAGE in=o004.observation")
    )
    options: dict[str, Any] = {"candidates": ["o001"], "backgrounds": True, "background_at": "none"}
    result = generate(pool, MISSION.of_level(2), **options)
    assert sorted(map(str, map(members, result.associations))) == ["{'a': 'science'}", "{'b': 'science'}"]
    assert result.reasons == {
        "x_uncal.fits": "is left out, by background_at=none",
        "z_uncal.fits": "in no candidate that was asked for",
    }


def test_numbers_of_an_earlier_run_are_kept() -> None:
    rule = agreeing(same("filter"))
    former = generate(pool_of(*exposures("a")), [rule], discover=False).associations
    pool = pool_of(*exposures("a; b filter=F2"))
    numbers = {}
    for request in (Request(discover=False), Request(discover=False, former=former)):
        made = solve_unchecked(pool, [rule], request).associations
        numbers[request.former is None] = {name: each.sequence for each in made for name in members(each)}
    assert numbers == {True: {"b": 1, "a": 2}, False: {"a": 1, "b": 2}}


def test_rules_of_one_origin_replace_each_other_and_one_that_replaces_a_rule_has_its_origin() -> None:
    one, other = agreeing(name="Asn_A"), agreeing(name="Asn_B")
    instead = agreeing(name="Asn_B", replaces="Asn_Lv3Image")
    assert len(found(pool_of(row("a")), one, other, discover=False)) == 1
    assert len(found(pool_of(row("a")), one, instead, discover=False)) == 2


# --- Background at one level --------------------------------------------------------------------

#: Two exposures of a target with an acquisition, and a background with its own.
SPECTRA = """a exp_type=MIR_MRS band=short patt_num=1 in=o001.observation,c1000.background;
    t exp_type=MIR_TACQ acquisition in=o001.observation,c1000.background;
    x exp_type=MIR_MRS band=short obs_num=2 targetid=2 background in=o002.observation,c1000.background;
    u exp_type=MIR_TACQ acquisition obs_num=2 targetid=2 in=o002.observation,c1000.background"""
BACKGROUND_3 = "c1000 spec3: a t u x/background"
ALWAYS = ["o001 image2: t", "o001 spec3: a t", "o002 image2: u", "o002 spec2: x", "o002 spec3: u x"]


def test_the_acquisition_stays_beside_science_of_its_observation_and_where_nothing_else_is() -> None:
    """Background and science in one observation, background alone in another, an acquisition alone in a third."""
    in_group = "in=o001.observation,c1000.group"
    pool = pool_of(*exposures(
        f"a {in_group}; t exp_type=MIR_TACQ {in_group}; x background {in_group}; y obs_num=2 background in=c1000.group;"
        "u exp_type=MIR_TACQ obs_num=2 in=c1000.group; v exp_type=MIR_TACQ obs_num=3 in=c1000.group"
    ))  # fmt: skip
    acquisition, background = (
        case("target_acquisition", one_of("exp_type", "mir_tacq")),
        case("background", present("bkgdtarg")),
    )
    rule = agreeing(roles=choose(acquisition, background, otherwise="science"))
    assert ("c1000", "a t u v x y") in found(pool, rule, discover=False)
    assert ("c1000", "a t v") in found(pool, rule, background_at="none", discover=False)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("both", ["c1000 spec2: a x/background", BACKGROUND_3]),
        (2, ["c1000 spec2: a x/background"]),
        (3, ["o001 spec2: a", BACKGROUND_3]),
        ("none", ["o001 spec2: a"]),
    ],
)
def test_background_is_a_member_at_the_level_that_is_asked_for(at: Any, expected: list[str]) -> None:
    """What would be the same without its background is not made twice; the background's acquisition goes with it."""
    pool = pool_of(*exposures(SPECTRA, detector="MIRIFUSHORT", mostilno="1"))
    result = generate(pool, background_at=at)
    made = []
    for each in result.associations:
        roles = ((member.expname[0], member.exptype) for member in each.members)
        named = (name + ("/background" if role == "background" else "") for name, role in roles)
        made.append(f"{each.asn_id} {each.asn_type}: {' '.join(sorted(named))}")
    assert sorted(made) == sorted([*ALWAYS, *expected])
    assert result.reasons == {}
    assert check(pool, result.associations, background_at=at).errors == ()


def test_a_background_that_is_not_asked_for_is_an_orphan_with_its_reason() -> None:
    rule, other = agreeing(name="Asn_A"), agreeing(name="Asn_B", candidates=one_of("candidate_type", "group"))
    pool = pool_of(*exposures("a; x background; y background filter=F1 in=c1000.group"))
    result = generate(pool, [rule, other], background_at="none", discover=False)
    assert result.reasons == {"x_uncal.fits": "is left out, by background_at=none"}
    assert [*map(members, result.associations)] == [{"y": "background"}, {"a": "science"}]
    assert ("o001", "a x") in found(pool, rule, finalize=False, background_at="none", discover=False)


def test_nothing_to_leave_background_out_of() -> None:
    assert len(generate(pool_of(row("a", exp_type="NRC_LED")), background_at=2)) == 0


@pytest.mark.parametrize("at", ["1", 4, None])
def test_another_level_of_background_is_refused(at: Any) -> None:
    with pytest.raises(ValueError, match=r"^background_at=.*: take one of 2, 3, both, none$"):
        generate(pool_of(row("a")), background_at=at)


def test_other_candidates_of_the_same_exposures_are_not_solved() -> None:
    pool = pool_of(*exposures("a in=o001.observation,c1000.group; b obs_num=2 in=c1000.group"))
    assert found(pool, agreeing(), candidates=["o001"], backgrounds=True) == [("o001", "a")]
    assert found(pool, agreeing(), candidates=["c1000"], backgrounds=True) == [("c1000", "a b")]
