"""The intended findings of an analysis of the rules.

`asnsolve verify` finds where rules overlap, what they leave out, where the levels do not fit, and which constraints
change nothing. What it finds in the mission's rules is declared here, with the reason. A reason that begins with "as
the reference" says that the outcome of the reference is kept for no better reason.
"""

from __future__ import annotations

from rules.exposure_types import ACQUISITION, CORONAGRAPHY, GUIDE_STAR, IFU, IS_NODDED, ROLE_TYPES, SPECTRUM
from rules.optical_paths import FIXED_SLIT_ON_DETECTOR, IFU_ON_DETECTOR, SOSS_UNCALIBRATED
from rules.vocabulary import absent, all_of, any_of, contains, has, not_, one_of, present, same
from rules.vocabulary.intentions import Intention, Overlap, gap, overlap, spare, unmade, unnamed

_BACKGROUND = present("bkgdtarg")

# --- Exposures that have a reason of their own ----------------------------------------------------

_CALIBRATION = one_of(
    "exp_type", "fgs_dark", "fgs_intflat", "fgs_skyflat", "nis_extcal", "nis_lamp", "nrc_grism", "nrc_led", "nrc_wfsc",
    *ROLE_TYPES["dark"], *ROLE_TYPES["flat"],
)  # fmt: skip
_SINGLE = one_of("exp_type", "fgs_focus", "mir_coroncal", *ACQUISITION, *ROLE_TYPES["engineering"])
_LAMPS = one_of("exp_type", "nrs_lamp", "nrs_autoflat", "nrs_autowave")
_CLOSED = all_of(one_of("filter", "opaque"), not_(_LAMPS))
_BESIDE = any_of(
    all_of(one_of("exp_type", "nrs_fixedslit", "nrs_brightobj"), not_(FIXED_SLIT_ON_DETECTOR)),
    all_of(one_of("exp_type", "nrs_ifu"), not_(IFU_ON_DETECTOR)),
)
_NO_SHUTTERS = all_of(one_of("exp_type", "nrs_msaspec"), absent("msametfl"))
_SOSS = one_of("exp_type", "nis_soss")
_NOT_DISPERSED = all_of(
    one_of("exp_type", "nrc_tsgrism"),
    any_of(one_of("pupil", "clear", "gdhs0", "gdhs60"), one_of("detector", "nrcblong")),
)
_WAVEFRONT = contains("visitype", "wfsc")

#: Exposures that no rule of either level can use.
_NOTHING = (
    (_CALIBRATION, "darks, flats and lamps of this kind are made into reference files, not into science products"),
    (one_of("exp_type", *GUIDE_STAR), "exposures of the guider have a pipeline of their own"),
    (_CLOSED, "no light of the sky comes through a closed filter wheel"),
    (_BESIDE, "the spectrum falls beside this detector"),
    (_NO_SHUTTERS, "without a table of the open shutters the spectra cannot be separated"),
    (SOSS_UNCALIBRATED, "there is no calibration for this filter"),
    (_NOT_DISPERSED, "of a grism time series only the dispersed light is processed"),
)

# --- Reasons given more than once ----------------------------------------------------------------

_NO_SPECTRUM = "as in jwst: every background member is a spectrum, and images have none"
_IN_TIME_SERIES = "as in jwst: a time series takes every exposure of its visit that agrees, calibrated or not"
_PSF = "a PSF reference is science of both; the larger stays, or one of equals"
_LAST_STAYS = "as in jwst: the larger of two associations stays, of equals that of the rule whose name sorts last"
_APART = "as in jwst: {} are combined separately, under one name"
_SUBJECT = "it names the subject of the rule, though other constraints suffice"
_AS_REASON = "it is stated so that it can be named as the reason for an orphan"
_IMPLIED = "other constraints imply it; it is stated so that the association names it"

# --- What is intended ---------------------------------------------------------------------------


def _each(one: str, *others: str, because: str) -> tuple[Overlap, ...]:
    return tuple(overlap(one, other, because=because) for other in others)


