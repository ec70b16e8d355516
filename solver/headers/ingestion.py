"""From files to a pool: find exposures, unite their products, derive columns without a keyword, apply statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from solver.brief import Brief
from solver.default import Mission
from solver.errors import PoolError
from solver.headers import archive
from solver.headers import derivation as derive
from solver.headers.assumptions import Note, notes_on
from solver.headers.file_search import PROCESSING, READERS, Gathered, Skipped, read_suffixes
from solver.headers.files import PRODUCTS
from solver.headers.keywords import CALIBRATED_BY, IDENTITY, PROPOSED, SKY, layout_with, problem_with, row_of
from solver.pools import Pool, Row, Statements, Texts, delimited_text, is_given, link
from solver.progress import Reporter
from solver.words import few, plural


@dataclass(frozen=True, slots=True, repr=False)
class Ingested(Brief):
    """A pool made from files, and how it was made.

    Attributes:
        pool: the exposures.
        text: the pool as the text of a file, with values as in the headers.
        notes: what was assumed, column by column.
        remarks: sentences on what the archive's own files contributed, and on links and files that are missing.
        skipped: the files that could not be used.
        passed: number of files passed over, by kind.
        products: number of files of each product.
        files: paths of the exposures' products, by the names that the pipeline gives them, and of the re-processed
            files that replace them.
        versions: the keywords that show how these were calibrated, with their values, by the same names.
    """

    pool: Pool
    text: str = field(repr=False)
    notes: tuple[Note, ...]
    remarks: tuple[str, ...] = field(repr=False)
    skipped: tuple[Skipped, ...]
    passed: Mapping[str, int] = field(repr=False)
    products: Mapping[str, int] = field(repr=False)
    files: Mapping[str, Path]
    versions: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)

    def _repr_html_(self) -> str:
        """HTML for notebooks."""
        from solver.markup import notebook  # only notebooks need it

        return notebook("ingested", self)

    def to_dict(self) -> dict[str, object]:
        """What was found and assumed, as JSON."""
        return {
            "products": dict(self.products),
            "passed_over": dict(self.passed),
            "skipped": [{"file": each.source, "because": each.reason} for each in self.skipped],
            "remarks": list(self.remarks),
            "assumed": [each.to_dict() for each in self.notes],
        }


def ingest(
    paths: Iterable[str | Path],
    statements: Statements | Mapping[str, Texts] | None = None,
    *,
    suffixes: Iterable[str] = (),
    keywords: Iterable[str] = (),
    mission: Mission | None = None,
    workers: int = READERS,
    reporter: Reporter | None = None,
) -> Ingested:
    """Make a pool from exposures in FITS files, folders of FITS files, and tables of the archive.

    Several products of one exposure count as one exposure. Its FILENAME is that of its uncalibrated file, whether or
    not that exists, since the names of all other products follow from it. The pool is named after its program.

    Args:
        paths: files, tables, and folders, which are searched for FITS files at any depth.
        statements: what a person states of the exposures, such as `{"background": "o004:o003"}`.
        suffixes: re-processed files that are members in place of the pipeline's products: "crf" for `_crf` files, at
            the level that the steps in their headers show; "destreak=2" for `_destreak` files at Level 2.
        keywords: further keywords, which become columns.
        mission: facts about exposure types and rules; by default the mission's.
        workers: number of threads that read.
        reporter: follows the reading; each file is a step.

    Raises:
        PoolError: there are no exposures, or a table lacks a column that grouping needs.
        UsageError: a path does not exist, a suffix or keyword does not have its form, or a statement matches no
            exposure or is ambiguous.

    Cost: one read per file, of the primary header alone, and a few steps per exposure.

    >>> ingest(["no-such-folder"])
    Traceback (most recent call last):
    ...
    solver.errors.UsageError: no-such-folder cannot be read: No such file or directory
    """
    return read_exposures(paths, suffixes, keywords, mission, workers, reporter).ingested(Statements.of(statements))


class Exposures(NamedTuple):
    """Exposures as their files describe them, before anything is stated of them.

    Attributes:
        gathered: the files and their keywords.
        rows: the values of each exposure, by its name.
        used: how many values were not taken from their keywords as they are.
        targets: the numbers of targets that the archive's files give, by FILENAME.
        sources: sentences on what the archive's own files contributed.
        layout: the columns, with the keyword of each.
        mission: facts about exposure types and rules.
    """

    gathered: Gathered
    rows: Mapping[str, Row]
    used: Counter[tuple[str, str]]
    targets: Mapping[str, str]
    sources: Sequence[str]
    layout: Mapping[str, str]
    mission: Mission

    def ingested(self, stated: Statements) -> Ingested:
        """The pool with what is stated, and how it was made."""
        gathered, rows = self.gathered, derive.fill(stated.values(self.rows.values()), self.mission, self.targets)
        links, table = link(stated, rows), self._table(rows)
        pool = self._pool(table)
        pool.links = links
        shown = [[cell if is_given(cell) or cell == "F" else "NULL" for cell in row.values()] for row in table]
        counts = Counter(kind for one in gathered.exposures.values() for kind in one.headers)
        unused = (f"no file with suffix _{end} was used (--suffix)" for end in gathered.suffixes if not counts[end])
        every, asked = gathered.exposures.items(), [each for each in self.layout if each not in layout_with(())]
        nowhere = (f"no file has the keyword {each.upper()}" for each in asked if not any(row[each] for row in rows))
        paths_of = ((name, each) for name, one in every for each in (one.paths | one.instead).items())
        headers = ((f"{name}_{product}.fits", each) for name, one in every for product, each in one.headers.items())
        return Ingested(
            pool=pool,
            text=delimited_text(table[0], shown),
            notes=tuple(notes_on(len(rows), self.used, stated, self._absent())),
            remarks=(*self.sources, *unused, *nowhere, *archive.remarks(rows, gathered)),
            skipped=tuple(gathered.skipped),
            passed=dict(sorted(gathered.passed.items())),
            products={kind: counts[kind] for kind in (*PRODUCTS, *gathered.suffixes) if counts[kind]},
            files={f"{name}_{product}.fits": path for name, (product, path) in paths_of},
            versions={file: {word: each[word] for word in CALIBRATED_BY if each.get(word)} for file, each in headers},
        )

    def _table(self, rows: Sequence[Row]) -> list[Row]:
        """The exposures with the columns of a pool."""
        given = dict.fromkeys([*self.layout, *(column for row in rows for column in row if row[column])])
        left_out = {*PROPOSED, *(column for column in SKY if not any(row.get(column) for row in rows))}
        return [{column: row.get(column, "") for column in given if column not in left_out} for row in rows]

    def _pool(self, table: Sequence[Row]) -> Pool:
        """The pool of a table; an error names the file from which the exposure was read."""
        programs = {row["program"] for row in table}
        name = f"jw{programs.pop().zfill(5).lower()}_pool.csv" if len(programs) == 1 else "jw_pool.csv"
        try:
            return Pool.from_rows(table, name=name)
        except PoolError as error:
            if error.line is None:
                raise
            exposure = table[error.line - 1]["filename"].removesuffix("_uncal.fits")
            source = self.gathered.exposures[exposure].source.rstrip(",")
            raise PoolError(error.problem, source=source, column=error.column) from error

    def _absent(self) -> list[str]:
        """Columns that rules use and that the tables lack altogether, with and without an instrument's name."""
        there, layout = [f"_{column}" for column in self.gathered.columns], self.layout.items()
        asked = {column: f"_{word.lower()}" for column, word in layout if word and column in self.mission.asked}
        return [column for column, end in asked.items() if there and not any(name.endswith(end) for name in there)]


