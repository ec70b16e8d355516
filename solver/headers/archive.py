"""Candidates and targets of exposures from the archive's own files beside them.

Its associations, such as `jw01234-c1001_20260102t030405_spec3_00001_asn.json`, list members and candidates; its pool,
which the keyword ASNPOOL names, has every column. The keyword ASNTABLE names the association that was used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from rules.files import read_file
from solver.associations import Association, check_schema, exposure_name, is_plain
from solver.errors import AssociationError, HeaderError, errors_as
from solver.headers.cards import read_header
from solver.headers.file_search import Gathered
from solver.headers.files import files_beside
from solver.headers.keywords import NO_KEYWORD
from solver.multimap import grouped
from solver.pools import Pool, Row, is_given, observation_name, parse_cell
from solver.version import SOFTWARE
from solver.words import few, plural

#: Keywords that name files of the archive.
ARCHIVE = ("ASNPOOL", "ASNTABLE")

_ASSOCIATION = re.compile(r"(jw\d{5}-[a-z]\d{3,4})_(\d{8}t\d{6})_([a-z0-9-]+)_\d{5}_asn\.json", re.IGNORECASE)

#: The beginning of its name where its candidate is above the observation.
_LINK = re.compile(r"jw\d{5}-c\d{4}", re.IGNORECASE)


def fill_in(rows: Mapping[str, Row], places: Sequence[Path], gathered: Gathered) -> tuple[dict[str, str], list[str]]:
    """Fill in candidates and columns from the archive's files beside exposures; unreadable files are skipped.

    Args:
        rows: the exposures, by name; they are changed.
        places: the files and folders of the exposures.
        gathered: what was found there.

    Returns:
        the target number of each exposure, by FILENAME, and a sentence that names the sources, if there are any.
    """
    listed = reversed([*files_beside(reversed(places))])  # of files of one name, that of the last place counts
    beside = {path.name: path for files in listed for path in files}
    pools = {each.header.get("ASNPOOL", "") for each in gathered.exposures.values()} & beside.keys()
    targets: dict[str, str] = {}
    sources = []
    for path in [*_newest(beside.values()), *map(beside.__getitem__, sorted(pools))]:
        with gathered.skipping(str(path)):
            found = [(rows[name], values) for name, values in _exposures_in(path) if name in rows]
            sources += [path.name] if found else []
            for row, values in found:
                targets[row["filename"]] = values.pop("targetid", "") or targets.get(row["filename"], "")
                own = (observation_name(row["program"], row["obs_num"], several=False), "observation")
                pairs = {own, *parse_cell(row["asn_candidate"]), *parse_cell(values.pop("asn_candidate", ""))}
                row.update(values, asn_candidate=str(sorted(pairs)))
    return targets, [f"candidates and targets are those of {few(sources)}"] if sources else []


def _newest(files: Iterable[Path]) -> list[Path]:
    """The latest of the archive's associations of each candidate and type."""
    named = ((_ASSOCIATION.fullmatch(path.name), path) for path in files)
    versions = sorted((match[2], match.group(1, 3), path) for match, path in named if match)
    latest = {key: time for time, key, _ in versions}
    return [path for time, key, path in versions if time == latest[key]]


def _exposures_in(path: Path) -> Iterator[tuple[str, Row]]:
    """The exposures in an association or a pool of the archive, each with the values that it has there."""
    if not _ASSOCIATION.fullmatch(path.name):
        for known in Pool.read(path):
            yield exposure_name(known["filename"]), {column: known.get(column, "") for column in NO_KEYWORD}
        return
    with errors_as(lambda why: AssociationError(f"cannot be read: {why}"), OSError, ValueError):
        association = Association.from_dict(check_schema(read_file(path).decode(), path.name))
        target = re.fullmatch(r"t0*(\d+)", association.target, re.IGNORECASE)
        # members at Level 2 list no candidates; a candidate above the observation has Level 2 only for its backgrounds
        otherwise = f"[('{association.asn_id}', 'background')]" if _LINK.match(path.name) else ""
        for member in () if association.code_version.startswith(SOFTWARE) else association.members:
            cell = member.asn_candidate or otherwise
            parse_cell(cell)
            of_target = {"targetid": target[1]} if target and member.exptype == "science" else {}
            yield exposure_name(member.expname), {"asn_candidate": cell, **of_target}


def shutters_file(file: Path) -> Path | None:
    """The file beside an exposure with its open NIRSpec shutters; None if the header names none (MSAMETFL)."""
    with suppress(HeaderError):
        return _beside(file, read_header(file, ("MSAMETFL",)).get("MSAMETFL", ""))
    return None


def _beside(file: Path, name: str) -> Path | None:
    """The file of this name beside another; None if a keyword's value cannot be the name of a file."""
    return file.with_name(name) if is_given(name) and is_plain(name) else None


def remarks(rows: Iterable[Row], gathered: Gathered) -> Iterator[str]:
    """Sentences about links and files that the headers name and that are missing here."""
    linked, lacking = [], []
    for row in rows:
        exposure, shutters = gathered.exposures[row["filename"].removesuffix("_uncal.fits")], row["msametfl"]
        if (link := _LINK.match(exposure.header.get("ASNTABLE", ""))) and "'c" not in row["asn_candidate"]:
            linked.append((link[0], observation_name(row["program"], row["obs_num"])))
        needed = [place for path in exposure.paths.values() if (place := _beside(path, shutters))]
        if needed and not any(place.exists() for place in needed):
            lacking.append((shutters, row))
    for candidate, places in grouped(linked).items():
        what = f"the archive links {few(dict.fromkeys(places))} with observations that the headers do not name"
        yield f"{what} (ASNTABLE); put {candidate}_*_asn.json beside the files, or add --background WHICH:{places[0]}"
    for shutters, needing in grouped(lacking).items():
        what = f"{shutters} is not beside the {plural(len(needing), 'exposure')} that need it (MSAMETFL)"
        yield f"{what}; get it from the archive, or they cannot be calibrated"
