"""The exposures that the instruments can take: which values go together, by exposure type.

Sources: the JWST Keyword Dictionary (archive.stsci.edu/jwst/keyword/latest: the values of EXP_TYPE, DETECTOR, CHANNEL,
FILTER, PUPIL, GRATING, FXD_SLIT, BAND, SUBARRAY, PATTTYPE, VISITYPE, OPMODE, LAMP, MSASTATE, by instrument), which
the schema of the pipeline's data models restates (stdatamodels, `core.schema.yaml`); JWST User Documentation
(jwst-docs.stsci.edu: filters, gratings, masks and subarrays of each observing mode); and for what Level 2 makes,
the pipeline's documentation of stage 2 products.

A combination on which the sources are silent is included: what is proved over these tables holds for every possible
exposure. Values that mean "unknown" (ANY, MULTIPLE, UNKNOWN) are left out, and so are all but one of each kind of
dither patterns of coordinated parallels.
"""

from __future__ import annotations

from functools import partial
from itertools import permutations, product

from rules.exposure_types import GUIDE_STAR
from rules.vocabulary.domains import Domain, Table, mode, table

_SET = ("", "t")  # a flag

_VISITS = (
    "prime_targeted_fixed", "prime_targeted_moving", "prime_untargeted", "parallel_pure", "generic",
    "parallel_external_calibration", "parallel_slew_calibration", "parallel_dark_calibration", "",
)  # fmt: skip
_ALL_VISITS = (*_VISITS, "prime_wfsc_routine", "prime_wfsc_sensing_control", "prime_wfsc_sensing_only")

#: The types of pointings that the acquisition of a target can have; all other exposures point at science.
_ACQUISITION = ("science", "target_acquisition", "")

#: A mode, with what any exposure may have, in columns that are not named.
_exposures = partial(
    mode,
    pntgtype=("science", ""),
    **dict.fromkeys(("tsovisit", "is_psf", "bkgdtarg"), _SET),
    is_imprt="",
    visitype=_VISITS,
    dms_note="",
    subarray="full",
    patttype=("none", ""),
    **dict.fromkeys(("channel", "band", "pupil", "grating", "fxd_slit", "opmode", "lamp", "msastate", "msametfl"), ""),
)

#: Any spectrum may be nodded: the dictionary does not say which pattern goes with which template.
_NODS = ("2-point-nod", "3-point-nod", "4-point-nod", "5-point-nod", "along-slit-nod")
_SMALL_GRIDS = ("none", "5-point-small-grid", "9-point-small-grid", "background", "")


# Each instrument has a table of its modes: exposure types, the values that go together, the values of single columns.

# --- FGS ----------------------------------------------------------------------------------------

_fgs = partial(_exposures, instrume="fgs", detector=("guider1", "guider2"), filter="", subarray=("full", "sub128cntr"))

FGS = (
    _fgs(("fgs_image", "fgs_focus"), visitype=_ALL_VISITS, patttype=("none", "mimf", "")),
    _fgs(("fgs_dark", "fgs_intflat", "fgs_skyflat", *GUIDE_STAR)),
)

# --- MIRI ---------------------------------------------------------------------------------------

_MIRI_FILTERS = ("f770w", "f560w", "f1000w", "f1130w", "f1280w", "f1500w", "f1800w", "f2100w", "f2550w", "f2550wr")
_MIRI_TARGET_FILTERS = ("fnd", *_MIRI_FILTERS, "f1065c", "f1140c", "f1550c", "f2300c")
_MASKS = (("f1065c", "mask1065"), ("f1140c", "mask1140"), ("f1550c", "mask1550"))
_MASKED_OR_FULL = table(("filter", "subarray"), (*_MASKS, *((name, "full") for name, _ in _MASKS)))
_MIRI_SUBARRAYS = ("full", "brightsky", "sub256", "sub128", "sub64", "slitlessprism", "masklyot", "mask1065")
_MIRI_PATTERNS = (
    "cycling", "none", "4-point-sets", "reuleaux", "2-point", "4-point-miri-f770w-with-nircam", "mimf", "",
)  # fmt: skip
_SUB_BANDS = ("short", "medium", "long")
_BANDS = (*_SUB_BANDS, *map("-".join, permutations(_SUB_BANDS, 2)))
_MRS = table(("detector", "channel"), (("mirifushort", "12"), ("mirifulong", "34")))
_miri = partial(_exposures, instrume="miri", detector="mirimage")
_miri_ifu = partial(_exposures, instrume="miri", filter="", band=_BANDS)

