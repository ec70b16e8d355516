"""Finding what to explain: an exposure by part of its name, an association by any of its names."""

from __future__ import annotations

from dataclasses import replace

from solver.associations import Association
from solver.default import Rules, rule_set
from solver.errors import CandidateError, UnknownNameError
from solver.explanation.solved import Asked, SolvedProgram
from solver.pools import Candidate, Pool
from solver.progress import Reporter
from solver.solving import Request, cut_into_shards, solve_unchecked
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
    every = cut_into_shards(pool, 1)
    named = [rows for rows in every if wanted.startswith("jw" + pool["program"][rows.start].rjust(5, "0"))]
    program, *others = named or every
    try:
        if others:  # the name does not show the program
            asked = replace(request or Request(), finalize=True)
            first = min(solve_unchecked(pool, rule_set(rules), asked, reporter=reporter)[wanted].rows)
            program = next(rows for rows in every if first in rows)
        solved = SolvedProgram(pool, rules, program, reporter, request)
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
        program, listed = solved.pool["program"][0], few(known, 8)
        raise CandidateError(f"no exposure of program {program} lists candidate {wanted}; its candidates are {listed}")
    return known[wanted]
