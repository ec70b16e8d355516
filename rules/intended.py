"""What is meant to be so, though an analysis of the rules asks about it.

`asnsolve verify` finds where rules overlap, what they leave out, where the levels do not fit, and which constraints
change nothing. What is found in the mission's rules and belongs there is declared here, with the reason. Many of the
reasons are those of the reference, whose outcome is kept.
"""

from __future__ import annotations

from rules import exposure_types
from rules.optical_paths import FIXED_SLIT_ON_DETECTOR, IFU_ON_DETECTOR, LAMP_ON_DETECTOR, SOSS_UNCALIBRATED
from rules.vocabulary import absent, all_of, any_of, contains, not_, one_of, present
from rules.vocabulary.intentions import Gap, Intention, Overlap, Spare, Unmade, gap, overlap, spare, unmade

# --- Gaps ---------------------------------------------------------------------------------------

_CALIBRATION = one_of(
    "exp_type",
    "fgs_dark", "fgs_intflat", "fgs_skyflat", "nis_extcal", "nis_lamp", "nrc_grism", "nrc_led", "nrc_wfsc",
    *exposure_types.ROLE_TYPES["dark"],
    *exposure_types.ROLE_TYPES["flat"],
)  # fmt: skip
_GUIDING = one_of(
    "exp_type", "fgs_acq1", "fgs_acq2", "fgs_fineguide", "fgs_id-image", "fgs_id-stack", "fgs_track"
)
_CLOSED = one_of("filter", "opaque")
_SLITS = one_of("exp_type", "nrs_fixedslit", "nrs_brightobj")
_LAMPS = one_of("exp_type", "nrs_lamp", "nrs_autoflat", "nrs_autowave")
_BESIDE = any_of(
    all_of(_SLITS, not_(FIXED_SLIT_ON_DETECTOR)),
    all_of(one_of("exp_type", "nrs_ifu"), not_(IFU_ON_DETECTOR)),
)
_NO_SHUTTERS = all_of(one_of("exp_type", "nrs_msaspec"), absent("msametfl"))
_SOSS = one_of("exp_type", "nis_soss")

_TELESCOPE = contains("visitype", "wfsc")
_SINGLE = one_of("exp_type", "fgs_focus", "mir_coroncal", *exposure_types.ACQUISITION, *exposure_types.ROLE_TYPES["engineering"])
_UNCALIBRATED = all_of(_SOSS, any_of(absent("filter"), one_of("filter", *SOSS_UNCALIBRATED)))
_NOT_DISPERSED = all_of(
    one_of("exp_type", "nrc_tsgrism"), any_of(one_of("pupil", "clear", "gdhs0", "gdhs60"), one_of("detector", "nrcblong"))
)
_STRIPES = all_of(one_of("exp_type", "nrc_tsgrism"), contains("subarray", "stripe"))

GAPS: tuple[Gap, ...] = (
    *(gap(level, _CALIBRATION, because="darks, flats and lamps are made into reference files, not into science products") for level in (2, 3)),
    *(gap(level, _GUIDING, because="exposures of the guider have a pipeline of their own") for level in (2, 3)),
    *(gap(level, all_of(_CLOSED, not_(_LAMPS)), because="no light of the sky comes through a closed filter wheel") for level in (2, 3)),
    *(gap(level, _BESIDE, because="the spectrum falls beside this detector") for level in (2, 3)),
    gap(2, _LAMPS, because="only lamp exposures that give a spectrum or image on the detector are calibrated"),
    *(gap(level, _NO_SHUTTERS, because="without a table of the open shutters the spectra cannot be told apart") for level in (2, 3)),
    *(gap(level, _UNCALIBRATED, because="there is no calibration of this filter") for level in (2, 3)),
    *(gap(level, _NOT_DISPERSED, because="only the dispersed light is calibrated as a time series") for level in (2, 3)),
    gap(2, all_of(one_of("exp_type", "fgs_focus"), _TELESCOPE), because="as the reference: wavefront sensing takes images alone"),
    gap(2, all_of(one_of("exp_type", "mir_mrs", "nis_soss", "nrs_ifu"), one_of("patttype", "2-point-nod", "4-point-nod", "along-slit-nod")), because="as the reference"),
    gap(3, _SINGLE, because="calibrated one by one and not combined"),
    gap(3, all_of(_LAMPS), because="lamp exposures are not combined"),
    gap(3, _TELESCOPE, because="of wavefront sensing only pairs are combined"),
    gap(3, all_of(one_of("exp_type", *exposure_types.CORONAGRAPHY), present("bkgdtarg")), because="backgrounds of coronagraphy are subtracted at Level 2 and not combined"),
    gap(3, all_of(one_of("exp_type", "nrc_coron"), one_of("subarray", "full"), present("is_psf")), because="beside the mask a reference star is of no use"),
    gap(3, all_of(one_of("exp_type", *exposure_types.IFU), one_of("tsovisit", "t")), because="calwebb_tso3 has no use for integral field spectra"),
    gap(3, one_of("exp_type", "mir_lrs-slitless"), because="as the reference: combined only as time series"),
    gap(3, all_of(one_of("exp_type", "mir_lrs-fixedslit"), not_(one_of("patttype", "2-point-nod", "4-point-nod", "along-slit-nod"))), because="as the reference: only nods are combined"),
    gap(3, all_of(_SOSS, not_(one_of("patttype", "2-point-nod", "4-point-nod", "along-slit-nod"))), because="as the reference"),
    gap(3, all_of(_SOSS, one_of("nints", "1")), because="one integration is no time series"),
    gap(3, all_of(one_of("exp_type", "nrc_wfss"), not_(one_of("pupil", "grismr", "grismc"))), because="the short-wave detectors see images"),
    gap(3, _STRIPES, because="calwebb_tso3 has no reference data for these subarrays"),
    gap(3, present("is_imprt"), because="imprints are subtracted at Level 2"),
)

INTENDED: tuple[Intention, ...] = (*GAPS,
    unmade("", all_of(_CLOSED, not_(_LAMPS)), because="x"),
    unmade("", _BESIDE, because="x"),
    unmade("", _NO_SHUTTERS, because="x"),
)
