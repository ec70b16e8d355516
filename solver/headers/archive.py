"""What the archive knows of exposures beyond their headers, from its own files beside them.

Its associations, such as `jw01234-c1001_20260102t030405_spec3_00001_asn.json`, list members and candidates; its pool,
which the keyword ASNPOOL names, has every column. The keyword ASNTABLE names the association that was used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from solver.associations import Association, check_schema, exposure_name, is_plain
from solver.errors import AssociationError, HeaderError, errors_as
from solver.guards import open_file
from solver.headers.cards import read_header
from solver.headers.file_search import Gathered
from solver.headers.files import files_beside
from solver.headers.keywords import NO_KEYWORD
from solver.multimap import grouped
from solver.pools import Pool, Row, is_given, parse_cell
from solver.version import CODE_VERSION
from solver.words import few, plural

#: Keywords that name files of the archive.
ARCHIVE = ("ASNPOOL", "ASNTABLE")

_ASSOCIATION = re.compile(r"(jw\d{5}-[a-z]\d{3,4})_(\d{8}t\d{6})_([a-z0-9-]+)_\d{5}_asn\.json", re.IGNORECASE)

#: The beginning of its name where its candidate is above the observation.
_LINK = re.compile(r"jw\d{5}-c\d{4}", re.IGNORECASE)
_TARGET = re.compile(r"t0*(\d+)", re.IGNORECASE)


def learn(rows: Mapping[str, Row], places: Iterable[Path], gathered: Gathered) -> tuple[dict[str, str], list[str]]:
    """Fill in what the archive's files beside exposures say of them; files that cannot be read are skipped.

    Args:
        rows: the exposures, by name; they are changed.
        places: files and folders from which the exposures are.
        gathered: what was found there.

    Returns:
        the number of each exposure's target, by FILENAME, and a sentence on where it is from, if it is.
    """
    beside = {path.name: path for place in places for path in files_beside(place)}
    pools = {each.header.get("ASNPOOL", "") for each in gathered.exposures.values()} & beside.keys()
    targets: dict[str, str] = {}
    sources = []
    for path in [*_newest(beside.values()), *map(beside.__getitem__, sorted(pools))]:
        with gathered.skipping(str(path)):
            said = [(rows[name], values) for name, values in _said_by(path) if name in rows]
            sources += [path.name] if said else []
            for row, values in said:
                targets[row["filename"]] = values.pop("targetid", "") or targets.get(row["filename"], "")
                cells = (row["asn_candidate"], values.pop("asn_candidate", ""))
                own = (f"o{row['obs_num'].zfill(3)}", "observation")
                pairs = {own, *(pair for cell in cells for pair in parse_cell(cell))}
                row.update(values, asn_candidate=str(sorted(pairs)))
    return targets, [f"candidates and targets are those of {few(sources)}"] if sources else []


def _newest(files: Iterable[Path]) -> list[Path]:
    """Of the archive's associations of each candidate and type those of the latest time."""
    named = ((_ASSOCIATION.fullmatch(path.name), path) for path in files)
    versions = sorted((match[2], match.group(1, 3), path) for match, path in named if match)
    latest = {key: time for time, key, _ in versions}
    return [path for time, key, path in versions if time == latest[key]]


def _said_by(path: Path) -> Iterator[tuple[str, Row]]:
    """The exposures in an association or a pool of the archive, and what it says of each."""
    if not _ASSOCIATION.fullmatch(path.name):
        for known in Pool.read(path):
            yield exposure_name(known["filename"]), {column: known.get(column, "") for column in NO_KEYWORD}
        return
    with errors_as(lambda why: AssociationError(f"cannot be read: {why}"), OSError, ValueError):
        with open_file(path) as stream:
            association = Association.from_dict(check_schema(stream.read().decode(), path.name))
        target = _TARGET.fullmatch(association.target)
        # at Level 2 members list no candidates; of those above the observation it is done for backgrounds
        otherwise = f"[('{association.asn_id}', 'background')]" if _LINK.match(path.name) else ""
        for member in association.members if association.code_version != CODE_VERSION else ():
            cell = member.asn_candidate or otherwise
            parse_cell(cell)
            of_target = {"targetid": target[1]} if target and member.exptype == "science" else {}
            yield exposure_name(member.expname), {"asn_candidate": cell, **of_target}


def shutters_file(file: Path) -> Path | None:
    """The file beside an exposure that says which shutters of NIRSpec were open; None if it names none (MSAMETFL)."""
    with suppress(HeaderError):
        return _beside(file, read_header(file, ("MSAMETFL",)).get("MSAMETFL", ""))
    return None


def _beside(file: Path, name: str) -> Path | None:
    """The file of this name beside another; None if a keyword's value cannot be the name of a file."""
    return file.with_name(name) if is_given(name) and is_plain(name) else None


def remarks(rows: Iterable[Row], gathered: Gathered) -> Iterator[str]:
    """Sentences about links and files that exposures have, by their headers, and that are not here."""
    linked, lacking = [], []
    for row in rows:
        exposure, shutters = gathered.exposures[row["filename"].removesuffix("_uncal.fits")], row["msametfl"]
        link = _LINK.match(exposure.header.get("ASNTABLE", ""))
        if link and "'c" not in row["asn_candidate"]:
            linked.append((link[0], f"o{row['obs_num'].zfill(3)}"))
        needed = [place for path in exposure.paths.values() if (place := _beside(path, shutters))]
        if needed and not any(place.exists() for place in needed):
            lacking.append((shutters, row))
    for candidate, places in grouped(linked).items():
        what = f"the archive links {few(dict.fromkeys(places))} with observations that are not known here"
        yield f"{what} (ASNTABLE: {candidate}); add {candidate}_*_asn.json beside the files, or --background"
    for shutters, needing in grouped(lacking).items():
        what = f"{shutters} is not beside the {plural(len(needing), 'exposure')} that need it (MSAMETFL)"
        yield f"{what}; get it from the archive, or they cannot be calibrated"
