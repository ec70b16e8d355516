"""Why an association is what it is, and how it is found."""

from __future__ import annotations

import re

import pytest

from rules import MISSION
from solver import UnknownNameError, explain_association
from tests.unit.small import Row, candidates, pool_of, row

GROUP = candidates("o001 observation", "c1000 group")
TACQ = {"exp_type": "MIR_TACQ", "pntgtype": "TARGET_ACQUISITION"}
CORON = {"exp_type": "MIR_LYOT", "subarray": "MASKLYOT", "filter": "F2300C"}
FLAGGED, PSF = {"bkgdtarg": "T"}, {"is_psf": "T"}
MRS = {
    "exp_type": "MIR_MRS",
    "detector": "MIRIFUSHORT",
    "filter": "",
    "band": "SHORT",
    "channel": "12",
    "mostilno": "1",
}
WFSS = {"exp_type": "NIS_WFSS", "instrume": "NIRISS", "detector": "NIS", "pupil": "F115W", "filter": "GR150R"}

CORONAGRAPHY = [
    row("a", **CORON), row("b", **CORON), row("p", **CORON, **PSF, targetid="2"), row("t", **TACQ),
    row("c", **CORON | {"filter": "F1065C"}), row("d", **CORON, **FLAGGED), row("e", **CORON, targetid="3"),
    row("f", **CORON, **FLAGGED, targetid="3"), row("u", **TACQ, obs_num="2"),
]  # fmt: skip

FULL = """\
jw00001-o001_t001_miri_f2300c-masklyot
  jw00001-o001_coron3_00001_asn.json, by Asn_Lv3MIRCoron in o001: MIRI coronagraphy with its PSF references
  2 science
    it qualifies: not an imprint exposure (DMS_Level3_Base); not a background exposure (AsnMixin_NotBackground); \
exposure type MIR_LYOT (Asn_Lv3MIRCoron)
    it agrees in: program 1, instrument MIRI (AsnMixin_Base); filter F2300C, no pupil or grating, \
no fixed slit, subarray MASKLYOT (AsnMixin_OpticalPath); target 1 (AsnMixin_ScienceTarget); \
exposure type MIR_LYOT (Asn_Lv3MIRCoron)
    a_calints.fits
    b_calints.fits
  1 psf
    it qualifies: not an imprint exposure (DMS_Level3_Base); not a background exposure (AsnMixin_NotBackground); \
exposure type MIR_LYOT (Asn_Lv3MIRCoron)
    it agrees in: program 1, instrument MIRI (AsnMixin_Base); filter F2300C, no pupil or grating, \
no fixed slit, subarray MASKLYOT (AsnMixin_OpticalPath); exposure type MIR_LYOT (Asn_Lv3MIRCoron)
    may differ: target (AsnMixin_ScienceTarget)
    why this role: a PSF exposure (DMS_Level3_Base)
    p_calints.fits
  1 target_acquisition
    it joins by sharing: program 1, instrument MIRI, observation 1 (DMS_Level3_Base)
    why this role: pointing type TARGET_ACQUISITION (DMS_Level3_Base)
    t_cal.fits
  close, but left out: c_uncal.fits: its filter is F1065C, not F2300C (AsnMixin_OpticalPath)
  close, but left out: d_uncal.fits, f_uncal.fits: it is a background exposure, but this rule does not take \
background exposures (AsnMixin_NotBackground)
  close, but left out: e_uncal.fits: its target is 3, not 1 (AsnMixin_ScienceTarget)
  close, but left out: u_uncal.fits: it joins only members of its own observation (2), and these are of 1 \
(DMS_Level3_Base)
  kept in place of jw00001-a3001_t001_miri_f2300c-masklyot (Asn_Lv3MIRCoron in a3001): same members; \
observations are preferred to other candidates, and candidates to discovery"""

SHORT = """\
jw00001-o001_t001_miri_f2300c-masklyot
  jw00001-o001_coron3_00001_asn.json, by Asn_Lv3MIRCoron in o001: MIRI coronagraphy with its PSF references
  2 science: a_calints.fits, b_calints.fits
  1 psf: p_calints.fits
  1 target_acquisition: t_cal.fits
  close, but left out: c_uncal.fits: its filter is F1065C, not F2300C
  close, but left out: d_uncal.fits, f_uncal.fits: it is a background exposure, but this rule does not take \
background exposures
  3 more lines; -v shows all"""


def test_a_group_that_agrees() -> None:
    pool = pool_of(*CORONAGRAPHY)
    explanation = explain_association(pool, "jw00001-o001_t001_miri_f2300c-masklyot", rules=MISSION.of_level(3))
    assert str(explanation.line(every=True)) == FULL
    assert str(explanation) == SHORT


def lines(rows: list[Row], name: str, beginning: str) -> list[str]:
    """The lines that begin so, without their beginning, and those below."""
    full = str(explain_association(pool_of(*rows), name).line(every=True))
    parts = re.split(r"\n  (?! )", full)
    chosen = [part.removeprefix(beginning) for part in parts if part.startswith(beginning)]
    return [line.strip() for part in chosen for line in part.splitlines()]


