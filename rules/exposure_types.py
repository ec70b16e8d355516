"""Exposure types: what each EXP_TYPE is in an association, and which processing it gets.

Source: the calibration pipeline's documentation of exposure types and processing levels, and the
behaviour of its association generator, version 3.0.0.
"""

from __future__ import annotations

from rules.vocabulary import Column, absent, all_of, any_of, case, choose, join, not_, one_of, present

#: EXP_TYPE to role, where the exposure type alone decides.
ROLE_TYPES = {
    "target_acquisition": (
        "mir_taconfirm", "mir_tacq", "nis_taconfirm", "nis_tacq", "nrc_taconfirm", "nrc_tacq",
        "nrs_confirm", "nrs_msata", "nrs_taconfirm", "nrs_tacq", "nrs_taslit", "nrs_wata",
    ),
    "dark": ("mir_darkall", "mir_darkimg", "mir_darkmrs", "nis_dark", "nrc_dark", "nrs_dark"),
    "flat": ("mir_flatimage", "mir_flatimage-ext", "mir_flatmrs", "mir_flatmrs-ext", "nrc_flat"),
    "engineering": ("nis_focus", "nis_lamp", "nrc_focus", "nrc_led", "nrs_focus", "nrs_image", "nrs_lamp"),
    "autoflat": ("nrs_autoflat",),
    "autowave": ("nrs_autowave",),
}  # fmt: skip

#: Images that confirm an acquisition: the telescope points as it does for science.
CONFIRMATION = tuple(kind for kind in ROLE_TYPES["target_acquisition"] if "confirm" in kind)

#: Exposures of guide stars, which are in no pool.
GUIDE_STAR = ("fgs_acq1", "fgs_acq2", "fgs_fineguide", "fgs_id-image", "fgs_id-stack", "fgs_track")

#: Acquisitions and the images that confirm them, whether or not they have a role of their own.
ACQUISITION = (*ROLE_TYPES["target_acquisition"], "nrs_verify")

#: Direct images that Level 3 combines.
IMAGE = ("fgs_image", "mir_image", "nis_image", "nrc_image", "nrs_mimf")

CORONAGRAPHY = ("mir_4qpm", "mir_lyot", "nrc_coron")

#: Exposure types that are time series whatever their visit says.
TIME_SERIES = ("nrc_tsgrism", "nrc_tsimage", "nrs_brightobj")

#: Exposures with integral field units.
IFU = ("mir_flatmrs", "mir_mrs", "nrs_autowave", "nrs_ifu")

#: Images that Level 2 calibrates as science.
SCIENCE_IMAGE = (*IMAGE, *CORONAGRAPHY, "nis_ami", "nrc_tsimage")

#: Images that Level 2 calibrates although they are not science.
OTHER_IMAGE = ("mir_coroncal", "nis_focus", "nrc_focus", "nrs_focus", "nrs_image", *ACQUISITION)

#: Spectra that Level 2 calibrates as time series. MIRI low resolution has a rule for all of its spectra.
TIME_SERIES_SPECTRUM = (
    "mir_mrs", "mir_wfss", "nis_soss", "nis_wfss", "nrc_tsgrism", "nrc_wfss", "nrs_brightobj", "nrs_ifu",
)  # fmt: skip

#: Spectra that Level 2 calibrates.
SPECTRUM = (*TIME_SERIES_SPECTRUM, "mir_lrs-fixedslit", "mir_lrs-slitless", "nrs_fixedslit", "nrs_msaspec")

#: Exposure types that Level 2 calibrates, to a `cal` product.
CALIBRATED = (*SCIENCE_IMAGE, *OTHER_IMAGE, *SPECTRUM)

#: The telescope points at a science target, also assumed where PNTGTYPE is missing.
POINTED_AT_SCIENCE = any_of(absent("pntgtype"), one_of("pntgtype", "science"))

#: Where the pointing or the exposure type decides the role.
_BY_TYPE = (
    case(Column("pntgtype"), not_(POINTED_AT_SCIENCE)),
    *(case(role, one_of("exp_type", *types)) for role, types in ROLE_TYPES.items()),
)

_BY_FLAG = (case("imprint", present("is_imprt")), case("background", present("bkgdtarg")))

_IMPRINT_BUT_PSF, _BACKGROUND_BUT_PSF = (case(each.value, all_of(absent("is_psf"), each.when)) for each in _BY_FLAG)

#: What an exposure is in an association. The flags refine only what would be science.
ROLES = choose(*_BY_TYPE, case("psf", present("is_psf")), *_BY_FLAG, otherwise="science")

#: Target acquisitions, by pointing or by exposure type.
IS_TARGET_ACQUISITION = any_of(
    one_of("pntgtype", "target_acquisition"),
    all_of(POINTED_AT_SCIENCE, one_of("exp_type", *ROLE_TYPES["target_acquisition"])),
)

#: The same for rules that treat PSF, background and calibration exposures as science.
AUXILIARY_ROLES = choose(case("target_acquisition", IS_TARGET_ACQUISITION), otherwise="science")

#: What an exposure is at Level 2, where a PSF reference is calibrated as science.
LEVEL2_ROLES = choose(*_BY_TYPE, case("science", present("is_psf")), *_BY_FLAG, otherwise="science")

_DIRECT_IMAGE = case("direct_image", one_of("exp_type", "mir_image", "nis_image", "nrc_image"))

#: The same for slitless spectra, which come with direct images.
SLITLESS_ROLES = choose(*_BY_TYPE, _IMPRINT_BUT_PSF, _BACKGROUND_BUT_PSF, _DIRECT_IMAGE, otherwise="science")

#: Every exposure is science.
ALL_SCIENCE = choose(otherwise="science")

#: Every exposure is science, except imprints.
SCIENCE_AND_IMPRINTS = choose(_IMPRINT_BUT_PSF, otherwise="science")

#: Exposures that belong to a time series by their visit or their type.
OF_TIME_SERIES = any_of(one_of("tsovisit", "t"), one_of("exp_type", *TIME_SERIES))

#: Exposures of a time series, as the grouping sees them.
IS_TIME_SERIES = all_of(one_of("pntgtype", "science"), OF_TIME_SERIES)

#: Exposures for which other positions of the dither pattern are background.
IS_NODDED = one_of("patttype", "2-point-nod", "4-point-nod", "along-slit-nod")

#: NIRSpec multi-object spectra: exposures through known shutters, and calibrations that go with them.
IS_MULTI_OBJECT = any_of(
    one_of("exp_type", "nrs_autoflat", "nrs_autowave"), all_of(one_of("exp_type", "nrs_msaspec"), present("msametfl"))
)

_FINDS_BAD_PIXELS = all_of(POINTED_AT_SCIENCE, absent("is_imprt"), not_(IS_TIME_SERIES))

#: Exposures with integral field units find bad pixels in each other, if the step `badpix_selfcal` is switched on: it
#: takes the minimum of exposures whose spectra fall on the same pixels. Those of MIRI do in every band of a channel.
SELFCAL = tuple(
    join("selfcal", sharing=("program", *same), when=all_of(one_of("exp_type", kind), _FINDS_BAD_PIXELS))
    for kind, same in (("mir_mrs", ["channel"]), ("nrs_ifu", ["detector", "filter", "grating"]))
)
