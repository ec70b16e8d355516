"""Optical paths: which combinations of slit, mask, grating, filter and detector give data.

Source: the instruments' documentation, as restated by the calibration pipeline 3.0.0.
"""

from __future__ import annotations

from itertools import product

from rules.vocabulary import absent, all_of, any_of, combination, mapped, not_, one_of, present

#: S200A1 and S200A2 are two slits of one mode: a source is dithered between them.
FIXED_SLIT = mapped("fixed slit", "fxd_slit", {"s200a1": "s200a1-s200a2", "s200a2": "s200a1-s200a2"})

_DETECTORS = ("nrs1", "nrs2")
_SHORTEST_WAVELENGTHS = (("g140h", "f070lp"), ("g140m", "f070lp"))
_HIGH_RESOLUTION = (("g140h", "f100lp"), ("g235h", "f170lp"), ("g395h", "f290lp"))
_LOWER_RESOLUTION = (("prism", "clear"), ("g140m", "f100lp"), ("g235m", "f170lp"), ("g395m", "f290lp"))

#: Grating, filter and detector of light that went through a slit on the A side, or the IFU.
_A_SIDE = (
    *((*path, detector) for path in _HIGH_RESOLUTION for detector in _DETECTORS),
    *((*path, "nrs1") for path in (*_LOWER_RESOLUTION, *_SHORTEST_WAVELENGTHS)),
)
#: The same for the slit on the B side. The shortest wavelengths fall on both detectors.
_B_SIDE = (
    *((*path, detector) for path in _SHORTEST_WAVELENGTHS for detector in _DETECTORS),
    *((*path, "nrs2") for path in (*_LOWER_RESOLUTION, *_HIGH_RESOLUTION)),
)

#: NIRSpec fixed slits: the spectrum falls on this detector.
FIXED_SLIT_ON_DETECTOR = combination(
    "NIRSpec fixed slits and their detectors",
    (mapped("side of the slit", "fxd_slit", {"s200b1": "b"}, otherwise="a"), "grating", "filter", "detector"),
    (*(("a", *path) for path in _A_SIDE), *(("b", *path) for path in _B_SIDE)),
)

#: NIRSpec IFU: the spectrum falls on this detector. Other exposure types are not affected.
IFU_ON_DETECTOR = any_of(
    not_(one_of("exp_type", "nrs_ifu")),
    combination("NIRSpec IFU gratings and their detectors", ("grating", "filter", "detector"), _A_SIDE),
)

_LAMPS = {
    "g140h": ("flat1", "flat4", "line1", "ref"), "g235h": ("flat2", "line2"), "g395h": ("flat3", "line3"),
    "g140m": ("flat1", "flat4", "line1"), "g235m": ("flat2", "line2"), "g395m": ("flat3", "line3"),
    "prism": ("flat5", "line4", "test"),
}  # fmt: skip

_LAMP_THROUGH_IFU = all_of(
    one_of("opmode", "ifu"),
    present("lamp"),
    any_of(
        combination(
            "NIRSpec IFU gratings under a lamp and their detectors",
            ("grating", "detector"),
            (*product(("g235h", "g395h"), _DETECTORS), *product(("g140m", "g235m", "g395m", "prism"), ("nrs1",))),
        ),
        all_of(one_of("grating", "g140h"), not_(all_of(one_of("detector", "nrs2"), one_of("lamp", "flat4")))),
    ),
)
_LAMP_THROUGH_SLIT = all_of(
    one_of("opmode", "fixedslit"),
    combination(
        "NIRSpec fixed slits under a lamp and their detectors",
        ("grating", "lamp", "detector"),
        (path for grating, lamps in _LAMPS.items() for path in product((grating,), lamps, _DETECTORS)),
    ),
)

#: NIRSpec lamps: the light falls on this detector. Through the shutters it may fall on both.
LAMP_ON_DETECTOR = all_of(
    present("detector"), present("grating"), any_of(one_of("opmode", "msaspec"), _LAMP_THROUGH_IFU, _LAMP_THROUGH_SLIT)
)

#: NIRCam coronagraphy: in full frame, the detectors that do not see the mask.
BESIDE_THE_MASK = all_of(
    one_of("subarray", "full"),
    combination(
        "NIRCam detectors beside the coronagraphic masks",
        ("pupil", "detector"),
        (*product(("maskbar",), ("nrca1", "nrca2", "nrca3")), *product(("maskrnd",), ("nrca1", "nrca3", "nrca4"))),
    ),
)

#: NIRCam coronagraphy: the occulted target is on this detector.
MASK_ON_DETECTOR = all_of(present("detector"), present("subarray"), present("pupil"), not_(BESIDE_THE_MASK))

#: NIRISS single-object slitless spectra (SOSS): this filter has no calibration.
SOSS_UNCALIBRATED = all_of(one_of("exp_type", "nis_soss"), any_of(absent("filter"), one_of("filter", "f277w")))

#: NIRSpec time series: the spectrum falls beside this detector.
BRIGHT_OBJECT_BESIDE = all_of(one_of("exp_type", "nrs_brightobj"), not_(FIXED_SLIT_ON_DETECTOR))
