"""File names of exposures and their products."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from solver.errors import AssociationError, UnknownNameError
from solver.words import few, nearest

_COMPRESSED = (".gz", ".bz2", ".fz", ".z")

#: Names that Windows reserves for devices, whatever follows the first dot.
_DEVICES = r"(?i:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?"

#: A name that every file system takes: without folder or drive, and not hidden.
_PLAIN = re.compile(rf"(?!\.|{_DEVICES}$)[^/\\:*?\"<>|]+(?<![ .])")

#: Maximum length of a name in bytes; file systems take 255.
_LONGEST = 240

#: Most names that a message lists.
_LISTED = 8

#: Suffixes of the pipeline's products of one exposure, and of the telemetry that these are made of.
SUFFIXES = frozenset({
    "original", "uncal", "rate", "rateints", "cal", "calints", "x1d", "x1dints", "s2d", "s3d", "i2d", "bsub",
    "bsubints", "crf", "crfints", "dark", "ramp", "phot", "psfsub", "psfalign",
})  # fmt: skip


#: Those of files that are made before Level 2.
RATES = frozenset({"uncal", "rate", "rateints"})


def is_plain(name: str) -> bool:
    r"""Whether a name means a file in the current folder on every system; safe for names from any source.

    >>> [is_plain(name) for name in ("a_asn.json", "../a.json", "C:a.json", "NUL.txt", "a. ", "a\nb")]
    [True, False, False, False, False, False]
    """
    return _PLAIN.fullmatch(name) is not None and name.isprintable() and len(name.encode()) <= _LONGEST


def level_of(asn_type: str, asn_rule: str) -> int:
    """The processing level of an association: by its type, or, if the type does not show it, by its rule.

    >>> level_of("tso-image2", "Asn_Lv2ImageTSO"), level_of("image3", "Asn_Lv3Image")
    (2, 3)
    """
    return 2 if asn_type.endswith("2") or "Level2" in asn_rule else 3


def association_name(program: str, asn_id: str, version_id: str | None, asn_type: str, sequence: int) -> str:
    """The name of an association's file, without its ending.

    >>> association_name("00001", "o001", None, "image3", 7)
    'jw00001-o001_image3_00007_asn'
    """
    version = f"_{version_id}" if version_id else ""
    return f"jw{program}-{asn_id}{version}_{asn_type}_{sequence:05d}_asn".lower()


def sequence_of(file_name: str) -> int:
    """The number that the name of an association's file has; 1 if it has none.

    >>> sequence_of("jw00001-o001_image3_00007_asn.json"), sequence_of("deep_asn.json")
    (7, 1)
    """
    # more digits are part of a name, not a number; Python converts at most 4,300
    match = re.search(r"_(\d{5,18})_asn\.json$", file_name)
    return int(match[1]) if match else 1


def with_suffix(file_name: str, suffix: str) -> str:
    """The product of an exposure that the pipeline makes, by any of its files; any other name stays as it is.

    The pipeline compresses nothing, so the ending of a compression is left out.

    >>> with_suffix("jw01_02101_00001_mirimage_uncal.fits.gz", "cal")
    'jw01_02101_00001_mirimage_cal.fits'
    >>> with_suffix("other.fits", "cal")
    'other.fits'
    """
    start = file_name.removesuffix("_uncal.fits")
    if start not in ("", file_name):  # the mission's pools have no others, and there may be a million
        return f"{start}_{suffix}.fits"
    _, known, ending = file_parts(file_name)
    kind = ending.rpartition(".")[0] if ending.lower().endswith(_COMPRESSED) else ending
    return f"{file_name.removesuffix(known + ending)}{suffix}{kind}" if known and len(kind) > 1 else file_name


def uncompressed(name: str) -> str:
    """A file's name without the ending of its compression.

    >>> uncompressed("a.fits.gz"), uncompressed("a.csv.gz")
    ('a.fits', 'a.csv.gz')
    """
    return name[:-3] if name.lower().endswith(".fits.gz") else name


def with_other_suffix(file: str, suffix: str) -> str:
    """The file of the same exposure with another suffix; a file without the suffix of an exposure keeps its name.

    Raises:
        AssociationError: the suffix is not a word.

    >>> with_other_suffix("x/a_cal.fits.gz", "crf"), with_other_suffix("x/a_cat.ecsv", "crf")
    ('x/a_crf.fits.gz', 'x/a_cat.ecsv')
    """
    if not re.fullmatch(r"\w+", suffix):
        raise AssociationError(f"{suffix!r} is not a suffix of a file; give a word such as crf")
    _, old, ending = file_parts(file, SUFFIXES - {"i2d"})  # which shows several exposures
    return f"{file.removesuffix(old + ending)}{suffix}{ending}" if old else file


def file_parts(file: str, suffixes: Collection[str] = SUFFIXES) -> tuple[str, str, str]:
    """The name of the exposure or product that a file belongs to, the file's suffix, and the rest of its name.

    Args:
        file: its name, with or without a folder.
        suffixes: the suffixes to look for.

    >>> file_parts("jw01_02101_00001_mirimage_cal.fits.gz"), file_parts("x/other.fits")
    (('jw01_02101_00001_mirimage', 'cal', '.fits.gz'), ('other', '', '.fits'))
    """
    name = file.replace("\\", "/").rpartition("/")[2]
    stem = name.rpartition(".")[0] if name.lower().endswith(_COMPRESSED) else name
    stem = stem.rpartition(".")[0] if "." in stem else stem
    start, _, suffix = stem.rpartition("_")
    ending = name[len(stem) :]
    return (start, suffix, ending) if start and suffix.lower() in suffixes else (stem, "", ending)


def exposure_name(file_name: str) -> str:
    """The exposure's name: the file name without its folder, ending and product suffix.

    >>> exposure_name("jw01_02101_00001_mirimage_cal.fits")
    'jw01_02101_00001_mirimage'
    """
    return file_parts(file_name)[0]


def exposure_named(name: str, files: Sequence[str], source: str) -> int:
    """The place of the file of the exposure with a name among the files of a pool.

    Args:
        name: a file's name, the name of any product of the exposure, or a part of one file's name; in any case.
        files: the names of the files.
        source: the name of the pool.

    Raises:
        UnknownNameError: no exposure has such a name, or several have.
    """
    wanted = name.strip().lower()
    stem = exposure_name(wanted)
    known = [file.lower() for file in files]
    ways = (wanted.__eq__, lambda file: stem in file and exposure_name(file) == stem, lambda file: wanted in file)
    found = next(filter(None, ([place for place, file in enumerate(known) if is_it(file)] for is_it in ways)), [])
    if len(found) == 1:
        return found[0]
    if found:
        listed = few([files[place] for place in found], _LISTED)
        raise UnknownNameError(f"{source}: {name!r} matches {len(found):,} exposures ({listed}); give more of the name")
    none = f"{source}: no exposure has {name!r} in its name"
    near = nearest(stem, set(map(exposure_name, known)), most=3) or if_candidate(wanted)
    raise UnknownNameError("; ".join(filter(None, (none, near))))


def if_candidate(name: str) -> str:
    """What to do if a name is the id of a candidate; else ""."""
    return f"for a candidate, use -i {name}" if re.fullmatch(r"[oca]\d{3,4}", name.lower()) else ""
