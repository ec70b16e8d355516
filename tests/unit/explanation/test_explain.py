"""Why an exposure is in its associations and why in no others: facts, and the sentences."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rules import MISSION, RuleSet
from rules.level3_base import AsnMixin_Base, AsnMixin_Target, DMS_Level3_Base
from rules.vocabulary import absent, at_least, dither_overlap, join, nod_pairs, one_of, within
from solver import CandidateError, UnknownNameError, UnknownRuleError, explain
from solver.explanation.facts import Fix, Membership, Need, Reason, Refusal
from solver.solving import Superseded
from tests.unit.small import Row, agreeing, candidates, make_rule, pool_of, row

GROUP = candidates("o001 observation", "c1000 group")
OTHER = {"obs_num": "2", "asn_candidate": candidates("c1000 group")}
FLAGGED, PSF, IMPRINT = {"bkgdtarg": "T"}, {"is_psf": "T"}, {"is_imprt": "T"}
MIRI = {"detector": "MIRIMAGE"}
CORON = {"exp_type": "MIR_LYOT", "subarray": "MASKLYOT", "filter": "F2300C"}
MRS = {
    "exp_type": "MIR_MRS",
    "detector": "MIRIFUSHORT",
    "filter": "",
    "band": "SHORT",
    "channel": "12",
    "mostilno": "1",
}
LONG = MRS | {"detector": "MIRIFULONG", "channel": "34"}
TACQ = {"exp_type": "MIR_TACQ", "pntgtype": "TARGET_ACQUISITION"}
LRS = {"exp_type": "MIR_LRS-FIXEDSLIT", "patttype": "ALONG-SLIT-NOD", "patt_num": "1"}
CONFIRMATION = {"exp_type": "MIR_TACONFIRM", "pntgtype": ""}
WFSS = {"exp_type": "NIS_WFSS", "instrume": "NIRISS", "detector": "NIS", "pupil": "F115W", "filter": "GR150R"}
DIRECT = WFSS | {"exp_type": "NIS_IMAGE", "filter": "CLEAR"}
IFU = {
    "exp_type": "NRS_IFU", "instrume": "NIRSPEC", "detector": "NRS1", "grating": "PRISM", "filter": "CLEAR",
    "mostilno": "1", "dithptin": "1", "patttype": "CYCLING",
}  # fmt: skip


WITHIN_A_DAY = make_rule(
    one_of("exp_type", "mir_image"), within("expstart", 1), at_least(2),
    name="Asn_Near", bases=(AsnMixin_Target, AsnMixin_Base, DMS_Level3_Base), asn_type="image3",
)  # fmt: skip
OVERLAP = dither_overlap(target="targetid", position="patt_num", subpixels=(), points="numdthpt", unknown=True)
NODS = agreeing(
    one_of("exp_type", "mir_image"), join("psf", sharing="obs_num", else_sharing="instrume"), absent("is_psf"),
    name="Asn_Nods", expansion=nod_pairs("science", OVERLAP),
)  # fmt: skip
STARTS = [row("a", expstart="1"), row("b", expstart="1.5")]
WITHIN_GROUP = [row("a", asn_candidate=GROUP), row("b", filter="F560W", **OTHER), row("c", **OTHER)]

#: exposures, the one to explain, the rule, the candidate; the file beside this one has the answers
CASES: dict[str, tuple[list[Row], str, str, str | None]] = {
    "a member that agrees": ([row("a"), row("b", obs_num="")], "a", "Asn_Lv3Image", None),
    "a member that agrees with any": (
        [row("a", **MRS), row("b", **MRS, targetid="2", **FLAGGED)], "b", "Asn_Lv3MIRMRS", None,
    ),
    "a member that has joined": ([row("a"), row("t", **TACQ)], "t", "Asn_Lv3Image", None),
    "a member in two roles": (
        [row("a", **LRS), row("b", **LRS | {"patt_num": "2"})], "b", "Asn_Lv2MIRLRSFixedSlitNod", None,
    ),
    "a member listed twice": ([row("a", **LRS), row("b", **LRS)], "b", "Asn_Lv3SpectralTarget", "o001"),
    "a condition": ([row("a"), row("b", **FLAGGED)], "b", "Asn_Lv3Image", None),
    "a value that is missing": ([row("a"), row("b", subarray="", filter="F560W")], "b", "Asn_Lv3Image", None),
    "a table": ([row("a", **IFU), row("b", **IFU | {"detector": "NRS2"})], "b", "Asn_Lv3NRSIFU", None),
    "two conditions": ([row("a", visitype="PRIME_WFSC_ROUTINE", tsovisit="T")], "a", "Asn_Lv3Image", None),
    "another exposure type": ([row("a"), row("b", exp_type="MIR_MRS")], "a", "Asn_Lv3MIRMRS", None),
    "no candidate of the type": ([row("a")], "a", "Asn_Lv3ImageMosaic", None),
    "no candidate at all": ([row("a", **MIRI), row("b", **MIRI, asn_candidate="")], "b", "Asn_Lv2Image", None),
    "not in this candidate": ([*WITHIN_GROUP, row("d")], "d", "Asn_Lv3Image", "c1000"),
    "a group without a role": (
        [row("a", **CORON), row("b", **CORON, **PSF), row("c", **CORON | {"filter": "F1065C"})],
        "c", "Asn_Lv3MIRCoron", None,
    ),
    "a group of one observation": (WITHIN_GROUP, "b", "Asn_Lv3Image", "c1000"),
    "a group that is too small": ([*STARTS, row("c", expstart="9")], "c", "Asn_Near", None),
    "a number that is missing": ([*STARTS, row("c", expstart="soon")], "c", "Asn_Near", None),
    "it does not fit": ([row("a", **MRS), row("b", **LONG, **FLAGGED)], "b", "Asn_Lv2Spec", None),
    "it does not fit what is not kept": (
        [row("a", **LRS, **MIRI), row("b", **LRS, **MIRI, **FLAGGED)], "b", "Asn_Lv2MIRLRSFixedSlitNod", None,
    ),
    "nothing that it could fit": ([row("b", **MRS, **FLAGGED)], "b", "Asn_Lv2Spec", None),
    "a role without a place": ([row("a", **MIRI, pntgtype="PARALLEL")], "a", "Asn_Lv2Image", None),
    "it would have to differ": ([row("a", **LRS), row("b", **LRS, **FLAGGED)], "b", "Asn_Lv2MIRLRSFixedSlitNod", None),
    "nothing to join": ([row("a"), row("t", obs_num="2", **TACQ)], "t", "Asn_Lv3Image", None),
    "it must not join": ([row("a"), row("t", **TACQ, **IMPRINT)], "t", "Asn_Lv3Image", None),
    "others suit better": (
        [row("a", **IFU), row("i", **IFU, **IMPRINT), row("j", **IFU | {"dithptin": "2"}, **IMPRINT)],
        "j", "Asn_Lv2Spec", None,
    ),
    "made into something else": ([row("a", **WFSS), row("d", **DIRECT)], "d", "Asn_Lv2WFSSNIS", None),
    "nothing to make it with": ([row("a", **WFSS)], "a", "Asn_Lv2WFSSNIS", None),
    "another joins in its place": (
        [row("a", **LRS, visit="2"), row("s", **CONFIRMATION, visit="1"), row("t", **CONFIRMATION, visit="2")],
        "s", "Asn_Lv2MIRLRSFixedSlitNod", None,
    ),
    "another joins the products of others in its place": (
        [row("a", obs_num="1", targetid="1"), row("b", obs_num="2", targetid="2"),
         row("s", obs_num="3", **PSF), row("t", obs_num="2", **PSF)],
        "s", "Asn_Nods", None,
    ),
    "same members as another": ([row("a", asn_candidate=GROUP)], "a", "Asn_Lv3Image", "a3001"),
}  # fmt: skip

_PARTS = re.split(
    r"^== (.+) ==\n", (Path(__file__).parent / "one_rule.txt").read_text(encoding="utf-8"), flags=re.MULTILINE
)
ANSWERS = {name: text.strip("\n") for name, text in zip(_PARTS[1::2], _PARTS[2::2], strict=True)}


def lines_about(rows: list[Row], name: str, rule: str, candidate: str | None) -> str:
    """The lines about a rule."""
    every = RuleSet((*MISSION, WITHIN_A_DAY, NODS))
    explanation = explain(pool_of(*rows), f"{name}_uncal", rules=every, rule=every.find(rule), candidate=candidate)
    return "\n".join(line.removeprefix("  ") for line in str(explanation.line(every=True)).splitlines()[2:])


@pytest.mark.parametrize("case", CASES)
def test_answers(case: str) -> None:
    assert lines_about(*CASES[case]) == ANSWERS[case]


def test_nothing_else_is_expected() -> None:
    assert [*ANSWERS] == [*CASES]


# --- As data ------------------------------------------------------------------------------------


def only(rows: list[Row], name: str, rule: str, candidate: str | None = None) -> Refusal:
    """Why a rule did not take an exposure."""
    (refusal,) = explain(pool_of(*rows), f"{name}_uncal", rule=MISSION.find(rule), candidate=candidate).refusals
    return refusal


def test_a_refusal_is_data() -> None:
    assert only(*CASES["a value that is missing"]) == Refusal(
        exposure="b_uncal.fits",
        rule="Asn_Lv3Image",
        summary="Images of one target.",
        product="",
        reasons=(
            Reason(
                kind="agreement",
                constraint="same subarray",
                by="AsnMixin_OpticalPath",
                needs=(Need("subarray", ("subarray",), "", "given"),),
            ),
        ),
        fix=Fix(
            statements=("--set subarray=full:b",),
            provided="SUBARRAY is FULL",
            rule="Asn_Lv3Image",
            role="science",
            beside=0,
        ),
    )


def test_an_association_that_was_not_kept_is_data() -> None:
    assert only(*CASES["same members as another"]).superseded == Superseded(
        product="jw00001-a3001_t001_miri_f770w",
        rule="Asn_Lv3Image",
        candidate="a3001",
        kept="jw00001-o001_t001_miri_f770w",
        kept_rule="Asn_Lv3Image",
        kept_candidate="o001",
        why="same members; observations are preferred to other candidates, and candidates to discovery",
        again=None,
    )


def test_what_was_preferred_may_be_left_out_too() -> None:
    """The discovered association has the members of the observation's, which has the name of a larger one."""
    rows = [row("a"), row("b"), row("c", **FLAGGED)]
    lost = only(rows, "c", "Asn_Lv3ImageBackground", "a3001").superseded
    assert lost is not None
    assert lost.again is not None
    reasons = [each.why.partition(";")[0] for each in (lost, lost.again)]
    assert (*reasons, lost.again.kept_rule) == ("same members", "same product name", "Asn_Lv3Image")


