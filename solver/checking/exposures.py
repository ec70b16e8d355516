"""Exposures as plain dictionaries, the candidates that they list, and the names of their files."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from rules.vocabulary import Choice
from solver.associations import exposure_name
from solver.checking.expressions import Exposure, choose
from solver.memory import remembered
from solver.multimap import grouped
from solver.pools import DISCOVERED, DISCOVERED_ID, Candidate


def in_words(candidate: Candidate) -> str:
    """A candidate, as findings name it."""
    return f"{candidate.type} candidate {candidate.id} of program {candidate.program}"


class Exposures:
    """The exposures of a pool.

    Attributes:
        rows: the values of each exposure, by column, all in lower case.
        listed: the candidates of each exposure; one of them is its program, for discovery, unless a statement links
            the exposure.
        sub_pools: each candidate to the rows of its exposures, as keys in their order.
        programs: the programs of the candidates.
    """

    def __init__(self, rows: Iterable[Exposure]) -> None:
        """Take the rows in canonical order, and read their candidate cells."""
        self.rows = [{**row, "filename": row["filename"].lower()} for row in rows]
        self.listed = [sorted(_listed(row)) for row in self.rows]
        listing = grouped((each, row) for row, listed in enumerate(self.listed) for each in listed)
        self.sub_pools = {each: dict.fromkeys(rows) for each, rows in listing.items()}
        self.programs = {each.program for each in self.sub_pools}
        # of two files of one exposure the first counts
        self._by_name = {exposure_name(self.rows[row]["filename"]): row for row in reversed(range(len(self.rows)))}
        self._named = grouped(((each.program, each.id), each) for each in self.sub_pools)

    def find(self, file: str) -> int | None:
        """The row of the exposure of which this file is a product."""
        return self._by_name.get(exposure_name(file.lower()))

    @remembered
    def word(self, table: Choice, row: int) -> str:
        """The word that a table gives an exposure; rules share their tables, so each is read once."""
        return choose(table, self.rows[row])

    def named(self, program: str, identifier: str) -> Sequence[Candidate]:
        """The candidates of this program and id, one for each type."""
        return self._named.get((program_number(program), identifier.lower()), ())


def _listed(exposure: Exposure) -> set[Candidate]:
    program = program_number(exposure["program"])
    pairs = ast.literal_eval(exposure.get("asn_candidate") or "[]")
    discovered = () if exposure.get("linked_only") else ((DISCOVERED_ID, DISCOVERED),)
    return {Candidate(program, *pair) for pair in (*pairs, *discovered)}


def program_number(program: str) -> str:
    """Program 00001 is program 1."""
    return program.strip().lower().lstrip("0") or "0"
