"""Finding what to explain: an exposure by part of its name, an association by any of its names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TypeVar

from solver.associations import Association, exposure_name
from solver.default import Rules
from solver.errors import CandidateError, UnknownNameError
from solver.explanation.solved import Asked, SolvedProgram
from solver.pools import Candidate, Pool
from solver.progress import Reporter
from solver.solving import cut_into_shards
from solver.words import few, nearest

T = TypeVar("T")

#: Most names that a message lists.
_LISTED = 8


def find_exposure(pool: Pool, name: str) -> int:
    """The row of the exposure with this name.

    Args:
        pool: the exposures.
        name: a FILENAME, the name of any product of the exposure, or a part of one FILENAME; in any case.

    Raises:
        UnknownNameError: no exposure has such a name, or several have.
    """
    wanted = name.strip().lower()
    stem = exposure_name(wanted)
    files = [file.lower() for file in pool.file_names]
    ways = (wanted.__eq__, lambda file: stem in file and exposure_name(file) == stem, lambda file: wanted in file)
    every = ([row for row, file in enumerate(files) if is_it(file)] for is_it in ways)
    found = [(pool.file_names[row], row) for row in next(filter(None, every), [])]
    none, several = f"no exposure has {name!r} in its name", f"exposures have {name!r} in their names"
    return _only(pool, found, none, several, stem, map(exposure_name, files))


def program_of(
    pool: Pool, row: int, rules: Rules = None, reporter: Reporter | None = None, request: Asked = None
) -> tuple[SolvedProgram, int]:
    """The program of an exposure, and its row in it."""
    rows = next(each for each in cut_into_shards(pool, 1) if row in each)
    return SolvedProgram(pool, rules, rows, reporter, request), row - rows.start


def find_association(
    pool: Pool, name: str, rules: Rules = None, reporter: Reporter | None = None, request: Asked = None
) -> tuple[SolvedProgram, Association]:
    """The association with this name, and its program.

    Args:
        pool: the exposures.
        name: the name of its product, its own, or that of its file, in any case.
        rules: the rules that are solved.
        reporter: follows the solving.
        request: what is asked of the pool; by default everything.

    Raises:
        UnknownNameError: no association has such a name, or several have.
    """
    wanted = name.strip().replace("\\", "/").rpartition("/")[2].lower().removesuffix(".json")
    every, reporter = cut_into_shards(pool, 1), reporter or Reporter()
    named = [rows for rows in every if wanted.startswith("jw" + pool["program"][rows.start].rjust(5, "0"))]
    made, gone = [], []
    for rows in named or every:
        solved = SolvedProgram(pool, rules, rows, reporter, request)
        with reporter.part(1 / len(named or every), len(rows)):
            made += [(solved, each) for each in solved.result]
        gone += [each for each in solved.result.dropped if wanted == _names(each.association)[1]]
    found = [(each.name, (solved, each)) for solved, each in made if wanted in _names(each)]
    if gone and not found:
        lost, kept = (each.products[0].name for each in (gone[0].association, gone[0].kept))
        raise UnknownNameError(f"{pool.name}: {lost} was left out: {gone[0].why} as {kept}")
    known = chain.from_iterable(_names(each) for _, each in made)
    several = f"associations make {name}; name one of them"
    return _only(pool, found, f"no association is called {name!r}", several, wanted, known)


def _names(association: Association) -> tuple[str, str]:
    """What people call an association."""
    return association.name, association.products[0].name.lower()


def _only(pool: Pool, found: Sequence[tuple[str, T]], none: str, several: str, wanted: str, known: Iterable[str]) -> T:
    """What was found, if it is one thing; of `known` names those are proposed that are similar to the wanted one."""
    if len(found) == 1:
        return found[0][1]
    if found:
        raise UnknownNameError(f"{pool.name}: {len(found):,} {several}: {few([name for name, _ in found], _LISTED)}")
    raise UnknownNameError("; ".join(filter(None, (f"{pool.name}: {none}", nearest(wanted, set(known), most=3)))))


def find_candidate(solved: SolvedProgram, identifier: str) -> Candidate:
    """The candidate of a program that has this id.

    Raises:
        CandidateError: no exposure of the program lists such a candidate.
    """
    wanted, known = identifier.strip().lower(), {each.id: each for each in solved.candidates}
    if wanted not in known:
        program, listed = solved.pool["program"][0], few(known, _LISTED)
        raise CandidateError(f"no exposure of program {program} lists candidate {wanted}; its candidates are {listed}")
    return known[wanted]
