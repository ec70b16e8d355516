"""Why two exposures are together, or not, told whole."""

from __future__ import annotations

import pytest

from rules import MISSION
from rules.rule import Rule
from rules.vocabulary import at_least, one_seed, same, within
from solver import UnknownNameError, explain_pair
from solver.explanation.facts import Apart, Separation
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

#: the exposures a and b, with others; the rule; what is told after the line that names them
CASES: dict[str, tuple[list[Row], str | type[Rule], str]] = {
    "together": ([row("a"), row("b")], "Asn_Lv3Image", """
  they are together in 1 product
    jw00001-o001_t001_miri_f770w, both as science \
(Asn_Lv3Image in candidate o001, jw00001-o001_image3_00001_asn.json)"""),
    "together in different roles": ([row("a"), row("b", **TACQ)], "Asn_Lv3Image", """
  they are together in 1 product
    jw00001-o001_t001_miri_f770w, the first as science, the second as target_acquisition \
(Asn_Lv3Image in candidate o001, jw00001-o001_image3_00001_asn.json)"""),
    "they disagree": ([row("a"), row("b", filter="F560W", targetid="2")], "Asn_Lv3Image", """
  they are together in no product
  kept apart where both could be
    Asn_Lv3Image
      filter is f770w and f560w (AsnMixin_OpticalPath)
      target is 1 and 2 (AsnMixin_Target)"""),
    "no candidate lists both": (
        [row("a", detector="1"), row("b", detector="1", asn_candidate=candidates("o002 observation"))],
        "Asn_Lv2Image", """
  they are together in no product
  kept apart where both could be
    Asn_Lv2Image
      no candidate of which the candidate type is one of background, observation \
(AsnMixin_Lv2BackgroundCandidate) lists both: candidates are o001 (observation) and o002 (observation)
      role is science and science; a group is about one science exposure, with the background exposures that \
qualify and have the same (AsnMixin_Lv2Background)"""),
    "they would have to differ": ([row("a", **LRS), row("b", **LRS)], "Asn_Lv2MIRLRSFixedSlitNod", """
  they are together in no product
  kept apart where both could be
    Asn_Lv2MIRLRSFixedSlitNod
      patt_num is 1 and 1 (Asn_Lv2MIRLRSFixedSlitNod)"""),
    "nothing to join by": ([row("a"), row("b", obs_num="2", **TACQ)], "Asn_Lv3Image", """
  they are together in no product
  kept apart where both could be
    Asn_Lv3Image
      observation is 1 and 2; target_acquisition exposures with a member's program, instrument, observation join, \
if imprint flag is not given (DMS_Level3_Base)"""),
    "too far apart": ([row("a", expstart="1"), row("b", expstart="5")], WITHIN_A_DAY, """
  they are together in no product
  kept apart where both could be
    Asn_Test
      start of the exposure is 1 and 5 (Asn_Test)"""),
    "a group that lacks something": ([row("a"), row("b")], agreeing(at_least(3)), """
  they are together in no product
  kept apart where both could be
    Asn_Test
      they are in no group that has at least 3 exposures (Asn_Test)"""),
    "one is not selected": (
        [row("a", **IFU), row("b", **IFU | {"dithptin": "2"}, is_imprt="T"), row("c", **IFU, is_imprt="T")],
        "Asn_Lv2Spec", """
  they are together in no product
  kept apart where both could be
    Asn_Lv2Spec
      target is 1 and 1; dithptin is 1 and 2; there stay of the imprint exposures, those with the target and \
dithptin of the science exposure (AsnMixin_Lv2Imprint)"""),
    "nods that overlap": ([row("a", **SLIT), row("b", **SLIT)], "Asn_Lv2NRSFSS", """
  they are together in no product
  kept apart where both could be
    Asn_Lv2NRSFSS
      the rule makes one product for each science exposure, with the others that do not overlap with it as \
background (Asn_Lv2NRSFSS): target is 1 and 1; patt_num is 1 and 1; subpxpts is 1 and 1; numdthpt is 2 and 2; \
fixed slit is s200a1 and s200a1"""),
    "one of them alone": ([row("a"), row("b", **FLAGGED)], "Asn_Lv3Image", """
  they are together in no product
  kept out where the other could be: b_uncal.fits
    Asn_Lv3Image: background flag is t, must not be given (AsnMixin_NotBackground)"""),
    "neither": ([row("a"), row("b")], "Asn_Lv3MIRMRS", """
  they are together in no product"""),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_told(case: str) -> None:
    rows, rule, expected = CASES[case]
    rules = [MISSION.find(rule) if isinstance(rule, str) else rule]
    told = str(explain_pair(pool_of(*rows), "a_uncal", "b_uncal", rules=rules))
    assert told == "a_uncal.fits and b_uncal.fits" + expected


def test_the_first_stays_the_first() -> None:
    pool = pool_of(row("a"), row("b", filter="F560W"))
    told = explain_pair(pool, "b_", "a_", rules=[MISSION.find("Asn_Lv3Image")])
    assert told.exposures == ("b_uncal.fits", "a_uncal.fits")
    assert told.apart == (
        Apart(
            "Asn_Lv3Image",
            (
                Separation(
                    "agreement", "same filter, if it is given", "AsnMixin_OpticalPath", {"filter": ("f560w", "f770w")}
                ),
            ),
            None,
        ),
    )


def test_nothing_crosses_programs() -> None:
    pool = pool_of(row("a"), row("b", program="2"))
    assert str(explain_pair(pool, "a_", "b_")) == (
        "a_uncal.fits and b_uncal.fits\n"
        "  they are together in no product\n"
        "  kept apart where both could be\n"
        "    any rule\n"
        "      program is 1 and 2"
    )


def test_what_was_made_and_not_kept() -> None:
    """Both are in a group candidate's association, which a larger one of its name stands for."""
    seed = one_seed("science", fitting=("background",))
    first = agreeing(same("filter"), cardinality=seed, name="Asn_First")
    second = agreeing(same("filter"), cardinality=seed, name="Asn_Second")
    pool = pool_of(row("a"), row("b", **FLAGGED))
    (apart,) = explain_pair(pool, "a_", "b_", rules=[first, second]).apart
    assert apart.superseded is not None
    assert (apart.rule, apart.superseded.kept_rule) == ("Asn_First", "Asn_Second")
    assert apart.superseded.because == "of rules for one candidate the one that sorts last counts"


def test_one_exposure_is_no_pair() -> None:
    with pytest.raises(UnknownNameError, match=r"^in-memory: 'a_' and 'a_uncal' are one exposure; name two$"):
        explain_pair(pool_of(row("a"), row("b")), "a_", "a_uncal")
