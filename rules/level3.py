"""The Level 3 rules: which calibrated exposures are combined to one product.

Every rule is the sum of its mixins and of what it states itself. Order of the bases: what the rule
is about, what its exposures share; the last brings the base class.
"""

from __future__ import annotations

from rules import naming
from rules.exposure_types import AUXILIARY_ROLES, IFU, IS_MULTI_OBJECT, IS_NODDED, IS_TIME_SERIES
from rules.level3_base import (  # noqa: F401 (rule files may import all of these from here, too)
    AsnMixin_BackgroundSpectrum,
    AsnMixin_Base,
    AsnMixin_Coronagraphy,
    AsnMixin_CrossCandidate,
    AsnMixin_IFU,
    AsnMixin_IFUDetector,
    AsnMixin_Image,
    AsnMixin_Imagers,
    AsnMixin_MIRI,
    AsnMixin_NIRCAM,
    AsnMixin_NIRISS,
    AsnMixin_NIRSPEC,
    AsnMixin_NotBackground,
    AsnMixin_NotTimeSeries,
    AsnMixin_NotWavefrontSensing,
    AsnMixin_OnePath,
    AsnMixin_OneTarget,
    AsnMixin_OneTargetAndPath,
    AsnMixin_OpticalPath,
    AsnMixin_ScienceImage,
    AsnMixin_ScienceTarget,
    AsnMixin_ScienceTargetAndPath,
    AsnMixin_Spectrographs,
    AsnMixin_Spectrum,
    AsnMixin_SpectrumNotTimeSeries,
    AsnMixin_Target,
    DMS_Level3_Base,
)
from rules.optical_paths import BRIGHT_OBJECT_BESIDE, FIXED_SLIT_ON_DETECTOR, MASK_ON_DETECTOR, SOSS_UNCALIBRATED
from rules.vocabulary import absent, all_of, any_of, at_least, has, nods_as_background, not_, one_of, require, same

# --- Images -------------------------------------------------------------------------------------


class Asn_Lv3Image(AsnMixin_ScienceImage, AsnMixin_NotBackground, AsnMixin_NotTimeSeries, AsnMixin_OneTargetAndPath):
    """Images of one target."""

    aliases = ("Asn_Image",)


class Asn_Lv3ImageBackground(AsnMixin_ScienceImage, AsnMixin_NotTimeSeries, AsnMixin_OneTargetAndPath):
    """Images of one background target, combined as if they were science."""

    roles = AUXILIARY_ROLES
    constraints = require(same("bkgdtarg"))


class Asn_Lv3ImageMosaic(AsnMixin_ScienceImage, AsnMixin_NotBackground, AsnMixin_NotTimeSeries, AsnMixin_OnePath):
    """Images of all tiles of a mosaic, whatever targets they have."""

    candidates = one_of("candidate_type", "mosaic")


class Asn_Lv3WFSCMB(AsnMixin_Imagers, AsnMixin_Image, AsnMixin_OneTargetAndPath):
    """Dithered pairs of wavefront sensing images, within one activity."""

    asn_type = "wfs-image3"
    product_name = naming.WAVEFRONT
    candidates = not_(one_of("candidate_type", "group"))
    constraints = require(
        one_of("patttype", "wfsc"),
        not_(one_of("dms_note", "wfsc_los_jitter")),
        same("detector"),
        same("obs_id"),
        same("act_id"),
        at_least(2),
    )


# --- Coronagraphy and interferometry ------------------------------------------------------------


class Asn_Lv3AMI(AsnMixin_NIRISS, AsnMixin_ScienceTargetAndPath):
    """Aperture mask interferometry with its PSF references."""

    asn_type = "ami3"
    constraints = require(one_of("exp_type", "nis_ami"), has("psf"))


class Asn_Lv3MIRCoron(AsnMixin_MIRI, AsnMixin_Coronagraphy, AsnMixin_NotBackground, AsnMixin_ScienceTargetAndPath):
    """MIRI coronagraphy with its PSF references."""

    constraints = require(one_of("exp_type", "mir_4qpm", "mir_lyot"), same("exp_type"))


class Asn_Lv3NRCCoron(AsnMixin_NIRCAM, AsnMixin_Coronagraphy, AsnMixin_NotBackground, AsnMixin_ScienceTargetAndPath):
    """NIRCam coronagraphy with its PSF references, on the detectors that see the mask."""

    constraints = require(one_of("exp_type", "nrc_coron"), MASK_ON_DETECTOR)


class Asn_Lv3NRCCoronImage(AsnMixin_NIRCAM, AsnMixin_NotBackground, AsnMixin_ScienceTargetAndPath):
    """Full-frame short-wave NIRCam coronagraphy, combined as plain images."""

    asn_type = "image3"
    product_name = naming.CORONAGRAPHIC_IMAGE
    member_name = naming.LEVEL3_IMAGE_MEMBER
    constraints = require(
        one_of("exp_type", "nrc_coron"),
        not_(one_of("is_psf", "t")),
        one_of("channel", "short"),
        one_of("subarray", "full"),
    )


# --- Integral field and slit spectra ------------------------------------------------------------


class Asn_Lv3MIRMRS(AsnMixin_MIRI, AsnMixin_SpectrumNotTimeSeries, AsnMixin_OneTarget):
    """MIRI medium resolution spectra of one target, over all channels and bands."""

    aliases = ("Asn_MIRI_IFU",)
    product_name = naming.TARGET_WITHOUT_OPTICS
    constraints = require(one_of("exp_type", "mir_mrs"))


