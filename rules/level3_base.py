"""The base class of Level 3 rules, and the mixins they are put together from."""

from __future__ import annotations

from rules import exposure_types, naming, optical_paths
from rules.rule import Rule
from rules.vocabulary import absent, contains, first_given, has, join, not_, one_of, require, same, spans


class DMS_Level3_Base(Rule):
    """Structure, names and basic validity of a Level 3 association.

    It has a science exposure. A candidate that combines observations must contribute several. Target
    acquisitions of its observations come along.
    """

    level = 3
    lists_candidates = True
    roles = exposure_types.ROLES
    product_name = naming.TARGET
    target = naming.FIELDS["target"]
    member_name = naming.LEVEL3_MEMBER
    constraints = require(
        absent("is_imprt"),
        join("target_acquisition", sharing=("program", "instrume", "obs_num"), when=absent("is_imprt")),
        has("science"),
        spans("obs_num", 2, in_candidates=("group", "background", "mosaic")),
    )


class AsnMixin_Base(Rule):
    """Same program and instrument."""

    constraints = require(same("program"), same("instrume"))


class AsnMixin_CrossCandidate(Rule):
    """Also groups the exposures of a whole program, whatever candidates they have (discovery)."""

    discovered = True


class AsnMixin_OpticalPath(Rule):
    """Same filter, pupil or grating, fixed slit and subarray."""

    constraints = require(
        same("filter", optional=True),
        same(first_given("pupil", "grating"), optional=True),
        same(optical_paths.FIXED_SLIT, optional=True),
        same("subarray"),
    )


class AsnMixin_Target(Rule):
    """Same target; a background exposure may point elsewhere."""

    constraints = require(same(naming.TARGET_NUMBER, unless="background"))


class AsnMixin_ScienceTarget(Rule):
    """Same target of the science exposures; a PSF or background exposure may point elsewhere."""

    constraints = require(same("targetid", only="science"))


class AsnMixin_OneTarget(AsnMixin_CrossCandidate, AsnMixin_Target, AsnMixin_Base, DMS_Level3_Base):
    """Exposures of one target, of a candidate or of a whole program."""


class AsnMixin_OnePath(AsnMixin_OpticalPath, AsnMixin_Base, DMS_Level3_Base):
    """Exposures through one optical path."""


class AsnMixin_OneTargetAndPath(AsnMixin_CrossCandidate, AsnMixin_Target, AsnMixin_OnePath):
    """Exposures of one target through one optical path, of a candidate or of a whole program."""


class AsnMixin_ScienceTargetAndPath(AsnMixin_CrossCandidate, AsnMixin_ScienceTarget, AsnMixin_OnePath):
    """Science exposures of one target with their references, through one optical path."""


class AsnMixin_Image(Rule):
    """Direct images of one exposure type, combined by calwebb_image3."""

    asn_type = "image3"
    constraints = require(one_of("exp_type", *exposure_types.IMAGE), same("exp_type"))


class AsnMixin_NotWavefrontSensing(Rule):
    """Of one visit type, which is not wavefront sensing and control."""

    constraints = require(not_(contains("visitype", "wfsc")), same("visitype", optional=True))


class AsnMixin_Coronagraphy(Rule):
    """Science behind a mask with PSF references, combined by calwebb_coron3."""

    asn_type = "coron3"
    constraints = require(has("psf"))


class AsnMixin_Spectrum(Rule):
    """Spectra, combined by calwebb_spec3."""

    asn_type = "spec3"


class AsnMixin_NotTimeSeries(Rule):
    """Not a time series."""

    constraints = require(not_(exposure_types.IS_TIME_SERIES))


class AsnMixin_SpectrumNotTimeSeries(AsnMixin_Spectrum, AsnMixin_NotTimeSeries):
    """Spectra, not a time series, combined by calwebb_spec3."""


class AsnMixin_NotBackground(Rule):
    """No exposures of background targets."""

    constraints = require(absent("bkgdtarg"))


class AsnMixin_BackgroundSpectrum(AsnMixin_Spectrum, AsnMixin_NotTimeSeries):
    """Spectra of a background target, combined as if they were science."""

    roles = exposure_types.AUXILIARY_ROLES
    constraints = require(one_of("bkgdtarg", "t"))


class AsnMixin_IFUDetector(Rule):
    """NIRSpec IFU: exposures of the detector on which the spectrum falls."""

    constraints = require(optical_paths.IFU_ON_DETECTOR)


class AsnMixin_IFU(AsnMixin_IFUDetector, AsnMixin_NotTimeSeries):
    """NIRSpec IFU: exposures of the detector on which the spectrum falls, not of a time series."""


class AsnMixin_FGS(Rule):
    """About the fine guidance sensor as a camera."""

    instruments = ("fgs",)


class AsnMixin_MIRI(Rule):
    """About MIRI."""

    instruments = ("miri",)


class AsnMixin_NIRCAM(Rule):
    """About NIRCam."""

    instruments = ("nircam",)


class AsnMixin_NIRISS(Rule):
    """About NIRISS."""

    instruments = ("niriss",)


class AsnMixin_NIRSPEC(Rule):
    """About NIRSpec."""

    instruments = ("nirspec",)


class AsnMixin_Spectrographs(AsnMixin_MIRI, AsnMixin_NIRCAM, AsnMixin_NIRISS, AsnMixin_NIRSPEC):
    """About every instrument that takes spectra."""


class AsnMixin_Imagers(AsnMixin_FGS, AsnMixin_Spectrographs):
    """About every instrument, since each of them takes images."""


class AsnMixin_ScienceImage(AsnMixin_Imagers, AsnMixin_Image, AsnMixin_NotWavefrontSensing):
    """Direct images with any instrument, other than for wavefront sensing."""
