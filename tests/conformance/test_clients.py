"""The files that `asnsolve generate` writes are read by what reads association files in the reference.

These are `load_asn`, the loaders of the Level 2 and Level 3 pipelines, the schemas, and the comparison of files.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance import canonical, simulated
from tests.conformance.canonical import LEVELS, differences, ours
from tests.conformance.interpreter import Reference

pytestmark = pytest.mark.reference

POOLS = [*simulated.WITH_OPTIONS]


def test_what_is_read_is_what_was_written(
    reference: Reference, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    written = []
    for number, (pool, options) in enumerate((pool, options) for pool in POOLS for options in ("", "--merge")):
        folder = tmp_path / str(number)
        folder.mkdir()
        files = canonical.write(pool.text(), folder, options)
        written += [file.rename(tmp_path / f"{number}-{file.name}") for file in files]
    expected = ours(json.loads(file.read_text(encoding="utf-8")) for file in written)
    assert {entry.level for entry in expected} == {*LEVELS}
    found = reference.read(tmp_path)
    assert {*found} == {"load_asn", "ModelContainer", "ModelLibrary", "Pipeline"}
    for reader, entries in found.items():
        report = differences(entries, expected)
        assert not report, f"{reader}:\n{report}"
    record_property("compared: files read by the reference", len(written))


def test_its_comparison_sees_what_is_equal(reference: Reference, tmp_path: Path) -> None:
    """Our files equal its own; with one member changed they do not."""
    text = simulated.SimulatedPool("image_dithers", 1).text()
    mine, its = tmp_path / "ours", tmp_path / "theirs"
    reference.write(text, its)
    mine.mkdir()
    files = canonical.write(text, mine)
    assert len(files) == len([*its.glob("*_asn.json")]) > 0
    pairs = [(mine, its)]
    for file in (files[0], files[-1]):  # of either level
        changed = tmp_path / f"changed-{file.stem}"
        changed.mkdir()
        for each in files:
            (changed / each.name).write_text(each.read_text(encoding="utf-8"), encoding="utf-8")
        association = json.loads(file.read_text(encoding="utf-8"))
        association["products"][0]["members"][0]["expname"] = "jw99999001001_02101_00001_mirimage_rate.fits"
        (changed / file.name).write_text(json.dumps(association), encoding="utf-8")
        pairs += [(changed, its)]
    equal, *changes = reference.compare(*pairs)
    assert equal == []
    assert all(changes)
