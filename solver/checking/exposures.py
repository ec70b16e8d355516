"""The exposures of a pool as plain dictionaries, their candidates, and their files."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rules.vocabulary import Choice
from solver.checking.interpret import Exposure, choose
from solver.pools import Pool

DISCOVERED = "discovered"
DISCOVERED_ID = "a3001"

#: What the pipeline puts at the end of a file's name to tell the products of an exposure apart.
_SUFFIXES = frozenset({
    "uncal", "rate", "rateints", "cal", "calints", "x1d", "x1dints", "s2d", "s3d", "i2d", "bsub", "bsubints",
    "crf", "crfints", "dark", "ramp", "phot", "psfsub", "psfalign",
})  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """An association candidate: an id that exposures of a program list, with its type."""

    program: str
    id: str
    type: str

    def __str__(self) -> str:
        """As it would be said."""
        return f"{self.type} candidate {self.id} of program {self.program}"


class Exposures(Sequence[Exposure]):
    """The exposures of a pool, in its order.

    Attributes:
        sub_pools: each candidate to the rows of the exposures that list it; in discovery, of the program.
        listed: for each row the candidates in which it stands.
        files: for each row the name of its file, in lower case.
    """

    def __init__(self, pool: Pool) -> None:
        """Read the rows, and their candidate cells."""
        self._rows = [pool.row(row) for row in range(len(pool))]
        self.files = tuple(file.lower() for file in pool.file_names)
        self.sub_pools: dict[Candidate, list[int]] = defaultdict(list)
        self.listed = [sorted(_listed(exposure)) for exposure in self._rows]
        self._by_exposure: dict[str, int] = {}
        self._words: dict[tuple[int, int], tuple[str, Choice]] = {}  # with the table, so that no other gets its id
        for row, file in enumerate(self.files):
            self._by_exposure.setdefault(exposure_name(file), row)
            for candidate in self.listed[row]:
                self.sub_pools[candidate].append(row)

    def __len__(self) -> int:
        """Number of exposures."""
        return len(self._rows)

    def __getitem__(self, row: int) -> Exposure:  # type: ignore[override]
        """The values of one exposure."""
        return self._rows[row]

    def find(self, file: str) -> int | None:
        """The row of the exposure of which this file is a product."""
        return self._by_exposure.get(exposure_name(file.lower()))

    def word(self, table: Choice, row: int) -> str:
        """The word that a table gives an exposure; rules share their tables, so each is read once."""
        key = id(table), row
        if key not in self._words:
            self._words[key] = (choose(table, self._rows[row]), table)
        return self._words[key][0]

    def named(self, program: str, identifier: str) -> list[Candidate]:
        """The candidates of this program and id, one for each type."""
        wanted = (program_number(program), identifier.lower())
        return [candidate for candidate in self.sub_pools if (candidate.program, candidate.id) == wanted]


def program_number(program: str) -> str:
    """Program 00001 is program 1."""
    return program.strip().lower().lstrip("0") or "0"


def product_file(file: str, suffix: str) -> str:
    """The product of an uncalibrated file; any other file is taken as it is.

    >>> product_file("jw01_02101_00001_mirimage_uncal.fits", "cal"), product_file("other.fits", "cal")
    ('jw01_02101_00001_mirimage_cal.fits', 'other.fits')
    """
    exposure, uncalibrated, ending = file.rpartition("_uncal.")
    return f"{exposure}_{suffix}.{ending}" if uncalibrated and exposure and ending else file


def exposure_name(file: str) -> str:
    """The file's name without folder, ending and product suffix.

    >>> exposure_name("jw01_02101_00001_mirimage_cal.fits")
    'jw01_02101_00001_mirimage'
    """
    return _split(file)[0]


def suffix_of(file: str) -> str:
    """The product suffix of a file, "" if it has none.

    >>> suffix_of("jw01_02101_00001_mirimage_cal.fits")
    'cal'
    """
    return _split(file)[1]


def _split(file: str) -> tuple[str, str]:
    name = file.replace("\\", "/").rpartition("/")[2]
    stem = name.rpartition(".")[0] if "." in name else name
    exposure, _, suffix = stem.rpartition("_")
    return (exposure, suffix) if exposure and suffix in _SUFFIXES else (stem, "")


def _listed(exposure: Exposure) -> set[Candidate]:
    program = program_number(exposure["program"])
    cell = exposure["asn_candidate"]
    pairs = ast.literal_eval(cell) if cell else []
    found = {Candidate(program, str(identifier), str(kind)) for identifier, kind in pairs}
    return {*found, Candidate(program, DISCOVERED_ID, DISCOVERED)}
