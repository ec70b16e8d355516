"""Pools of exposures are pools to the reference, too, and its own FITS files make some."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.simulated_files import rows_of, write
from solver import generate
from solver.headers.ingestion import ingest
from tests.conformance.canonical import differences, make
from tests.conformance.interpreter import Reference

pytestmark = pytest.mark.reference

#: folder of its files, and how many exposures and associations of either level there are; one has PSF references alone
FOLDERS = [("exposures", 3, 4, 0), ("exposures_nopsf", 18, 18, 3)]


@pytest.mark.parametrize(("name", "exposures", "level2", "level3"), FOLDERS)
def test_its_own_files_make_associations(
    name: str, exposures: int, level2: int, level3: int, reference: Reference
) -> None:
    library = Path(reference.python).parents[1] / "lib"
    (folder,) = library.glob(f"python*/site-packages/jwst/associations/tests/data/{name}")
    made = ingest([folder])
    assert len(made.pool) == exposures
    assert not made.skipped
    types = [association.asn_type for association in generate(made.pool).associations]
    assert [sum(kind.endswith(level) for kind in types) for level in "23"] == [level2, level3]


@pytest.mark.parametrize("mode", ["mrs", "coron_miri", "image_dithers"])
def test_it_makes_of_our_pool_what_we_make(mode: str, reference: Reference, tmp_path: Path) -> None:
    text = ingest(write(tmp_path, rows_of(mode))).text
    report = differences(make(text), reference.run(text))
    assert not report, report