#: Everything that is intended.
INTENDED: tuple[Intention, ...] = (
    # --- Gaps
    *(gap(level, where, because=because) for level in (2, 3) for where, because in _NOTHING),
    gap(2, _LAMPS, because="only lamp exposures that put light on the detector are calibrated"),
    gap(2, all_of(one_of("exp_type", "fgs_focus"), _WAVEFRONT),
        because="as in jwst: the rule for wavefront sensing takes images alone, the guider's rule none of it"),
    gap(2, all_of(one_of("exp_type", "mir_mrs", "nis_soss", "nrs_ifu"), IS_NODDED),
        because="as in jwst: these nods have no rule, and the rule for spectra refuses nods"),
    gap(3, _SINGLE, because="these are calibrated one by one and not combined"),
    gap(3, _LAMPS, because="lamp exposures are not combined"),
    gap(3, _WAVEFRONT, because="of wavefront sensing only dithered pairs are combined"),
    gap(3, present("is_imprt"), because="imprints are subtracted at Level 2"),
    gap(3, all_of(one_of("exp_type", *CORONAGRAPHY), _BACKGROUND), because="Level 2 subtracts these backgrounds"),
    gap(3, all_of(one_of("exp_type", "nrc_coron"), one_of("subarray", "full"), present("is_psf")),
        because="a reference star beside the mask is of no use"),
    gap(3, all_of(one_of("exp_type", *IFU), one_of("tsovisit", "t")),
        because="calwebb_tso3 does not process integral field spectra"),
    gap(3, one_of("exp_type", "mir_lrs-slitless"), because="as in jwst: combined as a time series only"),
    gap(3, all_of(one_of("exp_type", "mir_lrs-fixedslit"), not_(IS_NODDED)),
        because="as in jwst: spectra along the slit are combined only if they are nodded"),
    gap(3, all_of(_SOSS, not_(IS_NODDED)),
        because='as in jwst: the rule for single spectra takes none with a PATTTYPE, and archives write "NONE"'),
    gap(3, all_of(_SOSS, one_of("nints", "1")), because="one integration is not a time series"),
    gap(3, all_of(one_of("exp_type", "nrc_wfss"), not_(one_of("pupil", "grismr", "grismc"))),
        because="the short-wave detectors take images beside the spectra"),
    gap(3, all_of(one_of("exp_type", "nrc_tsgrism"), contains("subarray", "stripe")),
        because="calwebb_tso3 has no reference data for these subarrays"),

    # --- Levels that do not fit
    *(unmade(rule, _BACKGROUND, because=_NO_SPECTRUM) for rule in ("Asn_Lv3AMI", "Asn_Lv3WFSCMB")),
    unmade("Asn_Lv3TSO", _BACKGROUND, because=f"{_NO_SPECTRUM}; {_IN_TIME_SERIES.removeprefix('as in jwst: ')}"),
    unmade("Asn_Lv3TSO", any_of(_CLOSED, _BESIDE, _NO_SHUTTERS), because=_IN_TIME_SERIES),
    unmade("Asn_Lv3TSO", one_of("dms_note", "wfsc_los_jitter"), because=_IN_TIME_SERIES),
    unmade("Asn_Lv3ImageBackground", one_of("exp_type", "fgs_image"),
        because="as in jwst: the rule for images of background targets requires a filter; the guider has none"),
    unmade("Asn_Lv3MIRMRS", IS_NODDED, because="as in jwst: nods of this exposure type have no Level 2 rule"),
    unmade("Asn_Lv3NRSIFU", IS_NODDED, because="as in jwst: nods along the slit have no Level 2 rule here"),
    unmade("Asn_Lv3SpectralTarget", _SOSS,
           because="as in jwst: nodded single-object spectra have no Level 2 rule"),
    unmade("Asn_Lv3SpecAux", any_of(_CLOSED, _BESIDE), because="as in jwst: it does not test the detector"),
    unmade("Asn_Lv3SpectralSource", _CLOSED, because="as in jwst: it does not test the filter"),

    # --- Overlaps
    *_each("Asn_Lv2ImageSpecial", "Asn_Lv2Image", because=_PSF),
    *_each("Asn_Lv2SpecSpecial", "Asn_Lv2MIRLRSFixedSlitNod", "Asn_Lv2NRSFSS", "Asn_Lv2NRSIFUNod", "Asn_Lv2NRSMSA",
           "Asn_Lv2Spec", "Asn_MIRLRSTAConfirm", because=_PSF),
    *_each("Asn_Lv2SpecSpecial", "Asn_Lv2WFSSMIR", "Asn_Lv2WFSSNIS", "Asn_Lv2WFSSNRC",
           because="a PSF reference is science of both; the larger association, with the direct image, stays"),
    *_each("Asn_Lv2SpecTSO", "Asn_Lv2SpecSpecial", "Asn_Lv2SpecImprint", "Asn_Lv2NRSIFUNod", because=_LAST_STAYS),
    *_each("Asn_Lv2ImageTSO", "Asn_Lv2ImageSpecial", "Asn_Lv2CoronAsRate", because=_LAST_STAYS),
    *_each("Asn_Lv2SpecImprint", "Asn_Lv2NRSIFUNod", "Asn_Lv2NRSMSA", "Asn_Lv2Spec", "Asn_Lv2SpecSpecial",
           because="as in jwst: an imprint of a PSF or background target is science of both; the larger stays"),
    *_each("Asn_Lv2ImageNonScience", "Asn_Lv2NRSMSA", "Asn_Lv2SpecImprint", "Asn_Lv2SpecSpecial",
           because="as in jwst: an exposure through the open shutters is an image, and a spectrum by its type"),
    *_each("Asn_Lv2CoronAsRate", "Asn_Lv2Image", "Asn_Lv2ImageSpecial",
           because="full-frame coronagraphy is calibrated twice: with its integrations apart, and as plain images"),
    *_each("Asn_Lv2WFSSMIR", "Asn_Lv2Spec", "Asn_Lv2SpecTSO",
           because="the larger association, with the direct image, stays"),
    *_each("Asn_Lv2SpecTSO", "Asn_Lv2WFSSNIS", "Asn_Lv2WFSSNRC", because="the larger association stays"),
    *_each("Asn_MIRLRSTAConfirm", "Asn_Lv2MIRLRSFixedSlitNod",
           because="a spectrum without other nods has the same association by both, with them the larger stays"),
    *_each("Asn_Lv3TSO", "Asn_Lv3AMI", "Asn_Lv3MIRCoron", "Asn_Lv3NRCCoron", "Asn_Lv3NRCCoronImage", "Asn_Lv3WFSCMB",
           "Asn_Lv3WFSSMIR", "Asn_Lv3WFSSNIS", "Asn_Lv3WFSSNRC", because=_LAST_STAYS),
    *_each("Asn_Lv3ImageMosaic", "Asn_Lv3Image",
           because="a mosaic is combined as a whole, and its targets by themselves if there are several"),
    *_each("Asn_Lv3WFSCMB", "Asn_Lv3Image", "Asn_Lv3ImageMosaic",
           because="as in jwst: pairs are recognised by the dither pattern, images by the type of the visit"),
    *_each("Asn_Lv3NRCCoronImage", "Asn_Lv3NRCCoron",
           because="full-frame coronagraphy is combined behind the mask, and as plain images"),

    # --- Products of one name
    unnamed("AsnMixin_NotWavefrontSensing", same("visitype", optional=True),
            because=_APART.format("visits of one type")),
    *(unnamed(by, same("patttype"), because=_APART.format("dither patterns of one target"))
      for by in ("Asn_Lv3NRSIFU", "Asn_Lv3SpectralTarget")),
    unnamed("Asn_Lv3TSO", same("exp_type"), because=_APART.format("exposures of one type")),

    # --- Constraints that change nothing
    spare("DMSLevel2bBase", same("tsovisit", optional=True),
          because="the flag is t or not given, so no two exposures disagree; other pools may hold other values"),
    spare("DMSLevel2bBase", has("science"), because=f"every group has one; {_AS_REASON}"),
    spare("AsnMixin_Lv2WFSS", has("direct_image"), because=f"nothing is made without one; {_AS_REASON}"),
    spare("AsnMixin_Lv2Mode", same("instrume"), because=_IMPLIED),
    spare("AsnMixin_Lv2Mode", same("channel", optional=True), because=_IMPLIED),
    *(spare(by, same("exp_type"), because=_IMPLIED)
      for by in ("AsnMixin_Image", "Asn_Lv2SpecImprint", "Asn_Lv3MIRCoron", "Asn_Lv3SpecAux")),
    spare("Asn_Lv2SpecImprint", one_of("exp_type", *SPECTRUM), because=_SUBJECT),
    spare("Asn_Lv2WFSSMIR", same("detector"), because=_IMPLIED),
    spare("Asn_Lv2NRSLAMPSpectral", one_of("exp_type", "nrs_autoflat", "nrs_autowave", "nrs_lamp"), because=_SUBJECT),
    spare("Asn_Lv2NRSLAMPSpectral", not_(one_of("opmode", "grating-only")), because=_IMPLIED),
    spare("Asn_Lv2NRSLAMPSpectral", not_(one_of("lamp", "nolamp")),
          because="as in jwst: it names a value that the keyword dictionary does not have"),
    spare("Asn_Lv3WFSSMIR", one_of("filter", "p750l"), because=_SUBJECT),
    spare("Asn_Lv3WFSSNIS", one_of("exp_type", "nis_wfss"), because=_SUBJECT),
    spare("Asn_Lv3WFSSNIS", one_of("filter", "gr150r", "gr150c"), because=_SUBJECT),
)  # fmt: skip
