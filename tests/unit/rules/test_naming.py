"""Names of products and members, for groups of real rules."""

from __future__ import annotations

import pytest

from rules import MISSION, naming
from rules.vocabulary import ProductName
from solver import generate
from solver.solving.product_names import names
from tests.unit.small import Row, candidates, pool_of, row

#: What the exposures of each rule have in common.
NIRCAM = {"instrume": "NIRCAM", "exp_type": "NRC_IMAGE", "filter": "F444W", "pupil": "F405N", "detector": "NRCA3"}
WAVEFRONT = NIRCAM | {"patttype": "WFSC", "visitype": "PRIME_WFSC_ROUTINE", "obs_id": "V1", "act_id": "0A"}
AMI = {"instrume": "NIRISS", "exp_type": "NIS_AMI", "filter": "F480M", "pupil": "NRM", "subarray": "SUB80"}
LYOT = {"exp_type": "MIR_LYOT", "filter": "F2300C", "subarray": "MASKLYOT"}
CORON = {
    "instrume": "NIRCAM", "exp_type": "NRC_CORON", "filter": "F210M", "pupil": "MASKRND", "channel": "SHORT",
    "detector": "NRCA2",
}  # fmt: skip
MRS = {"exp_type": "MIR_MRS", "band": "LONG", "channel": "12", "filter": "NULL"}
NIRSPEC = {"instrume": "NIRSPEC", "grating": "G140H", "filter": "F100LP", "detector": "NRS1"}
IFU = NIRSPEC | {"exp_type": "NRS_IFU", "patttype": "CYCLING"}
SLIT = NIRSPEC | {"exp_type": "NRS_FIXEDSLIT", "fxd_slit": "S200A1", "subarray": "SUBS200A1"}
LRS = {"exp_type": "MIR_LRS-FIXEDSLIT", "filter": "P750L", "patttype": "ALONG-SLIT-NOD"}
SOSS = {"instrume": "NIRISS", "exp_type": "NIS_SOSS", "filter": "CLEAR", "pupil": "GR700XD", "subarray": "SUBSTRIP256"}
GROUP = {"asn_candidate": candidates("c1000 group")}

