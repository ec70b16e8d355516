"""Association candidates: the groups that the observing proposal defines, as sub-pools.

An exposure with the cell `[('o001', 'OBSERVATION'), ('c1000', 'BACKGROUND')]` belongs to two
candidates. A candidate is (program, id, type), matched exactly; its sub-pool is the exposures of the
program whose cell lists it. In discovery each program is one candidate with all its exposures.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, compress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.errors import CandidateError
from solver.pools.columns import EncodedColumn, Mask, Numbers, encode, first_rows, marked, number_rows, ranges
from solver.words import few

DISCOVERED_ID = "a3001"
DISCOVERED = "discovered"

#: The white space that a list may contain.
_GAP = r"[ \t\r\n]*"
_QUOTED = rf"""{_GAP}(?:'([^'"\\]*)'|"([^'"\\]*)"){_GAP}"""
_INSIDE = rf"{_QUOTED},{_QUOTED}(?:,{_GAP})?"
_PAIR = rf"(?:\({_INSIDE}\)|\[{_INSIDE}\])"
_LIST = re.compile(rf"\[{_GAP}(?:{_PAIR}{_GAP}(?:,{_GAP}|(?=\])))*\]")
_ID = re.compile(r"[a-z0-9]{1,16}")
_TYPE = re.compile(r"[a-z0-9][a-z0-9_ -]{0,31}")


class Candidate(NamedTuple):
    """One association candidate of a program."""

    program: str
    id: str
    type: str

    def __str__(self) -> str:
        """As in the cell of a pool."""
        return f"('{self.id}', '{self.type}')"


@lru_cache(maxsize=10_000)  # a pool's cells are checked when it is read, and parsed again for its candidates
def parse_cell(cell: str) -> tuple[tuple[str, str], ...]:
    """The (id, type) pairs of a candidate cell, sorted, each once; none if it is empty. Nothing is ever evaluated.

    Raises:
        ValueError: the cell is not a list of pairs, or an id or type is not a plain word.

    >>> parse_cell("[('o001', 'observation'), ('c1000', 'background')]")
    (('c1000', 'background'), ('o001', 'observation'))
    """
    text = cell.strip().lower() or "[]"
    if not _LIST.fullmatch(text):
        raise ValueError(_wrong(cell, "is not a list of (id, type) pairs"))
    # a pair has groups for each kind of bracket and quote; those not used are empty
    pairs = tuple(sorted({(a + b + e + f, c + d + g + h) for a, b, c, d, e, f, g, h in re.findall(_PAIR, text)}))
    for identifier, kind in pairs:
        if not _ID.fullmatch(identifier) or not _TYPE.fullmatch(kind) or kind == DISCOVERED:
            raise ValueError(_wrong(cell, f"has {identifier!r}, {kind!r}, which is not an id and a type"))
    return pairs


def cell_in_words(cell: str) -> str:
    """`c1000 (background), o001 (observation)`: the candidates of a cell."""
    return ", ".join(f"{identifier} ({kind})" for identifier, kind in parse_cell(cell))


def _wrong(cell: str, problem: str) -> str:
    shown = cell[:80] + "…" * bool(cell[80:])
    return f"candidate cell {shown!r} {problem}; it should look like [('o001', 'OBSERVATION')]"


@dataclass(frozen=True, eq=False)
class SubPools:
    """The sub-pools of all candidates in one table of (candidate, exposure) entries.

    Attributes:
        candidates: the candidates, in order of program, id and type.
        candidate: for each entry the index of its candidate; ascending.
        exposure: for each entry the row of its exposure; ascending within a candidate.
    """

    candidates: tuple[Candidate, ...]
    candidate: NDArray[np.int32]
    exposure: NDArray[np.int32]

    @cached_property
    def types(self) -> EncodedColumn:
        """The type of each candidate."""
        return encode(each.type for each in self.candidates)

    @cached_property
    def sizes(self) -> Numbers:
        """Number of exposures of each candidate."""
        return np.bincount(self.candidate, minlength=len(self.candidates))

    @cached_property
    def discovered(self) -> Mask:
        """Which candidates are programs, for discovery."""
        return self.types.where(DISCOVERED.__eq__)

    def named(self, ids: Collection[str]) -> Mask:
        """Which candidates have one of these ids, in any case."""
        wanted = {each.strip().lower() for each in ids}
        return np.array([each.id in wanted for each in self.candidates], dtype=np.bool_)

    def take(self, kept: Mask) -> SubPools:
        """The sub-pools of some of the candidates."""
        number = np.cumsum(kept, dtype=np.int32) - np.int32(1)
        entries = kept[self.candidate]
        chosen = tuple(compress(self.candidates, kept.tolist()))
        return SubPools(chosen, number[self.candidate[entries]], self.exposure[entries])

    def entries(self, exposures: Mask, candidates: Mask) -> Numbers:
        """Entries of these exposures in these candidates."""
        return np.flatnonzero(exposures[self.exposure] & candidates[self.candidate])


def sub_pools(programs: EncodedColumn, cells: EncodedColumn, apart: Mask) -> SubPools:
    """The sub-pools of all candidates, among them each program as a candidate of its own, for discovery.

    Args:
        programs: the program of each exposure.
        cells: the candidate cell of each exposure; an exposure without one is in discovery only.
        apart: the exposures that are not in discovery.

    Cost: one step per distinct cell and per candidate, and a sort of the entries.
    """
    listed = [[(DISCOVERED_ID, DISCOVERED), *parse_cell(cell)] for cell in cells.values]
    pairs = sorted(set(chain.from_iterable(listed)))
    place = {pair: number for number, pair in enumerate(pairs)}
    counts = np.array(list(map(len, listed)))
    numbers = np.array([place[pair] for mine in listed for pair in mine], dtype=np.int64)
    exposure, entry = ranges((np.cumsum(counts) - counts)[cells.codes], counts[cells.codes])
    kept = ~(apart[exposure] & (numbers[entry] == place[DISCOVERED_ID, DISCOVERED]))
    exposure, pair = exposure[kept], numbers[entry[kept]]
    candidate, count = number_rows([programs.codes[exposure], pair], len(exposure))
    found = [Candidate(programs[exposure[row]], *pairs[pair[row]]) for row in first_rows(candidate, count)]
    order = np.argsort(candidate, kind="stable")
    return SubPools(tuple(found), candidate[order].astype(np.int32), exposure[order].astype(np.int32))


def check_ids(cells: EncodedColumn, ids: Collection[str]) -> None:
    """Refuse ids of candidates that no cell lists.

    Raises:
        CandidateError: an id is in no cell.
    """
    known = {identifier for cell in cells.values if ids for identifier, _ in parse_cell(cell)}
    if missing := {each.strip().lower() for each in ids} - known:
        has = f"its candidates are {few(sorted(known), 20)}" if known else "it has no candidates"
        raise CandidateError(f"the pool has no candidate {', '.join(sorted(missing))}; {has}")


def with_backgrounds(every: SubPools, ids: Collection[str]) -> SubPools:
    """Only the candidates with these ids, the background candidates that share exposures with them, and discovery."""
    wanted = every.named(ids)
    shared = marked(every.exposure[wanted[every.candidate]], int(every.exposure.max(initial=-1)) + 1)
    sharing = marked(every.candidate[shared[every.exposure]], len(wanted))
    return every.take(wanted | every.discovered | (sharing & every.types.where("background".__eq__)))
