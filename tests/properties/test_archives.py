"""Archives give back what they were given. Each docstring states its invariant in one sentence."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rules import MISSION
from solver import Pool, generate, load
from solver.associations import exposure_name
from solver.associations.association import Association, Member, Product
from solver.batch.parts import Job, Part, solve_part
from solver.batch.summary import Summary
from solver.errors import ArchiveError
from solver.progress import Reporter
from solver.solving.generation import Request
from solver.solving.shards import cut_into_shards
from solver.storage.archive import ENDINGS, Archive, kind_of
from tests.properties.strategies import Row
from tests.properties.test_shards import programs

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_MAYBE = st.none() | _TEXT
_MEMBERS = st.lists(st.builds(Member, _TEXT, _TEXT, _MAYBE, _MAYBE), max_size=4).map(tuple)
_PRODUCTS = st.lists(st.builds(Product, _TEXT, _MEMBERS), min_size=1, max_size=3, unique_by=lambda each: each.name)
ASSOCIATIONS = st.builds(
    Association,
    **dict.fromkeys(
        (
            "asn_type", "asn_rule", "code_version", "degraded_status", "program", "constraints", "asn_id", "target",
            "asn_pool",
        ),
        _TEXT,
    ),
    version_id=st.none() | st.text("v1.-", min_size=1),
    products=_PRODUCTS.filter(lambda products: all(each.members for each in products)).map(tuple),
)  # fmt: skip


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(tempfile.mkdtemp())


@pytest.mark.parametrize("ending", ENDINGS)
@given(pieces=st.lists(st.lists(ASSOCIATIONS, max_size=4), max_size=3))
def test_whatever_the_texts_are_the_files_come_back(ending: str, folder: Path, pieces: list[list[Association]]) -> None:
    """An archive has the same associations, in the same order, as were added, to the byte of their files."""
    with Archive(folder / f"all{ending}") as archive:
        for piece in pieces:
            archive.add(piece)
        archive.put()
    added = [association.to_json() for piece in pieces for association in piece]
    assert [association.to_json() for association in load(folder / f"all{ending}")] == added


@pytest.mark.parametrize("ending", [".jsonl.gz", ".jsonl.zst"])
@given(data=st.data())
def test_a_damaged_archive_is_refused_or_does_not_matter(ending: str, folder: Path, data: st.DataObject) -> None:
    """Of packed lines with a wrong byte either all associations come back, or an error."""
    path = folder / f"damaged{ending}"
    made = data.draw(st.lists(ASSOCIATIONS, min_size=1, max_size=3))
    with Archive(path, overwrite=True) as archive:
        archive.add(made)
        archive.put()
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    try:
        found = load(path)
    except ArchiveError:
        return
    assert [association.to_json() for association in found] == [association.to_json() for association in made]


@given(rows=programs(), ending=st.sampled_from(ENDINGS), size=st.integers(1, 40))
def test_what_is_made_of_the_parts_is_made_of_the_whole(folder: Path, rows: list[Row], ending: str, size: int) -> None:
    """Pieces and summaries of the parts of a pool add up to the associations and the summary of the pool."""
    pool = Pool.from_rows(rows)
    # the mission's names have the program in them; products that two programs call alike collide in the whole only
    names = list(map(exposure_name, pool.file_names))
    assume(len({*names}) == len({*zip(names, pool["program"], strict=True)}))
    path = folder / f"parts{ending}"
    job = Job(MISSION, Request(), files=True, archive=kind_of(path))
    whole = generate(pool, MISSION)
    summary = Summary()
    files: dict[str, str] = {}
    with Archive(path, overwrite=True) as archive:
        for shard in cut_into_shards(pool, size):
            outcome = solve_part(job, pool.select(shard), Reporter())
            assert isinstance(outcome, Part)
            assert outcome.piece is not None
            archive.append(outcome.piece)
            summary.add(outcome.summary)
            files |= outcome.files
        archive.put()
    assert load(path) == whole.associations
    assert files == {each.file_name: each.to_json() for each in whole.associations}
    assert list(files) == [each.file_name for each in whole.associations]
    assert list(summary.reasons.items()) == list(whole.reasons.items())
    at_once = solve_part(job, pool, Reporter())
    assert isinstance(at_once, Part)
    assert replace(summary, hints=[]) == replace(at_once.summary, hints=[])
