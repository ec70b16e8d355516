"""Associations from files are those from the pool that the files came from."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.simulated_files import UNTOLD, Row, rows_of, write
from benchmarks.simulator import MODES
from solver import Pool, compare, generate
from solver.associations.comparison import Comparison
from solver.headers.files import PRODUCTS
from solver.headers.ingestion import Ingested, ingest
from solver.pools import Statements
from solver.pools.candidates import parse_cell

SEEDS = (1, 2, 7) if "ASNSOLVE_THOROUGH" in os.environ else (1, 7)

#: Columns without keyword that are derived as the archive has them.
DERIVED = ("asn_candidate", "dithptin", "expspcin", "mostilno", "pntgtype", "targetid")


def candidates_of(rows: Sequence[Row]) -> Statements:
    """The candidates above the observation that a pool has, as a person would state them."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        for identifier, kind in parse_cell(row["asn_candidate"]):
            if identifier.startswith("c"):
                found[identifier, kind].add(f"o{row['obs_num']:0>3}")
    return Statements.of(
        candidate=[f"{each}={kind}:{','.join(sorted(which))}" for (each, kind), which in found.items()]
    )


def compared(rows: Sequence[Row], made: Ingested) -> Comparison:
    """The associations of a pool, and those of its files."""
    return compare(generate(Pool.from_rows(rows)).associations, generate(made.pool).associations)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.sampled(2)
def test_files_and_pool_give_the_same_associations(mode: str, seed: int, tmp_path: Path) -> None:
    """With the proposal's candidates named, both levels are the same, or what differs is what a note is about."""
    rows = rows_of(mode, seed)
    made = ingest(write(tmp_path, rows), candidates_of(rows))
    found = compared(rows, made)
    noted = [row for row in rows if row["dms_note"] != "NULL"]
    # no keyword has EXPOSERR, as a note says
    different = [each for each in found.different if {key for _, _, key, *_ in each.keys} != {"exposerr"}]
    if not noted:
        assert (different, found.only_first, found.only_second) == ([], (), ())
    else:
        (note,) = [each for each in made.notes if each.columns == ("dms_note",)]
        assert note.effect == "wavefront sensing exposures with jitter data are not left out"
        assert not different
        assert not found.only_first
        assert {name.split("_")[1] for *_, name in found.only_second if "-o" not in name} == {
            row["filename"].split("_")[1] for row in noted
        }


@pytest.mark.parametrize("mode", MODES)
def test_candidates_that_nobody_names_are_all_that_is_missing(mode: str, tmp_path: Path) -> None:
    """Without the proposal's candidates, what they alone make is missing, and the note says that."""
    rows = rows_of(mode)
    made = ingest(write(tmp_path, rows))
    found = compared(rows, made)
    (note,) = [each for each in made.notes if each.columns == ("asn_candidate",)]
    assert note.effect.endswith("the proposal's groups, mosaics and background links are unknown")
    above = {identifier for _, identifier, _, _ in found.only_first}
    above |= {each.candidates[0] for each in found.different if each.candidates}
    assert above <= {each.what for each in candidates_of(rows)}
    assert bool(above) == any(
        association.asn_id.startswith("c") for association in generate(Pool.from_rows(rows)).associations
    )


@pytest.mark.parametrize("mode", MODES)
def test_what_is_derived_is_what_the_archive_has(mode: str, tmp_path: Path) -> None:
    """Derived columns have the values of the pool, in every row."""
    rows = rows_of(mode)
    made = ingest(write(tmp_path, rows), candidates_of(rows)).pool
    pool = Pool.from_rows(rows)
    assert made.file_names == pool.file_names
    for column in DERIVED:
        assert column in UNTOLD
        assert list(map(made[column].__getitem__, range(len(pool)))) == [pool[column][row] for row in range(len(pool))]


FEW = rows_of("image_mosaic")


@given(st.data())
def test_whatever_products_are_there_the_pool_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Any of the products of each exposure, in any order, give the pool that the uncalibrated files give."""
    folder = tmp_path_factory.mktemp("products")
    paths: list[Path] = []
    for row in FEW:
        paths += write(folder, [row], data.draw(st.lists(st.sampled_from(PRODUCTS), min_size=1, unique=True)))
    expected = ingest(write(folder / "uncal", FEW)).text
    assert ingest(data.draw(st.permutations(paths))).text == expected