MIRI = (
    _miri("mir_image", visitype=_ALL_VISITS, filter=_MIRI_FILTERS, subarray=_MIRI_SUBARRAYS, patttype=_MIRI_PATTERNS),
    _miri("mir_4qpm", _MASKED_OR_FULL, patttype=_SMALL_GRIDS),
    _miri("mir_lyot", filter="f2300c", subarray=("masklyot", "full"), patttype=_SMALL_GRIDS),
    _miri(("mir_tacq", "mir_taconfirm"), pntgtype=_ACQUISITION, filter=_MIRI_TARGET_FILTERS, subarray=_MIRI_SUBARRAYS),
    _miri("mir_coroncal", filter=_MIRI_TARGET_FILTERS, subarray=_MIRI_SUBARRAYS),
    _miri("mir_lrs-fixedslit", filter="p750l", subarray=("full", "subslit"),
        patttype=("along-slit-nod", "mapping", "none", "2-point-nod", "4-point-nod", "")),
    _miri("mir_lrs-slitless", filter="p750l", subarray=("slitlessprism", "subprism", "full"),
        patttype=("none", "5pixel-slitless-scan", *_NODS, "")),
    _miri("mir_wfss", filter="p750l", patttype=(*_MIRI_PATTERNS, *_NODS)),
    _miri_ifu("mir_mrs", _MRS, patttype=("4-point", "2-point", "none", "scan-calibration", *_NODS, "")),
    _miri_ifu(("mir_flatmrs", "mir_flatmrs-ext", "mir_darkmrs"), _MRS),
    _miri(("mir_flatimage", "mir_flatimage-ext", "mir_darkimg", "mir_darkall"),
        filter=(*_MIRI_FILTERS, "opaque", ""), subarray=_MIRI_SUBARRAYS),
)  # fmt: skip

# --- NIRCam -------------------------------------------------------------------------------------

_SHORT = tuple((f"nrc{side}{chip}", "short") for side in "ab" for chip in "1234")
_LONG = (("nrcalong", "long"), ("nrcblong", "long"))
_SHORT_FILTERS = ("f200w", "f070w", "f090w", "f115w", "f140m", "f150w", "f150w2", "f182m", "f187n", "f210m", "f212n")
_LONG_FILTERS = (
    "f444w", "f250m", "f277w", "f300m", "f322w2", "f335m", "f356w", "f360m", "f410m", "f430m", "f460m", "f480m",
)  # fmt: skip
_WEAK_LENSES = ("wlp8", "wlm8", "gdhs0", "gdhs60")
_SHORT_PATHS = (
    *product(_SHORT_FILTERS, ("clear",)), ("f150w2", "f162m"), ("f150w2", "f164n"),
    *product(_SHORT_FILTERS, _WEAK_LENSES), *product(("wlp4",), ("clear", *_WEAK_LENSES)),
)  # fmt: skip
_LONG_PATHS = (
    *product(_LONG_FILTERS, ("clear",)), ("f322w2", "f323n"), *product(("f444w",), ("f405n", "f466n", "f470n"))
)  # fmt: skip
_GRISMS = tuple(product(_LONG_FILTERS, ("grismr", "grismc", "grismv2", "grismv3")))
_OCCULTED = tuple(tuple(product(filters, ("maskrnd", "maskbar"))) for filters in (_SHORT_FILTERS, _LONG_FILTERS))


def _nircam(*paths: tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]) -> Table:
    """Detectors with their channel, and the filters with pupil elements that they see."""
    rows = ((*where, *path) for places, seen in paths for where in places for path in seen)
    return table(("detector", "channel", "filter", "pupil"), rows)


_NIRCAM_IMAGES = _nircam((_SHORT, _SHORT_PATHS), (_LONG, _LONG_PATHS))
_NIRCAM_SPECTRA = _nircam((_LONG, _GRISMS), (_SHORT, _SHORT_PATHS))
_NIRCAM_PATTERNS = ("none", "intramodulebox", "intrasca", "fullbox", "subarray_dither", "")
_DHS = tuple(f"sub{rows}stripe{stripes}_dhs" for rows, stripes in ((41, 1), (82, 2), (164, 4), (260, 4)))
_nrc = partial(_exposures, instrume="nircam", patttype=_NIRCAM_PATTERNS)

