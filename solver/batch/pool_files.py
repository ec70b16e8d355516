"""Which pools a command is about, and reading them."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from solver.errors import UsageError
from solver.pools import Pool
from solver.storage import JOURNAL, MANIFEST, names_written

#: Endings of the files that are pools where a folder is named.
ENDINGS = (".csv", ".ecsv", ".csv.gz", ".ecsv.gz")

#: What the beginning of a pool in text has, and no exposure, and how many bytes are looked at.
_CANDIDATES, _HEAD = b"asn_candidate", 65_536

#: Most names that a message shows.
_SHOWN = 3


def read(path: Path, options: argparse.Namespace) -> Pool:
    """The pool in a file, read as the options of the command say, or that of exposures."""
    if has_exposures(path):
        from solver.app.ingestion import of_exposures  # most runs are about pools and do without

        return of_exposures([path], options).pool
    return Pool.read(
        path,
        delimiter="\t" if options.delimiter == "\\t" else options.delimiter,
        table_format=options.pool_format,
        duplicates="first" if options.keep_first else "error",
    )


@dataclass(frozen=True, slots=True)
class Found:
    """The pools that paths stand for.

    Attributes:
        files: the pools, each once, in the order in which they were named; those of a folder by name.
        exposures: files and folders of which one more pool is to be made.
        passed_over: what was not taken for a pool, in sentences.
    """

    files: tuple[Path, ...]
    exposures: tuple[Path, ...]
    passed_over: tuple[str, ...]


def found(paths: Iterable[Path]) -> Found:
    """The pools that files and folders stand for.

    A file that is named is a pool, whatever its name, unless it is an exposure. Of a folder those files are that end
    as pools do; without any, its FITS files are exposures. Files that an earlier run wrote there, such as orphans,
    are no pools.

    Raises:
        UsageError: a folder has neither pools nor exposures in it.
    """
    files: dict[Path, Path] = {}
    exposures: list[Path] = []
    passed_over: list[str] = []
    for path in paths:
        if not path.is_dir():
            if has_exposures(path):
                exposures.append(path)
            else:
                files.setdefault(path.resolve(), path)
            continue
        inside = sorted(each for each in path.iterdir() if each.is_file() and not each.name.startswith("."))
        made = names_written(path)
        pools = [each for each in inside if each.name.lower().endswith(ENDINGS) and each.name not in made]
        if not pools:
            if not has_exposures(path):
                endings = ", ".join(ENDINGS)
                raise UsageError(f"{path}: there are no pools in this folder, which end with {endings}, nor FITS files")
            exposures.append(path)
            continue
        for each in pools:
            files.setdefault(each.resolve(), each)
        others = [each.name for each in inside if each not in pools and each.name not in {*made, MANIFEST, JOURNAL}]
        written = [each.name for each in inside if each.name.lower().endswith(ENDINGS) and each.name in made]
        passed_over += _told(path, others, "without the ending of a pool")
        passed_over += _told(path, written, "that an earlier run wrote")
    return Found(tuple(files.values()), tuple(exposures), tuple(passed_over))


def has_exposures(path: Path) -> bool:
    """Whether a pool can be made of what is in a path; see `solver.headers.file_search.has_exposures`."""
    if path.is_file():
        try:
            with path.open("rb") as stream:
                head = stream.read(_HEAD)
        except OSError:
            return False  # reading the pool tells why
        if _CANDIDATES in head.lower():
            return False
    from solver.headers import has_exposures as found_exposures  # most runs are about pools and do without

    return found_exposures(path)


def _told(folder: Path, names: list[str], why: str) -> Iterator[str]:
    if names:
        shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
        yield f"{folder}: passed over {len(names):,} file{'' if len(names) == 1 else 's'} {why}: {shown}"