def test_what_is_about_one_exposure() -> None:
    rows = [row("a", **MRS), row("b", **MRS, **FLAGGED), row("c", **MRS | {"detector": "MIRIFULONG"}, **FLAGGED)]
    name = "jw00001-o001_spec2_00001_asn"
    assert lines(rows, name, "1 science")[-1] == "a_rate.fits"
    role = "why this role: a background exposure (DMSLevel2bBase)"
    assert lines(rows, name, "1 background")[-2:] == [role, "b_rate.fits"]
    assert lines(rows, name, "close, but left out: ") == [
        "c_uncal.fits: its detector is MIRIFULONG, not MIRIFUSHORT (AsnMixin_Lv2Mode)"
    ]


def test_a_nod_that_overlaps_is_left_out() -> None:
    slit = {
        "exp_type": "NRS_FIXEDSLIT",
        "instrume": "NIRSPEC",
        "detector": "NRS1",
        "grating": "PRISM",
        "filter": "CLEAR",
    }
    nods = [row(name, **slit, fxd_slit="S200A1", expspcin="1", numdthpt="2", subpxpts="1") for name in "ab"]
    (line,) = lines(nods, "jw00001-o001_spec2_00001_asn", "close, but left out: ")
    made = "one product for each science exposure, with the others that do not overlap with it as background"
    assert line == f"b_uncal.fits: the rule makes {made} (Asn_Lv2NRSFSS)"


def test_files_that_a_rule_makes() -> None:
    rows = [row("a", **WFSS), row("d", **WFSS | {"exp_type": "NIS_IMAGE", "filter": "CLEAR"})]
    made = "the rule makes: one product, in which files made from one direct_image replace every direct_image: \
direct_image (…_i2d.fits), sourcecat (…_cat.ecsv), segmap (…_segm.fits) (AsnMixin_Lv2WFSS)"
    found = [line for what in ("direct_image", "segmap", "sourcecat") for line in lines(rows, "a", f"1 {what}")]
    assert found == [
        "", made, "jw00001-o001_t001_niriss_clear-f115w_i2d.fits",
        "", made, "jw00001-o001_t001_niriss_clear-f115w_segm.fits",
        "", made, "jw00001-o001_t001_niriss_clear-f115w_cat.ecsv",
    ]  # fmt: skip


def test_the_larger_of_one_name() -> None:
    """A background exposure belongs to no product of images; its own has the name of the larger one."""
    rows = [row("a"), row("b"), row("c", **FLAGGED)]
    assert lines(rows, "jw00001-o001_t001_miri_f770w", "kept in place of ") == [
        (
            "jw00001-a3001_t001_miri_f770w (Asn_Lv3Image in a3001): same members; "
            "observations are preferred to other candidates, and candidates to discovery"
        ),
        (
            "jw00001-o001_t001_miri_f770w (Asn_Lv3ImageBackground in o001): same product name; "
            "the larger is preferred (2 members, not 1)"
        ),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "jw00001-o001_t001_miri_f770w", "JW00001-O001_T001_MIRI_F770W", "jw00001-o001_image3_00001_asn",
        "jw00001-o001_image3_00001_asn.json", "out/jw00001-o001_image3_00001_asn.json",
    ],
)  # fmt: skip
def test_names_of_an_association(name: str) -> None:
    pool = pool_of(row("a"), row("z", program="2"))
    assert explain_association(pool, name).heading == "jw00001-o001_t001_miri_f770w"


def test_the_name_of_an_exposure_is_that_of_its_product() -> None:
    pool = pool_of(row("a", detector="MIRIMAGE"), row("z", program="2"))
    assert explain_association(pool, "a").about[0].startswith("jw00001-o001_image2_00001_asn.json")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("jw00001-o001_t001_miri_f560w",
         "no product and no file is named 'jw00001-o001_t001_miri_f560w'; did you mean jw00001-o001_t001_miri_f770w?"),
        ("nothing", "no product and no file is named 'nothing'"),
        ("jw00001-a3001_t001_miri_f770w",
         ("jw00001-a3001_t001_miri_f770w was left out for jw00001-o001_t001_miri_f770w: "
          "same members; observations are preferred to other candidates, and candidates to discovery")),
    ],
)  # fmt: skip
def test_names_of_no_association(name: str, message: str) -> None:
    with pytest.raises(UnknownNameError, match=f"^in-memory: {re.escape(message)}$"):
        explain_association(pool_of(row("a")), name, rules=[MISSION.find("Asn_Lv3Image")])


def test_several_associations_of_one_name() -> None:
    slit = {
        "exp_type": "NRS_FIXEDSLIT",
        "instrume": "NIRSPEC",
        "detector": "NRS1",
        "grating": "PRISM",
        "filter": "CLEAR",
    }
    pool = pool_of(row("a", **slit, fxd_slit="S200A1"), row("b", **slit, fxd_slit="S400A1"))
    name = "jw00001-o001_t001-{source_id}_nirspec_clear-prism-{slit_name}"
    message = (
        f"{name!r} is a product of 2 associations; "
        "take one of jw00001-o001_spec3_00001_asn.json, jw00001-o001_spec3_00002_asn.json"
    )
    with pytest.raises(UnknownNameError, match=f"^in-memory: {re.escape(message)}$"):
        explain_association(pool, name, rules=MISSION)


def test_a_program_whose_number_begins_as_anothers() -> None:
    pool = pool_of(row("a", program="12345"), row("b", program="123456"))
    for program in ("12345", "123456"):
        name = f"jw{program}-o001_t001_miri_f770w"
        assert explain_association(pool, name).heading == name