NIRCAM = (
    _nrc("nrc_image", _NIRCAM_IMAGES, visitype=_ALL_VISITS, dms_note=("", "wfsc_los_jitter"),
        subarray=("full", "sub640", "sub320", "sub160", "sub400p", "sub64p", "sub8fp1a", "sub96dhspila"),
        patttype=(*_NIRCAM_PATTERNS, "wfsc", "cycling")),
    _nrc(("nrc_tacq", "nrc_taconfirm"),
        _nircam((_SHORT, _SHORT_PATHS), (_LONG, _LONG_PATHS), (_LONG, (("f335m", "maskrnd"), ("f335m", "maskbar")))),
        pntgtype=_ACQUISITION, visitype=_ALL_VISITS, dms_note=("", "wfsc_los_jitter"),
        subarray=("full", "sub32tats", "sub64fp1a", "subfsa335r")),
    _nrc("nrc_coron", _nircam((_SHORT[:4], _OCCULTED[0]), (_LONG[:1], _OCCULTED[1])), patttype=_SMALL_GRIDS,
        subarray=("full", "sub640a210r", "sub320a335r", "sub320a430r", "sub640aswb", "sub400x256alwb")),
    _nrc("nrc_wfss", _NIRCAM_SPECTRA),
    _nrc("nrc_tsgrism", _NIRCAM_SPECTRA, patttype=(*_NIRCAM_PATTERNS, *_NODS),
        subarray=("subgrism256", "subgrism128", "subgrism64", "full", *_DHS)),
    _nrc("nrc_tsimage", _NIRCAM_IMAGES, subarray=("full", "sub400p", "sub160p", "sub64p")),
    _nrc(("nrc_dark", "nrc_flat", "nrc_focus", "nrc_grism", "nrc_led", "nrc_wfsc"),
        _nircam((_SHORT, (*_SHORT_PATHS, ("f200w", "flat"))),
            (_LONG, (*_LONG_PATHS, *_GRISMS, ("f356w", "flat"), ("", "")))), visitype=_ALL_VISITS),
)  # fmt: skip

# --- NIRISS -------------------------------------------------------------------------------------

_BLOCKING = ("f200w", "f090w", "f115w", "f140m", "f150w", "f158m")
_RED = ("f277w", "f356w", "f380m", "f430m", "f444w", "f480m")
_NIRISS_PATHS = table(("filter", "pupil"), (*product(("clear",), _BLOCKING), *product(_RED, ("clearp",))))
_nis = partial(_exposures, instrume="niriss", detector="nis")
_nis_masked = partial(_nis, filter=("f480m", "f277w", "f380m", "f430m"), pupil=("nrm", "clearp"))

NIRISS = (
    _nis("nis_image", _NIRISS_PATHS, visitype=_ALL_VISITS, subarray=("full", "sub64", "sub80", "sub128", "sub256"),
        patttype=("wfss", "imaging", "ami", "mimf", "none", "nis-mir077-3", "nis-nrc-2l", "")),
    _nis("nis_wfss", filter=("gr150r", "gr150c"), pupil=_BLOCKING,
        subarray=("full", "wfss64r", "wfss64c", "wfss128r", "wfss128c"),
        patttype=("wfss", "none", "nis-mir077-3", "nis-nrc-2l", *_NODS, "")),
    _nis("nis_soss", filter=("clear", "f277w", ""), pupil="gr700xd",
        subarray=("substrip256", "substrip96", "full", "sub204stripe_soss"), patttype=("none", *_NODS, "")),
    _nis_masked("nis_ami", subarray=("sub80", "full"), patttype=("ami", "none", "")),
    _nis_masked(("nis_tacq", "nis_taconfirm"), pntgtype=_ACQUISITION,
        subarray=("subtaami", "subtasoss", "wfss64r", "full")),
    _nis(("nis_dark", "nis_extcal", "nis_focus", "nis_lamp"), _NIRISS_PATHS, visitype=_ALL_VISITS),
)  # fmt: skip

# --- NIRSpec ------------------------------------------------------------------------------------

