"""Doubts: what is odd about what the mission's rules make, and that what is printed with it settles it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules import RuleSet
from rules.mission import MISSION, mission_version
from rules.vocabulary import one_of
from solver import Pool, Statements, generate
from solver.associations import colliding
from solver.associations.collisions import Collision
from solver.batch import Hint
from solver.batch.doubts import doubts_of, refusal
from tests.unit.small import agreeing, exposures, pool_of

CASES = Path("tests/conformance/cases")

#: MIRI low resolution spectra at two nods, and NIRSpec multi-object spectra at as many.
LRS = {"exp_type": "MIR_LRS-FIXEDSLIT", "filter": "P750L", "patttype": "ALONG-SLIT-NOD"}
MSA = {
    "instrume": "NIRSPEC", "detector": "NRS1", "exp_type": "NRS_MSASPEC", "grating": "G140M", "filter": "F100LP",
    "msametfl": "m.fits", "numdthpt": "6", "expspcin": "1",
}  # fmt: skip

TARGETS = "a patt_num=1; b patt_num=2; c patt_num=1 targetid=2; d patt_num=2 targetid=2"
NODS = "; ".join(f"e{number} patt_num={number}" for number in range(1, 7))


def doubts(pool: Pool, rules: RuleSet = MISSION) -> list[Hint]:
    made = generate(pool, rules)
    return list(doubts_of(pool, rules, made, colliding(made.associations)))


def test_products_of_two_background_candidates_are_kept_with_a_hint() -> None:
    (found,) = doubts(Pool.read(CASES / "two_backgrounds.csv"))
    product = "jw12345001001_02101_00001_mirimage"
    what = f"Asn_Lv2Image makes several products named {product}, in c1000, c1001"
    assert found == Hint(f"{what}; the second pipeline run would overwrite the first, so run them in separate folders")


def test_nods_of_another_target_give_a_hint_and_the_corrected_rules_take_none() -> None:
    pool = pool_of(*exposures(TARGETS, **LRS))
    (found,) = doubts(pool)
    assert found.what == "MIR_LRS-FIXEDSLIT: nods are background of another target's"
    assert len(found.exposures) == len(pool)
    option, version = found.option.split()
    assert option == "--rules-version"
    assert not doubts(pool, mission_version(version))
    level2 = [each for each in generate(pool, mission_version(version)) if each.level == 2]
    assert [len(each.members) for each in level2] == [2, 2, 2, 2]


@pytest.mark.parametrize("targets", ["a patt_num=1; b patt_num=2", "a patt_num=1; b patt_num=2 targetid="])
def test_nods_of_one_target_give_no_hint(targets: str) -> None:
    assert not doubts(pool_of(*exposures(targets, **LRS)))


def test_a_dedicated_background_of_another_target_gives_no_hint() -> None:
    listed = "in=o001.observation,c1000.background"
    rows = exposures(f"a patt_num=1 {listed}; b patt_num=2 {listed}; c targetid=2 background {listed}", **LRS)
    assert not doubts(pool_of(*rows))


def test_nods_with_an_unknown_number_of_subpixel_positions_give_a_hint() -> None:
    pool = pool_of(*exposures(NODS, **MSA))
    (found,) = doubts(pool)
    assert found.what == "SUBPXPTS is missing, so exposures at one nod are each other's background if it is not 1"
    assert len(found.exposures) == len(pool)
    _, text = found.option.split()
    assert not doubts(pool.with_statements(Statements.of({"set": [text]})))
    assert not doubts(pool_of(*exposures(NODS, **MSA | {"subpxpts": "3"})))
    assert not doubts(pool_of(*exposures("; ".join(NODS.split("; ")[:3]), **MSA)))


def test_a_larger_product_that_lacks_science_of_the_smaller_gives_a_hint() -> None:
    rules = RuleSet(tuple(agreeing(one_of("filter", each), name=f"Asn_{each}") for each in ("F770W", "F1000W")))
    pool = pool_of(*exposures("a; b; c; d filter=F1000W"))
    (found,) = doubts(pool, rules)
    (gone,) = generate(pool, rules).dropped
    smaller = f"1 product ({gone.association.products[0].name}) left out for a larger one of the same name"
    assert found == Hint(f"{smaller} without some of its science", ("d_uncal.fits",), "d_uncal.fits -v")
    assert not doubts(pool_of(*exposures("a; b; c")), rules)


def test_a_larger_product_that_lacks_backgrounds_of_the_smaller_gives_a_hint() -> None:
    science = "a in=o001.observation,c1000.background,c1001.background"
    more = "b targetid=2 background in=c1000.background; c targetid=2 background in=c1000.background"
    other = "d targetid=3 background in=c1001.background"
    (found,) = doubts(pool_of(*exposures(f"{science}; {more}; {other}", detector="MIRIMAGE")))
    smaller = "1 product (a) left out for a larger one of the same name"
    assert found == Hint(f"{smaller} without some of its background", ("d_uncal.fits",), "d_uncal.fits -v")
    shared = more.replace("in=", "in=c1001.background,")
    assert not doubts(pool_of(*exposures(f"{science}; {shared}; {other}", detector="MIRIMAGE")))


def test_an_incomplete_candidate_of_coronagraphy_never_takes_the_place_of_a_complete_one() -> None:
    coronagraphy = {"exp_type": "MIR_LYOT", "filter": "F2300C", "subarray": "MASKLYOT"}
    both, complete = "in=c1000.coronagraphy,c1001.coronagraphy", "in=c1001.coronagraphy"
    pool = pool_of(*exposures(f"a {both}; b {complete}; c targetid=2 psf {both}", **coronagraphy))
    made = generate(pool, MISSION.of_level(3), discover=False)
    assert [(each.asn_id, len(each.members)) for each in made] == [("c1000", 2), ("c1001", 3)]
    assert not made.dropped
    assert not doubts(pool)


def test_products_that_differ_in_nothing_but_their_members_are_refused_with_a_remedy() -> None:
    collision = Collision("a_near", ("Asn_Near", "Asn_Near"), ("o001", "o001"), ())
    assert refusal([collision], frozenset({"Asn_Near"})) == (
        "several products of Asn_Near are named a_near, and the pipeline would overwrite one with the other; "
        "only their members differ; add a constraint to Asn_Near by which its groups do not overlap"
    )
