"""The base class of Level 2 rules, and the mixins they are put together from."""

from __future__ import annotations

from functools import partial

from rules import exposure_types, naming
from rules.level3_base import AsnMixin_IFUDetector
from rules.rule import Rule
from rules.vocabulary import (
    all_of,
    contains,
    direct_image,
    first_given,
    has,
    many,
    nod_pairs,
    not_,
    one_of,
    one_seed,
    require,
    same,
    select,
)


class DMSLevel2bBase(Rule):
    """Structure, names and basic validity of a Level 2 association: one science exposure, calibrated."""

    level = 2
    roles = exposure_types.LEVEL2_ROLES
    cardinality = one_seed("science")
    candidates = one_of("candidate_type", "observation")
    product_name = naming.EXPOSURE
    target = naming.FIELDS["science_target"]
    member_name = naming.LEVEL2_MEMBER
    constraints = require(same("program"), same("tsovisit", optional=True), has("science"))


class AsnMixin_Lv2Mode(Rule):
    """Same instrument, detector, optical path and subarray; no wavefront sensing."""

    constraints = require(
        same("instrume"),
        same("detector"),
        same(first_given("filter", "band")),
        same(first_given("pupil", "grating"), optional=True),
        same("fxd_slit", optional=True),
        same("subarray", optional=True),
        same("channel", optional=True),
        not_(one_of("filter", "opaque")),
        not_(all_of(one_of("detector", "nrcblong"), one_of("exp_type", "nrc_tsgrism"))),
        not_(contains("visitype", "wfsc")),
    )


class AsnMixin_Lv2BackgroundCandidate(Rule):
    """Also for background candidates, if a background exposure belongs to the group."""

    candidates = one_of("candidate_type", "observation", "background")
    constraints = require(has("background", in_candidates=("background",)))


class AsnMixin_Lv2Background(AsnMixin_Lv2BackgroundCandidate):
    """One science exposure with the background exposures that agree."""

    cardinality = one_seed("science", fitting=("background",))


class AsnMixin_Lv2Image(Rule):
    """Images, calibrated by calwebb_image2."""

    asn_type = "image2"


class AsnMixin_Lv2ScienceImage(AsnMixin_Lv2Image):
    """Images of one exposure type that are science."""

    constraints = require(one_of("exp_type", *exposure_types.SCIENCE_IMAGE), same("exp_type"))


class AsnMixin_Lv2Spectral(Rule):
    """Spectra, calibrated by calwebb_spec2."""

    asn_type = "spec2"


class AsnMixin_Lv2ImageMode(AsnMixin_Lv2ScienceImage, AsnMixin_Lv2Mode, DMSLevel2bBase):
    """Science images of one exposure type and optical path."""


class AsnMixin_Lv2SpectralMode(AsnMixin_Lv2Spectral, AsnMixin_Lv2Mode, DMSLevel2bBase):
    """Spectra of one optical path."""


class AsnMixin_Lv2Special(Rule):
    """Exposures that are not science by themselves, calibrated as if they were."""

    roles = exposure_types.ALL_SCIENCE


class AsnMixin_Lv2SpecialTarget(Rule):
    """Exposures of a background or PSF target."""

    constraints = require(same(first_given("bkgdtarg", "is_psf")))


class AsnMixin_Lv2TimeSeries(Rule):
    """Time series only."""

    constraints = require(exposure_types.IS_TIME_SERIES)


class AsnMixin_Lv2Imprint(Rule):
    """Of the imprint exposures, those of the same background flag, target and dither position."""

    selection = select("imprint", about="science", kind=one_of("bkgdtarg", "t"), target="targetid", index="dithptin")


class AsnMixin_Lv2IFU(AsnMixin_IFUDetector, AsnMixin_Lv2Imprint):
    """NIRSpec IFU: exposures of the detector on which the spectrum falls, with the imprints that suit them."""


class AsnMixin_Lv2Nod(AsnMixin_Lv2BackgroundCandidate, AsnMixin_Lv2Spectral):
    """Nods: the science exposures that agree are each other's background."""

    cardinality = many()
    expansion = nod_pairs("science")


#: The products of a direct image from which the spectra of its sources are extracted.
FROM_DIRECT_IMAGE = partial(
    direct_image,
    "direct_image",
    about="science",
    root=naming.DIRECT_IMAGE,
    files={"_i2d.fits": "direct_image", "_cat.ecsv": "sourcecat", "_segm.fits": "segmap"},
    optics=(("filter", "band"), ("pupil", "grating")),
)


class AsnMixin_Lv2WFSS(AsnMixin_Lv2BackgroundCandidate, AsnMixin_Lv2Spectral):
    """Slitless spectra of one target with the catalogue that is made from the next direct image."""

    roles = exposure_types.SLITLESS_ROLES
    cardinality = one_seed("science", fitting=("direct_image", "background", "imprint", "target_acquisition"))
    expansion = FROM_DIRECT_IMAGE(next_by="expspcin")
    constraints = require(same(naming.TARGET_NUMBER), same("instrume"), has("direct_image"))
