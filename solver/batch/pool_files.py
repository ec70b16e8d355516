"""Finding the pools among files and folders."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from rules.files import open_file
from solver.errors import UsageError
from solver.guards import real
from solver.storage import JOURNAL, MANIFEST, names_written
from solver.words import few, plural

#: Endings by which files in a folder are pools.
ENDINGS = (".csv", ".ecsv", ".csv.gz", ".ecsv.gz")

#: A word at the beginning of every text pool and of no exposure, and how many bytes are searched for it.
_CANDIDATES, _HEAD = b"asn_candidate", 65_536

#: Names of the archive's own pools: beside exposures such a pool adds to what is known of them.
_ARCHIVED = re.compile(r"jw\d{5}_\d{8}t\d{6}_pool\.csv", re.IGNORECASE)


class Inputs(NamedTuple):
    """The pools and exposures that paths lead to.

    Attributes:
        pools: the pool files, each once, in the order in which they were named; those of a folder by name.
        exposures: files and folders from which one more pool is to be made.
        passed_over: sentences about the files that were skipped.
    """

    pools: tuple[Path, ...]
    exposures: tuple[Path, ...]
    passed_over: tuple[str, ...]


def find_inputs(paths: Iterable[Path]) -> Inputs:
    """The pools and exposures that files and folders lead to.

    A named file is a pool, whatever its name, unless it is an exposure. Pools in a folder are known by their endings;
    in a folder without pools, or with one of the archive's, FITS files are exposures. Files that an earlier run wrote
    there, such as orphans, are passed over.

    Raises:
        UsageError: a folder contains neither pools nor exposures.
    """
    files: dict[Path, Path] = {}
    exposures: list[Path] = []
    skipped: list[str] = []
    for path in paths:
        folder = path.is_dir()
        entries = sorted(each for each in path.iterdir() if each.name[0] != ".") if folder else []
        inside = [each for each in entries if each.is_file()]
        ours = names_written(path) if folder else frozenset()
        tables = [each for each in inside if each.name.lower().endswith(ENDINGS)]
        pools = [each for each in tables if each.name not in ours]
        if len(pools) <= 1 and all(_ARCHIVED.fullmatch(each.name) for each in pools) and has_exposures(path):
            exposures.append(path)
            continue
        if folder and not pools:
            raise UsageError(f"{path}: no pools ({', '.join(ENDINGS)}) and no FITS files in this folder")
        for each in pools or [path]:
            files.setdefault(real(each), each)
        known = {*ours, MANIFEST, JOURNAL, *(each.name for each in tables)}
        others = [each.name for each in inside if each.name not in known]
        written = [each.name for each in tables if each.name in ours]
        odd = [each.name for each in sorted({*entries}.difference(inside)) if not each.is_dir()]
        files_of = (others, "without the ending of a pool"), (written, "that an earlier run wrote")
        found = (*files_of, (odd, "of another kind (pipe, device or broken link)"))
        skipped += [f"{path}: skipped {plural(len(some), 'file')} {why}: {few(some)}" for some, why in found if some]
    return Inputs(tuple(files.values()), tuple(exposures), tuple(skipped))


def has_exposures(path: Path) -> bool:
    """Whether a pool can be made from a path; see `solver.headers.file_search.has_exposures`."""
    with suppress(OSError), open_file(path) as stream:
        if _CANDIDATES in stream.read(_HEAD).lower():
            return False
    from solver.headers import has_exposures as found_exposures  # most runs read pools and do not need it

    return found_exposures(path)
