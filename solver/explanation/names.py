"""Finding what to explain: an exposure by part of its name, an association by any of its names."""

from __future__ import annotations

import bisect
from collections.abc import Iterable

from rules.errors import most_similar
from solver.associations import Association, exposure_name
from solver.default import Rules
from solver.errors import CandidateError, UnknownNameError
from solver.explanation.solved import Asked, SolvedProgram
from solver.pools import Candidate, Pool
from solver.progress import Reporter
from solver.solving import cut_into_shards
from solver.words import few

#: Most names that a message lists.
_LISTED = 8

#: An unknown name is compared with this many names on either side of its place in the order.
_NEIGHBOURS = 500


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
    found = next(filter(None, every), [])
    if len(found) > 1:
        listed = few([pool.file_names[row] for row in found], _LISTED)
        raise UnknownNameError(f"{pool.name}: {len(found):,} exposures have {name!r} in their names: {listed}")
    if not found:
        raise UnknownNameError(f"{pool.name}: no exposure has {name!r} in its name{_near(wanted, files)}")
    return found[0]


def program_of(
    pool: Pool, row: int, rules: Rules = None, reporter: Reporter | None = None, request: Asked = None
) -> tuple[SolvedProgram, int]:
    """The program of an exposure, and its row in it."""
    rows = next(each for each in cut_into_shards(pool, 1) if row in each)
    return SolvedProgram.of(pool, rows, rules, reporter, request), row - rows.start


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
    known: list[str] = []
    found: list[tuple[SolvedProgram, Association]] = []
    reporter = reporter or Reporter()
    programs = _programs(pool, wanted)
    for rows in programs:
        solved = SolvedProgram.of(pool, rows, rules, reporter, request)
        with reporter.part(1 / len(programs), len(rows)):
            made = solved.result
        for each in made:
            names = each.name, each.products[0].name.lower()
            known += names
            found += [(solved, each)] if wanted in names else []
        for dropped in solved.result.dropped:
            product, kept = (each.products[0].name for each in (dropped.association, dropped.kept))
            if not found and wanted == product.lower():
                raise UnknownNameError(f"{pool.name}: {product} was left out: {dropped.why} as {kept}")
    if len(found) > 1:
        listed = few([each.name for _, each in found], _LISTED)
        raise UnknownNameError(f"{pool.name}: {len(found):,} associations make {name}; name one of them: {listed}")
    if not found:
        raise UnknownNameError(f"{pool.name}: no association is called {name!r}{_near(wanted, known)}")
    return found[0]


def _programs(pool: Pool, name: str) -> list[range]:
    """The programs that a name may come from: by its beginning, by an exposure, else every one."""
    programs, every = pool["program"], cut_into_shards(pool, 1)
    named = [rows for rows in every if name.startswith("jw" + programs[rows.start].rjust(5, "0"))]
    here = (row for row, file in enumerate(pool.file_names) if not named and exposure_name(file.lower()) == name)
    return named or [rows for row in here for rows in every if row in rows] or every


def find_candidate(solved: SolvedProgram, identifier: str) -> Candidate:
    """The candidate of a program that has this id.

    Raises:
        CandidateError: no exposure of the program lists such a candidate.
    """
    wanted = identifier.strip().lower()
    for each in solved.candidates:
        if each.id == wanted:
            return each
    listed = few([each.id for each in solved.candidates], _LISTED)
    program = solved.pool["program"][0]
    raise CandidateError(f"no exposure of program {program} lists candidate {wanted}; its candidates are {listed}")


def _near(name: str, known: Iterable[str]) -> str:
    """A question whether a similar name was meant; of very many, only those that begin like it."""
    ordered = sorted(set(known))
    place = bisect.bisect(ordered, name)
    some = {exposure_name(each): each for each in ordered[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS]}
    near = [some[each] for each in most_similar(exposure_name(name), some, 3)]
    return f"; did you mean {' or '.join(near)}?" if near else ""
