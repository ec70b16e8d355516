"""On the pools packaged with the reference, we make what it makes; `packaged.py` lists them."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable

import pytest

from solver import Pool, PoolError
from tests.conformance.canonical import LEVELS, MODES, assert_gives, of_level
from tests.conformance.differences import excused
from tests.conformance.interpreter import Reference
from tests.conformance.packaged import POOLS, RUNS, WITH_DUPLICATES, WITHOUT_CANDIDATES, file_names, renamed

pytestmark = pytest.mark.reference


def test_no_packaged_pool_is_left_out(reference: Reference) -> None:
    assert {*reference.packaged()} == {*POOLS, WITHOUT_CANDIDATES}


@pytest.mark.parametrize(("name", "options"), RUNS)
def test_equal(name: str, options: str, reference: Reference, record_property: Callable[[str, object], None]) -> None:
    text = renamed(reference.packaged()[name])
    expected = reference.run(text, options)
    counts = tuple(len(of_level(expected, level)) for level in LEVELS)
    if not options:
        assert counts == POOLS[name], "the reference is another one"
    assert_gives(text, excused(name, options, expected), options)
    kind = options if options in MODES else "other options"
    for level, count in zip(LEVELS, counts, strict=True):
        record_property(f"compared: Level {level} of packaged pools, {kind or 'default'}", count)


def test_a_pool_without_candidates_is_refused(reference: Reference) -> None:
    text = reference.packaged()[WITHOUT_CANDIDATES]
    with pytest.raises(PoolError, match=r"required column is missing: ASN_CANDIDATE"):
        Pool.read(io.StringIO(text))
    with pytest.raises(RuntimeError, match="asn_candidate"):
        reference.run(text)


def test_duplicate_file_names_are_refused(reference: Reference) -> None:
    text = reference.packaged()[WITH_DUPLICATES]
    repeated = [name for name, count in Counter(file_names(text)).items() if count > 1]
    assert len(repeated) == 3
    with pytest.raises(PoolError) as refused:
        Pool.read(io.StringIO(text))
    assert all(name in str(refused.value) for name in repeated)
