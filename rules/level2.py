"""The Level 2 rules: how each exposure is calibrated, and which others are needed for it."""

from __future__ import annotations

from rules import naming, optical_paths
from rules.exposure_types import (
    IS_NODDED,
    IS_TARGET_ACQUISITION,
    IS_TIME_SERIES,
    OTHER_IMAGE,
    SCIENCE_AND_IMPRINTS,
    SPECTRUM,
    TIME_SERIES_SPECTRUM,
)
from rules.level2_base import (  # noqa: F401 (rule files may import all of these from here, too)
    FROM_DIRECT_IMAGE,
    AsnMixin_Lv2Background,
    AsnMixin_Lv2BackgroundCandidate,
    AsnMixin_Lv2IFU,
    AsnMixin_Lv2Image,
    AsnMixin_Lv2ImageMode,
    AsnMixin_Lv2Imprint,
    AsnMixin_Lv2Mode,
    AsnMixin_Lv2Nod,
    AsnMixin_Lv2ScienceImage,
    AsnMixin_Lv2Special,
    AsnMixin_Lv2SpecialTarget,
    AsnMixin_Lv2Spectral,
    AsnMixin_Lv2SpectralMode,
    AsnMixin_Lv2TimeSeries,
    AsnMixin_Lv2WFSS,
    DMSLevel2bBase,
)
from rules.level3_base import (
    AsnMixin_FGS,
    AsnMixin_IFUDetector,
    AsnMixin_Imagers,
    AsnMixin_MIRI,
    AsnMixin_NIRCAM,
    AsnMixin_NIRISS,
    AsnMixin_NIRSPEC,
    AsnMixin_NotTimeSeries,
    AsnMixin_Spectrographs,
)
from rules.vocabulary import (
    absent,
    all_of,
    any_of,
    contains,
    dither_overlap,
    first_given,
    has,
    join,
    nod_pairs,
    not_,
    one_of,
    one_seed,
    present,
    require,
    same,
    without,
)

# --- Images -------------------------------------------------------------------------------------


class Asn_Lv2Image(AsnMixin_Imagers, AsnMixin_Lv2Background, AsnMixin_NotTimeSeries, AsnMixin_Lv2ImageMode):
    """Images."""


#: NIRSpec images through the open shutters, whose exposure type is that of multi-object spectra.
_THROUGH_OPEN_SHUTTERS = all_of(
    one_of("exp_type", "nrs_msaspec"), one_of("msastate", "primarypark_allopen"), one_of("grating", "mirror")
)


class Asn_Lv2ImageNonScience(AsnMixin_Imagers, AsnMixin_Lv2Special, AsnMixin_Lv2Image, DMSLevel2bBase):
    """Target acquisitions, focus images and other images that are not science."""

    constraints = require(any_of(IS_TARGET_ACQUISITION, one_of("exp_type", *OTHER_IMAGE), _THROUGH_OPEN_SHUTTERS))


class Asn_Lv2ImageSpecial(AsnMixin_Imagers, AsnMixin_Lv2Special, AsnMixin_Lv2SpecialTarget, AsnMixin_Lv2ImageMode):
    """Images of background and PSF targets."""


class Asn_Lv2ImageTSO(AsnMixin_Imagers, AsnMixin_Lv2TimeSeries, AsnMixin_Lv2ImageMode):
    """Images of a time series."""

    asn_type = "tso-image2"


class Asn_Lv2FGS(AsnMixin_FGS, AsnMixin_Lv2Image, DMSLevel2bBase):
    """Images of the Fine Guidance Sensor."""

    constraints = require(one_of("exp_type", "fgs_image", "fgs_focus"), not_(contains("visitype", "wfsc")))


class Asn_Lv2WFSC(AsnMixin_Imagers, AsnMixin_Lv2ScienceImage, DMSLevel2bBase):
    """Wavefront sensing images."""

    constraints = require(
        contains("visitype", "wfsc"),
        not_(all_of(one_of("dms_note", "wfsc_los_jitter"), one_of("exp_type", "nrc_image"))),
    )


