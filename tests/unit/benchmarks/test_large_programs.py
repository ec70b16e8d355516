from __future__ import annotations

import re
from collections import Counter

from benchmarks.large_programs import PARALLEL_CANDIDATES, one_program, prime_with_parallel
from benchmarks.rows import COLUMNS, Row
from benchmarks.simulator import simulate
from solver import Pool, generate
from solver.pools.candidates import parse_cell

ROWS = list(simulate(3, programs=8, exposures=900))
UNITED = list(one_program(ROWS))


def column(rows: list[Row], name: str) -> list[str]:
    return [row[COLUMNS.index(name)] for row in rows]


def candidates(rows: list[Row]) -> set[tuple[str, str]]:
    """Program and id of each candidate."""
    cells = zip(column(rows, "program"), column(rows, "asn_candidate"), strict=True)
    return {(program, identifier) for program, cell in cells for identifier, _ in parse_cell(cell)}


def test_it_is_one_program_of_all_exposures_with_names_of_their_own() -> None:
    assert len(set(column(ROWS, "program"))) >= 8
    assert set(column(UNITED, "program")) == {column(ROWS, "program")[0]}
    assert column(UNITED, "filename") == column(ROWS, "filename")
    assert len(set(column(UNITED, "filename"))) == len(ROWS)


def test_it_has_as_many_candidates_and_observations_and_targets_as_the_programs_together() -> None:
    assert len(candidates(UNITED)) == len(candidates(ROWS))
    for name in ("obs_num", "targetid"):
        before = Counter(zip(column(ROWS, "program"), column(ROWS, name), strict=True))
        after = Counter(column(UNITED, name))
        after_given = [after[value] for value in after if value != "NULL"]
        assert sorted(after_given) == sorted(count for (_, value), count in before.items() if value != "NULL")


def test_ids_of_observations_name_the_observation_with_four_digits() -> None:
    for number, cell in zip(column(UNITED, "obs_num"), column(UNITED, "asn_candidate"), strict=True):
        assert re.findall(r"'(o\d+)'", cell) == [f"o{int(number):04d}"]


def test_groups_of_candidates_are_those_of_the_programs() -> None:
    """Numbering on changes no group: candidates have the same exposures as before."""

    def groups(rows: list[Row]) -> set[frozenset[str]]:
        found: dict[tuple[str, str], set[str]] = {}
        cells = zip(*(column(rows, name) for name in ("program", "asn_candidate", "filename")), strict=True)
        for program, cell, file in cells:
            for identifier, _ in parse_cell(cell):
                found.setdefault((program, identifier), set()).add(file)
        return {frozenset(files) for files in found.values()}

    assert groups(UNITED) == groups(ROWS)


def test_the_program_with_a_parallel_is_as_large_as_the_one_reported() -> None:
    rows = list(prime_with_parallel())
    assert len(rows) == len(set(column(rows, "filename"))) == 1248
    assert Counter(column(rows, "obs_num"))["1"] == 1200
    assert {identifier for _, identifier in candidates(rows)} >= set(PARALLEL_CANDIDATES)
    detectors = Counter(zip(column(rows, "instrume"), column(rows, "detector"), strict=True))
    assert len([detector for instrument, detector in detectors if instrument == "NIRCAM"]) == 10
    assert detectors["MIRI", "MIRIMAGE"] == 208


def test_the_program_with_a_parallel_makes_an_association_for_each_exposure_of_its_candidates() -> None:
    pool = Pool.from_rows(dict(zip(COLUMNS, row, strict=True)) for row in prime_with_parallel())
    made = generate(pool, candidates=PARALLEL_CANDIDATES).associations
    assert Counter(association.asn_rule for association in made) == {
        "Asn_Lv2Image": 1200, "Asn_Lv3Image": 4, "Asn_Lv3ImageMosaic": 4,
    }  # fmt: skip