_GRATINGS = ("g140m", "g140h", "g235m", "g235h", "g395m", "g395h", "prism", "mirror")
_DISPERSED = (
    ("g140m", "f070lp"), ("g140h", "f070lp"), ("g140m", "f100lp"), ("g140h", "f100lp"), ("g235m", "f170lp"),
    ("g235h", "f170lp"), ("g395m", "f290lp"), ("g395h", "f290lp"), ("prism", "clear"),
)  # fmt: skip
#: The filter wheel can be closed in every type of exposure.
_CLOSED = tuple((grating, "opaque") for grating in _GRATINGS)
_UNDISPERSED = ("f110w", "f140x", "clear")
_SPECTRAL_PATHS = table(("grating", "filter"), (*_DISPERSED, *_CLOSED))
_LAMPS = ("flat1", "flat2", "flat3", "flat4", "flat5", "line1", "line2", "line3", "line4", "ref", "test", "none", "")
_SLITS = ("s200a1", "s200a2", "s400a1", "s1600a1", "s200b1")
_SHUTTERS = ("primarypark_configured", "primarypark_allopen", "primarypark_allclosed", "launchlock_allclosed", "")
_SHUTTER_FILES = ("jw00001001001_01_msa.fits", "jw00001001001_02_msa.fits", "")
_nrs = partial(_exposures, instrume="nirspec", detector=("nrs1", "nrs2"), lamp=("none", ""))
_nrs_image = partial(_nrs, visitype=_ALL_VISITS, grating="mirror", filter=_UNDISPERSED, fxd_slit=("", "s1600a1"),
    subarray=("full", "sub2048", "sub32"), msastate=_SHUTTERS)  # fmt: skip

NIRSPEC = (
    _nrs("nrs_fixedslit", _SPECTRAL_PATHS, fxd_slit=_SLITS, patttype=("none", *_NODS, ""),
        subarray=("subs200a1", "allslits", "subs200a2", "subs200b1", "subs400a1", "sub2048", "sub512", "full")),
    _nrs("nrs_brightobj", _SPECTRAL_PATHS, fxd_slit=("s1600a1", "s200a1", "s200b1"), patttype=("none", *_NODS, ""),
        subarray=("sub2048", "sub512", "sub512s", "sub1024a", "sub1024b", "sub32", "full")),
    _nrs("nrs_ifu", _SPECTRAL_PATHS, is_imprt=_SET,
        patttype=("cycling", "none", "4-point-dither", "sparse-cycling", *_NODS, "")),
    _nrs("nrs_msaspec", table(("grating", "filter"), (*_DISPERSED, *product(("mirror",), _UNDISPERSED), *_CLOSED)),
        is_imprt=_SET, msastate=_SHUTTERS, msametfl=_SHUTTER_FILES,
        patttype=("none", "2-point-with-nircam-size1", *_NODS, "")),
    _nrs_image(("nrs_tacq", "nrs_taconfirm", "nrs_taslit", "nrs_wata", "nrs_msata", "nrs_confirm", "nrs_verify"),
        pntgtype=_ACQUISITION),
    _nrs_image(("nrs_image", "nrs_focus", "nrs_mimf")),
    _nrs(("nrs_autoflat", "nrs_autowave"), table(("grating", "filter"), (*_CLOSED, *_DISPERSED)), lamp=_LAMPS,
        opmode=("none", "msaspec", "ifu", "fixedslit", ""), fxd_slit=("", *_SLITS), msametfl=_SHUTTER_FILES),
    _nrs("nrs_lamp", grating=_GRATINGS, filter="opaque", lamp=_LAMPS, msametfl=_SHUTTER_FILES,
        opmode=("msaspec", "ifu", "fixedslit", "image", "brightobj", "grating-only", "none", "")),
    _nrs("nrs_dark", grating=_GRATINGS, filter="opaque", subarray=("full", "allslits")),
)  # fmt: skip

#: Columns that hold any number.
_NUMBERED = ("obs_num", "visit", "targetid", "expspcin", "dithptin", "mostilno", "patt_num", "act_id", "subpxpts")

#: What the archive fills in for every exposure; older pools leave some of it out.
_FILLED = ("pntgtype", "visitype", "patttype", *_NUMBERED, "obs_id", "numdthpt", "nints")

#: All possible exposures.
DOMAIN = Domain(
    (*FGS, *MIRI, *NIRCAM, *NIRISS, *NIRSPEC),
    examples={"program": ("1",), **dict.fromkeys(_NUMBERED, ("1", "2"))},
    filled=_FILLED,
    products={
        **dict.fromkeys(("image2", "tso-image2"), ("cal",)),
        **dict.fromkeys(("spec2", "tso-spec2", "nrslamp-spec2"), ("cal", "x1d")),
    },
)