class Asn_Lv2CoronAsRate(AsnMixin_NIRCAM, AsnMixin_Lv2Background, AsnMixin_Lv2Image, AsnMixin_Lv2Mode, DMSLevel2bBase):
    """Full-frame NIRCam coronagraphy, calibrated as plain images as well."""

    member_name = naming.LEVEL2_IMAGE_MEMBER
    constraints = require(one_of("exp_type", "nrc_coron"), one_of("subarray", "full"), optical_paths.MASK_ON_DETECTOR)


# --- Spectra ------------------------------------------------------------------------------------


class Asn_Lv2Spec(
    AsnMixin_Spectrographs, AsnMixin_NotTimeSeries, AsnMixin_Lv2IFU, AsnMixin_Lv2Background, AsnMixin_Lv2SpectralMode
):
    """Spectra that are not nodded, with their backgrounds and the imprints of their mosaic tile."""

    cardinality = one_seed("science", fitting=("background", "imprint"))
    constraints = require(
        one_of("exp_type", "mir_mrs", "mir_wfss", "nis_soss", "nrc_tsgrism", "nrs_brightobj", "nrs_ifu"),
        same("exp_type"),
        not_(IS_NODDED),
        same("mostilno", unless=present("bkgdtarg")),
    )


class Asn_Lv2SpecImprint(
    AsnMixin_MIRI, AsnMixin_NIRSPEC, AsnMixin_Lv2Special, AsnMixin_IFUDetector, AsnMixin_Lv2SpectralMode
):
    """Imprint exposures by themselves."""

    constraints = require(one_of("exp_type", *SPECTRUM), same("exp_type"), present("is_imprt"))


class Asn_Lv2SpecSpecial(AsnMixin_Spectrographs, AsnMixin_Lv2SpecialTarget, AsnMixin_Lv2IFU, AsnMixin_Lv2SpectralMode):
    """Spectra of background and PSF targets, with their imprints."""

    roles = SCIENCE_AND_IMPRINTS
    cardinality = one_seed("science", fitting=("imprint",), lone=("imprint",))
    constraints = require(one_of("exp_type", *SPECTRUM), same("exp_type"), same("mostilno", optional=True))


class Asn_Lv2SpecTSO(AsnMixin_Spectrographs, AsnMixin_Lv2TimeSeries, AsnMixin_Lv2SpectralMode):
    """Spectra of a time series."""

    asn_type = "tso-spec2"
    constraints = require(
        one_of("exp_type", *TIME_SERIES_SPECTRUM),
        not_(all_of(one_of("exp_type", "nrc_tsgrism"), one_of("pupil", "clear"))),
        not_(optical_paths.BRIGHT_OBJECT_BESIDE),
        not_(optical_paths.SOSS_UNCALIBRATED),
    )


#: The image that confirms the acquisition: of the same visit, else of the same observation.
_CONFIRMATION = join(
    "target_acquisition",
    sharing=("program", "obs_num", "visit"),
    else_sharing=("program", "obs_num"),
    when=one_of("exp_type", "mir_taconfirm"),
)


class Asn_MIRLRSTAConfirm(AsnMixin_MIRI, AsnMixin_Lv2Background, AsnMixin_Lv2SpectralMode):
    """MIRI low resolution spectra with their backgrounds and the image that confirms the acquisition."""

    constraints = require(
        one_of("exp_type", "mir_lrs-fixedslit", "mir_lrs-slitless"),
        not_(all_of(present("bkgdtarg"), IS_TIME_SERIES)),
        _CONFIRMATION,
    )


class Asn_Lv2MIRLRSFixedSlitNod(AsnMixin_MIRI, AsnMixin_Lv2Spectral, DMSLevel2bBase):
    """MIRI low resolution nods along the slit: all other positions are background."""

    # no more than program and time-series flag have to agree: there is one optical path for this exposure type
    cardinality = one_seed("science", fitting=("science", "background"), fitting_as="background", differing="patt_num")
    constraints = require(
        one_of("exp_type", "mir_lrs-fixedslit"),
        one_of("patttype", "along-slit-nod"),
        present("patt_num"),
        _CONFIRMATION,
    )


# --- NIRSpec nods -------------------------------------------------------------------------------


