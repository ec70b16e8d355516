"""Finding exposures in files, folders and tables of the archive, and reading their keywords."""

from __future__ import annotations

from collections import ChainMap, Counter
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from solver.errors import HeaderError, UsageError
from solver.headers.cards import Header, read_header
from solver.headers.files import PRODUCTS, Passed, Product, classify, files_below, fits_files, is_fits, is_text
from solver.headers.mast_tables import is_archive_table, read_table
from solver.progress import Reporter

#: Threads that read headers. They wait for the disk or the network most of the time.
READERS = 8

_TELESCOPE = "JWST"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that could not be used.

    Attributes:
        source: the file.
        reason: why, such as "is no FITS file".
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
    """

    source: str
    headers: dict[str, Header] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)

    @property
    def header(self) -> Header:
        """The keywords of all products; where they differ, those of the pipeline's earliest product."""
        return dict(ChainMap(*(self.headers.get(product, {}) for product in PRODUCTS)))


@dataclass(slots=True)
class Gathered:
    """What was found.

    Attributes:
        exposures: the exposures, by name.
        skipped: the files that could not be used.
        passed: number of files passed over, by kind.
        columns: the columns of the tables that were read.
        guide_stars: exposure types to pass over, in lower case.
    """

    guide_stars: Collection[str] = ()
    exposures: dict[str, Exposure] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)
    columns: set[str] = field(default_factory=set)

    def take(self, source: str, product: Product | Passed | None, header: Header, path: Path | None = None) -> None:
        """Record a file as a product of an exposure, as skipped or as passed over.

        Args:
            source: the file, in words.
            product: what the file is by its name; if None, the header's FILENAME has to say.
            header: its keywords.
            path: where it is; a file named in a table may have none.
        """
        named = product or classify(header.get("FILENAME", ""))
        if not isinstance(product, Passed) and header.get("EXP_TYPE", "").lower() in self.guide_stars:
            named = Passed.GUIDE_STAR
        if isinstance(named, Passed):
            self.passed[named.value] += 1
            return
        problem = _problem(named, header)
        if named is None or problem is not None:
            self.skipped.append(Skipped(source, str(problem)))
            return
        exposure = self.exposures.setdefault(named.exposure, Exposure(source))
        if named.product in exposure.headers:
            self.passed[Passed.COPY.value] += 1
            return
        exposure.headers[named.product] = header
        if path is not None:
            exposure.paths[named.product] = path


def _problem(product: Product | None, header: Header) -> str | None:
    telescope = header.get("TELESCOP", _TELESCOPE)
    if telescope.upper() != _TELESCOPE:
        return f"is of another telescope, {telescope}"
    if not header.get("EXP_TYPE"):
        return "is no exposure: it has no EXP_TYPE"
    if product is None:
        return f"is none of the products _{', _'.join(PRODUCTS)}, by its name and its FILENAME"
    return None


def gather(
    paths: Iterable[Path],
    keywords: Collection[str],
    guide_stars: Collection[str] = (),
    *,
    workers: int = READERS,
    reporter: Reporter | None = None,
) -> Gathered:
    """Find exposures and read their keywords.

    Args:
        paths: files, tables, and folders, which are searched for FITS files at any depth.
        keywords: what to read.
        guide_stars: exposure types to pass over, in lower case.
        workers: number of threads that read.
        reporter: follows the reading; each file is a step.

    Raises:
        UsageError: a file or folder does not exist.
        PoolError: a table cannot be read, or lacks a column that grouping needs.
    """
    gathered, reporter = Gathered(guide_stars), reporter or Reporter()
    files: list[tuple[Path, Product | None]] = []
    named = list(dict.fromkeys(paths))
    for path in named:
        if not path.exists():
            raise UsageError(f"{path}: there is no such file or folder")
    for path in fits_files(named):
        if not is_fits(path.name) and is_archive_table(path):
            table = read_table(path)
            gathered.columns |= set(table.columns)
            for number, (name, header) in enumerate(table.records(), start=1):
                gathered.take(f"{path}, row {number},", classify(name), header)
            continue
        product = classify(path.name)
        if isinstance(product, Passed):
            gathered.passed[product.value] += 1
        else:
            files.append((path, product))
    with ThreadPoolExecutor(workers) as readers:
        headers = readers.map(lambda file: _read(file[0], keywords), files)
        for path, product in files:
            reporter.step(path.name, 1 / len(files))
            found = next(headers)
            if isinstance(found, HeaderError):
                gathered.skipped.append(Skipped(str(path), str(found)))
            else:
                gathered.take(str(path), product, found, path)
    return gathered


def has_exposures(path: Path) -> bool:
    """Whether a pool can be made from a path: a FITS exposure, a folder with FITS files, or a table of the archive.

    An unreadable FITS file counts, so that its fault is reported; one that holds a table does not.
    """
    if path.is_dir():
        return any(is_fits(file.name) for file in files_below(path))
    if not path.is_file():
        return False  # a pipe can be read only once
    try:
        header = read_header(path, ("EXP_TYPE", "TELESCOP"))
    except HeaderError:
        return is_fits(path.name) or is_archive_table(path)
    return bool(header) or isinstance(classify(path.name), Product)


def _read(path: Path, keywords: Collection[str]) -> Header | HeaderError:
    if not is_text(str(path)):
        return HeaderError("has a name that is no UTF-8 text")
    try:
        return read_header(path, keywords)
    except HeaderError as error:
        return error
