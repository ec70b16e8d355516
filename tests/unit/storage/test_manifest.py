"""The manifest and its journal: what is known of runs, wherever a process that wrote there was ended."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from solver.errors import BusyError, OutputError
from solver.storage import manifest
from solver.storage.manifest import JOURNAL, MANIFEST, Manifest, Run, incomplete, runs_in

BEFORE = Run("a.csv", "", complete=True, files={"a.json": ("1",), "stale.json": ("2",)})
BEGUN = incomplete(BEFORE, {"a.json": ("3",), "new.json": ("4",)})
DONE = Run("a.csv", "", complete=True, files={"a.json": ("3",), "new.json": ("4",)})


def lines(*runs: Run) -> bytes:
    return b"".join(json.dumps(asdict(run)).encode() + b"\n" for run in runs)


def test_a_run_that_begins_may_have_the_old_and_the_new_files() -> None:
    assert BEGUN.files == {"a.json": ("1", "3"), "stale.json": ("2",), "new.json": ("4",)}
    assert not BEGUN.complete


def test_wherever_the_journal_is_cut_off_its_whole_lines_count_and_writing_goes_on(tmp_path: Path) -> None:
    with closing(Manifest(tmp_path)) as opened:
        opened.note([BEFORE])
    journal = lines(BEGUN, DONE)
    for cut in range(len(journal) + 1):
        expected = [BEFORE, BEGUN, DONE][journal[:cut].count(b"\n")]
        (tmp_path / JOURNAL).write_bytes(journal[:cut])
        assert runs_in(tmp_path) == [expected]
        (tmp_path / JOURNAL).write_bytes(journal[:cut])
        with closing(Manifest(tmp_path)) as opened:
            assert opened.run("a.csv", "") == expected
            opened.note([BEFORE])
        assert sorted(path.name for path in tmp_path.iterdir()) == [MANIFEST]
        assert runs_in(tmp_path) == [BEFORE]


def test_a_journal_that_was_moved_to_the_manifest_and_not_yet_removed_changes_nothing(tmp_path: Path) -> None:
    with closing(Manifest(tmp_path)) as opened:
        opened.note([BEFORE, DONE])
    (tmp_path / JOURNAL).write_bytes(lines(BEFORE, DONE))
    assert runs_in(tmp_path) == [DONE]


def test_who_comes_second_waits_and_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "PATIENCE", 0.05)
    with closing(Manifest(tmp_path)):
        with pytest.raises(BusyError) as caught:
            Manifest(tmp_path)
        assert str(caught.value) == (
            f"{tmp_path}: another run is writing there; wait until it ends, or choose another folder"
        )
    Manifest(tmp_path).close()
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_restored_is_as_it_was_and_an_unknown_one_unknown(tmp_path: Path) -> None:
    other = Run("b.csv", "")
    with closing(Manifest(tmp_path)) as opened:
        opened.note([BEFORE])
    with closing(Manifest(tmp_path)) as opened:
        opened.note([BEGUN, other])
        assert opened.is_others("a.json", other)
        opened.restore([BEFORE, other])
        assert not opened.is_others("new.json", other)
    assert runs_in(tmp_path) == [BEFORE]


def test_a_journal_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_text("nonsense\n")
    with pytest.raises(OutputError, match=f"{JOURNAL} is not a manifest of results"):
        runs_in(tmp_path)