def read_exposures(
    paths: Iterable[str | Path],
    suffixes: Iterable[str] = (),
    keywords: Iterable[str] = (),
    mission: Mission | None = None,
    workers: int = READERS,
    reporter: Reporter | None = None,
) -> Exposures:
    """Read what files say of exposures; arguments and errors are those of `ingest`."""
    mission = mission or Mission()
    layout = layout_with(keywords)
    places = list(map(Path, paths))
    wanted = {*layout.values(), *IDENTITY, *CALIBRATED_BY, *PROCESSING, *archive.ARCHIVE} - {""}
    gathered = Gathered(mission.guide_stars, read_suffixes(suffixes))
    gathered.search(places, wanted, workers, reporter or Reporter())
    used: Counter[tuple[str, str]] = Counter()
    by_name = {name: row_of(name, each.header, layout, used) for name, each in gathered.exposures.items()}
    for name, problem in [(name, problem) for name, row in by_name.items() if (problem := problem_with(row))]:
        gathered.skipped.append(Skipped(gathered.exposures.pop(name).source, problem))
        del by_name[name]
    if not by_name:
        raise PoolError(_nothing(gathered), source=few(places, 10))
    targets, sources = archive.fill_in(by_name, places, gathered)
    return Exposures(gathered, by_name, used, targets, sources, layout, mission)


def _nothing(gathered: Gathered) -> str:
    """Why there are no exposures."""
    passed = [f"skipped: {each}" for each in passed_over(gathered.passed)]
    reasons = "; ".join(filter(None, [few(gathered.skipped, 10), *passed]))
    found = f" ({reasons})" if reasons else ""
    return f"no exposures were found{found}; name _uncal, _rate or _cal files, or a table of these from the archive"


def passed_over(passed: Mapping[str, int]) -> list[str]:
    """How many files of each kind were passed over; for re-processed ones, the option that takes them.

    >>> passed_over({"Level 3 product": 1, "_crf file": 4})
    ['1 Level 3 product', '4 _crf files (--suffix crf takes them)']
    """
    words = ((plural(count, what), what.split()[0]) for what, count in sorted(passed.items()))
    return [text + (f" (--suffix {first[1:]} takes them)" if first[0] == "_" else "") for text, first in words]