def test_a_membership_is_data() -> None:
    pool = pool_of(row("a"), row("t", **TACQ))
    (membership,) = explain(pool, "t_uncal", rule=MISSION.find("Asn_Lv3Image")).memberships
    assert membership == Membership(
        association="jw00001-o001_image3_00001_asn.json",
        product="jw00001-o001_t001_miri_f770w",
        rule="Asn_Lv3Image",
        candidate="o001",
        file="t_cal.fits",
        role="target_acquisition",
        others=1,
        grounds=(
            Reason(
                kind="join",
                constraint="target_acquisition exposures with the same program, instrument and observation as a "
                "member, if the imprint flag is not set",
                by="DMS_Level3_Base",
                needs=tuple(
                    Need(attribute, (column,), has, "met")
                    for attribute, column, has in [
                        ("program", "program", "1"),
                        ("instrument", "instrume", "miri"),
                        ("observation", "obs_num", "1"),
                    ]
                ),
            ),
            Reason(
                kind="role",
                constraint="target_acquisition if (pointing type is given and pointing type is not science)",
                by="DMS_Level3_Base",
                needs=(Need("pointing type", ("pntgtype",), "target_acquisition", "met"),),
            ),
        ),
    )


def test_a_rule_that_is_asked_for_is_explained_whatever_the_type() -> None:
    pool = pool_of(row("a"), row("b", exp_type="MIR_MRS"))
    assert "Asn_Lv3MIRMRS" not in [each.rule for each in explain(pool, "a_").refusals]
    explanation = explain(pool, "a_", rule=MISSION.find("Asn_Lv3MIRMRS"))
    assert [each.rule for each in explanation.refusals] == ["Asn_Lv3MIRMRS"]


