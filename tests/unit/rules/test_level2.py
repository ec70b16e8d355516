"""The mission's Level 2 rules on small pools: every association that all of them make."""

from __future__ import annotations

import itertools
from typing import Any, Literal

import pytest

from rules import MISSION
from solver import generate
from solver.associations.association import Association
from tests.unit.small import Row, candidates, pool_of, row

Engine = Literal["signatures", "constraint"]

MIRI = {"instrume": "MIRI", "detector": "MIRIMAGE"}
MRS = {
    "instrume": "MIRI", "exp_type": "MIR_MRS", "band": "SHORT", "channel": "12", "detector": "MIRIFUSHORT",
    "filter": "NULL", "mostilno": "1",
}  # fmt: skip
NIRSPEC = {"instrume": "NIRSPEC", "detector": "NRS1", "filter": "F290LP", "grating": "G395M"}
IFU = NIRSPEC | {"exp_type": "NRS_IFU", "mostilno": "1", "patttype": "CYCLING"}
IFU_NOD = IFU | {"patttype": "2-POINT-NOD"}
SLIT = NIRSPEC | {
    "exp_type": "NRS_FIXEDSLIT", "fxd_slit": "S200A1", "subarray": "SUBS200A1", "expspcin": "1", "numdthpt": "2",
    "subpxpts": "1",
}  # fmt: skip
MSA = NIRSPEC | {
    "exp_type": "NRS_MSASPEC", "msametfl": "x_msa.fits", "expspcin": "1", "numdthpt": "3", "subpxpts": "1",
}  # fmt: skip
LRS = MIRI | {"exp_type": "MIR_LRS-FIXEDSLIT", "filter": "P750L", "patttype": "ALONG-SLIT-NOD"}
MAPPED = LRS | {"patttype": "MAPPING"}
CONFIRMATION = MIRI | {"exp_type": "MIR_TACONFIRM", "filter": "F560W"}
MIR_IMAGE = MIRI | {"exp_type": "MIR_IMAGE"}
MIR_WFSS = MIRI | {"exp_type": "MIR_WFSS", "filter": "P750L"}
NIS = {"instrume": "NIRISS", "detector": "NIS", "pupil": "F150W"}
NIS_WFSS = NIS | {"exp_type": "NIS_WFSS", "filter": "GR150R"}
NIS_IMAGE = NIS | {"exp_type": "NIS_IMAGE", "filter": "CLEAR"}
NRC = {"instrume": "NIRCAM", "detector": "NRCALONG", "channel": "LONG"}
NRC_WFSS = NRC | {"exp_type": "NRC_WFSS", "filter": "F444W", "pupil": "GRISMR"}
NRC_IMAGE = NRC | {"exp_type": "NRC_IMAGE", "filter": "F444W", "pupil": "CLEAR"}
CORON = NRC | {"exp_type": "NRC_CORON", "filter": "F335M", "pupil": "MASKRND"}

BACKGROUND, IMPRINT, PSF = {"bkgdtarg": "T"}, {"is_imprt": "T"}, {"is_psf": "T"}


def of(*pairs: str) -> Row:
    """A candidate cell, and the number of the observation that it lists."""
    number = next(pair[3] for pair in pairs if pair.endswith("observation"))
    return {"asn_candidate": candidates(*pairs), "obs_num": number, "targetid": number}


def shared(number: int) -> Row:
    """In an observation with a target of its own, and in a background candidate that others share."""
    return of(f"o00{number} observation", "c1000 background")


def described(made: Association) -> str:
    """`Rule candidate: science a_rate, background b_rate`, without what all names begin and end with."""
    (product,) = made.products
    each = ", ".join(f"{member.exptype} {member.expname.removesuffix('.fits')}" for member in product.members)
    assert made.program == "00001"
    assert product.name == product.members[0].expname.rsplit("_", 1)[0]
    rule = made.asn_rule.removeprefix("Asn_").removeprefix("Lv2")
    return f"{rule} {made.asn_id}: {each}".replace("_rate", "").replace("jw00001-", "")


