"""Finding what to explain: an exposure by part of its name, an association by any of its names."""

from __future__ import annotations

from solver.associations import Association
from solver.default import Rules
from solver.errors import CandidateError, UnknownNameError
from solver.explanation.solved import Asked, SolvedProgram
from solver.pools import Candidate, Pool
from solver.progress import Reporter
from solver.solving import cut_into_shards
from solver.words import few


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
    programs = ((rows, f"jw{pool['program'][rows.start].rjust(5, '0')}") for rows in cut_into_shards(pool, 1))
    rows = next((rows for rows, name in programs if wanted.startswith(name)), None)  # if not, it may be of any
    solved = SolvedProgram(pool, rules, rows, reporter, request)
    try:
        return solved, solved.result[wanted]
    except UnknownNameError as error:
        raise UnknownNameError(f"{pool.name}: {error}") from error


def find_candidate(solved: SolvedProgram, identifier: str) -> Candidate:
    """The candidate of a program that has this id.

    Raises:
        CandidateError: no exposure of the program lists such a candidate.
    """
    wanted, known = identifier.strip().lower(), {each.id: each for each in solved.candidates}
    if wanted not in known:
        program = f"program {solved.pool['program'][0]}"
        raise CandidateError(f"{program} has no candidate {wanted}; its candidates are {few(known, 8)}")
    return known[wanted]