def test_rules_that_took_exposures_like_it_come_first_and_those_for_a_flag_that_it_lacks_last() -> None:
    pool = pool_of(row("a", detector="1"), row("b", detector="1", subarray=""))
    refusals = explain(pool, "b_").refusals
    assert refusals[0].rule == "Asn_Lv3Image"
    assert [each.rule for each in refusals if each.likely] == ["Asn_Lv3Image"]
    assert [each.rule for each in refusals[-2:]] == ["Asn_Lv2ImageSpecial", "Asn_Lv3TSO"]


# --- What is explained --------------------------------------------------------------------------


def test_one_program_is_explained_as_the_whole_pool_is_solved() -> None:
    other = [row(f"z{number}", program="2", expstart="1") for number in (1, 2)]
    pool = pool_of(*other, row("a"), row("b"))
    assert explain(pool, "a_").memberships == explain(pool_of(row("a"), row("b")), "a_").memberships


def test_numbers_that_only_another_program_has() -> None:
    pool = pool_of(row("z", program="2", expstart="1"), row("a"))
    (refusal,) = explain(pool, "a_", rules=[WITHIN_A_DAY], rule=WITHIN_A_DAY).refusals
    assert [need.relation for each in refusal.reasons for need in each.needs] == ["a number", "at least"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "'' matches 3 exposures (jw1_a_uncal.fits, jw1_b_uncal.fits, jw1_b_x_uncal.fits); give more of the name"),
        ("_b", "'_b' matches 2 exposures (jw1_b_uncal.fits, jw1_b_x_uncal.fits); give more of the name"),
        ("o003", "no exposure has 'o003' in its name; for a candidate, use -i o003"),
        ("jw2_a", "no exposure has 'jw2_a' in its name; did you mean jw1_a or jw1_b?"),
        ("nothing", "no exposure has 'nothing' in its name"),
    ],
)  # fmt: skip
def test_names_of_no_exposure_or_several(name: str, message: str) -> None:
    pool = pool_of(row("jw1_a"), row("jw1_b"), row("jw1_b_x"))
    with pytest.raises(UnknownNameError, match=f"^in-memory: {re.escape(message)}$"):
        explain(pool, name)


