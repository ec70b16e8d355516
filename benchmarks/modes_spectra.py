"""Observing modes that take spectra: one small function each, plus the NIRSpec settings.

Every function adds one instance of its mode to a program: up to ten observations with at most
50 rows together, or `Program.scale` times as many rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from benchmarks.modes_imaging import CAMERAS, LONG_A, MIRI, NIRISS, SHORT_A, take_images
from benchmarks.rows import Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.rows import Observation, Program

NIRSPEC = ("NRS1", "NRS2")
MRS = ("MIRIFUSHORT", "MIRIFULONG")
DISPERSERS = (
    {"grating": "PRISM", "filter": "CLEAR"},
    {"grating": "G140M", "filter": "F070LP"},
    {"grating": "G140H", "filter": "F100LP"},
    {"grating": "G235H", "filter": "F170LP"},
    {"grating": "G395M", "filter": "F290LP"},
    {"grating": "G395H", "filter": "F290LP"},
)
SLITS = ("S200A1", "S200A2", "S400A1", "S1600A1", "S200B1")


def _with_background(program: Program, template: str, probability: float) -> list[Observation]:
    """Return a science observation and perhaps one of a linked background target."""
    observations = [program.observation(template, program.target())]
    if program.chance(probability):
        observations.append(program.observation(template, program.target(), bkgdtarg="T"))
        program.link("BACKGROUND", *observations)
    return observations


def mrs(program: Program) -> None:
    """MIRI medium resolution: both detectors, some bands, a dedicated background."""
    bands = program.some(("SHORT", "MEDIUM", "LONG"), program.between(1, 2))
    points = program.stretch(2, 4)
    for observation in _with_background(program, "MIRI MEDIUM RESOLUTION SPECTROSCOPY", 1.0):
        observation.acquire("MIR_TACQ", *MIRI, filter="FND")
        for band in bands:
            observation.expose("MIR_MRS", MRS, Plan(points, "CYCLING"), band=band)


def lrs_slit(program: Program) -> None:
    """MIRI low resolution in the slit: nods or a map, sometimes a background."""
    pattern = program.pick(("ALONG-SLIT-NOD", "ALONG-SLIT-NOD", "MAPPING"))
    points, acquired = program.stretch(2, 3), program.chance(0.6)
    for observation in _with_background(program, "MIRI LOW RESOLUTION SPECTROSCOPY", 0.5):
        if acquired:
            observation.acquire("MIR_TACQ", *MIRI, filter="F560W")
            observation.acquire("MIR_TACONFIRM", *MIRI, filter="F560W")
        observation.expose("MIR_LRS-FIXEDSLIT", MIRI, Plan(points, pattern), filter="P750L")


def lrs_slitless(program: Program) -> None:
    """MIRI low resolution without slit: a time series in segments."""
    observation = program.observation(
        "MIRI LOW RESOLUTION SPECTROSCOPY", program.target(), tsovisit="T", subarray="SLITLESSPRISM"
    )
    observation.acquire("MIR_TACQ", *MIRI, filter="F560W")
    observation.acquire("MIR_TACONFIRM", *MIRI, filter="F560W")
    observation.expose("MIR_LRS-SLITLESS", MIRI, Plan(segments=program.stretch(1, 4)), filter="P750L")


def fixed_slit(program: Program) -> None:
    """NIRSpec fixed slits: nods with subpixel positions, sometimes a background."""
    slits = program.some(SLITS, program.between(1, 2))
    disperser = program.pick(DISPERSERS)
    points, subpixel = program.pick(((1, 1), (2, 1), (2, 2), (3, 1), (3, 2), (5, 1)))
    points = program.stretch(points, points)
    for observation in _with_background(program, "NIRSPEC FIXED SLIT SPECTROSCOPY", 0.5):
        observation.acquire(
            "NRS_WATA", "NRS1", filter="F140X", grating="MIRROR", fxd_slit="S1600A1", subarray="SUB2048"
        )
        for slit in slits:
            observation.expose(
                "NRS_FIXEDSLIT",
                NIRSPEC,
                Plan(points, f"{points}-POINT-NOD" if points > 1 else "NONE", subpixel),
                fxd_slit=slit,
                **disperser,
            )


def ifu(program: Program) -> None:
    """NIRSpec integral field: nods or cycling, tiles, imprints, sometimes a background."""
    disperser = program.pick(DISPERSERS)
    pattern, points = program.pick((("4-POINT-NOD", 4), ("2-POINT-NOD", 2), ("CYCLING", program.stretch(2, 4))))
    tiles, imprints = program.pick((("1", 1), ("12", 1), ("1", points)))
    observations = _with_background(program, "NIRSPEC IFU SPECTROSCOPY", 0.5)
    for observation in observations:
        for tile in tiles:
            observation.visit()
            _ifu_tile(observation, Plan(points, pattern), imprints, mostilno=tile, **disperser)
    if program.chance(0.2):
        lamp = {**disperser, "filter": "OPAQUE", "lamp": "LINE3", "opmode": "IFU"}
        observations[0].expose("NRS_AUTOWAVE", NIRSPEC, **lamp)


def _ifu_tile(observation: Observation, plan: Plan, imprints: int, **columns: str) -> None:
    """Take spectra at all points and imprints, with the shutters closed, at the first few."""
    columns["numdthpt"] = str(plan.points)
    observation.expose("NRS_IFU", NIRSPEC, plan, **columns)
    observation.expose("NRS_IFU", NIRSPEC, plan._replace(points=imprints), is_imprt="T", **columns)


def msa(program: Program) -> None:
    """NIRSpec micro-shutters: acquisition, images, nods along the slitlets."""
    observation = program.observation("NIRSPEC MULTIOBJECT SPECTROSCOPY", program.target())
    mirror = {"filter": "F110W", "grating": "MIRROR"}
    all_open = "PRIMARYPARK_ALLOPEN"
    observation.acquire("NRS_MSATA", "NRS1", msastate=all_open, **mirror)
    observation.acquire("NRS_TACONFIRM", "NRS1", msastate=all_open, **mirror)
    observation.expose("NRS_IMAGE", NIRSPEC, msastate=all_open, opmode="IMAGE", **mirror)
    observation.expose("NRS_MSASPEC", NIRSPEC, msastate=all_open, opmode="MSASPEC", **mirror)
    subpixel = program.between(1, 2)
    for number, disperser in enumerate(program.some(DISPERSERS, 2), start=1):
        observation.expose(
            "NRS_MSASPEC",
            NIRSPEC,
            Plan(program.stretch(3, 3), "3-SHUTTER-SLITLET", subpixel),
            msastate="PRIMARYPARK_CONFIGURED",
            msametfl=f"jw{program.number:05d}{program.observations:03d}001_{number:02d}_msa.fits",
            opmode="MSASPEC",
            **disperser,
        )


class _Beam(NamedTuple):
    """One instrument arm in a step of a slitless sequence."""

    exp_type: str
    detectors: tuple[str, ...]
    filter: str
    pupil: str


class _Step(NamedTuple):
    """Beams exposed at the same time, at so many points."""

    points: int
    beams: tuple[_Beam, ...]


def _slitless(program: Program, template: str, sequences: Sequence[Sequence[_Step]]) -> None:
    """Take the sequences in one observation or, as pure parallels, every step in its own.

    Pure parallels have no target; a DIRECT_IMAGE candidate holds each sequence together.
    """
    pure_parallel = program.chance(0.3)
    prime = None if pure_parallel else program.observation(template, program.target())
    for sequence in sequences:
        observations = [prime or program.observation(template, None, visitype="PARALLEL_PURE") for _ in sequence]
        for observation, (points, beams) in zip(observations, sequence, strict=True):
            for beam in beams:
                observation.expose(
                    beam.exp_type,
                    beam.detectors,
                    Plan(points, "WFSS" if points > 1 else "NONE", alongside=beam is not beams[0]),
                    filter=beam.filter,
                    pupil=beam.pupil,
                )
        if pure_parallel:
            program.link("DIRECT_IMAGE", *observations)


def wfss_niriss(program: Program) -> None:
    """NIRISS slitless: two grisms per filter between direct images, or pure parallels."""
    points, sequences = program.stretch(2, 3), []
    for pupil in program.some(("F115W", "F150W", "F200W"), program.between(1, 2)):
        direct = _Step(1, (_Beam("NIS_IMAGE", NIRISS, "CLEAR", pupil),))
        rows, columns = (_Step(points, (_Beam("NIS_WFSS", NIRISS, grism, pupil),)) for grism in ("GR150R", "GR150C"))
        sequences.append([direct, rows, direct, columns, direct])
    _slitless(program, "NIRISS WIDE FIELD SLITLESS SPECTROSCOPY", sequences)


def wfss_nircam(program: Program) -> None:
    """NIRCam slitless: long-wave grisms with short-wave images, then direct images."""
    short = _Beam("NRC_IMAGE", SHORT_A, program.pick(("F115W", "F200W")), "CLEAR")
    filters = program.some(("F322W2", "F356W", "F444W"), program.between(1, 2))
    grisms = program.some(("GRISMR", "GRISMC"), 3 - len(filters))
    points, sequences = program.stretch(1, 2), []
    for long_filter in filters:
        steps = [_Step(points, (_Beam("NRC_WFSS", LONG_A, long_filter, grism), short)) for grism in grisms]
        sequences.append([*steps, _Step(1, (_Beam("NRC_IMAGE", LONG_A, long_filter, "CLEAR"), short))])
    _slitless(program, "NIRCAM WIDE FIELD SLITLESS SPECTROSCOPY", sequences)


def wfss_miri(program: Program) -> None:
    """MIRI slitless: prism exposures between direct images, or pure parallels."""
    direct = _Step(1, (_Beam("MIR_IMAGE", MIRI, program.pick(("F560W", "F770W")), "NULL"),))
    prism = _Step(program.stretch(2, 4), (_Beam("MIR_WFSS", MIRI, "P750L", "NULL"),))
    _slitless(program, "MIRI WIDE FIELD SLITLESS SPECTROSCOPY", [[direct, prism, direct]])


def soss(program: Program) -> None:
    """NIRISS single object: a time series in segments, or no time series with or without nods."""
    tsovisit = program.pick("TF")
    pattern, points = ("NULL", 1) if tsovisit == "T" else program.pick((("NULL", 2), ("2-POINT-NOD", 2)))
    observation = program.observation(
        "NIRISS SINGLE-OBJECT SLITLESS SPECTROSCOPY", program.target(), tsovisit=tsovisit, pupil="GR700XD"
    )
    observation.acquire("NIS_TACQ", *NIRISS, filter="F480M", pupil="NRM", subarray="SUBTASOSS")
    strip = program.pick(("SUBSTRIP96", "SUBSTRIP256"))
    segments = program.stretch(1, 4) if tsovisit == "T" else 1
    nints = program.pick(("1", "50", "120", "300"))
    filters = ["CLEAR", "F277W"] if program.chance(0.5) else ["CLEAR"]
    for optical_filter in filters:
        observation.expose(
            "NIS_SOSS",
            NIRISS,
            Plan(points, pattern, segments=segments),
            filter=optical_filter,
            subarray=strip,
            nints=nints,
        )


def time_series(program: Program) -> None:
    """Time series: NIRCam images with grism spectra, NIRSpec bright object, MIRI images."""
    segments = program.stretch(1, 3)
    nircam = program.observation("NIRCAM GRISM TIME SERIES", program.target(), tsovisit="T", subarray="SUBGRISM256")
    nircam.acquire("NRC_TACQ", *LONG_A, filter="F335M", pupil="CLEAR", subarray="SUB32TATSGRISM")
    grism = program.pick(("GRISMR", "GRISMR", "CLEAR"))
    long = program.pick((LONG_A, LONG_A, (*LONG_A, "NRCBLONG")))
    nircam.expose("NRC_TSGRISM", long, Plan(segments=segments), filter="F444W", pupil=grism)
    nircam.expose(
        "NRC_TSIMAGE", ("NRCA1", "NRCA3"), Plan(segments=segments, alongside=True), filter="F210M", pupil="WLP8"
    )

    nirspec = program.observation("NIRSPEC BRIGHT OBJECT TIME SERIES", program.target(), tsovisit="T")
    bright = {"fxd_slit": "S1600A1", "subarray": "SUB2048"}
    nirspec.acquire("NRS_WATA", "NRS1", filter="F140X", grating="MIRROR", **bright)
    nirspec.expose("NRS_BRIGHTOBJ", NIRSPEC, Plan(segments=segments), **program.pick(DISPERSERS), **bright)

    miri = program.observation("MIRI IMAGING TIME SERIES", program.target(), tsovisit="T", subarray="SUB256")
    take_images(miri, CAMERAS["MIRI"], program.between(0, 2), 1, patttype="NONE")


def moving_target(program: Program) -> None:
    """Images and spectra of one moving target."""
    target, points = program.target("MOVING"), program.stretch(2, 3)
    images = program.observation(CAMERAS["MIRI"].template, target)
    take_images(images, CAMERAS["MIRI"], program.between(0, 2), points)
    slit = program.observation("MIRI LOW RESOLUTION SPECTROSCOPY", target)
    slit.expose("MIR_LRS-FIXEDSLIT", MIRI, Plan(2, "ALONG-SLIT-NOD"), filter="P750L")
    field = program.observation("NIRSPEC IFU SPECTROSCOPY", target)
    _ifu_tile(field, Plan(points, "CYCLING"), 1, **program.pick(DISPERSERS))
    program.link("GROUP", images, slit, field)