class Asn_Lv3MIRMRSBackground(AsnMixin_MIRI, AsnMixin_BackgroundSpectrum, AsnMixin_OneTarget):
    """MIRI medium resolution spectra of one background target."""

    product_name = naming.TARGET_WITHOUT_OPTICS
    constraints = require(one_of("exp_type", "mir_mrs"))


class Asn_Lv3NRSIFU(AsnMixin_NIRSPEC, AsnMixin_Spectrum, AsnMixin_IFU, AsnMixin_OneTarget):
    """NIRSpec IFU spectra of one target, grating and dither pattern."""

    aliases = ("Asn_NRS_IFU",)
    constraints = require(one_of("exp_type", "nrs_autowave", "nrs_ifu"), same("patttype"), same("grating"))


class Asn_Lv3NRSIFUBackground(AsnMixin_NIRSPEC, AsnMixin_BackgroundSpectrum, AsnMixin_IFU, AsnMixin_OneTarget):
    """NIRSpec IFU spectra of one background target and grating."""

    constraints = require(one_of("exp_type", "nrs_ifu"), same("grating"))


class Asn_Lv3NRSFSS(AsnMixin_NIRSPEC, AsnMixin_SpectrumNotTimeSeries, AsnMixin_OneTargetAndPath):
    """NIRSpec fixed slit spectra of one target."""

    aliases = ("Asn_NRS_FIXEDSLIT",)
    product_name = naming.FIXED_SLIT_SOURCE
    constraints = require(FIXED_SLIT_ON_DETECTOR, one_of("exp_type", "nrs_autoflat", "nrs_autowave", "nrs_fixedslit"))


class Asn_Lv3SpectralSource(AsnMixin_NIRSPEC, AsnMixin_SpectrumNotTimeSeries, AsnMixin_OneTargetAndPath):
    """NIRSpec multi-object spectra; the pipeline makes one product for each source behind the shutters."""

    aliases = ("Asn_NRS_MSA",)
    product_name = naming.SOURCE
    constraints = require(IS_MULTI_OBJECT)


class Asn_Lv3SpectralTarget(AsnMixin_MIRI, AsnMixin_NIRISS, AsnMixin_SpectrumNotTimeSeries, AsnMixin_OneTargetAndPath):
    """Nodded spectra of one target, each nod the background of the others."""

    aliases = ("Asn_MIRI_LRS_FIXEDSLIT",)
    expansion = nods_as_background("science", suffix="x1d")
    constraints = require(one_of("exp_type", "mir_lrs-fixedslit", "nis_soss"), IS_NODDED, same("patttype"))


class Asn_Lv3SpecAux(AsnMixin_MIRI, AsnMixin_NIRSPEC, AsnMixin_BackgroundSpectrum, AsnMixin_OneTargetAndPath):
    """Slit spectra of one background target."""

    constraints = require(one_of("exp_type", "mir_lrs-fixedslit", "nrs_fixedslit"), same("exp_type"))


# --- Slitless spectra ---------------------------------------------------------------------------


class Asn_Lv3SlitlessSpectral(AsnMixin_NIRISS, AsnMixin_SpectrumNotTimeSeries, AsnMixin_OneTargetAndPath):
    """NIRISS single-object slitless spectra that are neither a time series nor nodded."""

    aliases = ("Asn_NIR_SO_SLITLESS",)
    constraints = require(one_of("exp_type", "nis_soss"), absent("patttype"))


class Asn_Lv3WFSSNRC(AsnMixin_NIRCAM, AsnMixin_Spectrum, AsnMixin_OneTarget):
    """NIRCam wide field slitless spectra of one grism and filter."""

    constraints = require(
        one_of("exp_type", "nrc_wfss"), one_of("pupil", "grismr", "grismc"), same("pupil"), same("filter")
    )


class Asn_Lv3WFSSNIS(AsnMixin_NIRISS, AsnMixin_Spectrum, AsnMixin_OneTarget):
    """NIRISS wide field slitless spectra of one grism and blocking filter."""

    constraints = require(
        one_of("exp_type", "nis_wfss"), one_of("filter", "gr150r", "gr150c"), same("filter"), same("pupil")
    )


class Asn_Lv3WFSSMIR(AsnMixin_MIRI, AsnMixin_Spectrum, AsnMixin_OneTarget):
    """MIRI wide field slitless spectra through the prism."""

    constraints = require(one_of("exp_type", "mir_wfss"), one_of("filter", "p750l"), same("filter"))


# --- Time series --------------------------------------------------------------------------------

#: Stripes of a detector, as dispersed Hartmann sensing reads them.
STRIPES = one_of("subarray", "sub41stripe1_dhs", "sub82stripe2_dhs", "sub164stripe4_dhs", "sub260stripe4_dhs")

#: Exposures that are time series, but that calwebb_tso3 has no reference data or no use for.
NOT_COMBINED = any_of(
    one_of("exp_type", *IFU),
    all_of(one_of("exp_type", "nrc_tsgrism"), one_of("pupil", "clear", "gdhs0", "gdhs60")),
    all_of(one_of("exp_type", "nrc_tsgrism"), one_of("detector", "nrcblong")),
    STRIPES,
    all_of(one_of("exp_type", "nis_soss"), one_of("nints", "1")),
    SOSS_UNCALIBRATED,
    BRIGHT_OBJECT_BESIDE,
)


class Asn_Lv3TSO(AsnMixin_Spectrographs, AsnMixin_Target, AsnMixin_OnePath):
    """Time series of one observation."""

    aliases = ("Asn_MIRI_LRS_SLITLESS",)
    asn_type = "tso3"
    candidates = one_of("candidate_type", "observation")
    constraints = require(IS_TIME_SERIES, not_(NOT_COMBINED), same("exp_type"))