def test_many_exposures_are_not_all_listed() -> None:
    pool = pool_of(*(row(f"a{number:02d}") for number in range(12)))
    with pytest.raises(UnknownNameError, match=r"a07_uncal\.fits, … 4 more\); give more of the name$"):
        explain(pool, "a")


@pytest.mark.parametrize("name", ["b_uncal.fits", "B_UNCAL.fits", "b", "b_cal.fits", "path/b_i2d.fits", "b_x_c"])
def test_names_of_an_exposure(name: str) -> None:
    pool = pool_of(row("a"), row("b"), row("b_x_c"))
    assert explain(pool, name).heading == ("b_x_c_uncal.fits" if "x" in name else "b_uncal.fits")


def test_a_candidate_that_the_program_does_not_have() -> None:
    pool = pool_of(row("a"), row("z", program="2", asn_candidate=GROUP))
    with pytest.raises(CandidateError, match=r"^program 1 has no candidate c1000; it has a3001, o001$"):
        explain(pool, "a_", candidate="C1000")


def test_an_association_of_another_program() -> None:
    pool = pool_of(row("a"), row("z", program="2"))
    name = "jw00002-o001_t001_miri_f770w"
    with pytest.raises(
        UnknownNameError, match=f"^in-memory, program 1: no product and no file is named {name!r}; did you mean jw00001"
    ):
        explain(pool, "a_", association=name)


def test_a_rule_that_is_not_solved() -> None:
    with pytest.raises(UnknownRuleError, match=r"^the rule Asn_Lv2Image is left out by --level; "):
        explain(pool_of(row("a")), "a_", rules=MISSION.of_level(3), rule=MISSION.find("Asn_Lv2Image"))


@pytest.mark.parametrize("rule", ["Special", "TSO"])
def test_that_no_option_marks_science_as_something_else(rule: str) -> None:
    found = explain(pool_of(row("a", detector="MIRIMAGE")), "a", rule=f"Asn_Lv2Image{rule}")
    assert str(found.line(every=True)).splitlines()[-1].strip() == "no option changes this if the pool is right"