class Asn_Lv2NRSFSS(AsnMixin_NIRSPEC, AsnMixin_Lv2Nod, AsnMixin_Lv2Mode, DMSLevel2bBase):
    """NIRSpec fixed slit spectra; nods that do not overlap are each other's background."""

    expansion = nod_pairs("science", dither_overlap(unknown=True, neighbours=one_of("fxd_slit", "s1600a1"), of=5))
    constraints = require(
        one_of("exp_type", "nrs_fixedslit"),
        optical_paths.FIXED_SLIT_ON_DETECTOR,
        same("expspcin", only="science"),
        same("numdthpt", only="science"),
        same(first_given("subpxpns", "subpxpts"), only="science"),
    )


class Asn_Lv2NRSMSA(AsnMixin_NIRSPEC, AsnMixin_Lv2Nod, AsnMixin_Lv2Mode, DMSLevel2bBase):
    """NIRSpec multi-object spectra; nods that do not overlap are each other's background."""

    expansion = nod_pairs("science", dither_overlap(unknown=False))
    constraints = require(one_of("exp_type", "nrs_msaspec"), same("msametfl"), same("expspcin"))


class Asn_Lv2NRSIFUNod(AsnMixin_NIRSPEC, AsnMixin_Lv2IFU, AsnMixin_Lv2Nod, AsnMixin_Lv2Mode, DMSLevel2bBase):
    """NIRSpec IFU spectra of one nod pattern and mosaic tile, with their imprints."""

    constraints = require(
        one_of("exp_type", "nrs_ifu"),
        one_of("patttype", "2-point-nod", "4-point-nod"),
        same("patttype"),
        same("mostilno"),
    )


# --- NIRSpec lamps ------------------------------------------------------------------------------


class Asn_Lv2NRSLAMPImage(AsnMixin_NIRSPEC, AsnMixin_Lv2Special, AsnMixin_Lv2Image, DMSLevel2bBase):
    """NIRSpec lamp images."""

    constraints = require(
        one_of("exp_type", "nrs_lamp"), one_of("grating", "mirror"), any_of(absent("opmode"), one_of("opmode", "image"))
    )


class Asn_Lv2NRSLAMPSpectral(AsnMixin_NIRSPEC, AsnMixin_Lv2Special, DMSLevel2bBase):
    """NIRSpec lamp spectra, and automatic flats and wavelength calibrations."""

    asn_type = "nrslamp-spec2"
    constraints = require(
        one_of("exp_type", "nrs_autoflat", "nrs_autowave", "nrs_lamp"),
        one_of("filter", "opaque"),
        optical_paths.LAMP_ON_DETECTOR,
        any_of(not_(one_of("opmode", "msaspec")), present("msametfl")),
        not_(one_of("grating", "mirror")),
        not_(one_of("opmode", "grating-only")),
        present("lamp"),
        not_(one_of("lamp", "nolamp")),
    )


# --- Wide field slitless spectra ----------------------------------------------------------------


class Asn_Lv2WFSSNIS(AsnMixin_NIRISS, AsnMixin_Lv2WFSS, DMSLevel2bBase):
    """NIRISS wide field slitless spectra with the next direct image through the same blocking filter."""

    constraints = require(one_of("exp_type", "nis_wfss", "nis_image"), same("pupil"), same("subarray"))


class Asn_Lv2WFSSNRC(AsnMixin_NIRCAM, AsnMixin_Lv2WFSS, DMSLevel2bBase):
    """NIRCam wide field slitless spectra with the next direct image on the same detector."""

    constraints = require(one_of("exp_type", "nrc_wfss", "nrc_image"), same("detector"))


class Asn_Lv2WFSSMIR(AsnMixin_MIRI, AsnMixin_Lv2WFSS, DMSLevel2bBase):
    """MIRI wide field slitless spectra with the next direct image."""

    constraints = require(one_of("exp_type", "mir_wfss", "mir_image"), same("detector"))


class Asn_Lv2WFSSParallel(AsnMixin_MIRI, AsnMixin_NIRCAM, AsnMixin_NIRISS, AsnMixin_Lv2WFSS, DMSLevel2bBase):
    """Slitless spectra and direct images taken in parallel, as a DIRECT_IMAGE candidate pairs them."""

    candidates = one_of("candidate_type", "direct_image")
    expansion = FROM_DIRECT_IMAGE(prefer=contains("filename", "long"))
    constraints = require(
        without(same("tsovisit", optional=True), has("background", in_candidates=("background",))),
        one_of("exp_type", "mir_image", "mir_wfss", "nis_image", "nis_wfss", "nrc_image", "nrc_wfss"),
    )