def level2(*rows: Row, **options: Any) -> list[str]:
    return sorted(map(described, generate(pool_of(*rows), MISSION.of_level(2), **options).associations))


#: exposures, and all associations; members are rates
CASES: dict[str, tuple[list[Row], list[str]]] = {
    "images": (
        [row("a", **MIR_IMAGE), row("b", **MIR_IMAGE)],
        ["Image o001: science a", "Image o001: science b"],
    ),
    "no candidate, no association": ([row("a", **MIR_IMAGE | {"asn_candidate": "NULL"})], []),
    "a group candidate is none of Level 2's": (
        [row("a", **MIR_IMAGE | {"asn_candidate": candidates("c1000 group")})], [],
    ),
    "a background candidate without a background": (
        [row("a", **MIR_IMAGE | {"asn_candidate": candidates("c1000 background")})], [],
    ),
    "an acquisition": (
        [row("t", **MIRI | {"exp_type": "MIR_TACQ", "pntgtype": "TARGET_ACQUISITION"})],
        ["ImageNonScience o001: science t"],
    ),
    "one background that two observations share": (
        [row("a", **MRS | shared(1)), row("b", **MRS | shared(2)), row("x", **MRS | shared(3) | BACKGROUND)],
        ["Spec c1000: science a, background x", "Spec c1000: science b, background x", "SpecSpecial o003: science x"],
    ),
    "one background that two slit spectra share": (
        [row("a", **MAPPED | shared(1)), row("b", **MAPPED | shared(2)), row("x", **MAPPED | shared(3) | BACKGROUND)],
        [
            "MIRLRSTAConfirm c1000: science a, background x", "MIRLRSTAConfirm c1000: science b, background x",
            "SpecSpecial o003: science x",
        ],
    ),
    "two backgrounds of one exposure": (
        [
            row("a", **MIR_IMAGE | of("o001 observation", "c1000 background", "c1001 background")),
            row("x", **MIR_IMAGE | BACKGROUND | of("o002 observation", "c1000 background")),
            row("y", **MIR_IMAGE | BACKGROUND | of("o003 observation", "c1001 background")),
        ],
        [
            "Image c1000: science a, background x", "Image c1001: science a, background y",
            "ImageSpecial o002: science x", "ImageSpecial o003: science y",
        ],
    ),
    "a PSF reference is science": (
        [
            row("a", **MIR_IMAGE | of("o001 observation", "c1000 psf")),
            row("p", **MIR_IMAGE | PSF | of("o002 observation", "c1000 psf")),
        ],
        ["Image o001: science a", "ImageSpecial o002: science p"],
    ),
    "imprints of each dither": (
        [
            row("a", **IFU | {"dithptin": "1"}), row("b", **IFU | {"dithptin": "2"}),
            row("i", **IFU | IMPRINT | {"dithptin": "1"}), row("j", **IFU | IMPRINT | {"dithptin": "2"}),
        ],
        [
            "Spec o001: science a, imprint i", "Spec o001: science b, imprint j",
            "SpecImprint o001: science i", "SpecImprint o001: science j",
        ],
    ),
    "imprints of the mosaic tile, a background of any": (
        [
            row("a", **IFU | shared(1)), row("i", **IFU | IMPRINT | shared(1)),
            row("b", **IFU | shared(1) | {"mostilno": "2"}), row("j", **IFU | IMPRINT | shared(1) | {"mostilno": "2"}),
            row("x", **IFU | BACKGROUND | shared(2)),
        ],
        [
            "Spec c1000: science a, background x, imprint i", "Spec c1000: science b, background x, imprint j",
            "SpecImprint o001: science i", "SpecImprint o001: science j", "SpecSpecial o002: science x",
        ],
    ),
    "an imprint with a background exposure": (
        [row("x", **IFU | BACKGROUND | shared(3)), row("i", **IFU | BACKGROUND | IMPRINT | shared(3))],
        ["SpecImprint o003: science i", "SpecSpecial o003: science x, imprint i"],
    ),
    "imprints with background exposures: by dither": (
        [
            row("x", **IFU | BACKGROUND | {"dithptin": "1"}), row("y", **IFU | BACKGROUND | {"dithptin": "2"}),
            row("i", **IFU | BACKGROUND | IMPRINT | {"dithptin": "1"}),
            row("j", **IFU | BACKGROUND | IMPRINT | {"dithptin": "2"}),
        ],
        [
            "SpecImprint o001: science i", "SpecImprint o001: science j",
            "SpecSpecial o001: science x, imprint i", "SpecSpecial o001: science y, imprint j",
        ],
    ),
    "an imprint of a background alone": (
        [row("i", **IFU | BACKGROUND | IMPRINT)], ["SpecSpecial o001: science i"],
    ),
    "an imprint alone": ([row("i", **IFU | IMPRINT)], ["SpecImprint o001: science i"]),
    "nods with imprints, as many as nods": (
        [
            row("a", **IFU_NOD | {"dithptin": "1"}), row("b", **IFU_NOD | {"dithptin": "2"}),
            row("i", **IFU_NOD | IMPRINT | {"dithptin": "1"}), row("j", **IFU_NOD | IMPRINT | {"dithptin": "2"}),
        ],
        [
            "NRSIFUNod o001: science a, background b, imprint i, imprint j",
            "NRSIFUNod o001: science b, background a, imprint i, imprint j",
            "SpecImprint o001: science i", "SpecImprint o001: science j",
        ],
    ),
    "nods with a background candidate": (
        [
            row("a", **IFU_NOD | shared(1) | {"dithptin": "1"}), row("b", **IFU_NOD | shared(1) | {"dithptin": "2"}),
            row("i", **IFU_NOD | IMPRINT | shared(1) | {"dithptin": "1"}),
            row("x", **IFU_NOD | BACKGROUND | shared(2) | {"dithptin": "1"}),
        ],
        [
            "NRSIFUNod c1000: science a, background b, background x, imprint i",
            "NRSIFUNod c1000: science b, background a, background x, imprint i",
            "SpecImprint o001: science i", "SpecSpecial o002: science x",
        ],
    ),
    "a fixed-slit background joins every group that it fits": (
        [
            row("a", **SLIT | shared(1) | {"patt_num": "1"}),
            row("b", **SLIT | shared(1) | {"patt_num": "1", "expspcin": "2"}),
            row("x", **SLIT | BACKGROUND | shared(2) | {"patt_num": "1"}),
        ],
        [
            "NRSFSS c1000: science a, background x", "NRSFSS c1000: science b, background x",
            "SpecSpecial o002: science x",
        ],
    ),
    "every slit by itself": (
        [
            row("a", **SLIT | {"subarray": "FULL", "patt_num": "1"}),
            row("b", **SLIT | {"subarray": "FULL", "patt_num": "2", "fxd_slit": "S400A1"}),
            row("c", **SLIT | {"subarray": "FULL", "patt_num": "3", "fxd_slit": "S1600A1"}),
        ],
        ["NRSFSS o001: science a", "NRSFSS o001: science b", "NRSFSS o001: science c"],
    ),
    "fixed-slit nods": (
        [row("a", **SLIT | {"patt_num": "1"}), row("b", **SLIT | {"patt_num": "2"})],
        ["NRSFSS o001: science a, background b", "NRSFSS o001: science b, background a"],
    ),
    "a fixed slit whose spectrum falls on the other detector": ([row("a", **SLIT | {"detector": "NRS2"})], []),
    "shutter nods": (
        [row(name, **MSA | {"patt_num": number}) for name, number in zip("abc", "122", strict=True)],
        [
            "NRSMSA o001: science a, background b, background c",
            "NRSMSA o001: science b, background a", "NRSMSA o001: science c, background a",
        ],
    ),
    "slit nods: every other position": (
        [
            row("t", **CONFIRMATION | {"visit": "1"}),
            *(
                row(name, **LRS | {"patt_num": number, "visit": "1"})
                for name, number in zip("abcd", "1212", strict=True)
            ),
        ],
        [
            "ImageNonScience o001: science t",
            "MIRLRSFixedSlitNod o001: science a, background b, background d, target_acquisition t",
            "MIRLRSFixedSlitNod o001: science b, background a, background c, target_acquisition t",
            "MIRLRSFixedSlitNod o001: science c, background b, background d, target_acquisition t",
            "MIRLRSFixedSlitNod o001: science d, background a, background c, target_acquisition t",
        ],
    ),
    "slit nods at three positions": (
        [row(name, **LRS | {"patt_num": number}) for name, number in zip("abc", "123", strict=True)],
        [
            "MIRLRSFixedSlitNod o001: science a, background b, background c",
            "MIRLRSFixedSlitNod o001: science b, background a, background c",
            "MIRLRSFixedSlitNod o001: science c, background a, background b",
        ],
    ),
    "slit nods: position 10 is not position 1": (
        [row("a", **LRS | {"patt_num": "1"}), row("b", **LRS | {"patt_num": "10"})],
        ["MIRLRSFixedSlitNod o001: science a, background b", "MIRLRSFixedSlitNod o001: science b, background a"],
    ),
    "slit nods have no background candidates": (
        [
            row("a", **LRS | shared(1) | {"patt_num": "1"}), row("b", **LRS | shared(1) | {"patt_num": "2"}),
            row("x", **LRS | shared(2) | BACKGROUND | {"patt_num": "1"}),
        ],
        [
            # the background candidate's has as many members, so that both stay
            "MIRLRSFixedSlitNod o001: science a, background b", "MIRLRSFixedSlitNod o001: science b, background a",
            "MIRLRSTAConfirm c1000: science a, background x", "MIRLRSTAConfirm c1000: science b, background x",
            "SpecSpecial o002: science x",
        ],
    ),
    "confirmation images of the own visit": (
        [
            row("t", **CONFIRMATION | {"visit": "1"}), row("a", **MAPPED | {"visit": "1"}),
            row("u", **CONFIRMATION | {"visit": "2"}), row("b", **MAPPED | {"visit": "2"}),
        ],
        [
            "ImageNonScience o001: science t", "ImageNonScience o001: science u",
            "MIRLRSTAConfirm o001: science a, target_acquisition t",
            "MIRLRSTAConfirm o001: science b, target_acquisition u",
        ],
    ),
    "else of the own observation": (
        [
            row("t", **CONFIRMATION | {"visit": "1"}), row("a", **MAPPED | {"visit": "1"}),
            row("b", **MAPPED | {"visit": "2"}),
        ],
        [
            "ImageNonScience o001: science t",
            "MIRLRSTAConfirm o001: science a, target_acquisition t",
            "MIRLRSTAConfirm o001: science b, target_acquisition t",
        ],
    ),
    "an acquisition is not a confirmation": (
        [row("t", **CONFIRMATION | {"visit": "1", "exp_type": "MIR_TACQ"}), row("a", **MAPPED | {"visit": "1"})],
        ["ImageNonScience o001: science t", "MIRLRSTAConfirm o001: science a"],
    ),
    "the next direct image; of two the first in place": (
        [
            row("s", **MIR_WFSS | {"visit": "1", "expspcin": "1"}),
            row("x", **MIR_IMAGE | {"visit": "2", "expspcin": "2", "filter": "F560W"}),
            row("y", **MIR_IMAGE | {"visit": "3", "expspcin": "2", "filter": "F770W"}),
        ],
        [
            "Image o001: science x", "Image o001: science y",
            (
                "WFSSMIR o001: science s, direct_image o001_t001_miri_f560w_i2d, segmap o001_t001_miri_f560w_segm, "
                "sourcecat o001_t001_miri_f560w_cat.ecsv"
            ),
        ],
    ),
    "no direct image after the spectrum: the first in place": (
        [
            row("x", **NRC_IMAGE | {"act_id": "01", "expspcin": "1", "filter": "F356W"}),
            row("y", **NRC_IMAGE | {"act_id": "02", "expspcin": "2"}),
            row("s", **NRC_WFSS | {"act_id": "03", "expspcin": "3"}),
        ],
        [
            "Image o001: science x", "Image o001: science y",
            (
                "WFSSNRC o001: science s, direct_image o001_t001_nircam_clear-f356w_i2d, "
                "segmap o001_t001_nircam_clear-f356w_segm, sourcecat o001_t001_nircam_clear-f356w_cat.ecsv"
            ),
        ],
    ),
    "two dithers of a direct image have one name": (
        [
            row("s", **NIS_WFSS | {"expspcin": "1"}), row("x", **NIS_IMAGE | {"expspcin": "2"}),
            row("y", **NIS_IMAGE | {"expspcin": "2"}), row("z", **NIS_IMAGE | {"expspcin": "2", "pupil": "F200W"}),
        ],
        [
            "Image o001: science x", "Image o001: science y", "Image o001: science z",
            (
                "WFSSNIS o001: science s, direct_image o001_t001_niriss_clear-f150w_i2d, "
                "segmap o001_t001_niriss_clear-f150w_segm, sourcecat o001_t001_niriss_clear-f150w_cat.ecsv"
            ),
        ],
    ),
    "slitless spectra without a direct image": ([row("s", **NIS_WFSS | {"expspcin": "1"})], []),
    "in parallel: the image on the long detector, as the candidate pairs them": (
        [
            row("s", **NRC_WFSS | of("o001 observation", "c1000 direct_image")),
            row("x_nrca1", **NRC_IMAGE | of("o002 observation", "c1000 direct_image") | {"detector": "NRCA1",
                "filter": "F200W"}),
            row("x_nrcalong", **NRC_IMAGE | of("o002 observation", "c1000 direct_image")),
        ],
        [
            "Image o002: science x_nrca1", "Image o002: science x_nrcalong",
            (
                "WFSSParallel c1000: science s, direct_image c1000_t000_nircam_clear-f444w_i2d, "
                "segmap c1000_t000_nircam_clear-f444w_segm, sourcecat c1000_t000_nircam_clear-f444w_cat.ecsv"
            ),
        ],
    ),
    "in parallel: never across programs": (
        [
            row("s", **NRC_WFSS | {"asn_candidate": candidates("c1000 direct_image")}),
            row("x_nrcalong", **NRC_IMAGE | {"program": "2", "asn_candidate": candidates("c1000 direct_image")}),
        ],
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("engine", ["signatures", "constraint"])
@pytest.mark.parametrize("case", CASES)
def test_all_associations(case: str, engine: Engine) -> None:
    rows, expected = CASES[case]
    assert level2(*rows, engine=engine) == sorted(expected)


@pytest.mark.parametrize("case", [case for case in CASES if len(CASES[case][0]) < 5])
def test_they_do_not_depend_on_the_order_of_rows(case: str) -> None:
    rows, expected = CASES[case]
    for shuffled in itertools.islice(itertools.permutations(rows), 1, None, 5):
        assert level2(*shuffled) == sorted(expected)


#: the exposure, and the rules that it makes a product of with the type and the product that is calibrated
PRODUCTS: list[tuple[Row, list[str]]] = [
    (MIR_IMAGE, ["Image image2 a_rate"]),
    (MIR_IMAGE | {"tsovisit": "T"}, ["ImageTSO tso-image2 a_rateints"]),
    (MIR_IMAGE | BACKGROUND, ["ImageSpecial image2 a_rate"]),
    (MIR_IMAGE | {"exp_type": "MIR_LYOT"}, ["Image image2 a_rateints"]),
    (MIR_IMAGE | {"exp_type": "MIR_4QPM"}, ["Image image2 a_rateints"]),
    (MIR_IMAGE | {"exp_type": "MIR_4QPM"} | PSF, ["ImageSpecial image2 a_rateints"]),
    (CORON | {"subarray": "SUB320A335R"}, ["Image image2 a_rateints"]),
    (CORON | {"subarray": "SUB320A335R"} | PSF, ["ImageSpecial image2 a_rateints"]),
    (CORON, ["CoronAsRate image2 a_rate", "Image image2 a_rateints"]),
    (CORON | {"detector": "NRCA2"}, ["CoronAsRate image2 a_rate", "Image image2 a_rateints"]),
    (CORON | {"detector": "NRCA1"}, ["Image image2 a_rate"]),
    (NIS | {"exp_type": "NIS_AMI", "filter": "F480M"}, ["Image image2 a_rateints"]),
    (NRC_IMAGE | {"exp_type": "NRC_TSIMAGE"}, ["ImageTSO tso-image2 a_rateints"]),
    (NRC_IMAGE | {"visitype": "PRIME_WFSC_ROUTINE"}, ["WFSC image2 a_rate"]),
    (NRC_IMAGE | {"visitype": "PRIME_WFSC_ROUTINE", "dms_note": "WFSC_LOS_JITTER"}, []),
    (NRC_IMAGE | {"filter": "OPAQUE"}, []),
    ({"instrume": "FGS", "detector": "GUIDER1", "exp_type": "FGS_IMAGE", "filter": "NULL"}, ["FGS image2 a_rate"]),
    ({"instrume": "FGS", "detector": "GUIDER1", "exp_type": "FGS_FOCUS", "filter": "NULL"}, ["FGS image2 a_rate"]),
    (MIRI | {"exp_type": "MIR_TACQ", "tsovisit": "T", "pntgtype": "TARGET_ACQUISITION"},
        ["ImageNonScience image2 a_rate"]),
    (MIRI | {"exp_type": "MIR_CORONCAL"}, ["ImageNonScience image2 a_rate"]),
    (NIRSPEC | {"exp_type": "NRS_IMAGE"}, ["ImageNonScience image2 a_rate"]),
    (MSA | {"grating": "MIRROR", "msastate": "PRIMARYPARK_ALLOPEN", "msametfl": "NULL"},
        ["ImageNonScience image2 a_rate"]),
    (MRS, ["Spec spec2 a_rate"]),
    (MRS | {"tsovisit": "T"}, ["SpecTSO tso-spec2 a_rateints"]),
    (MRS | BACKGROUND, ["SpecSpecial spec2 a_rate"]),
    (MRS | {"mostilno": "NULL"}, []),
    (IFU, ["Spec spec2 a_rate"]),
    (IFU | {"detector": "NRS2"}, []),
    (IFU | {"patttype": "4-POINT-NOD"}, ["NRSIFUNod spec2 a_rate"]),
    (MAPPED, ["MIRLRSTAConfirm spec2 a_rate"]),
    (MAPPED | {"exp_type": "MIR_LRS-SLITLESS", "tsovisit": "T"}, ["MIRLRSTAConfirm spec2 a_rateints"]),
    (NIRSPEC | {"exp_type": "NRS_BRIGHTOBJ", "fxd_slit": "S1600A1"}, ["SpecTSO tso-spec2 a_rateints"]),
    (NRC_WFSS | {"exp_type": "NRC_TSGRISM"}, ["SpecTSO tso-spec2 a_rateints"]),
    (NRC_WFSS | {"exp_type": "NRC_TSGRISM", "detector": "NRCBLONG"}, []),
    (NRC_WFSS | {"exp_type": "NRC_TSGRISM", "pupil": "CLEAR"}, []),
    (NIS | {"exp_type": "NIS_SOSS", "filter": "CLEAR", "pupil": "GR700XD", "mostilno": "1"}, ["Spec spec2 a_rate"]),
    (NIS | {"exp_type": "NIS_SOSS", "filter": "CLEAR", "tsovisit": "T"}, ["SpecTSO tso-spec2 a_rateints"]),
    (NIS | {"exp_type": "NIS_SOSS", "filter": "F277W", "tsovisit": "T"}, []),
    (NIRSPEC | {"exp_type": "NRS_LAMP", "grating": "MIRROR", "opmode": "IMAGE"}, ["NRSLAMPImage image2 a_rate"]),
    (
        NIRSPEC | {"exp_type": "NRS_LAMP", "grating": "G395M", "filter": "OPAQUE", "lamp": "LINE3",
            "opmode": "FIXEDSLIT"},
        ["NRSLAMPSpectral nrslamp-spec2 a_rate"],
    ),
    (
        NIRSPEC | {"exp_type": "NRS_LAMP", "grating": "G395M", "filter": "OPAQUE", "lamp": "NOLAMP",
            "opmode": "FIXEDSLIT"},
        [],
    ),
    ({"exp_type": "MIR_DARKIMG"} | {"detector": "MIRIMAGE"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("values", "expected"), PRODUCTS, ids=[str(each) for each, _ in PRODUCTS])
def test_what_is_made_of_a_single_exposure(values: Row, expected: list[str]) -> None:
    made = generate(pool_of(row("a", **values)), MISSION.of_level(2)).associations
    assert all(each.products[0].name == "a" for each in made)
    assert [
        f"{each.asn_rule.removeprefix('Asn_').removeprefix('Lv2')} {each.asn_type} "
        + " ".join(member.expname.removesuffix(".fits") for member in each.products[0].members)
        for each in sorted(made, key=lambda each: each.asn_rule)
    ] == expected


@pytest.mark.parametrize(
    ("name", "product", "member"),
    [
        ("jw00001001001_02101_00001_mirimage_uncal.fits", "jw00001001001_02101_00001_mirimage",
            "jw00001001001_02101_00001_mirimage_rate.fits"),
        ("JW1_A_uncal.fits", "JW1_A", "JW1_A_rate.fits"),
        ("a_rate.fits", "a", "a_rate.fits"),
        ("other.fits", "other", "other.fits"),
    ],
)  # fmt: skip
def test_a_product_is_named_by_its_science_exposure(name: str, product: str, member: str) -> None:
    (made,) = generate(pool_of(row("a", **MIR_IMAGE) | {"filename": name}), MISSION.of_level(2)).associations
    assert [(each.name, [member.expname for member in each.members]) for each in made.products] == [(product, [member])]
    assert made.file_name == "jw00001-o001_image2_00001_asn.json"
    assert made.products[0].members[0].asn_candidate is None


@pytest.mark.parametrize(("given", "target"), [("1", "1"), ("012", "012"), ("", "null")])
def test_the_target_is_that_of_the_science_exposure(given: str, target: str) -> None:
    rows = [row("b", **MIR_IMAGE | shared(1) | {"targetid": given}), row("a", **MIR_IMAGE | shared(2) | BACKGROUND)]
    made = generate(pool_of(*rows), MISSION.of_level(2), candidates=["c1000"]).associations
    assert [(described(each), each.target) for each in made] == [("Image c1000: science b, background a", target)]


def test_a_level_2_association_has_exactly_one_science_exposure() -> None:
    for rows, _ in CASES.values():
        for made in generate(pool_of(*rows), MISSION.of_level(2)).associations:
            assert [member.exptype for member in made.products[0].members].count("science") == 1


def test_level_2_rules_are_found_by_name_in_any_case() -> None:
    assert MISSION.find("asn_lv2image").__name__ == "Asn_Lv2Image"
    assert MISSION.find("ASN_MIRLRSTACONFIRM").__name__ == "Asn_MIRLRSTAConfirm"