#: rule, exposures, product name, names of members with "-" for the exposure's
CASES: list[tuple[str, list[Row], str, str]] = [
    ("Lv3Image", [row("a")], "jw00001-o001_t001_miri_f770w", "a_cal"),
    ("Lv3Image", [row("a", program="12345", targetid="1234")], "jw12345-o001_t1234_miri_f770w", "a_cal"),
    ("Lv3Image", [row("a", filter="NULL")], "jw00001-o001_t001_miri_clear", "a_cal"),
    ("Lv3Image", [row("a", subarray="SUB64")], "jw00001-o001_t001_miri_f770w-sub64", "a_cal"),
    ("Lv3Image", [row("a", **NIRCAM)], "jw00001-o001_t001_nircam_f405n-f444w", "a_cal"),
    (
        "Lv3Image",
        [row("a", **NIRCAM), row("b", **NIRCAM | {"exp_type": "NRC_TACQ"})],
        "jw00001-o001_t001_nircam_f405n-f444w", "a_cal b_cal",
    ),
    ("Lv3ImageBackground", [row("a", bkgdtarg="T")], "jw00001-o001_t001_miri_f770w", "a_cal"),
    (
        "Lv3ImageMosaic",
        [row(f"a{i}", targetid=i, obs_num=i, asn_candidate=candidates("c1000 mosaic")) for i in "12"],
        "jw00001-c1000_t000_miri_f770w", "a1_cal a2_cal",
    ),
    (
        "Lv3WFSCMB", [row("a", **WAVEFRONT), row("b", **WAVEFRONT)],
        "jw00001-o001_t001_nircam_f405n-f444w-nrca3_{suffix}-0a", "a_cal b_cal",
    ),
    (
        "Lv3WFSCMB", [row("a", **WAVEFRONT | {"act_id": "1"}), row("b", **WAVEFRONT | {"act_id": "1"})],
        "jw00001-o001_t001_nircam_f405n-f444w-nrca3_{suffix}-01", "a_cal b_cal",
    ),
    (
        "Lv3AMI", [row("a", **AMI), row("b", **AMI | {"is_psf": "T", "targetid": "2"})],
        "jw00001-o001_t001_niriss_f480m-nrm-sub80", "a_calints b_calints",
    ),
    (
        "Lv3MIRCoron", [row("a", **LYOT), row("b", **LYOT | {"is_psf": "T", "targetid": "2"})],
        "jw00001-o001_t001_miri_f2300c-masklyot", "a_calints b_calints",
    ),
    (
        "Lv3NRCCoron", [row("a", **CORON), row("b", **CORON | {"is_psf": "T"})],
        "jw00001-o001_t001_nircam_f210m-maskrnd", "a_calints b_calints",
    ),
    ("Lv3NRCCoronImage", [row("a", **CORON)], "jw00001-o001_t001_nircam_f210m-maskrnd-image3", "a_cal"),
    (
        "Lv3NRCCoronImage", [row("a", **CORON | {"tsovisit": "T", "detector": "NRCA1"})],
        "jw00001-o001_t001_nircam_f210m-maskrnd-image3", "a_calints",
    ),
    ("Lv3MIRMRS", [row("a", **MRS)], "jw00001-o001_t001_miri", "a_cal"),
    ("Lv3MIRMRS", [row("a", **MRS), row("b", **MRS | {"bkgdtarg": "T"})], "jw00001-o001_t001_miri", "a_cal b_x1d"),
    (
        "Lv3MIRMRS", [row("a", **MRS), row("b", **MRS | {"bkgdtarg": "T", "targetid": "2"})],
        "jw00001-o001_t001_miri", "a_cal b_x1d",
    ),
    ("Lv3MIRMRSBackground", [row("a", **MRS | {"bkgdtarg": "T"})], "jw00001-o001_t001_miri", "a_cal"),
    ("Lv3NRSIFU", [row("a", **IFU)], "jw00001-o001_t001_nirspec_g140h", "a_cal"),
    (
        "Lv3NRSIFU", [row("a", **IFU), row("b", **IFU | {"exp_type": "NRS_AUTOWAVE"})],
        "jw00001-o001_t001_nirspec_g140h", "b_rate a_cal",
    ),
    ("Lv3NRSIFUBackground", [row("a", **IFU | {"bkgdtarg": "T"})], "jw00001-o001_t001_nirspec_g140h", "a_cal"),
    (
        "Lv3NRSFSS", [row("a", **SLIT)],
        "jw00001-o001_t001-{source_id}_nirspec_f100lp-g140h-{slit_name}-subs200a1", "a_cal",
    ),
    (
        "Lv3SpectralSource", [row("a", **NIRSPEC | {"exp_type": "NRS_MSASPEC", "msametfl": "x_msa.fits"})],
        "jw00001-o001_{source_id}_nirspec_f100lp-g140h", "a_cal",
    ),
    (
        "Lv3SpecAux",
        [row("a", **SLIT | {"bkgdtarg": "T"}), row("b", **SLIT | {"bkgdtarg": "T", "fxd_slit": "S200A2"})],
        "jw00001-o001_t001_nirspec_f100lp-g140h-s200a1-s200a2-subs200a1", "a_cal b_cal",
    ),
    ("Lv3SpectralTarget", [row("a", **LRS)], "jw00001-o001_t001_miri_p750l", "a_cal"),
    (
        "Lv3SpectralTarget", [row("a", **LRS), row("b", **LRS)],
        "jw00001-o001_t001_miri_p750l", "a_x1d b_x1d a_cal b_cal",
    ),
    ("Lv3SlitlessSpectral", [row("a", **SOSS)], "jw00001-o001_t001_niriss_clear-gr700xd-substrip256", "a_cal"),
    (
        "Lv3WFSSNRC", [row("a", **NIRCAM | {"exp_type": "NRC_WFSS", "pupil": "GRISMR"})],
        "jw00001-o001_t001_nircam_f444w-grismr", "a_cal",
    ),
    (
        "Lv3WFSSNIS", [row("a", instrume="NIRISS", exp_type="NIS_WFSS", filter="GR150R", pupil="F115W")],
        "jw00001-o001_t001_niriss_f115w-gr150r", "a_cal",
    ),
    ("Lv3WFSSMIR", [row("a", exp_type="MIR_WFSS", filter="P750L")], "jw00001-o001_t001_miri_p750l", "a_cal"),
    (
        "Lv3TSO", [row("a", **SOSS | {"tsovisit": "T", "nints": "9"})],
        "jw00001-o001_t001_niriss_clear-gr700xd-substrip256", "a_calints",
    ),
    (
        "Lv3TSO",
        [
            row("a", tsovisit="T"),
            row("b", exp_type="MIR_TACQ", pntgtype="TARGET_ACQUISITION", tsovisit="T"),
        ],
        "jw00001-o001_t001_miri_f770w", "a_calints b_cal",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "rows", "product", "files"), CASES)
