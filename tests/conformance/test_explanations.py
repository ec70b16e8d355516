"""The explanations run, and say what the run says, on the pools packaged with the reference and the reduced ones."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from solver import Pool, explain, explain_association, explain_orphans, explain_pair, generate
from tests.conformance.interpreter import Reference
from tests.conformance.packaged import POOLS, renamed

CASES = sorted((Path(__file__).parent / "cases").glob("*.csv"))

#: So many exposures and associations of a pool are explained, spread over all of it; the properties explain more.
SAMPLE = 2


def assert_explained(pool: Pool) -> None:
    """Exposures, pairs, associations and orphans are told as the run has them."""
    result = generate(pool)
    step = max(1, len(pool) // SAMPLE)
    files = pool.file_names[::step]
    for file, other in zip(files, (*files[1:], None), strict=True):
        row = pool.file_names.index(file)
        told = explain(pool, file)
        assert {each.association for each in told.memberships} == {
            each.file_name for each in result.associations if row in each.rows
        }
        assert str(told)
        if other is not None:
            both = {row, pool.file_names.index(other)}
            together = {each.association for each in explain_pair(pool, file, other).memberships}
            assert together == {each.file_name for each in result.associations if both <= each.rows}
    for association in result.associations[:: max(1, len(result.associations) // SAMPLE)]:
        members = explain_association(pool, association.file_name).memberships
        assert [each.file for each in members] == [each.expname for each in association.products[0].members]
    listed = [file for group in explain_orphans(pool).groups for file in group.exposures]
    orphans = len(result.orphans)
    assert {*listed} >= {*result.orphans.file_names}
    assert len(listed) == orphans + sum(each - orphans for each in result.absent(len(pool), (2, 3)).values())


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
@pytest.mark.sampled(4)
def test_reduced_pools(path: Path) -> None:
    assert_explained(Pool.read(path))


@pytest.mark.reference
@pytest.mark.parametrize("name", POOLS)
def test_packaged_pools(name: str, reference: Reference) -> None:
    assert_explained(Pool.read(io.StringIO(renamed(reference.packaged()[name]))))
