"""Why two exposures are together, or not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rules import MISSION
from rules.rule import Rule
from rules.vocabulary import at_least, one_seed, same, within
from solver import UnknownNameError, explain_pair
from tests.unit.small import Row, agreeing, candidates, pool_of, row

TACQ = {"exp_type": "MIR_TACQ", "pntgtype": "TARGET_ACQUISITION"}
LRS = {"exp_type": "MIR_LRS-FIXEDSLIT", "patttype": "ALONG-SLIT-NOD", "patt_num": "1"}
IFU = {
    "exp_type": "NRS_IFU", "instrume": "NIRSPEC", "detector": "NRS1", "grating": "PRISM", "filter": "CLEAR",
    "mostilno": "1", "dithptin": "1", "patttype": "CYCLING",
}  # fmt: skip
SLIT = {
    "exp_type": "NRS_FIXEDSLIT", "instrume": "NIRSPEC", "detector": "NRS1", "grating": "PRISM", "filter": "CLEAR",
    "fxd_slit": "S200A1", "expspcin": "1", "numdthpt": "2", "subpxpts": "1", "patt_num": "1",
}  # fmt: skip
WITHIN_A_DAY = agreeing(within("expstart", 1))
FLAGGED = {"bkgdtarg": "T"}

#: the exposures a and b, with others, and the rule; the file beside this one has the answers
CASES: dict[str, tuple[list[Row], str | type[Rule]]] = {
    "together": ([row("a"), row("b")], "Asn_Lv3Image"),
    "together in different roles": ([row("a"), row("b", **TACQ)], "Asn_Lv3Image"),
    "they disagree": ([row("a"), row("b", filter="F560W", targetid="2")], "Asn_Lv3Image"),
    "no candidate lists both": (
        [row("a", detector="1"), row("b", detector="1", asn_candidate=candidates("o002 observation"))],
        "Asn_Lv2Image"),
    "they would have to differ": ([row("a", **LRS), row("b", **LRS)], "Asn_Lv2MIRLRSFixedSlitNod"),
    "nothing to join by": ([row("a"), row("b", obs_num="2", **TACQ)], "Asn_Lv3Image"),
    "too far apart": ([row("a", expstart="1"), row("b", expstart="5")], WITHIN_A_DAY),
    "a group that lacks something": ([row("a"), row("b")], agreeing(at_least(3))),
    "one is not selected": (
        [row("a", **IFU), row("b", **IFU | {"dithptin": "2"}, is_imprt="T"), row("c", **IFU, is_imprt="T")],
        "Asn_Lv2Spec"),
    "nods that overlap": ([row("a", **SLIT), row("b", **SLIT)], "Asn_Lv2NRSFSS"),
    "another slit": ([row("a", **SLIT), row("b", **SLIT | {"fxd_slit": "S400A1"})], "Asn_Lv3NRSFSS"),
    "one of them alone": ([row("a"), row("b", **FLAGGED)], "Asn_Lv3Image"),
    "neither": ([row("a"), row("b")], "Asn_Lv3MIRMRS"),
}  # fmt: skip


_PARTS = re.split(
    r"^== (.+) ==\n", (Path(__file__).parent / "pairs.txt").read_text(encoding="utf-8"), flags=re.MULTILINE
)
ANSWERS = {name: text.strip("\n") for name, text in zip(_PARTS[1::2], _PARTS[2::2], strict=True)}


def answer(rows: list[Row], rule: str | type[Rule]) -> str:
    """The answer in short for the exposures a and b."""
    rules = [MISSION.find(rule) if isinstance(rule, str) else rule]
    return str(explain_pair(pool_of(*rows), "a_uncal", "b_uncal", rules=rules))


@pytest.mark.parametrize("case", CASES)
def test_answers(case: str) -> None:
    assert answer(*CASES[case]) == ANSWERS[case]


def test_the_first_stays_the_first() -> None:
    pool = pool_of(row("a"), row("b", filter="F560W"))
    found = explain_pair(pool, "b_", "a_", rules=[MISSION.find("Asn_Lv3Image")])
    assert found.heading == "b_uncal.fits and a_uncal.fits"
    assert [str(each) for each in found.refusals] == ["its filter is F770W, not F560W"]


def test_nothing_crosses_programs() -> None:
    pool = pool_of(row("a"), row("b", program="2"))
    assert str(explain_pair(pool, "a_", "b_")) == (
        "a_uncal.fits and b_uncal.fits\n  programs 1 and 2 share no associations"
    )


def test_what_was_made_and_not_kept() -> None:
    """Both are in a group candidate's association, which a larger one of its name stands for."""
    seed = one_seed("science", fitting=("background",))
    first = agreeing(same("filter"), cardinality=seed, name="Asn_First")
    second = agreeing(same("filter"), cardinality=seed, name="Asn_Second")
    pool = pool_of(row("a"), row("b", **FLAGGED))
    (apart,) = explain_pair(pool, "a_", "b_", rules=[first, second]).refusals
    assert apart.superseded is not None
    assert (apart.rule, apart.superseded.kept_rule) == ("Asn_First", "Asn_Second")
    assert apart.superseded.why == "same members; of two rules in one candidate the alphabetically later is preferred"


def test_a_pair_needs_two_exposures() -> None:
    with pytest.raises(UnknownNameError, match=r"^in-memory: 'a_' and 'a_uncal' are the same exposure; name two"):
        explain_pair(pool_of(row("a"), row("b")), "a_", "a_uncal")