def test_the_names_of_an_association(rule: str, rows: list[Row], product: str, files: str) -> None:
    (made,) = generate(pool_of(*rows), [MISSION.find(f"Asn_{rule}")], discover=False).associations
    assert made.products[0].name == product
    assert {member.expname for member in made.products[0].members} == {f"{name}.fits" for name in files.split()}


def test_a_direct_image_candidate_has_target_000() -> None:
    cell = candidates("c1000 direct_image")
    rows = [row("a", asn_candidate=cell), row("b", targetid="2", asn_candidate=cell)]
    (made,) = generate(pool_of(*rows), [MISSION.find("Asn_Lv3Image")], discover=False).associations
    assert made.products[0].name == "jw00001-c1000_t000_miri_f770w"
    assert made.target == "t000"


EVERYTHING = {
    "program": "12", "candidate": "c1000", "target": "3", "instrument": "nircam", "filter": "f1", "pupil": "p1",
    "grating": "g1", "pupil or grating": "q1", "fixed slit": "s1", "subarray": "sub1", "detector": "d1",
    "activity": "1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("template", "name", "name_of_nothing"),
    [
        (naming.TARGET, "jw00012-c1000_t003_nircam_f1-g1-p1-q1-s1-sub1", "jw-_t000__clear"),
        (naming.TARGET_WITHOUT_OPTICS, "jw00012-c1000_t003_nircam", "jw-_t000_"),
        (naming.SOURCE, "jw00012-c1000_{source_id}_nircam_f1-g1-p1-q1-s1-sub1", "jw-_{source_id}__clear"),
        (
            naming.FIXED_SLIT_SOURCE,
            "jw00012-c1000_t003-{source_id}_nircam_f1-g1-p1-q1-{slit_name}-sub1",
            "jw-_t000-{source_id}__clear-{slit_name}",
        ),
        (naming.CORONAGRAPHIC_IMAGE, "jw00012-c1000_t003_nircam_f1-g1-p1-q1-sub1-image3", "jw-_t000__clear-image3"),
        (
            naming.WAVEFRONT,
            "jw00012-c1000_t003_nircam_f1-g1-p1-q1-s1-sub1-d1_{suffix}-01",
            "jw-_t000__clear-_{suffix}-",
        ),
    ],
)
def test_a_template_shows_every_field(template: ProductName, name: str, name_of_nothing: str) -> None:
    assert template.text(EVERYTHING) == name
    assert template.text({}) == name_of_nothing


def test_a_template_without_parts_gives_each_product_the_empty_name() -> None:
    assert names((), {}, 2) == ["", ""]
