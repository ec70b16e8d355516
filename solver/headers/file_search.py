"""Finding exposures in files, folders and tables of the archive, and reading their keywords."""

from __future__ import annotations

import re
from collections import ChainMap, Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from solver.errors import AsnsolveError, HeaderError, UsageError, reason
from solver.headers.cards import Header, read_header
from solver.headers.files import GUIDE_STAR, PRODUCTS, Product, classify, files_below, fits_files, is_fits, is_text
from solver.headers.mast_tables import is_archive_table, read_table
from solver.progress import Reporter

#: Threads that read headers. They wait for the disk or the network most of the time.
READERS = 8

_TELESCOPE = "JWST"

#: The products that are members of associations, and the steps of the pipeline that show that a file can replace one.
_STEPS = {"cal": ("S_WCS", "S_FLAT", "S_PHOTOM"), "rate": ("S_RAMP",)}
_INTEGRATIONS = "ints"

#: Keywords that show which product a re-processed file replaces.
PROCESSING = ("DATAMODL", *(step for steps in _STEPS.values() for step in steps))

#: The level at which re-processed files are members, as it is stated, to what they replace; by headers if not stated.
_LEVELS = {"": "", "2": "rate", "3": "cal"}


class Skipped(NamedTuple):
    """A file that could not be used.

    Attributes:
        source: the file.
        reason: why, such as "is not a FITS file".
    """

    source: str
    reason: str

    def __str__(self) -> str:
        """A sentence without its full stop."""
        return f"{self.source} {self.reason}"


@dataclass(slots=True)
class Exposure:
    """An exposure, which may have several products.

    Attributes:
        source: where it was found first.
        headers: its keywords, by product.
        paths: the files of its products; products named in a table have none.
        instead: re-processed files, by the product that they replace.
    """

    source: str
    headers: dict[str, Header] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)
    instead: dict[str, Path] = field(default_factory=dict)

    @property
    def header(self) -> Header:
        """The keywords of all products; where they differ, those of the pipeline's earliest product."""
        return dict(ChainMap(*{**dict.fromkeys(PRODUCTS, Header()), **self.headers}.values()))


