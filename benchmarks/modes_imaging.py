"""Observing modes that take images: one small function each, plus the cameras they share.

Every function adds one instance of its mode to a program: up to ten observations with at most
50 rows together, or `Program.scale` times as many rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from benchmarks.rows import ONCE, Plan

if TYPE_CHECKING:
    from benchmarks.rows import Observation, Program

SHORT_A = ("NRCA1", "NRCA2", "NRCA3", "NRCA4")
LONG_A = ("NRCALONG",)
MIRI = ("MIRIMAGE",)
NIRISS = ("NIS",)


class Arm(NamedTuple):
    """Detectors that share a filter and a pupil, and the (filter, pupil) pairs to choose from."""

    detectors: tuple[str, ...]
    optics: tuple[tuple[str, str], ...]


class Camera(NamedTuple):
    """An imaging mode: all its arms expose at the same time."""

    exp_type: str
    template: str
    pattern: str
    arms: tuple[Arm, ...]


CAMERAS = {
    "MIRI": Camera(
        "MIR_IMAGE",
        "MIRI IMAGING",
        "CYCLING",
        (Arm(MIRI, (("F560W", "NULL"), ("F770W", "NULL"), ("F1000W", "NULL"), ("F2100W", "NULL"))),),
    ),
    "NIRCAM": Camera(
        "NRC_IMAGE",
        "NIRCAM IMAGING",
        "INTRAMODULEBOX",
        (
            Arm(SHORT_A, (("F115W", "CLEAR"), ("F150W2", "F162M"), ("F200W", "CLEAR"))),
            Arm(LONG_A, (("F277W", "CLEAR"), ("F444W", "F405N"), ("F444W", "CLEAR"))),
        ),
    ),
    "NIRISS": Camera(
        "NIS_IMAGE",
        "NIRISS IMAGING",
        "NIRISS",
        (Arm(NIRISS, (("CLEAR", "F115W"), ("CLEAR", "F200W"), ("F277W", "CLEARP"))),),
    ),
    "FGS": Camera("FGS_IMAGE", "FGS EXTERNAL CALIBRATION", "NONE", (Arm(("GUIDER1",), (("NULL", "NULL"),)),)),
}


def take_images(observation: Observation, camera: Camera, setting: int, points: int, **columns: str) -> None:
    """Expose all arms of a camera at the points of its pattern; `setting` chooses the filters."""
    for arm in camera.arms:
        optical_filter, pupil = arm.optics[setting % len(arm.optics)]
        observation.expose(
            camera.exp_type,
            arm.detectors,
            Plan(points, camera.pattern, alongside=arm is not camera.arms[0]),
            **{"filter": optical_filter, "pupil": pupil, **columns},
        )


def image_dithers(program: Program) -> None:
    """Dithered images of one target in two observations, with a GROUP candidate."""
    camera = CAMERAS[program.pick(tuple(CAMERAS))]
    target, points = program.target(), program.stretch(2, 3)
    settings = program.some((0, 1, 2), 3 - len(camera.arms))
    pair = [program.observation(camera.template, target) for _ in "12"]
    for observation in pair:
        for setting in settings:
            take_images(observation, camera, setting, points)
    program.link("GROUP", *pair)


def image_mosaic(program: Program) -> None:
    """Images of several targets in tiles, with a MOSAIC candidate."""
    camera = CAMERAS[program.pick(("MIRI", "NIRCAM", "NIRISS"))]
    setting, points = program.between(0, 2), program.stretch(1, 2)
    tiled = [program.observation(camera.template, program.target()) for _ in "12"]
    for observation in tiled:
        for tile in "12":
            observation.visit()
            take_images(observation, camera, setting, points, mostilno=tile)
    program.link("MOSAIC", *tiled)


def image_background(program: Program) -> None:
    """Images with dedicated background images and a BACKGROUND candidate."""
    camera = CAMERAS[program.pick(("MIRI", "NIRCAM"))]
    setting, points = program.between(0, 2), program.stretch(2, 3)
    science = program.observation(camera.template, program.target())
    background = program.observation(camera.template, program.target(), bkgdtarg="T")
    for observation in (science, background):
        take_images(observation, camera, setting, points)
    program.link("BACKGROUND", science, background)


def _rolls_and_reference(program: Program, template: str) -> list[Observation]:
    """Return two rolls on a science target and one observation of a reference star."""
    target = program.target()
    rolls = [program.observation(template, target) for _ in "12"]
    return [*rolls, program.observation(template, program.target(), is_psf="T")]


def coron_nircam(program: Program) -> None:
    """NIRCam coronagraphy: target acquisitions, two rolls and a reference star."""
    pupil = program.pick(("MASKRND", "MASKBAR"))
    points = program.stretch(1, 4)
    observations = _rolls_and_reference(program, "NIRCAM CORONAGRAPHIC IMAGING")
    for observation in observations:
        last = observation is observations[-1]
        observation.acquire("NRC_TACQ", *LONG_A, filter="F335M", pupil=pupil, subarray="SUBFSA335R")
        observation.acquire("NRC_TACONFIRM", *LONG_A, filter="F335M", pupil=pupil)
        observation.expose(
            "NRC_CORON",
            LONG_A,
            Plan(points, "5-POINT-SMALL-GRID") if last else ONCE,
            filter="F335M",
            pupil=pupil,
            subarray="SUB320A335R",
        )
        observation.expose("NRC_CORON", SHORT_A, filter="F210M", pupil=pupil)
    program.link("CORONAGRAPHY", *observations)


def coron_miri(program: Program) -> None:
    """MIRI coronagraphy: rolls, a reference star and sometimes a background."""
    exp_type, optical_filter, subarray = program.pick(
        (("MIR_4QPM", "F1065C", "MASK1065"), ("MIR_4QPM", "F1550C", "MASK1550"), ("MIR_LYOT", "F2300C", "MASKLYOT"))
    )
    template = "MIRI CORONAGRAPHIC IMAGING"
    observations = _rolls_and_reference(program, template)
    if program.chance(0.5):
        observations.append(program.observation(template, program.target(), bkgdtarg="T"))
    points = program.stretch(1, 4)
    for observation in observations:
        observation.acquire("MIR_TACQ", *MIRI, filter="FND", subarray=subarray)
        observation.expose("MIR_CORONCAL", MIRI, filter=optical_filter, subarray=subarray)
        observation.expose(exp_type, MIRI, Plan(points), filter=optical_filter, subarray=subarray)
    program.link("CORONAGRAPHY", *observations)


def ami(program: Program) -> None:
    """NIRISS aperture masking: target acquisitions, science and a reference star."""
    filters = program.some(("F277W", "F380M", "F430M", "F480M"), 2)
    points = program.stretch(1, 2)
    observations = _rolls_and_reference(program, "NIRISS APERTURE MASKING INTERFEROMETRY")
    for observation in observations:
        observation.acquire("NIS_TACQ", *NIRISS, filter="F480M", pupil="NRM", subarray="SUBTAAMI")
        for optical_filter in filters:
            observation.expose("NIS_AMI", NIRISS, Plan(points), filter=optical_filter, pupil="NRM", subarray="SUB80")
    program.link(program.pick(("AMI", "CORONAGRAPHY", "GROUP")), *observations)


def wavefront_sensing(program: Program) -> None:
    """NIRCam wavefront sensing: pairs of defocused images, sometimes with jitter data."""
    observation = program.observation(
        "WFSC NIRCAM FINE PHASING", program.target(), visitype="PRIME_WFSC_SENSING_CONTROL"
    )
    pair = Plan(2, "WFSC")
    observation.acquire("NRC_TACQ", "NRCA3", filter="F335M", pupil="CLEAR")
    for pupil in ("WLP8", "WLM8"):
        for _ in range(program.stretch(1, 2)):
            observation.expose("NRC_IMAGE", ("NRCA3",), pair, filter="F212N", pupil=pupil)
    if program.chance(0.5):
        observation.expose("NRC_IMAGE", ("NRCA3",), pair, filter="F212N", pupil="CLEAR", dms_note="WFSC_LOS_JITTER")


def parallel(program: Program) -> None:
    """MIRI images with NIRCam images taken in parallel, in one observation."""
    points = program.stretch(2, 3)
    observation = program.observation("MIRI IMAGING", program.target())
    for setting in program.some((0, 1, 2), 2):
        take_images(observation, CAMERAS["MIRI"], setting, points)
        for arm in CAMERAS["NIRCAM"].arms:
            optical_filter, pupil = arm.optics[setting]
            observation.expose(
                "NRC_IMAGE",
                arm.detectors,
                Plan(points, "CYCLING", alongside=True),
                filter=optical_filter,
                pupil=pupil,
                seq_id="2",
            )


def calibration(program: Program) -> None:
    """Darks, flats, lamps and failed exposures, mostly without a Level 3 product."""
    darks = program.observation("DARK", None)
    darks.expose("MIR_DARKIMG", MIRI, Plan(program.stretch(1, 2)))
    darks.expose("NRC_DARK", program.some(SHORT_A, 2))
    darks.expose("NIS_DARK", NIRISS)
    flats = program.observation("FLAT", None)
    flats.expose("MIR_FLATIMAGE", MIRI, filter="F770W")
    flats.expose("NRC_LED", LONG_A, filter="F356W", pupil="FLAT")
    flats.expose("NIS_FOCUS", NIRISS, filter="CLEAR", pupil="F150W")
    lamps = program.observation("NIRSPEC INTERNAL LAMP", None, filter="OPAQUE")
    for opmode, grating, lamp in (
        ("IMAGE", "MIRROR", "FLAT4"),
        ("IFU", "G140H", program.pick(("FLAT4", "LINE1"))),
        ("FIXEDSLIT", "G395M", "FLAT3"),
        ("MSASPEC", "PRISM", "LINE4"),
        ("GRATING-ONLY", "G235M", "NO_LAMP"),
    ):
        metafile = f"jw{program.number:05d}001001_01_msa.fits" if program.chance(0.5) else "NULL"
        lamps.expose(
            "NRS_LAMP",
            ("NRS1", "NRS2"),
            grating=grating,
            opmode=opmode,
            lamp=lamp,
            msametfl=metafile if opmode == "MSASPEC" else "NULL",
        )
    guider = program.observation("FGS FOCUS", program.target())
    guider.expose("FGS_FOCUS", ("GUIDER2",), Plan(2))
    failed = program.observation("MIRI IMAGING", program.target(), exposerr="UNSUCCESSFUL")
    take_images(failed, CAMERAS["MIRI"], program.between(0, 2), 2)