@dataclass(slots=True)
class Gathered:
    """What was found, and what to look for.

    Attributes:
        exposures: the exposures, by name.
        skipped: the files that could not be used.
        passed: number of files passed over, by kind.
        columns: the columns of the tables that were read.
        guide_stars: exposure types to pass over, in lower case.
        suffixes: suffixes of re-processed files to take, each with the product that they replace, if stated.
    """

    guide_stars: Collection[str] = ()
    suffixes: Mapping[str, str] = field(default_factory=dict)
    exposures: dict[str, Exposure] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)
    columns: set[str] = field(default_factory=set)

    def search(self, paths: Iterable[Path], keywords: Collection[str], workers: int, reporter: Reporter) -> None:
        """Find exposures and read their keywords.

        Args:
            paths: files, tables, and folders, which are searched for FITS files at any depth.
            keywords: what to read.
            workers: number of threads that read.
            reporter: follows the reading; each file is a step.

        Raises:
            UsageError: a file or folder does not exist.
            PoolError: a table cannot be read, or lacks a column that grouping needs.
        """
        files: list[Path] = []
        for path in fits_files(dict.fromkeys(paths), self._unlisted):
            if not is_fits(path.name) and is_archive_table(path):
                columns, records = read_table(path)
                self.columns.update(columns)
                for number, (name, header) in enumerate(records, start=1):
                    self._take(f"{path}, row {number},", classify(name), header)
            elif not self._passes(classify(path.name)):
                files.append(path)
        with ThreadPoolExecutor(workers) as readers:
            for path, reading in [(path, readers.submit(_read, path, keywords)) for path in files]:
                reporter.step(path.name, 1 / len(files))
                with self.skipping(str(path)):
                    self._take(str(path), classify(path.name), reading.result(), path)

    def _take(self, source: str, product: Product | str | None, header: Header, path: Path | None = None) -> None:
        """Record a file as a product of an exposure, as skipped or as passed over.

        Args:
            source: the file, in words.
            product: what the file is by its name; if None, the header's FILENAME decides.
            header: its keywords.
            path: where it is; a file named in a table may have none.
        """
        named = product or classify(header.get("FILENAME", ""))
        if not isinstance(product, str) and header.get("EXP_TYPE", "").lower() in self.guide_stars:
            named = GUIDE_STAR
        if not self._passes(named):
            with self.skipping(source):
                self._add(source, named, header, path)

    @contextmanager
    def skipping(self, source: str) -> Iterator[None]:
        """Record a file as skipped if it cannot be used."""
        try:
            yield
        except AsnsolveError as error:
            self.skipped.append(Skipped(source, str(error)))

    def _unlisted(self, error: OSError) -> None:
        """Record a folder as skipped because it cannot be listed."""
        self.skipped.append(Skipped(str(error.filename), f"cannot be listed: {reason(error)}"))

    def _passes(self, named: Product | str | None) -> bool:
        """Whether a file is passed over, by what it is; if so, it is counted."""
        if isinstance(named, Product) and named.product not in (*PRODUCTS, *self.suffixes):
            named = f"_{named.product} file"
        self.passed.update([named] if isinstance(named, str) else [])
        return isinstance(named, str)

    def _add(self, source: str, named: Product | str | None, header: Header, path: Path | None) -> None:
        """Record a file as a product of an exposure, if it is one of a JWST exposure."""
        if (telescope := header.get("TELESCOP", _TELESCOPE)).upper() != _TELESCOPE:
            raise HeaderError(f"is of another telescope, {telescope}")
        if not header.get("EXP_TYPE"):
            raise HeaderError("is not an exposure: it has no EXP_TYPE")
        if not isinstance(named, Product):
            raise HeaderError(f"is not one of the products _{', _'.join(PRODUCTS)}, by its name and its FILENAME")
        suffix = named.product
        product = suffix if suffix in PRODUCTS else self._replaced(suffix, header)
        exposure = self.exposures.setdefault(named.exposure, Exposure(source))
        files = exposure.paths if product == suffix else exposure.instead
        if suffix in exposure.headers or product in files:
            self.passed["further copy"] += 1
            return
        exposure.headers[suffix] = header
        files |= {product: path} if path is not None else {}

    def _replaced(self, suffix: str, header: Header) -> str:
        """The product that a re-processed file replaces as a member."""
        done = (each for each, steps in _STEPS.items() if "COMPLETE" in map(header.get, steps))
        if not (product := self.suffixes[suffix] or next(done, "")):
            raise HeaderError(f"has no S_RAMP or S_FLAT that shows its level; add --suffix {suffix}=2 or {suffix}=3")
        return product + _INTEGRATIONS * (suffix.endswith(_INTEGRATIONS) or header.get("DATAMODL") == "CubeModel")


def read_suffixes(texts: Iterable[str]) -> dict[str, str]:
    """Suffixes of re-processed files, each with the product that they replace, if stated.

    Raises:
        UsageError: a text does not have this form.

    >>> read_suffixes(["crf", "destreak=2"])
    {'crf': '', 'destreak': 'rate'}
    """
    found = {}
    for text in texts:
        suffix, _, level = text.lower().removeprefix("_").partition("=")
        if not re.fullmatch(r"\w[\w.-]*", suffix) or level not in _LEVELS:
            raise UsageError(f"cannot understand --suffix {text!r}; write it as crf, or destreak=2 for Level 2")
        found[suffix] = _LEVELS[level]
    return found


def has_exposures(path: Path) -> bool:
    """Whether a pool can be made from a path: a FITS exposure, a folder with FITS files, or a table of the archive.

    An unreadable FITS file or folder counts, so that its fault is reported; a FITS file that holds a table does not.
    """
    if path.is_dir():
        unlisted: list[OSError] = []
        return any(is_fits(file.name) for file in files_below(path, unlisted.append)) or bool(unlisted)
    if not path.is_file():
        return False  # a pipe can be read only once
    with suppress(HeaderError):
        return bool(read_header(path, ("EXP_TYPE", "TELESCOP"))) or isinstance(classify(path.name), Product)
    return is_fits(path.name) or is_archive_table(path)


def _read(path: Path, keywords: Collection[str]) -> Header:
    if not is_text(str(path)):
        raise HeaderError("has a name that is not UTF-8 text")
    return read_header(path, keywords)
